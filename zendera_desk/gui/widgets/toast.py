"""A strip that says what was just done, with the way back and the time left for it. It never takes the focus.

The newest is shown, because its Undo is the one a person wants; an older one comes back when the newer one is over and
its own time is not. Nothing important is said only here: what must be seen stands in a banner or in its row.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from time import monotonic
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from zendera_desk.gui.announce import announce
from zendera_desk.gui.format import seconds as wait_words
from zendera_desk.gui.tokens import ROW, SPACE, Tone
from zendera_desk.gui.widgets.glyph import Glyph
from zendera_desk.gui.widgets.plain import PlainLabel

_SOON: Final = 30
"""Milliseconds. What was done shows in its row first: to lay a strip over the list meanwhile would keep a person waiting for it."""
_TICK: Final = 200
"""Milliseconds between two looks at the time left."""

_NARROWEST: Final = 280
_WIDEST: Final = 640
_ABOVE_THE_EDGE: Final = 3 * SPACE


@dataclass(frozen=True, kw_only=True)
class Toast:
    text: str
    icon: str = "check"
    tone: Tone = Tone.GOOD
    action: str = ""
    """The button's text, such as "Undo"."""
    act: Callable[[], None] | None = None
    lasts: float = 6.0
    """Seconds."""
    counts: bool = False
    """Shows the seconds that are left: the action is possible only so long."""


class ToastStrip(QFrame):
    """Lies over the lower edge of `over()`, a widget inside `parent`: where it hides nothing that is being typed or clicked."""

    def __init__(self, parent: QWidget, clock: Callable[[], float] = monotonic, over: Callable[[], QWidget] | None = None) -> None:
        super().__init__(parent)
        self._around = parent
        self._over = over or (lambda: parent)
        self._clock = clock
        self._numbers = count(1)
        self._live: dict[int, tuple[Toast, float]] = {}
        self._shown: int | None = None
        self.setObjectName("toast")
        self.setProperty("role", "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._glyph = Glyph("check", parent=self)
        self._text = PlainLabel("", self, wrap=True)
        self._left = PlainLabel("", self, role="muted")
        self._button = QPushButton(self)
        # Not in the tab order: when it goes, the focus would move by itself. Its action has a key of its own.
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.setProperty("role", "quiet")
        self._button.clicked.connect(self._act)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, SPACE, SPACE, SPACE)
        layout.setSpacing(2 * SPACE)
        for part in (self._glyph, self._text, self._left, self._button):
            layout.addWidget(part, 1 if part is self._text else 0)
        self.setMinimumHeight(ROW + 2 * SPACE)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._soon.timeout.connect(self.look)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK)
        self._timer.timeout.connect(self.look)
        parent.installEventFilter(self)
        self.hide()

    def tell(self, toast: Toast) -> int:
        """Shows it in a moment. The number takes it back with `withdraw`."""
        number = next(self._numbers)
        self._live[number] = toast, self._clock() + toast.lasts
        self._soon.start()
        announce(self, f"{toast.text} {toast.action}".strip())
        return number

    def withdraw(self, number: int) -> None:
        if self._live.pop(number, None) is not None:
            self.look()

    def look(self) -> None:
        """Drops what is over, shows the newest that is not, and the time it has left."""
        now = self._clock()
        self._live = {number: (toast, end) for number, (toast, end) in self._live.items() if end > now}
        if not self._live:
            self._shown = None
            self._timer.stop()
            self.hide()
            return
        number, (toast, end) = next(reversed(self._live.items()))
        if number != self._shown:
            self._shown = number
            self._dress(toast)
        self._left.setText(wait_words(end - now) if toast.counts else "")
        self._place()
        if not self._timer.isActive():
            self._timer.start()
        self.show()
        self.raise_()

    def _dress(self, toast: Toast) -> None:
        self._glyph.tell(toast.icon, toast.tone)
        self._text.setText(toast.text)
        self._left.setVisible(toast.counts)
        self._button.setVisible(bool(toast.action))
        self._button.setText(toast.action)
        self._button.setAccessibleName(toast.action)
        self.setAccessibleName(toast.text)

    def _act(self) -> None:
        if self._shown is not None:
            toast, _end = self._live.pop(self._shown)
            self.look()
            if toast.act is not None:
                toast.act()

    def _place(self) -> None:
        """In one line where there is room for it, else in as many as it takes: what is told is never cut off."""
        over = self._over()
        corner = QPoint(0, 0) if over is self._around else over.mapTo(self._around, QPoint(0, 0))
        words = self._text.fontMetrics().horizontalAdvance(self._text.text())
        in_one_line = self.sizeHint().width() - self._text.sizeHint().width() + words
        width = min(max(in_one_line + SPACE, _NARROWEST), _WIDEST, max(over.width() - 8 * SPACE, _NARROWEST))
        height = max(self.minimumHeight(), self.heightForWidth(width))
        left = corner.x() + (over.width() - width) // 2
        is_line = over.height() < height  # of a bar, whose place it takes there: it stands over nothing above or below that
        top = corner.y() - over.y() if is_line else corner.y() + over.height() - height - _ABOVE_THE_EDGE
        self.setGeometry(max(0, min(left, self._around.width() - width)), top, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)
