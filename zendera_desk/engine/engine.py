"""The loops of one account, on one line and one budget."""

import asyncio
import contextlib
import random
from datetime import datetime, timedelta
from typing import Final

from zendera_desk.domain.changes import Changes
from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import Account
from zendera_desk.engine.budget import Budget
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.intake import Intake
from zendera_desk.engine.link import Endpoint, Link, OpenClient, Waiting
from zendera_desk.engine.outbox import Outbox
from zendera_desk.engine.supervise import JUMP, Loop, Supervisor
from zendera_desk.engine.tail import Tail
from zendera_desk.engine.uploading import ReadPicture, Uploading
from zendera_desk.engine.verify import Certainty, Verify
from zendera_desk.store.database import Database

RESUMED_EVERY: Final = 2.0
"""Seconds from one look at the clocks to the next: so long after a resume everything is due at the latest."""


class Engine:
    """Started once, then run, and stopped once. `wake_…` makes a loop look again at once."""

    def __init__(
        self,
        account: Account,
        key: str,
        *,
        database: Database,
        clock: Clock,
        changes: Changes,
        open_client: OpenClient,
        read_picture: ReadPicture,
        desks_on_key: int = 1,
        certainty: Certainty = "learned",
        rng: random.Random | None = None,
    ) -> None:
        gate = asyncio.Lock()
        self.account = account
        self.link = Link(
            account,
            key,
            open_client=open_client,
            database=database,
            clock=clock,
            changes=changes,
            budget=Budget(),
        )
        self.link.on_recovery = self._recovered
        self.intake = Intake(self.link, database, clock, changes, gate)
        rng = rng or random.Random()
        self.outbox = Outbox(self.link, database, clock, changes, gate, rng)
        self.uploading = Uploading(self.link, database, clock, changes, read_picture, rng)
        self.verify = Verify(self.link, database, clock, changes)
        self.tail = Tail(self.link, database, clock, changes)
        self.link.chance = self.outbox.chance
        self.prefer(desks_on_key=desks_on_key, certainty=certainty)
        self.outbox.on_answer = self._answered
        self.outbox.on_released = lambda: self._wake("uploading")
        self.uploading.on_linked = lambda: self._wake("outbox")
        self.verify.on_decided = lambda: self._wake("outbox", "uploading")
        self.intake.on_decided = self.wake_outbox
        self._clock = clock
        self._supervisor = Supervisor(clock, changes)
        self._loops: dict[str, Loop] = {}
        self._wall_offset = self._offset_of(clock.now())
        self._looked_at = clock.monotonic()

    async def start(self) -> None:
        """Ready to be driven; `run` makes it go by itself."""
        await self.link.start()

    def run(self) -> None:
        self._looked_at = self._clock.monotonic()
        for name, step in (
            ("intake", self.intake.step),
            ("outbox", self.outbox.step),
            ("uploading", self.uploading.step),
            ("verify", self.verify.step),
            ("tail", self.tail.step),
            ("resume", self._notice_resume),
        ):
            self._loops[name] = self._supervisor.loop(name, step)

    async def test(self) -> None:
        """One call like any other: it is counted, and while Zendera wants none, none is made. Raises LinkError."""
        try:
            await self.link.call(Endpoint.EXPORT, lambda client: client.export_page(1, 1))
        except Waiting:
            raise LinkError(LinkCode.LIMIT) from None

    async def stop(self, patience: timedelta) -> None:
        """What is in flight has `patience` to get its answer, less if somebody hurries; then everything ends."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience.total_seconds()):
                await self.outbox.settle()
        await self._supervisor.close()
        await self.link.close()

    async def replace_key(self, key: str) -> None:
        await self.link.replace_key(key)
        self.wake_all()

    def prefer(self, *, desks_on_key: int, certainty: Certainty) -> None:
        """Goes on with these settings, from the next decision on."""
        self.link.budget.desks = desks_on_key
        self.verify.certainty = certainty

    def look_ahead(self, order_id: OrderId) -> None:
        """A person begins to report about the order: what does Zendera show already?"""
        self.verify.look_ahead(order_id)
        self._wake("verify")

    def wake_outbox(self) -> None:
        """Something was put into the outbox, taken out of it, or decided."""
        self._wake("outbox", "uploading", "verify")

    def wake_all(self) -> None:
        self._wake(*self._loops)

    def _wake(self, *names: str) -> None:
        for name in names:
            if name in self._loops:
                self._loops[name].wake()

    def go_on_with_feed(self) -> None:
        """A person had stopped catching up."""
        self.tail.go_on()
        self._wake("tail")

    def desk_used(self) -> None:
        """A person does something at the desk. If nobody did for a while, the feed is looked at now."""
        if self.tail.pace.used(self._clock.monotonic()):
            self._look_at_feed()

    def desk_hidden(self, *, hidden: bool) -> None:
        if self.tail.pace.hidden(self._clock.monotonic(), hidden=hidden):
            self._look_at_feed()

    def _answered(self) -> None:
        self._wake("verify")
        self._look_at_feed()

    def _look_at_feed(self) -> None:
        self.tail.soon()
        self._wake("tail")

    async def _notice_resume(self, now: datetime) -> datetime:
        """A machine that slept wakes to a world that went on. Its monotonic clock stood still meanwhile, or on Windows went on, too.

        A clock that somebody set looks the same. The steps themselves find out what that means for what is under way.
        """
        offset, looked_at = self._offset_of(now), self._looked_at
        self._looked_at = self._clock.monotonic()
        if self._looked_at - looked_at > RESUMED_EVERY + JUMP.total_seconds():
            await self.link.was_away()
        elif abs(offset - self._wall_offset) <= JUMP:
            return now + timedelta(seconds=RESUMED_EVERY)
        self._wall_offset = offset
        self.tail.was_away()
        self.wake_all()
        return now + timedelta(seconds=RESUMED_EVERY)

    def _offset_of(self, now: datetime) -> timedelta:
        return timedelta(seconds=now.timestamp() - self._clock.monotonic())

    async def _recovered(self) -> None:
        await self.outbox.recovered()
        await self.uploading.recovered()
        self._wake("outbox", "uploading", "verify", "tail")
