"""Days of work in virtual time with the real window: `python -m prove.soak_child SEED DAYS SCALE WRONG`; one line of JSON an evening.

What runs is the program: the window on Qt's offscreen platform, the desk, its engine, the store, the client. The loop is that of
the simulated days (virtual.py), and in the place where it would wait Qt has its turn, outside of any coroutine: events are
delivered, what is to be painted is painted. A timer of the program's own is a QTimer whose time is the same virtual one; what Qt
times inside (a blinking caret, a tool tip) goes by the real clock. What belongs to threads runs in place.

`SCALE` is the share of a whole day's work and hours. The first day warms up: caches, views that are built when they are asked for.
"""

import asyncio
import io
import json
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
from PySide6.QtWidgets import QApplication, QWidget

from prove.days import quiet
from prove.qtclock import CLOCKWORK
from prove.soak_counts import measured
from prove.soak_wrong import go_wrong
from prove.virtual import INSTANT, VirtualLoop
from zendera_desk import app as program
from zendera_desk.api.client import ZenderaClient
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.limits import Limits
from zendera_desk.domain.outbox import Decision, State
from zendera_desk.domain.report import Status
from zendera_desk.domain.views import View
from zendera_desk.gui import painted, style
from zendera_desk.gui.window import Window
from zendera_desk.settings import Settings
from zendera_desk.simulator.answers import Ending, Request
from zendera_desk.simulator.faults import Kind
from zendera_desk.simulator.server import Simulator
from zendera_desk.simulator.world import Tempo, World

SHIPMENTS: Final = 300
HOURS: Final = 4.0
"""At the desk. Then the machine sleeps until the next morning."""
DAY: Final = 24 * 3600.0
HISTORY: Final = 5_200
"""Changes in the feed before the first day: the window holds the newest 5,000, and is full from the beginning."""
_NOTHING: Final[dict[str, Any]] = {}


class _QtsTurn:
    """In the place of a selector: where asyncio would wait, Qt has its turn, and then time goes on to whatever comes next."""

    def __init__(self, loop: VirtualLoop, application: QApplication, moved: Callable[[], None]) -> None:
        self._loop, self._application, self._moved = loop, application, moved
        self.busy = 0

    def select(self, timeout: float | None) -> list[object]:
        self._application.processEvents()
        if self._loop._ready:  # type: ignore[attr-defined]  # asyncio's own: what Qt's events have made ready
            CLOCKWORK.time.seconds += INSTANT
            self.busy += 1
            return []
        rings_at = CLOCKWORK.next_at()
        waits = [wait for wait in (timeout, None if rings_at is None else rings_at - CLOCKWORK.time.seconds) if wait is not None]
        if not waits:
            raise RuntimeError("nothing will ever happen again")
        self.busy = 0
        CLOCKWORK.time.seconds += max(min(waits), INSTANT)
        self._moved()
        CLOCKWORK.ring()
        return []


class _Wire(httpx.AsyncBaseTransport):
    """In process; as slow as a good line."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = Request(
            method=request.method,
            path=request.url.path,
            query=dict(request.url.params),
            headers=tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in request.headers.raw),
            body=await request.aread(),
        )
        await asyncio.sleep(0.05)
        answer = self._simulator.answer(asked)
        await asyncio.sleep(0.05 + answer.wait)
        if answer.ending is Ending.UNANSWERED:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        return httpx.Response(answer.status, headers=list(answer.headers), stream=_Body(answer.body))


class _Body(httpx.AsyncByteStream):
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._body


class Complaints(logging.Handler):
    """What the log says above INFO; and what nobody caught."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record)[-500:])


class Office:
    """A person's days at one desk."""

    def __init__(self, seed: int, scale: float, folder: Path) -> None:
        self._rng = random.Random(f"{seed} soak")
        self._scale = scale
        self.folder = folder
        tempo = Tempo(shipments_every=None, drivers_every=120.0, correction_after=90.0)
        self._world = World(seed, clock=CLOCKWORK.time.true, shipments=0, tempo=tempo, history=HISTORY)
        self._simulator = Simulator(self._world, limit=1000)
        self._left_open: OrderId | None = None
        self.session: program.Session

    @property
    def window(self) -> Window:
        return self.session.window

    def moved(self) -> None:
        self._world.advance()

    async def open(self) -> None:
        async def open_client(base_url: str, key: str, on_limits: Callable[[Limits], None]) -> ZenderaClient:
            return await ZenderaClient.open(base_url, key, on_limits=on_limits, transport=_Wire(self._simulator))

        settings = Settings(made_by="Kari", desk="front", certainty="auto")
        zone, keys = ZoneInfo("Europe/Oslo"), Keys(find=lambda: ())
        desk = await Desk.open(self.folder, settings, zone=zone, keys=keys, clock=CLOCKWORK.time, open_client=open_client, by_hand=True)
        self.session = program.Session(desk, program.Start(scheme="light"))
        self.session._supervisor.spawn(painted.show(self.window), "show the window")
        await desk.open_passing_account("Nordlys", "https://zendera.invalid/api/", self._simulator.key)
        self.window.show_account()
        await painted.first_paint(self.window)
        await self.session.get_going()

    def some(self, number: float) -> int:
        """So many in a whole day."""
        return max(1, round(number * self._scale))

    # A day

    async def day(self) -> None:
        began = CLOCKWORK.time.elapsed
        self._world.add_shipments(self.some(SHIPMENTS))
        self.session.desk.refresh()
        await asyncio.sleep(20)
        await self._look_around()
        await self._accept_and_fail()
        await self._report()
        await self._draft()
        await self._trouble()
        await self._decide()
        await asyncio.sleep(max(0.0, began + HOURS * 3600 * self._scale - CLOCKWORK.time.elapsed))
        await self._decide()
        await self._leave_as_every_evening()

    async def _leave_as_every_evening(self) -> None:
        """What is counted then shall not hang on what happened to be open: each field that a shipment has is a widget or more."""
        window = self.window
        window._show_view(View.ALL)
        await asyncio.sleep(2)
        if self._left_open is None:
            self._left_open = window.shipments.model.ids[0]
        window._open(self._left_open)
        window.shipment.show_tab("details")
        await asyncio.sleep(90)

    async def night(self) -> None:
        """The machine sleeps; Zendera forgets what it was told, so that what grows is the program."""
        CLOCKWORK.time.sleep(DAY - HOURS * 3600 * self._scale)
        self._forget()
        await asyncio.sleep(60)

    def _forget(self) -> None:
        world, ledger = self._world, self._simulator.ledger
        for order in list(world.orders):
            if order not in world._waiting:
                world._under_way.pop(order, None)
                del world.orders[order]
        ledger._applied.clear()
        ledger._seen.clear()
        old = max(0, len(world._changes) - 2000)
        world._changes[:old], world._change_times[:old] = [_NOTHING] * old, [0] * old

    async def _look_around(self) -> None:
        window, list_ = self.window, self.window.shipments
        for view in View:
            window._show_view(view)
            await asyncio.sleep(1)
        for order in list_.model.ids[: self.some(40)]:
            window._open(order)
            for tab in ("details", "report", "colli", "history", "fields"):
                window.shipment.show_tab(tab)
                await asyncio.sleep(0.3)
        window.shipment.show_tab("details")
        for text in ("Oslo", "0150", "no such thing", ""):
            list_.focus_find()
            window.findChild(QWidget, "find").setText(text)  # type: ignore[union-attr]
            await asyncio.sleep(1)
        for _ in range(self.some(6)):
            window.passing.show_preferences()
            await asyncio.sleep(1)
            window.show_outbox()
            await asyncio.sleep(1)
            window._ask_command()
            await asyncio.sleep(0.5)
            window.command_palette.close()
            window.show_work()
            await asyncio.sleep(0.5)

    async def _accept_and_fail(self) -> None:
        window = self.window
        window._show_view(View.TO_ACCEPT)
        await asyncio.sleep(1)
        waiting = list(window.shipments.model.ids)
        failing = self.some(5)
        for order in waiting[:failing]:
            window.shipments.fail_asked.emit([order], "Unknown postal code", False)
            await asyncio.sleep(2)
        for start in range(failing, len(waiting), 50):
            window.shipments.accept_asked.emit(waiting[start : start + 50])
            await asyncio.sleep(3)
            if start == failing:
                window.wishes.undo()
                await asyncio.sleep(1)
                window.shipments.accept_asked.emit(waiting[start : start + 50])
        await asyncio.sleep(130)  # Zendera's dispatchers correct what was failed
        window._show_view(View.TO_ACCEPT)
        await asyncio.sleep(2)
        window.shipments.accept_asked.emit(list(window.shipments.model.ids))
        await asyncio.sleep(30)

    async def _report(self) -> None:
        window = self.window
        window._show_view(View.TO_REPORT)
        await asyncio.sleep(2)
        for place, order in enumerate(list(window.shipments.model.ids)[: self.some(60)]):
            await self._fill_in(order, Status.OTHER if place % 3 else Status.COMPLETE)
            if place % 10 == 0:
                window.report.pane.given.emit([_photo(place)])
                await asyncio.sleep(2)
            window.report.bar.send.click()
            await asyncio.sleep(3)
            if place % 7 == 0:
                window.wishes.undo()
                await asyncio.sleep(2)
                window.report.bar.send.click()
                await asyncio.sleep(1)
        await asyncio.sleep(60)

    async def _fill_in(self, order: OrderId, status: Status) -> None:
        window = self.window
        window.shipments.report_asked.emit(order, status)
        await asyncio.sleep(1)
        now = self.session.desk.now().astimezone(self.session.desk.zone)
        form = window.report.form
        form.time.setText(f"{now:%d.%m.%y %H:%M}")
        form.comment.setPlainText(f"Left at the gate {self._rng.random():.3f}")
        form.texts["signee"].setText("Ola Nordmann")
        await asyncio.sleep(1)

    async def _draft(self) -> None:
        """Typed, left, and later thrown away, so that drafts do not pile up."""
        window = self.window
        window._show_view(View.ALL)
        await asyncio.sleep(1)
        for order in list(window.shipments.model.ids)[: self.some(10)]:
            await self._fill_in(order, Status.DAMAGE)
            await asyncio.sleep(2)
            window.report.bar.discard.click()
            await asyncio.sleep(1)

    async def _trouble(self) -> None:
        """Answers that are lost, a limit, and a line that is down for some minutes."""
        faults, window = self._simulator.faults, self.window
        window._show_view(View.TO_REPORT)
        await asyncio.sleep(2)
        for order, kind in zip(
            list(window.shipments.model.ids), (Kind.APPLY_CLOSE, Kind.APPLY_ERROR, Kind.CLOSE, Kind.TRUNCATED), strict=False
        ):
            faults.add(kind, "update", times=1)
            await self._fill_in(order, Status.OTHER)
            window.report.bar.send.click()
            await asyncio.sleep(15)
        faults.add(Kind.LIMIT, times=1, seconds=60)
        await asyncio.sleep(70)
        faults.outage = True
        await asyncio.sleep(120)
        faults.outage = False
        await asyncio.sleep(400)

    async def _decide(self) -> None:
        """What needs a person gets one."""
        desk = self.session.desk
        for line in await desk.outbox(500):
            if line.entry.state is State.NEEDS_PERSON:
                self.window.outbox.decide_asked.emit(line.entry.id, Decision.ARRIVED)
            elif line.entry.state is State.REFUSED:
                self.window.outbox.drop_asked.emit(line.entry.id)
        await asyncio.sleep(30)


def _photo(number: int) -> bytes:
    from PIL import Image  # noqa: PLC0415 (as the program: not before it is needed)

    made = io.BytesIO()
    Image.effect_noise((320, 240), 30 + number % 5).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def main(arguments: Sequence[str]) -> int:
    seed, days, scale, wrong = int(arguments[0]), int(arguments[1]), float(arguments[2]), arguments[3]
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication(["zendera-desk"])
    application.setQuitOnLastWindowClosed(False)
    style.apply(application, style.LIGHT)
    complaints = Complaints()
    logging.getLogger().addHandler(complaints)
    sys.excepthook = lambda _kind, error, _trace: complaints.said.append(repr(error))
    if wrong:
        go_wrong(wrong)
    with tempfile.TemporaryDirectory(prefix="zendera-soak-") as folder, quiet():
        logging.getLogger("zendera_desk").setLevel(logging.WARNING)
        office = Office(seed, scale, Path(folder))
        loop = VirtualLoop(CLOCKWORK.time, office.moved)
        loop._selector = _QtsTurn(loop, application, office.moved)  # type: ignore[assignment]
        asyncio.set_event_loop(loop)
        loop.run_until_complete(office.open())
        for day in range(days + 1):
            began = time.monotonic()
            loop.run_until_complete(office.day())
            facts = measured(loop, office.folder) | {
                "day": day,
                "seconds_ms": round(1000 * (time.monotonic() - began)),
                "spins": loop.spins,
            }
            sys.stdout.write(json.dumps(facts | {"complaints": complaints.said[:3]}) + "\n")
            sys.stdout.flush()
            complaints.said.clear()
            loop.run_until_complete(office.night())
        loop.run_until_complete(office.session.close())
        loop.bury()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
