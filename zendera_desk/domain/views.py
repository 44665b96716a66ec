"""What the window reads: rows ready to be shown, in codes and values. The store makes them, the interface words them."""

from array import array
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

import msgspec

from zendera_desk.domain.board import Differing
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.feed import ProductStatus, TimelineEvent
from zendera_desk.domain.ids import AccountId, EntryId, OrderId, ViewId
from zendera_desk.domain.outbox import Deed, Entry, Kind, State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import Shipment, StopKind
from zendera_desk.domain.uploads import Uploading


class View(StrEnum):
    """The fixed views of the list, in the order of Ctrl+1 to Ctrl+6."""

    TO_ACCEPT = "to_accept"
    TO_REPORT = "to_report"
    NEEDS_ME = "needs_me"
    DIFFERENCES = "differs"
    """The product feed does not fit what was reported, or what was ordered."""
    TODAY = "today"
    ALL = "all"


class Phase(StrEnum):
    """Where a shipment stands, by what Zendera said; beside it stands what is on its way."""

    NEW = "new"
    ACCEPTING = "accepting"
    ACCEPTED = "accepted"
    FAILED = "failed"
    CORRECTED = "corrected"
    GONE = "gone"
    PICKED_UP = "picked_up"
    DELIVERED = "delivered"
    EXCEPTION = "exception"


class Due(StrEnum):
    """When a delivery's window lies, seen from today."""

    LATE = "late"
    """Before today."""
    TODAY = "today"
    TOMORROW = "tomorrow"
    WEEK = "week"
    """Today, or on one of the six days after."""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What a view of one's own shows: of a fixed view the shipments for which all of this holds. Says nothing where it is empty."""

    view: View = View.ALL
    words: str = ""
    """By which they are found, as in Find."""
    phase: Phase | None = None
    service: str = ""
    place: str = ""
    """Of the delivery: postcodes, their beginnings, ranges and cities ("5000-5299, 60, Oslo"; domain/destinations.py)."""
    due: Due | None = None
    cod: bool | None = None
    """With cash on delivery, or without."""


Wanted = View | Filter
"""What the list can show."""


class OwnView(msgspec.Struct, frozen=True, kw_only=True):
    """A view that a person made."""

    id: ViewId
    name: str
    filter: Filter = Filter()
    columns: bytes = b""
    """Those of the table when it was made, how wide they were, and by which of them it was sorted; the table alone reads it."""


class Length(NamedTuple):
    """Of a view of one's own."""

    number: int
    more: bool
    """There are others, or may be."""


class ShipmentLine(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the shipments table."""

    order_id: OrderId
    order_number: str = ""
    reference: str = ""
    pickup_city: str = ""
    delivery_name: str = ""
    delivery_postal_code: str = ""
    delivery_city: str = ""
    delivery_country: str = ""
    colli: int = 0
    weight_kg: float | None = None
    cod_amount: Decimal | None = None
    cod_currency: str = ""
    earliest: datetime | None = None
    """Of the delivery."""
    latest: datetime | None = None
    service: str = ""
    seen_at: datetime
    """When we first stored it."""
    phase: Phase = Phase.NEW
    exception: Status | None = None
    """The status reported, while `phase` is EXCEPTION."""
    strikes: int = 0
    changed: tuple[str, ...] = ()
    """Corrected or changed: the names of the fields that differ from the version before, such as "delivery.postal_code"."""
    has_draft: bool = False
    entry_kind: Kind | None = None
    """What is on its way: the entry that most needs to be seen, if any."""
    entry_state: State | None = None
    entry_next_at: datetime | None = None
    entry_code: str = ""
    entry_seen_by: str = ""
    entry_doubled: bool = False
    """Zendera shows it twice, and nobody has said that they know."""
    differing: tuple[Differing, ...] | None = None
    """What of the product feed does not fit; None: that was not read."""


class Sort(StrEnum):
    """What the list can be sorted by; "seen" (newest first) is what a view starts with."""

    SEEN = "seen"
    ORDER = "order"
    REFERENCE = "reference"
    FROM = "from"
    TO = "to"
    RECEIVER = "receiver"
    COLLI = "colli"
    WEIGHT = "weight"
    COD = "cod"
    WINDOW = "window"
    SERVICE = "service"
    STATE = "state"


class IdsPage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a list of order ids, in their order."""

    ids: "array[int]"
    after: tuple[int | float | str, ...] | None = None
    """Where the next part begins; None: there is none."""
    count: int = 0
    """Of the whole list."""
    here: int = 0
    """Of a search, best first (a number that is just what was typed, what stands in the present view, what is open, the rest):
    so many of them stand in the present view."""
    more: bool = False
    """Of a search, and of a view of one's own: there are others, older ones."""


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """Of several shipments together."""

    shipments: int = 0
    colli: int = 0
    weight_kg: float | None = None
    """None where none of them has a weight."""
    unweighed: int = 0
    """So many of them have none."""
    cod: tuple[tuple[str, Decimal], ...] = ()
    """Currency and amount."""


class OpenShipment(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about the shipment that is open."""

    line: ShipmentLine
    shipment: Shipment
    original: bytes
    versions: tuple["Version", ...]
    draft: Draft | None = None
    draft_of: Entry | None = None
    """The entry that the draft corrects, or takes the place of."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A field that Zendera changed, with its old and new value as text."""

    field: str
    old: str
    new: str


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One state of the shipment at Zendera's side. `differences` from the version before; empty for the first."""

    number: int
    seen_at: datetime
    differences: tuple[Difference, ...] = ()


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One try to send, from the append-only log."""

    entry: EntryId
    started_at: datetime
    ended_at: datetime | None = None
    code: str = ""
    """"" for a valid answer, else a LinkCode."""
    http_status: int | None = None
    answer: str = ""
    sha256: str = ""
    """Of the bytes that left; "" where none did."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What a person did about an entry, from the append-only log."""

    entry: EntryId
    at: datetime
    deed: Deed
    by: str = ""
    desk: str = ""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One event of Zendera's own timeline, as this desk read it."""

    event: TimelineEvent
    first_seen_at: datetime
    entry: EntryId | None = None
    """The entry of ours that it is recognised as; None: somebody else's, or not to be told."""


class Timeline(msgspec.Struct, frozen=True, kw_only=True):
    """What Zendera showed for one order. `read_at` None: this desk has never read it."""

    read_at: datetime | None = None
    shown: tuple[Shown, ...] = ()


class OutboxLine(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the outbox view."""

    entry: Entry
    account_name: str
    order_number: str = ""
    delivery_name: str = ""
    delivery_city: str = ""
    foreign: bool = False
    """It belongs to another account than the one that is open: shown, not sent."""
    pictures: int = 0
    timeline: Timeline | None = None
    """What Zendera shows for the order, where a person has to decide by it."""
    uploading: Uploading | None = None
    """Of a report that waits for the links of its pictures."""
    answered_anew: bool = False
    """An accept or fail that Zendera does not show, and after which the order was accepted or failed once more."""


class ReportedPicture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of a report. `linked`: it travels as a link, once it is uploaded; else inside the report."""

    name: str
    linked: bool = False
    uploaded_at: datetime | None = None


class EntryStory(msgspec.Struct, frozen=True, kw_only=True):
    """An entry with all that was tried, for the history and for "Copy details"."""

    entry: Entry
    attempts: tuple[Attempt, ...]
    done: tuple[Done, ...] = ()
    pictures: tuple[ReportedPicture, ...] = ()


class FeedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the product feed. `id` grows with each stored change: a larger one is newer to us."""

    id: int
    at: datetime
    product_id: int | None = None
    product_number: str = ""
    product_name: str = ""
    location_number: str = ""
    stop: StopKind | None = None
    status: ProductStatus = ProductStatus.UNKNOWN
    status_word: str = ""
    order_id: OrderId | None = None
    """The shipment it was matched to; None is shown as unmatched."""
    order_number: str = ""
    stored_at: datetime | None = None
    """When this desk was told."""


class FeedScope(StrEnum):
    ALL = "all"
    ORDER = "order"
    UNMATCHED = "unmatched"


class FeedCursor(msgspec.Struct, frozen=True, kw_only=True):
    """Where the tail stands. `gap_at`: since then "a gap is possible", because a token was refused."""

    up_to_date_at: datetime | None = None
    catching_up: bool = False
    read: int = 0
    """Changes read since it began to catch up."""
    about: int | None = None
    """How many those may become, judged by their times; None while it cannot be told."""
    stopped: bool = False
    """A person stopped catching up; it goes on when a person wants it to."""
    waits_until: datetime | None = None
    """No call may be made before."""
    gap_at: datetime | None = None
    unreadable_at: datetime | None = None
    """When the newest entry came that is no change as we know them, and that had not come before."""
    code: str = ""
    """Why it does not move, if it does not: a LinkCode."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A Zendera organisation that this desk works for. `passing`: given on the command line, for this run only."""

    id: AccountId
    name: str
    base_url: str
    passing: bool = False


class WatchedFolder(msgspec.Struct, frozen=True, kw_only=True):
    """The folder that an account's scanner or phone fills. `trouble`: why it is not watched now."""

    folder: str = ""
    """"" while none is chosen."""
    taken: int = 0
    trouble: DeskError | None = None


class Connection(StrEnum):
    STARTING = "starting"
    ONLINE = "online"
    OFFLINE = "offline"
    LIMITED = "limited"
    """The hour's calls are used up, or Zendera asked us to wait."""
    BLOCKED = "blocked"
    """401 or 403: the key must be mended."""
    TROUBLE = "trouble"
    """TLS, redirect, not Zendera: something between us must be mended."""


class DeskStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What the status line shows."""

    connection: Connection = Connection.STARTING
    code: str = ""
    """The LinkCode behind a connection that is not online."""
    words: str = ""
    next_check_at: datetime | None = None
    """When the export is walked next."""
    checking: bool = False
    counts: dict[State, int] = {}
    """Entries of the open account by state, without confirmed, taken back and dropped."""
    feed_every: timedelta | None = None
    """How long the product feed waits from one look to the next, while it just follows."""
    feed_resting: bool = False
    """It looks seldom, because nobody is at the desk."""
    feed_code: str = ""
    """Why the product feed does not move, if it does not: a LinkCode."""
    calls_left: int = 0
    calls_limit: int = 1000
    views: dict[View, int] = {}
    """How many shipments each view has."""
    set_aside: int = 0
    """Rows of the export that could not be read."""
    doubled: int = 0
    """Entries that Zendera shows twice, of which nobody has said that they know."""
    unshown: int = 0
    """Entries that Zendera answered that it took, and does not show. They are counted as sent, too."""


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """Why an action did not apply to a shipment.

    Codes: already_accepted, already_on_its_way, gone, failed_waiting, last_strike, not_here.
    """

    order_id: OrderId
    code: str


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """The result of an action: what is in the outbox now, and what was left out and why."""

    entries: tuple[EntryId, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    held_until: datetime | None = None
