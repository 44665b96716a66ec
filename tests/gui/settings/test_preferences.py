"""Each preference counts at once and alone; the key is replaced without being shown."""

from collections.abc import Awaitable, Callable

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QSpinBox

from zendera_desk.domain.errors import CredentialError, DeskError, LinkCode, LinkError
from zendera_desk.domain.ids import AccountId
from zendera_desk.domain.views import Account
from zendera_desk.gui.settings.preferences import Preferences
from zendera_desk.gui.spawn import Spawn
from zendera_desk.settings import Settings

NORDLYS = Account(id=AccountId("nordlys"), name="Nordlys", base_url="https://staging.zenderatms.com/api/")
START = Settings(made_by="Kari", desk="kontor-2")
Show = Callable[[Preferences], Preferences]
Until = Callable[[Callable[[], object]], Awaitable[None]]


class Locksmith:
    def __init__(self) -> None:
        self.trouble: dict[bool, DeskError] = {}
        self.replaced: list[tuple[str, bool]] = []

    async def replace_key(self, key: str, keep_key: bool = True) -> None:
        if keep_key in self.trouble:
            raise self.trouble[keep_key]
        self.replaced.append((key, keep_key))


@pytest.fixture
async def locksmith() -> Locksmith:
    return Locksmith()


@pytest.fixture
async def page(locksmith: Locksmith, spawn: Spawn, show: Show) -> Preferences:
    return show(Preferences(START, NORDLYS, locksmith, spawn))


@pytest.fixture
def heard(page: Preferences) -> list[Settings]:
    changes: list[Settings] = []
    page.changed.connect(changes.append)
    return changes


def combo(page: Preferences, name: str) -> QComboBox:
    found = page.findChild(QComboBox, name)
    assert isinstance(found, QComboBox)
    return found


def line(page: Preferences, name: str) -> QLineEdit:
    found = page.findChild(QLineEdit, name)
    assert isinstance(found, QLineEdit)
    return found


def button(page: Preferences, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def outcome(page: Preferences) -> str:
    found = page.findChild(QLabel, "outcome")
    assert isinstance(found, QLabel)
    return found.text()


async def test_each_change_counts_at_once_and_keeps_the_others(page: Preferences, heard: list[Settings]) -> None:
    hold = page.findChild(QSpinBox, "hold")
    assert isinstance(hold, QSpinBox)
    hold.setValue(25)
    combo(page, "language").setCurrentText("Íslenska")
    combo(page, "colours").setCurrentText("Dark")
    combo(page, "defaultCurrency").setCurrentText("ISK")
    assert [change.hold_seconds for change in heard] == [25, 25, 25, 25]
    assert heard[-1] == Settings(made_by="Kari", desk="kontor-2", hold_seconds=25, language="is", scheme="dark", currency="ISK")


async def test_a_name_counts_when_it_is_finished(page: Preferences, heard: list[Settings]) -> None:
    name = line(page, "yourName")
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "Ola ")
    assert not heard
    line(page, "deskName").setFocus()
    assert [change.made_by for change in heard] == ["Ola"]


async def test_what_is_set_stands_in_the_fields(spawn: Spawn, show: Show, locksmith: Locksmith) -> None:
    page = show(Preferences(Settings(currency="EUR", language="da", scheme="light"), None, locksmith, spawn))
    assert combo(page, "defaultCurrency").currentText() == "EUR"
    assert combo(page, "language").currentText() == "Dansk"
    assert combo(page, "colours").currentText() == "Light"
    assert not page.findChild(QPushButton, "replaceKey")


async def test_a_currency_from_elsewhere_can_stay(spawn: Spawn, show: Show, locksmith: Locksmith) -> None:
    page = show(Preferences(Settings(currency="PLN"), None, locksmith, spawn))
    assert combo(page, "defaultCurrency").currentText() == "PLN"


async def test_a_new_key_is_taken_and_forgotten_by_the_field(page: Preferences, locksmith: Locksmith, until: Until) -> None:
    assert not button(page, "replaceKey").isEnabled()
    QTest.keyClicks(line(page, "key"), "new-key")
    button(page, "replaceKey").click()
    await until(lambda: "in use" in outcome(page))
    assert locksmith.replaced == [("new-key", True)]
    assert line(page, "key").text() == ""


async def test_a_refused_key_is_said_and_stays_to_be_mended(page: Preferences, locksmith: Locksmith, until: Until) -> None:
    locksmith.trouble[True] = LinkError(LinkCode.UNAUTHORISED)
    QTest.keyClicks(line(page, "key"), "new-key")
    button(page, "replaceKey").click()
    await until(lambda: "does not accept this key" in outcome(page))
    assert line(page, "key").text() == "new-key"
    assert not button(page, "thisSessionOnly").isVisible()


async def test_without_a_keyring_the_new_key_can_be_used_for_this_session(page: Preferences, locksmith: Locksmith, until: Until) -> None:
    locksmith.trouble[True] = CredentialError("locked")
    QTest.keyClicks(line(page, "key"), "new-key")
    button(page, "replaceKey").click()
    await until(lambda: button(page, "thisSessionOnly").isVisible())
    button(page, "thisSessionOnly").click()
    await until(lambda: "until the program ends" in outcome(page))
    assert locksmith.replaced == [("new-key", False)]
