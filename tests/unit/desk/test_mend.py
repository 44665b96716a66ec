"""Mending: reports and pictures go to another shipment, a second report says the first right, what was refused is sent anew."""

from collections.abc import Awaitable
from io import BytesIO

import msgspec
import pytest
from PIL import Image

from support.day import Day
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.outbox import Deed, Entry, State, Why
from zendera_desk.domain.report import Draft, Picture, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import Phase, View, Written
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault

COMPLETE = Draft(time="1030", signee="Ola Nordmann", comment="At the front desk", currency="NOK")


async def accepted(day: Day, many: int = 2) -> list[OrderId]:
    await day.walk()
    orders = (await day.ids(View.TO_ACCEPT))[:many]
    await day.desk.accept(orders)
    await day.send()
    return orders


async def picture(day: Day, colour: str = "white") -> Picture:
    out = BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return await day.desk.add_picture(out.getvalue(), f"{colour}.jpg")


async def draft_of(day: Day, order: OrderId) -> Draft | None:
    found = await day.desk.shipment(order)
    assert found is not None
    return found.draft


async def report(day: Day, order: OrderId, draft: Draft = COMPLETE) -> EntryId:
    """As from a form: what is sent is on disk before."""
    await day.desk.save_draft(order, draft)
    written = await day.desk.send_report(order, draft)
    assert isinstance(written, Written), written
    (entry,) = written.entries
    return entry


async def sent(day: Day, order: OrderId, draft: Draft = COMPLETE) -> EntryId:
    entry = await report(day, order, draft)
    await day.send()
    assert (await state(day, entry)) is State.SENT
    return entry


async def refused(day: Day, order: OrderId, draft: Draft = COMPLETE) -> EntryId:
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.UPDATE, status=422, times=1)
    entry = await report(day, order, draft)
    await day.send()
    assert (await state(day, entry)) is State.REFUSED
    return entry


async def entry_of(day: Day, entry: EntryId) -> Entry:
    return (await day.desk.story(entry)).entry


async def state(day: Day, entry: EntryId) -> State:
    return (await entry_of(day, entry)).state


async def deeds(day: Day, entry: EntryId) -> list[tuple[Deed, str, str]]:
    return [(done.deed, done.by, done.desk) for done in (await day.desk.story(entry)).done]


async def code(wish: Awaitable[object]) -> str:
    with pytest.raises(DeskError) as caught:
        await wish
    return caught.value.code


def arrived(day: Day) -> int:
    return len(day.simulator.ledger.applied(kind="report"))


# Before it is sent


@pytest.mark.parametrize("waits", [False, True], ids=["held", "due"])
async def test_a_report_that_has_not_left_goes_to_another_shipment_and_back(day: Day, waits: bool) -> None:
    here, there = await accepted(day)
    draft = msgspec.structs.replace(COMPLETE, pictures=(await picture(day),))
    entry = await report(day, here, draft)
    if waits:
        await day.desk.retry(entry)
        assert (await state(day, entry)) is State.DUE
    moved = await day.desk.mending.move_report(entry, there)
    assert (moved.source, moved.target) == (here, there)
    assert (await state(day, entry)) is State.TAKEN_BACK
    assert (await draft_of(day, here), await draft_of(day, there)) == (None, draft)
    assert await deeds(day, entry) == [(Deed.MOVE, "Kari", "front")]
    await day.send()
    assert arrived(day) == 0
    await day.desk.mending.undo(moved)
    assert (await draft_of(day, here), await draft_of(day, there)) == (draft, None)


async def test_what_has_left_cannot_be_moved(day: Day) -> None:
    here, there = await accepted(day)
    entry = await sent(day, here)
    assert await code(day.desk.mending.move_report(entry, there)) == "moved_on"
    assert await draft_of(day, there) is None


async def test_words_that_are_there_are_never_replaced(day: Day) -> None:
    here, there = await accepted(day)
    other = Draft(comment="typed for the other one")
    await day.desk.save_draft(there, other)
    entry = await report(day, here)
    assert await code(day.desk.mending.move_report(entry, there)) == "draft_there"
    assert (await state(day, entry)) is State.HELD
    assert await draft_of(day, there) == other
    assert await deeds(day, entry) == []


async def test_pictures_that_wait_there_are_joined_with_a_form_that_comes(day: Day) -> None:
    here, there = await accepted(day)
    one, two = await picture(day, "white"), await picture(day, "red")
    await day.desk.save_draft(there, Draft(pictures=(one,)))
    entry = await report(day, here, msgspec.structs.replace(COMPLETE, pictures=(two,)))
    moved = await day.desk.mending.move_report(entry, there)
    assert await draft_of(day, there) == msgspec.structs.replace(COMPLETE, pictures=(one, two))
    await day.desk.mending.undo(moved)
    assert await draft_of(day, there) == Draft(pictures=(one,))


async def test_a_picture_goes_from_form_to_form_beside_what_is_typed_there(day: Day) -> None:
    here, there = await accepted(day)
    one, two = await picture(day, "white"), await picture(day, "red")
    mine = msgspec.structs.replace(COMPLETE, pictures=(one, two))
    other = Draft(comment="typed for the other one")
    await day.desk.save_draft(here, mine)
    await day.desk.save_draft(there, other)
    moved = await day.desk.mending.move_pictures(here, mine, [two.id], there)
    assert await draft_of(day, here) == msgspec.structs.replace(mine, pictures=(one,))
    assert await draft_of(day, there) == msgspec.structs.replace(other, pictures=(two,))
    await day.desk.mending.undo(moved)
    assert (await draft_of(day, here), await draft_of(day, there)) == (mine, other)


async def test_the_last_picture_of_an_empty_form_leaves_no_draft_behind(day: Day) -> None:
    here, there = await accepted(day)
    one = await picture(day)
    await day.desk.save_draft(here, Draft(pictures=(one,), currency="NOK"))
    await day.desk.mending.move_pictures(here, Draft(pictures=(one,), currency="NOK"), [one.id], there)
    assert await draft_of(day, here) is None
    assert here not in await day.ids(View.NEEDS_ME)
    assert there in await day.ids(View.NEEDS_ME)


async def test_a_whole_form_is_moved_and_moved_back(day: Day) -> None:
    here, there = await accepted(day)
    await day.desk.save_draft(here, COMPLETE)
    moved = await day.desk.mending.move_draft(here, COMPLETE, there)
    assert (await draft_of(day, here), await draft_of(day, there)) == (None, COMPLETE)
    await day.desk.mending.undo(moved)
    assert (await draft_of(day, here), await draft_of(day, there)) == (COMPLETE, None)


async def test_a_move_is_not_undone_over_what_was_typed_since(day: Day) -> None:
    here, there = await accepted(day)
    await day.desk.save_draft(here, COMPLETE)
    moved = await day.desk.mending.move_draft(here, COMPLETE, there)
    typed = msgspec.structs.replace(COMPLETE, comment="typed since")
    await day.desk.save_draft(there, typed)
    assert await code(day.desk.mending.undo(moved)) == "changed_since"
    assert (await draft_of(day, here), await draft_of(day, there)) == (None, typed)


async def test_a_form_does_not_come_back_over_one_that_was_begun_in_its_place(day: Day) -> None:
    here, there = await accepted(day)
    entry = await report(day, here)
    newer = Draft(comment="begun since")
    await day.desk.save_draft(here, newer)
    moved = await day.desk.mending.move_report(entry, there)
    assert not moved.undoable
    assert await code(day.desk.mending.undo(moved)) == "changed_since"
    assert (await draft_of(day, here), await draft_of(day, there)) == (newer, COMPLETE)


async def test_nothing_moves_to_itself_or_to_a_shipment_that_is_not_here(day: Day) -> None:
    here, _ = await accepted(day)
    entry = await report(day, here)
    assert await code(day.desk.mending.move_report(entry, here)) == "same_shipment"
    assert await code(day.desk.mending.move_report(entry, OrderId(1))) == "not_here"
    assert (await state(day, entry)) is State.HELD


async def test_a_correction_stays_at_the_shipment_whose_report_it_says_right(day: Day) -> None:
    here, there = await accepted(day)
    first = await sent(day, here)
    await day.desk.mending.correct(first)
    begun = await draft_of(day, here)
    assert begun is not None
    assert await code(day.desk.mending.move_draft(here, begun, there)) == "bound_here"
    second = await report(day, here, begun)
    assert await code(day.desk.mending.move_report(second, there)) == "bound_here"
    assert (await state(day, second)) is State.HELD
    assert await draft_of(day, there) is None


# After it was sent


async def test_a_correction_quotes_the_first_has_a_date_of_its_own_and_is_linked(day: Day) -> None:
    here, _ = await accepted(day)
    draft = msgspec.structs.replace(COMPLETE, pictures=(await picture(day),))
    first = await sent(day, here, draft)
    day.clock.move(days=1)
    assert await day.desk.mending.correct(first) == here
    begun = await draft_of(day, here)
    assert begun is not None
    assert begun.comment == "Correction of the report of 11.06. 10:30 (Complete, delivery): At the front desk"
    assert (begun.signee, begun.pictures, begun.time, begun.corrects) == ("Ola Nordmann", draft.pictures, "11.06.26 10:30", first)
    assert arrived(day) == 1, "a person sends it"
    second = await sent(day, here, msgspec.structs.replace(begun, status=Status.DAMAGE))
    one, two = await entry_of(day, first), await entry_of(day, second)
    assert (two.corrects, one.corrects) == (first, None)
    assert one.event_at != two.event_at
    assert (Deed.CORRECT, "Kari", "front") in await deeds(day, first)
    assert arrived(day) == 2
    assert await draft_of(day, here) is None
    line = (await day.desk.shipment_lines([here]))[0]
    assert (line.phase, line.exception) == (Phase.EXCEPTION, Status.DAMAGE)


async def test_a_correction_that_was_begun_goes_on_and_one_of_a_correction_quotes_once(day: Day) -> None:
    here, _ = await accepted(day)
    first = await sent(day, here)
    await day.desk.mending.correct(first)
    begun = await draft_of(day, here)
    assert begun is not None
    typed = msgspec.structs.replace(begun, signee="Kari")
    await day.desk.save_draft(here, typed)
    await day.desk.mending.correct(first)
    assert await draft_of(day, here) == typed
    second = await sent(day, here, typed)
    await day.desk.mending.correct(second)
    again = await draft_of(day, here)
    assert again is not None
    assert again.comment.count("Correction of") == 1
    assert again.corrects == second


async def test_a_draft_that_is_there_is_not_given_up_for_a_correction(day: Day) -> None:
    here, there = await accepted(day)
    first = await sent(day, here)
    await day.desk.save_draft(here, Draft(comment="typed"))
    assert await code(day.desk.mending.correct(first)) == "draft_here"
    assert await code(day.desk.mending.meant_for_another(first, there)) == "draft_here"
    assert await draft_of(day, here) == Draft(comment="typed")


async def test_a_quote_alone_is_no_comment(day: Day) -> None:
    here, _ = await accepted(day)
    first = await sent(day, here, msgspec.structs.replace(COMPLETE, comment=""))
    await day.desk.mending.correct(first)
    begun = await draft_of(day, here)
    assert begun is not None
    problems = await day.desk.send_report(here, msgspec.structs.replace(begun, status=Status.OTHER))
    assert isinstance(problems, list)
    assert [problem.code for problem in problems] == ["evidence_missing"]


async def test_only_what_was_sent_can_be_corrected(day: Day) -> None:
    here, _ = await accepted(day)
    entry = await report(day, here)
    assert await code(day.desk.mending.correct(entry)) == "moved_on"


async def test_a_report_about_the_wrong_shipment_becomes_two_drafts(day: Day) -> None:
    here, there = await accepted(day)
    draft = msgspec.structs.replace(COMPLETE, pictures=(await picture(day),))
    first = await sent(day, here, draft)
    moved = await day.desk.mending.meant_for_another(first, there)
    right, wrong = await draft_of(day, there), await draft_of(day, here)
    assert right is not None
    assert wrong is not None
    assert right == msgspec.structs.replace(draft, time="11.06.26 10:30")
    assert (wrong.status, wrong.stop, wrong.corrects) == (Status.OTHER, StopKind.DELIVERY, first)
    assert wrong.comment == "The report of 11.06. 10:30 (Complete, delivery) was meant for another shipment."
    assert arrived(day) == 1, "both are drafts that a person sends"
    await day.desk.mending.undo(moved)
    assert (await draft_of(day, there), await draft_of(day, here)) == (None, None)
    await day.desk.mending.meant_for_another(first, there)
    await sent(day, there, right)
    await sent(day, here, wrong)
    assert arrived(day) == 3
    assert here in await day.ids(View.TO_REPORT), "what was corrected is not reported"


async def test_what_a_correction_corrects_is_frozen(day: Day) -> None:
    here, _ = await accepted(day)
    first = await sent(day, here)
    await day.desk.mending.correct(first)
    begun = await draft_of(day, here)
    assert begun is not None
    second = await report(day, here, begun)
    with pytest.raises(Exception, match="an entry is frozen"):
        await day.desk._database.write(lambda conn: conn.execute("update entry set corrects = null where id = ?", (second,)))


# After a refusal


async def test_what_was_refused_is_sent_anew_with_everything_kept_and_once(day: Day) -> None:
    here, _ = await accepted(day)
    draft = msgspec.structs.replace(COMPLETE, pictures=(await picture(day),))
    old = await refused(day, here, draft)
    day.clock.move(days=1)
    assert await day.desk.mending.send_anew(old) == here
    found = await day.desk.shipment(here)
    assert found is not None
    assert found.draft == msgspec.structs.replace(draft, time="11.06.26 10:30", instead_of=old)
    assert found.draft_of is not None
    assert found.draft_of.answer
    assert (await state(day, old)) is State.REFUSED
    # At the other stop, too: it says itself in whose place it comes.
    new = await report(day, here, msgspec.structs.replace(found.draft, stop=StopKind.PICKUP))
    gone = await entry_of(day, old)
    assert (gone.state, gone.code) == (State.DROPPED, Why.MENDED)
    assert (Deed.SEND_ANEW, "Kari", "front") in await deeds(day, old)
    await day.send()
    assert (await state(day, new)) is State.SENT
    assert arrived(day) == 1
    assert here not in await day.ids(View.NEEDS_ME)


async def test_what_went_out_again_meanwhile_is_not_sent_a_second_time(day: Day) -> None:
    here, _ = await accepted(day)
    old = await refused(day, here)
    await day.desk.mending.send_anew(old)
    begun = await draft_of(day, here)
    assert begun is not None
    await day.desk.retry(old)
    written = await day.desk.send_report(here, begun)
    assert isinstance(written, Written)
    assert ([each.code for each in written.skipped], written.entries) == (["went_out_again"], ())
    assert await draft_of(day, here) == begun
    await day.send(seconds=1)
    assert arrived(day) == 1


async def test_undo_of_what_was_sent_anew_brings_the_form_back_and_it_can_be_sent(day: Day) -> None:
    here, _ = await accepted(day)
    old = await refused(day, here)
    await day.desk.mending.send_anew(old)
    begun = await draft_of(day, here)
    assert begun is not None
    new = await report(day, here, begun)
    await day.desk.take_back([new])
    assert await draft_of(day, here) == begun
    await sent(day, here, begun)
    assert arrived(day) == 1


async def test_what_gave_way_to_a_report_that_is_taken_back_is_refused_again_as_it_was(day: Day) -> None:
    here, _ = await accepted(day)
    old = await refused(day, here, msgspec.structs.replace(COMPLETE, comment="what Zendera refused"))
    before = await entry_of(day, old)
    new = await report(day, here, msgspec.structs.replace(COMPLETE, comment="another one, typed by hand"))
    assert (await state(day, old)) is State.DROPPED
    await day.desk.take_back([new])
    assert await entry_of(day, old) == before
    assert here in await day.ids(View.NEEDS_ME)
    again = await report(day, here, COMPLETE)
    assert (await state(day, old)) is State.DROPPED
    await day.send()
    assert (await state(day, again)) is State.SENT
    assert arrived(day) == 1


async def test_what_is_taken_up_anew_and_taken_back_is_refused_again_until_it_is_sent(day: Day) -> None:
    here, _ = await accepted(day)
    old = await refused(day, here)
    before = await entry_of(day, old)
    await day.desk.mending.send_anew(old)
    begun = await draft_of(day, here)
    assert begun is not None
    new = await report(day, here, begun)
    await day.desk.take_back([new])
    assert await entry_of(day, old) == before
    await report(day, here, begun)
    assert (await state(day, old)) is State.DROPPED


async def test_of_two_that_were_refused_one_gives_way(day: Day) -> None:
    here, _ = await accepted(day)
    day.simulator.faults.add(Fault.REFUSE, endpoint=Endpoint.UPDATE, status=422, times=2)
    first = await report(day, here, msgspec.structs.replace(COMPLETE, comment="the first"))
    second = await report(day, here, msgspec.structs.replace(COMPLETE, comment="the second"))
    await day.send()
    await day.send()
    assert [await state(day, entry) for entry in (first, second)] == [State.REFUSED] * 2
    await report(day, here, msgspec.structs.replace(COMPLETE, comment="the third"))
    assert [await state(day, entry) for entry in (first, second)] == [State.REFUSED, State.DROPPED]


async def test_only_what_was_refused_is_sent_anew(day: Day) -> None:
    here, _ = await accepted(day)
    entry = await sent(day, here)
    assert await code(day.desk.mending.send_anew(entry)) == "moved_on"
