"""The table itself: keeps its place when rows come and go, and turns clicks on the painted buttons into wishes.

What a person sees must not jump under the mouse: a row that moved between looking and clicking would be accepted in
place of its neighbour. So the rows on screen stay where they are while others come above them.
"""

from typing import Final

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import View
from zendera_desk.gui.columns import COLUMNS
from zendera_desk.gui.shipments.above import Above
from zendera_desk.gui.shipments.buttons import WIDTH, RowButtons
from zendera_desk.gui.shipments.cells import ACTIONS, DIFFERING, KEYS
from zendera_desk.gui.shipments.columnmenu import ColumnMenu
from zendera_desk.gui.shipments.fit import fitting, offered, widths
from zendera_desk.gui.shipments.model import ShipmentsModel
from zendera_desk.gui.shipments.painting import RowsPainter
from zendera_desk.gui.style import ROW, SPACE, quiet_table
from zendera_desk.gui.widgets.cells import PAD
from zendera_desk.gui.words import tr

_STATE_VERSION: Final = 2
"""Of the saved column order: a saved state of other columns is not restored."""
_UP_DOWN: Final = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down})
_BELOW: Final = 50
"""How many of the rows below the caret are remembered, in case it leaves with some of them."""


class ShipmentsTable(QTableView):
    accept_clicked = Signal(object)
    fail_clicked = Signal(object)
    painted = Signal()
    """It stands there, as far as this program is concerned."""

    def __init__(self, model: ShipmentsModel, parent: QWidget | None = None, *, read_only: bool = False) -> None:
        super().__init__(parent)
        self._read_only = read_only
        self.setObjectName("shipments")
        self.setAccessibleName(tr("Shipments"))
        self._shipments = model
        self._anchor: list[tuple[OrderId, int, int]] = []
        """Of each row on screen: its order, where it stands, and which row it was."""
        self._below: list[OrderId] = []
        self._own_widths = self._own_columns = False
        """What the person chose by hand is not fitted any more."""
        self._fitting = False
        self._fitted: dict[str, int] = {}
        self._sort_by_nothing()
        self.setModel(model)
        self._look()
        self._columns()
        self._buttons = RowButtons(self, read_only=read_only)
        self._buttons.accept_clicked.connect(self.accept_clicked)
        self._buttons.fail_clicked.connect(self.fail_clicked)
        self._rows = RowsPainter(self, model, self._buttons)
        self.above = Above(self)
        model.stepping.connect(self._hold_place)
        model.answered.connect(self._keep_place)
        model.answered.connect(self._fit)

    def _look(self) -> None:
        # Python's own: of Qt's, the first time that it is asked for, PySide tries every class of widgets there is (12 ms of a start).
        ground = QWidget()
        ground.setBackgroundRole(QPalette.ColorRole.Base)
        ground.setAutoFillBackground(True)
        self.setViewport(ground)
        quiet_table(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def _sort_by_nothing(self) -> None:
        """Before there is a model: it would be asked for its rows in this order, and reads them as soon as there is an account."""
        header = self.horizontalHeader()
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def _columns(self) -> None:
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setMinimumSectionSize(36)
        # One of its own, that stays empty: with each title it paints Qt asks of every selected row whether the whole column is selected.
        header.setSelectionModel(QItemSelectionModel(self._shipments, header))
        for place, column in enumerate(COLUMNS):
            header.resizeSection(place, column.width)
        header.sectionResized.connect(self._resized)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._column_menu)

    # Place

    def _hold_place(self) -> None:
        """Remembers the rows on screen and where they stand, unless the person rests at the top and waits for new ones."""
        current = self.currentIndex().row()
        self._below = list(self._shipments.ids[current : current + _BELOW]) if current >= 0 else []
        self._anchor = []
        if not self._shipments.rowCount() or (self.verticalScrollBar().value() == 0 and not self.viewport().underMouse()):
            return
        for row in range(max(0, self.rowAt(0)), self._shipments.rowCount()):
            place = self.rowViewportPosition(row)
            if place > self.viewport().height():
                break
            order_id = self._shipments.order_at(row)
            if order_id is not None:
                self._anchor.append((order_id, place, row))

    def _keep_place(self) -> None:
        for order_id, place, row_before in self._anchor:
            row = self._shipments.row_of(order_id)
            if row is not None:
                self.executeDelayedItemsLayout()
                self.updateGeometries()
                self.verticalScrollBar().setValue(row * ROW - place)
                self.above.count(row - row_before)
                break
        self._anchor = []
        self._keep_caret()

    def _keep_caret(self) -> None:
        """When the caret's row has left, the caret falls on the row below it (Qt takes the one above). Nothing is selected by that."""
        if not self._below or self._shipments.row_of(self._below[0]) is not None:
            return
        rows = (self._shipments.row_of(order_id) for order_id in self._below)
        row = next((row for row in rows if row is not None), self._shipments.rowCount() - 1)
        self.selectionModel().setCurrentIndex(self._shipments.index(row, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
        self._below = []

    # Keys and mouse

    def keyboardSearch(self, _search: str) -> None:
        """Letters are commands here; Qt would jump to a row that begins with them."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """When the selected row has left the list, the first arrow selects the row the caret fell on, and does not skip it."""
        if event.key() in _UP_DOWN and self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self.selectRow(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._buttons.press(event.position().toPoint(), event.button()):
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second click on a row's button is not a double click on the row."""
        if self.columnAt(int(event.position().x())) == ACTIONS:
            self._buttons.press(event.position().toPoint(), event.button())
            event.accept()
            return
        super().mouseDoubleClickEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._buttons.release(event.position().toPoint()):
            event.accept()
            return
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position().toPoint())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(QPoint(-1, -1))
        super().leaveEvent(event)

    def _point_at(self, point: QPoint) -> None:
        """The whole row under the pointer is lit, not one cell of it."""
        row = self.rowAt(point.y()) if point.y() >= 0 else -1
        before = self._rows.hovered
        if row != before:
            self._rows.hovered = row
            for each in (before, row):
                if each >= 0:
                    self.viewport().update(0, self.rowViewportPosition(each), self.viewport().width(), ROW)
        self._buttons.hover(point)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        self._rows.paint(painter, event.rect())
        painter.end()
        self.painted.emit()

    def sizeHintForColumn(self, column: int) -> int:
        """For a double click on the edge of its title."""
        return WIDTH if column == ACTIONS else super().sizeHintForColumn(column)

    # Columns

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _resized(self, _section: int, _old: int, new: int) -> None:
        if not self._fitting and new:
            self._own_widths = True

    def _fit(self) -> None:
        """Shares the width out, until the person chooses columns or widths: then the columns, or all of it, stay as they are."""
        if self._own_widths:
            return
        room = self._room()
        columns = offered(self._shipments.view, room, read_only=self._read_only)
        if self._own_columns:
            columns = [column for column in COLUMNS if not self.isColumnHidden(KEYS.index(column.key))]
        order = self._order_width()
        columns = [each._replace(least=order, width=order + SPACE) if each.key == "order" else each for each in columns]
        shown = columns if self._own_columns else fitting(room, columns)
        found = widths(room, shown)
        if found == self._fitted:
            return
        self._fitted = found
        self._fitting = True
        for place, column in enumerate(COLUMNS):
            self.setColumnHidden(place, column.key not in found)
            if column.key in found:
                self.horizontalHeader().resizeSection(place, found[column.key])
        self._fitting = False
        self.updateGeometries()  # now, or a scroll bar for the widths before would be seen for a moment

    def _room(self) -> int:
        """By the size of the list and its rows alone. The viewport's width hangs on the scroll bars, and those on the columns: where
        the shortest words do not fit and the rows just do, each made the other go and come, in one event after the other, for ever.
        """
        most = self.maximumViewportSize()
        scrolls = self.verticalHeader().length() > most.height()
        return most.width() - (self.verticalScrollBar().sizeHint().width() if scrolls else 0)

    def _order_width(self) -> int:
        """Wide enough for the longest number of the view: it is what people read out on the phone."""
        longest = str(self._shipments.ids.largest)
        return max(COLUMNS[KEYS.index("order")].least, self.fontMetrics().horizontalAdvance(longest) + 2 * PAD)

    def _column_menu(self, point: QPoint) -> ColumnMenu:
        menu = ColumnMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.horizontalHeader().mapToGlobal(point))
        return menu

    def offer_columns(self) -> None:
        """By key: under the headers, with the first of it chosen."""
        menu = self._column_menu(QPoint(0, self.horizontalHeader().height()))
        menu.setActiveAction(menu.actions()[1])

    @property
    def fits_by_itself(self) -> bool:
        return not (self._own_columns or self._own_widths)

    def may_show(self, place: int) -> bool:
        """What differs is read for the one view that shows it."""
        return place != DIFFERING or self._shipments.view is View.DIFFERENCES

    def choose_column(self, place: int, *, shown: bool) -> None:
        self._own_columns = True
        self._fitting = True
        self.setColumnHidden(place, not shown)
        self._fitting = False
        self._fit_anew()

    def fit_by_itself(self) -> None:
        self._own_columns = self._own_widths = False
        self._fit_anew()

    def _fit_anew(self) -> None:
        """Whatever was fitted before: a hand has changed it since."""
        self._fitted = {}
        self._fit()

    def save_state(self) -> bytes:
        """Which columns, how wide and in which order, what they are sorted by, and how much of that the person chose."""
        keys = ",".join(column.key for column in COLUMNS)
        own = f"{int(self._own_widths)}{int(self._own_columns)}"
        return f"{_STATE_VERSION}|{own}|{keys}|".encode() + bytes(self.horizontalHeader().saveState().data())

    def restore_state(self, state: bytes) -> bool:
        """False, and nothing changed, when it was saved by other columns."""
        head, _, rest = state.partition(b"|")
        own, _, rest = rest.partition(b"|")
        keys, _, saved = rest.partition(b"|")
        if (head, keys) != (str(_STATE_VERSION).encode(), ",".join(column.key for column in COLUMNS).encode()):
            return False
        self._fitting = True
        restored = self.horizontalHeader().restoreState(saved)
        self._fitting = False
        self._own_widths, self._own_columns = restored and own[:1] == b"1", restored and own[1:] == b"1"
        self._fit_anew()
        return restored
