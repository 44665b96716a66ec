"""The program's side of the helper process: asks it, a few questions at a time, what is wanted most first, and answers for it.

A thread of its own starts, asks, times and ends the process, so that nobody else ever waits for it; it shares nothing with
others but a queue. The process is there from the first need, or from `warm`, until nothing was asked for some minutes.

Whatever ends a process (a decoder that crashed, hung or wrote nonsense, or somebody from outside), the questions it was at are
asked again, one by one, each alone: what ends a process that works at nothing else is the culprit, and is refused; everything
else has its answer a little later.
"""

import asyncio
import contextlib
import heapq
import itertools
import logging
import queue
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from enum import IntEnum
from time import monotonic
from typing import Final, overload

import msgspec

from zendera_desk.domain.errors import DeskError, PictureError, StoreError
from zendera_desk.pictures import child, frames
from zendera_desk.pictures.child import Child
from zendera_desk.pictures.jobs import Answer, Job, Open, Opened, Refused, Work, Worked


class Wanted(IntEnum):
    """How soon a person wants to see it: what is smaller comes first."""

    SEEN = 0
    """It is looked at now: thumbnails, the picture in the viewer."""
    GIVEN = 1
    """Pictures on their way into a form."""
    AHEAD = 2
    """What will probably be looked at next."""
    STACK = 3
    """Reading paper in the background."""


class Patience(msgspec.Struct, frozen=True):
    """Seconds."""

    job: float = 20.0
    alone: float = 30.0
    """For a second try. Nothing else is at work then, but a PC that was too busy for the first may still be."""
    start: float = 60.0
    """Until the decoders are loaded: an old PC's disk, and what looks through every program that starts there."""
    idle: float = 180.0
    """Without a question, until the process ends."""


AT_ONCE: Final = 2
"""Questions that the process works at, one for each core of an old PC; one more if it is looked at now.

And one more while a stack of paper is read: of its pages two at a time wait now and then, for PDFium or for being asked, and left a
sixth of two cores idle.
"""

FAILED_STARTS: Final = 2
"""In a row, until it is said that nothing can be decoded. One may have been ended by somebody from outside."""

_log = logging.getLogger(__name__)


class _Task:
    """A question, until it is answered."""

    def __init__(self, number: int, job: Job, wanted: Wanted) -> None:
        self.number, self.job, self.wanted = number, job, wanted
        self.answer: Future[Answer] = Future()
        self.alone = False
        """It was at work in a process that ended, and is tried once more by itself."""
        self.asked_at = 0.0

    def __lt__(self, other: "_Task") -> bool:
        return (self.wanted, self.number) < (other.wanted, other.number)

    def settle(self, outcome: Answer | DeskError) -> None:
        with contextlib.suppress(InvalidStateError):  # nobody waits for it any more
            if isinstance(outcome, DeskError):
                self.answer.set_exception(outcome)
            else:
                self.answer.set_result(outcome)


class _Warm:
    """Somebody will ask soon."""


class _Close:
    """Nobody will ask any more."""


_Event = _Task | _Warm | _Close | tuple[Child, frames.Said | None]


class PictureReader:
    """Answers questions about files. Can be asked from any thread and any loop; `close` ends it for good."""

    def __init__(self, command: Sequence[str] | None = None, patience: Patience | None = None) -> None:
        self._foreman = _Foreman(command or child.own_command(), patience or Patience())
        self._numbers = itertools.count(1)

    def warm(self) -> None:
        """A picture is likely to come: the process starts now. Costs nothing if it runs, and waits for nothing."""
        self._foreman.tell(_Warm())

    @overload
    async def ask(self, job: Open, wanted: Wanted) -> Opened: ...
    @overload
    async def ask(self, job: Work, wanted: Wanted) -> Worked: ...
    async def ask(self, job: Job, wanted: Wanted) -> Opened | Worked:
        """Raises PictureError: what the decoder said, too_slow, decoder_died, no_memory; StoreError("closed").

        Whoever is cancelled meanwhile wants no answer: what has not begun is left out.
        """
        task = _Task(next(self._numbers), job, wanted)
        self._foreman.tell(task)
        answer = await asyncio.wrap_future(task.answer)
        if isinstance(answer, Refused):
            raise PictureError(answer.code, **{key: value for key, value in answer.values.items() if key not in {"self", "code"}})
        return answer

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        return self._foreman.pid

    async def close(self) -> None:
        """Ends the process, and everything that was asked with StoreError("closed"). Takes some milliseconds."""
        await asyncio.to_thread(self._foreman.close)


class _Foreman:
    """The thread that owns the process. All but `tell`, `close` and `pid` runs in it."""

    def __init__(self, command: Sequence[str], patience: Patience) -> None:
        self._command, self._patience = command, patience
        self._events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._child: Child | None = None
        self._ready = False
        self._failed_starts = 0
        self._spent = False
        """Its memory is full, of others' pictures or of what they left behind: the next one starts with a new process."""
        self._since = 0.0
        """When the process was started, or had loaded its decoders; when the last answer came."""
        self._waiting: list[_Task] = []
        self._alone: deque[_Task] = deque()
        self._at_work: dict[int, _Task] = {}

    def tell(self, event: _Event) -> None:
        with self._starting:
            if self._closed:
                if isinstance(event, _Task):
                    event.settle(StoreError("closed"))
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="pictures", daemon=True)
                self._thread.start()
        self._events.put(event)

    def close(self) -> None:
        with self._starting:
            self._closed = True
        if self._thread is not None:
            self._events.put(_Close())
            self._thread.join()

    @property
    def pid(self) -> int | None:
        running = self._child
        return None if running is None else running.pid

    def _run(self) -> None:
        while True:
            event = self._next_event()
            if isinstance(event, _Close):
                break
            self._take(event)
            self._look_at_the_clock()
            self._hand_out()
        self._end_child()
        for task in (*self._waiting, *self._alone, *self._at_work.values()):
            task.settle(StoreError("closed"))
        while not self._events.empty():
            if isinstance(left := self._events.get(), _Task):
                left.settle(StoreError("closed"))

    def _next_event(self) -> _Event | None:
        due = self._due()
        try:
            return self._events.get(timeout=None if due is None else max(0.0, due - monotonic()))
        except queue.Empty:
            return None

    def _take(self, event: _Event | None) -> None:
        match event:
            case _Task():
                heapq.heappush(self._waiting, event)
            case _Warm():
                self._since = monotonic()
                if self._child is None:
                    self._start()
            case (teller, said) if teller is self._child:  # what a killed one still said counts no more
                self._hear(said)

    # The clock

    def _due(self) -> float | None:
        """When something is to be done even if nothing happens."""
        if self._child is None:
            return None
        if not self._ready:
            return self._since + self._patience.start
        if self._at_work:
            return min(task.asked_at + self._limit(task) for task in self._at_work.values())
        return self._since + self._patience.idle

    def _limit(self, task: _Task) -> float:
        return self._patience.alone if task.alone else self._patience.job

    def _look_at_the_clock(self) -> None:
        due = self._due()
        if due is None or due > monotonic():
            return
        if self._ready and not self._at_work:
            _log.debug("the picture process was not needed for a while")
            self._end_child()
        else:
            _log.info("the picture process took too long")
            self._start_over("too_slow")

    # The process

    def _start(self) -> bool:
        self._ready, self._spent, self._since = False, False, monotonic()
        try:
            self._child = Child(self._command, lambda teller, said: self._events.put((teller, said)))
        except OSError as error:
            _log.warning("the picture process cannot be started: %s", error.strerror)
            self._child = None
        return self._child is not None

    def _end_child(self) -> None:
        if self._child is not None:
            ending, self._child = self._child, None
            ending.end()

    def _start_over(self, code: str) -> None:
        """What was at work is tried again alone; what was alone is refused."""
        self._end_child()
        suspects, self._at_work = list(self._at_work.values()), {}
        if not self._ready:
            self._failed_starts += 1
            if self._failed_starts == FAILED_STARTS:
                self._give_up()
        for task in suspects:
            self._try_alone(task, code)

    def _give_up(self) -> None:
        """This PC does not let it start. What is asked later tries again."""
        waiting, self._waiting, self._failed_starts = [*self._waiting, *self._alone], [], 0
        self._alone.clear()
        for task in waiting:
            task.settle(PictureError("decoder_died"))

    def _try_alone(self, task: _Task, code: str) -> None:
        if task.alone:
            task.settle(PictureError(code))
        else:
            task.alone = True
            self._alone.append(task)

    def _hear(self, said: frames.Said | None) -> None:
        match said:
            case frames.Ready():
                self._ready, self._since, self._failed_starts = True, monotonic(), 0
            case frames.Answered(number=number, answer=answer) if number in self._at_work and _fits(self._at_work[number].job, answer):
                self._since = monotonic()
                task = self._at_work.pop(number)
                if isinstance(answer, Refused) and answer.code == "no_memory":
                    self._spent = True
                    self._try_alone(task, "no_memory")
                else:
                    task.settle(answer)
            case _:
                _log.info("the picture process died" if said is None else "the picture process gave no answer to what was asked")
                self._start_over("decoder_died")

    # Handing out

    def _hand_out(self) -> None:
        while (task := self._next_task()) is not None:
            if self._spent and task.alone:
                self._end_child()
            if self._child is None and not self._start():
                task.settle(PictureError("decoder_died"))
                continue
            if not self._ready:
                (self._alone.appendleft if task.alone else self._put_back)(task)
                return
            self._ask(task)

    def _put_back(self, task: _Task) -> None:
        heapq.heappush(self._waiting, task)

    def _next_task(self) -> _Task | None:
        """What may be asked now; nothing that nobody wants any more."""
        while self._alone and self._alone[0].answer.cancelled():
            self._alone.popleft()
        while self._waiting and self._waiting[0].answer.cancelled():
            heapq.heappop(self._waiting)
        if self._alone:
            return None if self._at_work else self._alone.popleft()
        if not self._waiting or any(task.alone for task in self._at_work.values()):
            return None
        is_reading = any(task.wanted is Wanted.STACK for task in self._at_work.values())
        most = AT_ONCE + (self._waiting[0].wanted is Wanted.SEEN) + is_reading
        return heapq.heappop(self._waiting) if len(self._at_work) < most else None

    def _ask(self, task: _Task) -> None:
        task.asked_at = monotonic()
        self._at_work[task.number] = task
        try:
            if self._child is not None:
                self._child.ask(frames.Asked(task.number, task.job))
        except UnicodeEncodeError:  # a folder whose name is no text
            del self._at_work[task.number]
            task.settle(PictureError("unreadable"))


def _fits(job: Job, answer: Answer) -> bool:
    """Whether it can be the answer: the process has seen hostile bytes, and what it says about memory is not believed."""
    match answer:
        case Refused():
            return True
        case Opened():
            return isinstance(job, Open) and answer.pages > 0
        case Worked():
            rows = 3 * answer.rgb_width * answer.rgb_height
            sized = min(answer.width, answer.height, answer.rgb_width, answer.rgb_height) >= 0 and len(answer.rgb) == rows
            return isinstance(job, Work) and sized and bool(answer.jpeg) is job.jpeg and bool(answer.rgb) is bool(job.pixels)
