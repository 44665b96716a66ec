"""What a person's wishes do to each other: Undo is of one deed, and nothing comes back or moves away under somebody's hands."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtTest import QTest

from gui.report.paperdesk import jpeg
from support.day import Day, HandClock, day_in
from zendera_desk.domain.errors import DeskError, StoreError
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Draft, Picture
from zendera_desk.domain.views import View, Written
from zendera_desk.gui.mend.offers import Mend
from zendera_desk.gui.openforms import OpenForms
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.window import Window
from zendera_desk.gui.wishes import Wishes
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.simulator.world import World
from zendera_desk.store import outbox

Until = Callable[[Callable[[], object]], Awaitable[None]]
Said = list[tuple[str, Callable[[], None] | None]]
COMPLETE = Draft(time="11.06.26 10:30", signee="Ola Nordmann", comment="At the front desk", currency="NOK")
LEFT = (State.DUE, State.SENDING, State.SENT)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def simulator(clock: HandClock) -> Iterator[RunningSimulator]:
    with RunningSimulator(World(7, clock=clock.now, shipments=6, history=0)) as running:
        yield running


@pytest.fixture
async def day(tmp_path: Path, clock: HandClock, simulator: RunningSimulator) -> AsyncIterator[Day]:
    async with day_in(tmp_path, clock, simulator) as day:
        yield day


@pytest.fixture
def said() -> Said:
    return []


@pytest.fixture
def wishes(day: Day, spawn: Spawn, said: Said) -> Wishes:
    """Without any form."""
    forms = OpenForms(lambda *_names: [], lambda: None, lambda _order: None)
    return Wishes(
        day.desk,
        spawn,
        lambda text, undo=None, until=None: said.append((text, undo)),
        forms,
        on_sent=lambda _order, _entries: None,
        on_restored=lambda _order, _entries: None,
    )


@pytest.fixture
async def window(day: Day, show: Callable[[Window], Window], spawn: Spawn, until: Until) -> AsyncIterator[Window]:
    made = Window(day.desk, spawn, lambda _settings: None, lambda: None)
    made.resize(1280, 800)
    show(made)
    made.show_account()
    await made.build_the_rest()
    await until(lambda: made.shipments.model.rowCount() > 0)
    yield made
    await made.let_go()


@pytest.fixture
async def orders(day: Day) -> tuple[OrderId, OrderId]:
    here, there = await day.ids(View.TO_REPORT)
    return here, there


async def in_outbox(day: Day) -> dict[OrderId, tuple[EntryId, State]]:
    """The newest of each shipment."""
    return {line.entry.order_id: (line.entry.id, line.entry.state) for line in reversed(await day.desk.outbox())}


async def states(day: Day, *orders: OrderId) -> list[State]:
    found = await in_outbox(day)
    return [found[order][1] for order in orders]


async def leave(day: Day, order: OrderId) -> None:
    """It goes out, while others wait."""
    entry, _state = (await in_outbox(day))[order]
    for state in LEFT:
        await day.desk._database.write(outbox.move, entry, state)


async def report(day: Day, order: OrderId, draft: Draft = COMPLETE) -> EntryId:
    written = await day.desk.send_report(order, draft)
    assert isinstance(written, Written), written
    return written.entries[0]


async def draft_of(day: Day, order: OrderId) -> Draft | None:
    found = await day.desk.shipment(order)
    return None if found is None else found.draft


def toast(window: Window) -> str:
    return window.toasts.accessibleName() if window.toasts.isVisible() else ""


async def opened(window: Window, order: OrderId, until: Until) -> None:
    window._report_on(order, None)
    await until(lambda: window.report.order == order and window.report._opened is not None)


# Undo is of one deed


async def test_undo_never_takes_back_an_older_deed_in_place_of_one_that_has_left(
    wishes: Wishes, day: Day, said: Said, until: Until
) -> None:
    older, newer = (await day.ids(View.TO_ACCEPT))[:2]
    wishes.accept([older])
    wishes.fail([newer], "No such address", False)
    await until(lambda: len(said) == 2)
    await leave(day, newer)
    for times in (3, 4):
        wishes.undo()
        await until(lambda: len(said) == times)  # noqa: B023 (awaited in this very round)
        assert said[-1][0] == "Too late to undo, it has left already: 1 shipment will be failed: No such address"
    assert await states(day, older, newer) == [State.HELD, State.SENT]


async def test_the_button_of_a_sentence_takes_back_what_that_sentence_tells(wishes: Wishes, day: Day, said: Said, until: Until) -> None:
    older, newer = (await day.ids(View.TO_ACCEPT))[:2]
    wishes.accept([older])
    await until(lambda: len(said) == 1)
    wishes.accept([newer])
    await until(lambda: len(said) == 2)
    of_older = said[0][1]
    assert of_older is not None
    of_older()
    await until(lambda: len(said) == 3)
    assert await states(day, older, newer) == [State.TAKEN_BACK, State.HELD]
    of_older()
    await until(lambda: len(said) == 4)
    assert said[-1][0] == "It was taken back already: 1 shipment will be accepted"
    wishes.undo()
    await until(lambda: len(said) == 5)
    assert await states(day, older, newer) == [State.TAKEN_BACK, State.TAKEN_BACK]
    wishes.undo()
    await until(lambda: len(said) == 6)
    assert said[-1][0] == "There is nothing to undo."


async def test_undo_that_is_pressed_while_a_deed_is_being_written_down_is_about_that_one(
    wishes: Wishes, day: Day, said: Said, until: Until
) -> None:
    older, newer = (await day.ids(View.TO_ACCEPT))[:2]
    wishes.accept([older])
    await until(lambda: said)
    async with day.desk._deciding:
        wishes.accept([newer])
        wishes.undo()
        await asyncio.sleep(0)
    await until(lambda: len(said) == 3)
    assert await states(day, older, newer) == [State.HELD, State.TAKEN_BACK]


async def test_what_was_taken_back_in_the_outbox_is_no_deed_any_more(wishes: Wishes, day: Day, said: Said, until: Until) -> None:
    older, newer = (await day.ids(View.TO_ACCEPT))[:2]
    for number, order in enumerate((older, newer), start=1):
        wishes.accept([order])
        await until(lambda: len(said) == number)  # noqa: B023 (awaited in this very round)
    wishes.take_back([(await in_outbox(day))[newer][0]])
    await until(lambda: len(said) == 3)
    wishes.undo()
    await until(lambda: len(said) == 4)
    assert await states(day, older, newer) == [State.TAKEN_BACK, State.TAKEN_BACK]


async def test_of_many_those_that_have_left_are_counted(wishes: Wishes, day: Day, said: Said, until: Until) -> None:
    ids = (await day.ids(View.TO_ACCEPT))[:3]
    wishes.accept(ids)
    await until(lambda: said)
    await leave(day, ids[0])
    wishes.undo()
    await until(lambda: len(said) == 2)
    assert said[-1][0] == "2 taken back, 1 had left already"


async def test_of_many_what_cannot_come_back_yet_is_told_apart_and_can_be_undone_later(
    wishes: Wishes, day: Day, said: Said, until: Until
) -> None:
    ids = (await day.ids(View.TO_ACCEPT))[:3]
    wishes.accept(ids)
    await until(lambda: said)
    written = await day.desk.send_report(ids[0], COMPLETE)
    assert isinstance(written, Written)
    wishes.undo()
    await until(lambda: len(said) == 2)
    assert said[-1][0] == "2 taken back, 1 not: a report or a draft of the same shipment is in the way"
    await day.desk.take_back(written.entries)
    wishes.undo()
    await until(lambda: len(said) == 3)
    assert said[-1][0] == "1 send taken back"
    assert await states(day, ids[0]) == [State.TAKEN_BACK]


async def test_a_report_whose_form_was_begun_anew_stays_and_that_is_said(
    wishes: Wishes, day: Day, orders: tuple[OrderId, OrderId], said: Said, until: Until
) -> None:
    here, _ = orders
    wishes.send(here, COMPLETE, frozenset())
    await until(lambda: said)
    await day.desk.save_draft(here, Draft(comment="One more thing"))
    wishes.undo()
    await until(lambda: len(said) == 2)
    assert said[-1][0].startswith("Not undone, the form has been begun anew; send or discard that first: Complete, Delivery for ")
    assert await states(day, here) == [State.HELD]


async def test_undo_of_a_move_says_what_it_did(day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until) -> None:
    here, there = orders
    entry = await report(day, here)
    window.mending.mend(Mend.MOVE, entry, there)
    await until(lambda: "is a draft of" in toast(window))
    newer = (await day.ids(View.TO_ACCEPT))[0]
    moved_back = window.toasts._live[max(window.toasts._live)][0].act
    window.wishes.accept([newer])
    await until(lambda: "will be accepted" in toast(window))
    assert moved_back is not None
    moved_back()
    await until(lambda: toast(window) == f"The report is a draft of {here} again. Nothing was sent.")
    assert (await draft_of(day, here), await draft_of(day, there)) == (COMPLETE, None)
    assert await states(day, newer) == [State.HELD]


# Under somebody's hands


async def test_what_was_typed_a_moment_ago_is_not_written_over_by_what_is_taken_back(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until
) -> None:
    here, _ = orders
    entry = await report(day, here)
    await opened(window, here, until)
    window.report.form.texts["signee"].setText("typed a moment ago")
    window.wishes.take_back([entry])
    await until(lambda: "begun anew" in toast(window))
    assert (await day.desk.story(entry)).entry.state is State.HELD
    kept = await draft_of(day, here)
    assert kept is not None
    assert (kept.signee, kept.comment) == ("typed a moment ago", "")
    await until(lambda: window.report.draft().signee == "typed a moment ago")


async def test_while_a_form_is_written_down_for_a_move_nobody_can_type_in_it(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = orders
    await opened(window, here, until)
    window.report.form.comment.setPlainText("typed")
    open_while_saving: list[OrderId | None] = []
    right = day.desk.save_draft

    async def save(order: OrderId, draft: Draft) -> None:
        open_while_saving.append(window.report.order)
        await right(order, draft)

    monkeypatch.setattr(day.desk, "save_draft", save)
    window.mending.move_form(here, window.report.draft(), None, there)
    await until(lambda: "Everything in the form was moved" in toast(window))
    assert open_while_saving == [None]
    moved = await draft_of(day, there)
    assert moved is not None
    assert moved.comment == "typed"


async def test_a_disk_that_refuses_leaves_the_form_open_and_nothing_moves(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = orders
    await opened(window, here, until)
    window.report.form.comment.setFocus()
    QTest.keyClicks(window.report.form.comment, "typed")

    async def full(_order: OrderId, _draft: Draft) -> None:
        raise StoreError("disk_full")

    with monkeypatch.context() as patched:
        patched.setattr(day.desk, "save_draft", full)
        window.mending.move_form(here, window.report.draft(), None, there)
        await until(lambda: "could not be saved" in toast(window))
        await until(lambda: window.report.draft().comment == "typed")
        assert window.report.order == here
        assert window.report.form.comment.hasFocus()
    assert await window.report.flush()
    assert await draft_of(day, there) is None


async def test_a_form_that_is_being_sent_is_not_moved(day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until) -> None:
    here, there = orders
    await day.desk.save_draft(here, COMPLETE)
    await opened(window, here, until)
    async with day.desk._deciding:
        window.report.bar.send.click()
        window.mending.move_form(here, window.report.draft(), None, there)
        await until(lambda: "is being sent at this moment" in toast(window))
        assert window.report.order == here
    await until(lambda: "will be sent" in toast(window))
    assert await draft_of(day, there) is None
    assert await states(day, here) == [State.HELD]


async def test_what_was_sent_meanwhile_is_not_moved_as_well(day: Day, orders: tuple[OrderId, OrderId]) -> None:
    here, there = orders
    await day.desk.save_draft(here, COMPLETE)
    sent, moved = await asyncio.gather(
        day.desk.send_report(here, COMPLETE), day.desk.mending.move_draft(here, COMPLETE, there), return_exceptions=True
    )
    assert isinstance(sent, Written)
    assert isinstance(moved, DeskError)
    assert moved.code == "moved_on"
    assert await draft_of(day, there) is None


async def test_a_picture_that_came_since_is_moved_with_the_others(day: Day, orders: tuple[OrderId, OrderId]) -> None:
    here, there = orders
    await day.desk.save_draft(here, COMPLETE)
    picture = await day.desk.add_picture(jpeg("white"), "white.jpg")
    await day.desk.add_pictures(here, [picture])
    await day.desk.mending.move_draft(here, COMPLETE, there)
    assert await draft_of(day, there) == msgspec.structs.replace(COMPLETE, pictures=(picture,))


async def test_closing_ends_a_send_that_waits_for_its_pictures(
    day: Day, window: Window, orders: tuple[OrderId, OrderId], until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _ = orders
    await day.desk.save_draft(here, COMPLETE)
    await opened(window, here, until)
    right, ready = day.desk.add_pages, asyncio.Event()

    async def slow(source: Path | bytes, name: str = "") -> list[Picture]:
        await ready.wait()
        return await right(source, name)

    monkeypatch.setattr(window.report._pictures._intake, "_add_pages", slow)
    window.report.pane.given.emit([jpeg("white")])
    window.report.bar.send.click()
    assert window.report.bar.cancel_send.isVisible()
    asked: list[object] = []
    window.report.send_asked.connect(lambda *said: asked.append(said))
    await window.let_go()
    assert not window.report.bar.cancel_send.isVisible()
    ready.set()
    await until(lambda: window.report.draft().pictures)
    assert await window.report.flush()
    assert not asked
    assert len((await draft_of(day, here) or Draft()).pictures) == 1
    assert {line.entry.kind for line in await day.desk.outbox()} == {Kind.ACCEPT}
