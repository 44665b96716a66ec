"""The day itself, step by step, and the comparison with the ledger at its end."""

import asyncio
import contextlib
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox

from zendera_desk.desk import Desk
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import OPEN, Kind, State
from zendera_desk.domain.report import Draft
from zendera_desk.domain.views import Connection, Phase, View
from zendera_desk.gui.watchdog import Watchdog
from zendera_desk.gui.window import Window
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.tour import paper
from zendera_desk.tour.person import Person, TourFailed

ACCEPTED: Final = 6
VIEW_KEYS: Final = {View.TO_ACCEPT: "Ctrl+1", View.TO_REPORT: "Ctrl+2", View.NEEDS_ME: "Ctrl+3", View.ALL: "Ctrl+6"}
HOLD: Final = 12.0
"""Seconds: the hold of ten, and a little."""


class Session(Protocol):
    """What of the program the tour needs: app.Session."""

    desk: Desk
    window: Window

    async def open_account(self, simulator: RunningSimulator | None) -> None: ...
    async def close(self) -> None: ...


async def play(open_session: Callable[[], Awaitable[Session]], simulator: RunningSimulator, folder: Path, watchdog: Watchdog) -> int:
    """Plays the day into `folder`. Returns 0, or 1 when anything was not as it should be, and says what."""
    _clear(folder)
    day = Day(open_session, simulator, folder, watchdog)
    try:
        await day.live()
    except TourFailed as failed:
        with contextlib.suppress(RuntimeError):
            await day.person.picture("failed")
        return _end(day, folder, [str(failed)])
    finally:
        await day.end()
    return _end(day, folder, day.differences())


def _clear(folder: Path) -> None:
    """Screenshots of an earlier day would be mistaken for this one's."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("[0-9][0-9]-*.png"):
        old.unlink()


def _end(day: "Day", folder: Path, problems: list[str]) -> int:
    result = {
        "problems": problems,
        "screenshots": day.person.shots - 1,
        "longest_stall_ms": round(day.longest_stall.total_seconds() * 1000),
        "stalls_over_50_ms": day.stalls,
        "sends_in_ledger": len(day.simulator.ledger.applied()),
    }
    (folder / "tour.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(json.dumps(result), flush=True)
    for problem in problems:
        print(f"The tour failed: {problem}", file=sys.stderr)
    return 1 if problems else 0


class Day:
    """`done` is what the person decided, as the ledger must have it in the end."""

    def __init__(
        self, open_session: Callable[[], Awaitable[Session]], simulator: RunningSimulator, folder: Path, watchdog: Watchdog
    ) -> None:
        self.simulator = simulator
        self.done: Counter[tuple[int, str]] = Counter()
        self.longest_stall = timedelta()
        self.stalls = 0
        self.person: Person
        self._open_session = open_session
        self._folder = folder
        self._watchdog = watchdog
        self._session: Session | None = None
        self._pictures: dict[int, int] = {}

    @property
    def session(self) -> Session:
        if self._session is None:
            raise TourFailed("the program is not open")
        return self._session

    @property
    def window(self) -> Window:
        return self.session.window

    async def live(self) -> None:
        await self._start(shots=1)
        await self.person.picture("first-run")
        await self.session.open_account(self.simulator)
        await self._take_in()
        await self._accept_and_fail()
        await self._take_back_an_accept()
        await self._report_complete()
        await self._report_damage()
        await self._outage()
        await self._watch()
        await self._restart()
        await self._all_arrived()

    async def end(self) -> None:
        self._note_stalls()
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def _start(self, shots: int) -> None:
        self._session = await self._open_session()
        self.person = Person(self._session.window, self._folder, self._watchdog, shots)
        if shots == 1:
            self._session.window.show_account()
        await self.person.sees("the window", self._session.window.isVisible)
        self._session.window.activateWindow()
        self._watchdog.excuse()  # building the window is the start, measured by ./dev bench, and not a stall of it
        self._watchdog.reset()

    def _note_stalls(self) -> None:
        self.longest_stall = max(self.longest_stall, self._watchdog.longest)
        self.stalls += self._watchdog.count
        self._watchdog.reset()

    # The day

    async def _take_in(self) -> None:
        person, list_ = self.person, self.window.shipments
        await person.sees("the morning's shipments", lambda: list_.model.rowCount() >= 20)
        await person.sees("their rows", lambda: list_.model.line(list_.model.ids[0]) is not None)
        await person.picture("taken-in")
        await person.choose([list_.model.ids[1]])
        await person.sees("the open shipment", lambda: self.window.shipment.current == list_.model.ids[1])
        await person.picture("details")
        self.window.shipment.show_tab("fields")
        await person.picture("all-fields")
        self.window.shipment.show_tab("details")
        await person.press("Ctrl+K")
        await person.picture_of_screen("command-palette")
        await person.press("Escape")

    async def _accept_and_fail(self) -> None:
        person, list_ = self.person, self.window.shipments
        orders = list_.model.ids[:ACCEPTED]
        await person.choose(orders)
        await person.press("A")
        await person.sees("accepting", lambda: not set(orders) & set(list_.model.ids))
        self._decided(orders, "accept")
        await person.picture("accepted-held")
        await self._fail(self._doubtful())
        await person.sees("the accepts answered", lambda: len(self.simulator.ledger.applied(kind="accept")) >= ACCEPTED, HOLD + 10)
        await self._turn_to(View.ALL)
        await person.sees("accepted", lambda: all(self._phase(order) is Phase.ACCEPTED for order in orders))
        await person.picture("all-shipments")

    async def _fail(self, order: OrderId) -> None:
        person = self.person
        await person.choose([order])
        await person.press("F")
        await person.sees("the reason", self.window.shipments.fail_bar.isVisible)
        reason = person.find(QComboBox, "failureReason")
        await person.sees("the focus in the reason", reason.hasFocus)
        await person.press("Ctrl+A")
        await person.type("Unknown postal code")
        await person.picture("fail-with-a-reason")
        await person.press("Return")
        self._decided([order], "fail")
        await person.sees("the fail on its way", lambda: self._phase(order) is Phase.FAILED)

    async def _take_back_an_accept(self) -> None:
        person, list_ = self.person, self.window.shipments
        await self._turn_to(View.TO_ACCEPT)
        order = list_.model.ids[-1]
        await person.choose([order])
        await person.press("A")
        await person.sees("it gone from the view", lambda: order not in list_.model.ids)
        await person.press("Ctrl+Z")
        await person.sees("it back", lambda: order in list_.model.ids)
        await person.picture("accept-taken-back")

    async def _report_complete(self) -> None:
        person = self.person
        order = await self._to_report()
        await person.press("C")
        await person.sees("the form", self.window.report.form.isVisible)
        await person.sees("the time field", self.window.report.form.time.hasFocus)
        await person.press("Ctrl+Return")
        await person.picture("form-says-what-is-missing")
        shown = self._receiver(order)
        note = paper.consignment_note(order, shown, "Kari Nordmann", self.session.desk.now())
        await person.drop([self._photo(note, "consignment-note.jpg")], self.window.report.pane)
        await self._pictures_are(1)
        await person.type(self._time_ago(minutes=20), self.window.report.form.time)
        await person.press("Return")
        await person.type("Kari Nordmann", self.window.report.form.fields["signee"])
        await person.type("Left at the goods reception", self.window.report.form.fields["comment"])
        await person.paste(paper.damaged_pallet())
        await self._pictures_are(2)
        await person.picture("complete-with-two-pictures")
        typed = self._typed()
        await person.press("Ctrl+Return")
        await person.sees("it held", lambda: self._state(order) is State.HELD)
        await person.picture("report-held")
        await self._undo_brings_back(order, typed)
        await person.press("Ctrl+Return")
        self._decided([order], "report")
        self._pictures[order] = 2
        await person.sees(
            "it sent again", lambda: self._state(order) in {State.HELD, State.DUE, State.SENDING, State.SENT, State.CONFIRMED}
        )

    async def _undo_brings_back(self, order: OrderId, typed: Draft) -> None:
        person = self.person
        self.window.shipments.focus_list()
        await person.press("Ctrl+Z")
        await person.sees("the form back whole", lambda: self.window.shipment.current == order and self._typed() == typed)
        await person.picture("report-taken-back-whole")

    async def _report_damage(self) -> None:
        person = self.person
        order = await self._to_report()
        await person.press("D")
        await person.sees("the damage form", self.window.report.form.time.hasFocus)
        await person.type(self._time_ago(minutes=5))
        await person.type("One carton torn open, contents wet", self.window.report.form.fields["comment"])
        await person.drop([self._photo(paper.damaged_pallet(), "damage.png")], self.window.report.pane)
        await self._pictures_are(1)
        await person.picture("damage")
        await person.press("Ctrl+Return")
        self._decided([order], "report")
        self._pictures[order] = 1
        await person.sees("both reports arrived", lambda: len(self.simulator.ledger.applied(kind="report")) == 2, HOLD + 15)
        await self._turn_to(View.ALL)
        await person.sees("the exception", lambda: self._phase(order) is Phase.EXCEPTION)
        await person.choose([order])
        self.window.shipment.show_tab("history")
        await person.picture("history")

    async def _outage(self) -> None:
        person, list_ = self.person, self.window.shipments
        await self._turn_to(View.TO_ACCEPT, rows=2)
        await asyncio.to_thread(self.simulator.stop)
        orders = list_.model.ids[:2]
        await person.choose(orders)
        await person.press("A")
        self._decided(orders, "accept")
        await person.sees("offline", lambda: self._shown_connection() is Connection.OFFLINE, HOLD + 20)
        await person.sees("them waiting", lambda: self.window.shown_status.counts.get(State.DUE, 0) == len(orders), HOLD + 20)
        await person.press("Ctrl+O")
        await person.sees("the outbox", self.window.outbox.isVisible)
        await person.picture("offline-outbox")
        await asyncio.to_thread(self.simulator.start)
        await person.sees("online again", lambda: self._shown_connection() is Connection.ONLINE, 40)
        await person.sees("what waited gone out", lambda: {e.order_id for e in self.simulator.ledger.applied()} >= set(orders), 40)
        await person.picture("recovered-outbox")
        await person.press("Escape")

    async def _watch(self) -> None:
        person = self.person
        before = self.simulator.world.change_count()
        await person.sees("drivers at work", lambda: self.simulator.world.change_count() > before + 2, 60)
        self.session.desk.refresh()
        await self._turn_to(View.TO_REPORT)
        await person.picture("watching-the-feed")
        await person.press("Ctrl+Comma")
        await person.picture("preferences")
        await person.press("Escape")

    async def _restart(self) -> None:
        person = self.person
        order = await self._to_report()
        await person.press("N")
        await person.sees("the form", self.window.report.form.time.hasFocus)
        await person.type("Nobody there, called twice", self.window.report.form.fields["comment"])
        typed = self._typed()
        before = await self.session.desk.shipment_ids(View.ALL)
        self._note_stalls()
        await self.session.close()
        await self._start(shots=person.shots)
        await self.session.open_account(self.simulator)
        person = self.person
        after = await self.session.desk.shipment_ids(View.ALL)
        if not set(before) <= set(after):
            raise TourFailed("shipments are missing after the restart")
        await self._turn_to(View.NEEDS_ME)
        await person.sees("the draft in Needs me", lambda: order in self.window.shipments.model.ids)
        await person.choose([order])
        self.window.shipment.show_tab("report")
        await person.sees("the draft as it was typed", lambda: self._typed() == typed)
        await person.picture("restarted-with-everything")

    async def _all_arrived(self) -> None:
        """Everything that was decided has left, and nothing is open but what a person must do."""
        self.session.desk.refresh()
        await self.person.sees("everything arrived", self._is_all_there, 60)
        open_now = [line.entry for line in await self.session.desk.outbox() if line.entry.state in OPEN]
        if open_now:
            raise TourFailed(f"{len(open_now)} entries are still open: {[(each.order_id, each.state) for each in open_now]}")
        await self._turn_to(View.ALL)
        await self.person.picture("end-of-the-day")

    # Comparing

    def differences(self) -> list[str]:
        """What the ledger has that the person did not do, or has not that he did."""
        arrived = Counter((applied.order_id, applied.kind) for applied in self.simulator.ledger.applied())
        problems = [f"in the ledger {n} times too often: {key}" for key, n in (arrived - self.done).items()]
        problems += [f"missing in the ledger: {key}" for key in (self.done - arrived)]
        problems += ["the ledger has a doubled send"] if self.simulator.ledger.doubled() else []
        for applied in self.simulator.ledger.applied(kind="report"):
            body = json.loads(applied.body)
            info = body.get("completeInfo", {}).get("pod") or body.get("damageInfo") or {}
            if len(info.get("pictures", [])) != self._pictures.get(applied.order_id, 0):
                problems.append(f"report of {applied.order_id} has {len(info.get('pictures', []))} pictures")
        return problems

    def _is_all_there(self) -> bool:
        return sum(self.done.values()) <= len(self.simulator.ledger.applied())

    def _decided(self, orders: Sequence[OrderId], kind: str) -> None:
        self.done.update((order, kind) for order in orders)

    def _photo(self, image: QImage, name: str) -> Path:
        """A file as a driver's phone sends it."""
        path = self._folder / name
        image.save(str(path))
        self._watchdog.excuse()
        return path

    # Looking

    async def _turn_to(self, view: View, rows: int = 1) -> None:
        """By its key, and until its rows are there: those of the view before stay to be seen for a moment."""
        model = self.window.shipments.model
        await self.person.press(VIEW_KEYS[view])
        await self.person.sees(f"the view {view}", lambda: model.view is view and model.loaded and model.rowCount() >= rows)

    async def _to_report(self) -> OrderId:
        """Goes to "To report" and chooses the first shipment that nobody has begun with."""
        await self._turn_to(View.TO_REPORT)
        await self.person.sees("one to be reported", self._untouched)
        order = self._untouched()[0]
        await self.person.choose([order])
        await self.person.sees("it open", lambda: self.window.shipment.current == order)
        return order

    def _untouched(self) -> list[OrderId]:
        """Those in sight without a draft or a report: one reported a moment ago stays in the list until that was read."""
        model = self.window.shipments.model
        lines = [line for order in model.ids if (line := model.line(order)) is not None]
        return [line.order_id for line in lines if not line.has_draft and line.entry_kind is not Kind.REPORT]

    async def _pictures_are(self, number: int) -> None:
        await self.person.sees(f"{number} pictures", lambda: len(self.window.report.draft().pictures) == number)

    def _typed(self) -> Draft:
        return self.window.report.draft()

    def _doubtful(self) -> OrderId:
        """A shipment whose postcode is not one, as a person sees it in the list."""
        model = self.window.shipments.model
        lines = [line for order in model.ids if (line := model.line(order)) is not None]
        doubtful = [line for line in lines if len(line.delivery_postal_code.replace(" ", "")) not in {3, 4, 5}]
        return (doubtful or lines)[0].order_id

    def _phase(self, order: OrderId) -> Phase | None:
        line = self.window.shipments.model.line(order)
        return None if line is None else line.phase

    def _state(self, order: OrderId) -> State | None:
        line = self.window.shipments.model.line(order)
        return None if line is None else line.entry_state

    def _receiver(self, order: OrderId) -> str:
        line = self.window.shipments.model.line(order)
        return "" if line is None else line.delivery_name

    def _shown_connection(self) -> Connection:
        return self.window.shown_status.connection

    def _time_ago(self, minutes: int) -> str:
        """A time of today as a person types it; never before midnight."""
        now = self.session.desk.now().astimezone(self.session.desk.zone)
        then = now - timedelta(minutes=minutes)
        return f"{then:%H%M}" if then.date() == now.date() else "t"
