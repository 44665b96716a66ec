"""One line for each file that was not taken: its name, and why. They stay until a person has seen them."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zendera_desk.domain.errors import DeskError, PictureError
from zendera_desk.domain.refusals import Refusal
from zendera_desk.gui import labels
from zendera_desk.gui.format import visible
from zendera_desk.gui.icons import icon
from zendera_desk.gui.style import SPACE, Tone
from zendera_desk.gui.widgets.glyph import Glyph
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import ElidedLabel
from zendera_desk.gui.words import tr

_MOST: Final = 3
"""Shown one under the other; the last one says how many more there are. More would push the pages out of sight."""


class Refusals(QFrame):
    read = Signal(object)
    """list[Refusal]: a person has seen these."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("refusedFiles")
        self.setAccessibleName(tr("Refused files"))
        self.setProperty("role", "notice")
        self.setProperty("tone", "bad")
        self._shown: list[Refusal] = []
        self._lines = [ElidedLabel("", self) for _line in range(_MOST)]
        close = named(QPushButton(icon("x"), ""), "closeRefusedFiles", tr("Close"), role="quiet")
        close.setToolTip(tr("Close"))
        close.clicked.connect(self._close)
        words = QVBoxLayout()
        words.setSpacing(2)
        for line in self._lines:
            words.addWidget(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, SPACE, SPACE, SPACE)
        row.setSpacing(2 * SPACE)
        row.addWidget(Glyph("circle-alert", Tone.BAD, 16, self))
        row.addLayout(words, 1)
        row.addWidget(close)
        self.hide()

    def texts(self) -> list[str]:
        return [_line(one.name, PictureError(one.code, **{**one.values, "name": one.name})) for one in self._shown]

    def tell(self, refusals: Sequence[Refusal]) -> None:
        self._shown = list(refusals)
        self._show()

    def _show(self) -> None:
        texts = self.texts()
        more = len(texts) - _MOST
        if more > 0:
            texts = [*texts[: _MOST - 1], tr("and {n} more", n=more + 1)]
        for place, line in enumerate(self._lines):
            line.setText(texts[place] if place < len(texts) else "")
            line.setVisible(place < len(texts))
        self.setVisible(bool(texts))
        self.setAccessibleDescription("\n".join(self.texts()))

    def _close(self) -> None:
        seen, self._shown = self._shown, []
        self._show()
        self.read.emit(seen)


def _line(name: str, error: DeskError) -> str:
    named_as, words = visible(name) or tr("Pasted"), labels.error(error)
    return words if named_as in words else f"{named_as}: {words}"
