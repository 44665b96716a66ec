"""A day's work for the store, as the engine and a person give it: the functions of `zendera_desk.store` with what they are called with.

Each step is one transaction of the program and can be done again elsewhere with the same effect: what a disk has kept is
compared with the same steps on a database that lost nothing.
"""

import functools
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from support.told import told
from zendera_desk.api import wire
from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.domain.feed import FeedPage
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Decision, Kind, State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import BrokenRow, Exported, StopKind
from zendera_desk.domain.views import Account, Difference
from zendera_desk.engine.outbox import Outcome, _write_outcome
from zendera_desk.simulator.answers import Request
from zendera_desk.simulator.server import Simulator
from zendera_desk.simulator.world import World
from zendera_desk.store import accounts, calls, drafts, entering, feed, feed_evidence, outbox, shipments, walks
from zendera_desk.store.database import Connection
from zendera_desk.store.entries import COLUMNS, to_entry

ACCOUNT: Final = AccountId("nordlys")
START: Final = datetime(2026, 6, 11, 6, 0, tzinfo=UTC)
SETTLE: Final = timedelta(seconds=180)
OUTCOMES: Final = (
    None,
    None,
    None,
    LinkError(LinkCode.TIMEOUT),
    LinkError(LinkCode.SERVER, http_status=503),
    LinkError(LinkCode.REFUSED, http_status=409, words="Order is not exported"),
    LinkError(LinkCode.OFFLINE),
)


class Step(NamedTuple):
    """`leaves`: entries whose bytes may leave once it is committed. `frees`: entries that it may make due again, rightly.
    `apart`: the same in several transactions, as a wrong program does it."""

    name: str
    do: Callable[[Connection], object]
    leaves: tuple[EntryId, ...] = ()
    frees: tuple[EntryId, ...] = ()
    apart: tuple[Callable[[Connection], object], ...] = ()


class Entered(NamedTuple):
    id: EntryId
    order_id: OrderId
    kind: Kind
    state: State


@functools.cache
def export() -> tuple[Exported, ...]:
    """What a simulated Zendera exports, read as the client reads it."""
    simulator = Simulator(World(1, clock=lambda: START, shipments=60, history=0))
    headers = (("authorization", f"apikey {simulator.key}"),)
    query = {"page": "1", "perPage": "100"}
    answer = simulator.answer(Request(method="GET", path="/api/v1/orders/export", query=query, headers=headers, body=b""))
    return wire.read_export(answer.body).rows


class Work:
    """Draws steps. `entries` and `known` are what the last commit left; `now` goes on with every step."""

    def __init__(self, rng: random.Random, *, started: bool) -> None:
        self._rng = rng
        self._tokens = rng.randrange(1_000_000)
        self.now = START + timedelta(hours=3 if started else 0)

    def first(self) -> Step:
        account = Account(id=ACCOUNT, name="Nordlys", base_url="https://example.com/api/")
        return Step("account", functools.partial(accounts.save, account=account, now=self.now))

    def step(self, conn: Connection) -> Step:
        """The next, from what `conn` says there is."""
        self.now += timedelta(seconds=self._rng.uniform(1, 20))
        rows = conn.execute("select id, order_id, kind, state from entry order by id").fetchall()
        entries = [Entered(row["id"], row["order_id"], Kind(row["kind"]), State(row["state"])) for row in rows]
        known = [OrderId(row["order_id"]) for row in conn.execute("select order_id from shipment order by id")]
        due = [to_entry(row).id for row in conn.execute(f"select {COLUMNS} from entry where state = 'due' order by id limit 20")]  # noqa: S608
        sending = [each.id for each in entries if each.state is State.SENDING]
        while True:
            drawn = self._rng.random()
            if sending and drawn < 0.3:
                return self._outcome(sending)
            if due and drawn < 0.45 and (step := self._begin(due, entries)):
                return step
            if known and (step := self._of_a_person(known, entries)):
                return step
            if step := self._of_the_engine(known, entries):
                return step

    def _of_a_person(self, known: Sequence[OrderId], entries: Sequence[Entered]) -> Step | None:
        match self._rng.choice(("enter", "enter", "enter", "draft", "draft", "discard", "take back", "decide", "")):
            case "enter":
                return self._enter(known)
            case "draft":
                draft = Draft(comment=self._text(), time="1030", signee="Ola Nordmann")
                return Step("draft", functools.partial(self._saved, self._rng.choice(known), draft, self.now))
            case "discard":
                return Step("discard", functools.partial(self._discarded, self._rng.choice(known)))
            case "take back":
                held = tuple(each.id for each in entries if each.state is State.HELD)[:3]
                return Step("take back", functools.partial(outbox.take_back, ids=held, now=self.now)) if held else None
            case "decide":
                asked = [each.id for each in entries if each.state is State.NEEDS_PERSON]
                return self._decide(self._rng.choice(asked)) if asked else None
        return None

    def _of_the_engine(self, known: Sequence[OrderId], entries: Sequence[Entered]) -> Step | None:
        unclear = [each for each in entries if each.state is State.UNCLEAR]
        match self._rng.choice(("page", "page", "holds", "feed", "feed", "feed", "walk", "call", "ask")):
            case "page":
                step = self._page(known)
            case "holds":
                step = Step("holds", functools.partial(outbox.end_holds, account=ACCOUNT, now=self.now))
            case "feed":
                step = self._feed(known)
            case "walk":
                step = self._walk(known)
            case "call":
                step = Step("call", functools.partial(calls.add, account=ACCOUNT, at=self.now))
            case _:
                return self._ask(self._rng.choice(unclear)) if unclear else None
        return step

    @staticmethod
    def _saved(order_id: OrderId, draft: Draft, now: datetime, conn: Connection) -> None:
        drafts.save(conn, ACCOUNT, order_id, draft, now)

    @staticmethod
    def _discarded(order_id: OrderId, conn: Connection) -> None:
        drafts.discard(conn, ACCOUNT, order_id)

    def _enter(self, known: Sequence[OrderId]) -> Step:
        new = []
        for place, order_id in enumerate(self._rng.sample(known, min(len(known), self._rng.choice((1, 1, 1, 2, 5))))):
            kind = self._rng.choice(tuple(Kind))
            is_report = kind is Kind.REPORT
            new.append(
                entering.NewEntry(
                    order_id=order_id,
                    kind=kind,
                    payload=self._rng.randbytes(self._rng.choice((60, 200, 900, 5_000, 20_000))),
                    words=self._text(),
                    stop=StopKind.DELIVERY if is_report else None,
                    status=Status.COMPLETE if is_report else None,
                    event_at=self.now + timedelta(milliseconds=place) if is_report else None,
                    draft=Draft(comment=self._text()) if is_report else None,
                )
            )
        held_until = self.now + timedelta(seconds=self._rng.choice((0, 10)))
        given = {"account": ACCOUNT, "entries": new, "now": self.now, "held_until": held_until, "made_by": "Kari", "desk": "front"}
        return Step("enter", functools.partial(entering.add_all, **given))

    def _begin(self, due: Sequence[EntryId], entries: Sequence[Entered]) -> Step | None:
        busy = {each.order_id for each in entries if each.state is State.SENDING}
        of = {each.id: each for each in entries}
        free = {of[id_].order_id: id_ for id_ in due if of[id_].order_id not in busy}
        ids = tuple(list(free.values())[: self._rng.choice((1, 1, 3))])
        return Step("begin", functools.partial(outbox.begin, ids=ids, now=self.now), leaves=ids) if ids else None

    def _outcome(self, sending: Sequence[EntryId]) -> Step:
        ids = tuple(self._rng.sample(list(sending), self._rng.randint(1, len(sending))))
        outcome, seed = Outcome(ids, self._rng.choice(OUTCOMES), self.now, 0), self._rng.random()
        return Step("outcome", lambda conn: _write_outcome(conn, outcome, random.Random(seed)), frees=ids)

    def _decide(self, entry: EntryId) -> Step:
        decision = self._rng.choice(tuple(Decision))
        return Step("decide", functools.partial(outbox.decide, entry_id=entry, decision=decision, now=self.now), frees=(entry,))

    def _ask(self, entry: Entered) -> Step:
        to = self._rng.choice((State.CONFIRMED, State.NEEDS_PERSON, State.DUE))
        return Step("ask", functools.partial(outbox.move, entry_id=entry.id, to=to, next_at=self.now), frees=(entry.id,))

    def _page(self, known: Sequence[OrderId]) -> Step:
        fresh = [row for row in export() if row.shipment.order_id not in set(known)]
        old = [row for row in export() if row.shipment.order_id in set(known)]
        arrived = [shipments.Arrived(exported=row) for row in self._rng.sample(fresh, min(len(fresh), self._rng.choice((1, 1, 2, 4))))]
        if old and self._rng.random() < 0.3:
            row = self._rng.choice(old)
            again = Exported(shipment=row.shipment, original=row.original + b" " * self._rng.randint(1, 9))
            arrived.append(shipments.Arrived(exported=again, differences=(Difference(field="weight", old="1", new="2"),)))
        broken = [BrokenRow(original=self._rng.randbytes(30), why="no orderId")] if self._rng.random() < 0.1 else []

        def store(conn: Connection, now: datetime = self.now) -> None:
            shipments.put(conn, ACCOUNT, arrived, now)
            shipments.set_aside(conn, ACCOUNT, broken, now)

        return Step("page", store)

    def _feed(self, known: Sequence[OrderId]) -> Step:
        self._tokens += 1
        changes = tuple(
            told(
                at=self.now + timedelta(milliseconds=place),
                product_id=self._rng.randint(1, 10**9),
                location_number=str(self._rng.choice(known)) if known else "",
                stop=StopKind.DELIVERY,
                status_word=self._text(),
                original=self._rng.randbytes(120),
            )
            for place in range(self._rng.choice((0, 1, 3, 10)))
        )
        page = FeedPage(changes=changes, token=f"token {self._tokens}", has_next=self._rng.random() < 0.5)
        rows, cursor = msgspec.structs.replace(page, token="", has_next=True), msgspec.structs.replace(page, changes=())
        whole, *apart = (functools.partial(feed_page, page=one, now=self.now) for one in (page, rows, cursor))
        return Step("feed", whole, apart=tuple(apart))

    def _walk(self, known: Sequence[OrderId]) -> Step:
        seen = {order_id for order_id in known if self._rng.random() < 0.9}
        given = {"account": ACCOUNT, "seen": seen, "clean": self._rng.random() < 0.8, "began": self.now, "settle": SETTLE, "now": self.now}
        return Step("walk", functools.partial(walks.finish, **given), frees=ALL)

    def _text(self) -> str:
        return "".join(self._rng.choices("abcdefghij ", k=self._rng.choice((0, 10, 200))))


ALL: Final[tuple[EntryId, ...]] = (EntryId(0),)
"""A walk may make any unclear accept due."""


def feed_page(conn: Connection, page: FeedPage, now: datetime) -> None:
    feed.start(conn, ACCOUNT, now)
    feed_evidence.take(conn, ACCOUNT, page, now)
