"""A stack of forty pages keyed in the real window, as numbered screenshots: `./dev shots paper DIR`.

A person's keys and nothing else, from the scan to the outbox: the stack dropped and read, one document parted from another, a page
turned, one assigned by typing; then the lane, document after document. `index.md` beside the pictures names the keys that led from
each to the next. Whoever changes the paper page, the lane or the form looks at them.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final

from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from support import office
from support.notes import Facts, facts, pdf, separator
from support.shots import options, run, seated
from zendera_desk.app import Session
from zendera_desk.domain.ids import OrderId, PageId
from zendera_desk.domain.paper import Document, Page, PageState, documents
from zendera_desk.domain.report import Status
from zendera_desk.gui.paper.course import Step
from zendera_desk.gui.paper.lane import Lane
from zendera_desk.gui.paper.page import PaperPage
from zendera_desk.gui.watchdog import Watchdog
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.tour.person import Person, TourFailed

PAGES: Final = 40
FIRST: Final = 300
"""Seed of the first note."""
LOST: Final = FIRST + 11
"""Its shipment never came to this desk."""
HIDDEN: Final = FIRST + 17
"""Its barcode was torn off: it lies behind another document, until a person says whose it is."""
ASKEW: Final = FIRST + 4
"""It went through the scanner upside down."""
DAMAGED: Final = FIRST + 6
SEPARATOR_AT: Final = 10
HOLD: Final = 10
READING: Final = 120.0


class Recorder(Person):
    """Writes down which keys were pressed between two pictures."""

    def __init__(self, session: Session, folder: Path) -> None:
        super().__init__(session.window, folder, Watchdog(session.window))
        self._keys: list[str] = []
        self._story = [f"# A stack of {PAGES} pages, keyed", ""]
        self.pressed = 0

    async def press(self, keys: str) -> None:
        self._note(keys.replace("Return", "Enter"))
        await super().press(keys)

    async def type(self, text: str, into: QWidget | None = None) -> None:
        if into is not None:
            await self.click(into)
        self._note(f"“{text}”")
        self.pressed += len(text) - 1
        for letter in text:
            if letter.isascii():
                await super().type(letter)
            else:  # QTest ends the program at letters that it has no key for
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    QApplication.sendEvent(self._focus(), QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))

    async def look(self, name: str, caption: str) -> None:
        """A picture, and what led to it."""
        number = self.shots
        await self.picture_of_screen(name)
        told = f"Keys: {' · '.join(_counted(self._keys))}. " if self._keys else ""
        self._story += [f"## {number:03}", "", f"{told}{caption}", "", f"![{caption}]({number:03}-{name}.png)", ""]
        self._keys = []
        (self._folder / "index.md").write_text("\n".join(self._story), "utf-8")

    def say(self, words: str) -> None:
        """What a hand did without keys."""
        self._keys.append(words)

    def _note(self, key: str) -> None:
        self._keys.append(key)
        self.pressed += 1

    def _save(self, image: QImage, name: str) -> None:
        image.save(str(self._folder / f"{self.shots:03}-{name}.png"))
        self.shots += 1


def _counted(keys: Sequence[str]) -> list[str]:
    runs = [(key, len(list(run))) for key, run in groupby(keys)]
    return [key if times == 1 else f"{key} ×{times}" for key, times in runs]


# The stack


def notes() -> list[Facts]:
    return [facts(seed) for seed in dict.fromkeys(seed for seed, _coded in office.leaves(PAGES, FIRST))]


def scanned() -> list[Image.Image]:
    """As it comes out of the scanner: a separator somewhere, one page the wrong way up, one without its barcode."""
    made = []
    for seed, coded in office.leaves(PAGES - 1, FIRST):
        page = office.page(seed, coded=coded and seed != HIDDEN)
        made.append(page.transpose(Image.Transpose.ROTATE_180) if seed == ASKEW and coded else page)
    made.insert(SEPARATOR_AT, separator(dpi=office.DPI))
    return made


# The person


class Keying:
    def __init__(self, session: Session, person: Recorder, stack: Path) -> None:
        self.session, self.person, self._stack = session, person, stack
        self._notes = {OrderId(note.order_id): note for note in notes()}

    @property
    def page(self) -> PaperPage:
        return self.session.window.paper.page

    @property
    def lane(self) -> Lane:
        return self.session.window.paper.lane

    async def live(self) -> None:
        await self._begin()
        await self._take_in()
        await self._part_and_assign()
        await self._part_stranger()
        await self._turn()
        await self._key_all()
        await self._end()

    async def _begin(self) -> None:
        self.session.window.shipments.focus_list()
        await self.person.sees("the window in front", QApplication.focusWidget)
        await self.person.press("Ctrl+2")
        await self.person.sees("the shipments", lambda: self.session.window.shipments.model.rowCount() > 0)
        await self.person.look("list", "The morning's shipments are on their way; the drivers come back with paper.")
        await self.person.press("Ctrl+P")
        await self.person.sees("the paper page", self.page.isVisible)
        await self.person.look("paper-empty", "Nothing waits.")

    async def _take_in(self) -> None:
        person, page = self.person, self.page
        await person.drop([self._stack], page)
        person.say(f"{self._stack.name} is dropped")
        await person.sees("some pages read", lambda: self._count(PageState.READ) >= 8, READING)
        await person.look("being-read", "The stack is read, two pages at a time; what is read can be worked with.")
        await person.sees("all pages read", lambda: self._count(PageState.WAITING) == 0 and self._count(PageState.READ) > 0, READING)
        await person.look("read", "All is read, and has fallen into documents by the codes on it.")

    async def _part_and_assign(self) -> None:
        """The page whose barcode is torn off lies behind a stranger's document."""
        person, note = self.person, facts(HIDDEN)
        hidden = self._pages()[_place_of(HIDDEN)].id
        await self._go_to(hidden)
        await person.look("torn-off", "This page has no code, so it follows the one before; but it is another consignment's.")
        await person.press("S")
        await person.sees("it parted", lambda: self._document_of(hidden).pages[0].id == hidden)
        await person.look("parted", "It starts a document of its own now.")
        await person.type(note.order_number[-6:])
        await person.sees("one find", lambda: self.page.side.picker.only_one)
        await person.look("assigning", "The number on the paper is typed; what it finds stands under it.")
        await person.press("Return")
        await person.sees("it assigned", lambda: self._document_of(hidden).order_id == note.order_id)
        await person.look("assigned", "It belongs to its shipment, and the next one that has none is chosen.")

    async def _part_stranger(self) -> None:
        """What no shipment here has on its code does not belong to the one before either."""
        lost = self._pages()[_place_of(LOST)].id
        await self._go_to(lost)
        await self.person.look("stranger", "This one has a code, but no shipment here has that number.")
        if self._document_of(lost).pages[0].id != lost:
            await self.person.press("S")
            await self.person.sees("it parted", lambda: self._document_of(lost).pages[0].id == lost)
            await self.person.look("stranger-parted", "It waits by itself, until its shipment arrives.")

    async def _turn(self) -> None:
        person = self.person
        page = self._pages()[_place_of(ASKEW)].id
        await self._go_to(page)
        await person.look("upside-down", "One went through the scanner upside down; its code was read all the same.")
        for degrees in (90, 180):
            await person.press("R")
            await person.sees("it turned", lambda degrees=degrees: self._page_of(page).edits.turn == degrees)
        await person.look("turned", "Two quarters to the right.")

    async def _key_all(self) -> None:
        person = self.person
        await person.press("Ctrl+Return")
        await person.sees("the lane", self.lane.isVisible)
        pressed = person.pressed
        keyed = 0
        while (step := self.lane._course.now) is not None:
            if step.order_id is None:
                await self._skip_stranger(step)
            else:
                await self._key(step, step.order_id, keyed)
                keyed += 1
            await person.sees("the next one", lambda step=step: self.lane._course.now is not step)
        print(f"{keyed} documents keyed with {person.pressed - pressed} keys", flush=True)

    async def _skip_stranger(self, step: Step) -> None:
        person = self.person
        await person.sees("the question", self.lane.asking.isVisible)
        await person.look("no-match", "No shipment here has this number: it can be typed, put aside, or left for later.")
        await person.press("Ctrl+Right")

    async def _key(self, step: Step, order: OrderId, keyed: int) -> None:
        person, form, note = self.person, self.lane.report.form, self._notes[order]
        await person.sees("its form", lambda: self._is_open(order))
        await person.sees("the caret in the time", form.time.hasFocus)
        shown = keyed < 3
        if shown:
            await person.look(f"document-{keyed + 1}", "Its paper left, its form right, the caret in the first empty field.")
        if order == facts(DAMAGED).order_id:
            await self._damage()
            return
        await person.type(self._time_ago(minutes=20 + keyed))
        await person.press("Return")
        await person.type(note.signee)
        if shown:
            await person.look(f"document-{keyed + 1}-typed", "The time and the name from the paper.")
        await person.press("Ctrl+Return")

    async def _damage(self) -> None:
        person, report = self.person, self.lane.report
        await person.look("damaged", "Somebody wrote on this one that a carton came wet.")
        await self._tab_to(report.status.isAncestorOf, "Shift+Tab")
        damage = report.status.buttons()[list(Status).index(Status.DAMAGE)]
        while not damage.isChecked():  # each arrow chooses; which chip Shift+Tab comes to first is the system's
            before = QApplication.focusWidget()
            await person.press("Left")
            if QApplication.focusWidget() is before:
                person.say("a click on Damage")
                await person.click(damage)
        await person.look("damaged-status", "Damage instead of Complete.")
        await self._tab_to(lambda focused: focused is report.form.time, "Tab")
        await person.type(self._time_ago(minutes=15))
        await self._tab_to(lambda focused: focused is report.form.comment, "Tab")
        await person.type("One carton wet, contents stained; receiver keeps it")
        await person.look("damaged-typed", "What is damaged is said in words; the page is its picture.")
        await person.press("Ctrl+Return")

    async def _end(self) -> None:
        person = self.person
        await person.sees("the summary", self.lane.summary.isVisible)
        await person.look("summary", "The last one ends calmly.")
        await person.press("Ctrl+O")
        await person.sees("the outbox", self.session.window.outbox.isVisible)
        await person.look("outbox", "All of it is in the outbox; the last ones are still held.")
        await person.press("Ctrl+P")
        await person.sees("the paper page", self.page.isVisible)
        await person.look("paper-afterwards", "What had no shipment still waits here.")

    # Eyes

    def _pages(self) -> list[Page]:
        return [page for stack in self.page._stacks for page in stack.pages]

    def _count(self, state: PageState) -> int:
        return sum(page.state is state for page in self._pages())

    def _page_of(self, page: PageId) -> Page:
        return next(each for each in self._pages() if each.id == page)

    def _document_of(self, page: PageId) -> Document:
        found = [document for stack in self.page._stacks for document in documents(stack.pages)]
        return next(document for document in found if any(each.id == page for each in document.pages))

    async def _go_to(self, page: PageId) -> None:
        """By the arrows, as there is no other way without a mouse."""
        places = {each.id: place for place, each in enumerate(self._pages())}
        self.page.strip.setFocus()
        while (current := self.page.strip.current()) is not None and current.page.id != page:
            await self.person.press("Right" if places[current.page.id] < places[page] else "Left")

    async def _tab_to(self, there: Callable[[QWidget], bool], key: str) -> None:
        await self._press_until(lambda: there(QApplication.focusWidget() or self.lane), key)

    async def _press_until(self, there: Callable[[], bool], key: str) -> None:
        for _time in range(30):
            if there():
                return
            await self.person.press(key)
        raise TourFailed(f"{key} does not lead there")

    def _is_open(self, order: OrderId) -> bool:
        report = self.lane.report
        return report.isVisible() and report._order == order and bool(report.pane.pictures())

    def _time_ago(self, minutes: int) -> str:
        """A time of today as a person types it; never before midnight."""
        desk = self.session.desk
        now = desk.now().astimezone(desk.zone)
        then = now - timedelta(minutes=minutes)
        return f"{then:%H%M}" if then.date() == now.date() else "0001"


def _place_of(seed: int) -> int:
    """Of the first page of this note, among the pages of the stack."""
    place = [each for each, _coded in office.leaves(PAGES - 1, FIRST)].index(seed)
    return place + (place >= SEPARATOR_AT)


# The program


async def _play(chosen: argparse.Namespace, here: int, data: Path, simulator: RunningSimulator) -> int:
    stack = data.parent / "Scan 1125.pdf"
    stack.write_bytes(pdf(scanned(), dpi=office.DPI, quality=office.QUALITY))
    async with seated(chosen, data) as session:
        await session.open_account(simulator)
        async with asyncio.timeout(READING):
            await office.accepted(session.desk, here, HOLD)
        session.window.activateWindow()
        person = Recorder(session, chosen.folder)
        try:
            await Keying(session, person, stack).live()
        except TourFailed as failed:
            await person.look("failed", str(failed))
            print(f"The shots stopped: {failed}", file=sys.stderr)
            return 1
        return 0


def main() -> int:
    chosen = options(__doc__)
    here = [note for note in notes() if note.order_id != facts(LOST).order_id]
    return run(chosen, office.zendera(here, limit=1000), partial(_play, chosen, len(here)))


if __name__ == "__main__":
    raise SystemExit(main())
