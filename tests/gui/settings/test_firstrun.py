"""The first run: an account is tried, saved, and says in words what is wrong; the key stays in its field."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit

from zendera_desk.domain.access import PRODUCTION, STAGING
from zendera_desk.domain.errors import CredentialError, DeskError, LinkCode, LinkError, SettingsError
from zendera_desk.domain.ids import AccountId
from zendera_desk.domain.views import Account
from zendera_desk.gui.settings.firstrun import FirstRun
from zendera_desk.gui.settings.trial import LINE_AT_FAULT
from zendera_desk.gui.spawn import Spawn

CANARY = "canary-key-9d21"
Show = Callable[[FirstRun], FirstRun]
Until = Callable[[Callable[[], object]], Awaitable[None]]


class Office:
    """Takes accounts as the desk does, with the troubles a test puts in its way."""

    def __init__(self) -> None:
        self.test_trouble: DeskError | None = None
        self.keep_trouble: DeskError | None = None
        self.answers = asyncio.Event()
        self.answers.set()
        self.tested: list[tuple[str, str]] = []
        self.added: list[tuple[str, str, str, bool]] = []

    async def test_account(self, base_url: str, key: str) -> None:
        self.tested.append((base_url, key))
        await self.answers.wait()
        if self.test_trouble:
            raise self.test_trouble

    async def add_account(self, name: str, base_url: str, key: str, keep_key: bool = True) -> Account:
        if keep_key and self.keep_trouble:
            raise self.keep_trouble
        self.added.append((name, base_url, key, keep_key))
        return Account(id=AccountId("new"), name=name, base_url=base_url)


@pytest.fixture
async def office() -> Office:
    return Office()


@pytest.fixture
async def page(office: Office, spawn: Spawn, show: Show) -> FirstRun:
    made = FirstRun(office, spawn)
    made.resize(1024, 700)
    return show(made)


def field(page: FirstRun, name: str) -> QLineEdit:
    found = page.findChild(QLineEdit, name)
    assert isinstance(found, QLineEdit)
    return found


def button(page: FirstRun, name: str) -> QAbstractButton:
    found = page.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def outcome(page: FirstRun) -> str:
    found = page.findChild(QLabel, "outcome")
    assert isinstance(found, QLabel)
    return found.text()


def type_key(page: FirstRun, key: str = CANARY) -> None:
    field(page, "key").setFocus()
    field(page, "key").selectAll()
    QTest.keyClicks(field(page, "key"), key)


async def test_a_good_key_is_tried_and_said_to_be_good(page: FirstRun, office: Office, until: Until) -> None:
    assert not button(page, "test").isEnabled()
    type_key(page, f" {CANARY} ")
    button(page, "staging").click()
    button(page, "test").click()
    await until(lambda: outcome(page))
    assert "accepts the key" in outcome(page)
    assert office.tested == [(STAGING, CANARY)]
    assert not office.added


async def test_enter_presses_the_button_that_has_the_focus(page: FirstRun, office: Office, until: Until) -> None:
    type_key(page)
    button(page, "test").setFocus()
    QTest.keyClick(button(page, "test"), Qt.Key.Key_Return)
    await until(lambda: outcome(page))
    assert office.added == []


async def test_the_focus_is_where_it_was_when_the_answer_has_come(page: FirstRun, until: Until) -> None:
    type_key(page)
    button(page, "test").setFocus()
    QTest.keyClick(button(page, "test"), Qt.Key.Key_Space)
    await until(lambda: outcome(page))
    assert button(page, "test").hasFocus()


async def test_saving_tries_first_and_hands_on_the_account(page: FirstRun, office: Office, until: Until) -> None:
    saved: list[object] = []
    page.saved.connect(saved.append)
    QTest.keyClicks(field(page, "accountName"), "Nordlys")
    type_key(page)
    button(page, "save").click()
    await until(lambda: saved)
    assert office.tested == [(PRODUCTION, CANARY)]
    assert office.added == [("Nordlys", PRODUCTION, CANARY, True)]
    assert saved == [Account(id=AccountId("new"), name="Nordlys", base_url=PRODUCTION)]
    assert field(page, "key").text() == ""


async def test_a_key_that_was_just_tried_is_not_tried_again(page: FirstRun, office: Office, until: Until) -> None:
    type_key(page)
    button(page, "test").click()
    await until(lambda: outcome(page))
    button(page, "save").click()
    await until(lambda: office.added)
    assert len(office.tested) == 1


async def test_an_account_without_a_name_gets_a_plain_one(page: FirstRun, office: Office, until: Until) -> None:
    type_key(page)
    button(page, "staging").click()
    button(page, "save").click()
    await until(lambda: office.added)
    assert office.added[0][0] == "Zendera staging"


@pytest.mark.parametrize(
    ("trouble", "part"),
    [
        (LinkError(LinkCode.UNAUTHORISED, http_status=401, words="Invalid API key"), "does not accept this key"),
        (LinkError(LinkCode.FORBIDDEN, http_status=403), "may not read exported orders"),
        (LinkError(LinkCode.OFFLINE), "network of this PC"),
        (LinkError(LinkCode.TLS), "vouches for"),
        (LinkError(LinkCode.TLS_DATE), "time of this PC"),
        (LinkError(LinkCode.NOT_ZENDERA), "not Zendera"),
        (LinkError(LinkCode.REDIRECT), "leads somewhere else"),
        (SettingsError("plain_http"), "https://"),
        (CredentialError("bad_key"), "not a key"),
    ],
)
async def test_what_is_wrong_is_said_in_words_in_place(page: FirstRun, office: Office, until: Until, trouble: DeskError, part: str) -> None:
    office.test_trouble = trouble
    type_key(page)
    button(page, "save").click()
    await until(lambda: outcome(page))
    assert part in outcome(page)
    assert not office.added
    anyway = isinstance(trouble, LinkError) and trouble.code in LINE_AT_FAULT
    assert button(page, "save").text() == ("Save anyway" if anyway else "Save")


async def test_an_account_can_be_saved_while_the_line_is_down(page: FirstRun, office: Office, until: Until) -> None:
    office.test_trouble = LinkError(LinkCode.OFFLINE)
    type_key(page)
    button(page, "save").click()
    await until(lambda: button(page, "save").text() == "Save anyway")
    button(page, "save").click()
    await until(lambda: office.added)
    assert len(office.tested) == 1


async def test_editing_takes_the_last_outcome_away(page: FirstRun, office: Office, until: Until) -> None:
    office.test_trouble = LinkError(LinkCode.OFFLINE)
    type_key(page)
    button(page, "test").click()
    await until(lambda: outcome(page))
    type_key(page, "another")
    assert outcome(page) == ""
    assert button(page, "save").text() == "Save"


async def test_without_a_keyring_the_key_is_used_for_this_session_if_the_person_says_so(
    page: FirstRun, office: Office, until: Until
) -> None:
    office.keep_trouble = CredentialError("no_keyring")
    type_key(page)
    assert not button(page, "thisSessionOnly").isVisible()
    button(page, "save").click()
    await until(lambda: "no keyring" in outcome(page))
    assert not office.added
    button(page, "thisSessionOnly").click()
    await until(lambda: office.added)
    assert office.added[0][3] is False


async def test_a_trial_can_be_cancelled(page: FirstRun, office: Office, until: Until) -> None:
    office.answers.clear()
    type_key(page)
    button(page, "test").click()
    await until(lambda: office.tested)
    assert button(page, "cancel").isVisible()
    assert not field(page, "key").isEnabled()
    assert not button(page, "save").isEnabled()
    button(page, "cancel").click()
    await until(lambda: "Cancelled" in outcome(page))
    assert field(page, "key").text() == CANARY
    assert button(page, "save").isEnabled()


async def test_closing_the_program_ends_a_trial_without_a_word(page: FirstRun, office: Office, until: Until) -> None:
    office.answers.clear()
    type_key(page)
    button(page, "test").click()
    await until(lambda: office.tested)
    (trial,) = [task for task in asyncio.all_tasks() if task.get_name() == "test the account"]
    trial.cancel()
    await until(trial.done)
    assert trial.cancelled()
    assert outcome(page) == ""


async def test_another_address_is_asked_for_only_when_it_is_wanted(page: FirstRun, office: Office, until: Until) -> None:
    assert not field(page, "address").isVisible()
    button(page, "anotherAddress").click()
    type_key(page)
    assert not button(page, "save").isEnabled()
    QTest.keyClicks(field(page, "address"), "http://127.0.0.1:8080/api/")
    QTest.keyClick(field(page, "key"), Qt.Key.Key_Enter)
    await until(lambda: office.added)
    assert office.added[0][1] == "http://127.0.0.1:8080/api/"


async def test_the_key_is_covered_until_the_eye_is_pressed(page: FirstRun) -> None:
    type_key(page)
    key = field(page, "key")
    assert CANARY not in key.displayText()
    (eye,) = key.actions()
    eye.trigger()
    assert key.displayText() == CANARY
    eye.trigger()
    assert CANARY not in key.displayText()


async def test_the_first_page_offers_the_demo_and_a_later_one_the_way_back(
    page: FirstRun, office: Office, spawn: Spawn, show: Show
) -> None:
    heard: list[str] = []
    page.demo_asked.connect(lambda: heard.append("demo"))
    button(page, "tryTheDemo").click()
    assert not page.findChild(QAbstractButton, "back")
    later = show(FirstRun(office, spawn, first=False))
    later.left.connect(lambda: heard.append("left"))
    button(later, "back").click()
    assert not later.findChild(QAbstractButton, "tryTheDemo")
    assert heard == ["demo", "left"]


async def test_every_control_has_its_name(page: FirstRun) -> None:
    unnamed = [each for kind in (QLineEdit, QAbstractButton) for each in page.findChildren(kind) if not each.accessibleName()]
    assert [each for each in unnamed if each.isVisible() and each.parent() is not field(page, "key")] == []
