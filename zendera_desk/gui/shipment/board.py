"""The colli page: a line for each stop that says what was reported and what the product feed says, and under it product by product.

What agrees is quiet. Only what does not fit stands out, by icon, word and colour, and one key begins the report that says so.
"""

from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from zendera_desk.domain.board import Board, Finding, Product, Spot
from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.outbox import Entry
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.gui import labels
from zendera_desk.gui.format import number, when
from zendera_desk.gui.icons import icon
from zendera_desk.gui.labels import Label
from zendera_desk.gui.shipment.rows import Cell, Head, Row, RowsTable, labelled
from zendera_desk.gui.style import SPACE, set_role
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import mark, tr

HEADS: Final = (
    Head(mark("Product"), 180),
    Head(mark("Number"), 130),
    Head(mark("Planned"), 76, number=True),
    Head(mark("Pickup"), 210),
    Head(mark("Delivery"), 210),
)
KEYS: Final = {StopKind.PICKUP: "Ctrl+Shift+P", StopKind.DELIVERY: "Ctrl+Shift+D"}
"""What begins the report of what is missing at the stop."""

_FINDINGS: Final[dict[Finding, Label]] = {
    Finding.PENDING: Label(mark("still pending"), "triangle-alert", Tone.WARN),
    Finding.PENDING_AGAIN: Label(mark("pending again after completed"), "triangle-alert", Tone.WARN),
    Finding.NOT_READY: Label(mark("not ready"), "circle-pause", Tone.WARN),
    Finding.REMOVED: Label(mark("removed"), "circle-minus", Tone.WARN),
    Finding.REMOVED_AFTER_COMPLETED: Label(mark("removed after completed"), "circle-minus", Tone.BAD),
    Finding.COMPLETED_AGAINST_REPORT: Label(mark("completed, reported otherwise"), "triangle-alert", Tone.BAD),
    Finding.UNKNOWN_WORD: Label(mark("unknown status"), "circle-question-mark", Tone.WARN),
}
_COUNTED: Final[dict[Finding, str]] = {
    Finding.PENDING: mark("{some} of {all} still pending"),
    Finding.PENDING_AGAIN: mark("{some} of {all} pending again"),
    Finding.NOT_READY: mark("{some} of {all} not ready"),
    Finding.REMOVED: mark("{some} of {all} removed"),
    Finding.REMOVED_AFTER_COMPLETED: mark("{some} of {all} removed after completed"),
    Finding.COMPLETED_AGAINST_REPORT: mark("{some} of {all} completed by the feed"),
    Finding.UNKNOWN_WORD: mark("{some} of {all} with a status that is not known here"),
}
_DONE: Final = {StopKind.PICKUP: mark("{some} of {all} picked up"), StopKind.DELIVERY: mark("{some} of {all} delivered")}


class BoardPage(QWidget):
    copied = Signal(str)
    missing_asked = Signal(object)
    """StopKind: the report of what is missing there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.read_only = False
        """In an archive nothing is reported."""
        self.table = RowsTable("colli", tr("Colli"), HEADS, self, nothing=tr("Zendera named no products for this order."))
        self.table.copied.connect(self.copied)
        self._lines = {stop: _StopLine(stop, self) for stop in StopKind}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE, 0, 0)
        column.setSpacing(SPACE)
        for stop, line in self._lines.items():
            line.asked.connect(lambda stop=stop: self.missing_asked.emit(stop))
            column.addWidget(line)
        column.addWidget(self.table, 1)

    def say(self, shown: Board, fed_until: datetime | None, now: datetime) -> None:
        for stop, line in self._lines.items():
            line.say(shown, stop, fed_until, now, may_report=not self.read_only)
            line.setVisible(bool(shown.products) or shown.report(stop) is not None)
        self.table.show_rows([_row(product, fed_until) for product in shown.products])


class _StopLine(QFrame):
    """The stop, what is said of it, and the button that reports what is missing, where something is."""

    asked = Signal()

    def __init__(self, stop: StopKind, parent: QWidget) -> None:
        super().__init__(parent)
        name = labels.stop(stop).text
        self._said = Statement(name, f"board{stop.value.title()}", self, wrap=True)
        self._button = QToolButton(self)
        self._button.setObjectName(f"reportMissing{stop.value.title()}")
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._action = QAction(icon("message-square"), tr("Report it"), self)
        self._action.setShortcut(QKeySequence(KEYS[stop]))
        self._action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self._action.setToolTip(tr("Begins a report that names these products ({key})", key=KEYS[stop]))
        self._action.triggered.connect(self.asked)
        self._button.setDefaultAction(self._action)
        self._button.setAccessibleName(tr("Report what is missing: {stop}", stop=name))
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * SPACE, SPACE + 2, 2 * SPACE, SPACE + 2)
        row.addWidget(self._said, 1)
        row.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignTop)

    def say(self, shown: Board, stop: StopKind, fed_until: datetime | None, now: datetime, *, may_report: bool) -> None:
        label = stop_line(shown, stop, fed_until, now)
        self._said.say(label.icon, label.text, None if label.tone is Tone.NEUTRAL else label.tone)
        differs = any(product.at(stop).counts(fed_until) for product in shown.products)
        self._action.setEnabled(differs and may_report)
        self._button.setVisible(differs and may_report)
        self.setProperty("tone", label.tone.value)
        set_role(self, "notice" if differs else "surface")


def stop_line(shown: Board, stop: StopKind, fed_until: datetime | None, now: datetime) -> Label:
    """One sentence: what was reported, then what of it the feed bears out, or does not."""
    report, planned = shown.report(stop), [product for product in shown.products if product.planned]
    counted = _differences(shown, stop, fed_until)
    done = sum(product.at(stop).status is ProductStatus.COMPLETED for product in planned)
    parts = [*counted, *([] if counted and not done else [tr(_DONE[stop], some=done, all=len(planned))])] if planned else counted
    text = tr("{stop}: {reported}. Feed: {said}.", stop=labels.stop(stop).text, reported=_reported(report, now), said=", ".join(parts))
    if counted:
        grave = any(shown.found(stop, each, fed_until) and _FINDINGS[each].tone is Tone.BAD for each in Finding)
        return Label(text, "triangle-alert", Tone.BAD if grave else Tone.WARN)
    if planned and done == len(planned):
        return Label(text, "circle-check", Tone.GOOD)
    return Label(text, labels.stop(stop).icon, Tone.NEUTRAL)


def _differences(shown: Board, stop: StopKind, fed_until: datetime | None) -> list[str]:
    planned = sum(product.planned for product in shown.products)
    found = [(finding, shown.found(stop, finding, fed_until)) for finding in Finding]
    return [tr(_COUNTED[finding], some=some, all=max(some, planned)) for finding, some in found if some]


def _reported(report: Entry | None, now: datetime) -> str:
    if report is None:
        return tr("nothing reported from here")
    status = labels.report_status(report.status or Status.OTHER).text
    return tr("{status} sent {time}", status=status, time=when(report.ended_at or report.made_at, now))


def _row(product: Product, fed_until: datetime | None) -> Row:
    name = product.name or "–"
    about = product.number or product.barcode or (str(product.product_id) if product.product_id is not None else "")
    return (
        Cell(name if product.planned else tr("not in the order"), quiet=not product.planned),
        Cell(about),
        Cell(number(product.quantity)),
        _cell(product.pickup, StopKind.PICKUP, fed_until),
        _cell(product.delivery, StopKind.DELIVERY, fed_until),
    )


def _cell(spot: Spot, stop: StopKind, fed_until: datetime | None) -> Cell:
    """A product that the feed never named is not pending: nothing is known of it."""
    if spot.finding is not None and spot.counts(fed_until):
        found = _FINDINGS[spot.finding]
        word = labels.product_status(ProductStatus.UNKNOWN, stop, spot.word).text if spot.word else tr(found.text)
        return labelled(found._replace(text=word))
    if spot.finding is not None:
        return Cell(tr("waiting for the feed"), Label("", "clock", Tone.NEUTRAL), quiet=True)
    if spot.status is None:
        return Cell(tr("not seen yet"), quiet=True)
    said = labels.product_status(spot.status, stop, spot.word)
    return Cell(said.text, said._replace(tone=Tone.NEUTRAL), quiet=True)
