"""asyncio on Qt's event loop: one loop, one thread, for the window and for everything that waits.

qasync lends the ground (asyncio's selector loop, or on Windows its proactor with a poller); what is here replaces the
parts of its version 0.28 that would hurt a program that runs all day:

- A cancelled timer stayed a Qt timer until its time, two of 30 s for each HTTP call. Here there is one Qt timer, for the
  earliest of asyncio's own heap, and none when the heap is empty.
- Each `call_soon` was a Qt timer of its own (18 µs a hop) and had no order of importance. Here what is ready is a queue,
  run in slices below a frame's time, each slice a Qt event of low priority: keys and painting come first.
- A nested Qt loop inside a coroutine lost the wake-ups of other tasks for ever. Here nothing runs while a callback is
  unfinished, and all of it afterwards. (A nested loop is still wrong: guard.py makes it fail in tests.)
- SystemExit and KeyboardInterrupt ended in Qt's hands. Here they leave `run_forever`, as asyncio promises; and Ctrl+C
  wakes the loop.
- Asynchronous generators were not closed, `call_soon_threadsafe` after the end was swallowed, errors did not pass through
  asyncio's handlers, and ten threads started with the first file name looked up. Here these are asyncio's own.
- Its Qt objects had no parent, so the garbage collector of any thread could destroy them. Here they belong to the
  application and are deleted by `close`.
"""

import asyncio
import contextlib
import heapq
import os
import signal
import sys
import threading
from asyncio import events
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextvars import Context
from time import perf_counter
from types import TracebackType
from typing import Any, Final, Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QSocketNotifier

from zendera_desk.gui.pulse import Pulse, Watch

os.environ.pop("QT_API", None)  # qasync would obey it; with PySide6 imported and nothing said, it takes PySide6
import qasync

T = TypeVar("T")


class _HasFileno(Protocol):
    def fileno(self) -> int: ...


Descriptor = int | _HasFileno

SLICE: Final = 0.006
"""Seconds that ready callbacks may run before Qt gets its turn: with painting it stays under a frame of 60 Hz."""

_FEW_CANCELLED: Final = 64


def run(app: QCoreApplication, main: Coroutine[Any, Any, T]) -> T:
    """Runs the program on Qt's loop until `main` is done; then ends every task, closes the loop, and returns its result."""
    set_quit = getattr(app, "setQuitOnLastWindowClosed", None)
    if set_quit is not None:
        set_quit(False)  # else closing the last dialog would end the loop under `main`
    with asyncio.Runner(loop_factory=lambda: DeskLoop(app)) as runner:
        return runner.run(main)


class DeskLoop(qasync.QEventLoop):  # type: ignore[misc]  # qasync has no types
    # What qasync replaced without need, back from asyncio.
    is_running = asyncio.BaseEventLoop.is_running
    run_in_executor = asyncio.BaseEventLoop.run_in_executor
    set_default_executor = asyncio.BaseEventLoop.set_default_executor
    set_exception_handler = asyncio.BaseEventLoop.set_exception_handler
    default_exception_handler = asyncio.BaseEventLoop.default_exception_handler
    get_debug = asyncio.BaseEventLoop.get_debug
    set_debug = asyncio.BaseEventLoop.set_debug

    # asyncio's own, which this class works with.
    _scheduled: list[asyncio.TimerHandle]
    _timer_cancelled_count: int
    _thread_id: int | None

    def __init__(self, app: QCoreApplication) -> None:
        self._qt = app
        self._gate = threading.Lock()
        self._readers: dict[int, Watch] = {}
        self._writers: dict[int, Watch] = {}
        self._interruption: BaseException | None = None
        self._pulse = Pulse(app, self._turn)
        super().__init__(app)
        self._timer.setParent(app)
        self._QEventLoop__call_soon_signaller.setParent(app)

    # Callbacks

    def call_soon(self, callback: Callable[..., object], *args: object, context: Context | None = None) -> asyncio.Handle:
        self._check_closed()
        if self._debug:
            self._check_thread()
            self._check_callback(callback, "call_soon")
        handle = asyncio.Handle(callback, args, self, context)
        self._add_callback(handle)
        return handle

    def call_soon_threadsafe(self, callback: Callable[..., object], *args: object, context: Context | None = None) -> asyncio.Handle:
        with self._gate:  # close() must not delete the pulse between the check and its use
            self._check_closed()
            handle = asyncio.Handle(callback, args, self, context)
            self._ready.append(handle)
            self._pulse.post()
        return handle

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(self, when: float, callback: Callable[..., object], *args: object, context: Context | None = None) -> asyncio.TimerHandle:
        self._check_closed()
        if self._debug:
            self._check_thread()
            self._check_callback(callback, "call_at")
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._scheduled, handle)
        handle._scheduled = True  # type: ignore[attr-defined]  # noqa: SLF001 (asyncio's own mark: cancel() tells the loop)
        if self._scheduled[0] is handle:
            self._pulse.sleep(when - self.time())
        return handle

    def _add_callback(self, handle: asyncio.Handle) -> None:
        """Also where asyncio's signal handling arrives."""
        self._ready.append(handle)
        self._pulse.once()

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Called by asyncio just before it marks the handle. One further down the heap waits until there are many of them."""
        if not handle._scheduled:  # type: ignore[attr-defined]  # noqa: SLF001 (as in call_at)
            return
        if self._scheduled[0] is handle:
            self._pop_timer()
            self._sleep_until_next()
            return
        self._timer_cancelled_count += 1
        if self._timer_cancelled_count > max(_FEW_CANCELLED, len(self._scheduled) // 2):
            self._scheduled = [each for each in self._scheduled if each is not handle and not each.cancelled()]
            heapq.heapify(self._scheduled)
            self._timer_cancelled_count = 0

    def _sleep_until_next(self) -> None:
        while self._scheduled and self._scheduled[0].cancelled():
            self._pop_timer()
        if self._scheduled:
            self._pulse.sleep(self._scheduled[0].when() - self.time())
        else:
            self._pulse.sleep(None)

    def _pop_timer(self) -> asyncio.TimerHandle:
        handle: asyncio.TimerHandle = heapq.heappop(self._scheduled)
        handle._scheduled = False  # type: ignore[attr-defined]  # noqa: SLF001 (as in call_at)
        if handle.cancelled():
            self._timer_cancelled_count -= 1
        return handle

    # The turn

    def _turn(self, due: bool) -> None:
        """Runs what is ready, for a slice at most. `due`: the timer woke us."""
        if not self.is_running():
            return  # Qt events are handled outside of run_forever: it will look again
        if due:
            self._take_due()
        end = perf_counter() + SLICE
        # What becomes ready meanwhile waits for the next turn, so that `await asyncio.sleep(0)` does let the window paint.
        for _ in range(len(self._ready)):
            handle = self._ready.popleft()
            if not handle.cancelled():
                self._do(handle)
            if perf_counter() > end or self._interruption is not None:
                break
        if self._ready:
            self._pulse.once()

    def _take_due(self) -> None:
        soon = self.time() + self._clock_resolution
        while self._scheduled and (self._scheduled[0].cancelled() or self._scheduled[0].when() <= soon):
            handle = self._pop_timer()
            if not handle.cancelled():
                self._ready.append(handle)
        self._sleep_until_next()

    def _do(self, handle: asyncio.Handle) -> None:
        """Runs it. What asyncio lets out of a handle (SystemExit, KeyboardInterrupt) leaves through run_forever."""
        try:
            handle._run()  # noqa: SLF001 (asyncio's own way to call it; catches and reports what is an Exception)
        except BaseException as interruption:  # noqa: BLE001 (Qt would print it and go on, or end the process on the spot)
            self._interrupt(interruption)

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if "handle" in context and error is not None and not isinstance(error, Exception | asyncio.CancelledError):
            # Raised by a signal's handler, in whatever callback was running then: it was meant for the whole program.
            self._interrupt(error)
        else:
            asyncio.BaseEventLoop.call_exception_handler(self, context)

    def _interrupt(self, interruption: BaseException) -> None:
        self._interruption = interruption
        self._qt.exit()

    # Running

    def run_forever(self) -> None:
        self._check_closed()
        self._check_running()
        if self._stopping:
            self.call_soon(self._qt.exit)
        with self._in_force():
            self._before_run_forever()
            self._pulse.once()
            self._sleep_until_next()
            try:
                self._qt.exec()
            finally:
                self._after_run_forever()
        interruption, self._interruption = self._interruption, None
        if interruption is not None:
            raise interruption

    @contextlib.contextmanager
    def _in_force(self) -> Iterator[None]:
        hooks = sys.get_asyncgen_hooks()
        self._thread_id = threading.get_ident()
        self._set_coroutine_origin_tracking(self._debug)
        sys.set_asyncgen_hooks(firstiter=self._asyncgen_firstiter_hook, finalizer=self._asyncgen_finalizer_hook)
        events._set_running_loop(self)  # noqa: SLF001 (what a loop is for: asyncio offers no other name)
        try:
            with self._woken_by_signals(), self._leaving_by_hook():
                yield
        finally:
            self._stopping = False
            self._thread_id = None
            events._set_running_loop(None)  # noqa: SLF001 (as above)
            self._set_coroutine_origin_tracking(False)
            sys.set_asyncgen_hooks(*hooks)

    @contextlib.contextmanager
    def _woken_by_signals(self) -> Iterator[None]:
        """Python's signal handlers run between two steps of Python. While Qt waits there are none: a byte in the pipe makes one."""
        if threading.current_thread() is not threading.main_thread() or sys.platform == "win32":
            yield
            return
        before = signal.set_wakeup_fd(self._csock.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)

    @contextlib.contextmanager
    def _leaving_by_hook(self) -> Iterator[None]:
        """An interruption that a signal's handler raises between Qt and our code ends in Qt's hands, and Qt gives it to this hook."""
        before = sys.excepthook

        def heard(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            if issubclass(kind, Exception):
                before(kind, error, trace)
            else:
                self._interrupt(error)

        sys.excepthook = heard
        try:
            yield
        finally:
            if sys.excepthook is heard:
                sys.excepthook = before

    def run_until_complete(self, future: Awaitable[T]) -> T:
        self._check_closed()
        self._check_running()
        made_here = not asyncio.isfuture(future)
        task: asyncio.Future[T] = asyncio.ensure_future(future, loop=self)
        if made_here:
            # As asyncio does it: the error below says it better.
            task._log_destroy_pending = False  # type: ignore[attr-defined]  # noqa: SLF001 (asyncio's own mark)
        task.add_done_callback(self._stop_for)
        try:
            self.run_forever()
        except BaseException:
            if made_here and task.done() and not task.cancelled():
                task.exception()  # it is on its way already: not to be reported a second time
            raise
        finally:
            task.remove_done_callback(self._stop_for)
        if not task.done():
            raise RuntimeError("Event loop stopped before Future completed.")
        return task.result()

    def _stop_for(self, task: asyncio.Future[Any]) -> None:
        if task.cancelled() or not isinstance(task.exception(), SystemExit | KeyboardInterrupt):
            self.stop()  # else the loop has been left already, and this would end the next run

    def stop(self) -> None:
        self._stopping = True
        if self.is_running():
            self._qt.exit()

    def close(self) -> None:
        if self.is_running():
            raise RuntimeError("Cannot close a running event loop")
        with self._gate:
            if self.is_closed():
                return
            for watches in (self._readers, self._writers):
                while watches:
                    shiboken6.delete(watches.popitem()[1])  # at once: nobody may be left to do it later
            super().close()
            for thing in (self._pulse, self._timer, self._QEventLoop__call_soon_signaller):
                shiboken6.delete(thing)

    # Sockets

    def _add_reader(self, fd: Descriptor, callback: Callable[..., object], *args: object) -> asyncio.Handle:
        return self._watch(self._readers, QSocketNotifier.Type.Read, fd, asyncio.Handle(callback, args, self, None))

    def _add_writer(self, fd: Descriptor, callback: Callable[..., object], *args: object) -> asyncio.Handle:
        return self._watch(self._writers, QSocketNotifier.Type.Write, fd, asyncio.Handle(callback, args, self, None))

    def _remove_reader(self, fd: Descriptor) -> bool:
        return _unwatch(self._readers, fd)

    def _remove_writer(self, fd: Descriptor) -> bool:
        return _unwatch(self._writers, fd)

    def _watch(self, watches: dict[int, Watch], kind: QSocketNotifier.Type, fd: Descriptor, handle: asyncio.Handle) -> asyncio.Handle:
        self._check_closed()
        number = fd if isinstance(fd, int) else int(fd.fileno())
        watch = watches.get(number)
        if watch is None:
            watches[number] = Watch(number, kind, self._qt, self._do, handle)
        else:
            watch.handle.cancel()
            watch.handle = handle
        return handle


def _unwatch(watches: dict[int, Watch], fd: Descriptor) -> bool:
    watch = watches.pop(fd if isinstance(fd, int) else int(fd.fileno()), None)
    if watch is None:
        return False
    watch.end()
    return True
