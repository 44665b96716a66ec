"""The report on many shipments: shared fields, the grid, and the results row by row.

Whatever is typed is on disk within half a second. While rows are being sent nothing can be typed and nothing is saved: the desk
marks them as sent in the same transaction, and an older state must not be written over that. Whatever takes the place of the whole
grid waits for that, and for each other (`_whole`).
"""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import date, datetime, tzinfo
from typing import Final, Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from zendera_desk.bulk import Bulk
from zendera_desk.domain.bulk import BulkDraft, own
from zendera_desk.domain.changes import Change, DraftsChanged, OutboxChanged, ShipmentsChanged, ZoneChanged
from zendera_desk.domain.drafting import planned_day
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.times import pinned
from zendera_desk.domain.views import OutboxLine
from zendera_desk.gui import labels
from zendera_desk.gui.bulk import words
from zendera_desk.gui.bulk.adding import Adding, FindsShipments
from zendera_desk.gui.bulk.current import CurrentRow
from zendera_desk.gui.bulk.delegate import GridDelegate
from zendera_desk.gui.bulk.grid import Grid
from zendera_desk.gui.bulk.model import COLUMNS, GridModel
from zendera_desk.gui.bulk.page import BulkParts
from zendera_desk.gui.bulk.review import Reviewer
from zendera_desk.gui.bulk.sending import Batch, Sending
from zendera_desk.gui.bulk.shared import SharedFields
from zendera_desk.gui.bulk.sheet import Sheet
from zendera_desk.gui.report.keeper import DraftKeeper
from zendera_desk.gui.report.needs import ReportSettings
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.time_field import TimeField
from zendera_desk.gui.words import tr

_BURST_MS: Final = 80
_GRID: Final = "grid"


class BulkDesk(FindsShipments, Protocol):
    @property
    def bulk(self) -> Bulk: ...
    async def outbox(self, closed: int = ...) -> list[OutboxLine]: ...
    def now(self) -> datetime: ...


class BulkPanel(QWidget):
    sent = Signal(object, object)
    """The entries (tuple) of one wish, and until when they are held."""
    named = Signal(str)
    """What the page is called now."""
    discarded = Signal(object)
    """The grid that a person threw away, for bringing it back."""
    left = Signal()

    def __init__(self, desk: BulkDesk, spawn: Spawn, settings: ReportSettings, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bulkPanel")
        self._desk, self._spawn, self._settings, self._zone = desk, spawn, settings, zone
        self._review = Reviewer(desk.now, zone, lambda: settings.rules)
        self.sheet = Sheet(self._review)
        self.one_deed: AbstractAsyncContextManager[object] = nullcontext()
        """Held while rows are being sent: Undo that is pressed meanwhile is about them, and not about what was done before."""
        self._whole = asyncio.Lock()
        self.shared = SharedFields(desk.now, zone, self)
        self.model = GridModel(self.sheet, lambda: settings.rules, desk.now, self._spelled, self._typed, self)
        self._delegate = GridDelegate(desk.now, zone, self._planned_in, self)
        self.grid = Grid(self.model, self._delegate, self)
        parts = BulkParts(self, self.shared, self.grid)
        self.line, self.row_line, self.bar = parts.line, parts.row_line, parts.bar
        self._in_words = CurrentRow(self.row_line, self.sheet, desk.now, zone, self._planned)
        self._adding = Adding(desk, self.sheet, self.bar, self.grid.settle, self._added)
        self._sending = Sending(desk.bulk, self.sheet, self.bar.show_progress, self._show_all)
        self._keeper: DraftKeeper[str, BulkDraft] = DraftKeeper(self._save, spawn, self)
        self._facts_burst = self._timer(_BURST_MS, lambda: spawn(self._read_facts(), "read the shipments of the grid"))
        self._entries_burst = self._timer(_BURST_MS, lambda: spawn(self._read_entries(), "read the entries of the grid"))
        self._second = QTimer(self, interval=1000)
        self._connect()

    # What the window calls

    async def begin(self, ids: Sequence[OrderId], status: Status | None) -> None:
        """A new grid of these; one that is not finished stays as it is, and these are offered to it."""
        async with self._whole:
            await self._resume()
            if self._is_unfinished():
                if new := set(ids) - set(self.sheet.ids()):
                    self.line.offer(ids, status, len(new))
            else:
                await self._begin(ids, status)
        self._stand_first()

    async def resume(self) -> None:
        """The grid as it is on disk, unless it is open already."""
        async with self._whole:
            await self._resume()

    async def bring_back(self, draft: BulkDraft) -> bool:
        """One that was discarded. False, and nothing is changed, where another was begun since."""
        async with self._whole:
            if not await self.flush():
                return False  # said beside the buttons
            if not await self._desk.bulk.put_back(draft):
                self._show_all()
                self.bar.say(tr("This report was begun since. Send it or discard it, then the other one can come back."), trouble=True)
                return False
            self._show(draft)
            await self._read()
        return True

    async def start_over(self) -> None:
        """Another account: the grid of the one before is on its disk."""
        async with self._whole:
            await self._keeper.flush()
            self._show(BulkDraft())

    async def flush(self) -> bool:
        self.grid.settle()
        return await self._keeper.flush()

    def draft(self) -> BulkDraft:
        return self.sheet.draft()

    def on_change(self, change: Change) -> None:
        match change:
            case ShipmentsChanged(ids=ids) | DraftsChanged(ids=ids) if not ids.isdisjoint(self.sheet.problems):
                self._facts_burst.start()
            case OutboxChanged() if self.sheet.rows:
                self._entries_burst.start()
            case ZoneChanged():
                self._show_all()

    # The whole grid

    def _is_unfinished(self) -> bool:
        draft = self.draft()
        return draft.is_begun and bool(draft.unsent)

    async def _resume(self) -> None:
        if self.sheet.rows and self.draft().unsent:
            return
        await self._keeper.flush()
        self._show(await self._desk.bulk.load() or BulkDraft())
        await self._read()
        self._stand_first()

    async def _begin(self, ids: Sequence[OrderId], status: Status | None) -> None:
        await self._throw_away()
        self._show(BulkDraft(shared=Draft(status=status or Status.COMPLETE)))
        self.sheet.add(ids)
        self.sheet.forget_steps()
        await self._read()

    async def _begin_anew(self, ids: Sequence[OrderId], status: Status | None) -> None:
        self.grid.settle()
        async with self._whole:
            before = self.draft()
            await self._begin(ids, status or before.shared.status)
        self.discarded.emit(before)
        self._stand_first()

    async def _discard(self) -> None:
        self.grid.settle()
        async with self._whole:
            before = self.draft()
            await self._throw_away()
        self.discarded.emit(before)
        self.left.emit()

    async def _throw_away(self) -> None:
        """From the disk too: what was sent from it is a report of its own from now on, and comes back as one."""
        await self._keeper.flush()
        await self._desk.bulk.discard()
        self._show(BulkDraft())

    # Reading and keeping

    def _show(self, draft: BulkDraft) -> None:
        self.sheet.show(draft)
        self.model.tried = False
        self.shared.show_draft(draft.shared)
        self.line.close_up()
        self.bar.say("")
        self._show_all()

    async def _read(self) -> None:
        await self._read_entries()
        await self._read_facts()

    async def _read_facts(self) -> None:
        try:
            self.sheet.learn(await self._desk.bulk.open(self.sheet.ids()))
        except DeskError as error:
            self.bar.say(labels.error(error), trouble=True)
        self._show_all()

    async def _read_entries(self) -> None:
        lines = await self._desk.outbox(max(200, 2 * len(self.sheet.rows)))
        self._review.learn(lines)
        kept = None
        if self.sheet.has_taken_back(lines):
            kept = await self._desk.bulk.load()
            self.grid.settle()
        if self.sheet.follow(lines, kept or BulkDraft()):
            self._keep()
        self._show_all()

    async def _save(self, _grid: str, draft: BulkDraft | None) -> None:
        await self._desk.bulk.save(draft or BulkDraft())

    def _keep(self) -> None:
        """Also what is typed in a cell that is still open."""
        if not self._sending.under_way:
            self._keeper.keep(_GRID, self.model.draft(self._delegate.typed()))

    def _say_saved(self) -> None:
        at = self._desk.now().astimezone(self._zone)
        self.bar.say(tr("Draft saved {time}", time=f"{at:%H:%M:%S}") if self.draft().is_begun and self.draft().unsent else "")

    # What a person does

    def _share(self) -> None:
        self.sheet.share(self.shared.draft())
        self._typed()

    def _typed(self) -> None:
        """After any change of a cell, a row or what is shared."""
        self._keep()
        self._show_all()

    def _spelled(self, order_id: OrderId, text: str) -> str:
        return pinned(text, self._desk.now(), self._zone, self._planned(order_id))

    def _planned(self, order_id: OrderId) -> date | None:
        known = self.sheet.known.get(order_id)
        return None if known is None else planned_day(known.shipment, self.sheet.shared.stop, self._zone)

    def _planned_in(self, row: int) -> date | None:
        return self._planned(self.sheet.rows[row].order_id)

    def _confirm(self, codes: frozenset[str], on: bool) -> None:
        row = self._current()
        if row is not None:
            self.sheet.confirm(self.sheet.rows[row].order_id, codes, on=on)
            self._show_all()

    def _confirm_all(self, codes: frozenset[str], on: bool) -> None:
        self.sheet.confirm_all(codes, on=on)
        self._show_all()

    def _added(self) -> None:
        self._typed()
        self._spawn(self._read(), "read the shipments of the grid")

    def _remove(self) -> None:
        self.grid.settle()
        if self.sheet.remove(self.grid.chosen_rows()):
            self._typed()

    def _take_over(self) -> None:
        row = self._current()
        if row is not None:
            self.model.change(self.sheet.from_own_draft(row))

    # Sending

    def send(self) -> None:
        if self._whole.locked() or self._sending.under_way:
            return
        self.grid.settle()
        self.sheet.share(self.shared.draft())
        self.model.tried = True
        self._show_all()
        if self.sheet.ready():
            batch = self._sending.freeze()
            self.shared.lock(on=True)
            self._spawn(self._send(batch), "send the grid")

    async def _send(self, batch: Batch) -> None:
        async with self.one_deed, self._whole:
            try:
                if await self._keeper.flush():  # else it is said beside the buttons: what is not on disk is not sent
                    await self._desk.bulk.save(self.draft())
                    await self._sending.send(batch)
            finally:
                self._sending.thaw()
                self.shared.lock(on=False)
                self.sheet.forget_steps()
                self._keep()
                if self._sending.entries:
                    self.sent.emit(tuple(self._sending.entries), self._sending.held_until)
                self._entries_burst.start()
            await self._read_entries()
        self._to_first_left()

    def _to_first_left(self) -> None:
        """The first row that was not sent, in the first cell that is wrong there."""
        for place, row in enumerate(self.sheet.rows):
            if row.entry is None:
                names = [name for name in COLUMNS if self.model.marked(row, name)]
                self.grid.choose(place, names[0] if names else "time")
                return

    # Showing

    def _show_all(self) -> None:
        draft = self.draft()
        self.shared.show_problems(self._settings.rules, self.sheet.confirmed_by_all())
        self.shared.show_own(own(draft.rows, "time"), own(draft.rows, "comment"))
        self.model.show_anew()
        missing = self.model.tried and any(p.code == "evidence_missing" for each in self.sheet.problems.values() for p in each)
        self.grid.show_columns(exception=missing or own(draft.rows, "exception") > 0)
        ready = len(self.sheet.ready())
        self.bar.send.setText(tr("Send {n} report(s)", n=ready) if ready else tr("Send"))
        self.bar.send.setAccessibleName(self.bar.send.text())
        self.bar.send.setEnabled(not self._sending.under_way)
        self.bar.discard.setEnabled(bool(draft.unsent) and not self._sending.under_way)
        self.bar.summary.setText(words.summary(self.sheet))
        self.named.emit(tr("Report on {n} shipment(s)", n=len(draft.rows)))
        self._show_row()
        self._keep_time()

    def _show_row(self) -> None:
        place = self._current()
        self.row_line.remove.setEnabled(place is not None and not self._sending.under_way)
        self._in_words.show(None if place is None else self.sheet.rows[place], tried=self.model.tried)

    def _echo(self, field: object) -> None:
        if isinstance(field, TimeField):
            self._in_words.echo(field)
        else:
            self._show_row()

    def _current(self) -> int | None:
        row = self.grid.currentIndex().row()
        return row if 0 <= row < len(self.sheet.rows) else None

    def _stand_first(self) -> None:
        """In the first thing to type: the shared time, then the first row's own."""
        if self.sheet.rows and not self.grid.currentIndex().isValid():
            self.grid.choose(0, "signee" if self.sheet.shared.status is Status.COMPLETE else "time")
        (self.grid if self.sheet.shared.time else self.shared.time).setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep_time(self) -> None:
        held = any(entry.state in {State.HELD, State.DUE} for entry in self.sheet.entries.values())
        if held and self.isVisible():
            self._second.start()
        else:
            self._second.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keep_time()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._second.stop()

    # How it is built

    def _timer(self, milliseconds: int, then: object) -> QTimer:
        timer = QTimer(self, interval=milliseconds, singleShot=True)
        timer.timeout.connect(then)
        return timer

    def _connect(self) -> None:
        shared, grid, bar = self.shared, self.grid, self.bar
        shared.edited.connect(self._share)
        shared.send_asked.connect(self.send)
        shared.save_asked.connect(self._keeper.hurry)
        shared.left.connect(self.left)
        shared.confirmed.connect(self._confirm_all)
        grid.row_changed.connect(self._show_row)
        grid.pasted.connect(self.line.say_pasted)
        self._delegate.typing.connect(self._echo)
        self._delegate.typing.connect(lambda _editor: self._keep())
        self.row_line.ticked.connect(self._confirm)
        self.row_line.taken_over.connect(self._take_over)
        self.line.undo_asked.connect(self.model.step_back)
        self.line.add_asked.connect(self._adding.add)
        self.line.anew_asked.connect(lambda ids, status: self._spawn(self._begin_anew(ids, status), "begin the grid anew"))
        bar.send.clicked.connect(self.send)
        bar.cancel.clicked.connect(self._sending.cancel)
        bar.discard.clicked.connect(lambda: self._spawn(self._discard(), "discard the grid"))
        self.row_line.remove.clicked.connect(self._remove)
        bar.add.returnPressed.connect(lambda: self._spawn(self._adding.find(), "find a shipment for the grid"))
        self._keeper.saved.connect(lambda _grid: self._say_saved())
        self._keeper.failed.connect(lambda error: bar.say(labels.error(error), trouble=True))
        self._second.timeout.connect(self.model.repaint)
        for keys, do in (("Ctrl+Return", self.send), ("Ctrl+Enter", self.send), ("Ctrl+S", self._keeper.hurry), ("Ctrl+-", self._remove)):
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)
