"""Pictures that are ready when their form has been left, and what was done to pictures and is taken back."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from gui.report.paperdesk import FIRST, SECOND, PaperDesk, click, drop, jpeg
from gui.shipments.office import Office, open_office, row
from zendera_desk.domain.changes import PicturesArrived
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.gui.report import ReportPanel
from zendera_desk.gui.spawn import Spawn

Until = Callable[[Callable[[], object]], Awaitable[None]]
HERE, THERE = OrderId(7), OrderId(8)


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    files = []
    for colour in ("white", "red", "blue"):
        files.append(tmp_path / f"{colour}.jpg")
        files[-1].write_bytes(jpeg(colour))
    return files


def undos(panel: ReportPanel) -> list[Callable[[], None]]:
    offered: list[Callable[[], None]] = []
    panel.picture_removed.connect(lambda back, _words: offered.append(back))
    return offered


def names(panel: ReportPanel) -> list[str]:
    return [picture.name for picture in panel.draft().pictures]


# Two forms on one desk


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        await opened.arrive(row(HERE), row(THERE))
        yield opened


@pytest.fixture
async def forms(office: Office, spawn: Spawn, show: Callable[[QWidget], QWidget]) -> AsyncIterator[tuple[ReportPanel, ReportPanel]]:
    """As in the window and in the lane."""
    made = []
    for _place in range(2):
        form = ReportPanel(office.desk, spawn, office.desk.settings, zone=office.desk.zone)
        office.desk.changes.subscribe(form.on_change)
        show(form)
        made.append(form)
    yield made[0], made[1]
    for form in made:
        await form.flush()


async def opened(form: ReportPanel, order: OrderId, until: Until) -> None:
    form.open(order)
    await until(lambda: form._opened is not None)


async def on_disk(office: Office, order: OrderId) -> Draft | None:
    found = await office.desk.shipment(order)
    return None if found is None else found.draft


async def test_pictures_that_are_ready_when_another_form_has_their_shipment_join_what_is_typed_there(
    office: Office, forms: tuple[ReportPanel, ReportPanel], photos: list[Path], until: Until
) -> None:
    first, second = forms
    await opened(first, HERE, until)
    drop(first, *photos)
    first.open(THERE)
    await opened(second, HERE, until)
    second.form.texts["signee"].setText("Kari Nordmann")
    await until(lambda: len(second.draft().pictures) == 3)
    assert await second.flush()
    kept = await on_disk(office, HERE)
    assert kept == second.draft()
    assert kept is not None
    assert (kept.signee, len(kept.pictures)) == ("Kari Nordmann", 3)
    assert first.draft().pictures == ()


async def test_a_change_that_is_ready_when_another_form_has_the_picture_is_made_there(
    office: Office, forms: tuple[ReportPanel, ReportPanel], photos: list[Path], until: Until
) -> None:
    first, second = forms
    await opened(first, HERE, until)
    drop(first, photos[0])
    await until(lambda: first.draft().pictures)
    assert await first.flush()
    first.pane.retouch.turn(first.draft().pictures[0], 90)
    first.open(THERE)
    await opened(second, HERE, until)
    second.form.texts["signee"].setText("Kari Nordmann")
    await until(lambda: [picture.width for picture in second.draft().pictures] == [300])
    assert await second.flush()
    assert await on_disk(office, HERE) == second.draft()


async def test_a_picture_for_a_draft_that_is_gone_is_a_draft_by_itself(
    office: Office, forms: tuple[ReportPanel, ReportPanel], photos: list[Path], until: Until
) -> None:
    first, _ = forms
    await opened(first, HERE, until)
    drop(first, photos[0])
    await until(lambda: first.draft().pictures)
    picture = first.draft().pictures[0]
    await opened(first, THERE, until)
    await office.desk.discard_draft(HERE)
    await office.desk.exchange_picture(HERE, picture.id, picture)
    assert await on_disk(office, HERE) is None
    await office.desk.add_pictures(HERE, [picture])
    await office.desk.add_pictures(HERE, [picture])
    assert await on_disk(office, HERE) == Draft(pictures=(picture,))


async def test_a_full_disk_keeps_pictures_for_another_draft_until_there_is_room(
    form: ReportPanel, desk: PaperDesk, photos: list[Path], until: Until
) -> None:
    desk.drafts[FIRST] = Draft(comment="kept")
    desk.may_prepare.clear()
    drop(form, photos[0])
    form.open(SECOND)
    desk.disk_full = True
    desk.may_prepare.set()
    await until(lambda: "disk is full" in form.bar.mark.text())
    desk.disk_full = False
    assert await form.flush()
    assert (desk.drafts[FIRST].comment, len(desk.drafts[FIRST].pictures)) == ("kept", 1)


async def test_a_picture_that_was_taken_out_here_is_not_exchanged_back_in(form: ReportPanel, photos: list[Path], until: Until) -> None:
    drop(form, *photos[:2])
    await until(lambda: len(form.draft().pictures) == 2)
    white, red = form.draft().pictures
    form.pane.strip.unwanted.emit(white)
    form.on_change(PicturesArrived(FIRST, (white,), instead_of=white.id))
    assert form.draft().pictures == (red,)


# Taking back


async def test_a_picture_comes_back_to_its_place_and_those_that_landed_since_stay(
    form: ReportPanel, photos: list[Path], until: Until
) -> None:
    offered = undos(form)
    drop(form, *photos[:2])
    await until(lambda: len(form.draft().pictures) == 2)
    form.pane.strip.unwanted.emit(form.draft().pictures[0])
    drop(form, photos[2])
    await until(lambda: len(form.draft().pictures) == 2)
    offered[0]()
    assert names(form) == ["white.jpg", "red.jpg", "blue.jpg"]
    offered[0]()
    assert names(form) == ["white.jpg", "red.jpg", "blue.jpg"]


async def test_a_picture_comes_back_while_others_are_still_on_their_way(
    form: ReportPanel, desk: PaperDesk, photos: list[Path], until: Until
) -> None:
    offered = undos(form)
    drop(form, photos[0])
    await until(lambda: form.draft().pictures)
    desk.may_prepare.clear()
    drop(form, photos[1])
    click(form, "Remove picture")
    offered[0]()
    assert form.pane.strip.count() == 2
    desk.may_prepare.set()
    await until(lambda: names(form) == ["white.jpg", "red.jpg"])


async def test_a_changed_picture_goes_back_alone(form: ReportPanel, photos: list[Path], until: Until) -> None:
    offered = undos(form)
    drop(form, photos[0])
    await until(lambda: form.draft().pictures)
    before = form.draft().pictures[0]
    form.pane.retouch.turn(before, 90)
    await until(lambda: offered)
    drop(form, photos[1])
    await until(lambda: len(form.draft().pictures) == 2)
    offered[0]()
    assert form.draft().pictures[0] == before
    assert names(form) == ["white.jpg", "red.jpg"]


async def test_a_picture_that_was_changed_again_is_not_taken_back_and_that_is_said(
    form: ReportPanel, photos: list[Path], until: Until
) -> None:
    offered = undos(form)
    heard: list[str] = []
    form.told.connect(heard.append)
    drop(form, photos[0])
    await until(lambda: form.draft().pictures)
    for turns in (1, 2):
        form.pane.retouch.turn(form.draft().pictures[0], 90)
        await until(lambda: len(offered) == turns)  # noqa: B023 (awaited in this very round)
    after = form.draft()
    offered[0]()
    assert form.draft() == after
    assert heard == ["This picture was changed again or removed since, so it stays as it is."]


async def test_a_picture_comes_back_into_its_own_draft_when_another_form_is_open(
    form: ReportPanel, desk: PaperDesk, photos: list[Path], until: Until
) -> None:
    offered = undos(form)
    form.form.texts["signee"].setText("Kari")
    drop(form, photos[0])
    await until(lambda: form.draft().pictures)
    click(form, "Remove picture")
    form.open(SECOND)
    await until(lambda: form._opened is not None)
    offered[0]()
    await until(lambda: len(desk.drafts[FIRST].pictures) == 1)
    assert desk.drafts[FIRST].signee == "Kari"
    assert form.draft().pictures == ()
