"""Another database in the place of a damaged or an unwanted one: nothing that Zendera knows of is lost, whenever the program dies."""

import asyncio
import contextlib
import os
import shutil
import sqlite3
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from support.told import told
from unit.store.office import ACCOUNT, NOON, arrive, bring, enter, opened, shipment, write
from zendera_desk.api import values
from zendera_desk.domain.copies import CopyKind, Doubt, Notice
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.feed import FeedPage, NewChange, ProductStatus
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import OPEN, Decision, Kind, State, Why
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import Parcel, StopKind
from zendera_desk.domain.views import View
from zendera_desk.store import (
    acknowledgements,
    afresh,
    backups,
    board,
    care,
    database,
    drafts,
    entering,
    feed,
    feed_evidence,
    find,
    listing,
    outbox,
    rescue,
    salvage,
)
from zendera_desk.store.database import FILE_NAME, PAGE, Connection, Database
from zendera_desk.store.places import PLAN, WORKSHOP, put_aside

LATER = NOON + timedelta(hours=1)

if sys.platform != "win32":
    import resource


@pytest.fixture(autouse=True)
def _damage_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", "zendera_desk.store")


def draft(comment: str) -> Draft:
    return Draft(status=Status.OTHER, comment=comment)


def morning(conn: Connection) -> None:
    """What is in the copy."""
    parcels = [Parcel(name="Pallet", internal_number="P-1")]
    arrive(conn, *(shipment(number, parcels=parcels) for number in range(1, 61)))
    for number, state in enumerate(State, start=1):
        bring(conn, enter(conn, number, Kind.REPORT), state)
    write(conn, drafts.save, ACCOUNT, OrderId(50), draft("typed in the morning"), NOON)
    write(conn, drafts.save, ACCOUNT, OrderId(51), draft("sent at noon"), NOON)


def afternoon(conn: Connection) -> None:
    """What came after the copy."""
    arrive(conn, *(shipment(number, city="Oslo") for number in range(61, 81)), now=LATER)
    arrive(conn, shipment(2, city="Tromsø"), now=LATER)  # changed at Zendera's side
    bring(conn, enter(conn, 61), State.CONFIRMED)
    enter(conn, 62)
    for state in (State.SENDING, State.SENT):
        write(conn, outbox.move, EntryId(2), state, next_at=LATER)  # it was waiting in the morning
    enter(conn, 51, Kind.REPORT, LATER)
    write(conn, drafts.save, ACCOUNT, OrderId(52), draft("typed in the afternoon"), LATER)


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a copy from the morning; it is copied for each test."""
    folder = tmp_path_factory.mktemp("day")
    with opened(folder) as conn:
        morning(conn)
        backups.make(folder, CopyKind.HOURLY, NOON)
        afternoon(conn)
    return folder


@pytest.fixture
def folder(day: Path, tmp_path: Path) -> Path:
    return lay_out(day, tmp_path / "desk")


def lay_out(day: Path, folder: Path) -> Path:
    shutil.copytree(day, folder)
    return folder


def spoil(folder: Path, *names: str) -> None:
    """Overwrites the first page of each of these tables or indexes."""
    path = folder / FILE_NAME
    with closing(sqlite3.connect(path)) as conn:
        pages = [conn.execute("select rootpage from sqlite_master where name = ?", (name,)).fetchone()[0] for name in names]
    with path.open("rb+") as file:
        for page in pages:
            file.seek((page - 1) * PAGE)
            file.write(b"\xff" * PAGE)
    (folder / "desk.state").write_bytes(b'{"generation": 1, "open": true}')


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def start(folder: Path) -> list[Notice]:
    store = await Database.open(folder, LATER)
    try:
        await store.write(afresh.recover, LATER, LATER, LATER)
        return await store.read(care.notices)
    finally:
        await store.close()


def entries(folder: Path) -> dict[tuple[int, str], tuple[str, bytes]]:
    """State and payload by order and kind."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as conn:
        rows = conn.execute("select order_id, kind, state, payload from entry order by id").fetchall()
    assert len(rows) == len({row[:2] for row in rows}), "no entry twice"
    return {(order, kind): (state, payload) for order, kind, state, payload in rows}


def column(folder: Path, statement: str) -> list[object]:
    with closing(sqlite3.connect(folder / FILE_NAME)) as conn:
        return [value for (value,) in conn.execute(statement)]


def after_the_day(day: Path) -> dict[tuple[int, str], tuple[str, bytes]]:
    """What must stand in the outbox after a start that could not trust the file."""
    return {key: ("unclear" if state in set(OPEN) else state, payload) for key, (state, payload) in entries(day).items()}


def assert_whole(folder: Path, day: Path) -> None:
    assert entries(folder) == after_the_day(day)
    assert column(folder, "select order_id from shipment order by order_id") == list(range(1, 81))
    assert column(folder, "select max(version) from shipment_version where order_id = 2") == [2]
    assert column(folder, "select delivery_city from shipment where order_id = 2") == ["Tromsø"]
    assert column(folder, "select order_id from draft order by order_id") == [50, 52]
    assert column(folder, "pragma integrity_check") == ["ok"]
    assert column(folder, "pragma foreign_key_check") == []


@pytest.mark.parametrize("spoilt", ["shipment_seen", "attempt_entry", "feed_change"])
async def test_what_came_after_the_copy_is_brought_over_from_the_damaged_file(folder: Path, day: Path, spoilt: str) -> None:
    spoil(folder, spoilt)
    (notice,) = await start(folder)
    assert (notice.doubt, notice.copy_at) == (Doubt.DAMAGED, NOON)
    assert notice.saved == {"shipments": 21, "entries": 3, "drafts": 1}
    assert notice.asked == len([state for state, _ in entries(folder).values() if state == "unclear"])
    assert_whole(folder, day)
    assert put_aside(folder) == [folder / notice.aside]
    assert not (folder / PLAN).exists()
    assert not (folder / WORKSHOP).exists()


async def test_without_a_copy_an_empty_database_gets_all_that_can_be_read(folder: Path, day: Path) -> None:
    shutil.rmtree(folder / "copies")
    spoil(folder, "shipment_seen")
    (notice,) = await start(folder)
    assert notice.copy_at is None
    assert_whole(folder, day)
    assert column(folder, "select name from parcel where order_id = 5") == ["Pallet"]
    store = await Database.open(folder)
    try:
        assert list((await store.read(find.find, ACCOUNT, View.ALL, "tromsø", NOON)).ids) == [2]
        assert len((await store.read(find.find, ACCOUNT, View.ALL, "oslo", NOON)).ids) == 20
    finally:
        await store.close()


@pytest.mark.parametrize("with_copy", [True, False])
@pytest.mark.parametrize(("decision", "state"), [(Decision.ARRIVED, "confirmed"), (Decision.DROP, "dropped")])
async def test_what_a_person_settled_after_the_copy_is_still_settled(folder: Path, decision: Decision, state: str, with_copy: bool) -> None:
    sent = EntryId(list(State).index(State.SENT) + 1)
    with opened(folder) as conn:
        write(conn, outbox.move, sent, State.SENT, code=Why.NO_EVIDENCE)
        write(conn, outbox.decide, sent, decision, LATER, "Kari", "front")
    if not with_copy:
        shutil.rmtree(folder / "copies")
    spoil(folder, "shipment_seen")
    await start(folder)
    assert column(folder, "select state from entry order by id")[sent - 1] == state
    assert column(folder, "select entry_id from deed where made_by = 'Kari'") == [sent]


async def test_what_a_report_corrects_is_still_linked_by_the_number_that_it_has_now(folder: Path) -> None:
    with opened(folder) as conn:
        first = bring(conn, enter(conn, 55, Kind.REPORT, LATER), State.CONFIRMED)
        new = entering.NewEntry(order_id=OrderId(55), kind=Kind.REPORT, payload=b"right", corrects=first)
        write(conn, entering.add_all, ACCOUNT, [new], now=LATER, held_until=LATER, made_by="Kari", desk="front")
    spoil(folder, "shipment_seen")
    await start(folder)
    linked = "select f.order_id from entry e join entry f on f.id = e.corrects where e.order_id = 55 and f.state = 'confirmed'"
    assert column(folder, linked) == [55]


async def test_what_gave_way_to_a_newer_report_is_still_linked_by_the_number_that_it_has_now(folder: Path) -> None:
    with opened(folder) as conn:
        bring(conn, enter(conn, 55, Kind.REPORT, LATER), State.REFUSED)
        enter(conn, 55, Kind.REPORT, LATER)
    spoil(folder, "shipment_seen")
    await start(folder)
    linked = "select f.state from entry e join entry f on f.id = e.instead_of where e.order_id = 55 and f.code = 'mended'"
    assert column(folder, linked) == ["dropped"]


async def test_a_draft_that_stayed_beside_a_report_of_the_grid_is_still_there(folder: Path) -> None:
    with opened(folder) as conn:
        new = entering.NewEntry(order_id=OrderId(52), kind=Kind.REPORT, payload=b"of the grid", from_grid=True)
        later = LATER + timedelta(hours=1)
        write(conn, entering.add_all, ACCOUNT, [new], now=later, held_until=later, made_by="Kari", desk="front")
    spoil(folder, "shipment_seen")
    await start(folder)
    assert column(folder, "select order_id from draft order by order_id") == [50, 52]


async def test_of_a_table_that_is_lost_the_copy_s_rows_stay(folder: Path) -> None:
    spoil(folder, "draft", "entry")
    (notice,) = await start(folder)
    assert notice.saved == {"shipments": 21}
    assert notice.unread > 0
    assert column(folder, "select order_id from draft order by order_id") == [50, 51]
    assert {state for state, _ in entries(folder).values()} == {"unclear", "sent", "confirmed", "taken_back", "dropped"}


async def test_a_shipment_whose_row_is_lost_is_made_anew_from_what_zendera_said(folder: Path) -> None:
    spoil(folder, "shipment")
    (notice,) = await start(folder)
    assert notice.saved["shipments"] == 21
    assert column(folder, "select order_id from shipment order by order_id") == list(range(1, 81))
    store = await Database.open(folder)
    try:
        assert list((await store.read(find.find, ACCOUNT, View.ALL, "75", NOON)).ids) == [75]
        assert await store.read(listing.original, ACCOUNT, OrderId(75)) == b"{}"
    finally:
        await store.close()


async def test_what_the_feed_said_finds_its_shipment_again_and_what_the_office_knows_of_stays_known(tmp_path: Path) -> None:
    folder, stop = tmp_path / "desk", StopKind.DELIVERY

    def said(product: int) -> NewChange:
        return told(NOON, product_id=product, stop=stop, status=ProductStatus.NOT_READY)

    with opened(folder) as conn:
        write(conn, feed.start, ACCOUNT, NOON)
        write(conn, feed_evidence.take, ACCOUNT, FeedPage(changes=(said(8), said(9))), NOON)
        backups.make(folder, CopyKind.HOURLY, NOON)
        arrive(conn, *(shipment(product, parcels=[Parcel(product_id=product)]) for product in (7, 8, 9)), now=LATER)
        write(conn, feed_evidence.take, ACCOUNT, FeedPage(changes=(said(7),)), LATER)
        shown, until = board.read(conn, ACCOUNT, OrderId(8), [Parcel(product_id=8)])
        assert write(conn, acknowledgements.acknowledge, ACCOUNT, OrderId(8), stop, shown, until, LATER, by="Kari")
        conn.execute("update feed_change set order_id = 9 where product_id = 7")  # a damaged digit
    spoil(folder, "shipment_seen")
    await start(folder)
    assert column(folder, "select order_id from feed_change order by product_id") == [7, 8, 9]
    assert column(folder, "select differs from shipment order by order_id") == [1, 0, 1]
    assert column(folder, "select made_by from acknowledgement") == ["Kari"]


@pytest.mark.parametrize("with_copy", [False, True], ids=["without a copy", "also in the copy"])
@pytest.mark.parametrize(
    "damage", ["feed_change set status = 'CONPLETED'", "feed_change set at = 1 << 62", "acknowledgement set marks = '[7]'"]
)
async def test_a_value_that_none_of_ours_is_costs_its_row_and_not_every_start(tmp_path: Path, damage: str, with_copy: bool) -> None:
    folder, stop = tmp_path / "desk", StopKind.DELIVERY
    change = told(NOON, product_id=7, stop=stop, status=ProductStatus.NOT_READY)
    with opened(folder) as conn:
        arrive(conn, shipment(7, parcels=[Parcel(product_id=7)]))
        write(conn, feed.start, ACCOUNT, NOON)
        write(conn, feed_evidence.take, ACCOUNT, FeedPage(changes=(change,)), NOON)
        shown, until = board.read(conn, ACCOUNT, OrderId(7), [Parcel(product_id=7)])
        assert write(conn, acknowledgements.acknowledge, ACCOUNT, OrderId(7), stop, shown, until, NOON)
        conn.execute(f"update {damage}")
        if with_copy:
            backups.make(folder, CopyKind.HOURLY, NOON)
    store = await Database.open(folder)
    try:
        with pytest.raises(StoreError, match="damaged"):
            await store.read(board.read, ACCOUNT, OrderId(7), [Parcel(product_id=7)])
    finally:
        await store.close()
    store = await Database.open(folder)
    try:
        await store.read(board.read, ACCOUNT, OrderId(7), [Parcel(product_id=7)])
        assert not store.damaged
        assert await store.read(board.unreadable) == []
    finally:
        await store.close()


async def test_a_damaged_copy_is_passed_over_for_an_older_one(folder: Path) -> None:
    newer = backups.make(folder, CopyKind.HOURLY, LATER)
    newer.path.write_bytes(newer.path.read_bytes()[:20_000])
    spoil(folder, "shipment_seen")
    (notice,) = await start(folder)
    assert notice.copy_at == NOON


async def test_bytes_that_are_not_the_frozen_ones_come_along_and_are_never_sent(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as conn:
        conn.execute("drop trigger entry_frozen")
        conn.execute("update entry set payload = x'00' where order_id = 62")
        conn.commit()
    spoil(folder, "shipment_seen")
    await start(folder)
    assert entries(folder)[62, "accept"] == ("unclear", b"\x00")
    with closing(database.open_writer(folder / FILE_NAME)) as conn:
        (entry,) = conn.execute("select id from entry where order_id = 62").fetchone()
        with pytest.raises(outbox.DamagedError):
            outbox.payload(conn, entry)


async def test_an_original_that_is_none_any_more_does_not_take_the_place_of_a_sound_one(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as conn:
        conn.execute("update shipment_version set original = x'7b22' where order_id in (2, 70) and seen_at > 0 and version = "
                     "(select max(version) from shipment_version v where v.order_id = shipment_version.order_id)")  # fmt: skip
        conn.commit()
    spoil(folder, "shipment_seen")
    (notice,) = await start(folder)
    assert notice.saved["shipments"] == 19
    assert column(folder, "select version from shipment where order_id = 2") == [1]
    assert 70 not in column(folder, "select order_id from shipment")


def test_every_table_is_either_brought_over_or_left_on_purpose(conn: Connection) -> None:
    """A table that a migration adds must be thought of here."""
    names = {row[0] for row in conn.execute("select name from sqlite_master where type = 'table'")}
    names = {name for name in names if not name.startswith(("search_index", "sqlite_"))}
    by_hand = {"account", "call", "shipment", "shipment_version", "parcel", "entry", "attempt", "deed", "entry_picture", "draft"}
    by_hand |= {"stack", "stack_file", "page", "bulk_draft", "bulk_row"}
    assert names == by_hand | set(salvage.PLAIN) | salvage.LEFT


# Going back


async def test_going_back_brings_along_what_zendera_knows_of_and_nothing_else(folder: Path, day: Path) -> None:
    rescue.go_back(folder, backups.copies(folder)[0].path, LATER)
    (notice,) = await start(folder)
    assert (notice.doubt, notice.copy_at) == (Doubt.WENT_BACK, NOON)
    expected = after_the_day(day)
    del expected[62, "accept"], expected[51, "report"]  # they had not left
    assert entries(folder) == expected
    assert column(folder, "select order_id from shipment order by order_id") == list(range(1, 81))
    assert column(folder, "select order_id from draft order by order_id") == [50, 51]
    (kept,) = put_aside(folder)
    assert kept.name.startswith("replaced-")
    with closing(sqlite3.connect(f"{(kept / FILE_NAME).as_uri()}?immutable=1&mode=ro", uri=True)) as conn:
        assert conn.execute("select count(*) from entry").fetchone()[0] == len(entries(day))
    assert await start(folder) == [notice], "and once"


async def test_going_back_leaves_a_refused_report_open_whose_newer_one_does_not_come_along(folder: Path) -> None:
    refused = list(State).index(State.REFUSED) + 1
    with opened(folder) as conn:
        enter(conn, refused, Kind.REPORT, LATER)
        assert conn.execute("select state from entry where id = ?", (refused,)).fetchone()[0] == "dropped"
    rescue.go_back(folder, backups.copies(folder)[0].path, LATER)
    await start(folder)
    assert entries(folder)[refused, "report"][0] == "unclear", "as of all that is open, Zendera is asked about it"


async def test_going_back_to_a_copy_that_is_damaged_is_refused_and_changes_nothing(folder: Path) -> None:
    copy = backups.copies(folder)[0].path
    copy.write_bytes(copy.read_bytes()[:20_000])
    before = (folder / FILE_NAME).read_bytes()
    with pytest.raises(StoreError, match="copy_damaged"):
        rescue.go_back(folder, copy, LATER)
    assert (folder / FILE_NAME).read_bytes() == before
    assert put_aside(folder) == []


async def test_after_going_back_twice_the_numbers_that_were_given_again_are_told_apart(folder: Path) -> None:
    copy = backups.copies(folder)[0].path
    rescue.go_back(folder, copy, LATER)
    await start(folder)
    with opened(folder) as conn:
        bring(conn, enter(conn, 63, Kind.ACCEPT, LATER), State.SENT)
        bring(conn, enter(conn, 64, Kind.ACCEPT, LATER), State.SENT)
    before = entries(folder)
    rescue.go_back(folder, copy, LATER + timedelta(minutes=1))
    await start(folder)
    assert entries(folder) == before


async def test_without_room_for_the_new_database_the_old_one_stays_in_its_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (folder / FILE_NAME).read_bytes()

    def full(*_given: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(StoreError, match="disk_full"):
        rescue.go_back(folder, backups.copies(folder)[0].path, LATER)
    assert (folder / FILE_NAME).read_bytes() == before
    assert names_in(folder) == ["copies", FILE_NAME]


# Dying in the middle: a process of its own is ended, without any of its own tidying up, before its n-th change of the folder


_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.copyfile", "shutil.rmtree", "sqlite3.connect"}


def die_at(moment: int, folder: Path, work: Callable[[], object]) -> bool:
    """Says whether it died. Windows has no fork; the steps are the same there."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        left = moment

        def touched(event: str, given: tuple[object, ...]) -> None:
            nonlocal left
            writes = event in _CHANGES or (event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR))
            if writes and any(str(folder) in str(value) for value in given):
                left -= 1
                if left < 0:
                    os._exit(9)

        with contextlib.suppress(BaseException):
            sys.addaudithook(touched)
            work()
            os._exit(0)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {0, 9}, "it failed by itself"
    return code == 9


def moments(day: Path, place: Path, before: Callable[[Path], None], work: Callable[[Path], Callable[[], object]]) -> Iterator[Path]:
    """A folder for each moment at which the work can die in it, and at last one where it did not."""
    for moment in range(500):
        folder = lay_out(day, place / str(moment))
        before(folder)
        died = die_at(moment, folder, work(folder))
        yield folder
        shutil.rmtree(folder)
        if not died:
            return
    raise AssertionError("it never came to its end")


forking = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")


@forking
async def test_a_death_at_any_moment_of_mending_loses_nothing_and_is_carried_on(day: Path, tmp_path: Path) -> None:
    deaths = 0
    for folder in moments(day, tmp_path, lambda it: spoil(it, "shipment_seen"), lambda it: lambda: asyncio.run(start(it))):
        lay_there = (day / FILE_NAME).stat().st_size
        (notice,) = await start(folder)
        assert_whole(folder, day)
        assert notice.doubt is Doubt.DAMAGED
        assert (folder / notice.aside / FILE_NAME).stat().st_size == lay_there
        assert sorted(path.name for path in folder.iterdir()) == ["copies", notice.aside, FILE_NAME, "desk.state"]
        deaths += 1
    assert deaths > 15


@forking
async def test_a_death_at_any_moment_of_going_back_leaves_the_old_state_or_the_new_one(day: Path, tmp_path: Path) -> None:
    old, new = entries(day), {key: value for key, value in after_the_day(day).items() if key not in {(62, "accept"), (51, "report")}}
    seen = set()
    for folder in moments(day, tmp_path, lambda _it: None, lambda it: lambda: rescue.go_back(it, backups.copies(it)[0].path, LATER)):
        told = await start(folder)
        found = entries(folder)
        went = bool(told)
        assert found == new if went else set(found) == set(old)
        assert bool(put_aside(folder)) == went, "what lay there is kept, and nothing else is left behind"
        assert not {path.name for path in folder.iterdir()} & {PLAN, WORKSHOP}
        assert len(column(folder, "select order_id from shipment")) == 80
        seen.add(went)
    assert seen == {True, False}


@forking
def test_a_death_at_any_moment_of_a_copy_leaves_whole_copies_alone(day: Path, tmp_path: Path) -> None:
    def make(folder: Path) -> Callable[[], object]:
        return lambda: backups.make(folder, CopyKind.HOURLY, LATER)

    counts = set()
    for folder in moments(day, tmp_path, lambda _it: None, make):
        lines = backups.lines(folder)
        assert [line.shipments for line in lines] in ([60], [80, 60])
        counts.add(len(lines))
        backups.make(folder, CopyKind.HOURLY, LATER + timedelta(hours=1))
        assert all(path.suffix == ".sqlite3" for path in (folder / "copies").iterdir()), "the next copy sweeps away what was left"
    assert counts == {1, 2}


@pytest.mark.skipif(sys.platform == "win32", reason="a file can be kept from growing on Posix only")
def test_a_new_file_that_does_not_come_out_of_its_log_takes_nobodys_place(folder: Path) -> None:
    """Closing a database checkpoints it, and says nothing where the disk refuses."""
    add_rows(folder, 0, 300)
    copy = backups.make(folder, CopyKind.HOURLY, LATER).path
    add_rows(folder, 300, 400)
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (copy.stat().st_size + 300_000, hard))  # there is room for a log, not for the file
    try:
        with contextlib.suppress(StoreError):
            rescue.go_back(folder, copy, LATER)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    with contextlib.closing(sqlite3.connect(folder / FILE_NAME)) as conn:
        assert conn.execute("pragma integrity_check").fetchone()[0] == "ok"
        assert conn.execute("select count(*) from feed_broken").fetchone()[0] == 400


def add_rows(folder: Path, first: int, end: int) -> None:
    with contextlib.closing(sqlite3.connect(folder / FILE_NAME)) as conn, conn:
        conn.executemany("insert into feed_broken values (?, ?, ?, 0)", [(ACCOUNT, f"{row}", bytes(9_000)) for row in range(first, end)])


@pytest.mark.parametrize(
    "original", [b'{"name":"\\ud800"}', b'\xef\xbb\xbf{"orderId":7}', b'{"name":"R\xf8ros"}', b'{"orderId"', b"\x00" * 8, b"[" * 100_000]
)
def test_an_original_is_whole_exactly_when_what_zendera_sends_could_be_read(original: bytes) -> None:
    try:
        values.decode(original)
        readable = True
    except values.WireError:
        readable = False
    assert salvage._is_json(original) is readable
