"""An original as a tree: each object and list opens and closes, each value can be copied, and so can its path.

The tree is made from the flat list of fields, so that a search shows what it finds with all that leads to it, and nothing else.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QMenu, QStyleOptionViewItem, QTreeView, QWidget

from zendera_desk.api.wire import Field
from zendera_desk.gui import style
from zendera_desk.gui.format import visible
from zendera_desk.gui.icons import icon
from zendera_desk.gui.style import ROW
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.cells import RowDelegate
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.words import mark, tr

DEEPEST: Final = 40
"""Steps; what lies deeper is named by the rest of its way. Depth is the sender's choice, and a tree of thousands is none to look at."""
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


class Branch:
    """A value, or an object or list with what is in it."""

    __slots__ = ("below", "field", "name", "number", "parent", "path", "place")

    def __init__(self, number: int, name: str, path: str = "", parent: "Branch | None" = None) -> None:
        self.number, self.name, self.path, self.parent = number, name, path, parent
        self.field: Field | None = None
        self.below: list[Branch] = []
        self.place = 0 if parent is None else len(parent.below)

    @property
    def value(self) -> str:
        return self.field.value if self.field is not None else ""


def grown(fields: Iterable[Field]) -> list[Branch]:
    """All branches by their number; the first is the root."""
    branches = [Branch(0, "")]
    known: dict[tuple[int, str], Branch] = {}
    for field in fields:
        at = branches[0]
        for name in _steps(field):
            found = known.get((at.number, name))
            if found is None:
                between = "." if at.path and not name.startswith("[") else ""
                found = known[at.number, name] = Branch(len(branches), name, f"{at.path}{between}{name}", at)
                at.below.append(found)
                branches.append(found)
            at = found
        at.field = field
    return branches


def _steps(field: Field) -> tuple[str, ...]:
    """An original that is a single value has none."""
    way, rest = field.steps[: DEEPEST - 1], field.steps[DEEPEST - 1 :]
    return (*way, ".".join(rest)) if rest else way or ("–",)


class TreeModel(QAbstractItemModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._branches = grown(())

    def show_fields(self, fields: Sequence[Field]) -> None:
        self.beginResetModel()
        self._branches = grown(fields)
        self.endResetModel()

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
    return tr("not known to this program") if branch.field is not None and not branch.field.known else ""


def _note_icon(branch: Branch) -> QIcon | None:
    return icon("circle-question-mark", Tone.INFO) if branch.field is not None and not branch.field.known else None


def _ink(branch: Branch, column: int) -> QColor | None:
    """A value stands out; its name, and that something is inside, are quiet."""
    return style.token("muted") if (column == 0) == (branch.field is not None) else None


class _Lines(RowDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return super().sizeHint(option, index).expandedTo(QSize(0, ROW - 4))


class FieldsTree(QTreeView):
    copied = Signal(str)

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.fields = TreeModel(self)
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

    def show_fields(self, fields: Sequence[Field]) -> None:
        """All is open. What was closed stays closed, and what was chosen stays so, where it is still there."""
        current = self._current()
        path = current.path if current is not None else ""
        closed = {self.fields.branch(index).path for index in self._branches(_ROOT) if not self.isExpanded(index)}
        self.fields.show_fields(fields)
        self.expandAll()
        for index in list(self._branches(_ROOT)):
            branch = self.fields.branch(index)
            if branch.path in closed:
                self.collapse(index)
        if path and (found := self._found(path)).isValid():
            self.setCurrentIndex(found)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column, share in enumerate(_WIDTHS):
            self.setColumnWidth(column, int(self.viewport().width() * share))

    def copy_value(self) -> None:
        """Of an object or list all the values in it, a line each."""
        if (branch := self._current()) is not None:
            self._copy(branch.value if branch.field is not None else "\n".join(_lines(branch)))

    def copy_path(self) -> None:
        if (branch := self._current()) is not None:
            self._copy(branch.path)

    def _current(self) -> Branch | None:
        index = self.currentIndex()
        return self.fields.branch(index) if index.isValid() else None

    def _branches(self, parent: QModelIndex) -> Iterable[QModelIndex]:
        """All that have something inside."""
        waiting = [parent]
        while waiting:
            above = waiting.pop()
            for row in range(self.fields.rowCount(above)):
                index = self.fields.index(row, 0, above)
                if self.fields.rowCount(index):
                    waiting.append(index)
                    yield index

    def _found(self, path: str) -> QModelIndex:
        """Where the path is now."""
        for above in (_ROOT, *self._branches(_ROOT)):
            for row in range(self.fields.rowCount(above)):
                index = self.fields.index(row, 0, above)
                if self.fields.branch(index).path == path:
                    return index
        return QModelIndex()

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
        menu.addAction(tr("Open all")).triggered.connect(self.expandAll)
        menu.addAction(tr("Close all")).triggered.connect(self.collapseAll)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.viewport().mapToGlobal(point))


def _lines(branch: Branch) -> Iterable[str]:
    waiting = [branch]
    while waiting:
        one = waiting.pop()
        if one.field is not None:
            yield f"{one.path.removeprefix(branch.path).lstrip('.')}: {one.value}"
        waiting.extend(reversed(one.below))
