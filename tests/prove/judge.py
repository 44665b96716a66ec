"""Compares what really arrived with what the person decided and with what the desk's file says, after every write.

It shares nothing with the program: it reads the committed rows through a connection of its own, and the line tells it which
bytes left, which arrived, and which answers came back.
"""

import hashlib
import json
import sqlite3
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from prove.virtual import Time
from zendera_desk.simulator.ledger import Applied

SETTLE: Final = 180.0
BETWEEN: Final = 120.0
HOUR: Final = 3600.0
MOMENT: Final = 0.5
"""Seconds: a desk that dies, or whose disk is full, in the very moment it hears of a limit cannot know of it afterwards."""
SOFT: Final = 0.005
"""Seconds by which whole milliseconds in the file may differ from the true time."""

OPEN: Final = frozenset({"held", "due", "sending", "unclear", "refused", "needs_person"})
FINAL: Final = frozenset({"confirmed", "taken_back", "dropped"})
SIGHTS: Final = frozenset({"timeline", "feed", "walk", "person"})


class Row(NamedTuple):
    """An entry as it stands in the file."""

    id: int
    order_id: int
    kind: str
    state: str
    code: str
    seen_by: str
    sha256: str


@dataclass
class Flight:
    """One send on the line. `began` is when its bytes left."""

    entries: dict[int, int]
    """Order -> entry."""
    began: float
    ended: float = 0.0
    """When the desk got whatever it got."""
    applied: bool = False
    answered_well: bool = False


@dataclass
class _Facts:
    """What is true about an entry."""

    arrived: list[float] = field(default_factory=list)
    flights: list[Flight] = field(default_factory=list)
    decided: bool = False
    """A person said, since the last attempt, that it shall go again, has arrived, or shall be dropped."""
    dropped_by_person: bool = False
    taken_back_by_person: bool = False
    was_refused: bool = False
    ended: float = 0.0
    """When the last attempt became unclear, or when the desk was started again since."""


class Judge:
    def __init__(self, time: Time, limit: int) -> None:
        self.bad: Counter[str] = Counter()
        self.words: list[str] = []
        self.moves: Counter[str] = Counter()
        """How often an entry moved to each state, and, for what is doubtful, from where: that the zeros are about something."""
        self.rows: dict[int, Row] = {}
        self.facts: dict[int, _Facts] = defaultdict(_Facts)
        self.calls: list[float] = []
        self.resolved: list[tuple[str, float, str]] = []
        """Of each entry that was unclear: its kind, after how many seconds, and what it became then."""
        self.told: dict[int, int] = {}
        """How often Zendera shows an entry, by what the person was told; of those of which they were told that it is more than once."""
        self._unclear_since: dict[int, float] = {}
        self._time = time
        self._limit = limit
        self._connection: sqlite3.Connection | None = None
        self._reads: dict[int, list[float]] = defaultdict(list)
        self._last_arrival: dict[int, int] = {}
        self._silent_until = 0.0
        self._heard_limit = False
        self._forgettable_until = 0.0
        self._disk_full_at = 0.0

    def blame(self, what: str, words: str) -> None:
        self.bad[what] += 1
        self.words.append(f"{self._time.elapsed:9.1f} {what}: {words}")

    # The file

    def open(self, path: Path) -> None:
        """The desk was started again: what was sending must be unclear now, and settling begins afresh."""
        before = self.rows
        self._heard_limit = False
        self.close()
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
        now = self._read()
        for entry_id, row in before.items():
            if row.state == "sending" and entry_id in now and now[entry_id].state != "unclear":
                self.blame("invariant", f"{row} was sending when the desk ended and is {now[entry_id].state} now")
        for row in now.values():
            if row.state == "unclear":
                self.moves["unclear"] += row.id in before and before[row.id].state == "sending"
                self.facts[row.id].ended = self._time.elapsed
        self._compare(before, now, restarted=True)
        self.rows = now

    def close(self) -> None:
        if self._connection is not None:
            if self._time.elapsed < self._forgettable_until:
                self._silent_until = 0.0
            self._connection.close()
            self._connection = None

    def look(self) -> None:
        """After a write: every row that moved was allowed to."""
        if self._connection is None:
            return
        now = self._read()
        if now != self.rows:
            self._compare(self.rows, now, restarted=False)
            self.rows = now

    def _read(self) -> dict[int, Row]:
        if self._connection is None:
            return self.rows
        rows = self._connection.execute("select id, order_id, kind, state, code, seen_by, sha256 from entry")
        return {row[0]: Row(*row) for row in rows}

    def _compare(self, before: dict[int, Row], now: dict[int, Row], *, restarted: bool) -> None:
        for entry_id in before.keys() - now.keys():
            self.blame("lost", f"{before[entry_id]} is not in the file any more")
        busy = Counter(row.order_id for row in now.values() if row.state == "sending")
        for order, count in busy.items():
            if count > 1:
                self.blame("invariant", f"{count} entries of {order} are sending at once")
        for row in now.values():
            old = before.get(row.id)
            if old is None or old == row:
                continue
            if old.sha256 != row.sha256:
                self.blame("invariant", f"the bytes of {row} changed")
            if old.state != row.state and not (restarted and old.state == "sending"):
                self._moved(old, row)

    def _moved(self, old: Row, row: Row) -> None:
        facts = self.facts[row.id]
        self._time_unclear(old, row)
        self.moves[f"{old.state} to {row.state}" if old.state in {"unclear", "needs_person"} else row.state] += 1
        match row.state:
            case "unclear":
                late = self._disk_full_at > facts.flights[-1].ended if facts.flights else False
                facts.ended = facts.flights[-1].ended if late else self._time.elapsed
            case "sent" if not (facts.flights and facts.flights[-1].answered_well):
                self.blame("falsely_sent", f"{row} without a valid answer")
            case "sent" | "confirmed" if not facts.arrived:
                self.blame("falsely_sent", f"{row} and never arrived")
            case "confirmed" if row.seen_by not in SIGHTS or (row.seen_by == "person" and not facts.decided):
                self.blame("invariant", f"{row} is confirmed by nobody")
            case "refused" if facts.arrived:
                self.blame("falsely_refused", f"{row} and it arrived")
            case "refused":
                facts.was_refused = True
            case "taken_back" | "dropped" if facts.arrived:
                self.blame("falsely_withdrawn", f"{row} and it arrived")
            case "taken_back" if not facts.taken_back_by_person:
                self.blame("lost", f"{row}, and nobody took it back")
            case "dropped" if not facts.dropped_by_person and row.code != "mended":
                self.blame("lost", f"{row}, and nobody dropped it")
            case "due" if old.state in {"unclear", "needs_person"}:
                self._goes_again(old, row, facts)
            case "due" if old.state == "sending" and facts.flights and facts.flights[-1].applied:
                self.blame("invariant", f"{row} arrived and will be sent again")

    def _time_unclear(self, old: Row, row: Row) -> None:
        if row.state == "unclear":
            self._unclear_since.setdefault(row.id, self._time.elapsed)
        elif old.state == "unclear" and row.id in self._unclear_since:
            self.resolved.append((row.kind, self._time.elapsed - self._unclear_since.pop(row.id), row.state))

    def _goes_again(self, old: Row, row: Row, facts: _Facts) -> None:
        if old.state == "needs_person" or row.kind == "fail":
            if not facts.decided:
                self.blame("invariant", f"{row} goes again and no person said so")
        elif row.kind == "report":
            reads = [at for at in self._reads[row.order_id] if at >= facts.ended + SETTLE - SOFT]
            if not reads or reads[-1] - reads[0] < BETWEEN - SOFT:
                self.blame("invariant", f"{row} goes again after reads at {reads}, unclear since {facts.ended:.1f}")
        elif self._time.elapsed < facts.ended + SETTLE - SOFT:
            self.blame("invariant", f"{row} goes again before it settled")

    # The person

    def promised(self, entries: Iterable[int]) -> None:
        """The person was told that these are on disk."""
        for entry_id in entries:
            if entry_id not in self._read():
                self.blame("lost", f"entry {entry_id} was promised and is not in the file")

    def said(self, entry_id: int, *, drop: bool = False) -> None:
        """The person decided about this entry."""
        self.facts[entry_id].decided = True
        self.facts[entry_id].dropped_by_person |= drop

    def took_back(self, entry_id: int) -> None:
        self.facts[entry_id].taken_back_by_person = True

    def arrived(self, entry_id: int) -> bool:
        """What a dispatcher sees on Zendera's screen."""
        return bool(self.facts[entry_id].arrived)

    def told_twice(self, entry_id: int, shown: int) -> None:
        """The person was told that Zendera shows it more than once."""
        self.told[entry_id] = max(shown, self.told.get(entry_id, 0))

    # The line

    def leaves(self, body: bytes, kind: str) -> Flight:
        """The first byte of a send is about to leave: a committed row must say so, and the bytes must be the frozen ones."""
        now = self._time.elapsed
        orders = _orders(body)
        rows = [row for row in self._read().values() if row.order_id in orders and (row.kind == "report") == (kind == "report")]
        sending = {row.order_id: row for row in rows if row.state == "sending"}
        if sending.keys() != set(orders):
            self.blame("invariant", f"bytes for {orders} left and {sorted(sending)} are marked")
        if len(orders) == 1 and sending and hashlib.sha256(body).hexdigest() != next(iter(sending.values())).sha256:
            self.blame("invariant", f"other bytes than the frozen ones left for {orders}")
        self._stored_in_full(orders)
        waiting = {row.order_id: row for row in rows if row.state == "due"}
        flight = Flight({order: row.id for order in orders if (row := sending.get(order) or waiting.get(order))}, now)
        for entry_id in flight.entries.values():
            self.facts[entry_id].flights.append(flight)
            self.facts[entry_id].decided = False
        return flight

    def _stored_in_full(self, orders: Sequence[int]) -> None:
        if self._connection is None:
            return
        for order in orders:
            if not self._connection.execute("select 1 from shipment_version where order_id = ?", (order,)).fetchone():
                self.blame("invariant", f"{order} is answered for and not stored")

    def takes_effect(self, flight: Flight, applied: Sequence[Applied], *, again: bool) -> None:
        """It took effect at Zendera's side; `again`: an accept of an order that was accepted before."""
        flight.applied = flight.applied or bool(applied) or again
        for each in applied:
            entry_id = flight.entries.get(each.order_id)
            if entry_id is None:
                self.blame("invariant", f"something arrived for {each.order_id} that the file knows nothing of")
                continue
            facts = self.facts[entry_id]
            facts.arrived.append(self._time.elapsed)
            if len(facts.arrived) > 1:
                self.blame("doubled", f"entry {entry_id} ({each.kind} {each.order_id}) arrived at {facts.arrived}")
            if self._last_arrival.get(each.order_id, 0) > entry_id and not facts.was_refused:
                self.blame("order", f"entry {entry_id} of {each.order_id} arrived after {self._last_arrival[each.order_id]}")
            self._last_arrival[each.order_id] = max(entry_id, self._last_arrival.get(each.order_id, 0))
        if again:
            self.blame("doubled", f"accept of {sorted(flight.entries)} arrived again")

    def was_read(self, order_id: int) -> None:
        """A whole answer about this order's timeline was handed over."""
        self._reads[order_id].append(self._time.elapsed)

    def reaches(self) -> None:
        """A call reached Zendera."""
        now = self._time.elapsed
        self.calls.append(now)
        within = len(self.calls) - bisect_right(self.calls, now - HOUR)
        if within > self._limit:
            self.blame("over_limit", f"{within} calls within an hour, {self._limit} are allowed")

    def starts(self) -> None:
        """A call is being made."""
        if self._time.elapsed < self._silent_until:
            what = "in_window" if self._heard_limit else "in_window_after_restart"
            self.blame(what, f"a call {self._silent_until - self._time.elapsed:.1f} s before a limit is over")

    def disk_is_full(self) -> None:
        """A write was refused: what was just heard is written down later, or may be forgotten by a restart."""
        self._disk_full_at = self._time.elapsed
        if self._time.elapsed < self._forgettable_until:
            self._forgettable_until = self._silent_until

    def clock_is_set(self, unnoticed: float) -> None:
        """By somebody; the desk sees it within so many seconds. Until then what is in its file says something else to a restart."""
        self._forgettable_until = max(self._forgettable_until, self._time.elapsed + unnoticed)

    def limited(self, seconds: float) -> None:
        """A 429 was handed over."""
        until = self._time.elapsed + min(max(seconds, 60.0), HOUR) - SOFT
        if until > self._silent_until:
            self._silent_until = until
            self._heard_limit = True
            self._forgettable_until = self._time.elapsed + MOMENT

    # The end

    def finish(self) -> None:
        for row in self._read().values():
            if row.state in OPEN:
                self.blame("stuck", f"{row}")
            elif row.state in {"sent", "confirmed"} and not self.facts[row.id].arrived:
                self.blame("falsely_sent", f"{row} at the end")

    def tell_doubles(self) -> None:
        """What arrived more than once, and whether the person knows of each time. That it did is not bad here: it could not be helped."""
        doubled = {entry_id: len(facts.arrived) for entry_id, facts in self.facts.items() if len(facts.arrived) > 1}
        self.moves["doubles"] += len(doubled)
        for entry_id, arrived in doubled.items():
            if self.told.get(entry_id, 0) < arrived:
                self.blame("untold_double", f"{self.rows[entry_id]} arrived {arrived} times, told of {self.told.get(entry_id, 0)}")
        for entry_id in self.told.keys() - doubled.keys():
            self.blame("told_for_nothing", f"{self.rows[entry_id]} is said to be there twice")


def _orders(body: bytes) -> list[int]:
    document = json.loads(body)
    return [row["orderId"] for row in document["create"]] if "create" in document else [document["orderId"]]
