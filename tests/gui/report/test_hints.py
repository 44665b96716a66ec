"""What photos suggest for the fields of the form, and that nothing of it is there until a person takes it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest

from gui.report.paperdesk import FIRST, Key, PaperDesk, click, focus, jpeg, press, type_
from zendera_desk.domain.paper import PictureFacts
from zendera_desk.domain.shipment import Address, Coordinates
from zendera_desk.gui.report import ReportPanel
from zendera_desk.gui.report.offer import Offer

Until = Callable[[Callable[[], object]], Awaitable[None]]
BERGEN = Coordinates(latitude=60.3913, longitude=5.3221)


@pytest.fixture
def told(desk: PaperDesk) -> PaperDesk:
    desk.facts = PictureFacts(taken=datetime.fromisoformat("2026-11-21T14:20:05+01:00"), position=BERGEN)
    return desk


async def given(panel: ReportPanel, until: Until, tmp_path: Path, name: str = "IMG_2031.jpg") -> None:
    (tmp_path / name).write_bytes(jpeg("white"))
    panel.pane.given.emit([tmp_path / name])
    await until(lambda: panel.draft().pictures)
    await until(lambda: panel.pane.viewer.scene().sceneRect().width() == 400)


def time_offer(panel: ReportPanel) -> Offer:
    return panel.form.offers["time"]


async def test_the_time_of_a_photo_is_offered_and_taken_only_by_a_person(
    told: PaperDesk, form: ReportPanel, tmp_path: Path, until: Until
) -> None:
    await given(form, until, tmp_path)
    offer = time_offer(form)
    await until(offer.isVisible)
    assert offer.words.text() == "14:20 from the photo IMG_2031.jpg"
    assert form.draft().time == ""
    offer.buttons[0].click()
    assert form.draft().time == "21.11.26 14:20"
    assert (offer.words.text(), offer.has_choices) == ("from the photo IMG_2031.jpg", False)
    form.form.time.setFocus()
    press(Key.Key_Up)
    assert offer.has_choices
    assert offer.words.text() == "14:20 from the photo IMG_2031.jpg"


async def test_what_a_person_typed_themselves_is_not_said_to_be_from_a_photo(
    told: PaperDesk, form: ReportPanel, tmp_path: Path, until: Until
) -> None:
    type_("1420")
    await given(form, until, tmp_path)
    await until(lambda: form._hints._known)
    assert not time_offer(form).isVisible()


async def test_the_clock_of_a_photo_without_zone_is_said_to_be_read_as_this_desk_s(
    desk: PaperDesk, form: ReportPanel, tmp_path: Path, until: Until
) -> None:
    desk.facts = PictureFacts(taken=datetime.fromisoformat("2026-11-20T14:20:05"))
    await given(form, until, tmp_path)
    await until(time_offer(form).isVisible)
    assert time_offer(form).words.text() == "Fri 14:20 from the photo IMG_2031.jpg · this desk's zone"


async def test_both_of_the_hour_that_came_twice_can_be_taken(desk: PaperDesk, form: ReportPanel, tmp_path: Path, until: Until) -> None:
    desk.facts = PictureFacts(taken=datetime.fromisoformat("2026-10-25T02:30:00"))
    await given(form, until, tmp_path)
    await until(time_offer(form).isVisible)
    assert [button.text() for button in time_offer(form).buttons] == ["UTC+2", "UTC+1"]
    time_offer(form).buttons[1].click()
    assert form.form.echo.text() == "Sun 25 Oct 2026 02:30, UTC+1"


async def test_a_day_from_the_file_s_name_waits_for_the_hour(desk: PaperDesk, form: ReportPanel, tmp_path: Path, until: Until) -> None:
    await given(form, until, tmp_path, "Scan_20261120_001.jpg")
    await until(time_offer(form).isVisible)
    assert time_offer(form).words.text() == "20.11.26 from the file name Scan_20261120_001.jpg, without an hour"
    time_offer(form).buttons[0].click()
    assert focus() == "time"
    type_("0915")
    press(Key.Key_Return)
    assert form.draft().time == "20.11.26 09:15"


async def test_the_position_of_a_photo_is_offered_with_five_places(
    told: PaperDesk, form: ReportPanel, tmp_path: Path, until: Until
) -> None:
    await given(form, until, tmp_path)
    offer = form.form.offers["position"]
    await until(offer.isVisible)
    assert (form.draft().latitude, form.draft().longitude) == ("", "")
    assert offer.words.text() == "60.39130, 5.32210 from the photo IMG_2031.jpg"
    offer.buttons[0].click()
    assert (form.draft().latitude, form.draft().longitude) == ("60.39130", "5.32210")
    assert offer.words.text() == "from the photo IMG_2031.jpg"
    form.form.texts["longitude"].setFocus()
    type_("1")
    assert offer.has_choices


@pytest.mark.parametrize(("east", "note"), [(5.3641, "The photo was taken 2.3 km from the address."), (5.3301, "")])
async def test_a_photo_far_from_the_address_gets_a_note_and_stops_nothing(
    told: PaperDesk, form: ReportPanel, tmp_path: Path, until: Until, east: float, note: str
) -> None:
    told.address = Address(coordinates=Coordinates(latitude=60.3913, longitude=east))
    form.open(None)
    form.open(FIRST)
    await until(lambda: form._opened is not None)
    await given(form, until, tmp_path)
    await until(form.form.offers["position"].isVisible)
    assert form.pane.beside.isVisible() == bool(note)
    assert not note or form.pane.beside._words.text() == note
    click(form, "Pickup")
    assert not form.pane.beside.isVisible()


async def test_enter_does_not_lead_into_a_suggestion(told: PaperDesk, form: ReportPanel, tmp_path: Path, until: Until) -> None:
    await given(form, until, tmp_path)
    await until(time_offer(form).isVisible)
    form.form.time.setFocus()
    press(Key.Key_Return)
    press(Key.Key_Return)
    assert (focus(), form.draft().time) == ("contactless", "")


async def test_a_kept_draft_says_after_a_restart_what_is_from_the_photo(
    told: PaperDesk, form: ReportPanel, tmp_path: Path, until: Until
) -> None:
    await given(form, until, tmp_path)
    await until(time_offer(form).isVisible)
    time_offer(form).buttons[0].click()
    assert await form.flush()
    form.open(None)
    form.open(FIRST)
    await until(lambda: time_offer(form).words.text() == "from the photo IMG_2031.jpg")
    assert time_offer(form).isVisible()
