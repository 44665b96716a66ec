"""A stack of paper, from the scanner to the report: what is in the tray is never lost, and never in two places."""

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from support.day import Day
from unit.pictures.made import corners, encoded, pdf, says
from zendera_desk.domain.changes import Change, DraftsChanged, PaperChanged
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId, PageId
from zendera_desk.domain.paper import Cut, Edits, Page, PageState, PaperCounts, Stack, documents
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import WatchedFolder, Written
from zendera_desk.store import retention


def note(order_id: int | None, *beside: str) -> bytes:
    """A page's drawing."""
    return says(f"Order {order_id}" if order_id else " ".join(("a signature", *beside)))


async def read(day: Day) -> None:
    """Until everything is read."""
    while await day.desk.paper.reading.step(day.clock.now()) is not None:
        pass


async def taken(day: Day, *sources: Path | bytes) -> Stack:
    id_ = await day.desk.paper.add(sources)
    await read(day)
    return await day.desk.paper.stack(id_)


async def restart(day: Day) -> None:
    """As after a kill, without what the killed program would have left running."""
    await day.desk.developing.close()
    await day.restart()


async def accepted(day: Day) -> list[OrderId]:
    await day.walk()
    ids = await day.ids()
    await day.desk.accept(ids)
    await day.send()
    await day.walk()
    return ids


def ids(pages: Sequence[Page]) -> list[PageId]:
    return [page.id for page in pages]


async def tray(day: Day) -> list[list[PageId]]:
    return [ids([page for page in stack.pages if page.is_open]) for stack in await day.desk.paper.stacks()]


async def pictures_in_draft(day: Day, order_id: OrderId) -> list[str]:
    found = await day.desk.shipment(order_id)
    return [] if found is None or found.draft is None else [picture.id for picture in found.draft.pictures]


# In


async def test_a_stack_falls_into_documents_and_each_finds_its_shipment(day: Day) -> None:
    await day.walk()
    first, second, *_ = await day.ids()
    stack = await taken(day, pdf(note(first), note(None), note(second)))
    assert [page.state for page in stack.pages] == [PageState.READ] * 3
    found = documents(stack.pages)
    assert [(len(document.pages), document.order_id) for document in found] == [(2, first), (1, second)]
    assert await day.desk.paper.counts() == PaperCounts(ready=2)
    assert await day.desk.paper.stacks() == [stack]


async def test_pages_are_there_before_they_are_read_and_after_a_kill(day: Day) -> None:
    id_ = await day.desk.paper.add([pdf(note(None), note(None), note(None))], "Monday")
    assert await day.desk.paper.counts() == PaperCounts(waiting=3)
    await restart(day)
    stack = await day.desk.paper.stack(id_)
    assert ([page.number for page in stack.pages], stack.name) == ([1, 2, 3], "Monday")
    await read(day)
    assert [page.state for page in (await day.desk.paper.stack(id_)).pages] == [PageState.READ] * 3


async def test_files_in_are_files_shown(day: Day, tmp_path: Path) -> None:
    good, text, gone = tmp_path / "good.jpg", tmp_path / "letter.txt", tmp_path / "gone.pdf"
    good.write_bytes(encoded(corners()))
    text.write_text("Dear Kari", encoding="utf-8")
    stack = await taken(day, text, good, gone, b"")
    assert [page.name for page in stack.pages] == ["good.jpg"]
    assert stack.refused == (("letter.txt", "format"), ("gone.pdf", "not_opened"), ("", "empty"))
    assert stack.refused_values[0] == {"format": "text"}


async def test_the_same_file_is_not_taken_twice_while_it_waits_and_is_marked_when_it_was_filed(day: Day) -> None:
    (order, *_) = await accepted(day)
    source = pdf(note(None))
    first = await taken(day, source)
    again = await taken(day, source, source)
    assert (again.pages, again.refused) == ((), (("", "already_here"),) * 2)
    await day.desk.paper.file(ids(first.pages), order)
    third = await taken(day, source)
    assert [page.seen_before for page in (*first.pages, *third.pages)] == [False, True]


async def test_a_page_that_cannot_be_read_is_seen_as_that_and_keeps_its_place(day: Day) -> None:
    broken = encoded(corners().resize((640, 320)))[:-3000]
    stack = await taken(day, encoded(corners()), broken, encoded(corners().rotate(180)))
    first, second, third = stack.pages
    assert (second.state, second.picture, second.code) == (PageState.UNREADABLE, None, "unreadable")
    assert [ids(document.pages) for document in documents(stack.pages)] == [[first.id], [second.id], [third.id]]
    assert (await day.desk.paper.counts()).unread == 1
    await day.desk.paper.read_again([second.id])
    assert (await day.desk.paper.counts()).waiting == 1


# Matching


async def test_paper_that_came_before_its_shipment_finds_it_when_it_arrives(day: Day) -> None:
    orders = day.simulator.world.waiting()
    stack = await taken(day, pdf(note(orders[0]), note(orders[1])))
    assert [page.matches for page in stack.pages] == [(), ()]
    told = heard(day)
    await day.walk()
    await read(day)
    assert [page.matches for page in (await day.desk.paper.stack(stack.id)).pages] == [(orders[0],), (orders[1],)]
    assert PaperChanged(frozenset({stack.id})) in told


async def test_what_was_missed_while_the_program_was_closed_is_matched_at_the_start(day: Day) -> None:
    order = day.simulator.world.waiting()[0]
    stack = await taken(day, pdf(note(order)))
    await day.walk()
    await restart(day)  # it never came to look
    await read(day)
    assert (await day.desk.paper.stack(stack.id)).pages[0].matches == (order,)


async def test_a_page_names_a_shipment_that_is_gone_no_more(day: Day) -> None:
    (order, *_) = await accepted(day)
    stack = await taken(day, pdf(note(order)))
    await day.desk._database.write(lambda conn: conn.execute("delete from shipment_number where order_id = ?", (order,)))
    day.desk._publish_entries([], [order])
    await read(day)
    assert (await day.desk.paper.stack(stack.id)).pages[0].matches == ()


# What a person says


async def test_cuts_and_assignments_are_kept_and_can_be_taken_back(day: Day) -> None:
    await day.walk()
    order, other, *_ = await day.ids()
    first, second, third = (await taken(day, pdf(note(order), note(None), note(None)))).pages
    await day.desk.paper.cut(second.id, Cut.STARTS)
    await day.desk.paper.assign([second.id], other)
    await restart(day)
    stack = await day.desk.paper.stack(first.stack)
    assert [(ids(document.pages), document.order_id) for document in documents(stack.pages)] == [
        ([first.id], order), ([second.id, third.id], other),
    ]  # fmt: skip
    await day.desk.paper.cut(second.id, Cut.AUTO)
    await day.desk.paper.assign([second.id], None)
    assert len(documents((await day.desk.paper.stack(first.stack)).pages)) == 1


async def test_a_dropped_page_leaves_the_tray_keeps_its_place_and_comes_back(day: Day) -> None:
    first, second = (await taken(day, pdf(note(None), note(None)))).pages
    await day.desk.paper.drop([first.id])
    assert await tray(day) == [[second.id]]
    assert ids(await day.desk.paper.dropped()) == [first.id]
    assert [page.state for page in (await day.desk.paper.stack(first.stack)).pages] == [PageState.DROPPED, PageState.READ]
    await day.desk.paper.bring_back([first.id])
    assert await tray(day) == [[first.id, second.id]]
    assert (await day.desk.paper.stack(first.stack)).pages == (first, second)


async def test_a_turned_page_is_another_picture_and_turned_four_times_the_first(day: Day) -> None:
    (page,) = (await taken(day, encoded(corners()))).pages
    await day.desk.paper.turn(page.id, 90)
    (turned,) = (await day.desk.paper.stack(page.stack)).pages
    assert turned.picture is not None
    assert (turned.picture.width, turned.picture.height, turned.edits) == (32, 64, Edits(turn=90))
    for _ in range(3):
        await day.desk.paper.turn(page.id, 90)
    assert (await day.desk.paper.stack(page.stack)).pages == (page,)


async def test_a_page_that_is_turned_before_it_was_read_is_read_as_it_was_turned(day: Day) -> None:
    id_ = await day.desk.paper.add([encoded(corners())])
    (page,) = (await day.desk.paper.stack(id_)).pages
    await day.desk.paper.turn(page.id, 90)
    await read(day)
    (read_page,) = (await day.desk.paper.stack(id_)).pages
    assert read_page.picture is not None
    assert (read_page.picture.width, read_page.picture.height) == (32, 64)


# Into a form, and out of it


async def test_filing_puts_the_pictures_behind_those_in_the_form_and_keeps_all_else(day: Day) -> None:
    order, *_ = await accepted(day)
    own = await day.desk.add_picture(encoded(corners().rotate(90, expand=True)))
    await day.desk.save_draft(order, Draft(time="1430", signee="Ola", pictures=(own,)))
    first, second = (await taken(day, pdf(note(order), note(None)))).pages
    told = heard(day)
    draft = await day.desk.paper.file([second.id, first.id], order)
    assert (draft.time, draft.signee, draft.pictures) == ("1430", "Ola", (own, second.picture, first.picture))
    assert await pictures_in_draft(day, order) == [picture.id for picture in draft.pictures]
    assert await tray(day) == []
    assert {type(change) for change in told} >= {PaperChanged, DraftsChanged}
    assert await day.desk.paper.file([second.id, first.id], order) == draft


async def test_what_cannot_be_sent_stays_in_the_tray_when_the_rest_is_filed(day: Day) -> None:
    order, *_ = await accepted(day)
    first, broken = (await taken(day, encoded(corners()), encoded(corners().resize((640, 320)))[:-3000])).pages
    draft = await day.desk.paper.file([first.id, broken.id], order)
    assert draft.pictures == (first.picture,)
    assert await tray(day) == [[broken.id]]


async def test_what_is_taken_out_of_the_form_is_in_the_tray_again(day: Day) -> None:
    order, *_ = await accepted(day)
    first, second = (await taken(day, pdf(note(order), note(None)))).pages
    await day.desk.paper.file([first.id, second.id], order)
    await day.desk.paper.unfile([first.id])
    assert await tray(day) == [[first.id]]
    assert await pictures_in_draft(day, order) == [second.picture.id if second.picture else ""]
    await day.desk.paper.unfile([second.id])
    assert await tray(day) == [[first.id, second.id]]
    found = await day.desk.shipment(order)
    assert found is not None
    assert found.draft is None


async def test_a_form_that_lets_a_page_go_gives_it_back_to_the_tray(day: Day) -> None:
    order, *_ = await accepted(day)
    first, second = (await taken(day, pdf(note(order), note(None)))).pages
    draft = await day.desk.paper.file([first.id, second.id], order)
    await read(day)
    told = heard(day)
    await day.desk.save_draft(order, Draft(pictures=draft.pictures[:1]))
    assert await tray(day) == [[second.id]]
    await read(day)
    assert PaperChanged(frozenset({first.stack})) in told
    await day.desk.discard_draft(order)
    assert await tray(day) == [[first.id, second.id]]


async def test_a_picture_that_is_cropped_in_the_form_is_still_the_page(day: Day) -> None:
    order, *_ = await accepted(day)
    (page,) = (await taken(day, encoded(corners()))).pages
    draft = await day.desk.paper.file([page.id], order)
    cropped = await day.desk.edit_picture(draft.pictures[0].id, Edits(crop=(0, 0, 0.5, 0.5)))
    await day.desk.save_draft(order, Draft(pictures=(cropped,)))
    assert await tray(day) == []
    await day.desk.paper.unfile([page.id])
    assert (await tray(day), await pictures_in_draft(day, order)) == ([[page.id]], [])


@pytest.mark.parametrize("first_written", ["the one it came from", "the one it went to"])
async def test_a_picture_that_moves_to_another_form_takes_its_page_along(day: Day, first_written: str) -> None:
    order, other, *_ = await accepted(day)
    (page,) = (await taken(day, encoded(corners()))).pages
    draft = await day.desk.paper.file([page.id], order)
    saves = [(order, Draft(time="1")), (other, draft)]
    for where, saved in saves if first_written == "the one it came from" else reversed(saves):
        await day.desk.save_draft(where, saved)
    (moved,) = (await day.desk.paper.stack(page.stack)).pages
    assert (moved.filed, moved.assigned) == (other, other)


async def test_a_page_goes_with_its_report_and_comes_back_into_the_form_when_that_is_taken_back(day: Day) -> None:
    order, *_ = await accepted(day)
    (page,) = (await taken(day, encoded(corners()))).pages
    written = await sent(day, order, page)
    assert await tray(day) == []
    with pytest.raises(DeskError, match="in_report"):
        await day.desk.paper.unfile([page.id])
    with pytest.raises(DeskError, match="in_report"):
        await day.desk.paper.drop([page.id])
    await day.desk.take_back(written.entries)
    assert (await tray(day), await pictures_in_draft(day, order)) == ([], [page.picture.id if page.picture else ""])
    await day.desk.discard_draft(order)
    assert await tray(day) == [[page.id]]


async def test_a_page_is_in_one_form_at_a_time(day: Day) -> None:
    order, other, *_ = await accepted(day)
    (page,) = (await taken(day, encoded(corners()))).pages
    await day.desk.paper.file([page.id], order)
    draft = await day.desk.paper.file([page.id], other)
    assert draft.pictures == (page.picture,)
    assert await pictures_in_draft(day, order) == []


async def test_nothing_is_filed_with_a_shipment_that_is_not_here(day: Day) -> None:
    (page,) = (await taken(day, encoded(corners()))).pages
    with pytest.raises(DeskError, match="not_here"):
        await day.desk.paper.file([page.id], OrderId(404))
    assert await tray(day) == [[page.id]]


async def test_without_an_account_there_is_no_paper(day: Day) -> None:
    day.desk.account = None
    assert (await day.desk.paper.stacks(), await day.desk.paper.dropped()) == ([], [])
    assert await day.desk.paper.counts() == PaperCounts()
    with pytest.raises(DeskError, match="no_account"):
        await day.desk.paper.add([encoded(corners())])


async def test_another_accounts_paper_is_not_seen_and_not_touched(day: Day) -> None:
    (page,) = (await taken(day, encoded(corners()))).pages
    await day.desk.open_passing_account("Another", "https://other.example.com/api/", "key-of-another")
    assert await tray(day) == []
    await day.desk.paper.drop([page.id])
    with pytest.raises(DeskError, match="not_here"):
        await day.desk.paper.stack(page.stack)
    with pytest.raises(DeskError, match="not_here"):
        await day.desk.paper.turn(page.id, 90)
    await day.desk.open_passing_account("Nordlys", day.simulator.base_url, day.simulator.key)
    assert await tray(day) == [[page.id]]


# Nothing is lost


@pytest.mark.parametrize("statement", ["update on page", "insert on draft"])
async def test_filing_happens_whole_or_not_at_all(day: Day, statement: str) -> None:
    order, *_ = await accepted(day)
    (page,) = (await taken(day, encoded(corners()))).pages
    before = await everything(day)
    what, table = statement.split(" on ")
    full = f"create temp trigger full before {what} on main.{table} begin select raise(abort, 'full'); end"
    await day.desk._database.write(lambda conn: conn.execute(full))
    with pytest.raises(sqlite3.IntegrityError, match="full"):
        await day.desk.paper.file([page.id], order)
    assert await everything(day) == before


# The watched folder


async def test_a_folder_is_watched_for_the_open_account_until_a_person_ends_it(day: Day, tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    (scans / "old.pdf").write_bytes(pdf(note(None)))
    await day.desk.paper.watch(scans)
    assert day.desk.account is not None
    assert day.desk.settings.watched_folders == {day.desk.account.id: str(scans)}
    (scans / "new.pdf").write_bytes(pdf(note(None), note(None)))
    await looks(day)
    assert [stack.name for stack in await day.desk.paper.stacks()] == ["new.pdf"]
    await day.desk.paper.watch(None)
    (scans / "later.pdf").write_bytes(pdf(note(None), note(None), note(None)))
    await looks(day)
    assert len(await day.desk.paper.stacks()) == 1
    await day.desk.paper.watch(scans, take_what_is_there=True)
    await looks(day)
    assert [len(stack.pages) for stack in await day.desk.paper.stacks()] == [2, 4]
    assert (await day.desk.paper.stacks())[1].refused == (("new.pdf", "already_here"),)


async def test_what_came_of_the_watched_folder_today_is_counted(day: Day, tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    (scans / "old.pdf").write_bytes(pdf(note(None)))
    today = day.clock.now()
    assert await day.desk.paper.watched(today) == WatchedFolder()
    await day.desk.paper.watch(scans)
    assert await day.desk.paper.watched(today) == WatchedFolder(folder=str(scans))
    for pages in (2, 3):
        (scans / f"{pages}.pdf").write_bytes(pdf(*[note(None)] * pages))
    (scans / "holiday.txt").write_bytes(b"not paper")
    await looks(day)
    await day.desk.paper.add([pdf(*[note(None)] * 4)], "by hand")
    assert await day.desk.paper.watched(today) == WatchedFolder(folder=str(scans), taken=2)
    assert (await day.desk.paper.watched(day.clock.move(hours=24))).taken == 0
    (scans / "2.pdf").unlink()
    await looks(day)
    assert (await day.desk.paper.watched(today)).taken == 2, "they were taken, wherever they went"


async def test_a_folder_that_went_away_is_said_and_comes_back(day: Day, tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    await day.desk.paper.watch(scans)
    scans.rename(tmp_path / "away")
    await looks(day)
    trouble = (await day.desk.paper.watched(day.clock.now())).trouble
    assert trouble is not None
    assert trouble.code == "folder_unreachable"
    (tmp_path / "away").rename(scans)
    heard: list[Change] = []
    day.desk.changes.subscribe(heard.append)
    await looks(day)
    assert (await day.desk.paper.watched(day.clock.now())).trouble is None
    assert heard == [PaperChanged(frozenset())], "whoever shows why it is not watched shows it no more"


async def test_a_folder_that_is_not_there_cannot_be_chosen(day: Day, tmp_path: Path) -> None:
    with pytest.raises(DeskError, match="folder_unreachable"):
        await day.desk.paper.watch(tmp_path / "nowhere")
    assert day.desk.settings.watched_folders == {}


async def looks(day: Day) -> None:
    for _ in range(6):
        await day.desk.paper.watching.step(day.clock.move(seconds=2))


# Retention


async def test_what_was_filed_goes_with_its_entry_and_what_waits_stays(day: Day) -> None:
    order, *_ = await accepted(day)
    waits, goes = (await taken(day, pdf(note(None), note(order)))).pages
    await sent(day, order, goes)
    await confirmed(day)
    await purge(day, days=200)
    (stack,) = await day.desk.paper.stacks()
    assert ids(stack.pages) == [waits.id]
    assert waits.picture is not None
    assert (await day.desk.picture_pixels(waits.picture.id)).width
    assert await originals(day) == 1
    await day.desk.paper.drop([waits.id])
    await purge(day, days=89)
    assert ids(await day.desk.paper.dropped()) == [waits.id]
    await purge(day, days=2)
    assert {name: rows for name, rows in (await everything(day)).items() if rows} == {}
    assert await originals(day) == 0


async def test_a_shipment_stays_while_paper_about_it_waits(day: Day) -> None:
    order, *_ = await accepted(day)
    await taken(day, pdf(note(order)))
    limits = retention.before(day.clock.move(days=500), 90, 400)
    over = {one.order_id for one in await day.desk._database.read(retention.shipments_over, limits)}
    assert order not in over


# The means


async def sent(day: Day, order: OrderId, page: Page) -> Written:
    draft = await day.desk.paper.file([page.id], order)
    full = Draft(status=Status.COMPLETE, stop=StopKind.PICKUP, time="t", signee="Ola", pictures=draft.pictures)
    await day.desk.save_draft(order, full)
    written = await day.desk.send_report(order, full, frozenset({"time_before_order", "time_pc_clock", "time_future"}))
    assert isinstance(written, Written), written
    assert written.entries
    return written


async def confirmed(day: Day) -> None:
    await day.send()
    for _ in range(6):
        await day.ask(seconds=200)


async def purge(day: Day, days: int) -> None:
    """So many days later; what is closed by now is noted first, as happens each half hour."""
    await day.desk._database.write(retention.note_closed, day.clock.now())
    await day.desk.keeping.purge(day.clock.move(days=days))


async def originals(day: Day) -> int:
    return await asyncio.to_thread(lambda: len(list((day.desk.folder / "pictures").glob("*/*.original"))))


async def everything(day: Day) -> dict[str, list[tuple[object, ...]]]:
    def rows(conn: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in conn.execute(f"select * from {table}")]  # noqa: S608 (a table named below)

    tables = ("stack", "stack_file", "page", "page_number", "page_match", "draft")
    return {table: await day.desk._database.read(rows, table) for table in tables}


def heard(day: Day) -> list[Change]:
    told: list[Change] = []
    day.desk.changes.subscribe(told.append)
    return told
