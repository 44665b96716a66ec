"""The report on many shipments: shared fields, the grid, and the results row by row.

Whatever is typed is on disk within half a second. While rows are being sent nothing is saved: the desk marks them as sent in the
same transaction, and an older state must not be written over that.
"""

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Final, Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from zendera_desk.bulk import Bulk
from zendera_desk.domain.bulk import BulkDraft, Pasted, own
from zendera_desk.domain.changes import Change, DraftsChanged, OutboxChanged, ShipmentsChanged, ZoneChanged
from zendera_desk.domain.drafting import planned_day
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.times import pinned
from zendera_desk.domain.views import OutboxLine, View
from zendera_desk.gui import labels
from zendera_desk.gui.bulk import words
from zendera_desk.gui.bulk.current import CurrentRow
from zendera_desk.gui.bulk.delegate import GridDelegate
from zendera_desk.gui.bulk.grid import Grid
from zendera_desk.gui.bulk.model import COLUMNS, GridModel
from zendera_desk.gui.bulk.page import BulkParts
from zendera_desk.gui.bulk.review import Reviewer
from zendera_desk.gui.bulk.sending import Sending
from zendera_desk.gui.bulk.shared import SharedFields
from zendera_desk.gui.bulk.sheet import Sheet
from zendera_desk.gui.report.keeper import DraftKeeper
from zendera_desk.gui.report.needs import ReportSettings
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.time_field import TimeField
from zendera_desk.gui.words import tr

_BURST_MS: Final = 80
_GRID: Final = "grid"


class BulkDesk(Protocol):
    @property
    def bulk(self) -> Bulk: ...
    async def outbox(self, closed: int = ...) -> list[OutboxLine]: ...
    async def shipment_ids(self, view: View, text: str = ...) -> list[OrderId]: ...
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
        self._offered: list[OrderId] = []
        self.shared = SharedFields(desk.now, zone, self)
        self.model = GridModel(self.sheet, lambda: settings.rules, desk.now, self._spelled, self._typed, self)
        self._delegate = GridDelegate(desk.now, zone, self._planned_in, self)
        self.grid = Grid(self.model, self._delegate, self)
        parts = BulkParts(self, self.shared, self.grid)
        self.line, self.row_line, self.bar = parts.line, parts.row_line, parts.bar
        self._in_words = CurrentRow(self.row_line, self.sheet, desk.now, zone, self._planned)
        self._sending = Sending(desk.bulk, self.sheet, self.bar.show_progress, self._show_all)
        self._keeper: DraftKeeper[str, BulkDraft] = DraftKeeper(self._save, spawn, self)
        self._facts_burst = self._timer(_BURST_MS, lambda: spawn(self._read_facts(), "read the shipments of the grid"))
        self._entries_burst = self._timer(_BURST_MS, lambda: spawn(self._read_entries(), "read the entries of the grid"))
        self._second = QTimer(self, interval=1000)
        self._connect()

    # What the window calls

    async def begin(self, ids: Sequence[OrderId], status: Status | None) -> None:
        """A new grid of these; one that is not finished stays, and these are offered to it."""
        await self.resume()
        new = [order_id for order_id in ids if order_id not in self.sheet.problems]
        if not self.draft().unsent or not self.draft().is_begun:
            shared = Draft(status=status or Status.COMPLETE)
            self._show(BulkDraft(shared=shared, rows=BulkDraft().rows))
            self.sheet.add(ids)
            self.sheet.forget_steps()
            await self._read()
        elif new:
            self._offer(new)
        if status is not None:
            self.shared.choose_status(status)
        self._stand_first()

    async def resume(self) -> None:
        """The grid as it is on disk, unless it is open already."""
        if self.sheet.rows and self.draft().unsent:
            return
        await self._keeper.flush()
        self._show(await self._desk.bulk.load() or BulkDraft())
        await self._read()
        self._stand_first()

    async def bring_back(self, draft: BulkDraft) -> None:
        """One that was discarded."""
        await self._desk.bulk.save(draft)
        self._show(draft)
        await self._read()

    async def start_over(self) -> None:
        """Another account: the grid of the one before is on its disk."""
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

    # Reading and keeping

    def _show(self, draft: BulkDraft) -> None:
        self.sheet.show(draft)
        self.model.tried = False
        self.shared.show_draft(draft.shared)
        self.line.hide()
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
        if self.sheet.follow(lines):
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
        for row in self.sheet.rows:
            if not row.time or not any(code.startswith("time_") for code in codes):
                self.sheet.confirm(row.order_id, codes, on=on)
        self._show_all()

    def _pasted(self, done: Pasted) -> None:
        """What found no place is said until somebody has seen it; the clipboard still has it."""
        said = words.not_pasted(done)
        if said:
            self._offered = []
            self.line.tell(said, tr("Undo paste"), tr("Close"))
        else:
            self.line.hide()

    def _offer(self, ids: list[OrderId]) -> None:
        self._offered = ids
        self.line.tell(
            tr("This report was not finished. {n} chosen shipment(s) (is|are) not in it.", n=len(ids)),
            tr("Add to it"),
            tr("Begin anew"),
        )

    def _first_of_line(self) -> None:
        if self._offered:
            self._add(self._offered)
        else:
            self.model.step_back()
        self.line.hide()

    def _second_of_line(self) -> None:
        offered, self._offered = self._offered, []
        self.line.hide()
        if offered:
            self._spawn(self._begin_anew(offered), "begin the grid anew")

    async def _begin_anew(self, ids: list[OrderId]) -> None:
        before = self.draft()
        await self._throw_away()
        self.discarded.emit(before)
        await self.begin(ids, before.shared.status)

    def _add(self, ids: Sequence[OrderId]) -> None:
        if self.sheet.add(ids):
            self._typed()
            self._spawn(self._read(), "read the shipments of the grid")

    async def _find(self) -> None:
        """One that the words name for certain; else what to do is said."""
        text = self.bar.add.text().strip()
        found = await self._desk.shipment_ids(View.ALL, text) if text else []
        if len(found) == 1:
            self.bar.add.clear()
            self._add(found)
            self.bar.say("" if found[0] in self.sheet.problems else tr("Added"))
        elif text:
            several = tr("{n} shipments match. Type more of it.", n=len(found))
            self.bar.say(several if found else tr("No shipment matches."), trouble=True)

    def _remove(self) -> None:
        if self.sheet.remove(self.grid.chosen_rows()):
            self._typed()

    def _discard(self) -> None:
        self._spawn(self._thrown_away(), "discard the grid")

    async def _thrown_away(self) -> None:
        before = self.draft()
        await self._throw_away()
        self.discarded.emit(before)
        self.left.emit()

    async def _throw_away(self) -> None:
        await self._keeper.flush()
        await self._desk.bulk.discard()
        self._show(BulkDraft())

    def _take_over(self) -> None:
        row = self._current()
        known = None if row is None else self.sheet.known.get(self.sheet.rows[row].order_id)
        if row is None or known is None or known.draft is None:
            return
        typed = self.sheet.rows[row]
        values = {name: getattr(known.draft, name) for name in ("signee", "time", "comment", "exception")}
        self.model.change({(row, name): text for name, text in values.items() if text and not typed.cell(name)})

    # Sending

    def send(self) -> None:
        self.grid.settle()
        self.sheet.share(self.shared.draft())
        self.model.tried = True
        self._show_all()
        if self.sheet.ready() and not self._sending.under_way:
            self._spawn(self._send(), "send the grid")

    async def _send(self) -> None:
        if not await self._keeper.flush():
            return  # said beside the buttons: what is not on disk is not sent
        await self._desk.bulk.save(self.draft())
        try:
            await self._sending.send()
        finally:
            self.sheet.forget_steps()
            self._keep()
            if self._sending.entries:
                self.sent.emit(tuple(self._sending.entries), self._sending.held_until)
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
        confirmed = [self.sheet.confirmed.get(row.order_id, frozenset()) for row in draft.unsent if not row.time]
        self.shared.show_problems(self._settings.rules, frozenset.intersection(*confirmed) if confirmed else frozenset())
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
        grid.pasted.connect(self._pasted)
        self._delegate.typing.connect(self._echo)
        self._delegate.typing.connect(lambda _editor: self._keep())
        self.row_line.ticked.connect(self._confirm)
        self.row_line.taken_over.connect(self._take_over)
        self.line.first.clicked.connect(self._first_of_line)
        self.line.second.clicked.connect(self._second_of_line)
        bar.send.clicked.connect(self.send)
        bar.cancel.clicked.connect(self._sending.cancel)
        bar.discard.clicked.connect(self._discard)
        self.row_line.remove.clicked.connect(self._remove)
        bar.add.returnPressed.connect(lambda: self._spawn(self._find(), "find a shipment for the grid"))
        self._keeper.saved.connect(lambda _grid: self._say_saved())
        self._keeper.failed.connect(lambda error: bar.say(labels.error(error), trouble=True))
        self._second.timeout.connect(self.model.repaint)
        for keys, do in (("Ctrl+Return", self.send), ("Ctrl+Enter", self.send), ("Ctrl+S", self._keeper.hurry), ("Ctrl+-", self._remove)):
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)
