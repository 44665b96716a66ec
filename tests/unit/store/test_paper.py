"""The tray in the database: found by indexes, whole after a rescue, and gone when its time is over, from the copies too."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from unit.store.office import ACCOUNT, NOON, arrive, bring, enter, opened, shipment, write
from unit.store.test_rescue import spoil, start
from zendera_desk.domain.copies import CopyKind
from zendera_desk.domain.ids import EntryId, OrderId, PageId, PictureId, StackId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.paper import Code, Cut, Edits, PageState, Stack
from zendera_desk.domain.report import Draft, Picture
from zendera_desk.store import backups, drafts, entering, filing, paper, paper_reading, pictures, purged_copies, retention
from zendera_desk.store.database import FILE_NAME, Connection, transaction
from zendera_desk.store.pictures import Origin

CANARY = "zqxcanary7f31"
SOURCE = "ab" + "0" * 62


def stack_of(conn: Connection, pages: int = 2, name: str = CANARY, source: str = SOURCE) -> StackId:
    """All of it read; its first page names order 1."""
    stack = write(conn, paper.begin, ACCOUNT, name, NOON)
    assert write(conn, paper.put_file, stack, ACCOUNT, f"{name}.pdf", source, pages)
    for page in paper_reading.waiting(conn, pages):
        origin = Origin(source=page.source, page=page.number)
        picture = Picture(id=origin.picture, name=page.name, width=1, height=1, size=1)
        write(conn, pictures.put, picture, origin, f"made of {page.id}", NOON)
        codes = (Code(kind="code128", text="A-1" if page.number == 0 else f"other {CANARY} {page.number}"),)
        write(conn, paper_reading.put_read, page, picture.id, (*codes, Code(kind="code128", text="1")) if page.number == 0 else codes)
    return stack


def stack_in(conn: Connection, number: int = 1) -> Stack:
    found = paper.stack(conn, ACCOUNT, StackId(number))
    assert found is not None
    return found


@contextlib.contextmanager
def again(folder: Path) -> Iterator[Connection]:
    with contextlib.closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as conn:
        conn.row_factory = sqlite3.Row
        yield conn


# Found by indexes


def test_no_query_about_paper_goes_through_all_of_it(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    asked: list[str] = []
    conn.set_trace_callback(asked.append)
    stack = stack_of(conn)
    first, second = (page.id for page in stack_in(conn, stack).pages)
    paper.stacks(conn, ACCOUNT)
    write(conn, paper.cut, ACCOUNT, first, Cut.STARTS)
    write(conn, paper.edit, ACCOUNT, first, Edits(turn=90), None)
    write(conn, paper.file, ACCOUNT, [first, second], OrderId(1), NOON)
    write(conn, paper.unfile, ACCOUNT, [first], NOON)
    write(conn, drafts.discard, ACCOUNT, OrderId(1))
    write(conn, paper.drop, ACCOUNT, [first], NOON)
    paper.dropped(conn, ACCOUNT)
    write(conn, paper.restore, ACCOUNT, stack_in(conn, stack).pages)
    paper_reading.concerned(conn, ACCOUNT, [OrderId(1), OrderId(2)])
    paper_reading.where_filed(conn, ACCOUNT, [OrderId(1)])
    retention.loose_over(conn, retention.before(NOON, 90, 400))
    retention.shipments_over(conn, retention.before(NOON, 90, 400))
    conn.set_trace_callback(None)
    big = {"page", "g", "stack_file", "f", "page_number", "n", "page_match", "m", "picture", "p", "shipment_number"}
    few = {"page_waiting", "page_back", "page_dropped", "page_open"}
    scans = {}
    for statement in asked:
        if statement.lstrip().split(" ", 1)[0].lower() in {"select", "update", "delete"}:
            plan = [row["detail"].split(" ") for row in conn.execute(f"explain query plan {statement}")]
            if found := [
                detail
                for detail in plan
                if (detail[0] == "SCAN" or detail[-1] == "(account=?)") and detail[1] in big - few and not few & set(detail)
            ]:
                scans[statement] = found
    assert not scans


# Matching


def test_only_pages_that_a_changed_shipment_concerns_are_matched_again(conn: Connection) -> None:
    arrive(conn, shipment(1))
    first, second = stack_in(conn, stack_of(conn)).pages
    assert (first.matches, second.matches) == ((1,), ())
    assert paper_reading.concerned(conn, ACCOUNT, [OrderId(1)]) == [first.id]
    assert paper_reading.concerned(conn, ACCOUNT, [OrderId(2)]) == []
    arrive(conn, shipment(2))
    assert write(conn, paper_reading.match, ACCOUNT, [first.id, second.id]) == set()
    write(conn, paper.file, ACCOUNT, [first.id], OrderId(1), NOON)
    assert paper_reading.concerned(conn, ACCOUNT, [OrderId(1)]) == []


def test_a_printed_word_names_no_shipment_beside_a_barcode_of_none_until_that_one_comes(conn: Connection) -> None:
    arrive(conn, shipment(123456))
    stack = write(conn, paper.begin, ACCOUNT, "", NOON)
    write(conn, paper.put_file, stack, ACCOUNT, "a.pdf", SOURCE, 1)
    (waiting,) = paper_reading.waiting(conn, 9)
    codes = (Code(kind="code128", text="2"), Code(kind="text", text="A-123456"))
    write(conn, paper_reading.put_read, waiting, None, codes)
    (document,) = stack_in(conn).documents
    assert (document.order_id, document.candidates) == (None, (123456,))
    arrive(conn, shipment(2))
    assert write(conn, paper_reading.match, ACCOUNT, paper_reading.concerned(conn, ACCOUNT, [OrderId(2)])) == {stack}
    assert stack_in(conn).documents[0].order_id == 2


def test_what_was_read_before_a_person_changed_the_picture_is_not_taken_for_what_it_shows_now(conn: Connection) -> None:
    stack = write(conn, paper.begin, ACCOUNT, "", NOON)
    write(conn, paper.put_file, stack, ACCOUNT, "a.pdf", SOURCE, 1)
    (page,) = paper_reading.waiting(conn, 9)
    write(conn, paper.edit, ACCOUNT, page.id, Edits(turn=90), None)
    write(conn, paper_reading.put_read, page, None, ())
    assert stack_in(conn).pages[0].state is PageState.WAITING


def test_what_is_damaged_on_disk_hides_no_page(conn: Connection, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL", "zendera_desk.store")
    stack_of(conn)
    write(conn, lambda conn: conn.execute("update page set codes = '[{', edits = 'x'"))
    assert [(page.codes, page.edits) for page in stack_in(conn).pages] == [((), Edits())] * 2
    write(conn, paper_reading.match, ACCOUNT, [PageId(1)])


# After a rescue


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("paper")
    with opened(folder) as conn:
        arrive(conn, *(shipment(number) for number in range(1, 61)))
        stack_of(conn, name="morning")
        backups.make(folder, CopyKind.HOURLY, NOON)
        stack_of(conn, pages=3, name="afternoon", source="cd" + "0" * 62)
        write(conn, paper.file, ACCOUNT, [PageId(1)], OrderId(1), NOON)
        write(conn, paper.assign, ACCOUNT, [PageId(4)], OrderId(7))
        write(conn, paper.drop, ACCOUNT, [PageId(5)], NOON)
    return folder


@pytest.mark.parametrize("lost", ["shipment_seen", "stack", "stack_file", "picture", "page_match", "draft"])
async def test_every_page_is_there_after_a_rescue_and_as_far_on_as_can_be_known(
    day: Path, tmp_path: Path, lost: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "zendera_desk.store")
    folder = tmp_path / "desk"
    shutil.copytree(day, folder)
    spoil(folder, lost)
    (notice,) = await start(folder)
    assert notice
    with again(folder) as conn:
        pages = {page.id: page for id_ in (1, 2) for page in stack_in(conn, id_).pages}
        assert set(pages) == {1, 2, 3, 4, 5}
        assert (pages[PageId(4)].assigned, pages[PageId(5)].state) == (7, PageState.DROPPED)
        if lost == "draft":
            assert pages[PageId(1)].filed is None  # nothing has it any more: it is in the tray again
        elif lost == "picture":
            assert {page.state for page in pages.values()} <= {PageState.READ, PageState.WAITING, PageState.DROPPED}
        else:
            assert pages[PageId(1)].filed == 1
        with transaction(conn):
            paper_reading.match(conn, ACCOUNT, paper_reading.unfiled(conn, ACCOUNT))
        assert stack_in(conn, 2).pages[0].matches == (() if lost == "picture" else (1,))  # it is looked at once more


# Its time is over


def test_what_was_put_aside_goes_after_its_days_with_every_word_about_it(tmp_path: Path) -> None:
    with opened(tmp_path) as conn:
        stack_of(conn)
        write(conn, paper.put_refused, StackId(1), ACCOUNT, f"{CANARY}.txt", "format", {"format": CANARY})
        write(conn, paper.drop, ACCOUNT, [PageId(1), PageId(2)], NOON)
        purge(conn, days=89)
        assert len(paper.dropped(conn, ACCOUNT)) == 2
        purge(conn, days=91)
        assert paper.stack(conn, ACCOUNT, StackId(1)) is None
        while write(conn, pictures.forget_unnamed, NOON + timedelta(days=91)):
            pass
        assert pictures.named(conn) == frozenset()
        retention.compact(conn, lambda: False)
        conn.execute("pragma wal_checkpoint(truncate)")
    assert CANARY.encode() not in (tmp_path / FILE_NAME).read_bytes()


def take_for_separators(conn: Connection, *pages: int) -> None:
    for page in pages:
        write(conn, lambda conn, page=page: conn.execute("update page set separator = 1 where id = ?", (page,)))


def test_separators_are_put_aside_with_the_last_page_of_their_stack_and_not_before(conn: Connection) -> None:
    arrive(conn, shipment(1))
    stack_of(conn, pages=3)
    take_for_separators(conn, 2)
    write(conn, paper.file, ACCOUNT, [PageId(1)], OrderId(1), NOON)
    purge(conn, days=500)
    assert [page.state for page in stack_in(conn).pages] == [PageState.READ] * 3
    write(conn, paper.drop, ACCOUNT, [PageId(3)], NOON)
    assert [page.id for page in paper.dropped(conn, ACCOUNT)] == [2, 3]
    assert paper.stacks(conn, ACCOUNT) == []


def test_a_separator_that_is_read_when_all_it_parts_is_filed_goes_aside_with_that(conn: Connection) -> None:
    arrive(conn, shipment(1))
    stack = write(conn, paper.begin, ACCOUNT, "", NOON)
    write(conn, paper.put_file, stack, ACCOUNT, "a.pdf", SOURCE, 2)
    first, second = paper_reading.waiting(conn, 9)
    origin = Origin(source=SOURCE)
    picture = Picture(id=origin.picture, name="", width=1, height=1, size=1)
    write(conn, pictures.put, picture, origin, "made", NOON)
    write(conn, paper_reading.put_read, first, picture.id, ())
    write(conn, paper.file, ACCOUNT, [first.id], OrderId(1), NOON)
    assert len(paper.stacks(conn, ACCOUNT)) == 1
    write(conn, paper_reading.put_read, second, None, (Code(kind="qr", text="PATCHT"),), separator=True)
    assert paper.stacks(conn, ACCOUNT) == []
    assert [page.id for page in paper.dropped(conn, ACCOUNT)] == [second.id]


def test_what_was_taken_for_separators_alone_lies_in_the_tray_until_a_person_puts_it_aside(conn: Connection) -> None:
    stack_of(conn)
    take_for_separators(conn, 1, 2)
    purge(conn, days=5000)
    assert [len(stack.pages) for stack in paper.stacks(conn, ACCOUNT)] == [2]


@pytest.mark.parametrize("said", ["shipment", "cut", "bring back"])
def test_whatever_a_person_says_about_a_separator_makes_it_a_page_again_for_good(conn: Connection, said: str) -> None:
    (page, _) = stack_in(conn, stack_of(conn)).pages
    take_for_separators(conn, page.id)
    match said:
        case "shipment":
            write(conn, paper.assign, ACCOUNT, [page.id], OrderId(7))
        case "cut":
            write(conn, paper.cut, ACCOUNT, page.id, Cut.STARTS)
        case _:
            write(conn, paper.drop, ACCOUNT, [page.id], NOON)
            write(conn, paper.bring_back, ACCOUNT, [page.id])
    write(conn, paper.read_again, ACCOUNT, [page.id])
    (waiting,) = paper_reading.waiting(conn, 9)
    write(conn, paper_reading.put_read, waiting, None, (Code(kind="qr", text="PATCHT"),), separator=True)
    again = stack_in(conn).pages[0]
    assert (again.state, again.separator, again.is_open) == (PageState.READ, False, True)


def test_what_was_put_aside_is_exactly_as_it_was_when_that_is_taken_back(conn: Connection) -> None:
    stack = stack_of(conn, pages=4)
    take_for_separators(conn, 2, 4)
    write(conn, paper.cut, ACCOUNT, PageId(3), Cut.STARTS)
    before = stack_in(conn, stack)
    write(conn, paper.drop, ACCOUNT, [PageId(1), PageId(2)], NOON)
    _, _, were = write(conn, paper.drop, ACCOUNT, [PageId(3)], NOON)
    assert [page.id for page in were] == [3, 4], "the separator behind the last page went with it"
    assert paper.stacks(conn, ACCOUNT) == []
    write(conn, paper.restore, ACCOUNT, were)
    assert stack_in(conn, stack).pages[2:] == before.pages[2:]
    write(conn, paper.restore, ACCOUNT, before.pages[:2])
    assert stack_in(conn, stack) == before


def test_a_page_that_is_brought_back_before_it_was_read_may_still_turn_out_to_part_documents(conn: Connection) -> None:
    stack = write(conn, paper.begin, ACCOUNT, "", NOON)
    write(conn, paper.put_file, stack, ACCOUNT, "a.pdf", SOURCE, 2)
    write(conn, paper.drop, ACCOUNT, [PageId(1)], NOON)
    write(conn, paper.bring_back, ACCOUNT, [PageId(1)])
    waiting, _ = paper_reading.waiting(conn, 9)
    write(conn, paper_reading.put_read, waiting, None, (Code(kind="qr", text="PATCHT"),), separator=True)
    assert stack_in(conn, stack).pages[0].separator


def test_a_separator_among_pages_that_are_given_to_a_shipment_stays_one(conn: Connection) -> None:
    stack = stack_of(conn, pages=3)
    take_for_separators(conn, 2)
    write(conn, paper.assign, ACCOUNT, [PageId(1), PageId(2), PageId(3)], OrderId(7))
    assert [(page.separator, page.assigned) for page in stack_in(conn, stack).pages] == [(False, 7), (True, None), (False, 7)]


def test_who_takes_back_whose_a_separator_is_has_a_separator_again(conn: Connection) -> None:
    stack_of(conn)
    take_for_separators(conn, 1)
    before = stack_in(conn)
    write(conn, paper.assign, ACCOUNT, [PageId(1)], OrderId(7))
    write(conn, paper.cut, ACCOUNT, PageId(2), Cut.FOLLOWS)
    write(conn, paper.restore, ACCOUNT, before.pages)
    assert stack_in(conn) == before


def test_what_carries_a_separators_code_and_names_a_shipment_is_a_paper_with_a_sticker(conn: Connection) -> None:
    arrive(conn, shipment(123456))
    stack = write(conn, paper.begin, ACCOUNT, "", NOON)
    write(conn, paper.put_file, stack, ACCOUNT, "a.pdf", SOURCE, 2)
    one, other = paper_reading.waiting(conn, 9)
    sticker = Code(kind="qr", text="PATCHT")
    write(conn, paper_reading.put_read, one, None, (sticker, Code(kind="text", text="A-123456")), separator=True)
    write(conn, paper_reading.put_read, other, None, (sticker, Code(kind="text", text="A4-80G")), separator=True)
    assert [page.separator for page in stack_in(conn, stack).pages] == [False, True]
    assert [document.order_id for document in stack_in(conn, stack).documents] == [123456, None]


def test_without_a_limit_nothing_goes(conn: Connection) -> None:
    stack_of(conn)
    write(conn, paper.drop, ACCOUNT, [PageId(1)], NOON)
    limits = retention.before(NOON + timedelta(days=5000), 0, 0)
    assert {table: rows for table, rows in retention.loose_over(conn, limits).items() if rows} == {}


def test_a_page_that_two_reports_have_goes_with_the_second(conn: Connection) -> None:
    arrive(conn, shipment(1))
    (page, _) = stack_in(conn, stack_of(conn)).pages
    assert page.picture is not None
    first = report(conn, page.id, page.picture.id, days=0)
    second = report(conn, page.id, page.picture.id, days=50)
    purge(conn, days=100)
    assert [one.filed for one in stack_in(conn).pages] == [1, None]
    purge(conn, days=150)
    assert [one.id for one in stack_in(conn).pages] == [2]
    assert first != second


def test_a_copy_lets_go_what_was_put_aside_and_is_too_old_once_a_page_of_it_is_gone(tmp_path: Path) -> None:
    with opened(tmp_path) as conn:
        arrive(conn, shipment(1))
        (first, second) = stack_in(conn, stack_of(conn)).pages
        write(conn, paper.drop, ACCOUNT, [second.id], NOON)
        backups.make(tmp_path, CopyKind.HOURLY, NOON)
        limits, now = retention.before(NOON + timedelta(days=91), 90, 400), NOON + timedelta(days=91)
        (copy,) = backups.copies(tmp_path)
        left = purged_copies.purge(copy, limits, now, lambda: False)
        assert left is not None
        assert left.pages == {(first.id, SOURCE)}
        assert not purged_copies.is_stale(conn, left)
        write(conn, paper.drop, ACCOUNT, [first.id], NOON)
        purge(conn, days=91)
        assert purged_copies.is_stale(conn, left)


def test_a_page_stays_with_a_draft_that_cannot_be_read(conn: Connection) -> None:
    arrive(conn, shipment(1))
    (page, _) = stack_in(conn, stack_of(conn)).pages
    write(conn, paper.file, ACCOUNT, [page.id], OrderId(1), NOON)
    write(conn, lambda conn: conn.execute("update draft set content = '{' || content"))
    write(conn, filing.settle, ACCOUNT, OrderId(1))
    assert stack_in(conn).pages[0].filed == 1


# The same paper twice


BLANK = "the same JPEG"


def backs(conn: Connection) -> list[PageId]:
    """Two files of one blank page each."""
    for source in (SOURCE, "cd" + "0" * 62):
        stack = write(conn, paper.begin, ACCOUNT, source[:2], NOON)
        write(conn, paper.put_file, stack, ACCOUNT, f"{source[:2]}.pdf", source, 1)
        (page,) = paper_reading.waiting(conn, 1)
        blank = Picture(id=PictureId(source), name="", width=1, height=1, size=1)
        named = write(conn, pictures.put, blank, Origin(source=source), BLANK, NOON)
        write(conn, paper_reading.put_read, page, named.id, ())
    return [page.id for stack in paper.stacks(conn, ACCOUNT) for page in stack.pages]


def filed(conn: Connection) -> list[OrderId | None]:
    return [page.filed for id_ in (1, 2) for page in stack_in(conn, id_).pages]


def test_papers_that_look_alike_do_not_tie_their_shipments_together(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    first, second = backs(conn)
    write(conn, paper.file, ACCOUNT, [first], OrderId(1), NOON)
    write(conn, paper.file, ACCOUNT, [second], OrderId(2), NOON)
    write(conn, paper.unfile, ACCOUNT, [first], NOON)
    assert filed(conn) == [None, 2]
    write(conn, paper.file, ACCOUNT, [first], OrderId(1), NOON)
    write(conn, drafts.discard, ACCOUNT, OrderId(1))
    assert filed(conn) == [None, 2]


def test_a_picture_given_to_a_form_is_not_taken_for_the_paper_that_it_looks_like(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    first, _ = backs(conn)
    write(conn, paper.file, ACCOUNT, [first], OrderId(1), NOON)
    origin = Origin(source="ef" + "0" * 62)
    given = write(conn, pictures.put, Picture(id=origin.picture, name="photo.jpg", width=1, height=1, size=1), origin, BLANK, NOON)
    write(conn, drafts.save, ACCOUNT, OrderId(2), Draft(pictures=(given,)), NOON)
    write(conn, drafts.discard, ACCOUNT, OrderId(1))
    assert filed(conn) == [None, None]


def twins(conn: Connection, *orders: int) -> list[PageId]:
    """The page of a file that came in a second time when the first was filed already."""
    found = []
    for order in orders:
        stack = stack_of(conn, pages=1)
        (page,) = stack_in(conn, stack).pages
        write(conn, paper.file, ACCOUNT, [page.id], OrderId(order), NOON)
        found.append(page.id)
    return found


def test_the_same_file_in_two_stacks_is_filed_and_taken_out_each_by_itself(conn: Connection) -> None:
    arrive(conn, shipment(1), shipment(2))
    _, second = twins(conn, 1, 2)
    write(conn, paper.unfile, ACCOUNT, [second], NOON)
    assert filed(conn) == [1, None]
    write(conn, paper.file, ACCOUNT, [second], OrderId(2), NOON)
    write(conn, drafts.discard, ACCOUNT, OrderId(2))
    assert filed(conn) == [1, None]


def test_the_same_file_twice_in_one_form_stays_for_the_other_page(conn: Connection) -> None:
    arrive(conn, shipment(1))
    _, second = twins(conn, 1, 1)
    write(conn, paper.unfile, ACCOUNT, [second], NOON)
    draft = drafts.load(conn, ACCOUNT, OrderId(1))
    assert draft is not None
    assert (filed(conn), len(draft.pictures)) == ([1, None], 1)


def purge(conn: Connection, days: int) -> None:
    now = NOON + timedelta(days=days)
    limits = retention.before(now, 90, 400)
    write(conn, retention.purge_entries, retention.entries_over(conn, limits), limits, now)
    for table, rows in retention.loose_over(conn, limits).items():
        write(conn, retention.purge_loose, table, rows, limits)


def report(conn: Connection, page: PageId, picture: PictureId, days: int) -> EntryId:
    """Files the page, sends it, and sees it confirmed so many days later."""
    now = NOON + timedelta(days=days)
    write(conn, paper.file, ACCOUNT, [page], OrderId(1), now)
    draft = msgspec.structs.replace(drafts.load(conn, ACCOUNT, OrderId(1)) or Draft(), signee=CANARY)
    write(conn, drafts.save, ACCOUNT, OrderId(1), draft, now)
    new = entering.NewEntry(order_id=OrderId(1), kind=Kind.REPORT, payload=b"{}", event_at=now, draft=draft, pictures=(picture,))
    (entry,) = write(conn, entering.add_all, ACCOUNT, [new], now=now, held_until=now, made_by="Kari", desk="front")
    bring(conn, entry, State.CONFIRMED)
    write(conn, retention.note_closed, now)
    return entry


def test_a_page_is_where_its_picture_is_and_in_the_tray_when_nothing_has_it(conn: Connection) -> None:
    arrive(conn, shipment(1))
    (page, _) = stack_in(conn, stack_of(conn)).pages
    entry = enter(conn, 1, Kind.REPORT)
    assert filing.origins(conn, ACCOUNT, OrderId(1)) == set()
    write(conn, paper.file, ACCOUNT, [page.id], OrderId(1), NOON)
    assert filing.origins(conn, ACCOUNT, OrderId(1), without=entry) == {(SOURCE, 0)}
    bring(conn, entry, State.TAKEN_BACK)
    assert stack_in(conn).pages[0].filed == 1
    write(conn, drafts.save, ACCOUNT, OrderId(1), Draft(time="1430"), NOON)
    assert stack_in(conn).pages[0].filed is None
