"""What an answer means for a send, and when to try again: two tables and one pure function each.

Whatever is not certainly "not received" is unclear: it is asked about, never simply sent again.
"""

import random
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.domain.outbox import Entry, State


class Verdict(StrEnum):
    RECEIVED = "received"
    NOT_RECEIVED = "not_received"
    BLOCKED = "blocked"
    """Refused before processing, or a fault of the set-up: the account waits until it is mended."""
    LIMITED = "limited"
    REFUSED = "refused"
    UNCLEAR = "unclear"


VERDICTS: Final = {
    LinkCode.OFFLINE: Verdict.NOT_RECEIVED,
    LinkCode.CONNECTION_REFUSED: Verdict.NOT_RECEIVED,
    LinkCode.CONNECT_TIMEOUT: Verdict.NOT_RECEIVED,
    LinkCode.PROXY: Verdict.NOT_RECEIVED,
    LinkCode.BUSY: Verdict.NOT_RECEIVED,
    LinkCode.NOT_WRITTEN: Verdict.NOT_RECEIVED,
    LinkCode.TLS: Verdict.BLOCKED,
    LinkCode.TLS_HOST: Verdict.BLOCKED,
    LinkCode.TLS_DATE: Verdict.BLOCKED,
    LinkCode.TLS_SPOKEN: Verdict.BLOCKED,
    LinkCode.REDIRECT: Verdict.BLOCKED,
    LinkCode.UNAUTHORISED: Verdict.BLOCKED,
    LinkCode.FORBIDDEN: Verdict.BLOCKED,
    LinkCode.LIMIT: Verdict.LIMITED,
    LinkCode.REFUSED: Verdict.REFUSED,
    LinkCode.TIMEOUT: Verdict.UNCLEAR,
    LinkCode.RESET: Verdict.UNCLEAR,
    LinkCode.BROKEN_ANSWER: Verdict.UNCLEAR,
    LinkCode.TOO_LARGE: Verdict.UNCLEAR,
    LinkCode.NOT_ZENDERA: Verdict.UNCLEAR,
    LinkCode.SERVER: Verdict.UNCLEAR,
    LinkCode.DIED: Verdict.UNCLEAR,
    LinkCode.SLEPT: Verdict.UNCLEAR,
}

STATES: Final = {
    Verdict.RECEIVED: State.SENT,
    Verdict.NOT_RECEIVED: State.DUE,
    Verdict.BLOCKED: State.DUE,
    Verdict.LIMITED: State.DUE,
    Verdict.REFUSED: State.REFUSED,
    Verdict.UNCLEAR: State.UNCLEAR,
}

SETTLE: Final = timedelta(seconds=180)
"""From the end of an attempt to the first question: what is still on its way inside Zendera must have arrived."""

BETWEEN_READS: Final = timedelta(seconds=120)
"""Two reads that do not show it must be this far apart before anything follows from them."""

GIVE_UP: Final = timedelta(hours=24)
"""After this long without a usable read the person decides."""

LOOKS: Final = (
    timedelta(seconds=20),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""After a valid answer: when to look whether Zendera shows it, counted from the answer."""

_SHORTEST_WAIT: Final = timedelta(seconds=2)
_LONGEST_WAIT: Final = timedelta(minutes=10)
_CONFLICTS: Final = {400, 404, 409, 410, 422}
"""How Zendera may say that something is done already; which of them it uses is not documented."""


def verdict(error: LinkError | None) -> Verdict:
    return Verdict.RECEIVED if error is None else VERDICTS[error.code]


def state_after(entry: Entry, error: LinkError | None) -> State:
    """Where an attempt's outcome leads. After an earlier unclear attempt a conflict may mean "already done": ask first."""
    state = STATES[verdict(error)]
    if state is State.REFUSED and entry.ever_unclear and error is not None and error.http_status in _CONFLICTS:
        return State.UNCLEAR
    return state


def next_at(state: State, entry: Entry, now: datetime, rng: random.Random, failures: int = 0) -> datetime:
    """When the entry is looked at next in its new state. `failures`: tries in a row that came to nothing before a byte left."""
    if state is State.UNCLEAR:
        return now + SETTLE
    if state is State.SENT:
        return now + LOOKS[0]
    if state is State.DUE:
        return now + backoff(max(entry.attempts, failures), rng)
    return now


def backoff(attempts: int, rng: random.Random) -> timedelta:
    """Full jitter between nothing and 2 s doubled with each attempt, at most 10 min; never below half a second."""
    doubled: int = 1 << min(attempts, 10)
    return max(timedelta(milliseconds=500), min(_SHORTEST_WAIT * doubled, _LONGEST_WAIT) * rng.random())


def next_look(entry: Entry, now: datetime) -> datetime | None:
    """When to look for a sent entry's evidence again; None when it has been looked for long enough."""
    sent_at = entry.ended_at or entry.made_at
    return next((sent_at + after for after in LOOKS if sent_at + after > now), None)
