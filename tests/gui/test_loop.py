"""The loop that carries everything: asyncio's promises, kept on Qt's event loop."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable

import pytest
from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from zendera_desk.gui import loop as loop_module
from zendera_desk.gui import pulse
from zendera_desk.gui.loop import SLICE, DeskLoop, run


def _loop() -> DeskLoop:
    found = asyncio.get_running_loop()
    assert isinstance(found, DeskLoop)
    return found


def _qt_timers(loop: DeskLoop) -> int:
    dispatcher = QAbstractEventDispatcher.instance()
    assert dispatcher is not None
    return len(dispatcher.registeredTimers(loop._pulse))


async def test_thousands_of_hops_pass_in_order() -> None:
    seen: list[tuple[int, int]] = []

    async def walk(walker: int) -> None:
        for step in range(2_000):
            seen.append((step, walker))
            await asyncio.sleep(0)

    await asyncio.gather(*(walk(walker) for walker in range(3)))
    assert seen == sorted(seen)
    assert len(seen) == 6_000


async def test_cancelled_timers_leave_no_qt_timer() -> None:
    loop = _loop()
    handles = [loop.call_later(30 + number, lambda: None) for number in range(1_000)]
    assert _qt_timers(loop) == 1
    for handle in handles:
        handle.cancel()
    assert _qt_timers(loop) == 0
    assert len(loop._scheduled) <= loop_module._FEW_CANCELLED + 1


async def test_a_timeout_that_was_not_needed_leaves_nothing() -> None:
    for _ in range(50):
        async with asyncio.timeout(30):
            await asyncio.sleep(0)
    assert _qt_timers(_loop()) == 0


async def test_timers_come_in_order_and_never_early() -> None:
    loop, seen = _loop(), []
    done = loop.create_future()
    began = loop.time()
    for delay in (0.03, 0.001, 0.02, 0.0, 0.01):
        loop.call_later(delay, lambda delay=delay: seen.append((delay, loop.time() - began)))
    loop.call_later(0.04, done.set_result, None)
    await done
    assert [delay for delay, _ in seen] == [0.0, 0.001, 0.01, 0.02, 0.03]
    assert all(passed >= delay - loop._clock_resolution for delay, passed in seen)


async def test_cancelling_the_next_timer_keeps_the_one_after_it() -> None:
    loop = _loop()
    done = loop.create_future()
    loop.call_later(0.02, done.set_result, "later")
    loop.call_later(0.01, done.set_result, "sooner").cancel()
    assert await done == "later"


async def test_a_timer_far_away_fits_into_qts_milliseconds() -> None:
    handle = _loop().call_later(10_000_000, lambda: None)
    assert _qt_timers(_loop()) == 1
    handle.cancel()


async def test_qt_gets_its_turn_while_coroutines_are_busy() -> None:
    ticks = 0

    def tick() -> None:
        nonlocal ticks
        ticks += 1

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(0)
    for _ in range(200):
        await asyncio.sleep(0)
    timer.stop()
    assert ticks >= 100


async def test_a_burst_of_callbacks_is_run_in_slices() -> None:
    loop = _loop()
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        gaps.append(time.perf_counter() - last)
        last = time.perf_counter()

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(0)
    left = 60
    done = loop.create_future()

    def work() -> None:
        nonlocal left
        time.sleep(0.001)  # work, not waiting: it stands for a callback that takes its time
        left -= 1
        if not left:
            done.set_result(None)

    for _ in range(left):
        loop.call_soon(work)
    await done
    timer.stop()
    assert len(gaps) >= 0.06 / SLICE / 2, "Qt was not let in between"


async def test_calls_from_threads_arrive_all_and_in_their_order() -> None:
    loop = _loop()
    seen: dict[int, list[int]] = {0: [], 1: [], 2: []}
    done = asyncio.Event()

    def call(thread: int) -> None:
        for number in range(500):
            loop.call_soon_threadsafe(seen[thread].append, number)

    threads = [threading.Thread(target=call, args=(number,)) for number in seen]
    for thread in threads:
        thread.start()
    await asyncio.gather(*(asyncio.to_thread(thread.join) for thread in threads))
    loop.call_soon_threadsafe(done.set)
    await done.wait()
    assert all(numbers == list(range(500)) for numbers in seen.values())


async def test_a_thread_returns_its_result_and_its_error() -> None:
    def fail() -> None:
        raise OSError("no")

    assert await asyncio.to_thread(lambda: threading.current_thread() is threading.main_thread()) is False
    with pytest.raises(OSError, match="no"):
        await asyncio.to_thread(fail)


async def test_a_server_and_its_client_talk(app: QApplication) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.read(-1))[::-1])
        writer.write_eof()
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]

        async def ask(text: bytes) -> bytes:
            reader, writer = await asyncio.open_connection("localhost", port)
            writer.write(text)
            writer.write_eof()
            answered = await reader.read(-1)
            writer.close()
            await writer.wait_closed()
            return answered

        texts = [bytes([65 + number]) * 300_000 + b"." for number in range(8)]
        assert await asyncio.gather(*map(ask, texts)) == [text[::-1] for text in texts]
    assert len([watch for watch in app.children() if isinstance(watch, QSocketNotifier) and watch.isEnabled()]) <= 1, "but its own pipe"


@pytest.mark.skipif(sys.platform == "win32", reason="asyncio on Windows has no add_reader")
async def test_a_reader_may_remove_itself_in_its_own_callback() -> None:
    loop = _loop()
    near, far = socket.socketpair()
    near.setblocking(False)
    got = loop.create_future()

    def read() -> None:
        loop.remove_reader(near)
        got.set_result(near.recv(10))

    loop.add_reader(near, read)
    far.send(b"hello")
    assert await got == b"hello"
    assert loop.remove_reader(near) is False
    near.close()
    far.close()


@pytest.mark.expected_log("Exception in callback")
async def test_an_error_in_a_callback_reaches_the_handler_and_ends_nothing() -> None:
    loop = _loop()
    loop.call_soon(lambda: 1 / 0)
    await asyncio.sleep(0)
    heard: list[dict[str, object]] = []
    loop.set_exception_handler(lambda _loop, context: heard.append(context))
    loop.call_later(0, lambda: [][1])  # noqa: PLE0643 (that is the point)
    await asyncio.sleep(0.005)
    assert isinstance(heard[0]["exception"], IndexError)


@pytest.mark.expected_log("a nested Qt loop runs inside a callback")
async def test_tasks_meet_no_other_inside_a_nested_qt_loop_and_none_is_lost() -> None:
    seen = []
    nested = QCoreApplication.processEvents.__wrapped__  # type: ignore[attr-defined]  # past the guard that these tests run under

    async def other(number: int) -> None:
        await asyncio.sleep(0.001)
        seen.append(number)

    others = [asyncio.ensure_future(other(number)) for number in range(5)]
    await asyncio.sleep(0)
    end = time.monotonic() + 0.02
    while time.monotonic() < end:
        nested()
    assert seen == []
    await asyncio.gather(*others)
    assert seen == [0, 1, 2, 3, 4]


async def test_an_async_generator_left_half_way_is_closed() -> None:
    closed = asyncio.Event()

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)
            closed.set()

    async for _number in numbers():
        break
    gc.collect()
    await asyncio.wait_for(closed.wait(), 5)


def test_run_returns_what_main_returns_and_leaves_nothing_of_the_loop(app: QApplication) -> None:
    def of_loops() -> list[QObject]:
        return [child for child in app.children() if type(child).__module__ in {"qasync", pulse.__name__}]

    async def main() -> str:
        assert of_loops()
        asyncio.get_running_loop().call_later(60, lambda: None)
        asyncio.ensure_future(asyncio.sleep(60))  # noqa: RUF006 (left over on purpose)
        await asyncio.to_thread(lambda: None)
        return "done"

    assert run(app, main()) == "done"
    assert not of_loops()


def test_the_error_of_main_comes_out_of_run(app: QApplication) -> None:
    async def main() -> None:
        await asyncio.sleep(0)
        raise LookupError("here")

    with pytest.raises(LookupError, match="here"):
        run(app, main())


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt()])
@pytest.mark.parametrize("where", ["task", "callback"])
def test_an_exit_leaves_through_run_and_tasks_are_ended_first(app: QApplication, error: BaseException, where: str) -> None:
    ended = []

    def leave() -> None:
        raise error

    async def other() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    async def main() -> None:
        waiting = asyncio.ensure_future(other())
        await asyncio.sleep(0)
        if where == "task":
            leave()
        asyncio.get_running_loop().call_soon(leave)
        await waiting

    with pytest.raises(type(error)):
        run(app, main())
    assert ended


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot send itself Ctrl+C there")
def test_ctrl_c_wakes_a_waiting_loop_and_ends_the_main_task(app: QApplication) -> None:
    tidied = []

    async def main() -> None:
        threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            await asyncio.sleep(60)
        finally:
            tidied.append(True)

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(app, main())
    assert tidied
    assert time.monotonic() - began < 30


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot send itself this signal there")
def test_what_a_signals_handler_raises_leaves_a_waiting_loop(app: QApplication) -> None:
    class Alarm(BaseException):
        pass

    def ring(_number: int, _frame: object) -> None:
        raise Alarm

    before = signal.signal(signal.SIGUSR1, ring)
    try:

        async def main() -> None:
            threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGUSR1)).start()
            await asyncio.sleep(60)

        with pytest.raises(Alarm):
            run(app, main())
    finally:
        signal.signal(signal.SIGUSR1, before)


@pytest.mark.skipif(sys.platform == "win32", reason="asyncio on Windows has no add_signal_handler")
async def test_a_signal_handler_of_the_loop_is_called() -> None:
    heard = asyncio.Event()
    _loop().add_signal_handler(signal.SIGTERM, heard.set)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(heard.wait(), 5)
    assert _loop().remove_signal_handler(signal.SIGTERM)


def test_quitting_qt_under_main_is_an_error_and_not_a_silent_end(app: QApplication) -> None:
    async def main() -> None:
        app.exit()
        await asyncio.sleep(60)

    with pytest.raises(RuntimeError, match="stopped before"):
        run(app, main())


def test_a_closed_loop_refuses_calls_also_from_threads(app: QApplication) -> None:
    loop = DeskLoop(app)
    loop.close()
    loop.close()
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_soon(lambda: None)
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_soon_threadsafe(lambda: None)


def test_closing_while_threads_call_never_crashes(app: QApplication) -> None:
    for _ in range(20):
        loop = DeskLoop(app)
        going = threading.Event()

        def call(loop: DeskLoop = loop, going: threading.Event = going) -> None:
            with contextlib.suppress(RuntimeError):
                while True:
                    loop.call_soon_threadsafe(going.set)
                    going.set()

        thread = threading.Thread(target=call)
        thread.start()
        going.wait(5)
        loop.close()
        thread.join(5)
        assert not thread.is_alive()


def test_what_was_ready_before_the_loop_ran_is_run(app: QApplication) -> None:
    loop = DeskLoop(app)
    seen: list[str] = []
    loop.call_soon(seen.append, "soon")
    loop.call_later(0.001, seen.append, "later")
    app.sendPostedEvents()
    assert seen == []
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()
    assert seen == ["soon", "later"]


def test_a_stop_before_the_start_runs_what_is_ready_and_no_more(app: QApplication) -> None:
    loop = DeskLoop(app)
    seen: list[int] = []
    loop.call_soon(seen.append, 1)
    loop.stop()
    loop.run_forever()
    loop.close()
    assert seen == [1]


def test_a_loop_cannot_run_inside_itself(app: QApplication) -> None:
    async def main() -> None:
        other = DeskLoop(app)
        try:
            with pytest.raises(RuntimeError, match="running"):
                other.run_forever()
        finally:
            other.close()

    run(app, main())


def test_the_loop_takes_a_plain_core_application_too() -> None:
    watched: Callable[[QCoreApplication], DeskLoop] = DeskLoop
    app = QCoreApplication.instance()
    assert app is not None
    loop = watched(app)
    assert isinstance(loop._pulse, QObject)
    assert loop._pulse.parent() is app
    loop.close()
