"""An original as a tree: each object and list opens and closes, each value can be copied, and so can its path.

A search shows what it finds with all that leads to it, and nothing else (original.py).
"""

from collections import deque
from collections.abc import Collection, Sequence
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QMenu, QStyleOptionViewItem, QTreeView, QWidget

from zendera_desk.gui import style
from zendera_desk.gui.format import visible
from zendera_desk.gui.icons import icon
from zendera_desk.gui.shipment.original import Branch, Found, grown, is_known, lines
from zendera_desk.gui.shipment.rows import show_caret
from zendera_desk.gui.style import ROW
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.cells import RowDelegate
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.words import mark, tr

OPENED: Final = 2_000
"""Lines that are opened by themselves; whoever wants more opens what he wants to see."""
COPY_PATH: Final = "Ctrl+Shift+C"

_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_DECORATION: Final = int(Qt.ItemDataRole.DecorationRole)
_TOOL_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
_FOREGROUND: Final = int(Qt.ItemDataRole.ForegroundRole)
_HEADS: Final = (mark("Field"), mark("Value"), "")
_WIDTHS: Final = (0.34, 0.36)
"""Shares of the room; the note about what is not known takes the rest."""


class TreeModel(QAbstractItemModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._branches: Sequence[Branch] = grown(())

    def show_branches(self, branches: Sequence[Branch]) -> None:
        self.beginResetModel()
        self._branches = branches
        self.endResetModel()

    @property
    def root(self) -> Branch:
        return self._branches[0]

    def index_of(self, branch: Branch) -> QModelIndex:
        return self.createIndex(branch.place, 0, branch.number) if branch.number else QModelIndex()

    def found(self, path: str) -> QModelIndex:
        """Where the path is now."""
        return next((self.index_of(branch) for branch in self._branches if branch.path == path), QModelIndex())

    def branch(self, index: _Index) -> Branch:
        return self._branches[index.internalId() if index.isValid() else 0]

    def index(self, row: int, column: int, parent: _Index = _ROOT) -> QModelIndex:
        below = self.branch(parent).below
        fits = 0 <= row < len(below) and 0 <= column < len(_HEADS)
        return self.createIndex(row, column, below[row].number) if fits else QModelIndex()

    def parent(self, index: _Index) -> QModelIndex:  # type: ignore[override]  # QObject's own parent() is another one
        above = self.branch(index).parent if index.isValid() else None
        return self.createIndex(above.place, 0, above.number) if above is not None and above.number else QModelIndex()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return len(self.branch(parent).below) if parent.column() <= 0 else 0

    def columnCount(self, _parent: _Index = _ROOT) -> int:
        return len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        if orientation == Qt.Orientation.Horizontal and role == _DISPLAY and 0 <= section < len(_HEADS):
            return tr(_HEADS[section])
        return None

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        branch, column = self.branch(index), index.column()
        if role == _DISPLAY:
            return _text(branch, column)
        if role == _TOOL_TIP:
            return plain_tip(branch.path if column == 0 else branch.value) or None
        if role == _DECORATION:
            return _note_icon(branch) if column == 2 else None
        return _ink(branch, column) if role == _FOREGROUND else None


def _text(branch: Branch, column: int) -> str:
    if column == 0:
        return visible(branch.name)
    if column == 1:
        return visible(branch.value) if branch.field is not None else tr("{n} inside", n=len(branch.below))
    return tr("not known to this program") if branch.field is not None and not is_known(branch.field) else ""


def _note_icon(branch: Branch) -> QIcon | None:
    return icon("circle-question-mark", Tone.INFO) if branch.field is not None and not is_known(branch.field) else None


def _ink(branch: Branch, column: int) -> QColor | None:
    """A value stands out; its name, and that something is inside, are quiet."""
    return style.token("muted") if (column == 0) == (branch.field is not None) else None


class _Lines(RowDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return super().sizeHint(option, index).expandedTo(QSize(0, ROW - 2))


class FieldsTree(QTreeView):
    copied = Signal(str)

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.fields = TreeModel(self)
        self._closed: frozenset[str] = frozenset()
        """Paths that a person closed."""
        self._filling = False
        self._remembers = True
        self.expanded.connect(lambda index: self._note(index, closed=False))
        self.collapsed.connect(lambda index: self._note(index, closed=True))
        self.setModel(self.fields)
        self.setItemDelegate(_Lines(self))
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setIndentation(18)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        for keys, call in ((QKeySequence(QKeySequence.StandardKey.Copy), self.copy_value), (QKeySequence(COPY_PATH), self.copy_path)):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(call)

    def say(self, found: Found) -> None:
        """All is open, as far as it can be looked at. What a person closed stays closed, except that a search shows what it found;
        and what was chosen stays so, where it is still there."""
        current = self._current()
        self._filling = True
        self.fields.show_branches(found.branches)
        self._remembers = not found.searched
        self._open(self.fields.root, but=self._closed if self._remembers else frozenset())
        if current is not None and (place := self.fields.found(current.path)).isValid():
            self.setCurrentIndex(self._not_hidden(place))
        self._filling = False
        if self.hasFocus():
            show_caret(self)

    def _open(self, branch: Branch, but: Collection[str] = frozenset()) -> None:
        """With what is in it, what is next before what is far, until there are enough lines."""
        waiting, lines_open = deque([branch]), 0
        while waiting and lines_open < OPENED:
            one = waiting.popleft()
            if one.number:
                self.expand(self.fields.index_of(one))
            lines_open += len(one.below)
            waiting.extend(each for each in one.below if each.below and each.path not in but)

    def _not_hidden(self, index: QModelIndex) -> QModelIndex:
        """Itself, or the outermost that is closed around it: to make it current would open that."""
        above = index.parent()
        while above.isValid():
            index = index if self.isExpanded(above) else above
            above = above.parent()
        return index

    def _open_here(self) -> None:
        self._open(self._current() or self.fields.root)

    def _close_all(self) -> None:
        self.collapseAll()
        if self._remembers:
            self._closed |= {branch.path for branch in self.fields.root.below if branch.below}

    def _note(self, index: QModelIndex, *, closed: bool) -> None:
        """A person opened or closed it."""
        if self._remembers and not self._filling:
            path = self.fields.branch(index).path
            if path == self.fields.branch(index.parent()).path:
                return  # a group
            self._closed = self._closed | {path} if closed else self._closed - {path}

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column, share in enumerate(_WIDTHS):
            self.setColumnWidth(column, int(self.viewport().width() * share))

    def copy_value(self) -> None:
        """Of an object or list all the values in it, a line each."""
        if (branch := self._current()) is not None:
            self._copy(branch.value if branch.field is not None else "\n".join(lines(branch)))

    def copy_path(self) -> None:
        if (branch := self._current()) is not None:
            self._copy(branch.path)

    def _current(self) -> Branch | None:
        index = self.currentIndex()
        return self.fields.branch(index) if index.isValid() else None

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(text)

    def _menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if not index.isValid():
            return
        menu = QMenu(self)
        value = menu.addAction(icon("copy"), tr("Copy value"))
        value.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        value.triggered.connect(self.copy_value)
        path = menu.addAction(tr("Copy path"))
        path.setShortcut(QKeySequence(COPY_PATH))
        path.triggered.connect(self.copy_path)
        menu.addSeparator()
        menu.addAction(tr("Open all in it")).triggered.connect(self._open_here)
        menu.addAction(tr("Close all")).triggered.connect(self._close_all)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.viewport().mapToGlobal(point))
