"""The paper page: what came in and waits, how it falls into documents, and the chosen page with all that can be done about it.

It reads when something changed, once for a burst, and only while it is seen; else it only counts.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.changes import Change, DraftsChanged, PaperChanged, ShipmentsChanged, ZoneChanged
from zendera_desk.domain.ids import OrderId, PageId, PictureId
from zendera_desk.domain.paper import Code, Cut, Document, Page, PageState, PaperCounts, Stack, counts
from zendera_desk.domain.scans import kind_of
from zendera_desk.gui import labels
from zendera_desk.gui.format import visible
from zendera_desk.gui.icons import BESIDE_WORDS, icon
from zendera_desk.gui.paper import dragged, words
from zendera_desk.gui.paper.ahead import Ahead
from zendera_desk.gui.paper.course import Step
from zendera_desk.gui.paper.incoming import Incoming
from zendera_desk.gui.paper.model import Leaf, Shown, rows
from zendera_desk.gui.paper.more import MoreButton
from zendera_desk.gui.paper.refusals import Refusals
from zendera_desk.gui.paper.side import PageSide
from zendera_desk.gui.paper.strip import PageStrip
from zendera_desk.gui.report.intake import may_carry
from zendera_desk.gui.separators import SeparatorSheet
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE, Tone
from zendera_desk.gui.widgets.chips import ChipBar
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.words import tr

BURST_MS: Final = 100
_QUARTER: Final = 90
_STRIP, _SIDE = 260, 380
"""Pixels at least: two columns of pages; a page that can be read, and its buttons in one line."""


class _Chosen(NamedTuple):
    """What a wish is about, from when it was made."""

    pages: Sequence[PageId]
    at: PageId
    waits: bool
    """It has no shipment yet."""


class PaperPage(QWidget):
    keying_asked = Signal(object)
    """list[Step], at least one."""
    counted = Signal(object)
    """PaperCounts."""
    told = Signal(str, object)
    """One sentence, and the call that takes back what it tells, or None."""

    def __init__(self, desk: Desk, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paper")
        self._desk, self._spawn = desk, spawn
        self._stacks: list[Stack] = []
        self._aside: list[Page] = []
        self._lines: words.Lines = {}
        self._asked = 0
        self._ahead = Ahead(desk.picture_pixels, spawn)
        self.chips = ChipBar(
            tr("Which pages"),
            [(Shown.ALL, tr("All")), (Shown.WITHOUT, tr("Without a shipment")), (Shown.ASIDE, tr("Put aside"))],
            {Shown.WITHOUT: Tone.WARN},
            self,
        )
        self.add = named(QPushButton(icon("plus"), tr("Add files…"), self), "addFiles", tr("Add files"))
        self.add.setIconSize(BESIDE_WORDS)
        self.start = named(QPushButton(tr("Start keying"), self), "startKeying", tr("Start keying"), role="primary")
        self.start.setEnabled(False)  # until it is known what there is
        self.start.setToolTip(tr("One document after the other: picture left, form right (Ctrl+Enter)"))
        self.incoming = Incoming(desk, spawn, self)
        self.refusals = Refusals(self)
        self.strip = PageStrip(desk.picture_pixels, spawn, self)
        self.side = PageSide(desk, spawn, self._ahead, self)
        self.empty = EmptyState("inbox", "", parent=self)
        self._burst = QTimer(self, interval=BURST_MS, singleShot=True)
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self.reload()

    # What happens outside

    def reload(self) -> None:
        self._asked += 1
        self._spawn(self._read(self._asked) if self.isVisible() else self._count(), "read the paper")

    def on_change(self, change: Change) -> None:
        if isinstance(change, PaperChanged | DraftsChanged | ShipmentsChanged | ZoneChanged) and not self._burst.isActive():
            self._burst.start()

    def take_scan(self, text: str) -> bool:
        """What is chosen now belongs to the shipment that was scanned."""
        chosen = self._chosen()
        if chosen is not None:
            self._spawn(self._assign_scanned(text, chosen), "assign what was scanned")
        return chosen is not None

    async def _count(self) -> None:
        """While nobody looks."""
        self.counted.emit(await self._desk.paper.counts())

    async def _read(self, asked: int) -> None:
        stacks = sorted(await self._desk.paper.stacks(), key=lambda stack: stack.id, reverse=True)
        aside = await self._desk.paper.dropped()
        pages = [page for stack in stacks for page in stack.pages]
        orders = {order for page in pages for order in (*page.matches, page.assigned, page.filed) if order is not None}
        lines = {line.order_id: line for line in await self._desk.shipment_lines(sorted(orders))}
        refused = await self._desk.paper.refusals()
        counted = counts(stacks)
        if asked == self._asked:
            self.refusals.tell(refused)
            self._stacks, self._aside, self._lines = stacks, aside, lines
            self.counted.emit(counted)
            self._show(counted)

    # Showing

    def _show(self, counted: PaperCounts) -> None:
        shown = Shown(str(self.chips.current))
        stacks = self._stacks if shown is not Shown.ASIDE else _by_stack(self._aside)
        heads = [words.stack_words(stack, stack.documents, self._desk.now(), self._desk.zone) for stack in stacks]
        if shown is Shown.ASIDE:
            heads = [tr("{n} page(s)", n=len(stack.pages)) for stack in stacks]
        self.strip.show_rows(made := rows(stacks, shown, self._lines, heads))
        waiting = sum(document.is_open for stack in self._stacks for document in stack.documents)
        self.chips.tell({Shown.ALL: waiting, Shown.WITHOUT: counted.unmatched, Shown.ASIDE: len(self._aside)})
        steps = self.steps()
        self.start.setText(tr("Start keying ({n})", n=len(steps)))
        self.start.setEnabled(bool(steps))
        self._body.setCurrentIndex(0 if made else 1)
        if not made:
            self._say_empty(shown)
        self._show_side()

    def _say_empty(self, shown: Shown) -> None:
        if shown is Shown.ASIDE:
            self.empty.tell("circle-minus", tr("Nothing is put aside"), tr("Pages that you put aside with Delete stay here."))
        elif shown is Shown.WITHOUT and self._stacks:
            self.empty.tell("check", tr("Every document has its shipment"), "", tone=Tone.GOOD)
        else:
            self.empty.tell("inbox", tr("No paper waiting"), self._how_it_comes(), [self._add_action, self._folder_action])

    def _how_it_comes(self) -> str:
        desk = self._desk
        folder = desk.settings.watched_folders.get(desk.account.id, "") if desk.account is not None else ""
        if not folder:
            return tr("Drop scans or photos here, paste them, or choose a folder that is watched for what the scanner puts there.")
        if desk.paper.watch_trouble is not None:
            return labels.error(desk.paper.watch_trouble)
        return tr("Drop scans or photos here, or paste them. What is put into {folder} comes by itself.", folder=visible(folder))

    def _show_side(self) -> None:
        self.side.show_leaf(self.strip.current(), self._lines, len(self.strip.selected()))

    def steps(self) -> list[Step]:
        """What can be keyed of what is shown, from the top."""
        without = Shown(str(self.chips.current)) is Shown.WITHOUT
        return [
            Step(document=document, stack_name=stack.name)
            for stack in self._stacks
            for document in _whole(stack.documents)
            if document.sendable and not (without and document.order_id is not None)
        ]

    # What a person does

    def _key(self, key: str) -> None:
        leaf = self.strip.current()
        if leaf is None:
            return
        if key == "assign":
            if self.side.picker.only_one:
                self.side.picker.take_best()
            else:  # where there is a choice, it is made with the eyes on it
                self.side.picker.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._spawn(self._do(key, leaf, [page.id for page in self.strip.selected()]), f"paper: {key}")

    async def _do(self, key: str, leaf: Leaf, pages: Sequence[PageId]) -> None:
        paper = self._desk.paper
        match key:
            case "cut":
                await paper.cut(leaf.page.id, Cut.FOLLOWS if leaf.first else Cut.STARTS)
            case "left" | "right":
                for page in pages:
                    await paper.turn(page, _QUARTER if key == "right" else -_QUARTER)
            case "aside":
                await self._put_aside(pages)
            case "bring_back":
                await paper.bring_back(pages)
            case _:
                await paper.read_again(pages)

    async def _put_aside(self, pages: Sequence[PageId]) -> None:
        were = await self._desk.paper.drop(pages)

        def back() -> None:
            self._spawn(self._desk.paper.restore(were), "take back that pages were put aside")

        self.told.emit(tr("{n} page(s) put aside", n=len(pages)), back)

    def _chosen(self) -> _Chosen | None:
        """Several pages where they are selected, else the whole document."""
        leaf = self.strip.current()
        if leaf is None:
            return None
        selected = [page.id for page in self.strip.selected()]
        pages = selected if len(selected) > 1 else [page.id for page in leaf.document.pages]
        return _Chosen(pages, leaf.page.id, waits=leaf.document.order_id is None)

    async def _edit(self, page: PageId, picture: PictureId) -> None:
        await self._desk.paper.edit(page, await self._desk.picture_edits(picture))

    async def _move_onto(self, pages: Sequence[Page], onto: Leaf) -> None:
        """Dragged to another document. What lies beside them stays where it was."""
        order, paper = onto.document.order_id, self._desk.paper
        if order is None:
            return
        ids = {page.id for page in pages}
        stays = [each for stack in self._stacks for each in dragged.staying(stack, ids)]
        joined = [page for stack in self._stacks for page in dragged.going(stack, ids)]
        were = await paper.pages([*ids, *(each.page.id for each in stays)])
        for owner in dict.fromkeys(each.order for each in stays if each.order is not None):
            await paper.assign([each.page.id for each in stays if each.order == owner], owner)
        for page in (*joined, *(each.page for each in stays if each.starts)):
            await paper.cut(page.id, Cut.STARTS)
        await paper.assign([page.id for page in pages], order)

        def back() -> None:
            self._spawn(paper.restore(were), "move pages back")

        self.told.emit(tr("{n} page(s) moved to {order}", n=len(ids), order=words.order_name(order, self._lines)), back)

    def _assign(self, order: OrderId) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.strip.setFocus(Qt.FocusReason.OtherFocusReason)
            self._spawn(self._assign_pages(chosen, order), "assign pages")

    async def _assign_pages(self, chosen: _Chosen, order: OrderId) -> None:
        await self._desk.paper.assign(chosen.pages, order)
        if chosen.waits and self._is_at(chosen):
            self.strip.choose_next_open()

    def _is_at(self, chosen: _Chosen) -> bool:
        """The person has not gone on meanwhile."""
        leaf = self.strip.current()
        return leaf is not None and leaf.page.id == chosen.at

    async def _assign_scanned(self, text: str, chosen: _Chosen) -> None:
        found = await self._desk.find_by_codes([Code(kind=kind_of(text), text=text)])
        if len(found) == 1:
            await self._assign_pages(chosen, found[0])
        elif not found:
            self.told.emit(tr("No shipment here has {number}", number=visible(text)), None)
        elif self._is_at(chosen):
            self.side.picker.offer(found)
        else:
            self.told.emit(tr("{n} shipments have {number}", n=len(found), number=visible(text)), None)

    def begin_keying(self) -> None:
        if steps := self.steps():
            self.keying_asked.emit(steps)

    # Events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._halves.setSizes([self.width() * 3 // 5, self.width() * 2 // 5])
        self._desk.warm_pictures()
        self.reload()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if may_carry(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.incoming.drop(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and self.incoming.paste():
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(1024, 640)

    # How it is built

    def _lay_out(self) -> None:
        self._add_action = QAction(tr("Add files…"), self)
        self._folder_action = QAction(tr("Watch a folder…"), self)
        self.sheet = SeparatorSheet(self._spawn, self)
        top = QHBoxLayout()
        top.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 0)
        top.setSpacing(2 * SPACE)
        top.addWidget(self.chips, 1)
        top.addWidget(self.add)
        top.addWidget(self.start)
        top.addWidget(MoreButton([self._folder_action, self.sheet.action], self))
        halves = QSplitter(Qt.Orientation.Horizontal, self)
        halves.setChildrenCollapsible(False)
        halves.addWidget(self.strip)
        halves.addWidget(self.side)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 2)
        self.strip.setMinimumWidth(_STRIP)
        self.side.setMinimumWidth(_SIDE)
        self._halves = halves
        self._body = QStackedLayout()
        self._body.addWidget(halves)
        self._body.addWidget(self.empty)
        notes = QVBoxLayout()
        notes.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 0)
        notes.addWidget(self.refusals)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addLayout(top)
        layout.addWidget(self.incoming)
        layout.addLayout(notes)
        layout.addLayout(self._body, 1)
        self.setFocusProxy(self.strip)

    def _connect(self) -> None:
        self._burst.timeout.connect(self.reload)
        self.chips.chosen.connect(lambda _shown: self.reload())
        self.add.clicked.connect(self.incoming.choose_files)
        self._add_action.triggered.connect(self.incoming.choose_files)
        self._folder_action.triggered.connect(self.incoming.choose_folder)
        self.refusals.read.connect(lambda read: self._spawn(self._desk.paper.forget_refusals(read), "forget what was read"))
        self.incoming.trouble.connect(lambda error: self.told.emit(labels.error(error), None))
        self.sheet.told.connect(lambda said, _tone: self.told.emit(said, None))
        self.start.clicked.connect(self.begin_keying)
        self.strip.chosen.connect(self._show_side)
        self.strip.key_pressed.connect(self._key)
        self.strip.typed.connect(self.side.picker.begin)
        self.side.asked.connect(self._key)
        self.side.picked.connect(self._assign)
        self.side.edited.connect(lambda page, picture: self._spawn(self._edit(page, picture), "change a page"))
        self.side.retouch.refused.connect(lambda _order, _picture, error: self.told.emit(labels.error(error), None))
        self.strip.dropped.connect(lambda pages, onto: self._spawn(self._move_onto(pages, onto), "move pages"))
        tools = self.side.tools
        self.side.picker.left.connect(lambda: self.strip.setFocus(Qt.FocusReason.OtherFocusReason))
        keying = (("Ctrl+Return", self.begin_keying), ("Ctrl+Enter", self.begin_keying))
        for keys, does in (*keying, ("Alt+C", tools.crop), ("Alt+B", tools.brightness)):
            QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut).activated.connect(does)


def _whole(found: Sequence[Document]) -> list[Document]:
    """Those that are read to their end: a page that is still to be read may belong to the one before it."""
    waiting = [any(page.state is PageState.WAITING for page in document.pages) for document in found]
    return [document for document, itself, after in zip(found, waiting, [*waiting[1:], False], strict=True) if not itself and not after]


def _by_stack(pages: Sequence[Page]) -> list[Stack]:
    """What was put aside, under the file it came with, whether or not anything of that still waits."""
    ids = dict.fromkeys(page.stack for page in reversed(pages))
    found = []
    for stack in ids:
        own = tuple(page for page in pages if page.stack == stack)
        found.append(Stack(id=stack, name=own[0].name, arrived_at=own[0].arrived_at, pages=own))
    return found
