"""A row of choices with their counts, of which one holds: "To accept 12 | To report 48 | …"."""

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from zendera_desk.gui import style
from zendera_desk.gui.format import count
from zendera_desk.gui.tokens import ROW, SPACE, Tone

_SIDE = 10
_GAP = 6


class _Chip(QPushButton):
    """A word and a number, the number in its own tone; as wide as it is when it is chosen and bold, so that nothing jumps."""

    def __init__(self, text: str, tone: Tone | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._words, self._tone, self._number = text, tone, -1
        self._more = False
        self.setProperty("role", "chip")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.tell(None)

    def tell(self, number: int | None, *, more: bool = False) -> None:
        if (number, more) == (self._number, self._more):
            return
        self._number, self._more = -1 if number is None else number, more
        self.setAccessibleName(self._words if number is None else f"{self._words}, {self._figure()}")
        self.updateGeometry()
        self.update()

    def _figure(self) -> str:
        return "" if self._number < 0 else f"{count(self._number)}{'+' if self._more else ''}"

    def sizeHint(self) -> QSize:
        strong = QFontMetrics(style.font_strong())
        figure = self._figure()
        wide = strong.horizontalAdvance(self._words) + (_GAP + strong.horizontalAdvance(figure) if figure else 0)
        return QSize(wide + 2 * _SIDE, ROW - 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.setFont(style.font_strong() if self.isChecked() else style.font_body())
        lit = self.isChecked() or self.underMouse()
        painter.setPen(style.token("disabled" if not self.isEnabled() else "text" if lit else "muted"))
        words = painter.fontMetrics().horizontalAdvance(self._words)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(_SIDE, 0, words + 1, self.height()), int(middle), self._words)
        if self._number > 0 and self._tone is not None:
            painter.setPen(style.colour(self._tone))
        elif self.isEnabled():
            painter.setPen(style.token("muted"))
        painter.drawText(QRect(_SIDE + words + _GAP, 0, self.width(), self.height()), int(middle), self._figure())
        painter.end()


class ChipBar(QWidget):
    """Tab reaches the chosen one, the arrow keys choose beside it, a click chooses. `chosen` carries the key, also by key press."""

    chosen = Signal(object)

    def __init__(
        self, name: str, choices: Sequence[tuple[object, str]], tones: Mapping[object, Tone] | None = None, parent: QWidget | None = None
    ) -> None:
        """`choices`: key and text. `tones`: of the numbers that mean work. The first is chosen."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._chips: dict[object, _Chip] = {}
        self._tones = tones or {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE // 2)
        self._layout = layout
        layout.addStretch(1)
        self.set_choices(choices)
        if self._chips:
            next(iter(self._chips.values())).setChecked(True)
        self._group.buttonToggled.connect(self._toggled)

    def set_choices(self, choices: Sequence[tuple[object, str]]) -> None:
        """Others in their place. None of them is chosen."""
        for chip in self._chips.values():
            self._group.removeButton(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = {key: _Chip(text, self._tones.get(key), self) for key, text in choices}
        for place, chip in enumerate(self._chips.values()):
            self._group.addButton(chip)
            self._layout.insertWidget(place, chip)

    @property
    def current(self) -> object:
        return next((key for key, chip in self._chips.items() if chip.isChecked()), None)

    def choose(self, key: object) -> None:
        """Says `chosen` only if it was not chosen already."""
        self._chips[key].setChecked(True)

    def rest(self) -> None:
        """None of them holds."""
        self._group.setExclusive(False)
        for chip in self._chips.values():
            chip.setChecked(False)
        self._group.setExclusive(True)

    def chip(self, key: object) -> QAbstractButton:
        return self._chips[key]

    def tell(self, counts: Mapping[object, int], more: Collection[object] = ()) -> None:
        """`more`: of which there are more than were counted."""
        for key, chip in self._chips.items():
            chip.tell(counts.get(key), more=key in more)

    def _toggled(self, button: QAbstractButton, on: bool) -> None:
        if on:
            self.chosen.emit(next(key for key, chip in self._chips.items() if chip is button))
