"""A data folder with one entry in every state, made through the real store, and pictures of how each is shown.

`states(folder)` fills the folder; `python tests/gallery.py DIR` opens a desk on it (nothing of it ever goes online) and writes the
outbox, the list and the history of each shipment to numbered PNGs, in light and dark. Whoever changes a word or a state looks at
them: tests/gui/test_claims.py proves that no word claims too much, and cannot see whether a person would understand it.
"""

import argparse
import asyncio
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TZ", "Europe/Oslo")

from PySide6.QtWidgets import QApplication, QTableView, QWidget

from zendera_desk.api import wire
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.errors import LinkCode
from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.ids import AccountId, EntryId, OrderId, PictureId
from zendera_desk.domain.outbox import Decision, Kind, State, Why
from zendera_desk.domain.report import Picture, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import Account, View
from zendera_desk.engine.supervise import Supervisor
from zendera_desk.gui import loop, style
from zendera_desk.gui.outbox.panel import OutboxPanel
from zendera_desk.gui.shipment.panel import ShipmentPanel
from zendera_desk.gui.shipments.panel import ShipmentsPanel
from zendera_desk.settings import Settings
from zendera_desk.store import accounts, audits, entering, outbox, shipments, timeline
from zendera_desk.store import pictures as picture_store
from zendera_desk.store.database import Connection, Database

NOW: Final = datetime(2026, 6, 11, 12, 32, 10, tzinfo=UTC)
ACCOUNT: Final = AccountId("nordlys")
BASE: Final = "http://127.0.0.1:9/api/"
BY: Final = {"by": "Kari", "desk": "front"}
SIZE: Final = (1180, 620)
SETTLED: Final = 0.15
"""Seconds until a layout has found its place."""

_NAMES: Final = (
    "Fjordfisk AS",
    "Bakeri Havna",
    "Byggmester Lund",
    "Kafé Sol",
    "Nordic Tools AB",
    "Hansen, Ola",
    "Apotek Vest",
    "Skolen i Vik",
)
_PLACES: Final = (
    ("5003", "Bergen"),
    ("7011", "Trondheim"),
    ("0151", "Oslo"),
    ("111 20", "Stockholm"),
    ("8000", "Aarhus C"),
    ("101", "Reykjavík"),
)


class Clock:
    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 1000.0


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


class Filling:
    """Each method makes one shipment whose newest entry stands in one state, by the moves that lead there."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._next = 4_710_001
        self.made: dict[str, EntryId] = {}

    def arrive(self, **more: object) -> OrderId:
        number, self._next = self._next, self._next + 1
        self._put(self._row(number, **more), ago(hours=26))
        return OrderId(number)

    def correct(self, order: OrderId, **more: object) -> None:
        self._put(self._row(order, **more), ago(minutes=20))

    def _row(self, number: int, **more: object) -> dict[str, object]:
        postcode, city = _PLACES[number % len(_PLACES)]
        return {
            "orderId": number,
            "reference": f"A-{number % 1000}",
            "sender": {"name": "Nordlys Møbler AS", "address": {"address1": "Industriveien 3", "postalCode": "0581", "city": "Oslo"}},
            "delivery": {
                "name": _NAMES[number % len(_NAMES)],
                "address": {"address1": "Strandgaten 14", "postalCode": postcode, "city": city, "country": "Norway"},
            },
            "parcels": [{"id": str(number), "internalNumber": f"PROD-{number}", "name": "EUR-pallet", "quantity": 2, "weight": 120.5}],
            **more,
        }

    def _put(self, row: dict[str, object], at: datetime) -> None:
        (exported,) = wire.read_export(json.dumps({"shipments": [row]}).encode()).rows
        known = shipments.originals(self._conn, ACCOUNT, [exported.shipment.order_id])
        old = known.get(exported.shipment.order_id)
        differences = tuple(wire.differences(old, exported.original)) if old else ()
        shipments.put(self._conn, ACCOUNT, [shipments.Arrived(exported=exported, differences=differences)], at)

    def enter(self, order: OrderId, kind: Kind = Kind.REPORT, made: datetime | None = None, **more: Any) -> EntryId:  # noqa: ANN401
        at = made or ago(minutes=12)
        report = {
            "stop": StopKind.DELIVERY,
            "status": Status.COMPLETE,
            "event_at": at - timedelta(minutes=7),
            "words": "Left with the porter",
        }
        fail = {"words": "Unknown postal code", "reference": f"ZD-{order % 10000}", "strike": 1}
        values = {**({Kind.REPORT: report, Kind.FAIL: fail}.get(kind) or {}), **more}
        new = entering.NewEntry(order_id=order, kind=kind, payload=b"{}", **values)
        held_until = at + timedelta(seconds=10)
        return entering.add_all(self._conn, ACCOUNT, [new], now=at, held_until=held_until, made_by="Kari", desk="front")[0]

    def due(self, entry: EntryId, code: str = "", next_at: datetime = NOW) -> EntryId:
        outbox.move(self._conn, entry, State.DUE, code=code, next_at=next_at)
        return entry

    def try_once(self, entry: EntryId, to: State, at: datetime, code: str = "", answer: str = "", status: int | None = None) -> EntryId:
        """Sent at `at`, and what came of it half a minute later."""
        found = outbox.entry(self._conn, entry)
        if found is not None and found.state is State.HELD:
            outbox.move(self._conn, entry, State.DUE)
        ended = at + timedelta(seconds=31 if code else 0.4)
        outbox.begin(self._conn, [entry], at)
        next_at = NOW + timedelta(minutes=2)
        outbox.move(self._conn, entry, to, ended_at=ended, code=code, answer=answer, http_status=status, next_at=next_at)
        outbox.end_attempt(self._conn, entry, ended, code, status, answer)
        return entry

    def accepted(self) -> OrderId:
        order = self.arrive()
        entry = self.try_once(self.enter(order, Kind.ACCEPT, ago(hours=25)), State.SENT, ago(hours=25))
        outbox.move(self._conn, entry, State.CONFIRMED, seen_by="walk", code="")
        return order

    def read(self, order: OrderId, *events: TimelineEvent, at: datetime = NOW) -> None:
        exported = TimelineEvent(type="EVENT_TYPE_ORDER_EXPORTED", success=True, noted_at=ago(hours=25), at=ago(hours=25))
        timeline.put(self._conn, ACCOUNT, order, [exported, *events], at)

    def report_event(self, entry: EntryId, noted: datetime) -> TimelineEvent:
        found = outbox.entry(self._conn, entry)
        at = None if found is None else found.event_at
        return TimelineEvent(type="EVENT_TYPE_ORDER_UPDATED", status="COMPLETE", location="DELIVERY", at=at, noted_at=noted)

    def asked(self, entry: EntryId, reads: int) -> EntryId:
        outbox.move(self._conn, entry, State.UNCLEAR, reads=reads, last_read_at=ago(minutes=3), next_at=NOW + timedelta(minutes=1))
        return entry

    def unclear(self, code: str = LinkCode.TIMEOUT, **more: Any) -> EntryId:  # noqa: ANN401
        order = self.accepted()
        return self.try_once(self.enter(order, **more), State.UNCLEAR, ago(minutes=9), code)

    def needs_person(self, code: str, reads: int = 0, **more: Any) -> EntryId:  # noqa: ANN401
        entry = self.unclear(**more)
        if reads:
            self.asked(entry, reads)
        outbox.move(self._conn, entry, State.NEEDS_PERSON, code=code)
        return entry

    def needs_person_fail(self) -> EntryId:
        entry = self.try_once(self.enter(self.arrive(), Kind.FAIL), State.UNCLEAR, ago(minutes=9), LinkCode.TIMEOUT)
        self.asked(entry, 2)
        outbox.move(self._conn, entry, State.NEEDS_PERSON, code=Why.NOT_SHOWN)
        self.read(self.order_of(entry), at=ago(minutes=3))
        return entry

    def order_of(self, entry: EntryId) -> OrderId:
        found = outbox.entry(self._conn, entry)
        if found is None:
            raise KeyError(entry)
        return found.order_id


def fill(conn: Connection) -> dict[str, EntryId]:
    """One entry a state, by name. What is under way is so only in a program that runs: see `under_way`."""
    accounts.save(conn, Account(id=ACCOUNT, name="Nordlys (staging)", base_url=BASE, passing=True), ago(days=3))
    for number in range(3):
        picture = Picture(id=PictureId(f"{number:064d}"), name=f"IMG_{number}.jpg", width=1600, height=1200, size=300_000)
        picture_store.put(conn, picture, picture_store.Origin(source=picture.id), picture.id, ago(days=1))
    made = Filling(conn)
    return {**_on_their_way(made), **_with_a_person(made, conn), **_done(made, conn), **_not_shown(made, conn), **_failed(made, conn)}


def _on_their_way(made: Filling) -> dict[str, EntryId]:
    unclear_once = made.asked(made.unclear(LinkCode.RESET), 1)
    made.read(made.order_of(unclear_once), at=ago(minutes=3))
    goes_again = made.asked(made.unclear(), 2)
    outbox.move(made._conn, goes_again, State.DUE, code=Why.GOES_AGAIN)
    return {
        "held report": made.enter(made.accepted(), made=NOW),
        "held accept": made.enter(made.arrive(), Kind.ACCEPT, NOW),
        "waiting, offline": made.try_once(made.enter(made.accepted()), State.DUE, ago(minutes=5), LinkCode.OFFLINE),
        "waiting, hourly limit": made.try_once(made.enter(made.accepted()), State.DUE, ago(minutes=5), LinkCode.LIMIT, status=429),
        "waiting, key refused": made.try_once(made.enter(made.accepted()), State.DUE, ago(minutes=5), LinkCode.UNAUTHORISED, status=401),
        "waiting, goes again": goes_again,
        "sending": made.due(made.enter(made.accepted())),
        "unclear, settling": made.unclear(),
        "unclear, asked once": unclear_once,
        "unclear accept": made.try_once(made.enter(made.arrive(), Kind.ACCEPT), State.UNCLEAR, ago(minutes=2), LinkCode.SERVER, status=503),
        "unclear, not zendera": made.unclear(LinkCode.NOT_ZENDERA),
        "unclear, restored": made.unclear(Why.RESTORED),
    }


def _with_a_person(made: Filling, conn: Connection) -> dict[str, EntryId]:
    not_shown = made.needs_person(Why.NOT_SHOWN, 2, pictures=tuple(PictureId(f"{number:064d}") for number in range(3)))
    somebody = TimelineEvent(
        type="EVENT_TYPE_ORDER_UPDATED", status="NO_ONE_THERE", location="DELIVERY", at=ago(hours=3), noted_at=ago(hours=3)
    )
    made.read(made.order_of(not_shown), somebody, at=ago(minutes=3))
    twice = made.needs_person(Why.NOT_SHOWN, 2)
    outbox.decide(conn, twice, Decision.SEND_AGAIN, ago(minutes=8), **BY)
    made.try_once(twice, State.SENT, ago(minutes=8))
    outbox.move(conn, twice, State.CONFIRMED, seen_by="timeline", code="")
    events = [made.report_event(twice, ago(minutes=7, seconds=40)), made.report_event(twice, ago(minutes=2))]
    made.read(made.order_of(twice), *events, at=ago(minutes=1))
    audits.show_twice(conn, twice, [event.noted_at or NOW for event in events])
    damaged = made.due(made.enter(made.accepted()))
    outbox.refuse_damaged(conn, damaged, ago(minutes=4))
    words = "Order is already completed at this stop"
    return {
        "needs you, not shown": not_shown,
        "needs you, may not read": made.needs_person(Why.MAY_NOT_READ),
        "needs you, cannot read": made.needs_person(Why.CANNOT_READ),
        "needs you, fail not shown": made.needs_person_fail(),
        "refused": made.try_once(made.enter(made.accepted()), State.REFUSED, ago(minutes=6), LinkCode.REFUSED, words, 422),
        "damaged on disk": damaged,
        "shown twice": twice,
    }


def _done(made: Filling, conn: Connection) -> dict[str, EntryId]:
    found = {
        name: made.try_once(made.enter(made.accepted()), State.SENT, ago(minutes=6))
        for name in ("sent", "sent, may not be read", "confirmed, timeline", "confirmed, feed")
    }
    outbox.move(conn, found["sent, may not be read"], State.SENT, code=Why.MAY_NOT_READ)
    for name, witness in (("confirmed, timeline", "timeline"), ("confirmed, feed", "feed")):
        outbox.move(conn, found[name], State.CONFIRMED, seen_by=witness, code="")
    shown = found["confirmed, timeline"]
    made.read(made.order_of(shown), made.report_event(shown, ago(minutes=6)))
    said = made.needs_person(Why.NOT_SHOWN, 2)
    outbox.decide(conn, said, Decision.ARRIVED, ago(minutes=2), **BY)
    dropped = made.needs_person(Why.CANNOT_READ)
    outbox.decide(conn, dropped, Decision.DROP, ago(minutes=2), **BY)
    taken_back = made.enter(made.accepted())
    outbox.take_back(conn, [taken_back], ago(minutes=11), **BY)
    accepted = made.try_once(made.enter(made.arrive(), Kind.ACCEPT), State.SENT, ago(minutes=8))
    outbox.move(conn, accepted, State.CONFIRMED, seen_by="walk", code="")
    return {
        **found,
        "said to have arrived": said,
        "dropped": dropped,
        "taken back": taken_back,
        "accept confirmed": accepted,
    }


def _not_shown(made: Filling, conn: Connection) -> dict[str, EntryId]:
    """Zendera answered, and shows nothing of it; and what a person said then."""

    def unshown(entry: EntryId, code: Why) -> EntryId:
        made.try_once(entry, State.SENT, ago(hours=25))
        outbox.move(conn, entry, State.SENT, code=code)
        if code is Why.NO_EVIDENCE:
            made.read(made.order_of(entry), at=ago(hours=1))
        return entry

    names = ("sent, never shown", "never shown, settled", "never shown, dropped")
    reports = {name: unshown(made.enter(made.accepted(), made=ago(hours=25)), Why.NO_EVIDENCE) for name in names}
    outbox.decide(conn, reports["never shown, settled"], Decision.ARRIVED, ago(minutes=2), **BY)
    outbox.decide(conn, reports["never shown, dropped"], Decision.DROP, ago(minutes=2), **BY)
    anew = unshown(made.enter(made.arrive(), Kind.ACCEPT, ago(hours=25)), Why.STILL_OFFERED)
    made.enter(made.order_of(anew), Kind.ACCEPT, NOW)
    return {
        **reports,
        "fail never shown": unshown(made.enter(made.arrive(), Kind.FAIL, ago(hours=25)), Why.NO_EVIDENCE),
        "accept still offered": unshown(made.enter(made.arrive(), Kind.ACCEPT, ago(hours=25)), Why.STILL_OFFERED),
        "accepted anew": anew,
    }


def _failed(made: Filling, conn: Connection) -> dict[str, EntryId]:
    failed = made.arrive()
    for strike in (1, 2):
        entry = made.enter(failed, Kind.FAIL, ago(hours=3 - strike), strike=strike, reference=f"ZD-7K{strike}F")
        made.try_once(entry, State.SENT, ago(hours=3 - strike))
        outbox.move(conn, entry, State.CONFIRMED, seen_by="timeline", code="")
    corrected = made.arrive()
    first = made.try_once(made.enter(corrected, Kind.FAIL, ago(hours=2), reference="ZD-9Q2M"), State.SENT, ago(hours=2))
    outbox.move(conn, first, State.CONFIRMED, seen_by="timeline", code="")
    strikes = [
        TimelineEvent(type="EVENT_TYPE_ORDER_EXPORTED", success=False, failure_reason=reason, noted_at=ago(hours=hours))
        for reason, hours in (("No capacity (another carrier's desk)", 5), ("Unknown postal code [ZD-9Q2M]", 2))
    ]
    made.read(corrected, *strikes, at=ago(minutes=30))
    address = {"address1": "Strandgaten 14 B", "postalCode": "5004", "city": "Bergen", "country": "Norway"}
    made.correct(corrected, delivery={"name": "Bakeri Havna", "address": address})
    return {"failed twice": entry, "corrected": first}


def under_way(conn: Connection, made: dict[str, EntryId]) -> None:
    """What a start counts afresh, as it stands a while later: the line is down, limited or closed, and one entry is on the wire."""
    outbox.begin(conn, [made["sending"]], NOW)
    for name, entry in made.items():
        if name.startswith("waiting"):
            outbox.move(conn, entry, State.DUE, next_at=NOW + timedelta(minutes=4))
    outbox.move(conn, made["unclear, asked once"], State.UNCLEAR, reads=1, last_read_at=ago(minutes=1), next_at=NOW + timedelta(minutes=1))


async def states(folder: Path) -> dict[str, EntryId]:
    """Fills a data folder. The name of each state, and its entry."""
    database = await Database.open(folder)
    try:
        return await database.write(fill)
    finally:
        await database.close()


async def opened(folder: Path) -> Desk:
    """A desk on the folder, at the moment when it was filled, that does nothing by itself."""
    desk = await Desk.open(
        folder,
        Settings(made_by="Kari", desk="front"),
        zone=ZoneInfo("Europe/Oslo"),
        keys=Keys(find=lambda: ()),
        clock=Clock(),
        by_hand=True,
    )
    await desk.open_passing_account("Nordlys (staging)", BASE, "a-key")
    return desk


# Pictures


class Shots:
    """Grabs widgets to numbered files."""

    def __init__(self, folder: Path, scheme: str) -> None:
        self._folder = folder
        self._scheme = scheme
        self._number = 0
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, widget: QWidget, name: str) -> None:
        self._number += 1
        plain = name.replace(",", "").replace(" ", "-")
        widget.grab().save(str(self._folder / f"{self._scheme}-{self._number:02d}-{plain}.png"))


async def _until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 (a widget says nothing when it has painted)
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)


async def grab(folder: Path, made: dict[str, EntryId], shots: Shots) -> None:
    desk = await opened(folder)
    supervisor = Supervisor(Clock(), desk.changes)
    await desk._database.write(under_way, made)
    shown: list[QWidget] = []
    try:
        await _outbox(desk, supervisor, made, shots, shown)
        await _shipments(desk, supervisor, made, shots, shown)
    finally:
        for widget in shown:
            widget.close()
            widget.deleteLater()
        await supervisor.close()
        await desk.close()


async def _outbox(desk: Desk, supervisor: Supervisor, made: dict[str, EntryId], shots: Shots, shown: list[QWidget]) -> None:
    panel = OutboxPanel(desk, supervisor.spawn, zone=desk.zone)
    panel.resize(SIZE[0], 1180)
    shown.append(panel)
    panel.show()
    table = panel.findChild(QTableView, "outbox")
    await _until(lambda: table is not None and table.model().rowCount() > len(made))
    shots.take(panel, "outbox")
    panel.resize(*SIZE)
    for name, entry in made.items():
        panel.choose(entry)
        await asyncio.sleep(SETTLED)
        shots.take(panel, f"outbox {name}")


async def _shipments(desk: Desk, supervisor: Supervisor, made: dict[str, EntryId], shots: Shots, shown: list[QWidget]) -> None:
    listed = ShipmentsPanel(desk, supervisor.spawn)
    listed.resize(SIZE[0], 1180)
    panel = ShipmentPanel(desk, supervisor.spawn, QWidget())
    panel.resize(SIZE[0], 420)
    shown += [listed, panel]
    listed.show()
    listed.set_view(View.ALL)
    await asyncio.sleep(0.5)
    shots.take(listed, "list")
    panel.show()
    panel.show_tab("history")
    for name, entry in made.items():
        order = (await desk.story(entry)).entry.order_id
        panel.open(order)
        history = panel.findChild(QTableView, "history")
        await _until(lambda order=order: panel._shown is not None and panel._shown.line.order_id == order)
        if history is not None:
            history.scrollToTop()
        shots.take(panel, f"history {name}")


async def main(folder: Path, schemes: Sequence[str]) -> int:
    for scheme in schemes:
        style.apply(_application(), style.NAMED[scheme])
        with tempfile.TemporaryDirectory(prefix="zendera-gallery-") as data:
            await grab(Path(data), await states(Path(data)), Shots(folder, scheme))
    return 0


def _application() -> QApplication:
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication(["zendera-desk"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scheme", action="append", choices=["light", "dark"])
    given = parser.parse_args()
    raise SystemExit(loop.run(_application(), main(given.folder, given.scheme or ["light", "dark"])))
