"""The product feed and what hangs on it, in the real window on the real simulator, as numbered screenshots: `./dev shots feed DIR`.

The feed catching up, stopped, following, filtered, paused with its chip, with its day ruler, with a gap, with what cannot be read and
blocked; boards that agree, that are half done and that contradict; the report that one key begins of a difference; history, all fields,
Find, views of one's own, columns, archives and the window that an archive is read in. All of it is done by keys, so it also tells whether
keys are enough. Whoever changes one of these pages looks at them.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPlainTextEdit, QPushButton, QTableWidget, QWidget

from support.day import HandClock
from support.drivers import CONTRADICTORY, IN_ORDER, PARTIAL, UNTOLD, WorldClock, world
from support.shots import options, run, seated
from unit.engine import archive_office
from zendera_desk.app import Session
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.tailing import FeedUnreadable
from zendera_desk.domain.views import FeedCursor, Phase, View, Written
from zendera_desk.engine.clock import SystemClock
from zendera_desk.engine.supervise import Supervisor
from zendera_desk.gui.archive.window import ArchiveWindow
from zendera_desk.gui.feed.following import Search
from zendera_desk.gui.feed.model import LINE
from zendera_desk.gui.watchdog import Watchdog
from zendera_desk.reading import ArchiveDesk
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.tour.person import Person, TourFailed

PATIENCE: Final = 20.0


class Hands(Person):
    """Keys go to the menu that is open, if there is one."""

    def _focus(self) -> QWidget:
        return QApplication.activePopupWidget() or super()._focus()

    async def picture_of(self, window: QWidget, name: str) -> None:
        await asyncio.sleep(0.6)
        self._save(window.grab().toImage(), name)


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
            *(self._finding, self._views, self._columns, self._unreadable, self._blocked, self._archives),
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
        await self._to_the_feed()
        await person.press("Home")
        for _page in range(8):
            if not self._midnight_in_sight():
                await person.press("PageDown")
        await person.picture_of_screen("feed-days")
        await person.press("End")
        field.setFocus()
        await person.press("Ctrl+A")
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

    def _midnight_in_sight(self) -> bool:
        table = self.window.feed._table
        seen = range(max(1, table.rowAt(0)), table.rowAt(table.viewport().height() - 1))
        return any(isinstance(table.model().index(row, 0).data(LINE), date) for row in seen)

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

    async def _unreadable(self) -> None:
        person, table = self.person, self.window.feed._table
        self.simulator.faults.add(Fault.BROKEN_ROWS, endpoint=Endpoint.FEED, times=1)
        for place in range(4):
            self.simulator.world.move(PARTIAL, place, "DELIVERY", "PENDING")
        await self._read_all()
        await self._to_the_feed()
        await person.press("End")
        await person.sees("it in words", lambda: "unreadable" in self.window.feed._cursor._said.words, PATIENCE)
        model = table.model()
        mark = next(row for row in range(model.rowCount()) if isinstance(model.index(row, 0).data(LINE), FeedUnreadable))
        table.customContextMenuRequested.emit(table.visualRect(model.index(mark, 0)).center())
        await person.picture_of_screen("feed-unreadable")
        await person.press("Escape")

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
        for _step in ("what was looked for goes", "back to the list"):
            await person.press("Escape")
        await person.press("Ctrl+4")
        model = window.shipments.model
        await person.sees("the differences", lambda: model.loaded and model.view is View.DIFFERENCES and model.rowCount() > 0)
        await person.press("Home")
        await person.sees("the first of them", lambda: window.shipment.current == model.order_at(0))
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
        await person.sees("recent searches", lambda: isinstance(QApplication.activePopupWidget(), QMenu))
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

    async def _columns(self) -> None:
        person = self.person
        await person.press("Ctrl+2")
        await person.press("Home")
        for _time in range(3):
            await person.press("Shift+Down")
        await asyncio.sleep(0.4)
        await person.picture_of_screen("selection-added-up")
        await person.press("Ctrl+Shift+L")
        menu = QApplication.activePopupWidget()
        while isinstance(menu, QMenu) and menu.activeAction().text() != "Move and size":
            await person.press("Up")
        for key in ("Right", "Down", "Down", "Right"):
            await person.press(key)
        for key in ("Return", "Down", "Return", "Return"):
            await person.press(key)
        await person.picture_of_screen("columns-arranged")
        for _menu in range(3):
            await person.press("Escape")

    async def _archives(self) -> None:
        person, desk = self.person, self.session.desk
        self.window.passing.show_archives()
        await asyncio.sleep(0.8)
        await person.picture_of_screen("archives-none")
        await person.press("Escape")
        made = await self._archive()
        archives = desk.folder / "archives"
        archives.mkdir(exist_ok=True)
        (archives / made.name).write_bytes(made.read_bytes())
        year = made.name[made.name.index("20") :][:4]
        (archives / made.name.replace(year, str(int(year) - 1), 1)).write_bytes(made.read_bytes()[:5_000])
        self.window.passing.show_archives()
        table = person.find(QTableWidget, "archivesTable")
        await person.sees("both", lambda: table.rowCount() == 2)
        table.setFocus()
        await person.press("Down")
        await person.picture_of_screen("archives")
        await person.press("Escape")
        await person.press("Ctrl+F")
        await person.press("Ctrl+A")
        await person.type("nobody of that name")
        await person.sees("the way to the archives", lambda: self.window.shipments._empty.findChild(QPushButton) is not None)
        await person.picture_of_screen("find-nothing-but-archives")
        await person.press("Escape")
        await self._in_an_archive(made)

    async def _archive(self) -> Path:
        """Of another office, which is older than this one."""
        folder, clock = self.session.desk.folder.parent / "older", HandClock()
        folder.mkdir()
        await asyncio.to_thread(archive_office.fill, folder, clock)
        office = archive_office.Office(folder, clock)
        async with office.program() as program:
            await program.make(archive_office.ACCOUNT, clock.now() - archive_office.SINCE, made_by="Kari", desk="front")
        return office.archive

    async def _in_an_archive(self, path: Path) -> None:
        desk = self.session.desk
        archive = await ArchiveDesk.open_archive(path, desk.settings, zone=desk.zone)
        supervisor = Supervisor(SystemClock(), archive.changes)
        window = ArchiveWindow(archive, supervisor.spawn)
        window.show()
        await window.read_counts()
        await self.person.sees("what it has", lambda: window.shipments.model.rowCount() > 0)
        window._show(OrderId(7))
        window.shipment.go_to("colli")
        await self.person.picture_of(window, "archive-window")
        window.close()
        await supervisor.close()
        await archive.close()
        window.deleteLater()


async def _play(chosen: argparse.Namespace, clock: WorldClock, data: Path, simulator: RunningSimulator) -> int:
    async with seated(chosen, data) as session:
        person = Hands(session.window, chosen.folder, Watchdog(session.window))
        problems = await Looking(session, person, simulator, clock).live()
    for problem in problems:
        print(f"Of the shots, this did not come: {problem}", file=sys.stderr)
    return 1 if problems else 0


def main() -> int:
    chosen, clock = options(__doc__), WorldClock()
    return run(chosen, RunningSimulator(world(clock), limit=100_000), partial(_play, chosen, clock))


if __name__ == "__main__":
    raise SystemExit(main())
