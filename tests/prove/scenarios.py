"""What is done while a write fails: scenarios on a real desk, with what each promises the person and what must fit together."""

import asyncio
import contextlib
import io
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final
from unittest import mock

import msgspec
from PIL import Image

from prove.failingdisk import FailingDisk
from prove.workplace import SETTINGS, Workplace, orders_of
from zendera_desk import settings
from zendera_desk.domain.copies import CopyKind
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft, Picture, Status
from zendera_desk.domain.views import View, Written
from zendera_desk.store import backups, migrating
from zendera_desk.store.database import FILE_NAME

Stage = Callable[[], Awaitable[object]]
Promise = tuple[str, Callable[[Path, sqlite3.Connection], bool]]


class Place(Workplace):
    """With what a person has been told is on disk."""

    def __init__(self, folder: Path, disk: FailingDisk) -> None:
        super().__init__(folder)
        self.disk = disk
        self.opened = True
        self.promises: list[Promise] = []
        self.wanted: Counter[tuple[str, int]] = Counter()
        """What must have arrived in the end: kind and order."""
        self.unmarked: list[int] = []
        """Orders for which bytes left, and no committed row says `sending`."""
        self.wire.on_send = self._sent

    def _sent(self, body: bytes) -> None:
        said = self.file("select order_id from entry where state = 'sending'")
        self.unmarked += [order for order in orders_of(body) if (order,) not in said]

    def file(self, statement: str) -> list[Any]:
        return rows(self.folder, statement)

    async def to_accept(self, count: int) -> list[OrderId]:
        return (await self.desk.shipment_ids(View.TO_ACCEPT))[:count]

    async def accepted(self, count: int) -> list[OrderId]:
        """Prepared: these are accepted, and Zendera has it."""
        ids = await self.to_accept(count)
        self.wanted.update(("accept", order) for order in ids)
        await self.desk.accept(ids)
        await self.send()
        return ids

    def promise_entries(self, written: object, kind: str, orders: Sequence[OrderId]) -> None:
        if not isinstance(written, Written) or len(written.entries) != len(orders):
            raise AssertionError(f"the desk did not take it: {written}")
        self.wanted.update((kind, order) for order in orders)
        for entry in written.entries:
            self.promises.append((f"entry {entry} is held", lambda _, conn, entry=entry: _has(conn, "entry", "id", entry)))  # type: ignore[misc]

    def promise_draft(self, draft: Draft) -> None:
        text = msgspec.json.encode(draft).decode()
        self.promises.append(
            ("the draft is saved", lambda _, conn: _has(conn, "draft", "content", text) or _has(conn, "entry", "draft", text))
        )

    def take_promise_back(self, words: str) -> None:
        self.promises = [promise for promise in self.promises if promise[0] != words]


def _has(conn: sqlite3.Connection, table: str, column: str, value: object) -> bool:
    return conn.execute(f"select 1 from {table} where {column} = ?", (value,)).fetchone() is not None  # noqa: S608


def rows(folder: Path, statement: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(f"file:{folder / FILE_NAME}?mode=rw", uri=True)) as conn:
        return conn.execute(statement).fetchall()


class Scenario:
    """`stages` are wishes, and what the engine does, in their order; one that was refused is done again, and what follows."""

    late = False
    """Armed when the bytes of a send have left, instead of at once."""

    async def prepare(self, place: Place) -> None:
        await place.open()
        await place.walk()

    def after(self) -> contextlib.AbstractContextManager[object]:
        """What is different once it is prepared."""
        return contextlib.nullcontext()

    def stages(self, place: Place) -> list[Stage]:
        raise NotImplementedError

    def lies(self, _place: Place, _conn: sqlite3.Connection) -> list[str]:
        """What of the file does not fit together."""
        return []


class TypeADraft(Scenario):
    async def prepare(self, place: Place) -> None:
        await super().prepare(place)
        [self.order] = await place.accepted(1)

    def stages(self, place: Place) -> list[Stage]:
        draft = Draft(time="1030", signee="Ola Nordmann", comment="Left at the gate. " * 600)

        async def save() -> None:
            await place.desk.save_draft(self.order, draft)
            place.promise_draft(draft)

        return [save]


class AcceptABurst(Scenario):
    def stages(self, place: Place) -> list[Stage]:
        async def accept() -> None:
            ids = await place.to_accept(5)
            place.promise_entries(await place.desk.accept(ids), "accept", ids)

        return [accept, place.send]


class ReportWithPictures(Scenario):
    async def prepare(self, place: Place) -> None:
        await super().prepare(place)
        [self.order] = await place.accepted(1)
        self.pictures = tuple([await place.desk.add_picture(picture(colour), f"{colour}.jpg") for colour in ("red", "blue")])

    def stages(self, place: Place) -> list[Stage]:
        draft = Draft(time="1030", status=Status.COMPLETE, signee="Ola Nordmann", pictures=self.pictures)

        async def save() -> None:
            await place.desk.save_draft(self.order, draft)
            place.promise_draft(draft)

        async def send() -> None:
            written = await place.desk.send_report(self.order, draft)
            place.promise_entries(written, "report", [self.order])
            place.take_promise_back("the draft is saved")

        return [save, send, place.send]


class AnAnswerArrives(ReportWithPictures):
    """Zendera has it, and what came of it cannot be written down."""

    late = True

    async def prepare(self, place: Place) -> None:
        await super().prepare(place)
        draft = Draft(time="1030", signee="Ola Nordmann")
        place.promise_entries(await place.desk.send_report(self.order, draft), "report", [self.order])

    def stages(self, place: Place) -> list[Stage]:
        return [place.send]


class WalkTheExport(Scenario):
    async def prepare(self, place: Place) -> None:
        await super().prepare(place)
        await place.accepted(2)
        place.simulator.world.add_shipments(4)
        place.simulator.world.correct(place.simulator.world.waiting()[0])

    def stages(self, place: Place) -> list[Stage]:
        return [place.walk]

    def lies(self, _place: Place, conn: sqlite3.Connection) -> list[str]:
        lost = conn.execute(
            """select count(*) from shipment s where not exists (select 1 from search_words where id = s.id)
            or not exists (select 1 from shipment_version v where v.order_id = s.order_id and v.version = s.version)"""
        ).fetchone()[0]
        return [f"{lost} shipments are there in part"] if lost else []


class ReadTheFeed(Scenario):
    async def prepare(self, place: Place) -> None:
        await super().prepare(place)
        await place.accepted(3)

    def stages(self, place: Place) -> list[Stage]:
        return [place.tail]

    def lies(self, _place: Place, conn: sqlite3.Connection) -> list[str]:
        changes = conn.execute("select count(*) from feed_change").fetchone()[0]
        token = conn.execute("select max(token) from feed_cursor").fetchone()[0]
        return [f"{changes} changes and the token {token!r}"] if bool(changes) != bool(token) else []


class AddPictures(Scenario):
    def stages(self, place: Place) -> list[Stage]:
        async def add(colour: str) -> None:
            added = await place.desk.add_picture(picture(colour), f"{colour}.jpg")
            place.promises.append((f"{colour} is kept", lambda folder, conn: _is_kept(folder, conn, added)))

        return [lambda: add("red"), lambda: add("blue")]

    def lies(self, place: Place, conn: sqlite3.Connection) -> list[str]:
        named = [row[0] for row in conn.execute("select id from picture")]
        return [f"picture {id_[:8]} has no file" for id_ in named if not _files(place.folder, id_)]


class OpenWithAMigration(Scenario):
    """Another program has come, with one migration more."""

    async def prepare(self, place: Place) -> None:
        await super().prepare(place)
        await place.accepted(1)
        await place.desk.close()
        place.opened = False

    def after(self) -> contextlib.AbstractContextManager[object]:
        more = [*migrating.migrations(), (len(migrating.migrations()) + 1, "alter table walk add column pages integer;\n")]
        return mock.patch.object(migrating, "migrations", return_value=more)

    def stages(self, place: Place) -> list[Stage]:
        async def open_anew() -> None:
            await place.open()
            place.opened = True

        return [open_anew]


class MakeACopy(Scenario):
    def stages(self, place: Place) -> list[Stage]:
        async def copy() -> None:
            made = await asyncio.to_thread(backups.make, place.folder, CopyKind.BY_HAND, place.desk.now())
            name = made.path.relative_to(place.folder)
            place.promises.append(("the copy is made", lambda folder, _: (folder / name).exists()))

        return [copy]

    def lies(self, place: Place, _conn: sqlite3.Connection) -> list[str]:
        return [f"{copy.path.name} is no whole copy" for copy in backups.copies(place.folder) if not _is_sound(copy.path)]


class SaveTheSettings(Scenario):
    def stages(self, place: Place) -> list[Stage]:
        changed = msgspec.structs.replace(SETTINGS, hold_seconds=20, made_by="Ola")

        async def save() -> None:
            await place.desk.change_settings(changed)
            place.promises.append(("the settings are saved", lambda folder, _: settings.load(folder) == (changed, None)))

        return [save]

    def lies(self, place: Place, _conn: sqlite3.Connection) -> list[str]:
        return ["the settings cannot be read"] if settings.load(place.folder)[1] else []


SCENARIOS: Final[dict[str, type[Scenario]]] = {
    "type a draft": TypeADraft,
    "accept a burst": AcceptABurst,
    "report with pictures": ReportWithPictures,
    "an answer arrives": AnAnswerArrives,
    "walk the export": WalkTheExport,
    "read the feed": ReadTheFeed,
    "add pictures": AddPictures,
    "open with a migration": OpenWithAMigration,
    "make a copy": MakeACopy,
    "save the settings": SaveTheSettings,
}


@cache
def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()


def _files(folder: Path, id_: str) -> bool:
    place = folder / "pictures" / id_[:2]
    return all((place / f"{id_}{ending}").is_file() and (place / f"{id_}{ending}").stat().st_size for ending in (".jpg", ".original"))


def _is_kept(folder: Path, conn: sqlite3.Connection, added: Picture) -> bool:
    return _files(folder, added.id) and _has(conn, "picture", "id", added.id)


def _is_sound(path: Path) -> bool:
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as conn:
        return bool(conn.execute("pragma integrity_check").fetchone()[0] == "ok")
