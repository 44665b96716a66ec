"""Paper is taken in and read in steps that a kill may part: whatever is done is done, and whatever is not is done the next time."""

import asyncio
import hashlib
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest

from support.day import HandClock
from unit.pictures.made import pdf, says
from unit.store.office import ACCOUNT, NOON, arrive, opened, shipment
from zendera_desk.domain.changes import Changes, LinkChanged, ShipmentsChanged
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import AccountId, OrderId, StackId
from zendera_desk.domain.paper import PageState, Stack
from zendera_desk.domain.shipment import Exported
from zendera_desk.domain.views import Account
from zendera_desk.engine.developing import Developing
from zendera_desk.engine.finding import Finding
from zendera_desk.engine.paper import AGAIN, AHEAD, AT_ONCE, Reading
from zendera_desk.engine.paper_taking import Given, Taking
from zendera_desk.pictures.helper import PictureReader
from zendera_desk.store import paper, paper_reading, shipments
from zendera_desk.store.database import Connection, Database
from zendera_desk.store.paper_reading import Waiting

Watch = Callable[[Waiting], Awaitable[None]]

SOURCE = pdf(*(says(f"Order 4810001{number}") for number in range(3)))


class Office:
    def __init__(self, folder: Path, database: Database, reader: PictureReader | None = None) -> None:
        clock, changes = HandClock(), Changes()
        self.database, self.changes, self.clock = database, changes, clock
        self.account = Account(id=ACCOUNT, name="Nordlys", base_url="https://example.com/api/")
        self.developing = Developing(folder, database, clock.now, reader)
        self.taking = Taking(database, self.developing, clock, changes)
        self.reading = Reading(database, self.developing, Finding(database), clock, changes, lambda: self.account)

    async def read(self) -> None:
        while await self.reading.step(self.clock.now()) is not None:
            pass

    async def stacks(self) -> list[Stack]:
        return await self.database.read(paper.stacks, ACCOUNT)


@asynccontextmanager
async def office_in(folder: Path, reader: PictureReader | None = None) -> AsyncIterator[Office]:
    database = await Database.open(folder, NOON)
    office = Office(folder, database, reader)
    try:
        yield office
    finally:
        await office.developing.close()
        await database.close()


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    with opened(tmp_path):
        pass
    async with office_in(tmp_path) as one:
        yield one


# A kill

DYING = """
    import asyncio, os, signal, sys
    from pathlib import Path
    from unit.engine.test_paper import ACCOUNT, SOURCE, Given, NOON, Office
    from zendera_desk.store.database import Database

    folder, when, at = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

    class Dying(Database):
        async def write_anyway(self, function, *args, **kwargs):
            if (when, at) == ("before", function.__qualname__):
                os.kill(os.getpid(), signal.SIGKILL)
            done = await super().write_anyway(function, *args, **kwargs)
            if (when, at) == ("after", function.__qualname__):
                os.kill(os.getpid(), signal.SIGKILL)
            return done

    async def work():
        office = Office(folder, await Dying.open(folder, NOON))
        await office.taking.take(ACCOUNT, [Given(source=SOURCE)])
        await office.read()

    asyncio.run(work())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(
    ("when", "at"),
    [
        ("after", "begin"),
        ("before", "Taking._put"),
        ("after", "Taking._put"),
        ("before", "forget_empty"),
        ("before", "put"),
        ("after", "put"),
        ("before", "put_read"),
        ("after", "put_read"),
    ],
)
async def test_a_kill_between_any_two_steps_loses_no_page_and_doubles_none(tmp_path: Path, when: str, at: str) -> None:
    """The steps are writes by their names: each of them surely comes, in whatever order two pages are read."""
    with opened(tmp_path) as conn:
        arrive(conn, shipment(48100010))
    died = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", textwrap.dedent(DYING), str(tmp_path), when, at],
        env={"PYTHONPATH": f"{Path(__file__).parents[2]}:{Path(__file__).parents[3]}"}, capture_output=True, check=False,
    )  # fmt: skip
    assert died.returncode == -9, died.stderr.decode()
    async with office_in(tmp_path) as office:
        here = [page for stack in await office.stacks() for page in stack.pages]
        assert len(here) in {0, 3}
        await office.taking.take(ACCOUNT, [Given(source=SOURCE)])  # whoever was not told that it is here gives it once more
        await office.read()
        pages = [page for stack in await office.stacks() for page in stack.pages]
        assert [(page.number, page.state) for page in pages] == [(1, PageState.READ), (2, PageState.READ), (3, PageState.READ)]
        assert [page.matches for page in pages] == [(48100010,), (), ()]
        for page in pages:
            assert page.picture is not None
            assert await office.developing.jpeg(page.picture.id)
    source = hashlib.sha256(SOURCE).hexdigest()
    assert (tmp_path / "pictures" / source[:2] / f"{source}.original").read_bytes() == SOURCE


# Several at once


def leaves(number: int) -> bytes:
    """As many small pages."""
    return pdf(*(b"BT /F1 9 Tf 2 20 Td (Order %d) Tj ET" % (48100010 + place) for place in range(number)), size=(90, 50))


def at_each_page(office: Office, monkeypatch: pytest.MonkeyPatch, before: Watch, after: Watch) -> None:
    """Called when it is about to be written what was read on a page, and when that is done."""
    write = office.database.write

    async def watched(function: Callable[..., object], *values: object, **more: object) -> object:
        page = values[0] if function is paper_reading.put_read else None
        if isinstance(page, Waiting):
            await before(page)
        done = await write(function, *values, **more)
        if isinstance(page, Waiting):
            await after(page)
        return done

    monkeypatch.setattr(office.database, "write", watched)


async def nothing(_page: Waiting) -> None:
    pass


async def test_a_page_that_takes_long_holds_up_no_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    number, others_are_read = 2 * AHEAD, asyncio.Event()
    read: list[int] = []

    async def before(page: Waiting) -> None:
        if page.number == 0:
            await others_are_read.wait()

    async def after(page: Waiting) -> None:
        read.append(page.number)
        if len(read) == number - 1:
            others_are_read.set()

    await office.taking.take(ACCOUNT, [Given(source=leaves(number))])
    at_each_page(office, monkeypatch, before, after)
    async with asyncio.timeout(60):
        await office.reading.step(NOON)
    assert sorted(read) == list(range(number))


async def test_what_arrives_while_paper_is_read_is_matched_before_all_is_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    number, read = AHEAD + AT_ONCE, 0
    matched: list[bool] = []

    async def after(page: Waiting) -> None:
        nonlocal read
        read += 1
        if read == 3:
            arrived = Exported(shipment=shipment(48100010 + page.number), original=b"{}")
            await office.database.write(shipments.put, ACCOUNT, [shipments.Arrived(exported=arrived)], NOON)
            office.changes.publish(ShipmentsChanged(frozenset({arrived.shipment.order_id})))
        (stack,) = await office.stacks()
        matched.append(any(page.matches for page in stack.pages))

    await office.read()
    await office.taking.take(ACCOUNT, [Given(source=leaves(number))])
    at_each_page(office, monkeypatch, nothing, after)
    await office.reading.step(NOON)
    assert matched[:3] == [False] * 3
    assert matched[-1]


async def test_a_page_that_is_to_be_read_again_while_others_are_is_read_with_them(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    number = AHEAD + 4 * AT_ONCE
    read: list[int] = []

    async def after(page: Waiting) -> None:
        read.append(page.number)
        if len(read) == AT_ONCE + 1:
            await office.database.write(paper.read_again, ACCOUNT, [page.id])

    await office.taking.take(ACCOUNT, [Given(source=leaves(number))])
    at_each_page(office, monkeypatch, nothing, after)
    await office.reading.step(NOON)
    assert sorted(read) == sorted([*range(number), read[AT_ONCE]])
    assert read[-1] != read[AT_ONCE], "it comes before the last ones"
    (stack,) = await office.stacks()
    assert [page.state for page in stack.pages] == [PageState.READ] * number


# Trouble


@pytest.mark.expected_log("cannot be started")
async def test_where_nothing_can_be_decoded_the_pages_say_so_and_are_read_once_it_can(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    async with office_in(tmp_path) as office:
        await office.taking.take(ACCOUNT, [Given(source=SOURCE)])
    async with office_in(tmp_path, PictureReader(["/there is no such program"])) as office:
        await office.read()
        (stack,) = await office.stacks()
        assert {(page.state, page.code) for page in stack.pages} == {(PageState.UNREADABLE, "decoder_died")}
        await office.database.write(paper.read_again, ACCOUNT, [page.id for page in stack.pages])
    async with office_in(tmp_path) as office:
        await office.read()
        (stack,) = await office.stacks()
        assert {(page.state, page.code) for page in stack.pages} == {(PageState.READ, "")}


async def test_a_disk_that_takes_nothing_leaves_the_pages_waiting(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_values: object, **_more: object) -> None:
        raise StoreError("disk_full")

    await office.taking.take(ACCOUNT, [Given(source=SOURCE)])
    with monkeypatch.context() as patch:
        patch.setattr(paper_reading, "put_read", full)
        assert await office.reading.step(NOON) == NOON + AGAIN
    (stack,) = await office.stacks()
    assert {page.state for page in stack.pages} == {PageState.WAITING}
    await office.read()
    (stack,) = await office.stacks()
    assert {page.state for page in stack.pages} == {PageState.READ}


async def test_who_cancels_while_a_file_is_written_down_has_its_pages_and_the_file(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_file, begun, go_on = paper.put_file, Event(), Event()

    def slowly(conn: Connection, stack: StackId, account: AccountId, name: str, source: str, pages: int) -> bool:
        begun.set()
        go_on.wait(30)
        return put_file(conn, stack, account, name, source, pages)

    monkeypatch.setattr(paper, "put_file", slowly)
    taking = asyncio.create_task(office.taking.take(ACCOUNT, [Given(source=SOURCE)]))
    await asyncio.to_thread(begun.wait, 30)
    taking.cancel()
    for _each in range(5):
        await office.database.read(lambda _conn: None)  # whoever asks now does not see what is being written
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await taking
    await office.read()
    (stack,) = await office.stacks()
    assert [page.state for page in stack.pages] == [PageState.READ] * 3
    assert len(list((tmp_path / "pictures").rglob("*.original"))) == 1


async def test_what_ends_before_anything_was_taken_leaves_no_stack(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_values: object) -> None:
        raise StoreError("disk_full")

    with monkeypatch.context() as patch:
        patch.setattr(paper, "put_file", full)
        with pytest.raises(StoreError, match="disk_full"):
            await office.taking.take(ACCOUNT, [Given(source=SOURCE)])
    assert await office.database.read(lambda conn: conn.execute("select count(*) from stack").fetchone()[0]) == 0


async def test_it_wakes_when_paper_comes_and_when_shipments_do(office: Office) -> None:
    woken: list[bool] = []
    office.reading.when_asked = lambda: woken.append(True)
    await office.taking.take(ACCOUNT, [])
    assert woken
    woken.clear()
    office.changes.publish(ShipmentsChanged(frozenset({OrderId(1)})))
    assert woken
    assert await office.reading.step(NOON) is None


async def test_it_wakes_when_an_account_is_opened_whose_pages_were_not_matched_yet(office: Office) -> None:
    woken: list[bool] = []
    office.reading.when_asked = lambda: woken.append(True)
    office.changes.publish(LinkChanged())
    assert woken == [True]
    await office.read()
    office.changes.publish(LinkChanged())
    assert woken == [True]


async def test_nothing_is_in_the_way_while_no_account_is_open(office: Office) -> None:
    await office.taking.take(ACCOUNT, [Given(source=SOURCE)])
    office.reading._account = lambda: None
    await office.read()
    (stack,) = await office.stacks()
    assert {page.state for page in stack.pages} == {PageState.READ}
