"""How a cell of the grid looks, and what it is typed in with: the form's own fields, so that a time means the same in both."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from zendera_desk.domain.bulk import LONGEST_CELL
from zendera_desk.gui import icons, style
from zendera_desk.gui.bulk import words
from zendera_desk.gui.bulk.model import COLUMNS, FIELD, WRONG
from zendera_desk.gui.report.parts import CommentField
from zendera_desk.gui.style import RADIUS, ROW, SPACE, Tone
from zendera_desk.gui.widgets.cells import PAD
from zendera_desk.gui.widgets.time_field import TimeField
from zendera_desk.gui.words import tr

Index = QModelIndex | QPersistentModelIndex

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_INK: Final = int(Qt.ItemDataRole.ForegroundRole)
_ICON: Final = int(Qt.ItemDataRole.DecorationRole)


class GridDelegate(QStyledItemDelegate):
    """`planned` gives the day of a row's stop, for `d1430`. Enter and Tab end typing and say which way to go on."""

    moved = Signal(int, int)
    """Rows down, cells to the right."""
    typing = Signal(object)
    """The editor whose text changed, or None when it is closed."""

    def __init__(
        self, now: Callable[[], datetime], zone: tzinfo, planned: Callable[[int], date | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._now, self._zone, self._planned = now, zone, planned
        self.editor: QWidget | None = None
        self._row = 0
        """The editor's."""
        self._is_new = False
        """It does not have the cell's text yet."""
        self.closeEditor.connect(self.forget_editor)

    # Typing

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        name = COLUMNS[index.column()]
        editor = self._made(name, parent, index.row())
        editor.setObjectName(name)
        editor.setAccessibleName(tr(words.TITLES[name]))
        self.editor, self._row, self._is_new = editor, index.row(), True
        return editor

    def _made(self, name: str, parent: QWidget, row: int) -> QWidget:
        if name == "comment":
            comment = CommentField(parent)
            comment.textChanged.connect(lambda: self.typing.emit(comment))
            return comment
        if name != "time":
            field = QLineEdit(parent)
            field.setMaxLength(LONGEST_CELL)
            field.textChanged.connect(lambda _text: self.typing.emit(field))
            return field
        time = TimeField(self._now, self._zone, parent)
        time.planned = self._planned(row)
        time.textChanged.connect(lambda _text: self.typing.emit(time))
        return time

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Once: Qt asks for it at every refresh of the table too, which would take away what is being typed."""
        if not self._is_new:
            return
        self._is_new = False
        text = str(index.data(Qt.ItemDataRole.EditRole))
        if isinstance(editor, CommentField):
            editor.setPlainText(text)
            editor.selectAll()
        elif isinstance(editor, QLineEdit):
            editor.setText(text)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        model.setData(index, _text(editor))

    def typed(self) -> dict[tuple[int, str], str]:
        """What stands in the cell that is open, by its row and name; nothing when none is."""
        editor = self.editor
        if editor is None or editor.isHidden():  # left, and about to be destroyed
            return {}
        return {(self._row, editor.objectName()): _text(editor)}

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """A comment has room for three lines, over the rows below, or above where there are none."""
        place = QRect(option.rect)
        if isinstance(editor, CommentField):
            place.setHeight(3 * ROW)
            table = editor.parentWidget()
            below = table.height() if table is not None else place.bottom()
            if place.bottom() > below:
                place.moveBottom(max(below, option.rect.bottom()))
        editor.setGeometry(place)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and isinstance(editor, QWidget) and event.type() is QEvent.Type.KeyPress:
            way = self._way(event)
            if way is not None:
                self.finish(editor)
                self.moved.emit(*way)
                return True
        return super().eventFilter(editor, event)

    def finish(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)

    def _way(self, event: QKeyEvent) -> tuple[int, int] | None:
        if event.key() in _ENTER and not event.modifiers() & _HELD:
            return 1, 0
        if event.key() == Qt.Key.Key_Tab and not event.modifiers() & _HELD:
            return 0, 1
        return (0, -1) if event.key() == Qt.Key.Key_Backtab else None

    def forget_editor(self) -> None:
        self.editor = None
        self.typing.emit(None)

    # Looks

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table = option.widget
        is_current = isinstance(table, QTableView) and index == table.currentIndex() and table.hasFocus()
        place, wrong = option.rect.adjusted(1, 1, -1, -1), bool(index.data(WRONG))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(style.background(Tone.BAD) if wrong else style.token("selection"))
            painter.drawRoundedRect(place, RADIUS - 2, RADIUS - 2)
        elif index.data(FIELD):
            painter.setBrush(style.background(Tone.BAD) if wrong else style.token("surface"))
            painter.drawRoundedRect(place, RADIUS - 2, RADIUS - 2)
        if is_current or wrong:
            painter.setPen(style.token("focus") if is_current else style.colour(Tone.BAD))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(place.adjusted(0, 0, -1, -1), RADIUS - 2, RADIUS - 2)
        painter.restore()
        self._paint_words(painter, option.rect.adjusted(PAD, 0, -PAD, 0), index)

    def _paint_words(self, painter: QPainter, room: QRect, index: Index) -> None:
        drawing = index.data(_ICON)
        if isinstance(drawing, QIcon):
            drawing.paint(painter, QRect(room.x(), room.y(), icons.SIZE, room.height()))
            room.setLeft(room.left() + icons.SIZE + SPACE + 2)
        painter.setPen(index.data(_INK))
        shown = painter.fontMetrics().elidedText(str(index.data(_DISPLAY)), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


def _text(editor: QWidget) -> str:
    return editor.toPlainText() if isinstance(editor, CommentField) else editor.text() if isinstance(editor, QLineEdit) else ""
