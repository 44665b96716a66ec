"""The grid's place in the window: its page, the notice that one is not finished, and the ways back."""

from collections.abc import Callable, Sequence
from datetime import datetime

from zendera_desk.desk import Desk
from zendera_desk.domain.bulk import BulkDraft
from zendera_desk.domain.changes import Change, LinkChanged
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.report import Status
from zendera_desk.gui.bulk.panel import BulkPanel
from zendera_desk.gui.pages import Pages
from zendera_desk.gui.report.needs import ReportSettings
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.banner import Banners
from zendera_desk.gui.widgets.toast import Toast, ToastStrip
from zendera_desk.gui.words import tr

_KEY = "bulk"


class BulkPlace:
    """`on_sent` is told what was sent, until when it is held, and what brings the rows back into the grid."""

    def __init__(
        self,
        desk: Desk,
        spawn: Spawn,
        settings: ReportSettings,
        pages: Pages,
        banners: Banners,
        toasts: ToastStrip,
        *,
        on_sent: Callable[[tuple[EntryId, ...], datetime, Callable[[], None]], None],
    ) -> None:
        self._desk, self._spawn, self._pages, self._banners, self._toasts = desk, spawn, pages, banners, toasts
        self._account = desk.account
        self.panel = BulkPanel(desk, spawn, settings, desk.zone, pages)
        self.page = pages.framed("bulkPage", tr("Report on several shipments"), self.panel)
        pages.add_staying(self.page)
        self.panel.named.connect(self.page.rename)
        self.panel.left.connect(self.page.left)
        self.panel.sent.connect(lambda entries, until: on_sent(entries, until, self.resume))
        self.panel.discarded.connect(self._discarded)
        pages.currentChanged.connect(lambda _place: self._say_unfinished(self.panel.draft()))

    def begin(self, ids: Sequence[OrderId], status: Status | None) -> None:
        self._show()
        self._spawn(self.panel.begin(ids, status), "begin the report on many")

    def resume(self) -> None:
        """Also after Undo: the rows are in the grid again."""
        self._show()
        self._spawn(self.panel.resume(), "go on with the report on many")

    def on_change(self, change: Change) -> None:
        if isinstance(change, LinkChanged) and self._desk.account != self._account:
            self._account = self._desk.account
            self._spawn(self._start_over(), "begin the report on many over")
            return
        self.panel.on_change(change)

    async def look(self) -> None:
        """After a start: one that was not finished is said, quietly."""
        self._say_unfinished(await self._desk.bulk.load() or BulkDraft())

    async def flush(self) -> bool:
        return await self.panel.flush()

    async def _start_over(self) -> None:
        await self.panel.start_over()
        await self.look()

    def _show(self) -> None:
        self._pages.show_staying(self.page)
        self._banners.clear(_KEY)

    def _say_unfinished(self, draft: BulkDraft) -> None:
        """Not while it is open."""
        left = len(draft.unsent)
        if not left or not draft.is_begun or self._pages.currentWidget() is self.page:
            self._banners.clear(_KEY)
            return
        self._banners.tell(
            _KEY,
            tr("Unfinished: report on {n} shipment(s)", n=left),
            Tone.NEUTRAL,
            action=tr("Continue"),
            act=self.resume,
            other=tr("Discard"),
            act_other=lambda: self._spawn(self._discard(), "discard the report on many"),
            closable=False,
        )

    async def _discard(self) -> None:
        await self.panel.start_over()
        before = await self._desk.bulk.load()
        await self._desk.bulk.discard()
        self._banners.clear(_KEY)
        if before is not None:
            self._discarded(before)

    def _discarded(self, before: BulkDraft) -> None:
        def back() -> None:
            self._show()
            self._spawn(self._bring_back(before), "bring the report on many back")

        text = tr("Report on {n} shipment(s) discarded", n=len(before.unsent))
        self._toasts.tell(Toast(text=text, icon="trash-2", tone=Tone.NEUTRAL, action=tr("Undo"), act=back, lasts=30))

    async def _bring_back(self, before: BulkDraft) -> None:
        if not await self.panel.bring_back(before):
            self._discarded(before)  # it can still be asked for
