"""A small table for the pages of the open shipment: rows of ready words, copied cell by cell, kept in place by a refresh."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QTableView, QWidget

from zendera_desk.gui import style
from zendera_desk.gui.format import visible
from zendera_desk.gui.icons import icon
from zendera_desk.gui.labels import Label
from zendera_desk.gui.style import quiet_table
from zendera_desk.gui.widgets.cells import RowDelegate
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.words import tr

_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_DECORATION: Final = int(Qt.ItemDataRole.DecorationRole)
_TOOL_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
_ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)
_FOREGROUND: Final = int(Qt.ItemDataRole.ForegroundRole)
_ROLES: Final = frozenset({_DISPLAY, _DECORATION, _TOOL_TIP, _ALIGNMENT, _FOREGROUND})
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


_SHORTEST: Final = 0.6
"""Of their usual width; with less the words could not be read."""


class Cell(NamedTuple):
    text: str = ""
    mark: Label | None = None
    """Its icon stands before the text."""
    quiet: bool = False
    spans: bool = False
    """It reaches over the columns to its right, which are empty."""
    about: object = None
    """What its row is about, in the first cell."""


class Head(NamedTuple):
    title: str
    width: int
    number: bool = False


Row = tuple[Cell, ...]


def labelled(label: Label) -> Cell:
    return Cell(label.text, label)


class RowsModel(QAbstractTableModel):
    def __init__(self, heads: Sequence[Head], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads = tuple(heads)
        self._rows: list[Row] = []

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Selection and scroll position stay: rows are added or removed at the end, and the others read again."""
        fresh = list(rows)
        if fresh == self._rows:
            return
        had, has = len(self._rows), len(fresh)
        if has < had:
            self.beginRemoveRows(_ROOT, has, had - 1)
            self._rows = self._rows[:has]
            self.endRemoveRows()
        elif has > had:
            self.beginInsertRows(_ROOT, had, has - 1)
            self._rows = fresh
            self.endInsertRows()
        self._rows = fresh
        if fresh:
            self.dataChanged.emit(self.index(0, 0), self.index(has - 1, len(self._heads) - 1))

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._heads)

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        if role not in _ROLES:
            return None
        cell = self._rows[index.row()][index.column()]
        if role == _ALIGNMENT:
            return _RIGHT if self._heads[index.column()].number and not cell.spans else _LEFT
        if role == _DISPLAY:
            return visible(cell.text)
        if role == _TOOL_TIP:
            return plain_tip(cell.text) or None
        if role == _DECORATION:
            return _icon_of(cell.mark)
        return _ink(cell)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._heads):
            return None
        if role == _DISPLAY:
            return tr(self._heads[section].title)
        return (_RIGHT if self._heads[section].number else _LEFT) if role == _ALIGNMENT else None


def _icon_of(mark: Label | None) -> QIcon | None:
    return icon(mark.icon, mark.tone) if mark is not None else None


def _ink(cell: Cell) -> QColor | None:
    return style.token("muted") if cell.quiet else None


def show_caret(view: QAbstractItemView) -> None:
    """Qt puts it on the first row for whoever comes by key, but not when the rows come after them. Nothing is chosen by that."""
    first = view.model().index(0, 0)
    if not view.currentIndex().isValid() and first.isValid():
        view.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)


class RowsTable(QTableView):
    """Ctrl+C and the context menu copy the cell, or the whole row."""

    copied = Signal(str)

    def __init__(self, name: str, accessible: str, heads: Sequence[Head], parent: QWidget | None = None, *, nothing: str = "") -> None:
        super().__init__(parent)
        self._nothing = nothing
        self.setItemDelegate(RowDelegate(self))
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.rows = RowsModel(heads, self)
        self.setModel(self.rows)
        quiet_table(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self._heads = tuple(heads)
        self._fitting = self._own_widths = False
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().sectionResized.connect(self._resized)
        self._fit()

    def show_rows(self, rows: Sequence[Row]) -> None:
        self.clearSpans()
        self.rows.show_rows(rows)
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell.spans:
                    self.setSpan(place, column, 1, len(row) - column)
        if self.hasFocus():
            show_caret(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _resized(self, section: int, _old: int, _new: int) -> None:
        """The last one stretches by itself; any other was drawn by a person, and nothing is fitted from then on."""
        if not self._fitting and section + 1 < len(self._heads):
            self._own_widths = True

    def _fit(self) -> None:
        """The columns of words share the room, so that no page has to be scrolled sideways; figures keep their width."""
        if self._own_widths:
            return
        figures = sum(head.width for head in self._heads if head.number)
        words = sum(head.width for head in self._heads) - figures
        part = max(_SHORTEST, (self.viewport().width() - figures) / max(1, words))
        self._fitting = True
        for place, head in enumerate(self._heads):
            self.horizontalHeader().resizeSection(place, head.width if head.number else int(head.width * part))
        self._fitting = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._nothing and not self.rows.rows:
            painter = QPainter(self.viewport())
            painter.setPen(style.token("muted"))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self._nothing)
            painter.end()

    def copy_cell(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            self._copy(self.rows.rows[index.row()][index.column()].text)

    def copy_row(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            self._copy("\t".join(cell.text for cell in self.rows.rows[index.row()]))

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(text)

    def _menu(self, point: QPoint) -> None:
        if not self.indexAt(point).isValid():
            return
        menu = QMenu(self)
        cell = menu.addAction(icon("copy"), tr("Copy"))
        cell.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        cell.triggered.connect(self.copy_cell)
        menu.addAction(tr("Copy row")).triggered.connect(self.copy_row)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.viewport().mapToGlobal(point))
