"""The command palette (Ctrl+K): every action by name, with its shortcut, found by a few letters and done with Enter.

It shows the same QActions as menus, tool bars and keys, so there is one list of what can be done. What cannot be done now
is shown too, quietly: a person looks here also to find out that it exists, and its shortcut.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from zendera_desk.gui import icons, style
from zendera_desk.gui.announce import announce
from zendera_desk.gui.format import visible
from zendera_desk.gui.tokens import ROW, SPACE
from zendera_desk.gui.words import tr

_WIDTH: Final = 520
_MOST_ROWS: Final = 12
_ACTION: Final = Qt.ItemDataRole.UserRole
_FROM_TOP: Final = 64


def rank(wanted: str, text: str) -> int | None:
    """How well a name fits what was typed, less is better; None: not at all.

    First come names with all the words typed, the nearer to the start the better; then names with these initials; then
    names with these letters in this order.
    """
    text, parts = text.casefold(), wanted.casefold().split()
    if all(part in text for part in parts):
        return sum(_place(part, text) for part in parts)
    letters = "".join(parts)
    if "".join(word[0] for word in text.split()).startswith(letters):
        return 1_000
    left = iter(text)
    return 2_000 + len(text) if all(letter in left for letter in letters) else None


def _place(part: str, text: str) -> int:
    at_word = (" " + text).find(" " + part)
    return at_word if at_word >= 0 else 100 + text.find(part)


def name_of(action: QAction) -> str:
    """Without the underline marks of menus."""
    return visible(action.text().replace("&&", "\0").replace("&", "").replace("\0", "&"))


class CommandPalette(QFrame):
    """`ask` opens it over its parent. It closes by itself: after a command, by Esc, by a click elsewhere."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._around = parent
        self.setProperty("role", "popup")
        self.setObjectName("commandPalette")
        self.setAccessibleName(tr("Commands"))
        self._actions: list[QAction] = []
        self.field = QLineEdit(self)
        self.field.setObjectName("findCommand")
        self.field.setAccessibleName(tr("Find a command"))
        self.field.setPlaceholderText(tr("Find a command"))
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._look)
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("Commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(_Row(self.list))
        self.list.itemClicked.connect(self._do)
        self.list.currentItemChanged.connect(self._say)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(SPACE)
        layout.addWidget(self.field)
        layout.addWidget(self.list)

    def ask(self, actions: Sequence[QAction]) -> None:
        self._actions = [action for action in actions if action.text() and action.isVisible() and not action.isSeparator()]
        self.field.clear()
        self._look("")
        around = self._around
        width = min(_WIDTH, around.width() - 4 * SPACE)
        height = ROW * min(_MOST_ROWS, max(len(self._actions), 1)) + self.field.sizeHint().height() + 6 * SPACE
        top = QPoint((around.width() - width) // 2, min(_FROM_TOP, max(0, (around.height() - height) // 2)))
        self.setGeometry(QRect(around.mapToGlobal(top), QSize(width, height)))
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _look(self, wanted: str) -> None:
        ranked = [(place, action) for action in self._actions if (place := rank(wanted, name_of(action))) is not None]
        self.list.clear()
        for _, action in sorted(ranked, key=lambda pair: pair[0]):
            item = QListWidgetItem(name_of(action), self.list)
            item.setData(_ACTION, action)
            if not action.isEnabled():
                item.setFlags(Qt.ItemFlag.NoItemFlags)
        first = next((row for row in range(self.list.count()) if self.list.item(row).flags()), -1)
        self.list.setCurrentRow(first)

    def _say(self, item: QListWidgetItem | None) -> None:
        if item is not None and self.isVisible():
            announce(self.field, item.text())

    def _do(self, item: QListWidgetItem | None) -> None:
        if item is None or not item.flags():
            return
        action: QAction = item.data(_ACTION)
        self.close()
        action.trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            key = event.key()
            if key in {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
                self.list.keyPressEvent(event)
                return True
            if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._do(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)


class _Row(QStyledItemDelegate):
    """Icon and name on the left, the shortcut on the right."""

    def __init__(self, rows: QListWidget) -> None:
        super().__init__(rows)
        self._list = rows

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        action: QAction = index.data(_ACTION)
        area = option.rect
        painter.save()
        if index == self._list.currentIndex():
            painter.fillRect(area, style.token("selection"))
        action.icon().paint(painter, QRect(area.x() + 2 * SPACE, area.y(), icons.SIZE, area.height()))
        words = area.adjusted(4 * SPACE + icons.SIZE, 0, -2 * SPACE, 0)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        painter.setPen(style.token("muted" if action.isEnabled() else "disabled"))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), keys)
        room = words.width() - painter.fontMetrics().horizontalAdvance(keys) - 4 * SPACE
        painter.setPen(style.token("text" if action.isEnabled() else "disabled"))
        name = painter.fontMetrics().elidedText(name_of(action), Qt.TextElideMode.ElideRight, room)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
        painter.restore()
