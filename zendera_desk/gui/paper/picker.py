"""Which shipment is this? A field that finds while a person types, and the best finds under it. Enter takes the first.

The list stands in its place and pops up over nothing, so that the picture stays in sight, and Enter does what can be seen.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import ShipmentLine, View
from zendera_desk.gui import labels, style
from zendera_desk.gui.format import visible
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import RADIUS, ROW, SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr

MOST: Final = 6
"""Finds that are shown. Who does not see theirs types one letter more."""
_PAUSE: Final = 120
"""Milliseconds after the last key: a number typed fast is one search."""
_LINE_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_MOVES: Final = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


class FindsShipments(Protocol):
    """What of the desk it reads."""

    async def shipment_ids(self, view: View, text: str = "") -> list[OrderId]: ...
    async def shipment_lines(self, ids: Sequence[OrderId]) -> list[ShipmentLine]: ...


class ShipmentPicker(QWidget):
    picked = Signal(object)
    """OrderId."""
    left = Signal()
    """Esc in the empty field."""

    def __init__(self, desk: FindsShipments, spawn: Spawn, parent: QWidget | None = None, *, most: int = MOST) -> None:
        super().__init__(parent)
        self._desk, self._spawn, self._most = desk, spawn, most
        self._offered: tuple[OrderId, ...] = ()
        self._asked = self._answered = 0
        self._enter_waits = False
        self.field = named(QLineEdit(self), "belongsTo", tr("Belongs to"))
        self.field.setPlaceholderText(tr("Order, reference, name or postcode"))
        self.field.setMaxLength(200)
        self.found = named(QListWidget(self), "suggestions", tr("Suggestions"))
        self.found.setItemDelegate(_FoundDelegate(self.found))
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.found.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.found.setMouseTracking(True)
        self.nothing = PlainLabel("", self, role="small", wrap=True)
        self._pause = QTimer(self, interval=_PAUSE, singleShot=True)
        self._pause.timeout.connect(self._search)
        self.field.textEdited.connect(self._typed)
        self.field.textChanged.connect(lambda text: None if text else self._search())
        self.field.installEventFilter(self)
        self.found.itemClicked.connect(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self.field)
        layout.addWidget(self.found)
        layout.addWidget(self.nothing)
        self.setFocusProxy(self.field)
        self._show(())

    def offer(self, orders: Sequence[OrderId]) -> None:
        """What is likely, shown while nothing is typed. What was typed for the page before is gone."""
        if self._offered != tuple(orders):
            self._show(())  # what was offered before is of another document
        self._offered = tuple(orders)
        self._enter_waits = False
        if self.field.text():
            self.field.clear()
        else:
            self._search()

    def begin(self, text: str) -> None:
        """A person began to type elsewhere."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.setText(self.field.text() + text)
        self._typed(self.field.text())

    @property
    def only_one(self) -> bool:
        """Whether there is nothing to choose from."""
        return self.found.count() == 1 and not self._is_looking

    def take_best(self) -> bool:
        """Takes the find that is marked; if the search is still under way, as soon as it is done, if it finds one alone."""
        if self._is_looking:
            self._enter_waits = True
            if self._pause.isActive():
                self._search()
            return True
        item = self.found.currentItem()
        if item is not None:
            self._take(item)
        return item is not None

    @property
    def _is_looking(self) -> bool:
        """What is shown was found for something else."""
        return self._pause.isActive() or self._answered != self._asked

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.field or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride:
            if event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
            return False
        return event.type() == QEvent.Type.KeyPress and self._pressed(event)

    def _pressed(self, event: QKeyEvent) -> bool:
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        if event.key() in _ENTER:
            self.take_best()
        elif event.key() in _MOVES:
            by = -1 if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_PageUp} else 1
            self.found.setCurrentRow(min(max(0, self.found.currentRow() + by), self.found.count() - 1))
        elif event.key() == Qt.Key.Key_Escape:
            if self.field.text():
                self.field.clear()
            else:
                self.left.emit()
        else:
            return False
        return True

    # Finding

    def _typed(self, _text: str) -> None:
        self._enter_waits = False
        self._pause.start()

    def _search(self) -> None:
        self._pause.stop()
        self._asked += 1
        self._spawn(self._find(self.field.text().strip(), self._asked), "find a shipment")

    async def _find(self, text: str, asked: int) -> None:
        try:
            lines = await self._lines(text)
        finally:
            if asked == self._asked:
                self._answered = asked
        if asked != self._asked:
            return
        self._show(lines)
        waited, self._enter_waits = self._enter_waits, False
        if waited and self.found.count() == 1:
            self._take(self.found.item(0))

    async def _lines(self, text: str) -> list[ShipmentLine]:
        ids = (await self._desk.shipment_ids(View.ALL, text))[: self._most] if text else list(self._offered[: self._most])
        lines = {line.order_id: line for line in await self._desk.shipment_lines(ids)}
        return [lines[order] for order in ids if order in lines]

    def _show(self, lines: Sequence[ShipmentLine]) -> None:
        self.found.clear()
        for line in lines:
            item = QListWidgetItem(self.found)
            item.setData(_LINE_ROLE, line)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _spoken(line))
        self.found.setVisible(bool(lines))
        self.found.setFixedHeight(len(lines) * ROW + 2)
        self.found.setCurrentRow(0 if lines else -1)
        nothing = bool(self.field.text().strip()) and not lines
        self.nothing.setText(tr("No shipment here has this.") if nothing else "")
        self.nothing.setVisible(nothing)

    def _take(self, item: QListWidgetItem) -> None:
        line: ShipmentLine = item.data(_LINE_ROLE)
        self._pause.stop()
        self._asked += 1
        self._answered = self._asked  # what is still being looked for is not wanted any more
        self.picked.emit(line.order_id)


def _place(line: ShipmentLine) -> str:
    place = " ".join(part for part in (line.delivery_postal_code, line.delivery_city) if part)
    return ", ".join(visible(part) for part in (line.delivery_name, place) if part)


def _spoken(line: ShipmentLine) -> str:
    return ", ".join(part for part in (_number(line), _place(line), labels.phase(line.phase, line.exception, line.strikes).text) if part)


def _number(line: ShipmentLine) -> str:
    return visible(line.order_number) or str(line.order_id)


class _FoundDelegate(QStyledItemDelegate):
    """The number strong, who and where beside it, and at the end where the shipment stands."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        line: ShipmentLine = index.data(_LINE_ROLE)
        area: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, under = option.state & QStyle.StateFlag.State_Selected, option.state & QStyle.StateFlag.State_MouseOver
        if chosen or under:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.token("selection" if chosen else "hover"))
            painter.drawRoundedRect(area.adjusted(0, 1, 0, -1), RADIUS, RADIUS)
        room = area.adjusted(2 * SPACE, 0, -2 * SPACE, 0)
        phase = labels.phase(line.phase, line.exception, line.strikes).text
        painter.setFont(style.font_small())
        painter.setPen(style.token("muted"))
        painter.drawText(room, _RIGHT, phase)
        room.setRight(room.right() - painter.fontMetrics().horizontalAdvance(phase) - 3 * SPACE)
        painter.setFont(style.font_strong())
        painter.setPen(style.token("text"))
        number = _number(line)
        painter.drawText(room, _LEFT, number)
        room.setLeft(room.left() + painter.fontMetrics().horizontalAdvance(number) + 3 * SPACE)
        painter.setFont(style.font_body())
        painter.drawText(room, _LEFT, painter.fontMetrics().elidedText(_place(line), Qt.TextElideMode.ElideRight, room.width()))
        painter.restore()
