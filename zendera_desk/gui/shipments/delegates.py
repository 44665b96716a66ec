"""How the list's own cells are painted: the state as icons and words, the two buttons of a row.

Widgets in cells do not scale to ten thousand rows, so the buttons are painted. They are a convenience for the mouse: the
same actions stand in toolbar, menus and keys, where assistive tools see them.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Final, NamedTuple

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.standing import may_fail
from zendera_desk.domain.views import ShipmentLine
from zendera_desk.gui import icons, style
from zendera_desk.gui.labels import Label
from zendera_desk.gui.shipments.cells import ALIGNMENTS, LINE_ROLE, MARKS_ROLE
from zendera_desk.gui.shipments.model import ShipmentsModel
from zendera_desk.gui.style import RADIUS, SPACE, Tone
from zendera_desk.gui.widgets.cells import PAD, Index, paint_caret, paint_ground
from zendera_desk.gui.words import tr

_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_ICON: Final = 14
_BEGINNING: Final = 72
"""Pixels of words."""
_LOUD: Final = frozenset({Tone.BAD, Tone.WARN})
"""Tones whose words are coloured too; the others leave it to their icon, or the list would be a carnival."""


class TextDelegate(QStyledItemDelegate):
    """Words and nothing else, asked of the model itself: through Qt each question costs as much as drawing the words."""

    def __init__(self, model: ShipmentsModel, parent: QTableView) -> None:
        super().__init__(parent)
        self._shipments = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        paint_ground(painter, option, index)
        paint_caret(painter, option, index)
        column = index.column()
        text = self._shipments.text_at(index.row(), column)
        if text:
            room = option.rect.adjusted(PAD, 0, -PAD, 0)
            painter.setPen(style.token("text"))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, ALIGNMENTS[column], shown)


Sharing = Callable[[list[int], int], list[int]]
"""How wide each word is, of the widths it wants and the room there is."""


class MarksDelegate(QStyledItemDelegate):
    """Icons, each with its word."""

    def __init__(self, shared: Sharing, parent: QTableView) -> None:
        super().__init__(parent)
        self._shared = shared

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        paint_ground(painter, option, index)
        paint_caret(painter, option, index)
        marks: tuple[Label, ...] = index.data(MARKS_ROLE) or ()
        room = option.rect.adjusted(PAD, 0, -SPACE, 0)
        metrics = painter.fontMetrics()
        icons_and_gaps = len(marks) * (_ICON + SPACE) + max(0, len(marks) - 1) * 2 * SPACE
        # One more than Qt says: it rounds down, and would find that a word does not fit into its own width.
        words = self._shared([metrics.horizontalAdvance(mark.text) + 1 for mark in marks], room.width() - icons_and_gaps)
        left = room.x()
        for place, (mark, width) in enumerate(zip(marks, words, strict=True)):
            icons.paint(painter, mark.icon, mark.tone, QRect(left, room.y(), _ICON, room.height()), _ICON)
            left += _ICON + SPACE
            painter.setPen(style.colour(mark.tone) if mark.tone in _LOUD else style.token("muted" if place else "text"))
            area = QRect(left, room.y(), width, room.height())
            painter.drawText(area, _LEFT, metrics.elidedText(mark.text, Qt.TextElideMode.ElideRight, width))
            left += width + 2 * SPACE


def in_turn(widths: list[int], room: int) -> list[int]:
    """What comes first is said whole before anything is said of the next, which keeps room for its beginning."""
    least = [min(width, _BEGINNING) for width in widths]
    over = max(0, room) - sum(least)
    shared = []
    for width, beginning in zip(widths, least, strict=True):
        more = max(0, min(width - beginning, over))
        over -= more
        shared.append(max(0, beginning + more))
    return shared


def by_length(widths: list[int], room: int) -> list[int]:
    """Where there is too little room the longest word gives way, and the short ones stay whole."""
    shared = list(widths)
    while sum(shared) > max(0, room) and any(shared):
        longest = max(range(len(shared)), key=shared.__getitem__)
        second = max((width for place, width in enumerate(shared) if place != longest), default=0)
        over = sum(shared) - max(0, room)
        shared[longest] = max(0, shared[longest] - min(over, max(1, shared[longest] - second)))
    return shared


class _Button(StrEnum):
    ACCEPT = "accept"
    FAIL = "fail"


class _Spot(NamedTuple):
    order_id: OrderId
    button: _Button


class ActionsDelegate(QStyledItemDelegate):
    """[Accept] [Fail…] in the rows that wait for an answer. A click counts only if press and release meet the same order."""

    accept_clicked = Signal(object)
    fail_clicked = Signal(object)

    def __init__(self, parent: QTableView, *, read_only: bool = False) -> None:
        super().__init__(parent)
        self._read_only = read_only
        self._hot: _Spot | None = None
        self._pressed: _Spot | None = None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        paint_ground(painter, option, index)
        line: ShipmentLine | None = index.data(LINE_ROLE)
        if line is None or self._read_only:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for button, area in _areas(option.rect, line).items():
            self._paint_button(painter, _Spot(line.order_id, button), area)
        painter.restore()

    def _paint_button(self, painter: QPainter, spot: _Spot, area: QRect) -> None:
        hot, pressed = spot == self._hot, spot == self._pressed
        painter.setPen(QPen(style.token("edge" if hot else "line"), 1))
        painter.setBrush(style.token("pressed" if hot and pressed else "hover" if hot else "raised"))
        painter.drawRoundedRect(area.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), RADIUS - 1, RADIUS - 1)
        accept = spot.button is _Button.ACCEPT
        painter.setPen(style.colour(Tone.ACCENT) if accept else style.token("text"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("Accept") if accept else tr("Fail…"))

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(120, option.rect.height())

    def helpEvent(self, *_event: object) -> bool:
        """No tool tip: the words are on the buttons."""
        return False

    # The table hands its mouse events on, because a delegate sees none of them where nothing can be edited.

    def hover(self, table: QTableView, point: QPoint) -> None:
        hot = _spot(table, point)
        if hot != self._hot:
            self._hot = hot
            table.update(table.indexAt(point))

    def press(self, table: QTableView, point: QPoint, button: Qt.MouseButton) -> bool:
        """True when it was a button's: the row is not selected by it."""
        self._pressed = _spot(table, point) if button == Qt.MouseButton.LeftButton and not self._read_only else None
        if self._pressed is None:
            return False
        table.viewport().update()
        return True

    def release(self, table: QTableView, point: QPoint) -> bool:
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            return False
        table.viewport().update()
        if _spot(table, point) == pressed:
            (self.accept_clicked if pressed.button is _Button.ACCEPT else self.fail_clicked).emit(pressed.order_id)
        return True


def _areas(cell: QRect, line: ShipmentLine) -> dict[_Button, QRect]:
    """In the rows that wait for an answer."""
    if not may_fail(line):
        return {}
    height = min(22, cell.height() - 6)
    top = cell.y() + (cell.height() - height) // 2
    return {
        _Button.ACCEPT: QRect(cell.x() + SPACE, top, 60, height),
        _Button.FAIL: QRect(cell.x() + SPACE + 60 + SPACE, top, 48, height),
    }


def _spot(table: QTableView, point: QPoint) -> _Spot | None:
    index = table.indexAt(point)
    if not index.isValid() or not isinstance(table.itemDelegateForIndex(index), ActionsDelegate):
        return None
    line: ShipmentLine | None = index.data(LINE_ROLE)
    if line is None:
        return None
    areas = _areas(table.visualRect(index), line)
    return next((_Spot(line.order_id, button) for button, area in areas.items() if area.contains(point)), None)
