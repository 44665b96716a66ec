"""The rows of the strip: each stack's header, then its pages. What changes is exchanged row by row, so that a choice stays.

Kept apart from how it looks; what a row says is worked out once, when the stacks are read, not while painting.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from zendera_desk.domain.ids import PageId, StackId
from zendera_desk.domain.paper import Document, Page, PageState, Stack
from zendera_desk.gui.labels import Label
from zendera_desk.gui.paper import words
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.words import tr

ROW_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_SPOKEN: Final = int(Qt.ItemDataRole.AccessibleTextRole)

Index = QModelIndex | QPersistentModelIndex


class Shown(StrEnum):
    ALL = "all"
    WITHOUT = "without"
    """The tray: documents whose shipment is not known."""
    ASIDE = "aside"
    """Pages that a person put aside."""


class Head(NamedTuple):
    stack: StackId
    name: str
    text: str


class Leaf(NamedTuple):
    page: Page
    document: Document
    stack: StackId
    place: int
    """Within the document, from 0."""
    of: int
    """Pages of the document."""
    label: Label
    detail: str

    @property
    def first(self) -> bool:
        return self.place == 0

    @property
    def last(self) -> bool:
        return self.place == self.of - 1


Row = Head | Leaf


def rows(stacks: Sequence[Stack], shown: Shown, lines: words.Lines, heads: Sequence[str]) -> list[Row]:
    """`heads`: what stands beside the name of each stack."""
    made: list[Row] = []
    for stack, text in zip(stacks, heads, strict=True):
        leaves = [leaf for document in _chosen(stack, shown) for leaf in _leaves(document, stack.id, lines)]
        if leaves or (shown is Shown.ALL and stack.pages):
            made.append(Head(stack.id, stack.name or tr("Pasted"), text))
            made += leaves
    return made


def _chosen(stack: Stack, shown: Shown) -> list[Document]:
    if shown is Shown.ASIDE:
        return [Document(pages=(page,)) for page in stack.pages if page.state is PageState.DROPPED]
    found = stack.documents
    if shown is Shown.WITHOUT:
        return [each for each in found if each.order_id is None and each.is_open]
    return list(found)


def _leaves(document: Document, stack: StackId, lines: words.Lines) -> list[Leaf]:
    aside = all(page.state is PageState.DROPPED for page in document.pages)
    label = Label(tr("Put aside"), "circle-minus", Tone.NEUTRAL) if aside else words.document_label(document, lines)
    detail = words.document_detail(document, lines)
    of = len(document.pages)
    return [Leaf(page, document, stack, place, of, label, detail) for place, page in enumerate(document.pages)]


def _key(row: Row) -> tuple[str, int]:
    return ("head", row.stack) if isinstance(row, Head) else ("page", row.page.id)


class StripModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = _DISPLAY) -> object:
        if role == ROW_ROLE:
            return self._rows[index.row()]
        if role in {_DISPLAY, _SPOKEN}:
            return _spoken(self._rows[index.row()])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and isinstance(self._rows[index.row()], Head):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def row(self, row: int) -> Row | None:
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def leaf(self, row: int) -> Leaf | None:
        found = self.row(row)
        return found if isinstance(found, Leaf) else None

    def row_of(self, page: PageId) -> int | None:
        return next((place for place, row in enumerate(self._rows) if isinstance(row, Leaf) and row.page.id == page), None)

    def show(self, new: Sequence[Row]) -> None:
        """Rows that stay are kept, with whatever is chosen among them."""
        old_keys, new_keys = [_key(row) for row in self._rows], [_key(row) for row in new]
        head = _common(old_keys, new_keys)
        tail = _common(old_keys[head:][::-1], new_keys[head:][::-1])
        self._exchange(head, len(old_keys) - tail, list(new[head : len(new) - tail]))
        changed = [place for place, row in enumerate(new) if self._rows[place] != row]
        self._rows = list(new)
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def _exchange(self, first: int, after: int, new: list[Row]) -> None:
        if after > first:
            self.beginRemoveRows(QModelIndex(), first, after - 1)
            del self._rows[first:after]
            self.endRemoveRows()
        if new:
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._rows[first:first] = new
            self.endInsertRows()


def _common(one: Sequence[object], other: Sequence[object]) -> int:
    return next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _spoken(row: Row) -> str:
    if isinstance(row, Head):
        return f"{row.name}, {row.text}"
    where = tr("{page}, {number} of {all} of its document", page=words.page_title(row.page), number=row.place + 1, all=row.of)
    return ", ".join(part for part in (where, row.label.text, row.detail) if part)
