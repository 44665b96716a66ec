"""The program as it is, with a person's hands in it: `python -m prove.kills_child LIFE ARGS…`; LIFE is a `Life` as JSON.

The hands work off a plan for every shipment (person.py) through the desk, type into the real form key by key, and write each
decision down, fsynced, before it is made and after it returned: what was promised is known whatever happens then.

The engine's waits are a hundredth of what they are, all alike, so that a story has room for what takes minutes in life. The
simulator's lateness is a hundredth of what is assumed, too.
"""

import asyncio
import contextlib
import hashlib
import importlib
import io
import json
import os
import random
import sys
import time
import urllib.request
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, Final
from unittest import mock

import msgspec

from zendera_desk.gui import qtload

qtload.load_qt()

from PIL import Image  # noqa: E402 (Qt first, as in the program)
from PySide6.QtTest import QTest  # noqa: E402

from prove.person import Person  # noqa: E402
from zendera_desk import app, cli, desk, opened  # noqa: E402
from zendera_desk.domain.errors import DeskError  # noqa: E402
from zendera_desk.domain.ids import OrderId  # noqa: E402
from zendera_desk.domain.outbox import Kind, State  # noqa: E402
from zendera_desk.domain.report import Draft, Status  # noqa: E402
from zendera_desk.domain.views import View  # noqa: E402

FASTER: Final = 100
PATIENCE: Final = {"connect": 1, "read": 1.5, "write": 2, "pool": 1, "whole_read": 3, "whole_send": 3}
"""Seconds for an answer; in life 30 s."""
_STAYS: Final = {"JUMP", "LONGEST_SLEEP", "FIRST_LOOK_BACK", "CLOSING_PATIENCE"}
"""No waits of the protocol's."""
_SHORTEST: Final = timedelta(seconds=0.4)
"""Of a poll: a hundredth of it would keep the processor busy with polling."""


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """What the hands do between a start and an end."""

    story: int
    number: int
    journal: str
    control_url: str
    orders: tuple[int, ...]
    """With a plan."""
    typed_into: int
    """A shipment whose form is typed into, and never sent."""
    works: bool = True
    types: bool = True
    calm: bool = False
    """Nothing is taken back, tried again or dropped."""
    closes_after: float | None = None
    last: bool = False
    """Everything is brought to its end, and the window closed."""
    wrong: str = ""


class Journal:
    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, what: str, **values: object) -> None:
        line = json.dumps({"what": what, "at": time.monotonic(), **values}) + "\n"
        os.write(self._file, line.encode())
        os.fsync(self._file)


class Noted:
    """The desk, to a person whose decisions are written down before and after. Everything else is the desk itself."""

    def __init__(self, real: desk.Desk, journal: Journal, rng: random.Random) -> None:
        self._desk, self._journal, self._rng = real, journal, rng
        self._numbers = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._desk, name)

    async def accept(self, ids: Sequence[OrderId]) -> Any:  # noqa: ANN401
        return await self._put("accept", self._desk.accept(ids), orders=list(ids))

    async def fail(self, ids: Sequence[OrderId], reason: str, last_strike_confirmed: bool = False) -> Any:  # noqa: ANN401
        return await self._put("fail", self._desk.fail(ids, reason, last_strike_confirmed), orders=list(ids), reason=reason)

    async def send_report(self, order: OrderId, draft: Draft, confirmed: frozenset[str] = frozenset()) -> Any:  # noqa: ANN401
        if self._rng.random() < 0.5:
            draft = msgspec.structs.replace(draft, pictures=(await self._desk.add_picture(_picture(self._rng.randrange(6))),))
        sent = {"status": draft.status, "stop": draft.stop, "comment": draft.comment, "pictures": [each.id for each in draft.pictures]}
        return await self._put("report", self._desk.send_report(order, draft, confirmed), orders=[order], report=sent)

    async def _put(self, deed: str, work: Coroutine[Any, Any, Any], **values: object) -> Any:  # noqa: ANN401
        self._numbers += 1
        number = self._numbers
        self._journal.note("decides", number=number, deed=deed, **values)
        written = await work
        self._journal.note("decided", number=number, entries=list(getattr(written, "entries", ())))
        return written

    async def take_back(self, entries: Sequence[Any]) -> Any:  # noqa: ANN401
        self._journal.note("takes_back", entries=list(entries))
        orders = await self._desk.take_back(entries)
        if orders:
            self._journal.note("took_back", entries=list(entries))
        return orders


class Notebook:
    """What the person tells, where in simulated time the judge listens (person.py); and what a dispatcher sees."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.seen: dict[int, bool] = {}

    def arrived(self, entry: int) -> bool:
        if entry not in self.seen:
            raise DeskError("not_asked_yet")  # it needs a person since a moment ago: the dispatcher is asked at the next look
        return self.seen[entry]

    def promised(self, entries: Sequence[int]) -> None:
        """Noted already."""

    def said(self, entry: int, *, drop: bool = False) -> None:
        self._journal.note("says", entry=entry, drop=drop)

    def took_back(self, entry: int) -> None:
        """Noted already."""


class Hands:
    def __init__(self, session: app.Session, life: Life) -> None:
        self._session = session
        self._life = life
        self._rng = random.Random(f"{life.story} {life.number} hands")
        self._journal = Journal(life.journal)
        self._notebook = Notebook(self._journal)
        self._desk = Noted(session.desk, self._journal, self._rng)
        self._person = Person(random.Random(life.story), self._notebook, life.orders)  # type: ignore[arg-type]  # what it needs of one
        self._person._rng = self._rng
        self._person.calm = life.calm or life.last

    def begin(self) -> None:
        works = (("work", self._work, self._life.works), ("type", self._type, self._life.types))
        for name, work, wanted in works:
            if wanted:
                self._session._supervisor.spawn(work(), name)
        if self._life.closes_after is not None:
            asyncio.get_running_loop().call_later(self._life.closes_after, self._close)

    def _close(self) -> None:
        self._journal.note("closes")
        self._session.window.close()

    async def _work(self) -> None:
        while not await self._looks() or not self._life.last:  # noqa: ASYNC110 (people look now and then)
            await asyncio.sleep(self._rng.uniform(0.01, 0.15))
        self._close()

    async def _looks(self) -> bool:
        real = self._session.desk
        if real.engine is None or not await real.shipment_ids(View.ALL):
            return False
        for line in await real.outbox(1000):
            if line.entry.state is State.NEEDS_PERSON:
                body = await real.payload(line.entry.id)
                rows = await asyncio.to_thread(_ledger, self._life.control_url, line.entry.order_id, line.entry.kind)
                same = {hashlib.sha256(body).hexdigest()}
                self._notebook.seen[line.entry.id] = any(row["sha256"] in same or line.entry.kind is Kind.ACCEPT for row in rows)
        try:
            return await self._person.looks(self._desk)  # type: ignore[arg-type]  # the desk, noted
        except DeskError as error:
            if error.code != "not_asked_yet":
                raise
            return False

    async def _type(self) -> None:
        """Letter by letter into the comment of a form that is never sent; it goes on where it stood after each start."""
        window, order = self._session.window, OrderId(self._life.typed_into)
        while window.shipments.model.row_of(order) is None:  # noqa: ASYNC110 (as above)
            await asyncio.sleep(0.02)
        window.shipments.report_asked.emit(order, Status.OTHER)
        report = window.report
        while report._order != order or report._opened is None:  # noqa: ASYNC110 (as above)
            await asyncio.sleep(0.02)
        comment = report.form.comment
        self._journal.note("opens", order=order, text=comment.toPlainText())
        comment.moveCursor(comment.textCursor().MoveOperation.End)
        while not self._life.last:
            QTest.keyClicks(comment, self._rng.choice("abcdefgh "))
            self._journal.note("types", order=order, text=comment.toPlainText())
            await asyncio.sleep(self._rng.uniform(0.01, 0.12))


@cache
def _picture(number: int) -> bytes:
    made = io.BytesIO()
    Image.effect_noise((160, 120), 20 + number).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def _ledger(control_url: str, order: int, kind: Kind) -> list[dict[str, Any]]:
    """What Zendera's dispatcher sees of this order."""
    with urllib.request.urlopen(f"{control_url}ledger?order={order}&kind={kind}", timeout=5) as answer:  # noqa: S310 (our own)
        rows: list[dict[str, Any]] = json.load(answer)["applied"]
        return rows


def _hasten() -> None:
    """All waits of the engine a hundredth, polls not quite; and answers are given up after 1.5 s."""
    importlib.import_module("zendera_desk.engine.engine")  # a start loads it when the list is there, and then it would wait as in life
    engine = [module for name, module in sys.modules.items() if name.startswith("zendera_desk.engine.")]
    for module in (*engine, opened):
        for name, value in list(vars(module).items()):
            if not name.isupper() or name in _STAYS:
                continue
            if isinstance(value, timedelta):
                setattr(module, name, max(value / FASTER, _SHORTEST) if "POLL" in name else value / FASTER)
            elif isinstance(value, tuple) and all(isinstance(each, timedelta) for each in value):
                setattr(module, name, tuple(each / FASTER for each in value))

    async def open_client(base_url: str, key: str, on_limits: Any) -> Any:  # noqa: ANN401
        client = await asyncio.to_thread(importlib.import_module, "zendera_desk.api.client")
        return await client.ZenderaClient.open(base_url, key, on_limits=on_limits, timeouts=client.Timeouts(**PATIENCE))

    opened._open_client = open_client


def main(arguments: Sequence[str]) -> int:
    life = msgspec.json.decode(arguments[0], type=Life)
    begin: Callable[..., None] = app.Session.__init__

    def sit_down(session: app.Session, *rest: Any) -> None:  # noqa: ANN401
        begin(session, *rest)
        Hands(session, life).begin()

    _hasten()
    with contextlib.ExitStack() as patches:
        patches.enter_context(mock.patch.object(app.Session, "__init__", sit_down))
        if life.wrong:
            importlib.import_module("prove.kills_wrong").WRONG[life.wrong](patches)
        return cli.main(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
