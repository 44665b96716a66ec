"""A state on one line, told by icon and word; the colour only helps. It follows the scheme because the icon is painted when shown."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from zendera_desk.gui import icons
from zendera_desk.gui.tokens import SPACE, Tone
from zendera_desk.gui.widgets.plain import ElidedLabel, PlainLabel


class _Icon(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.name = ""
        self.tone: Tone | None = None
        self.setFixedSize(icons.SIZE, icons.SIZE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.name:
            painter = QPainter(self)
            icons.paint(painter, self.name, self.tone, self.rect())
            painter.end()


class Statement(QWidget):
    """`name` is what assistive tools call it ("Connection"); the words it says at the moment are its description.

    `wrap` for a sentence that may need two lines; else it ends in … where there is no room.
    """

    def __init__(self, name: str, object_name: str, parent: QWidget | None = None, *, role: str = "", wrap: bool = False) -> None:
        super().__init__(parent)
        self._icon = _Icon(self)
        self._words: PlainLabel = PlainLabel("", self, role=role, wrap=True) if wrap else ElidedLabel("", self, role=role)
        self._words.setObjectName(object_name)
        self._words.setAccessibleName(name)
        if wrap:
            self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE + 2)
        row.addWidget(self._icon, alignment=Qt.AlignmentFlag.AlignTop if wrap else Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)

    def say(self, icon: str, words: str, tone: Tone | None = None) -> None:
        """Without a tone the icon is quiet and the words are plain."""
        self._icon.name, self._icon.tone = icon, tone
        self._icon.setVisible(bool(icon))
        self._icon.update()
        self._words.setText(words)
        self._words.setAccessibleDescription(words)
        toned = tone.value if tone is not None else ""
        if self._words.property("tone") != toned:
            self._words.setProperty("tone", toned)
            self._words.style().unpolish(self._words)
            self._words.style().polish(self._words)

    @property
    def words(self) -> str:
        return self._words.text()
