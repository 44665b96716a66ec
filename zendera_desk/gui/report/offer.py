"""A suggestion under its field: what it is, what it was read from, and a button for each way to take it. It never fills in by itself."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from zendera_desk.gui import icons, style
from zendera_desk.gui.style import SPACE, Tone
from zendera_desk.gui.widgets.plain import ElidedLabel, PlainLabel
from zendera_desk.gui.words import tr

_ICON: Final = 14
_LOW: Final = f"min-height: {5 * SPACE}px; padding: 0 6px;"
"""The line is no higher than the small text in it needs."""


class Offer(QWidget):
    taken = Signal(int)
    """Which of the choices."""

    def __init__(self, name: str, object_name: str, parent: QWidget | None = None, icon: str = "image") -> None:
        super().__init__(parent)
        self._picture = icon
        self._icon = PlainLabel("", self)
        self.words = ElidedLabel("", self, role="small")
        self.words.setAccessibleName(name)
        self.words.setObjectName(object_name)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.buttons = [self._button(place, object_name) for place in range(2)]
        self._shown: tuple[str, ...] = ()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE + 2)
        layout.addWidget(self._icon)
        layout.addWidget(self.words, 1)
        for button in self.buttons:
            layout.addWidget(button)
        self.hide()

    def offer(self, words: str, choices: Sequence[str], tip: str = "") -> None:
        """`choices`: what stands on the buttons, one or two; none: it is in the field already, and the words say where it is from."""
        shown = (words, *choices)
        if shown == self._shown:
            return
        self._shown = shown
        self.words.setText(words)
        self._icon.setPixmap(icons.pixmap(self._picture, Tone.ACCENT if choices else None, _ICON, self.devicePixelRatioF()))
        for place, button in enumerate(self.buttons):
            button.setVisible(place < len(choices))
            if place < len(choices):
                button.setText(choices[place])
                button.setAccessibleName(f"{choices[place]}: {words}")
                button.setToolTip(tip)
        self.show()

    def withdraw(self) -> None:
        self._shown = ()
        self.hide()

    @property
    def has_choices(self) -> bool:
        return len(self._shown) > 1

    def _button(self, place: int, object_name: str) -> QPushButton:
        button = QPushButton(tr("Use"), self)
        button.setObjectName(f"{object_name}{place + 1}")
        button.setStyleSheet(_LOW)
        style.set_role(button, "quiet")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.taken.emit(place))
        return button
