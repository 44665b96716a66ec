"""One thing to know about the whole grid, with what can be done about it: over the rows, until it is answered."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from zendera_desk.domain.bulk import Pasted
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Status
from zendera_desk.gui.bulk import words
from zendera_desk.gui.bulk.foot import quiet_button
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import ElidedLabel
from zendera_desk.gui.words import tr


class Line(QFrame):
    undo_asked = Signal()
    """Of what was pasted."""
    add_asked = Signal(object)
    """The shipments that were chosen, whether they are in the grid or not."""
    anew_asked = Signal(object, object)
    """The same, and the status that was chosen with them, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "gridLine", role="notice")
        self.setProperty("tone", "info")
        self._offered: list[OrderId] = []
        self._status: Status | None = None
        self.words = ElidedLabel("", self)
        self.first = quiet_button("", "gridLineFirst", self)
        self.second = quiet_button("", "gridLineSecond", self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, SPACE, SPACE, SPACE)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.first)
        layout.addWidget(self.second)
        self.first.clicked.connect(self._take_first)
        self.second.clicked.connect(self._take_second)
        self.hide()

    def say_pasted(self, done: Pasted) -> None:
        """What found no place is said until somebody has seen it; the clipboard still has it."""
        said = words.not_pasted(done)
        self.close_up()
        if said:
            self._tell(said, tr("Undo paste"), tr("Close"))

    def offer(self, chosen: Sequence[OrderId], status: Status | None, new: int) -> None:
        """To a report that is not finished, which does not have `new` of them."""
        self._offered, self._status = list(chosen), status
        said = tr("This report was not finished. {n} chosen shipment(s) (is|are) not in it.", n=new)
        self._tell(said, tr("Add to it"), tr("Begin anew"))

    def close_up(self) -> list[OrderId]:
        """Returns what was offered."""
        offered, self._offered = self._offered, []
        self.hide()
        return offered

    def _tell(self, said: str, first: str, second: str) -> None:
        self.words.setText(said)
        self.setAccessibleName(said)
        for button, text in ((self.first, first), (self.second, second)):
            button.setText(text)
            button.setAccessibleName(text)
        self.show()

    def _take_first(self) -> None:
        if offered := self.close_up():
            self.add_asked.emit(offered)
        else:
            self.undo_asked.emit()

    def _take_second(self) -> None:
        if offered := self.close_up():
            self.anew_asked.emit(offered, self._status)
