"""What the office knows of what differs on a colli board: it is not counted among the differences then, until the board changes.

Reached as `desk.differences`. Zendera is told nothing; where it should be, that is a report (mending.py).
"""

from collections.abc import Callable
from datetime import datetime

from zendera_desk.domain.board import Acknowledgement, Board
from zendera_desk.domain.changes import Changes, LinkChanged, ShipmentsChanged
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import Account
from zendera_desk.settings import Settings
from zendera_desk.store import acknowledgements, board
from zendera_desk.store.database import Database


class Differences:
    """All methods raise StoreError, and nothing is changed then."""

    def __init__(
        self,
        database: Database,
        changes: Changes,
        *,
        account: Callable[[], Account | None],
        now: Callable[[], datetime],
        preferred: Callable[[], Settings],
    ) -> None:
        self._database, self._changes = database, changes
        self._account, self._now, self._preferred = account, now, preferred

    async def acknowledge(self, order: OrderId, stop: StopKind, shown: Board, fed_until: datetime | None) -> bool:
        """What counts there on the board that was `shown`. False: nothing does."""
        account, preferred = self._account(), self._preferred()
        if account is None:
            return False
        done = await self._database.write(
            acknowledgements.acknowledge,
            account.id,
            order,
            stop,
            shown,
            fed_until,
            self._now(),
            by=preferred.made_by,
            desk=preferred.desk,
        )
        return self._tell(order, done=done)

    async def undo(self, order: OrderId, stop: StopKind) -> bool:
        """Has what was acknowledged last at the stop count again. False: nothing is acknowledged there."""
        account, preferred = self._account(), self._preferred()
        if account is None:
            return False
        done = await self._database.write(
            acknowledgements.undo, account.id, order, stop, self._now(), by=preferred.made_by, desk=preferred.desk
        )
        return self._tell(order, done=done)

    async def of(self, order: OrderId) -> tuple[Acknowledgement, ...]:
        """The oldest first, with what was taken back."""
        account = self._account()
        if account is None:
            return ()
        return (await self._database.read(board.acknowledged, account.id, [order])).get(order, ())

    def _tell(self, order: OrderId, *, done: bool) -> bool:
        if done:
            self._changes.publish(ShipmentsChanged(frozenset({order})), LinkChanged())
        return done
