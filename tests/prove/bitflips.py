"""One seed is one damaged database: bits flipped, bytes changed or sectors gone, and the program started on it.

A day's work lies in the folder, with entries in every state, as the program left it or as a kill did. After the damage the
program's own opening decides what to work with, the engine sends what it believes is to be sent, and a person's decisions are
compared with what arrived: the exact bytes, each once, and nothing that nobody decided.
"""

import asyncio
import contextlib
import hashlib
import json
import random
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from unittest import mock

from prove.days import folder_root, quiet
from prove.harness import Caught, Harness, Result
from prove.powercuts import one_disk
from prove.workplace import Workplace
from zendera_desk.domain.copies import CopyKind
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.views import View, Written
from zendera_desk.simulator.answers import Endpoint, Request
from zendera_desk.simulator.faults import Kind as Trouble
from zendera_desk.store import backups, care, log, outbox
from zendera_desk.store.database import FILE_NAME, Connection

SECTOR: Final = 512
ROUNDS: Final = 12
"""Of the engine's four loops, ten minutes of the desk's time apart: what can be asked is asked."""
SHIPMENTS: Final = 24
DAYS: Final = 3
"""Different days of work that are damaged."""
PATIENCE: Final = 20.0
"""Seconds for a start, or for a step of the engine."""
WITHDRAWN: Final = frozenset({"taken_back", "dropped"})
SAID: Final = frozenset({"damaged", "disk_full", "foreign", "io", "locked", "missing", "newer", "not_a_file", "readonly"})
"""Codes of a start that is refused in words."""


@dataclass
class Day:
    """What a day left: files, and what is true."""

    seed: int
    files: dict[bool, dict[str, bytes]] = field(default_factory=dict)
    """By whether the program was killed in the end, or closed."""
    at: list[tuple[datetime, Request]] = field(default_factory=list)
    """Every request: the same ones in the same order make the same Zendera again."""
    decided: dict[bytes, int] = field(default_factory=dict)
    """Payload -> order, of all that may arrive."""
    waiting: list[bytes] = field(default_factory=list)
    """Of these, what has not left."""
    withdrawn: set[bytes] = field(default_factory=set)
    ends: datetime | None = None


class _Working:
    """Makes a day with entries in every state."""

    def __init__(self, day: Day, folder: Path) -> None:
        self._day = day
        self._rng = random.Random(day.seed)
        self._place = Workplace(folder, seed=day.seed, shipments=SHIPMENTS)
        answer = self._place.simulator.answer

        def noted(request: Request) -> Any:  # noqa: ANN401
            day.at.append((self._place.clock.now(), request))
            return answer(request)

        self._place.simulator.answer = noted  # type: ignore[method-assign]

    async def whole(self) -> None:
        place = self._place
        await place.open()
        await place.walk()
        orders = await place.desk.shipment_ids(View.TO_ACCEPT)
        accepted, offered = orders[:14], orders[14:]
        await place.desk.accept(accepted)
        await place.send()
        await place.tail()
        for order in accepted[:4]:  # sent, and confirmed later
            await self._report(order)
        await place.send()
        await asyncio.to_thread(backups.make, place.folder, CopyKind.BY_HAND, place.clock.now())
        await place.desk.close()
        await place.open()
        place.clock.move(minutes=3)
        for step in (place.walk, place.ask, place.tail):
            await step()
        await self._doubtful(accepted[4:8])
        await self._unsent(accepted[8:], offered)
        await self._leave()

    async def _doubtful(self, orders: Sequence[OrderId]) -> None:
        """Refused, unclear and arrived, unclear and not arrived, put before a person."""
        place, faults = self._place, self._place.simulator.faults
        troubles = ((Trouble.REFUSE, 400), (Trouble.APPLY_ERROR, 500), (Trouble.REFUSE, 503), (Trouble.APPLY_ERROR, 502))
        for order, (trouble, status) in zip(orders, troubles, strict=True):
            faults.add(trouble, Endpoint.UPDATE, status=status, times=1)
            entry = await self._report(order)
            await place.send()
            faults.clear()
            if status == 502:
                await place.desk._database.write(outbox.move, entry, State.NEEDS_PERSON)

    async def _unsent(self, orders: Sequence[OrderId], offered: Sequence[OrderId]) -> None:
        place = self._place
        back, dropped, sending, *due = [await self._report(order) for order in orders[:5]]
        await place.desk.take_back([back])
        failed = await place.desk.fail(offered[:2], "Unknown postal code")
        place.clock.move(seconds=11)
        account = place.desk.account
        if account is None:
            raise AssertionError("the account is open")
        await place.desk._database.write(outbox.end_holds, account.id, place.clock.now())
        await place.desk.drop(dropped)
        await place.desk._database.write(outbox.begin, [sending], place.clock.now())  # killed when its bytes had left, or not
        if self._rng.random() < 0.5:
            payload = await place.desk.payload(sending)
            headers = (("authorization", f"apikey {place.simulator.key}"), ("content-type", "application/json"))
            place.simulator.answer(Request(method="POST", path="/api/v1/exported-order/update", query={}, headers=headers, body=payload))
        await place.desk.accept(offered[2:6])
        await self._report(orders[5])
        await place.desk.save_draft(orders[0], Draft(comment="Not yet", signee="Ola"))
        if not due or not isinstance(failed, Written):
            raise AssertionError("something of every kind is there")

    async def _report(self, order: OrderId) -> EntryId:
        status = self._rng.choice((Status.COMPLETE, Status.OTHER))
        draft = Draft(
            time="1030", status=status, signee="Ola Nordmann", comment=f"At the gate of {order}. " * self._rng.choice((1, 8, 300))
        )
        written = await self._place.desk.send_report(order, draft, frozenset({"time", "comment", "pictures"}))
        if not isinstance(written, Written):
            raise AssertionError(f"the report is not taken: {written}")
        return written.entries[0]

    async def _leave(self) -> None:
        place, day = self._place, self._day
        day.ends = place.clock.now()
        for entry in await place.entries():
            payload = await place.desk.payload(entry.id)
            if entry.state.value in WITHDRAWN:
                day.withdrawn.add(payload)
            else:
                day.decided[payload] = entry.order_id
            if entry.state in {State.HELD, State.DUE}:
                day.waiting.append(payload)
        day.files[True] = _read(place.folder)
        await place.desk.close()
        day.files[False] = _read(place.folder)


@cache
def worked(seed: int) -> Day:
    day = Day(seed)
    with tempfile.TemporaryDirectory(prefix="zendera-day-", dir=folder_root()) as folder:
        asyncio.run(_Working(day, Path(folder)).whole())
    return day


def _read(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".sqlite3-shm"
    }


class _Damaged:
    """One seed."""

    def __init__(self, seed: int, folder: Path) -> None:
        self._rng = random.Random(seed)
        self._day = worked(self._rng.randrange(DAYS))
        self._killed = self._rng.random() < 0.7
        self._result = Result(seed=seed)
        self._place = Workplace(folder, seed=self._day.seed, shipments=SHIPMENTS)
        self._arrived: Counter[tuple[str, int]] = Counter()

    async def run(self) -> Result:
        self._rebuild_zendera()
        self._lay_damaged()
        found = self._integrity()
        self._place.wire.on_send = self._leaves
        if await self._starts():
            noticed = await self._is_told()
            if found and self._killed and not noticed:
                self._blame("worked_on_damaged", found)
            await self._works()
            await self._tell(found, noticed=noticed)
            await self._place.desk.close()
            if await self._starts():  # once more
                await self._place.desk.close()
        return self._result

    def _rebuild_zendera(self) -> None:
        """The same requests make the same world, and the same books."""
        clock, simulator = self._place.clock, self._place.simulator
        for at, request in self._day.at:
            clock.move(seconds=(at - clock.now()).total_seconds())
            if request.path.endswith(_SENDS):
                self._arrived.update(_said(request.body))
            simulator.answer(request)
        for each in [key for key in self._arrived if not self._is_there(*key)]:
            del self._arrived[each]
        if self._day.ends is not None:
            clock.move(seconds=(self._day.ends - clock.now()).total_seconds())

    def _lay_damaged(self) -> None:
        folder = self._place.folder
        for name, content in self._day.files[self._killed].items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        logged = folder / f"{FILE_NAME}-wal"
        for _ in range(self._rng.randint(1, 8)):
            in_log = logged.exists() and logged.stat().st_size and self._rng.random() < 0.3
            self._damage(logged if in_log else folder / FILE_NAME)

    def _damage(self, path: Path) -> None:
        content = bytearray(path.read_bytes())
        place = self._rng.randrange(len(content))
        drawn = self._rng.random()
        if drawn < 0.5:  # where it matters most: around what was decided, and in what has not left
            payload = self._rng.choice(self._day.waiting if drawn < 0.25 else [*self._day.decided, *self._day.withdrawn])
            found = content.find(payload[:90])
            if found >= 0:
                by = self._rng.randrange(min(len(payload), 400)) if drawn < 0.25 else self._rng.randint(-300, 400)
                place = min(max(0, found + by), len(content) - 1)
        match self._rng.choice(("bit", "bit", "bit", "byte", "sector")):
            case "bit":
                content[place] ^= 1 << self._rng.randrange(8)
            case "byte":
                content[place] = self._rng.randrange(256)
            case "sector":
                start = place - place % SECTOR
                content[start : start + SECTOR] = bytes(min(SECTOR, len(content) - start))
        path.write_bytes(content)

    def _integrity(self) -> str:
        """What SQLite itself finds, in a copy."""
        with tempfile.TemporaryDirectory(prefix="zendera-look-", dir=folder_root()) as made:
            for name in (FILE_NAME, f"{FILE_NAME}-wal"):
                if (source := self._place.folder / name).exists():
                    (Path(made) / name).write_bytes(source.read_bytes())
            try:
                with contextlib.closing(sqlite3.connect(Path(made) / FILE_NAME)) as conn:
                    words = str(conn.execute("pragma integrity_check(1)").fetchone()[0])
            except (sqlite3.Error, UnicodeDecodeError) as error:  # its own words may hold what is damaged
                words = str(error)
        return "" if words == "ok" else words

    async def _starts(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._place.open()
        except StoreError as error:
            self._result.counts["refused_in_words"] += 1
            if error.code not in SAID:
                self._blame("not_started", f"{error!r}")
        except TimeoutError:
            self._blame("endless", "the start does not end")
        except Exception as error:  # noqa: BLE001 (whatever it is, the person sees no window)
            self._blame("not_started", f"{error!r}")
        else:
            return True
        return False

    async def _works(self) -> None:
        place = self._place
        for _ in range(ROUNDS):
            for step in (place.walk, place.send, place.ask, place.tail):
                try:
                    async with asyncio.timeout(PATIENCE):
                        await step()
                except TimeoutError:
                    self._blame("endless", f"{step.__name__} does not end")
                except Exception as error:  # noqa: BLE001 (a loop that fails is said on screen, and goes on)
                    self._result.counts[f"loop {getattr(error, 'code', type(error).__name__)}"] += 1
            place.clock.move(minutes=10)

    def _leaves(self, body: bytes) -> None:
        """The bytes of a send."""
        self._result.counts["sends"] += 1
        if not self._is_decided(body):
            what = "undecided" if body in self._day.withdrawn else "wrong_payload"
            self._blame(what, repr(body[:300]))
            return
        for key in _said(body):
            if self._arrived[key]:
                self._blame("doubled", f"{key} had arrived")
            self._arrived[key] += 1

    def _is_decided(self, body: bytes) -> bool:
        """Whole and as it was frozen; of a batch each row is."""
        if body in self._day.decided:
            return True
        try:
            rows = json.loads(body)["create"]
        except (ValueError, KeyError, TypeError):
            return False
        return len(rows) > 1 and all(any(json.loads(one) == {"create": [row]} for one in self._day.decided) for row in rows)

    def _is_there(self, what: str, order: int) -> bool:
        books = self._place.simulator.ledger.applied(order)
        return any(what in _said(each.body) for each in books) if what in {"accept", "fail"} else any(each.sha256 == what for each in books)

    async def _is_told(self) -> bool:
        try:
            return bool(await self._place.desk.notices())
        except StoreError:  # what tells of it is what is damaged
            return False

    async def _tell(self, found: str, *, noticed: bool) -> None:
        by_hash = any(entry.code == "damaged" for entry in await self._entries())
        kind = "noticed at the start" if noticed else "noticed by the hash" if by_hash else "harmless"
        self._result.counts.update({kind: 1, "seen by integrity_check": bool(found), "killed": self._killed})

    async def _entries(self) -> Sequence[Any]:
        try:
            return await self._place.entries()
        except Exception:  # noqa: BLE001 (counted with the loops)
            return []

    def _blame(self, what: str, words: str) -> None:
        self._result.bad[what] += 1
        self._result.words.append(f"{what}: {words}")


_SENDS: Final = ("export/status", "exported-order/update")


def _said(body: bytes) -> list[tuple[str, int]]:
    """What each part of a send says: (accept or fail, or the hash of a report; order)."""
    document = json.loads(body)
    if "create" not in document:
        return [(hashlib.sha256(body).hexdigest(), document["orderId"])]
    return [("fail" if row.get("success") is False else "accept", row["orderId"]) for row in document["create"]]


def flip(seed: int, wrong: str = "") -> Result:
    """The damage of this seed, and what the program does with it."""
    with quiet(), one_disk(), tempfile.TemporaryDirectory(prefix="zendera-flip-", dir=folder_root()) as folder, wrongly(wrong):
        return asyncio.run(_Damaged(seed, Path(folder)).run())


def _hash_not_checked(patches: contextlib.ExitStack) -> None:
    def payloads(conn: Connection, ids: Sequence[EntryId]) -> dict[EntryId, bytes]:
        return {entry_id: bytes(conn.execute("select payload from entry where id = ?", (entry_id,)).fetchone()[0]) for entry_id in ids}

    patches.enter_context(mock.patch.object(outbox, "payloads", payloads))


def _cut_short_log_trusted(patches: contextlib.ExitStack) -> None:
    patches.enter_context(mock.patch.object(log, "is_cut_short", return_value=False))


def _opened_as_it_is(patches: contextlib.ExitStack) -> None:
    patches.enter_context(mock.patch.object(care, "check"))


CONTROLS: Final[Mapping[str, tuple[Callable[[contextlib.ExitStack], None], str]]] = {
    "the hash of a payload is not checked": (_hash_not_checked, "wrong_payload"),
    "a log that is cut short is trusted": (_cut_short_log_trusted, "doubled"),
    "a damaged file is opened as it is": (_opened_as_it_is, "worked_on_damaged"),
}
"""What is wrong, and by what it must be caught."""


@contextlib.contextmanager
def wrongly(control: str) -> Iterator[None]:
    with contextlib.ExitStack() as patches:
        if control:
            worked(0), worked(1), worked(2)
            CONTROLS[control][0](patches)
        yield


CONTROL_SEEDS: Final = 200
"""A wrong program must be caught within so many."""


def caught(control: str) -> Caught | None:
    for seed in range(CONTROL_SEEDS):
        bad = flip(seed, control).bad
        if bad[CONTROLS[control][1]] and not flip(seed).bad:
            return Caught(seed + 1, tuple(sorted(bad)))
    return None


def _shown(counts: Counter[str]) -> dict[str, Any]:
    return {name: counts[name] for name in ("seen by integrity_check", "noticed at the start", "noticed by the hash", "harmless", "sends")}


HARNESS: Final = Harness(
    name="bit_flips",
    run=flip,
    figures={
        "bit_flips_wrong_payloads": ("wrong_payload", "undecided"),
        "bit_flips_doubled": ("doubled",),
        "bit_flips_not_started": ("not_started", "endless", "worked_on_damaged"),
    },
    controls=tuple(CONTROLS),
    caught=caught,
    assumptions=(
        "one to eight bits, bytes or sectors of the database or its log are damaged while the program is not running",
        "the hash and the payload of one entry are not damaged into one that fits",
    ),
    goal=10_000,
    share=1,
    shown=_shown,
)
