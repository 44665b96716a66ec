"""The parcels of a shipment: a row each, and under it a row for each thing its metadata says."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from zendera_desk.domain.shipment import Parcel
from zendera_desk.gui.format import number, weight
from zendera_desk.gui.shipment.names import in_words
from zendera_desk.gui.shipment.rows import Cell, Head, Row, RowsTable
from zendera_desk.gui.style import ROW, SPACE
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import mark, tr

_HEADS = (
    Head(mark("Name"), 200),
    Head(mark("Quantity"), 70, number=True),
    Head(mark("kg"), 64, number=True),
    Head(mark("L × W × H cm"), 130, number=True),
    Head(mark("m³"), 56, number=True),
    Head(mark("Barcode"), 170),
    Head(mark("Number"), 150),
)
_MOST = 14
"""Rows shown at once; beyond, the table scrolls by itself."""


class Parcels(QWidget):
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = PlainLabel("", self, role="heading")
        self.table = RowsTable("parcels", tr("Parcels"), _HEADS, self)
        self.table.copied.connect(self.copied)
        self._shown: tuple[Parcel, ...] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._heading)
        layout.addWidget(self.table)

    def say(self, parcels: tuple[Parcel, ...]) -> None:
        if parcels == self._shown:
            return
        self._shown = parcels
        self._heading.setText(tr("Parcels") if parcels else tr("No parcels given"))
        rows = parcel_rows(parcels)
        self.table.show_rows(rows)
        self.table.setVisible(bool(parcels))
        bars = self.table.horizontalScrollBar().sizeHint().height()
        self.table.setFixedHeight(self.table.horizontalHeader().height() + min(_MOST, len(rows)) * ROW + bars)


def parcel_rows(parcels: Sequence[Parcel]) -> list[Row]:
    return [row for parcel in parcels for row in _rows(parcel)]


def _rows(parcel: Parcel) -> Iterator[Row]:
    product = str(parcel.product_id) if parcel.product_id is not None else ""
    yield (
        Cell(parcel.name or parcel.description or "–"),
        Cell(number(parcel.quantity)),
        Cell(weight(parcel.weight_kg)),
        Cell(measures(parcel)),
        Cell(number(parcel.volume_m3)),
        Cell(parcel.barcode),
        Cell(parcel.internal_number or product),
    )
    if parcel.name and parcel.description:
        yield _said(tr("Description"), parcel.description)
    if parcel.internal_number and product:
        yield _said(tr("Product id"), product)
    for name, value in (*parcel.metadata, *parcel.contributor_metadata):
        yield _said(in_words(name), value)


def _said(name: str, value: str) -> Row:
    return (Cell("    " + name, quiet=True), Cell(value, spans=True), *([Cell()] * (len(_HEADS) - 2)))


def measures(parcel: Parcel) -> str:
    """ "120 × 80 × 145"; what is unknown is a dash, and nothing at all when all three are."""
    sides = (parcel.length_cm, parcel.width_cm, parcel.height_cm)
    return " × ".join(number(side) or "–" for side in sides) if any(side is not None for side in sides) else ""
