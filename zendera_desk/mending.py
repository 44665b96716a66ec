"""What a person can mend of what was reported: move it to another shipment, correct it after it was sent, send it anew after a refusal.

Reached as `desk.mending`. Nothing here sends: each wish ends in drafts, on disk when it returns. What is written into the outbox
later says by itself what it corrects or takes the place of (`Draft.corrects`, `Draft.instead_of`).
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from typing import Protocol

from zendera_desk.domain import mending, missing
from zendera_desk.domain.board import Board
from zendera_desk.domain.changes import Changes, DraftsChanged, LinkChanged, OutboxChanged, ShipmentsChanged
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import AccountId, EntryId, OrderId, PictureId
from zendera_desk.domain.mending import Moved
from zendera_desk.domain.outbox import Entry
from zendera_desk.domain.report import Draft
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import Account
from zendera_desk.engine.clock import Clock
from zendera_desk.settings import Settings
from zendera_desk.store import mending as store
from zendera_desk.store.database import Database

_Words = Callable[[Entry, Draft, datetime, tzinfo], Draft]


class _SpokenWords(Protocol):
    def __call__(self, first: Entry, draft: Draft, now: datetime, zone: tzinfo, *, language: str) -> Draft: ...


class Mending:
    """All methods raise DeskError, and nothing is changed then: draft_there, draft_here, moved_on, not_here, same_shipment, no_form,
    no_account, agrees_now."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        changes: Changes,
        zone: tzinfo,
        *,
        account: Callable[[], Account | None],
        preferred: Callable[[], Settings],
        make_way: Callable[[], None],
        deciding: asyncio.Lock,
    ) -> None:
        self._database, self._clock, self._changes, self._zone = database, clock, changes, zone
        self._account, self._preferred, self._make_way = account, preferred, make_way
        self._deciding = deciding
        """What is just being sent is not mended at the same time, and the other way round."""

    async def move_report(self, entry: EntryId, to: OrderId) -> Moved:
        """Takes back what has not left, and puts its form into another shipment's; "bound_here" as `move_draft`."""
        settings = self._preferred()
        self._make_way()
        async with self._deciding:
            moved = await self._database.write(
                store.move_report, self._open_account(), entry, to, self._clock.now(), by=settings.made_by, desk=settings.desk
            )
        self._tell([moved.source, moved.target], [entry])
        return moved

    async def move_pictures(self, order: OrderId, draft: Draft, pictures: Iterable[PictureId], to: OrderId) -> Moved:
        """`draft` is the form as it stands on the screen: what was typed a moment ago is written with it."""
        return await self._move_draft(order, draft, to, frozenset(pictures))

    async def move_draft(self, order: OrderId, draft: Draft, to: OrderId) -> Moved:
        """Everything in the form. Raises DeskError("bound_here") where it answers an earlier report of its shipment."""
        return await self._move_draft(order, draft, to, None)

    async def undo(self, moved: Moved) -> None:
        """As long as nobody went on in one of the two forms: DeskError("changed_since")."""
        async with self._deciding:
            await self._database.write(store.undo, self._open_account(), moved, self._clock.now())
        self._tell([moved.source, moved.target])

    async def correct(self, entry: EntryId) -> OrderId:
        """Begins a second report that says the first one right, with its values. One that was begun already goes on."""
        return await self._begin(entry, store.correct, self._spoken(mending.correction))

    async def send_anew(self, entry: EntryId) -> OrderId:
        """Begins a report with all that the refused one had; when it is written into the outbox, the refused one goes."""
        return await self._begin(entry, store.send_anew, mending.anew)

    async def meant_for_another(self, entry: EntryId, to: OrderId) -> Moved:
        """Begins the right report at the other shipment, and one here that says that the first was meant for another."""
        words = self._worded(self._spoken(mending.meant_for_another)), self._worded(mending.for_another)
        async with self._deciding:
            moved = await self._database.write(store.meant_for_another, self._open_account(), entry, to, *words, self._clock.now())
        self._tell([moved.source, moved.target])
        return moved

    async def report_missing(self, order: OrderId, stop: StopKind, shown: Board, fed_until: datetime | None) -> OrderId:
        """Begins the report of what the product feed does not bear out at the stop, or adds that to the one that is being typed.

        Raises DeskError("agrees_now") where the feed has said so meanwhile.
        """
        account = self._open_account()
        said = missing.words(shown, stop, fed_until, self._language())
        if not said:
            raise DeskError("agrees_now")
        worded = self._worded(self._spoken(mending.correction))
        self._make_way()
        async with self._deciding:
            await self._database.write(store.report_missing, account, order, stop, shown.report(stop), said, worded, self._clock.now())
        self._tell([order])
        return order

    # Inside

    async def _move_draft(self, order: OrderId, draft: Draft, to: OrderId, pictures: frozenset[PictureId] | None) -> Moved:
        self._make_way()
        async with self._deciding:
            moved = await self._database.write(store.move_draft, self._open_account(), order, draft, to, pictures, self._clock.now())
        self._tell([order, to])
        return moved

    async def _begin(self, entry: EntryId, begin: Callable[..., OrderId], words: _Words) -> OrderId:
        self._make_way()
        async with self._deciding:
            order = await self._database.write(begin, self._open_account(), entry, self._worded(words), self._clock.now())
        self._tell([order])
        return order

    def _language(self) -> str:
        """In which Zendera's dispatchers are written to."""
        return self._preferred().languages.get(self._open_account(), "")

    def _spoken(self, words: _SpokenWords) -> _Words:
        language = self._language()
        return lambda entry, draft, now, zone: words(entry, draft, now, zone, language=language)

    def _worded(self, words: _Words) -> store.Word:
        now = self._clock.now()
        return lambda entry, draft: words(entry, draft, now, self._zone)

    def _open_account(self) -> AccountId:
        account = self._account()
        if account is None:
            raise DeskError("no_account")
        return account.id

    def _tell(self, orders: Iterable[OrderId], entries: Iterable[EntryId] = ()) -> None:
        changed = frozenset(orders)
        if taken := frozenset(entries):
            self._changes.publish(OutboxChanged(taken), ShipmentsChanged(changed))
        self._changes.publish(DraftsChanged(changed), LinkChanged())
