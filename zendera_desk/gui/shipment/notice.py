"""A line over the pages of the open shipment that a person should not miss: what Zendera changed, or what moves it on."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from zendera_desk.gui.style import SPACE, set_role
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.statement import Statement


class Notice(QWidget):
    """Hidden, with the distance to what is below it, while it has nothing to say."""

    def __init__(self, name: str, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = QFrame(self)
        self._said = Statement(name, object_name, self._frame, wrap=True)
        inside = QHBoxLayout(self._frame)
        inside.setContentsMargins(3 * SPACE, SPACE + 2, 3 * SPACE, SPACE + 2)
        inside.addWidget(self._said)
        around = QVBoxLayout(self)
        around.setContentsMargins(3 * SPACE, 0, 3 * SPACE, SPACE)
        around.addWidget(self._frame)
        self.hide()

    def say(self, icon: str = "", words: str = "", tone: Tone = Tone.NEUTRAL) -> None:
        if words:
            self._said.say(icon, words, tone)
            self._frame.setProperty("tone", tone.value)
            set_role(self._frame, "notice")
        self.setVisible(bool(words))
