"""The program as it is, with a person who types in it: `python -m prove.drafts_child LIFE ARGS…`; LIFE is a `Life` as JSON.

First they look: at the list, at every form and at the grid. Then they type, key by key, into whatever field is there, choose another
status or stop, tick, paste a picture, try to send too early, and go to another shipment or to the grid (drafts_grid.py) in the middle
of it. What stands on the screen then is written down, with its time, before anything else happens: what was typed is known whenever
the kill comes.

They know the program as a person does: by what it shows. That a form has come is seen by what stood in it.
"""

import asyncio
import contextlib
import importlib
import itertools
import json
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import msgspec

from zendera_desk.gui import qtload

qtload.load_qt()

from PySide6.QtCore import QMimeData, Qt, QUrl  # noqa: E402 (Qt first, as in the program)
from PySide6.QtGui import QGuiApplication  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QWidget  # noqa: E402

from prove.drafts_grid import Acts, GridTypist  # noqa: E402
from prove.drafts_screen import GRID, Content, currency, kept, words  # noqa: E402
from zendera_desk import app, cli  # noqa: E402
from zendera_desk.domain.ids import OrderId  # noqa: E402
from zendera_desk.domain.views import View  # noqa: E402
from zendera_desk.gui.shipments.model import STATE  # noqa: E402

LETTERS: Final = {
    "time": "0123456789",
    "comment": "abcdefgh ",
    "signee": "aelnors ",
    "latitude": "0123456789.",
    "longitude": "0123456789.",
    "cost": "0123456789.",
    "currency": "EUNOKSDRL",
    "exception": "abcdefgh ",
}
LONGEST: Final = 30
"""Letters of a line; then it is typed anew over what stands there."""
_PAUSE: Final = (0.005, 0.15)
"""Seconds between two keys: from what a hand scanner does to what a person does."""
_GLANCE: Final = 0.05
"""Seconds from one look at what comes by itself to the next."""
_WAITS: Final = 5.0
"""Seconds for a form to come; then what is there is taken for it."""


class Life(msgspec.Struct, frozen=True, kw_only=True):
    story: int
    number: int
    journal: str
    orders: tuple[int, ...]
    """Those whose forms are typed into, and which the grid has."""
    found: dict[int, Content | None]
    """By the places that there are, of these orders and the grid: what lies on disk. In one place alone nobody switches."""
    pictures: dict[str, str] = {}
    """Files that are pasted, with the SHA-256 of their bytes."""
    acts: tuple[str, ...] = ()
    """What is done, in turn; empty: by chance."""
    closes_after: float | None = None
    """Seconds of typing."""
    wrong: str = ""


class Journal:
    """A kill leaves what was written: it is in the system's hands, if not on disk."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, what: str, **values: object) -> None:
        os.write(self._file, (json.dumps({"what": what, "at": time.monotonic(), **values}) + "\n").encode())


class Typist:
    def __init__(self, session: app.Session, life: Life) -> None:
        self._session, self._life = session, life
        self._rng = random.Random(f"{life.story} {life.number} typist")
        self._journal = Journal(life.journal)
        self._orders = [OrderId(order) for order in life.orders]
        self._places = list(life.found)
        self._grid = GridTypist(session.window, self._rng, self._press, asyncio.sleep)
        self._turns = itertools.cycle(life.acts)
        self._place: int | None = None
        """Where the person is: an order's form, or the grid."""
        self._there = False
        """What was here before has come, or something was typed already."""
        self._over: Content | None = None
        """What stood in the form that was typed into before it had come: the program lays the one over the other, and may write that down
        before it can show it."""
        self._last: dict[int, Content | None] = dict(life.found)
        """What stood in each place when it was seen last."""

    def begin(self) -> None:
        self._session._supervisor.spawn(self._live(), "type")

    async def _live(self) -> None:
        await self._look_at_the_list()
        await self._look_at_the_forms()
        self._journal.note("begins")
        if self._life.closes_after is not None:
            asyncio.get_running_loop().call_later(self._life.closes_after, self._close)
        self._session._supervisor.spawn(self._watch(), "watch the screen")
        while self._session.window.isVisible():
            await self._act()

    def _close(self) -> None:
        self._note()
        self._journal.note("closes")
        self._session.window.close()

    # Looking

    async def _look_at_the_list(self) -> None:
        """Which rows say that there is a draft, and what stands under "Needs me"."""
        shipments = self._session.window.shipments
        model = shipments.model
        shipments.set_view(View.ALL)
        await _until(lambda: model.loaded and all(self._words(order) for order in self._orders))
        marked = [order for order in model.ids if "draft" in self._words(order)]
        shipments.set_view(View.NEEDS_ME)
        await _until(lambda: model.loaded)
        self._journal.note("list", marked=marked, needs_me=list(model.ids))
        shipments.set_view(View.ALL)
        await _until(lambda: model.loaded)

    def _words(self, order: OrderId) -> list[str]:
        """Of its row's state; none while they are not read yet."""
        model = self._session.window.shipments.model
        row = model.row_of(order)
        said = str(model.index(row, STATE).data() or "") if row is not None else ""
        return said.split(" · ") if said else []

    async def _look_at_the_forms(self) -> None:
        for place, was in self._life.found.items():
            if place == GRID:
                self._grid.resume()
            else:
                self._enter(place)
            await self._wait_for(partial(self._shows, place, was))
            self._journal.note("shows", place=place, content=self._on_screen(place))

    def _shows(self, place: int, was: Content | None) -> bool:
        return self._is_open(place) and kept(self._on_screen(place)) == was

    def _enter(self, order: int) -> None:
        self._session.window.show_work()
        self._session.window.shipments.entered.emit(OrderId(order))

    async def _wait_for(self, look: Callable[[], object]) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_WAITS):
                await _until(lambda: look() or not self._session.window.isVisible())

    def _is_open(self, place: int) -> bool:
        """On the screen: not in a window that was closed."""
        if place == GRID:
            return self._grid.is_open()
        report = self._session.window.report
        return report.order == place and report.isVisible()

    def _on_screen(self, place: int) -> Content:
        return self._grid.on_screen() if place == GRID else on_screen(self._session.window.report)

    # Noting

    async def _watch(self) -> None:
        """What comes by itself, such as a picture that was prepared."""
        while self._session.window.isVisible():
            self._note()
            await asyncio.sleep(_GLANCE)

    def _note(self) -> None:
        """Not an empty form that fills in a moment."""
        place = self._place
        if place is None or not self._is_open(place):
            return
        now = self._on_screen(place)
        self._there = self._there or self._has_come(place)
        if self._there and now != self._last[place]:
            self._last[place] = now
            self._journal.note("types", place=place, content=now, over=self._over)

    # Typing

    async def _act(self) -> None:
        if self._place is None or (len(self._places) > 1 and self._rng.random() < 0.2):
            await self._switch()
        if self._place is not None and self._is_open(self._place):
            acts = self._grid.acts if self._place == GRID else self._acts
            name = next(self._turns, "") or self._rng.choices(list(acts), [weight for weight, _ in acts.values()])[0]
            await acts[name][1]()
            self._note()
        await asyncio.sleep(self._rng.uniform(*_PAUSE))

    @property
    def _acts(self) -> Acts:
        """In a form, with how often each is done."""
        return {
            "type": (80, self._type_somewhere),
            "type a word in two fields": (0, self._type_in_two),
            "status": (5, self._choose_a_status),
            "stop": (3, self._choose_a_stop),
            "tick": (2, self._tick),
            "send": (3, self._try_to_send),
            "position": (3, self._type_a_position),
            "picture": (2 if self._life.pictures else 0, self._paste_a_picture),
        }

    async def _type_somewhere(self) -> None:
        fields = self._session.window.report.form.fields
        name = self._rng.choice([name for name in LETTERS if not fields[name].isHidden()])
        await self._type_into(name, self._rng.randint(1, 12))

    async def _type_in_two(self) -> None:
        for name in ("signee", "comment"):
            await self._type_into(name, 3)

    async def _type_into(self, name: str, count: int) -> None:
        await self._type(self._session.window.report.form.fields[name], self._rng.choices(LETTERS[name], k=count))

    async def _type_a_position(self) -> None:
        """Both halves into the first of the two fields, which shares them out."""
        latitude = self._session.window.report.form.texts["latitude"]
        latitude.clear()
        await self._type(latitude, f"59.{self._rng.randrange(1000)}, 10.{self._rng.randrange(1000)}")

    async def _type(self, field: QWidget, letters: Sequence[str]) -> None:
        field.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(field, QPlainTextEdit):
            field.moveCursor(field.textCursor().MoveOperation.End)
        elif isinstance(field, QLineEdit) and len(field.text()) >= min(LONGEST, field.maxLength()):
            field.selectAll()
        await self._press(lambda: field, letters)

    async def _press(self, where: Callable[[], QWidget | None], letters: Sequence[str]) -> None:
        for letter in letters:
            if self._place is None or not self._is_open(self._place) or (field := where()) is None:
                return
            if self._rng.random() < 0.08:
                QTest.keyClick(field, Qt.Key.Key_Backspace)
            elif isinstance(field, QPlainTextEdit) and self._rng.random() < 0.03:
                QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
            else:
                QTest.keyClicks(field, letter)
            self._there = True
            self._note()
            await asyncio.sleep(self._rng.uniform(*_PAUSE))

    async def _choose_a_status(self) -> None:
        self._rng.choice(self._session.window.report.status.buttons()).click()

    async def _choose_a_stop(self) -> None:
        self._rng.choice(self._session.window.report.stop.buttons()).click()

    async def _tick(self) -> None:
        report = self._session.window.report
        boxes = [box for box in (report.form.contactless, _collected(report)) if box.isVisible()]
        if boxes:
            self._rng.choice(boxes).click()

    async def _try_to_send(self) -> None:
        """Without a time nothing is sent; what is missing is asked for, such as why there is no proof."""
        report = self._session.window.report
        if not report.form.time.text():
            report.bar.send.click()

    async def _paste_a_picture(self) -> None:
        report = self._session.window.report
        path, digest = self._rng.choice(list(self._life.pictures.items()))
        copied = QMimeData()
        copied.setUrls([QUrl.fromLocalFile(path)])
        QGuiApplication.clipboard().setMimeData(copied)
        self._journal.note("gives", place=report.order, picture=digest)
        report.pane.paste()

    async def _switch(self) -> None:
        """Now and then they type before the form has come."""
        self._note()
        place = self._place = self._rng.choices(self._places, [2 if each == GRID else 1 for each in self._places])[0]
        self._there, self._over = False, None
        if place == GRID:
            self._grid.enter(self._orders)
            await self._wait_for(lambda: self._is_open(GRID) and self._grid.has_rows() and self._has_come(GRID))
        else:
            self._enter(place)
            hasty = self._rng.random() < 0.2
            await self._wait_for(lambda: self._is_open(place) and (hasty or self._has_come(place)))
        self._there = self._has_come(place)
        if not self._there and place != GRID:
            self._over = self._last[place]

    def _has_come(self, place: int) -> bool:
        """A picture may have come meanwhile."""
        return words(self._on_screen(place)) == words(self._last[place])


def on_screen(report: Any) -> Content:  # noqa: ANN401 (imported when its module is: not before the list)
    """What a person sees in the form. A time means what its echo says."""
    form = report.form
    return {
        "status": report.status.choice(),
        "stop": report.stop.choice(),
        "time": form.time.pinned(),
        "comment": form.comment.toPlainText(),
        "contactless": form.contactless.isChecked(),
        "collected": _collected(report).isChecked(),
        "pictures": [picture.id for picture in report.pane.strip.pictures()],
        **{name: field.text() for name, field in form.texts.items()},
        "currency": currency(form.texts["currency"].text()),
    }


def _collected(report: QWidget) -> QCheckBox:
    found = report.findChild(QCheckBox, "collected")
    assert isinstance(found, QCheckBox)
    return found


async def _until(look: Callable[[], object]) -> None:
    while not look():  # noqa: ASYNC110 (people look now and then)
        await asyncio.sleep(0.02)


def main(arguments: Sequence[str]) -> int:
    life = msgspec.json.decode(arguments[0], type=Life)
    begin: Callable[..., None] = app.Session.__init__

    def sit_down(session: app.Session, *rest: Any) -> None:  # noqa: ANN401
        begin(session, *rest)
        if not life.pictures:
            session.desk.warm_pictures = lambda: None  # type: ignore[method-assign]  # what decodes them costs as much as a start
        Typist(session, life).begin()

    app.Session.__init__ = sit_down  # type: ignore[method-assign, assignment]  # a hand at the window, not another program
    with contextlib.ExitStack() as patches:
        if life.wrong:
            importlib.import_module("prove.drafts_wrong").WRONG[life.wrong](patches)
        return cli.main(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
