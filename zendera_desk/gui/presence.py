"""Whether anybody is there to look: keys, clicks and the wheel in the program's windows, and whether the main one is on the screen at all.

The engine looks at the feed seldom while nobody does, and the watchdog beats slowly. Asked at the native windows, as the scanner's
listener is, and not at the application: there a filter is asked about every event of every object. A window of its own (the feed taken
out of the main one, a dialog) counts from the first time that it is worked in.
"""

from collections.abc import Callable
from typing import Final, Protocol

import shiboken6
from PySide6.QtCore import QElapsedTimer, QEvent, QObject
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QWidget

SELDOM_MS: Final = 10_000
"""It is said once in so long that somebody is there."""
_USES: Final = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel, QEvent.Type.TouchBegin},
)
_SEEN: Final = frozenset({QEvent.Type.WindowStateChange, QEvent.Type.Show, QEvent.Type.Hide})


class Watched(Protocol):
    def used(self) -> None: ...
    def hidden(self, *, hidden: bool) -> None: ...


class Presence(QObject):
    def __init__(self, window: QWidget, told: Callable[[], Watched]) -> None:
        super().__init__(window)
        self._window, self._told = window, told
        self._hidden = False
        self._said = QElapsedTimer()
        window.installEventFilter(self)
        self._listen(window.windowHandle())
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._listen)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(watched, QWindow):
            if kind in _USES and (not self._said.isValid() or self._said.hasExpired(SELDOM_MS)):
                self._said.start()
                self._told().used()
        elif kind in _SEEN and shiboken6.isValid(self._window):  # the last Hide comes when the window is gone already
            self._listen(self._window.windowHandle())
            self._look()
        return False

    def _listen(self, native: QWindow | None) -> None:
        if native is not None:
            native.installEventFilter(self)  # a second time it is only moved to the front

    def _look(self) -> None:
        hidden = self._window.isMinimized() or not self._window.isVisible()
        if hidden != self._hidden:
            self._hidden = hidden
            self._told().hidden(hidden=hidden)
