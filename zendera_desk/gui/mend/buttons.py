"""The buttons for what can be mended of the entry that is shown, and the question for the other shipment under them."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import Entry
from zendera_desk.gui.mend.offers import ASKS_WHERE, NAMES, WORDS, Mend, mends
from zendera_desk.gui.mend.target import TargetPicker
from zendera_desk.gui.paper.picker import FindsShipments
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.words import tr


class MendButtons(QObject):
    """Whoever has them lays `buttons` and `target` out, and says which entry is shown."""

    asked = Signal(object, object, object)
    """Mend, EntryId, and the OrderId of the other shipment where it is one of `ASKS_WHERE`."""

    def __init__(self, desk: FindsShipments, spawn: Spawn, parent: QWidget) -> None:
        super().__init__(parent)
        self.read_only = False
        """In an archive nothing is mended."""
        self._entry: Entry | None = None
        self.buttons = {mend: named(QPushButton(tr(WORDS[mend]), parent), NAMES[mend], tr(WORDS[mend])) for mend in Mend}
        self.target = TargetPicker(desk, spawn, parent)
        for mend, button in self.buttons.items():
            button.clicked.connect(self._press(mend))
            button.hide()

    def show_for(self, entry: Entry | None) -> bool:
        """Says whether there is anything to offer. A question about another entry, or one that moved on, is not asked any more."""
        offered = mends(None if self.read_only else entry)
        before = self._entry
        self._entry = entry
        for mend, button in self.buttons.items():
            button.setVisible(mend in offered)
        if entry is None or before is None or entry.id != before.id or mends(before) != offered:
            self.target.close_up()
        return bool(offered)

    def _press(self, mend: Mend) -> Callable[[], None]:
        return lambda: self._begin(mend)

    def _begin(self, mend: Mend) -> None:
        entry = self._entry
        if entry is None:
            return
        if mend in ASKS_WHERE:
            self.target.ask(_question(mend), entry.order_id, lambda order: self._ask(mend, entry.id, order))
        else:
            self._ask(mend, entry.id, None)

    def _ask(self, mend: Mend, entry: EntryId, order: OrderId | None) -> None:
        self.asked.emit(mend, entry, order)


def _question(mend: Mend) -> str:
    if mend is Mend.MOVE:
        return tr("To which shipment does this report belong?")
    return tr("Which shipment was meant? Two drafts are begun: the report there, and one here that says so. Nothing is sent by itself.")
