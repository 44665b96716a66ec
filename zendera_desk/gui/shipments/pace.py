"""How often a long list is read from end to end again, because something in it may have moved: the less often the longer that takes."""

from collections.abc import Callable
from time import monotonic
from typing import Final

from PySide6.QtCore import QObject, QTimer

_SHARE: Final = 20
"""Of the time that passes a twentieth is spent reading, at most."""


class Pace(QObject):
    def __init__(self, read_again: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._read_again, self._asked, self._began = read_again, False, 0.0
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._end_rest)

    def may_read(self) -> bool:
        """False: not yet; it is asked for again when it may be."""
        self._asked = self._rest.isActive()
        return not self._asked

    def begin(self) -> None:
        self._began = monotonic()

    def end(self) -> None:
        self._rest.start(int(1000 * _SHARE * (monotonic() - self._began)))

    def _end_rest(self) -> None:
        if self._asked:
            self._asked = False
            self._read_again()
