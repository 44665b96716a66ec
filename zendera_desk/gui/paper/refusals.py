"""One line for each file that was not taken: its name, and why. They stay until a person has seen them."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zendera_desk.domain.errors import DeskError, PictureError
from zendera_desk.domain.ids import StackId
from zendera_desk.domain.paper import Stack
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

Key = tuple[StackId, int]


class Refusals(QFrame):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("refusedFiles")
        self.setAccessibleName(tr("Refused files"))
        self.setProperty("role", "notice")
        self.setProperty("tone", "bad")
        self._known: dict[Key, str] = {}
        self._seen: set[Key] = set()
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
        return [text for key, text in self._known.items() if key not in self._seen]

    def look_at(self, stacks: Iterable[Stack]) -> None:
        """What was noted in these stacks, also before this start and by the watched folder."""
        for stack in stacks:
            values = (*stack.refused_values, *({} for _each in stack.refused))
            for place, ((name, code), told) in enumerate(zip(stack.refused, values, strict=False)):
                self._known.setdefault((stack.id, place), _line(name, PictureError(code, **{**told, "name": name})))
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
        self._seen |= self._known.keys()
        self._show()


def _line(name: str, error: DeskError) -> str:
    named_as, words = visible(name) or tr("Pasted"), labels.error(error)
    return words if named_as in words else f"{named_as}: {words}"
