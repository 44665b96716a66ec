"""What a view shows when there is nothing to show: first run, empty, loading, offline, not allowed, failed."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from zendera_desk.gui.tokens import SPACE, Tone
from zendera_desk.gui.widgets.glyph import Glyph
from zendera_desk.gui.widgets.plain import PlainLabel

_ICON = 36
_WIDEST_LINE = 420


class EmptyState(QWidget):
    """An icon, a line that says what is so, a line that says what to do, and the buttons for it: the first is the primary one."""

    def __init__(
        self, icon: str, title: str, text: str = "", *actions: QAction, tone: Tone | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._picture = Glyph(icon, tone, _ICON, self)
        self._title = PlainLabel(title, self, role="heading", wrap=True)
        self._text = PlainLabel(text, self, role="muted", wrap=True)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(2 * SPACE)
        centre = Qt.AlignmentFlag.AlignHCenter
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6 * SPACE, 6 * SPACE, 6 * SPACE, 6 * SPACE)
        layout.setSpacing(2 * SPACE)
        layout.addStretch(2)
        layout.addWidget(self._picture, alignment=centre)
        layout.addSpacing(SPACE)
        for label in (self._title, self._text):
            label.setAlignment(centre)
            label.setMaximumWidth(_WIDEST_LINE)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(label, 100)
            row.addStretch(1)
            layout.addLayout(row)
        layout.addSpacing(2 * SPACE)
        layout.addLayout(self._buttons)
        layout.addStretch(3)
        self.tell(icon, title, text, actions, tone)

    def tell(self, icon: str, title: str, text: str = "", actions: Sequence[QAction] = (), tone: Tone | None = None) -> None:
        """Says something else, such as "offline" where it said "loading"."""
        self._picture.tell(icon, tone)
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self._offer(actions)

    def _offer(self, actions: Sequence[QAction]) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._buttons.addStretch(1)
        for place, action in enumerate(actions):
            button = QPushButton(action.text(), self)
            button.setProperty("role", "primary" if place == 0 else "quiet")
            button.setAccessibleName(action.text())
            button.setToolTip(action.toolTip())
            button.setEnabled(action.isEnabled())
            button.clicked.connect(action.trigger)
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
