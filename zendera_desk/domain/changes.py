"""What changed, said once after a commit to whoever shows it. A change says what, never how it looks."""

import logging
from collections.abc import Callable

import msgspec

from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import EntryId, OrderId, PictureId, StackId
from zendera_desk.domain.report import Picture

_log = logging.getLogger(__name__)


class ShipmentsChanged(msgspec.Struct, frozen=True):
    """These shipments, or what is on its way for them, read differently now."""

    ids: frozenset[OrderId]


class OutboxChanged(msgspec.Struct, frozen=True):
    """These entries stand elsewhere now. A `ShipmentsChanged` comes along that names their shipments."""

    ids: frozenset[EntryId]


class DraftsChanged(msgspec.Struct, frozen=True):
    ids: frozenset[OrderId]


class PicturesArrived(msgspec.Struct, frozen=True):
    """These were put into the shipment's draft, on disk, by something else than the form that it may be open in: which takes them in."""

    order_id: OrderId
    pictures: tuple[Picture, ...]
    instead_of: PictureId | None = None
    """The picture whose place the only one of them took."""


class FeedAdvanced(msgspec.Struct, frozen=True):
    """`count` new changes were stored (0: only the cursor's state changed)."""

    count: int


class LinkChanged(msgspec.Struct, frozen=True):
    """Connection, pace, budget or account state changed: the status line reads again."""


class PaperChanged(msgspec.Struct, frozen=True):
    """These stacks of paper read differently now, or are new."""

    stacks: frozenset[StackId]


class ViewsChanged(msgspec.Struct, frozen=True):
    """The person's own views are others now."""


class CopiesChanged(msgspec.Struct, frozen=True):
    """A copy of the database was made, or could not be."""


class ArchivesChanged(msgspec.Struct, frozen=True):
    """Another part of an archive is made, or all of it."""


class ZoneChanged(msgspec.Struct, frozen=True):
    """The PC's time zone is another one now: every time that is shown reads differently."""


class LoopFailed(msgspec.Struct, frozen=True):
    """A part of the engine failed in a way nobody foresaw; it is tried again by itself."""

    name: str
    error: Exception


class Trouble(msgspec.Struct, frozen=True):
    """Something a person must hear about that belongs to no single row."""

    error: DeskError


Change = (
    ShipmentsChanged
    | OutboxChanged
    | DraftsChanged
    | PicturesArrived
    | PaperChanged
    | FeedAdvanced
    | LinkChanged
    | CopiesChanged
    | ViewsChanged
    | ArchivesChanged
    | ZoneChanged
    | LoopFailed
    | Trouble
)


class Changes:
    """Hands each change to every subscriber, in the order of publishing. A failing subscriber harms no other."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[[Change], None]] = []

    def subscribe(self, subscriber: Callable[[Change], None]) -> Callable[[], None]:
        """Returns the call that ends the subscription; it may be made twice."""
        self._subscribers.append(subscriber)

        def unsubscribe() -> None:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

        return unsubscribe

    def publish(self, *changes: Change) -> None:
        for change in changes:
            for subscriber in tuple(self._subscribers):
                try:
                    subscriber(change)
                except Exception:  # noqa: BLE001 (one failing view must not silence the others; it is logged whole)
                    _log.exception("a subscriber failed on %r", change)
