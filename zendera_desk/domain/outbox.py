"""The durable outbox: what an entry is, which states it has, and which moves between them are legal.

`LEGAL` is enforced here and, by a trigger, in the database: no code path can move an entry in a way
that could lose it or send it twice.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind


class Kind(StrEnum):
    ACCEPT = "accept"
    FAIL = "fail"
    REPORT = "report"


class State(StrEnum):
    HELD = "held"
    """On disk; goes out when the hold ends. A person can still take it back."""
    DUE = "due"
    """Certainly not received by Zendera; goes out at `next_at`."""
    SENDING = "sending"
    """Its bytes may be on the wire."""
    SENT = "sent"
    """Zendera gave a valid answer."""
    CONFIRMED = "confirmed"
    """Seen on Zendera's side: timeline, feed or a clean walk."""
    UNCLEAR = "unclear"
    """It may have been received. Zendera is asked before anything else happens."""
    REFUSED = "refused"
    """Zendera said no. A person mends it or drops it."""
    NEEDS_PERSON = "needs_person"
    """Zendera cannot tell us whether it arrived. A person decides with both facts on screen."""
    TAKEN_BACK = "taken_back"
    DROPPED = "dropped"


LEGAL: Final[dict[State, frozenset[State]]] = {
    State.HELD: frozenset({State.DUE, State.TAKEN_BACK}),
    State.DUE: frozenset({State.SENDING, State.TAKEN_BACK, State.DROPPED, State.HELD}),
    State.SENDING: frozenset({State.SENT, State.UNCLEAR, State.REFUSED, State.DUE}),
    State.SENT: frozenset({State.CONFIRMED, State.DROPPED}),
    State.UNCLEAR: frozenset({State.CONFIRMED, State.DUE, State.NEEDS_PERSON}),
    State.NEEDS_PERSON: frozenset({State.CONFIRMED, State.DUE, State.DROPPED}),
    State.REFUSED: frozenset({State.DROPPED, State.DUE, State.UNCLEAR}),
    State.CONFIRMED: frozenset(),
    State.TAKEN_BACK: frozenset(),
    State.DROPPED: frozenset({State.REFUSED}),
}
"""From each state, the states it may move to. Sending never goes straight to confirmed, and nothing leaves confirmed and taken back.

What was dropped is refused again in one case: it gave way to a newer entry, and that one is taken back. The database sees to that.

What was sent never goes out again: Zendera answered that it took it. Only a person gives it up, and only where `Entry.decisions`
says that there is something to decide; the database sees to that too.
"""

OPEN: Final = frozenset({State.HELD, State.DUE, State.SENDING, State.UNCLEAR, State.REFUSED, State.NEEDS_PERSON})
"""Entries that are not done: while there is one, the status line is not green."""

MOST_TRIES: Final = 10
"""What came to nothing so often does not go again by itself: a person decides."""

NEEDS_ME: Final = frozenset({State.REFUSED, State.NEEDS_PERSON})
"""Entries that nothing but a person moves on."""


class Decision(StrEnum):
    """What a person says of an entry of which Zendera cannot tell, or does not show, whether it arrived."""

    ARRIVED = "arrived"
    SEND_AGAIN = "send_again"
    DROP = "drop"


AUDITS: Final = (timedelta(hours=1), timedelta(hours=24))
"""After a send that followed an unclear one: when its timeline is read again, in case both arrived. From the end of the send."""

NEXT_AUDIT: Final = timedelta(hours=1)
"""After an audit that could not be made, and after a jump of the clock, the next one is at least so far away."""


LAST_AUDIT: Final = timedelta(days=14)
"""So long after the send nobody looks any more: what is waited for in vain keeps words of persons that retention wants to take."""

BY_PERSON: Final = "person"
"""`Entry.seen_by` of what a person said had arrived. The others (timeline, feed, walk) are what Zendera showed."""


class Deed(StrEnum):
    """What a person did about an entry that was there already. Kept for good, with who did it and when."""

    ARRIVED = "arrived"
    SEND_AGAIN = "send_again"
    DROP = "drop"
    TAKE_BACK = "take_back"
    RETRY = "retry"
    SEEN = "seen"
    """That Zendera shows it twice."""
    MOVE = "move"
    """Took it back and put its form into another shipment's."""
    CORRECT = "correct"
    """Sent a second report that says it right."""
    COLLECT = "collect"
    """Said, with the report, that the cash on delivery was collected."""
    SEND_ANEW = "send_anew"
    """Wrote a newer entry in the place of the refused one."""


class Why(StrEnum):
    """Why an entry stands where it stands, where no `LinkCode` says it. Kept in `Entry.code`."""

    STILL_OFFERED = "still_offered"
    """An accept got a valid answer, but a later clean walk still shows its order."""
    NOT_ARRIVED = "not_arrived"
    """A walk showed that the accept had not arrived: it goes out again."""
    NOT_SHOWN = "not_shown"
    """Two reads of the timeline did not show it."""
    GOES_AGAIN = "goes_again"
    """Two reads of a timeline that is known to show our reports did not show it: it goes out again by itself."""
    MAY_NOT_READ = "may_not_read"
    """This key may not read the timeline: Zendera cannot tell."""
    CANNOT_READ = "cannot_read"
    """For a day Zendera could not be asked."""
    NO_EVIDENCE = "no_evidence"
    """Answered, looked for long enough, never seen."""
    MENDED = "mended"
    """A newer entry says it right."""
    DAMAGED = "damaged"
    """Its bytes on disk are not those that were frozen: it was not sent."""
    MAY_NOT_UPLOAD = "may_not_upload"
    """A picture of it must be uploaded, and this key may not: no fault of the entry's, which waits."""
    UPLOAD_ADDRESS = "upload_address"
    """Zendera named a place for a picture's bytes that may not be used: it was not sent."""
    UPLOAD_REFUSED = "upload_refused"
    """Zendera takes a picture of it by no means: it was not sent."""
    RESTORED = "restored"
    """An older file took the database's place while it was open: it may have been sent since."""


UNSHOWN: Final = frozenset({Why.NO_EVIDENCE, Why.STILL_OFFERED})
"""Of what was sent: Zendera answered that it took it, and shows that it did not, or nothing at all."""

_TO_DECIDE: Final = UNSHOWN | {Why.MAY_NOT_READ}
"""Of what was sent: no evidence of it comes by itself any more, or hardly."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One send. The payload's exact bytes are in the store under the entry's id."""

    id: EntryId
    account: AccountId
    order_id: OrderId
    kind: Kind
    state: State
    stop: StopKind | None = None
    """Of a report."""
    status: Status | None = None
    """Of a report."""
    version: int = 0
    """Of the shipment, when the entry was made: a later one is Zendera's correction. By number, because clocks are set back."""
    event_at: datetime | None = None
    """The report's date, unique within its order: what it is recognised by on the timeline."""
    reference: str = ""
    """The short mark at the end of a failure reason, such as ZD-7K3F: what it is recognised by on the timeline."""
    words: str = ""
    """The failure reason, or the report's comment."""
    made_at: datetime
    made_by: str = ""
    desk: str = ""
    next_at: datetime
    """Held: when the hold ends. Due: the next try. Unclear: the next read. Sent: the next look for evidence."""
    attempts: int = 0
    ended_at: datetime | None = None
    """When the last attempt ended: settle times count from here."""
    reads: int = 0
    """Successful reads that did not show it, since it became unclear."""
    last_read_at: datetime | None = None
    ever_unclear: bool = False
    """An attempt of it may have arrived: a later "conflict" may mean "already done"."""
    code: str = ""
    """Why it stands where it stands: a `LinkCode` or a `Why`; the sentence is made in gui/sentences.py."""
    answer: str = ""
    """Zendera's own words, where it said some. Plain text from outside."""
    http_status: int | None = None
    strike: int = 0
    """Of a fail: which of the five this is, as counted when it was made."""
    purged_at: datetime | None = None
    """Since when its words, Zendera's answer, its pictures and its bytes are gone: the retention setting's time was over."""
    seen_by: str = ""
    """What confirmed it: timeline, feed, walk or person."""
    twice: tuple[datetime, ...] = ()
    """Zendera shows it twice: when it noted the two, as far as it says. Empty: it does not."""
    twice_seen_at: datetime | None = None
    """When a person said that they know."""
    corrects: EntryId | None = None
    """The earlier report of the same shipment that this one says right."""

    @property
    def is_doubled(self) -> bool:
        """Zendera shows it twice, and nobody has said that they know."""
        return bool(self.twice) and self.twice_seen_at is None

    @property
    def is_unshown(self) -> bool:
        """Zendera answered that it took it, and does not show it."""
        return self.state is State.SENT and self.code in UNSHOWN

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What a person may say of it. What Zendera answered is never sent again: given up, it is entered anew with a date of its own."""
        if self.state is State.NEEDS_PERSON:
            return tuple(Decision)
        if self.state is State.SENT and self.code in _TO_DECIDE:
            return (Decision.ARRIVED, Decision.DROP)
        return ()
