"""Pictures that travel as links, over real HTTP: whatever is lost, refused or killed on the way, each report arrives once, and each of
its pictures is in it exactly once."""

import asyncio
import gc
import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec
import pytest

from support.day import Day
from zendera_desk.domain.changes import Change, Trouble
from zendera_desk.domain.ids import EntryId, OrderId, PictureId
from zendera_desk.domain.outbox import Decision, Entry, Kind, State, Why
from zendera_desk.domain.report import Draft, Picture, Status
from zendera_desk.domain.uploads import Uploading
from zendera_desk.domain.views import Connection, View, Written
from zendera_desk.engine.uploading import AT_ONCE
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault
from zendera_desk.store import pictures
from zendera_desk.store.database import Connection as Sql
from zendera_desk.store.pictures import Origin


def paper(number: int) -> bytes:
    """What counts as a JPEG for everybody on the way: it begins like one."""
    return b"\xff\xd8\xff" + hashlib.sha512(bytes([number])).digest() * 300


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def given(day: Day, number: int) -> Picture:
    """A picture as it lies here once it was taken in."""
    origin, jpeg = Origin(source=sha256(b"file %d" % number)), paper(number)
    picture = Picture(id=origin.picture, name="", width=4, height=3, size=len(jpeg))
    folder = day.desk.folder
    come = pictures.receive(folder, [b"as it came"])._replace(source=origin.source)
    await asyncio.to_thread(pictures.put_original, folder, come)
    await asyncio.to_thread(pictures.put_prepared, folder, picture.id, jpeg)
    return await day.desk._database.write(pictures.put, picture, origin, sha256(jpeg), day.clock.now())


async def by(day: Day, way: str) -> None:
    assert day.desk.account is not None
    changed = msgspec.structs.replace(day.desk.settings, pictures_by={day.desk.account.id: way})
    await day.desk.change_settings(changed)


@pytest.fixture
async def links(day: Day) -> list[OrderId]:
    """Orders that were accepted, of an account that sends its pictures as links."""
    await by(day, "links")
    await day.walk()
    ids = (await day.ids(View.TO_ACCEPT))[:3]
    await day.desk.accept(ids)
    await day.send()
    return ids


async def damage(day: Day, order_id: OrderId, *numbers: int, comment: str = "Torn") -> Entry:
    shown = tuple([await given(day, number) for number in numbers])
    written = await day.desk.send_report(order_id, Draft(status=Status.DAMAGE, time="1030", comment=comment, pictures=shown))
    assert isinstance(written, Written), written
    return (await day.desk.story(written.entries[0])).entry


async def go(day: Day, **later: float) -> None:
    """What the desk does by itself `later` than now: holds end, pictures go, reports go."""
    await day.send(**later)
    await day.engine.uploading.step(day.clock.now())
    await day.send(seconds=0)


async def until_done(day: Day) -> None:
    """With a person who asks the dispatchers where Zendera cannot tell."""
    for _ in range(30):
        await day.walk()
        await go(day, seconds=100)
        await day.ask(seconds=100)
        for entry in await day.entries():
            if entry.state is State.NEEDS_PERSON:
                there = bool(arrived(day, entry))
                await day.desk.decide(entry.id, Decision.ARRIVED if there else Decision.SEND_AGAIN)
        if all(entry.state in {State.SENT, State.CONFIRMED} for entry in await day.entries() if entry.kind is Kind.REPORT):
            return
    raise AssertionError([(entry.state, entry.code) for entry in await day.entries()])


def arrived(day: Day, entry: Entry) -> list[list[str]]:
    """The pictures of each report that the ledger has for this entry's order."""
    rows = day.simulator.ledger.applied(entry.order_id, "report")
    return [[picture["sha256"] for picture in row.summary["pictures"]] for row in rows if row.summary["comment"] == entry.words]


def used(day: Day) -> list[str]:
    """What was put into documents, by its hash."""
    return [document.sha256 for document in day.simulator.ledger.documents() if document.put_at]


async def state_of(day: Day, entry: Entry) -> State:
    return (await day.desk.story(entry.id)).entry.state


async def progress(day: Day, entry: Entry) -> Uploading | None:
    return next(line.uploading for line in await day.desk.outbox() if line.entry.id == entry.id)


async def assert_right(day: Day, *expected: tuple[Entry, Sequence[int]]) -> None:
    """Each report once, each of its pictures in it exactly once, and in the log the bytes that really left."""
    for entry, numbers in expected:
        assert arrived(day, entry) == [[sha256(paper(number)) for number in numbers]]
        left = {attempt.sha256 for attempt in (await day.desk.story(entry.id)).attempts}
        rows = day.simulator.ledger.applied(entry.order_id, "report")
        assert next(row.sha256 for row in rows if row.summary["comment"] == entry.words) in left
    assert len(day.simulator.ledger.applied(kind="report")) == len(expected)


# As it should be


async def test_pictures_are_uploaded_before_the_report_and_stand_in_it_as_links(day: Day, links: list[OrderId]) -> None:
    entry = await damage(day, links[0], 1, 2, 3)
    await go(day)
    assert await state_of(day, entry) is State.SENT
    await assert_right(day, (entry, (1, 2, 3)))
    (row,) = day.simulator.ledger.applied(links[0], "report")
    assert row.body.count(b"/documents/") == 3
    assert b"zendera-desk-picture" not in row.body
    seen = [request.endpoint for request in day.simulator.ledger.requests()]
    assert seen.index(Endpoint.UPDATE) > max(place for place, each in enumerate(seen) if each is Endpoint.STORAGE)


async def test_without_the_setting_pictures_go_inside_the_report(day: Day, links: list[OrderId]) -> None:
    await by(day, "inline")
    entry = await damage(day, links[0], 1)
    await go(day)
    await assert_right(day, (entry, (1,)))
    assert not day.simulator.ledger.documents()


async def test_what_is_frozen_stays_frozen_when_the_setting_changes(day: Day, links: list[OrderId]) -> None:
    entry = await damage(day, links[0], 1)
    frozen = await day.desk.payload(entry.id)
    await by(day, "inline")
    await go(day)
    assert await day.desk.payload(entry.id) == frozen
    assert len(used(day)) == 1
    await assert_right(day, (entry, (1,)))


async def test_nothing_is_uploaded_while_a_person_can_still_undo(day: Day, links: list[OrderId]) -> None:
    entry = await damage(day, links[0], 1)
    await go(day, seconds=5)
    assert not day.simulator.ledger.documents()
    await day.desk.take_back([entry.id])
    await go(day)
    assert not day.simulator.ledger.documents()


async def test_the_same_picture_in_two_reports_at_once_is_uploaded_once(day: Day, links: list[OrderId]) -> None:
    one, other = await damage(day, links[0], 1, 2), await damage(day, links[1], 2, 1)
    await go(day)
    assert sorted(used(day)) == sorted([sha256(paper(1)), sha256(paper(2))])
    await assert_right(day, (one, (1, 2)), (other, (2, 1)))


async def test_a_picture_that_is_there_is_not_uploaded_again_for_a_later_report(day: Day, links: list[OrderId]) -> None:
    one = await damage(day, links[0], 1)
    await go(day)
    other = await damage(day, links[1], 1)
    await go(day)
    assert len(day.simulator.ledger.documents()) == 1
    await assert_right(day, (one, (1,)), (other, (1,)))


async def test_a_comment_that_reads_like_a_placeholder_stays_a_comment(day: Day, links: list[OrderId]) -> None:
    comment = f'"pictures":["zendera-desk-picture:{sha256(paper(1))}"]'
    entry = await damage(day, links[0], 1, comment=comment)
    await go(day)
    (row,) = day.simulator.ledger.applied(links[0], "report")
    assert row.summary["comment"] == comment
    await assert_right(day, (entry, (1,)))


async def test_a_report_behind_one_that_waits_for_its_pictures_stays_behind_it(day: Day, links: list[OrderId]) -> None:
    day.simulator.faults.add(Fault.REFUSE, "documents", times=1)
    await damage(day, links[0], 1, comment="First")
    later = await day.desk.send_report(links[0], Draft(status=Status.OTHER, time="1040", comment="Second"))
    assert isinstance(later, Written), later
    await go(day)
    assert [entry.state for entry in await day.entries() if entry.kind is Kind.REPORT] == [State.DUE, State.DUE]
    await until_done(day)
    assert [row.summary["comment"] for row in day.simulator.ledger.applied(links[0], "report")] == ["First", "Second"]


async def test_an_upload_costs_one_of_the_hours_calls_and_the_bytes_none(day: Day, links: list[OrderId]) -> None:
    await damage(day, links[0], 1, 2)
    left = day.engine.link.calls_left()
    await go(day)
    assert left - day.engine.link.calls_left() == 3


async def test_nobody_has_to_click_for_it(day: Day, links: list[OrderId]) -> None:
    """The end of the hold wakes the uploads, the last link wakes the outbox."""
    entry = await damage(day, links[0], 1, 2)
    changed = asyncio.Event()
    day.desk.changes.subscribe(lambda _change: changed.set())
    day.desk.go_online()
    day.clock.move(seconds=11)
    day.engine._loops["outbox"].wake()  # as its own clock would
    async with asyncio.timeout(10):
        while await state_of(day, entry) not in {State.SENT, State.CONFIRMED}:
            await changed.wait()
            changed.clear()
    await assert_right(day, (entry, (1, 2)))


async def test_what_is_uploaded_to_another_host_never_carries_the_key(day: Day, links: list[OrderId]) -> None:
    """The simulated storage refuses whoever shows a key."""
    day.simulator.zendera.documents.origin = f"http://localhost:{day.simulator.port}"
    entry = await damage(day, links[0], 1)
    await go(day)
    await assert_right(day, (entry, (1,)))


async def test_uploads_that_wait_do_not_make_a_loop_spin(day: Day, links: list[OrderId]) -> None:
    day.simulator.faults.add(Fault.REFUSE, "documents", times=None)
    await damage(day, links[0], 1)
    await go(day)
    for step in (day.engine.uploading.step, day.engine.outbox.step):
        due = await step(day.clock.now())
        assert due is None or due > day.clock.now()


# Each step goes wrong

TROUBLE: tuple[tuple[Fault, Endpoint, dict[str, Any]], ...] = (
    *((kind, endpoint, {}) for kind in (Fault.CLOSE, Fault.REFUSE, Fault.APPLY_CLOSE, Fault.APPLY_ERROR, Fault.LIMIT)
      for endpoint in (Endpoint.DOCUMENTS, Endpoint.STORAGE)),
    *((kind, Endpoint.DOCUMENTS, {}) for kind in (Fault.TRUNCATED, Fault.HTML, Fault.EMPTY, Fault.MIDWAY)),
    (Fault.REFUSE, Endpoint.DOCUMENTS, {"status": 401}),
    (Fault.REFUSE, Endpoint.STORAGE, {"status": 403}),
    (Fault.REFUSE, Endpoint.STORAGE, {"status": 408}),
    (Fault.REDIRECT, Endpoint.STORAGE, {}),
    (Fault.APPLY_CLOSE, Endpoint.UPDATE, {}),
    (Fault.CLOSE, Endpoint.UPDATE, {}),
)  # fmt: skip


@pytest.mark.parametrize(("fault", "endpoint", "details"), TROUBLE)
async def test_after_any_trouble_each_report_is_there_once_with_each_picture_once(
    day: Day, links: list[OrderId], fault: Fault, endpoint: Endpoint, details: dict[str, Any]
) -> None:
    day.simulator.faults.add(fault, endpoint, times=2, **details)
    one, other = await damage(day, links[0], 1, 2), await damage(day, links[1], 2, 3)
    await until_done(day)
    await assert_right(day, (one, (1, 2)), (other, (2, 3)))


@pytest.mark.parametrize(
    ("fault", "endpoint"), [(Fault.APPLY_CLOSE, "documents"), (Fault.APPLY_CLOSE, "storage"), (Fault.CLOSE, "storage")]
)
async def test_trouble_with_an_upload_makes_no_report_unclear(day: Day, links: list[OrderId], fault: Fault, endpoint: str) -> None:
    day.simulator.faults.add(fault, endpoint, times=1)
    entry = await damage(day, links[0], 1)
    await go(day)
    assert await state_of(day, entry) is State.DUE
    assert not (await day.desk.story(entry.id)).attempts


async def test_an_address_whose_answer_was_lost_is_never_used_a_second_time(day: Day, links: list[OrderId]) -> None:
    day.simulator.faults.add(Fault.APPLY_CLOSE, "storage", times=1)
    await damage(day, links[0], 1)
    await until_done(day)
    places = [request.path for request in day.simulator.ledger.requests(Endpoint.STORAGE)]
    assert len(places) == len(set(places)) == 2


async def test_a_document_that_was_offered_is_used_after_a_restart(day: Day, links: list[OrderId]) -> None:
    entry = await damage(day, links[0], 1)
    await day.send()
    await stop_before_the_bytes(day)
    await until_done(day)
    assert len(day.simulator.ledger.documents()) == 1
    await assert_right(day, (entry, (1,)))


async def test_an_address_that_expired_meanwhile_is_asked_for_anew(day: Day, links: list[OrderId]) -> None:
    entry = await damage(day, links[0], 1)
    await day.send()
    await stop_before_the_bytes(day)
    day.clock.move(hours=2)
    await until_done(day)
    assert [document.put_at is not None for document in day.simulator.ledger.documents()] == [False, True]
    await assert_right(day, (entry, (1,)))


async def stop_before_the_bytes(day: Day) -> None:
    """The program dies when the offer is noted and nothing has left for it."""
    await die_at(day, lambda: day.engine.uploading.step(day.clock.now()), "begin", committed=False)


# Killed between any two steps


async def die_at(day: Day, step: Callable[[], Any], name: str | int, *, committed: bool) -> bool:
    """Runs the step and kills the program at this write, before or after its commit. False: it ended before."""
    database, dead, writes = day.desk._database, asyncio.Event(), 0
    alone, together = database.write, database.write_together

    async def mortal(write: Callable[..., Any], work: Any, *args: Any, **values: Any) -> Any:  # noqa: ANN401
        nonlocal writes
        writes += 1
        if not dead.is_set() and (writes == name or (getattr(work, "__name__", "") == name and work.__module__.endswith("uploads"))):
            if committed:
                await write(work, *args, **values)
            dead.set()
        if dead.is_set():
            await asyncio.Future()
        return await write(work, *args, **values)

    database.write = partial(mortal, alone)  # type: ignore[method-assign]
    database.write_together = lambda among, work, *args: mortal(partial(together, among), work, *args)  # type: ignore[method-assign, assignment, misc]
    others = asyncio.all_tasks()
    running = asyncio.ensure_future(step())
    dying = asyncio.ensure_future(dead.wait())
    await asyncio.wait({running, dying}, return_when=asyncio.FIRST_COMPLETED)
    died = dead.is_set()
    while left := asyncio.all_tasks() - others:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=0.1)
    database.write, database.write_together = alone, together  # type: ignore[method-assign]
    gc.collect()  # a connection that was being made dies here, and not in a later test
    await day.restart()
    await by(day, "links")
    return died


@pytest.mark.filterwarnings("ignore:Exception ignored in. <coroutine object connect_tcp:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("committed", [False, True], ids=["before the commit", "after the commit"])
@pytest.mark.parametrize("place", range(1, 14))
async def test_killed_anywhere_it_goes_on_and_each_report_is_there_once(
    day: Day, links: list[OrderId], place: int, committed: bool
) -> None:
    one, other = await damage(day, links[0], 1, 2), await damage(day, links[1], 2)
    day.clock.move(seconds=11)

    async def everything() -> None:
        await day.engine.outbox.step(day.clock.now())
        await day.engine.uploading.step(day.clock.now())
        await day.engine.outbox.step(day.clock.now())

    assert await die_at(day, everything, place, committed=committed)
    await until_done(day)
    await assert_right(day, (one, (1, 2)), (other, (2,)))
    assert len(used(day)) <= 2 + AT_ONCE  # two pictures, and what was on its way when it died


# A person hears of it


async def test_the_outbox_says_how_far_the_pictures_are_and_why_they_wait(day: Day, links: list[OrderId]) -> None:
    entry = await damage(day, links[0], 1, 2, 3)
    await day.send()
    assert await progress(day, entry) == Uploading(done=0, of=3)
    day.simulator.faults.add(Fault.REFUSE, "storage", times=1)
    await day.engine.uploading.step(day.clock.now())
    found = await progress(day, entry)
    assert found is not None
    assert (found.done, found.of, found.code) == (2, 3, "server")
    await until_done(day)
    assert await progress(day, entry) is None


@pytest.mark.parametrize("status", [403, 404])
async def test_where_it_may_not_upload_this_way_alone_is_closed_and_a_person_told_once(day: Day, links: list[OrderId], status: int) -> None:
    told: list[Change] = []
    day.desk.changes.subscribe(lambda change: told.append(change) if isinstance(change, Trouble) else None)
    day.simulator.faults.add(Fault.REFUSE, "documents", times=None, status=status)
    entry = await damage(day, links[0], 1, 2)
    for _ in range(4):
        await go(day, seconds=100)
    assert [change.error.code for change in told if isinstance(change, Trouble)] == [Why.MAY_NOT_UPLOAD]
    assert day.engine.link.connection is Connection.ONLINE
    assert len(day.simulator.ledger.requests(Endpoint.DOCUMENTS)) <= 2
    found = await progress(day, entry)
    assert found is not None
    assert found.code == Why.MAY_NOT_UPLOAD
    other = await day.desk.send_report(links[1], Draft(status=Status.OTHER, time="1030", comment="Without a picture"))
    assert isinstance(other, Written), other
    await go(day)
    assert (await day.desk.story(other.entries[0])).entry.state is State.SENT

    await day.desk.take_back([entry.id])
    await by(day, "inline")
    again = await damage(day, links[0], 1, 2)
    await go(day)
    assert arrived(day, again) == [[sha256(paper(1)), sha256(paper(2))]]


async def test_a_key_that_may_upload_again_goes_on_by_itself(day: Day, links: list[OrderId]) -> None:
    day.simulator.faults.add(Fault.REFUSE, "documents", times=1, status=403)
    entry = await damage(day, links[0], 1)
    await go(day)
    await go(day, minutes=16)
    await assert_right(day, (entry, (1,)))


async def test_a_picture_that_zendera_refuses_is_put_before_a_person_and_goes_when_they_say_so(day: Day, links: list[OrderId]) -> None:
    day.simulator.faults.add(Fault.REFUSE, "documents", times=1, status=422)
    one, other = await damage(day, links[0], 1), await damage(day, links[1], 2)
    await go(day)
    states = {await state_of(day, one), await state_of(day, other)}
    assert states == {State.REFUSED, State.SENT}
    refused = next(entry for entry in await day.entries() if entry.state is State.REFUSED)
    assert (refused.code, refused.answer) == (Why.UPLOAD_REFUSED, "Scripted refusal 422")
    await day.desk.retry(refused.id)
    await go(day, seconds=0)
    await assert_right(day, (one, (1,)), (other, (2,)))


async def test_a_storage_that_refuses_every_address_is_put_before_a_person(day: Day, links: list[OrderId]) -> None:
    day.simulator.faults.add(Fault.REFUSE, "storage", times=None, status=403)
    entry = await damage(day, links[0], 1)
    for _ in range(5):
        await go(day, seconds=60)
    assert await state_of(day, entry) is State.REFUSED
    assert len(day.simulator.ledger.documents()) == 3


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://192.168.1.1/router",
        "https://storage.example:8443/x",
        "http://user:secret@127.0.0.1/x",
        "https://" + "a" * 10_000 + ".example/",
        "gopher://127.0.0.1:25/",
        "//127.0.0.1/x",
    ],
    ids=["file", "internal", "another port", "with a user", "10 KB", "another scheme", "no scheme"],
)
async def test_a_hostile_address_is_refused_in_words_and_nothing_goes_there(day: Day, links: list[OrderId], url: str) -> None:
    day.simulator.faults.add(Fault.STRANGE_PLACE, "documents", times=1, location=url)
    entry = await damage(day, links[0], 1)
    await go(day)
    found = (await day.desk.story(entry.id)).entry
    assert (found.state, found.code) == (State.REFUSED, Why.UPLOAD_ADDRESS)
    assert found.answer[:60] == url[:60]
    assert not day.simulator.ledger.requests(Endpoint.STORAGE)
    await day.desk.retry(entry.id)
    await go(day)
    await assert_right(day, (entry, (1,)))


@pytest.mark.expected_log("a picture to upload")
@pytest.mark.parametrize("spoil", ["gone", "changed"])
async def test_a_picture_whose_file_is_not_what_it_was_is_never_sent(day: Day, links: list[OrderId], spoil: str) -> None:
    entry = await damage(day, links[0], 1)
    file = pictures.prepared_path(day.desk.folder, await picture_of(day, entry.id))
    if spoil == "gone":
        await asyncio.to_thread(file.unlink)
    else:
        await asyncio.to_thread(file.write_bytes, paper(9))
    await go(day)
    found = (await day.desk.story(entry.id)).entry
    assert (found.state, found.code) == (State.REFUSED, Why.DAMAGED)
    assert not used(day)


async def picture_of(day: Day, entry: EntryId) -> PictureId:
    def read(conn: Sql) -> PictureId:
        return PictureId(conn.execute("select picture_id from entry_picture where entry_id = ?", (entry,)).fetchone()[0])

    return await day.desk._database.read(read)


@pytest.mark.expected_log("is damaged: it is not sent")
async def test_a_report_whose_links_do_not_fit_its_bytes_is_never_sent(day: Day, links: list[OrderId]) -> None:
    entry = await damage(day, links[0], 1, 2)

    def lose(conn: Sql) -> None:
        conn.execute("update entry_picture set link = null where entry_id = ? and place = 1", (entry.id,))

    await day.desk._database.write(lose)
    await go(day)
    assert await state_of(day, entry) is State.REFUSED
    assert not arrived(day, entry)


# What may never be written


async def test_a_link_that_stands_stays(day: Day, links: list[OrderId]) -> None:
    await damage(day, links[0], 1)
    await go(day)
    for statement in ("update upload set download_url = 'https://x/'", "update upload set state = 'wanted'", "delete from upload"):
        with pytest.raises(Exception, match="link"):
            await day.desk._database.write(lambda conn, said=statement: conn.execute(said) and None)


async def test_links_go_with_the_proofs_that_they_show(day: Day, links: list[OrderId]) -> None:
    entry = await damage(day, links[0], 1)
    await go(day)
    await day.ask(seconds=30)
    assert await state_of(day, entry) is State.CONFIRMED
    await day.desk.change_settings(msgspec.structs.replace(day.desk.settings, keep_proofs_days=1))
    for _ in range(3):
        day.clock.move(days=2)
        await day.desk.keeping.step(day.clock.now())
    left = await day.desk._database.read(lambda conn: conn.execute("select count(*) from upload").fetchone()[0])
    assert left == 0
    assert (await day.desk.story(entry.id)).entry.purged_at is not None
