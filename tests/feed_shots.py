"""The product feed and what hangs on it, in the real window on the real simulator, as numbered screenshots: `./dev shots feed DIR`.

The feed catching up, stopped, following, filtered, paused with its chip, with a gap and blocked; boards that agree, that are half done
and that contradict; the report that one key begins of a difference; history, all fields, Find, views of one's own, archives. All of it
is done by keys, so it also tells whether keys are enough. Whoever changes one of these pages looks at them.
"""

import argparse
import asyncio
import gc
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from zendera_desk import settings
from zendera_desk.app import Session, Start
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import FeedCursor, Phase, View, Written
from zendera_desk.gui import loop, style
from zendera_desk.gui.feed.following import Search
from zendera_desk.gui.watchdog import Watchdog
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.simulator.world import World
from zendera_desk.tour.person import Person, TourFailed

SIZE: Final = (1400, 860)
PATIENCE: Final = 20.0
CHANGES: Final = 2_400
"""That wait when the desk is opened."""

_GOODS: Final = ("Sofa, 3 seats", "Armchair", "Table top, oak", "Table legs", "Box of fittings")
_FIRST: Final = 7_300_001


class WorldClock:
    """May be behind, so that things have happened at their own times."""

    def __init__(self) -> None:
        self.behind = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) - self.behind


def shipment(number: int, receiver: str, city: str, **more: object) -> dict[str, Any]:
    order = _FIRST + number
    parcels: list[dict[str, object]] = [
        {
            "orderProductId": str(9_100_000_000_000_000 + number * 10 + place),
            "orderProductInternalNumber": f"NM-{order % 1000}-{place + 1}",
            "name": name,
            "quantity": 1,
            "weight": 12.5 + 9 * place,
        }
        for place, name in enumerate(_GOODS)
    ]
    return {
        "orderId": order,
        "orderSerial": f"N-{order % 10_000}",
        "references": {"customerReference": f"PO {order % 1000}/26"},
        "carrierService": {"id": "1", "code": "STD", "name": "Home delivery"},
        "sender": _stop("Nordlys Møbler AS", "Industriveien 3", "0581", "Oslo", 9001),
        "delivery": _stop(receiver, "Strandgaten 14", "5003", city, 91_000 + number),
        "parcels": parcels,
        **more,
    }


def _stop(name: str, street: str, postal: str, city: str, number: int) -> dict[str, Any]:
    morning = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0)
    return {
        "locationId": str(number),
        "internalNumber": f"LOC-{number}",
        "name": name,
        "address": {"address1": street, "postalCode": postal, "city": city, "country": "Norway"},
        "contact": {"firstName": "Kari", "lastName": "Nordmann", "phoneNumber": "+47 22 33 44 55"},
        "earliest": f"{morning:%Y-%m-%dT%H:%M:%SZ}",
        "latest": f"{morning + timedelta(hours=9):%Y-%m-%dT%H:%M:%SZ}",
        "instructions": "",
    }


IN_ORDER, PARTIAL, CONTRADICTORY, UNTOLD = (OrderId(_FIRST + place) for place in range(4))


def world(clock: WorldClock) -> World:
    """Since yesterday drivers have been on their way; the desk was closed."""
    clock.behind = timedelta(hours=22)
    made = World(7, clock, shipments=26, history=12)
    unknown = {
        "dangerousGoods": {"unNumber": "1203", "packingGroup": "II", "tunnel.code": "(D/E)"},
        "handling": {"temperature": {"lowest": 2, "highest": 8, "unit": "C"}, "stackable": False},
    }
    made.add_shipment(shipment(0, "Bakeri Havna", "Bergen"))
    made.add_shipment(shipment(1, "Hotell Fjordgløtt", "Bergen", **unknown))
    made.add_shipment(shipment(2, "Kafé Sol og Måne", "Bergen"))
    plain = [{"name": name, "quantity": 1} for name in ("Curtain rails", "Carpet, rolled", "Lamp")]
    made.add_shipment(shipment(3, "Skolen i Vik", "Vik i Sogn", parcels=plain))
    step = clock.behind / CHANGES
    for order, place, stop, status in _drivers(made):
        clock.behind = max(timedelta(), clock.behind - step)
        if order in made.orders:
            made.move(order, place, stop, status)
        else:
            made._strange_change()
    clock.behind = timedelta()
    return made


def _drivers(made: World) -> Iterator[tuple[int, int, str, str]]:
    """Over and over, so that there is much to read; in the end what was really done."""
    places = [(each.order_id, place) for each in made.orders.values() if each.order_id < _FIRST for place in range(len(each.parcels()))]
    for turn in range(CHANGES - 2 * len(places)):
        order, place = places[turn * 7 % len(places)]
        stranger = turn % 11 == 4
        yield (0, 0, "", "") if stranger else (order, place, "PICKUP", ("PENDING", "NOT_READY")[turn // len(places) % 2])
    for turn, (order, place) in enumerate(places):
        yield order, place, "PICKUP", "COMPLETED" if turn % 23 else "NOT_READY"
        yield (order, place, "DELIVERY", "COMPLETED") if turn % 3 else (0, 0, "", "")


class Hands(Person):
    """Keys go to the menu that is open, if there is one."""

    def _focus(self) -> QWidget:
        return QApplication.activePopupWidget() or super()._focus()


class Looking:
    """A person at the desk."""

    def __init__(self, session: Session, person: Person, simulator: RunningSimulator, clock: WorldClock) -> None:
        self.session, self.person, self.simulator, self.clock = session, person, simulator, clock

    async def live(self) -> list[str]:
        """What did not come; the rest is looked at all the same."""
        await self._catching_up()
        await self._work()
        problems = []
        for scene in (
            *(self._following, self._paused, self._filtered, self._gap, self._boards, self._shipment),
            *(self._finding, self._views, self._archives, self._blocked),
        ):
            try:
                await scene()
            except TourFailed as failed:
                problems.append(str(failed))
                await self.person.picture_of_screen("failed")
        return problems

    @property
    def window(self) -> Any:  # noqa: ANN401 (the window, with what is built of it)
        return self.session.window

    async def cursor(self) -> FeedCursor:
        return await self.session.desk.watch.cursor()

    # The feed

    async def _catching_up(self) -> None:
        simulator, person = self.simulator, self.person
        simulator.zendera.feed_page = 60
        simulator.faults.add(Fault.SLOW, endpoint=Endpoint.FEED, times=None, seconds=0.35)
        await self.session.open_account(simulator)
        self.window.activateWindow()
        await person.sees("much to catch up with", lambda: self.window.feed._cursor._bar.isVisible() and self._caught_up() > 600, PATIENCE)
        await person.picture_of_screen("feed-catching-up")
        await person.click(self.window.feed._cursor.button)
        await person.sees("it stopped", lambda: "stopped" in self.window.feed._cursor._said.words)
        await person.picture_of_screen("feed-catching-up-stopped")
        simulator.faults.clear()
        simulator.zendera.feed_page = 500
        await person.click(self.window.feed._cursor.button)
        await person.sees("it up to date", lambda: self.window.feed._cursor._said.words.startswith("Up to date"), PATIENCE)

    def _caught_up(self) -> int:
        engine = self.session.desk.engine
        return 0 if engine is None else engine.tail._progress.read

    async def _work(self) -> None:
        """What happened in the morning: all were accepted, some were reported."""
        desk = self.session.desk
        while len(orders := await desk.shipment_ids(View.ALL)) < len(self.simulator.world.orders):  # noqa: ASYNC110 (as a person looks)
            await asyncio.sleep(0.1)
        await desk.accept(orders)
        await self._until_all(orders, Phase.ACCEPTED)
        for order, stop in ((IN_ORDER, StopKind.PICKUP), (IN_ORDER, StopKind.DELIVERY), (CONTRADICTORY, StopKind.PICKUP)):
            await self._report(order, stop)
        await self._report(CONTRADICTORY, StopKind.DELIVERY)
        await self._report(UNTOLD, StopKind.DELIVERY)
        moves = [(PARTIAL, place, "PICKUP", "COMPLETED") for place in range(3)]
        moves += [(PARTIAL, 3, "PICKUP", "NOT_READY"), (PARTIAL, 4, "PICKUP", "REMOVED"), (PARTIAL, 0, "DELIVERY", "PENDING")]
        moves += [(CONTRADICTORY, 1, "DELIVERY", "REMOVED"), (CONTRADICTORY, 2, "DELIVERY", "PENDING")]
        moves += [(CONTRADICTORY, 3, "DELIVERY", "RETURNED_TO_HUB"), (CONTRADICTORY, 4, "PICKUP", "PENDING")]
        await asyncio.sleep(1.1)  # Zendera's times are to be later than those of the reports
        for move in moves:
            self.simulator.world.move(*move)
        await self._read_all()
        await desk.change_settings(msgspec.structs.replace(desk.settings, hold_seconds=10))

    async def _report(self, order: OrderId, stop: StopKind) -> None:
        desk = self.session.desk
        now = desk.now().astimezone(desk.zone)
        draft = Draft(stop=stop, time=f"{now:%d.%m.%y %H:%M}", signee="Ola Nordmann", comment="At the front desk", currency="NOK")
        written = await desk.send_report(order, draft)
        if not isinstance(written, Written):
            raise TourFailed(f"the report of {order} was not taken: {written}")

    async def _until_all(self, orders: Sequence[OrderId], phase: Phase) -> None:
        while any(line.phase is not phase for line in await self.session.desk.shipment_lines(orders)):  # noqa: ASYNC110 (as above)
            await asyncio.sleep(0.2)

    async def _read_all(self) -> None:
        """The feed is looked at until everything of the world is here."""
        desk = self.session.desk
        begun = desk.now()
        desk.refresh()
        async with asyncio.timeout(PATIENCE):
            while (until := (await self.cursor()).up_to_date_at) is None or until < begun:  # noqa: ASYNC110 (as a person looks)
                await asyncio.sleep(0.2)
        await asyncio.sleep(0.6)

    async def _following(self) -> None:
        person = self.person
        await person.press("Ctrl+2")
        await person.sees("the list", lambda: self.window.shipments.model.rowCount() > 0)
        await self._read_all()
        await person.picture_of_screen("feed-following")

    async def _paused(self) -> None:
        person, feed = self.person, self.window.feed
        await self._to_the_feed()
        for _time in range(3):
            await person.press("PageUp")
        await person.sees("it paused", lambda: feed._following.paused)
        for turn in range(37):
            self.simulator.world.move(PARTIAL, turn % 5, "DELIVERY", ("COMPLETED", "PENDING")[turn % 2])
            await asyncio.sleep(0.003)  # two of one moment that say the same are one
        self.session.desk.refresh()
        await person.sees("37 new", lambda: feed._following.new == 37, PATIENCE)
        await person.picture_of_screen("feed-paused")
        await person.press("End")
        await person.sees("it following", lambda: not feed._following.paused)
        await person.picture_of_screen("feed-resumed")

    async def _to_the_feed(self) -> None:
        """By its key, as often as that takes."""
        table = self.window.feed._table
        for _time in range(3):
            if table.hasFocus():
                return
            await self.person.press("Ctrl+L")
            await asyncio.sleep(0.1)
        raise TourFailed("Ctrl+L does not lead to the feed")

    async def _filtered(self) -> None:
        person, feed = self.person, self.window.feed
        field = person.find(QLineEdit, "feedText")
        field.setFocus()
        await person.type("NM-")
        await self._settled()
        await person.picture_of_screen("feed-filtered")
        await person.press("Ctrl+A")
        await person.type("4710003")
        await self._settled()
        await person.press("Ctrl+A")
        await person.picture_of_screen("feed-of-one-number")
        await person.type("zzz")
        await self._settled()
        await person.sees("nothing", lambda: feed._body.currentIndex() == 1)
        await person.picture_of_screen("feed-nothing-fits")
        await person.press("Escape")
        feed._filters._scopes[list(feed._filters._scopes)[2]].click()
        await self._settled()
        await person.picture_of_screen("feed-unmatched")
        feed._filters._scopes[list(feed._filters._scopes)[1]].click()
        await self._settled()

    async def _settled(self) -> None:
        await asyncio.sleep(0.6)
        await self.person.sees("the search done", lambda: self.window.feed._following.search is not Search.UNDER_WAY)

    async def _gap(self) -> None:
        self.simulator.faults.add(Fault.REFUSED_TOKEN, endpoint=Endpoint.FEED, times=1, status=410)
        self.session.desk.refresh()
        await asyncio.sleep(1.5)
        for place in range(4):
            self.simulator.world.move(PARTIAL, place, "DELIVERY", "COMPLETED")
        await self._read_all()
        await self.person.press("End")
        await self.person.sees("the gap in words", lambda: "gap" in self.window.feed._cursor._said.words, PATIENCE)
        await self.person.picture_of_screen("feed-gap")

    async def _blocked(self) -> None:
        person = self.person
        await person.press("Ctrl+2")
        self.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.FEED, times=None, status=403)
        self.session.desk.refresh()
        await person.sees("it blocked", lambda: "Blocked" in self.window.feed._cursor._said.words, PATIENCE)
        await person.picture_of_screen("feed-blocked")
        self.simulator.faults.clear()

    # The shipment

    async def _open(self, order: OrderId, page: str) -> None:
        """Found by its number, and its page by its key."""
        person, window = self.person, self.window
        await person.press("Ctrl+6")
        await person.press("Ctrl+F")
        await person.press("Ctrl+A")
        await person.type(str(order))
        await person.sees("it found", lambda: window.shipments.model.row_of(order) is not None)
        await person.press("Return")
        await person.press("Home")
        await person.sees("it open", lambda: window.shipment.current == order)
        await person.press(page)
        await asyncio.sleep(0.4)

    async def _boards(self) -> None:
        person, window = self.person, self.window
        for order, name in ((IN_ORDER, "in-order"), (PARTIAL, "partial"), (CONTRADICTORY, "contradictory"), (UNTOLD, "cannot-tell")):
            await self._open(order, "Ctrl+B")
            await person.picture_of_screen(f"board-{name}")
        await person.press("Ctrl+F")
        await person.press("Escape")
        await person.press("Ctrl+4")
        await person.sees("the differences", lambda: window.shipments.model.rowCount() > 0)
        await person.press("Home")
        await person.press("Ctrl+B")
        await asyncio.sleep(0.4)
        await person.picture_of_screen("differences")
        await self._open(PARTIAL, "Ctrl+B")
        await person.press("Ctrl+Shift+E")
        await asyncio.sleep(0.6)
        await person.picture_of_screen("board-looked-at")
        await self._open(CONTRADICTORY, "Ctrl+B")
        await person.press("Ctrl+Shift+D")
        comment = window.report.form.fields["comment"]
        await person.sees("the comment written", lambda: isinstance(comment, QPlainTextEdit) and "removed" in comment.toPlainText())
        await person.picture_of_screen("report-of-a-difference")

    async def _shipment(self) -> None:
        person = self.person
        await self._open(CONTRADICTORY, "Ctrl+T")
        await person.picture_of_screen("history")
        await self._open(PARTIAL, "Ctrl+T")
        await person.picture_of_screen("history-long")
        await self._open(PARTIAL, "Ctrl+J")
        await person.picture_of_screen("all-fields")
        person.find(QLineEdit, "filterFields").setFocus()
        await person.type("temp")
        await asyncio.sleep(0.6)
        await person.picture_of_screen("all-fields-searched")
        await person.type("xyz")
        await asyncio.sleep(0.6)
        await person.picture_of_screen("all-fields-nothing")
        person.find(QLineEdit, "filterFields").clear()

    # The list

    async def _finding(self) -> None:
        person, window = self.person, self.window
        for text in ("hotell", "bergen 5003"):
            await person.press("Ctrl+F")
            await person.press("Ctrl+A")
            await person.type(text)
            await person.sees("finds", lambda: window.shipments.model.rowCount() > 0)
            await asyncio.sleep(0.3)
            await person.press("Return")
        await person.press("Ctrl+F")
        await person.picture_of_screen("find-results")
        await person.press("Ctrl+A")
        await person.type("nobody of that name")
        await person.sees("nothing", lambda: window.shipments.model.rowCount() == 0)
        await person.picture_of_screen("find-nothing")
        await person.press("Escape")
        await person.press("Down")
        await asyncio.sleep(0.4)
        await person.picture_of_screen("find-recent")
        await person.press("Escape")

    async def _views(self) -> None:
        person, window = self.person, self.window
        await person.press("Ctrl+2")
        await person.press("Ctrl+Shift+K")
        await asyncio.sleep(0.3)
        await person.type("Bergen today")
        place = person.find(QLineEdit, "viewPlace")
        place.setFocus()
        await person.type("5003")
        await asyncio.sleep(0.6)
        await person.picture_of_screen("own-view-being-made")
        await person.press("Return")
        await asyncio.sleep(0.6)
        await person.picture_of_screen("own-view")
        window.shipments.focus_list()

    async def _archives(self) -> None:
        self.window.passing.show_archives()
        await asyncio.sleep(0.8)
        await self.person.picture_of_screen("archives")
        await self.person.press("Escape")


async def _play(chosen: argparse.Namespace, data: Path, simulator: RunningSimulator, clock: WorldClock) -> int:
    gc.disable()  # as cli.py does; Session.get_going turns it on again
    session = await Session.open(data, Start(folder=data, scheme=chosen.scheme))
    try:
        session.window.resize(*SIZE)
        person = Hands(session.window, chosen.folder, Watchdog(session.window))
        problems = await Looking(session, person, simulator, clock).live()
        for problem in problems:
            print(f"Of the shots, this did not come: {problem}", file=sys.stderr)
        return 1 if problems else 0
    finally:
        await session.close()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("folder", type=Path)
    options.add_argument("--scheme", choices=("light", "dark"), default="light")
    options.add_argument("--scale", default="1", help="of the screen: 1.5 is 150 %%")
    chosen = options.parse_args()
    os.environ["QT_SCALE_FACTOR"] = chosen.scale
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for old in chosen.folder.glob("[0-9][0-9]-*.png"):
        old.unlink()
    app = QApplication(sys.argv[:1])
    style.apply(app, style.NAMED[chosen.scheme])
    clock = WorldClock()
    with tempfile.TemporaryDirectory() as place, RunningSimulator(world(clock), limit=100_000) as simulator:
        data = Path(place) / "data"
        data.mkdir()
        settings.save(data, settings.Settings(hold_seconds=0, made_by="Kari", desk="front"))
        return loop.run(app, _play(chosen, data, simulator, clock))


if __name__ == "__main__":
    raise SystemExit(main())
