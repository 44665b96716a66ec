"""What a person can do with paper: take it in, see how it falls into documents, mend that, and file it into the forms of shipments.

Reached as `desk.paper`. Each method is one wish and returns when it is on disk; what was changed is told as PaperChanged. Reading
goes on by itself (engine/paper.py).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path

import msgspec

from zendera_desk.domain import paper
from zendera_desk.domain.changes import Changes, DraftsChanged, LinkChanged, PaperChanged
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import AccountId, OrderId, PageId, StackId
from zendera_desk.domain.mending import Moved
from zendera_desk.domain.paper import Cut, Edits, Page, PaperCounts, Stack
from zendera_desk.domain.refusals import Refusal
from zendera_desk.domain.report import Draft
from zendera_desk.domain.views import Account, WatchedFolder
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.developing import Developing
from zendera_desk.engine.finding import Finding
from zendera_desk.engine.paper import Reading
from zendera_desk.engine.paper_taking import Given, Taking
from zendera_desk.engine.watching import Watching, files
from zendera_desk.pictures.helper import Wanted
from zendera_desk.settings import Settings
from zendera_desk.store import paper as store
from zendera_desk.store import paper_forms, refusals, watched
from zendera_desk.store.database import Connection, Database
from zendera_desk.store.pictures import Origin


class Paper:
    """Without an open account there is no paper, and nothing can be done with any: DeskError("no_account")."""

    def __init__(
        self,
        database: Database,
        developing: Developing,
        finding: Finding,
        clock: Clock,
        changes: Changes,
        *,
        account: Callable[[], Account | None],
        preferred: Callable[[], Settings],
        change_settings: Callable[[Settings], Awaitable[None]],
        make_way: Callable[[], None],
    ) -> None:
        self._database, self._developing, self._clock, self._changes = database, developing, clock, changes
        self._account, self._preferred, self._change_settings, self._make_way = account, preferred, change_settings, make_way
        self._taking = Taking(database, developing, clock, changes)
        self.reading = Reading(database, developing, finding, clock, changes, account)
        self.watching = Watching(database, self._taking, clock, changes, account, preferred)

    # In

    async def add(self, sources: Sequence[Path | bytes], name: str = "") -> StackId:
        """Takes files, or what was pasted, in as one stack; durable when this returns. What is refused stands in the stack, by name.

        Raises StoreError: the files before are taken then, this one and those behind it are not.
        """
        self._make_way()
        stack, _ = await self._taking.take(self._open_account(), [Given(source=source) for source in sources], name)
        return stack

    # What there is

    async def stacks(self) -> list[Stack]:
        """Those with pages that wait for a person, the newest last."""
        account = self._account()
        return [] if account is None else await self._database.read(store.stacks, account.id)

    async def stack(self, id_: StackId) -> Stack:
        """Raises DeskError("not_here")."""
        found = await self._database.read(store.stack, self._open_account(), id_)
        if found is None:
            raise DeskError("not_here")
        return found

    async def pages(self, ids: Sequence[PageId]) -> list[Page]:
        """As they are now. What is no longer here is left out."""
        return await self._database.read(_pages, self._open_account(), ids)

    async def dropped(self) -> list[Page]:
        account = self._account()
        return [] if account is None else await self._database.read(store.dropped, account.id)

    async def refusals(self) -> list[Refusal]:
        """Files that were not taken in, and of which nobody has read that yet."""
        account = self._account()
        return [] if account is None else await self._database.read(refusals.unread, account.id)

    async def forget_refusals(self, read: Sequence[Refusal]) -> None:
        """A person has read them."""
        await self._database.write(refusals.forget, self._open_account(), read)
        self._tell({one.stack for one in read})

    async def counts(self) -> PaperCounts:
        return paper.counts(await self.stacks())

    # How it falls into documents

    async def cut(self, page: PageId, where: Cut) -> None:
        self._tell(await self._database.write(store.cut, self._open_account(), page, where))

    async def assign(self, pages: Sequence[PageId], order_id: OrderId | None) -> None:
        """A person says whose they are; None takes that back."""
        self._tell(await self._database.write(store.assign, self._open_account(), pages, order_id))

    async def drop(self, pages: Sequence[PageId]) -> list[Page]:
        """Puts them aside; out of a form as well. Raises DeskError("in_report") where a report has one, and changes nothing then.

        Returns what lies aside by this, as it was: `restore` takes it back.
        """
        stacks, orders, were = await self._database.write(store.drop, self._open_account(), pages, self._clock.now())
        self._tell(stacks, orders)
        return were

    async def bring_back(self, pages: Sequence[PageId]) -> None:
        self._tell(await self._database.write(store.bring_back, self._open_account(), pages))

    async def restore(self, were: Sequence[Page]) -> None:
        """Takes back what a person said about these pages since they were so: assigned, cut, put aside."""
        self._tell(await self._database.write(store.restore, self._open_account(), were))

    async def read_again(self, pages: Sequence[PageId]) -> None:
        self._tell(await self._database.write(store.read_again, self._open_account(), pages))

    # How a page looks. What is filed is changed in its form

    async def turn(self, page: PageId, degrees: int) -> None:
        """Clockwise, by quarters; what is cropped turns with it. Raises PictureError, and DeskError("not_here")."""
        before = await self._page(page)
        await self.edit(page, before.edits.turned(degrees))

    async def edit(self, page: PageId, edits: Edits) -> None:
        """Raises PictureError, and nothing is changed then; DeskError("not_here")."""
        account = self._open_account()
        before = await self._page(page)
        source = await self._database.read(store.source_of, page)
        picture = None
        if before.picture is not None and source is not None:
            origin = Origin(source=source[0], page=source[1], edits=edits)
            picture = (await self._developing.page(origin, before.name, Wanted.SEEN)).picture.id
        self._tell(await self._database.write(store.edit, account, page, edits, picture))

    async def _page(self, page: PageId) -> Page:
        found = await self._database.read(store.page, self._open_account(), page)
        if found is None:
            raise DeskError("not_here")
        return found

    # Into the form of a shipment, and out of it

    async def file(self, pages: Sequence[PageId], order: OrderId) -> Draft:
        """Puts the pages' pictures into the shipment's draft, which is kept as it is otherwise, and takes them out of the tray.

        Separators and pages without a picture are left in the tray. Raises DeskError: not_here, in_report (of another shipment).
        """
        self._make_way()
        draft, stacks, orders = await self._database.write(store.file, self._open_account(), pages, order, self._clock.now())
        self._tell(stacks, orders)
        return draft

    async def unfile(self, pages: Sequence[PageId]) -> None:
        """Out of the form, back into the tray. Raises DeskError("in_report") where a report has one: it is to be taken back first."""
        self._tell(*await self._database.write(store.unfile, self._open_account(), pages, self._clock.now()))

    async def put_in(self, pages: Sequence[PageId], order: OrderId, draft: Draft) -> None:
        """The shipment's draft as it stands in its form, in which these pages are. Raises DeskError("not_here")."""
        self._make_way()
        self._tell(
            await self._database.write_anyway(paper_forms.put_in, self._open_account(), pages, order, draft, self._clock.now()), {order}
        )

    async def move(self, order: OrderId, to: OrderId, stays: Draft | None, goes: Draft) -> Moved:
        """Parts the draft of a shipment in two; `desk.mending.undo` takes it back. Raises DeskError: draft_there, bound_here."""
        self._make_way()
        moved = await self._database.write(paper_forms.move, self._open_account(), order, to, stays, goes, self._clock.now())
        self._tell(frozenset(), {order, to})
        return moved

    # The watched folder

    async def watch(self, folder: Path | None, *, take_what_is_there: bool = False) -> None:
        """Of the open account; None ends it. Raises DeskError("folder_unreachable"), and StoreError: it then counts for this run alone."""
        account = self._open_account()
        folders = {id_: path for id_, path in self._preferred().watched_folders.items() if id_ != account}
        if folder is None:
            await self._database.write(watched.leave, account)
        else:
            folder, there = await asyncio.to_thread(_look, folder)
            await self._database.write(watched.choose, account, str(folder), () if take_what_is_there else there, self._clock.now())
            folders[account] = str(folder)
        try:
            await self._change_settings(msgspec.structs.replace(self._preferred(), watched_folders=folders))
        finally:
            self.watching.when_asked()

    async def watched(self, since: datetime) -> WatchedFolder:
        """How it stands with the folder of the open account; what was taken in is counted from `since`."""
        account = self._account()
        folder = "" if account is None else self._preferred().watched_folders.get(account.id, "")
        if account is None or not folder:
            return WatchedFolder()
        taken = await self._database.read(watched.taken_since, account.id, since)
        return WatchedFolder(folder=folder, taken=taken, trouble=self.watch_trouble)

    @property
    def watch_trouble(self) -> DeskError | None:
        """Why the folder of the open account is not watched now."""
        return self.watching.trouble

    # Inside

    def _open_account(self) -> AccountId:
        account = self._account()
        if account is None:
            raise DeskError("no_account")
        return account.id

    def _tell(self, stacks: AbstractSet[StackId], orders: AbstractSet[OrderId] = frozenset()) -> None:
        if stacks:
            self._changes.publish(PaperChanged(frozenset(stacks)))
        if orders:
            self._changes.publish(DraftsChanged(frozenset(orders)), LinkChanged())


def _pages(conn: Connection, account: AccountId, ids: Sequence[PageId]) -> list[Page]:
    found = (store.page(conn, account, id_) for id_ in ids)
    return [one for one in found if one is not None]


def _look(folder: Path) -> tuple[Path, list[watched.Seen]]:
    try:
        return folder.absolute(), files(folder)
    except OSError as error:
        raise DeskError("folder_unreachable", name=str(folder)) from error
