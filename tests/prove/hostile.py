"""Hostile answers through the real client, into the real store, and out of it again.

What is made up is bytes on a line (hostile_answers, hostile_values) and the line itself (hostile_line): everything from
HTTP's framing upwards is the program, as far as what the list, an open shipment, "All fields" and the feed are shown. One run
is a few hundred answers, one of them heavy, and a few over real sockets. What each may lead to is known from how it was
made; how long it held up everything else is measured by a second task that wants to be woken every few milliseconds.
"""

import asyncio
import functools
import logging
import random
import sqlite3
import tempfile
import tracemalloc
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from prove.days import folder_root
from prove.harness import Caught, Harness, Result
from prove.hostile_answers import make
from prove.hostile_heavy import MB, heavy, heavy_by
from prove.hostile_line import KEY, Line, client_on, played
from prove.hostile_made import Made, Truth
from prove.hostile_values import Row, Rows
from prove.hostile_wrong import HEAVY, SEEN_AS, WRONG, wrong
from zendera_desk.api import wire
from zendera_desk.api.client import ZenderaClient
from zendera_desk.domain.errors import LinkError
from zendera_desk.domain.feed import FeedPage, TimelineEvent
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.shipment import ExportPage
from zendera_desk.domain.tailing import FeedFilter
from zendera_desk.domain.views import Account, Sort, View
from zendera_desk.engine import intake
from zendera_desk.store import accounts, board, feed, feed_evidence, feed_rows, find, listing, shipments
from zendera_desk.store.database import Database

ANSWERS: Final = 500
"""Of one run."""
OVER_SOCKETS: Final = 8
BLINK: Final = 0.005
STALL: Final = 0.1
MOST_MEMORY: Final = {"refused": 64 * MB, "understood": 128 * MB}
"""For one answer. A page of 16 MB that is understood is there as it came, in rows, and as the text that is in it."""
ACCOUNT: Final = AccountId("hostile")
PAYLOAD: Final = b'{"orderId":1,"comment":"' + b"x" * 2000 + b'"}'
NOW: Final = datetime(2026, 6, 11, 14, 30, tzinfo=UTC)

Outcome = ExportPage | FeedPage | tuple[TimelineEvent, ...] | LinkError | Exception | None


class Pulse:
    """How long the loop was kept from everybody else: by a step on it, or by a thread that let nobody run."""

    def __init__(self) -> None:
        self._due = perf_counter()
        self._worst = 0.0

    async def beat(self) -> None:
        while True:
            self._due = perf_counter() + BLINK
            await asyncio.sleep(BLINK)
            self._worst = max(self._worst, perf_counter() - self._due)

    def worst(self) -> float:
        """Since it was last asked."""
        now = perf_counter()
        worst = max(self._worst, now - self._due)
        self._worst, self._due = 0.0, now + BLINK
        return worst


class Run:
    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._rows = Rows(self._rng)
        self._seed = seed
        self._pulse = Pulse()
        self._line = Line()
        self._pages: list[ExportPage | FeedPage] = []
        self._sound: list[tuple[str, Row]] = []
        self.result = Result(seed=seed)

    async def whole(self, folder: Path) -> None:
        async with self._client() as client:
            await self._play(client)
            await self._play_over_sockets()
            await self._play_heavy(client, heavy(self._seed, self._rng), weighed=self._rng.random() < 0.5)
            await self._keep(folder)

    async def only(self, made: Made, *, weighed: bool) -> None:
        """A single heavy answer."""
        async with self._client() as client:
            await self._play_heavy(client, made, weighed=weighed)

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[ZenderaClient]:
        beating = asyncio.create_task(self._pulse.beat())
        client = await client_on(self._line)
        try:
            yield client
        finally:
            await client.aclose()
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating

    async def _play(self, client: ZenderaClient) -> None:
        for _ in range(ANSWERS):
            made = make(self._rng, self._rows)
            self._judge(made, await self._ask(client, made))
            if self._pulse.worst() > STALL and await self._always_stalls(client, made):
                self._blame("stall", made, "the loop stood still")
        self.result.counts["on kept connections"] = self._line.kept
        self._look_for_strays()

    async def _ask(self, client: ZenderaClient, made: Made) -> Outcome:
        self._line.scripts = [made.script.again()]
        self.result.counts["answers"] += 1
        return await ask(client, made.call)

    async def _always_stalls(self, client: ZenderaClient, made: Made) -> bool:
        """The machine has others to serve, who may have been in the way once, but hardly three times."""
        for _ in range(2):
            self._pulse.worst()
            await self._ask(client, made)
            if self._pulse.worst() <= STALL:
                return False
        return True

    async def _play_over_sockets(self) -> None:
        """The same over real connections, where pieces come together and ends overtake what was before them."""
        for _ in range(OVER_SOCKETS):
            made = make(self._rng, self._rows)
            async with played(made.script) as url:
                client = await ZenderaClient.open(url, KEY)
                outcome = await ask(client, made.call)
                await client.aclose()
            self.result.counts["over sockets"] += 1
            if made.script.ends_gently:
                self._judge(made, outcome)
            elif isinstance(outcome, Exception) and not isinstance(outcome, LinkError):
                self._blame("crash", made, repr(outcome))

    async def _play_heavy(self, client: ZenderaClient, made: Made, *, weighed: bool) -> None:
        """Whether it holds up the loop, or how much memory it takes: counting that slows everything down."""
        if weighed:
            await self._weigh(client, made)
            return
        self._pulse.worst()
        self._judge(made, await self._ask(client, made))
        if self._pulse.worst() > STALL and await self._always_stalls(client, made):
            self._blame("stall", made, "the loop stood still")

    async def _weigh(self, client: ZenderaClient, made: Made) -> None:
        self._line.scripts = [made.script.again()]
        tracemalloc.start()
        try:
            outcome = await ask(client, made.call)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        self.result.counts["weighed"] += 1
        self._judge(made, outcome)
        if peak > MOST_MEMORY["refused" if isinstance(outcome, Exception) else "understood"]:
            self._blame("memory", made, f"{peak / MB:.0f} MB")

    # What may have come of it

    def _judge(self, made: Made, outcome: Outcome) -> None:
        if isinstance(outcome, LinkError):
            self.result.counts[f"error {outcome.code}"] += 1
            if made.truth is Truth.GOOD:
                self._blame("not_believed", made, repr(outcome))
        elif isinstance(outcome, Exception):
            self._blame("crash", made, repr(outcome))
        elif made.truth is Truth.BAD:
            self._blame("falsely_sent" if outcome is None else "falsely_read", made, repr(outcome))
        else:
            self.result.counts["understood"] += 1
            self._judge_rows(made, outcome)

    def _judge_rows(self, made: Made, outcome: object) -> None:
        found: list[tuple[bytes, int | None, str]] = []
        if isinstance(outcome, ExportPage):
            found = [(row.original, row.shipment.order_id, row.shipment.order_number) for row in outcome.rows]
            found += [(broken.original, None, "") for broken in outcome.broken]
            self._pages.append(outcome)
        elif isinstance(outcome, FeedPage):
            found = [(bytes(change.original), change.product_id, change.product_number) for change in outcome.changes]
            found += [(original, None, "") for original in outcome.broken]
            self._pages.append(outcome)
        elif isinstance(outcome, tuple) and made.rows is not None:
            told = [event.comment for event in outcome]
            if len(told) != len(made.rows) or any(row.sound and row.text not in told for row in made.rows):
                self._blame("lost_row", made, f"events {told}")
        if made.rows is None or isinstance(outcome, tuple) or outcome is None:
            return
        if Counter(original for original, _, _ in found) != Counter(row.original for row in made.rows):
            self._blame("lost_row", made, f"{len(found)} of {len(made.rows)} rows, or other bytes")
            return
        read = {original: (number, text) for original, number, text in found}
        for row in made.rows:
            if row.sound and read[row.original] != (row.id, row.text):
                self._blame("lost_row", made, f"{read[row.original]} instead of {row.id}, {row.text!r}")
        self._sound += [(made.call, row) for row in made.rows if row.sound]
        self.result.counts["rows"] += len(made.rows)

    def _look_for_strays(self) -> None:
        self._line.scripts = []
        for where in set(self._line.strayed):
            self.result.bad["strayed"] += 1
            self.result.words.append(f"a connection to {where}")
        self._line.strayed.clear()

    def _blame(self, kind: str, made: Made, words: str) -> None:
        self.result.bad[kind] += 1
        start = b"".join(made.script.pieces)[:300]
        self.result.words.append(f"{kind}: {made.call} after {made.how}: {words[:300]}; {start!r}")

    # Onto the disk and back

    async def _keep(self, folder: Path) -> None:
        database = await Database.open(folder)
        try:
            try:
                await database.write(_put_all, self._pages)
                shown = await database.read(_show_all)
            except Exception as error:  # noqa: BLE001 (whatever it is, it is what is looked for)
                self.result.bad["crash"] += 1
                self.result.words.append(f"crash in the store: {error!r}")
                return
        finally:
            await database.close()
        for call, row in self._sound:
            if (call == "export" and shown.originals.get(OrderId(row.id)) != row.original) or (
                call == "feed" and (row.id, row.text) not in shown.changes
            ):
                self.result.bad["lost_row"] += 1
                self.result.words.append(f"lost_row: {call} {row.id} is not in the store as it came")
        broken = {each.original for page in self._pages if isinstance(page, ExportPage) for each in page.broken}
        broken |= {original for page in self._pages if isinstance(page, FeedPage) for original in page.broken}
        if lost := broken - shown.broken:
            self.result.bad["lost_row"] += len(lost)
            self.result.words.append(f"lost_row: set aside and not there: {sorted(lost)[:3]}")
        self.result.counts["set aside"] += len(broken)


async def _nothing() -> None:
    """Nothing is noted down before these sends."""


async def ask(client: ZenderaClient, call: str) -> Outcome:
    try:
        match call:
            case "export":
                return await client.export_page(1)
            case "feed":
                return await client.feed_page(token="t")
            case "timeline":
                return await client.timeline(OrderId(1))
            case "accept":
                return await client.acknowledge(PAYLOAD, _nothing)
            case _:
                return await client.report(PAYLOAD, _nothing)
    except Exception as error:  # noqa: BLE001 (what comes out is what is judged)
        return error


class Shown:
    """What the interface gets to see: the list, each shipment as it is opened, every field of it, and the feed."""

    def __init__(self) -> None:
        self.originals: dict[OrderId, bytes] = {}
        self.changes: set[tuple[int | None, str]] = set()
        self.broken: set[bytes] = set()


def _put_all(conn: sqlite3.Connection, pages: list[ExportPage | FeedPage]) -> None:
    """As the walk and the tail store them, in one transaction instead of hundreds."""
    accounts.save(conn, Account(id=ACCOUNT, name="Hostile", base_url="https://zendera.invalid/api/"), NOW)
    feed.start(conn, ACCOUNT, NOW)
    for page in pages:
        if isinstance(page, ExportPage):
            known = shipments.originals(conn, ACCOUNT, [row.shipment.order_id for row in page.rows])
            shipments.put(conn, ACCOUNT, intake._what_arrived(page.rows, known), NOW)
            shipments.set_aside(conn, ACCOUNT, page.broken, NOW)
        else:
            feed_evidence.take(conn, ACCOUNT, page, NOW)


def _show_all(conn: sqlite3.Connection) -> Shown:
    shown = Shown()
    ids = listing.ids(conn, ACCOUNT, View.ALL, Sort.SEEN, True, NOW)
    find.find(conn, ACCOUNT, View.ALL, "ola \x00 \ud800 *", NOW)
    for line in listing.lines(conn, ACCOUNT, ids):
        original = listing.original(conn, ACCOUNT, line.order_id)
        if original is not None:
            shown.originals[line.order_id] = original
            wire.read_shipment(original)
            wire.all_fields(original)
        listing.versions(conn, ACCOUNT, line.order_id)
        board.read(conn, ACCOUNT, line.order_id, wire.read_shipment(original).parcels if original is not None else ())
    below = feed_rows.NEWEST
    while page := feed_rows.rows(conn, ACCOUNT, FeedFilter(), below=below).lines:
        shown.changes |= {(line.product_id, line.product_number) for line in page}
        below = page[0].id
    shown.broken = {bytes(row[0]) for row in conn.execute("select original from set_aside union all select original from feed_broken")}
    for original in shown.broken:
        with suppress(wire.WireError):
            wire.all_fields(original)
    return shown


@contextmanager
def _quiet() -> Iterator[None]:
    """asyncio tells of every connection that a server's end resets; the client says nothing, and must not be made to."""
    logger = logging.getLogger("asyncio")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def play(seed: int) -> Result:
    run = Run(seed)
    with _quiet(), tempfile.TemporaryDirectory(prefix="zendera-hostile-", dir=folder_root()) as folder:
        asyncio.run(run.whole(Path(folder)))
    return run.result


def _play_for(name: str, seed: int) -> Result:
    """What size alone brings to light is shown the answer that does; the other wrong programs meet theirs among all the rest."""
    if name not in HEAVY:
        return play(seed)
    run = Run(seed)
    asyncio.run(run.only(heavy_by(*HEAVY[name]), weighed=SEEN_AS[name] == "memory"))
    return run.result


@functools.cache
def _right_is_good(name: str, seed: int) -> bool:
    """The same played by the program as it is, once for all that were played the same."""
    return not _play_for(name, seed).bad


CONTROL_RUNS: Final = 4


def caught(name: str) -> Caught | None:
    for seed in range(CONTROL_RUNS):
        with wrong(name):
            bad = _play_for(name, seed).bad
        if SEEN_AS[name] in bad and _right_is_good(name if name in HEAVY else "", seed):
            return Caught(seed + 1, tuple(sorted(bad)))
    return None


def _shown(counts: Counter[str]) -> dict[str, Any]:
    return {name: counts[name] for name in ("answers", "on kept connections", "over sockets", "weighed", "understood", "rows", "set aside")}


HARNESS: Final = Harness(
    name="hostile_answers",
    run=play,
    figures={
        "hostile_answers_crashes": ("crash",),
        "hostile_answers_falsely_sent": ("falsely_sent", "falsely_read"),
        "hostile_answers_stalls": ("stall",),
        "hostile_answers_memory": ("memory",),
        "hostile_answers_rows_lost": ("lost_row", "not_believed"),
        "hostile_answers_strayed": ("strayed",),
    },
    controls=tuple(WRONG),
    caught=caught,
    assumptions=(
        f"one run is {ANSWERS} answers in memory below HTTP, {OVER_SOCKETS} over sockets and a heavy one of up to 16 MB",
        f"a stall is {STALL * 1000:.0f} ms on the loop, three times in a row",
        f"memory as Python counts it: {MOST_MEMORY['refused'] // MB} MB of a refused one, {MOST_MEMORY['understood'] // MB} of a good one",
    ),
    goal=10_000,
    at_once=1,
    shown=_shown,
)
