"""The line under the list where a person says why a shipment is failed. In place, no dialog.

Each fail is one of five strikes, after which Zendera stops offering the order, and the reason is read by a dispatcher in
another company: so the bar says which strike it is, and the fifth is sent only with a tick beside its consequence.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.standing import STRIKES
from zendera_desk.domain.views import ShipmentLine
from zendera_desk.gui import labels
from zendera_desk.gui.format import count
from zendera_desk.gui.style import ROW, SPACE, set_role
from zendera_desk.gui.taborder import tab_through
from zendera_desk.gui.widgets.plain import ElidedLabel, PlainLabel
from zendera_desk.gui.words import tr

_SINGLY: Final = 6
"""Up to so many shipments have their strikes listed one by one."""


class FailBar(QFrame):
    fail_asked = Signal(object, str, bool)
    """The order ids, the reason, and whether the last strike was confirmed."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("failBar")
        self.setProperty("role", "notice")
        self._lines: list[ShipmentLine] = []
        self._beyond = ""
        self._title = PlainLabel(role="strong")
        self._note = ElidedLabel()
        self._last = QCheckBox(tr("Fail it although it is the last strike"), self)
        self._last.setObjectName("lastStrike")
        self._last.setAccessibleName(tr("Last strike"))
        self._reason = self._made_reason()
        self._fail = self._made_button("failWithThisReason", tr("Fail"), tr("Fail with this reason"))
        self._fail.clicked.connect(self._send)
        self._cancel = self._made_button("cancelFail", tr("Cancel"), tr("Cancel failing"))
        self._cancel.clicked.connect(self.close_bar)
        self._last.toggled.connect(lambda _on: self._show())
        self._lay_out()
        self.hide()

    def _made_reason(self) -> QComboBox:
        reason = QComboBox(self)
        reason.setObjectName("failureReason")
        reason.setAccessibleName(tr("Failure reason"))
        reason.setEditable(True)
        reason.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        reason.addItems(labels.failure_reasons())
        reason.setCurrentIndex(-1)
        reason.setMinimumHeight(ROW)
        field = reason.lineEdit()
        if field is not None:
            field.setPlaceholderText(tr("Why can you not take it? A dispatcher in another company reads this."))
            field.setMaxLength(500)
            field.returnPressed.connect(self._send)
        reason.currentTextChanged.connect(lambda _text: self._show())
        return reason

    def _made_button(self, name: str, text: str, accessible: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAccessibleName(accessible)
        return button

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(2 * SPACE)
        line.addWidget(self._title)
        line.addWidget(self._reason, 1)
        line.addWidget(self._fail)
        line.addWidget(self._cancel)
        notes = QHBoxLayout()
        notes.setSpacing(3 * SPACE)
        notes.addWidget(self._note, 1)
        notes.addWidget(self._last)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        layout.setSpacing(SPACE)
        layout.addLayout(line)
        layout.addLayout(notes)
        tab_through(self)

    def in_order_of_tab(self) -> list[QWidget]:
        return [self._reason, self._last, self._fail, self._cancel]

    @property
    def ids(self) -> list[OrderId]:
        return [line.order_id for line in self._lines]

    def open_for(self, lines: Sequence[ShipmentLine], beyond: str = "") -> None:
        """What was typed before is kept, and marked so that typing replaces it. `beyond`: about those that are not failed."""
        self._lines, self._beyond = list(lines), beyond
        self._last.setChecked(False)
        self._show()
        self.show()
        self._reason.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field = self._reason.lineEdit()
        if field is not None:
            field.selectAll()

    def update_lines(self, lines: Sequence[ShipmentLine]) -> None:
        """The strikes may have been counted on meanwhile."""
        fresh = {line.order_id: line for line in lines}
        self._lines = [fresh.get(line.order_id, line) for line in self._lines]
        self._show()

    def close_bar(self) -> None:
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        many, last = len(self._lines) > 1, self._last_strikes()
        one = tr("Fail {order}", order=", ".join(str(each) for each in self.ids))
        self._title.setText(tr("Fail {count} shipments", count=count(len(self._lines))) if many else one)
        self._note.setText(" ".join(filter(None, (self._beyond, strikes(self._lines)))))
        self._note.setProperty("tone", "warn" if last else "neutral")
        set_role(self._note, "note")
        self._last.setVisible(last > 0)
        set_role(self._fail, "danger" if last else "primary")
        self._fail.setEnabled(self._may_send())

    def _last_strikes(self) -> int:
        return sum(1 for line in self._lines if line.strikes + 1 >= STRIKES)

    def _may_send(self) -> bool:
        return bool(self._reason.currentText().strip()) and (self._last.isChecked() or not self._last_strikes())

    def _send(self) -> None:
        if not self._may_send():
            # Enter was pressed too early: to what is still missing.
            missing = self._last if self._reason.currentText().strip() else self._reason
            missing.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        ids, reason = self.ids, self._reason.currentText().strip()
        confirmed = self._last.isChecked() and self._last_strikes() > 0
        self._reason.setCurrentIndex(-1)
        self._reason.setEditText("")
        self.close_bar()
        self.fail_asked.emit(ids, reason, confirmed)


def strikes(lines: Sequence[ShipmentLine]) -> str:
    """Which of the five strikes failing these would be, and what the last one means."""
    counted = [min(line.strikes + 1, STRIKES) for line in lines]
    if len(lines) == 1:
        so_far = tr("Failed {strikes} of {all}.", strikes=lines[0].strikes, all=STRIKES) + " " if lines[0].strikes else ""
        said = so_far + tr("This is strike {strike} of {all} for {order}.", strike=counted[0], all=STRIKES, order=lines[0].order_id)
    else:
        listed = ", ".join(map(str, counted)) if len(counted) <= _SINGLY else _grouped(counted)
        said = tr("{count} shipments: strikes {strikes} of {all}.", count=count(len(lines)), strikes=listed, all=STRIKES)
    if STRIKES in counted:
        said += " " + tr("After the last one Zendera stops offering the order.")
    return said


def _grouped(counted: Sequence[int]) -> str:
    """ "1 (298 times), 4 (1 time)"."""
    return ", ".join(tr("{strike} ({n} time(s))", strike=strike, n=number) for strike, number in sorted(Counter(counted).items()))
