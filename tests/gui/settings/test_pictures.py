"""How pictures are prepared and travel: each setting counts at once, within its bounds, and in the words of the field."""

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QSpinBox

from gui.settings.conftest import Locksmith
from zendera_desk.gui.settings.preferences import Preferences
from zendera_desk.gui.spawn import Spawn
from zendera_desk.settings import Settings

Show = Callable[[Preferences], Preferences]


def ways(page: Preferences) -> QComboBox:
    found = page.findChild(QComboBox, "sendPictures")
    assert isinstance(found, QComboBox)
    return found


def spin(page: Preferences, name: str) -> QSpinBox:
    found = page.findChild(QSpinBox, name)
    assert isinstance(found, QSpinBox)
    return found


async def test_how_pictures_travel_is_chosen_for_the_account_that_is_open(page: Preferences, heard: list[Settings]) -> None:
    assert (ways(page).accessibleName(), ways(page).currentText()) == ("Send pictures", "Inside the report")
    ways(page).setCurrentText("As links")
    assert heard[-1].pictures_by == {"nordlys": "links"}
    ways(page).setCurrentText("Inside the report")
    assert heard[-1].pictures_by == {"nordlys": "inline"}


async def test_how_another_account_sends_its_pictures_stays(spawn: Spawn, show: Show, locksmith: Locksmith) -> None:
    locksmith.settings = Settings(pictures_by={"nordlys": "links", "soer": "links"})
    page = show(Preferences(locksmith, spawn))
    heard: list[Settings] = []
    page.changed.connect(heard.append)
    assert ways(page).currentText() == "As links"
    ways(page).setCurrentText("Inside the report")
    assert heard[-1].pictures_by == {"nordlys": "inline", "soer": "links"}


async def test_without_an_account_pictures_are_prepared_and_go_nowhere(spawn: Spawn, show: Show, locksmith: Locksmith) -> None:
    locksmith.account = None
    page = show(Preferences(locksmith, spawn))
    assert page.findChild(QComboBox, "sendPictures") is None
    assert spin(page, "longestSide").isVisible()


async def test_the_size_of_what_is_sent_counts_at_once(page: Preferences, heard: list[Settings]) -> None:
    assert [spin(page, name).text() for name in ("longestSide", "jpegQuality", "greatestSize")] == ["1600 px", "80", "1.5 MB"]
    spin(page, "longestSide").setValue(2000)
    spin(page, "jpegQuality").setValue(70)
    spin(page, "greatestSize").stepUp()
    last = heard[-1]
    assert (last.picture_longest, last.picture_quality, last.picture_most) == (2000, 70, 1_600_000)


@pytest.mark.parametrize(
    ("name", "least", "most"), [("longestSide", "800 px", "4000 px"), ("jpegQuality", "40", "95"), ("greatestSize", "0.2 MB", "5.0 MB")]
)
async def test_what_could_not_be_read_or_sent_cannot_be_set(page: Preferences, name: str, least: str, most: str) -> None:
    field = spin(page, name)
    field.setValue(-1)
    assert field.text() == least
    field.setValue(1_000_000)
    assert field.text() == most


@pytest.mark.parametrize(
    ("typed", "size"), [("2", 2_000_000), ("0,7", 700_000), ("0.7", 700_000), (".3", 300_000), ("3.", 3_000_000), ("2x.5", 2_500_000)]
)
async def test_a_size_is_typed_with_a_comma_or_a_point(page: Preferences, heard: list[Settings], typed: str, size: int) -> None:
    field = spin(page, "greatestSize")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, typed)
    assert not heard, "it counts when it is finished"
    spin(page, "jpegQuality").setFocus()
    assert [change.picture_most for change in heard] == [size]


@pytest.mark.parametrize("typed", ["", ".", "9", "0.1"])
async def test_what_is_no_size_falls_back_or_to_its_bounds(page: Preferences, heard: list[Settings], typed: str) -> None:
    field = spin(page, "greatestSize")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, typed or "\b")
    spin(page, "jpegQuality").setFocus()
    assert field.text() in {"1.5 MB", "0.2 MB", "5.0 MB"}
    assert 200_000 <= (heard[-1].picture_most if heard else 1_500_000) <= 5_000_000
