"""Which other shipment? Asked in its place, under what is moved: no dialog, and Esc or Cancel leaves everything as it is."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zendera_desk.domain.ids import OrderId
from zendera_desk.gui.paper.picker import MOST, FindsShipments, ShipmentPicker
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE, set_role
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr


class TargetPicker(QFrame):
    """Hidden while nothing is asked."""

    asking = Signal(bool)
    """It came, or went."""

    def __init__(self, desk: FindsShipments, spawn: Spawn, parent: QWidget | None = None, *, most: int = MOST) -> None:
        super().__init__(parent)
        self.setObjectName("otherShipment")
        self.setAccessibleName(tr("Other shipment"))
        self._taken: Callable[[OrderId], None] | None = None
        self._not = OrderId(0)
        self._focus_was: QWidget | None = None
        self._title = PlainLabel("", self, role="strong", wrap=True)
        self.picker = ShipmentPicker(desk, spawn, self, most=most)
        self._cancel = named(QPushButton(tr("Cancel"), self), "cancelMove", tr("Cancel moving"), role="quiet")
        top = QHBoxLayout()
        top.setSpacing(2 * SPACE)
        top.addWidget(self._title, 1)
        top.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addLayout(top)
        column.addWidget(self.picker)
        set_role(self, "notice")
        self.picker.picked.connect(self._take)
        self.picker.left.connect(self.close_up)
        self._cancel.clicked.connect(self.close_up)
        self.hide()

    def ask(self, title: str, but: OrderId, taken: Callable[[OrderId], None]) -> None:
        """`taken` is called with the shipment that was chosen; `but` is the one that it is at."""
        self._taken, self._not = taken, but
        self._focus_was = self.window().focusWidget()
        self._title.setText(title)
        self.picker.offer(())
        self.asking.emit(True)
        self.show()
        self.picker.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_up(self) -> None:
        """Nothing was chosen: the focus goes back to where it was."""
        had_focus = self.picker.field.hasFocus() or self._cancel.hasFocus()
        self._taken = None
        self.hide()
        self.asking.emit(False)
        if had_focus and self._focus_was is not None and self._focus_was.isVisible():
            self._focus_was.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, order: OrderId) -> None:
        if order == self._not:
            self.picker.nothing.setText(tr("It is at this shipment already. Choose another one."))
            self.picker.nothing.show()
            return
        taken = self._taken
        self.close_up()
        if taken is not None:
            taken(order)
