"""What the lane reads of the next document before a person gets to it: it is there at once, and never older than the disk."""

import pytest
from PySide6.QtTest import QTest

from gui.paper.conftest import PaperDay, Until
from gui.paper.test_lane import CTRL, Key, key_in, keying, press, ready
from zendera_desk.domain.paper import Edits
from zendera_desk.domain.report import Draft
from zendera_desk.gui.paper.lane import Lane
from zendera_desk.gui.window import Window


def is_foreseen(lane: Lane) -> bool:
    look = lane._papers._look
    return look is not None and look.found is not None


async def test_who_goes_on_waits_for_no_disk(day: PaperDay, window: Window, until: Until) -> None:
    one, two, *_ = day.orders
    await day.scan(one, two)
    lane = await keying(window, until, 2)
    await ready(lane, until, one)
    await until(lambda: is_foreseen(lane))
    following = lane._course.following
    assert following is not None
    with pytest.raises(StopIteration) as ended:
        lane._papers.lay(following.document, two).send(None)
    shown = ended.value.value
    assert shown.line.order_id == two
    assert [picture.id for picture in shown.draft.pictures] == [page.picture.id for page in following.document.pages if page.picture]


async def test_a_draft_that_was_written_elsewhere_meanwhile_is_what_the_next_form_shows(
    day: PaperDay, window: Window, until: Until
) -> None:
    one, two, *_ = day.orders
    await day.scan(one, two)
    lane = await keying(window, until, 2)
    await ready(lane, until, one)
    await until(lambda: is_foreseen(lane))
    await day.desk.save_draft(two, Draft(signee="Ola"))
    press(Key.Key_Right, CTRL)
    await until(lambda: lane.report.order == two and lane.report.pane.pictures())
    assert lane.report.form.texts["signee"].text() == "Ola"


async def test_a_page_that_was_turned_on_the_paper_page_meanwhile_is_turned_in_the_next_form(
    day: PaperDay, window: Window, until: Until
) -> None:
    one, two, *_ = day.orders
    stack = await day.scan(one, two)
    lane = await keying(window, until, 2)
    await ready(lane, until, one)
    await until(lambda: is_foreseen(lane))
    await key_in(lane, until, one)
    QTest.keyClick(window, Key.Key_6, CTRL)
    await until(lambda: lane._course.place == 1 and not lane._is_busy)
    await day.desk.paper.edit(stack.pages[1].id, Edits(turn=90))
    turned = (await day.desk.paper.pages([stack.pages[1].id]))[0].picture
    assert turned != stack.pages[1].picture
    QTest.keyClick(window, Key.Key_P, CTRL)
    window.paper._pages.show_staying(lane)
    await ready(lane, until, two)
    assert lane.report.pane.pictures() == (turned,)
