"""The colli page: a line for each stop that says what was reported and what the product feed says, and under it product by product.

What agrees is quiet. Only what does not fit stands out, by icon, word and colour. One key begins the report that says so; another says
that it was looked at and nothing needs to be done. What the feed cannot tell is no difference: it says so, and stays quiet.
"""

from datetime import datetime
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zendera_desk.domain.board import Board, Finding, Product, Spot
from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.outbox import Entry
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.gui import findings, labels
from zendera_desk.gui.format import number, when
from zendera_desk.gui.labels import Label
from zendera_desk.gui.shipment.atstop import StopLine
from zendera_desk.gui.shipment.rows import Cell, Head, Row, RowsTable, labelled
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.words import mark, tr

HEADS: Final = (
    Head(mark("Product"), 180),
    Head(mark("Number"), 130),
    Head(mark("Planned"), 76, number=True),
    Head(mark("Pickup"), 210),
    Head(mark("Delivery"), 210),
)
_DONE: Final = {StopKind.PICKUP: mark("{some} of {all} picked up"), StopKind.DELIVERY: mark("{some} of {all} delivered")}


class BoardPage(QWidget):
    copied = Signal(str)
    missing_asked = Signal(object)
    """StopKind: the report of what is missing there."""
    seen_asked = Signal(object, object, object)
    """StopKind, Board, and up to when all of the feed was here: what is shown there needs nothing to be done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.read_only = False
        """In an archive nothing is reported."""
        self._shown: tuple[Board, datetime | None] = (Board(), None)
        self.table = RowsTable("colli", tr("Colli"), HEADS, self, nothing=tr("Zendera named no products for this order."))
        self.table.copied.connect(self.copied)
        self._lines = {stop: StopLine(stop, self) for stop in StopKind}
        column, stops = QVBoxLayout(self), QVBoxLayout()
        column.setContentsMargins(0, SPACE, 0, 0)
        column.setSpacing(SPACE)
        stops.setContentsMargins(3 * SPACE, 0, 3 * SPACE, 0)
        stops.setSpacing(SPACE)
        for stop, line in self._lines.items():
            line.report_asked.connect(lambda stop=stop: self.missing_asked.emit(stop))
            line.seen_asked.connect(lambda stop=stop: self.seen_asked.emit(stop, *self._shown))
            stops.addWidget(line)
            line.hide()
        column.addLayout(stops)
        column.addWidget(self.table, 1)
        self.setFocusProxy(self.table)

    def say(self, shown: Board, fed_until: datetime | None, now: datetime) -> None:
        self._shown = shown, fed_until
        may_act = not self.read_only
        differ = [stop for stop in StopKind if may_act and shown.may_acknowledge(stop, fed_until)]
        for stop, line in self._lines.items():
            line.say(stop_line(shown, stop, fed_until, now), may_act=stop in differ, has_key=differ[:1] == [stop])
            line.setVisible(bool(shown.products) or shown.report(stop) is not None)
        self.table.show_rows([_row(product, fed_until) for product in shown.products])


def stop_line(shown: Board, stop: StopKind, fed_until: datetime | None, now: datetime) -> Label:
    """One sentence or two: what was reported, then what of it the feed bears out, or does not."""
    differing = [each for each in shown.differing(fed_until) if each.stop is stop]
    parts = [*(findings.counted(each) for each in differing), *_done(shown, stop, fed_until)]
    text = tr("{stop}: {reported}.", stop=labels.stop(stop).text, reported=_reported(shown.report(stop), now))
    if parts:
        text += " " + tr("Feed: {said}.", said=", ".join(parts))
    if differing:
        return Label(text, "triangle-alert", findings.tone(differing))
    planned = [product.at(stop) for product in shown.products if product.planned]
    if planned and all(spot.status is ProductStatus.COMPLETED for spot in planned):
        return Label(text, "circle-check", Tone.GOOD)
    return Label(text, labels.stop(stop).icon, Tone.NEUTRAL)


def _done(shown: Board, stop: StopKind, fed_until: datetime | None) -> list[str]:
    """What is as it should be, or is known; and where the feed has not said a word yet, that."""
    planned = [product.at(stop) for product in shown.products if product.planned]
    others = sum(product.at(stop).status is not None for product in shown.products if not product.planned)
    done = sum(spot.status is ProductStatus.COMPLETED for spot in planned)
    blind = sum(spot.finding is Finding.CANNOT_TELL for spot in planned)
    known = shown.acknowledged(stop)
    counts = shown.may_acknowledge(stop, fed_until)
    waits = sum(spot.may_count and not spot.counts(fed_until) for spot in planned)
    said = [tr(_DONE[stop], some=done, all=len(planned))] if done else []
    if waits and any(spot.status is not None for spot in planned):
        said.append(tr("waiting for {some} of {all}", some=waits, all=len(planned)))
    elif not (done or counts or known or others) and blind < len(planned):
        said.append(tr("nothing said yet"))
    said += [tr("cannot tell about {n} product(s)", n=blind)] if blind else []
    said += [tr("{n} not in the order", n=others)] if others and not counts else []
    return said + ([tr("{n} looked at", n=known)] if known else [])


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
    if spot.finding is not None and (spot.counts(fed_until) or spot.acknowledged or spot.finding is Finding.CANNOT_TELL):
        found = findings.found(spot.finding)
        word = labels.product_status(ProductStatus.UNKNOWN, stop, spot.word).text if spot.word else found.text
        if spot.acknowledged:
            return Cell(tr("{what} · looked at", what=word), Label("", "check", Tone.NEUTRAL), quiet=True)
        return labelled(found._replace(text=word))._replace(quiet=spot.finding is Finding.CANNOT_TELL)
    waits = Label("", "clock", Tone.NEUTRAL) if spot.finding is not None else None
    if spot.status is None:
        return Cell(tr("waiting for the feed") if waits else tr("not seen yet"), waits, quiet=True)
    said = labels.product_status(spot.status, stop, spot.word)
    if waits:
        return Cell(tr("{what} so far", what=said.text), waits, quiet=True)
    return Cell(said.text, said._replace(tone=Tone.NEUTRAL), quiet=True)
