"""The helper process (`zendera-desk read-pictures`): takes questions from its standard input, and answers on its standard output.

All decoding of files from outside happens here, in a few threads, with limits, so that a decoder that crashes, hangs or eats
memory costs one picture and not the window. It knows no key, no Qt and no database, writes no file, and ends when its input
does, however the program ended and whatever a thread is doing then.
"""

import faulthandler
import os
import queue
import signal
import sys
import threading
import traceback
import warnings
from typing import BinaryIO, Final

from zendera_desk.domain.errors import PictureError
from zendera_desk.pictures import frames, limits
from zendera_desk.pictures.jobs import Answer, Job, Refused

THREADS: Final = 4
"""One for each core of an old PC, one for what a person looks at now, and one that goes on while another waits for PDFium."""

_KEPT_BLOCKS: Final = "8"
"""Of 16 MB, that Pillow keeps for the next picture. The system zeroes each that it gives anew: a tenth of what a page cost."""

LAST_RESORT: float = 90.0
"""Seconds without an end after which the process ends itself: a decoder that hangs and lets no other thread run, in a helper whose
program is gone. While the program is there it ends such a helper far sooner."""


def main() -> int:
    """Does not return: the end of the process is the end of its input."""
    questions, answers = _own_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is the program's
    warnings.simplefilter("ignore")
    limits.limit()
    os.environ["PILLOW_BLOCKS_MAX"] = _KEPT_BLOCKS  # read when it is loaded
    faulthandler.enable(all_threads=False)
    desk = _Bench(answers)
    desk.say(frames.Ready())
    for number in range(THREADS):
        threading.Thread(target=desk.work, name=f"picture {number}", daemon=True).start()
    while (asked := frames.read_asked(questions)) is not None:
        desk.asked.put(asked)
    os._exit(0)


class _Bench:
    """Where the threads find their work and leave what they made."""

    def __init__(self, answers: BinaryIO) -> None:
        from zendera_desk.pictures.work import do  # noqa: PLC0415 (loads the decoders, behind the limits)

        self.asked: queue.SimpleQueue[frames.Asked] = queue.SimpleQueue()
        self._do = do
        self._answers = answers
        self._writing = threading.Lock()
        self._counting = threading.Lock()
        self._busy = 0

    def say(self, what: frames.Said) -> None:
        try:
            with self._writing:
                frames.write(self._answers, what)
        except OSError:  # nobody is there any more
            os._exit(0)

    def work(self) -> None:
        while True:
            asked = self.asked.get()
            self._begin()
            answer = self._answer(asked.job)
            self._end()
            self.say(frames.Answered(asked.number, answer))

    def _answer(self, job: Job) -> Answer:
        try:
            return self._do(job)
        except PictureError as error:
            return Refused(code=error.code, values={key: value for key, value in error.values.items() if isinstance(value, str | int)})
        except MemoryError:
            return Refused(code="no_memory")
        except Exception as error:  # noqa: BLE001 (our own mistake: it costs this picture, and the log says where)
            # Not what it says: that may be quoted from the file.
            print(type(error).__name__, *traceback.format_tb(error.__traceback__), sep="\n", file=sys.stderr, flush=True)
            return Refused(code="unreadable")

    def _begin(self) -> None:
        with self._counting:
            self._busy += 1
            faulthandler.dump_traceback_later(LAST_RESORT, exit=True)

    def _end(self) -> None:
        with self._counting:
            self._busy -= 1
            if not self._busy:
                faulthandler.cancel_dump_traceback_later()


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Input and output for us alone: what a library prints goes to the log, and cannot spoil an answer."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 (there alone)

        for handle in (0, 1):
            msvcrt.setmode(handle, os.O_BINARY)
    questions, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return os.fdopen(questions, "rb"), os.fdopen(answers, "wb")
