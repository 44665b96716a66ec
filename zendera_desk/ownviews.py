"""The views that a person made for the open account: a part of the desk (desk.py). What is changed is on disk when a method returns."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from zendera_desk.domain.changes import Changes, ViewsChanged
from zendera_desk.domain.ids import ViewId
from zendera_desk.domain.views import Account, Filter, Length, OwnView
from zendera_desk.store import filtered, own_views
from zendera_desk.store.database import Database


class OwnViews:
    def __init__(self, database: Database, changes: Changes, account: Callable[[], Account | None], today: Callable[[], datetime]) -> None:
        self._database, self._changes, self._account, self._today = database, changes, account, today

    async def everyone(self) -> list[OwnView]:
        """In their order."""
        return [] if (account := self._account()) is None else await self._database.read(own_views.everyone, account.id)

    async def make(self, name: str, wanted: Filter, columns: bytes) -> OwnView:
        """A new one, the last."""
        made = OwnView(id=ViewId(secrets.token_hex(8)), name=name, filter=wanted, columns=columns)
        await self.put(made)
        return made

    async def put(self, view: OwnView, place: int | None = None) -> None:
        """Changes it, or brings one back that was removed: to its `place` among the others."""
        if (account := self._account()) is not None:
            await self._database.write(own_views.put, account.id, view, place)
            self._changes.publish(ViewsChanged())

    async def move(self, view: ViewId, place: int) -> None:
        if (account := self._account()) is not None:
            await self._database.write(own_views.move, account.id, view, place)
            self._changes.publish(ViewsChanged())

    async def remove(self, view: ViewId) -> None:
        if (account := self._account()) is not None:
            await self._database.write(own_views.remove, account.id, view)
            self._changes.publish(ViewsChanged())

    async def counts(self, wanted: Sequence[Filter]) -> list[Length]:
        """How many shipments each has. Nothing that a person does waits while they are counted."""
        if (account := self._account()) is None:
            return [Length(0, more=False)] * len(wanted)
        today = self._today()
        return [await self._database.read_aside(filtered.count, account.id, each, today) for each in wanted]

    async def services(self) -> list[str]:
        """The carrier's services that any shipment has, by their names."""
        return [] if (account := self._account()) is None else await self._database.read(filtered.services, account.id)
