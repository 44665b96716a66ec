"""Who asks for the end from outside: SIGTERM at log-off or shut-down, and Ctrl+C.

Heard from the first moment of a start. A program that is still being put together is not torn apart half-way: the wish is
kept, and closes the window as soon as there is one, in the order in which everything ends. What comes while it is closing
is a second cross: nothing is waited for any longer. Windows knows these signals only in part.
"""

import contextlib
import signal
from collections.abc import Callable
from types import FrameType
from typing import Self


class Ending:
    def __init__(self) -> None:
        self._asked = False
        self._close: Callable[[], object] | None = None

    def __enter__(self) -> Self:
        """Listens, from now on. In the main thread."""
        _for_each(lambda _number, _frame: self._heard())
        return self

    def __exit__(self, *_: object) -> None:
        """Everything is closed. Python itself would take its handlers away as it ends, and a late signal end it with a bad exit code."""
        _for_each(signal.SIG_IGN)

    def lead_to(self, close: Callable[[], object]) -> None:
        """`close` is called for each wish from now on, and at once if there was one already."""
        self._close = close
        if self._asked:
            close()

    def let_go(self) -> None:
        """There is nothing to close any more, or not yet: a wish is kept for what may come."""
        self._close = None

    def _heard(self) -> None:
        self._asked = True
        if self._close is not None:
            self._close()


def _for_each(handler: Callable[[int, FrameType | None], object] | signal.Handlers) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(ValueError, OSError):
            signal.signal(number, handler)
