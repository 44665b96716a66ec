"""Each preference counts at once and alone; the key is replaced without being shown."""

from collections.abc import Awaitable, Callable, Iterator
from itertools import combinations

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, Qt, QTranslator
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFrame, QLabel, QLineEdit, QPushButton, QRadioButton, QSpinBox, QWidget

from gui.settings.conftest import Locksmith
from zendera_desk.domain.errors import CredentialError, LinkCode, LinkError
from zendera_desk.gui.settings.preferences import Preferences
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.words import CONTEXT
from zendera_desk.settings import Settings

Show = Callable[[Preferences], Preferences]
Until = Callable[[Callable[[], object]], Awaitable[None]]


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
    spin(page, "hold").setValue(25)
    combo(page, "language").setCurrentText("Íslenska")
    combo(page, "colours").setCurrentText("Dark")
    combo(page, "defaultCurrency").setCurrentText("ISK")
    assert [change.hold_seconds for change in heard] == [25, 25, 25, 25]
    assert heard[-1] == Settings(made_by="Kari", desk="kontor-2", hold_seconds=25, language="is", scheme="dark", currency="ISK")


async def test_the_language_of_an_accounts_dispatchers_is_its_own(page: Preferences, locksmith: Locksmith, heard: list[Settings]) -> None:
    assert locksmith.account is not None
    locksmith.settings = msgspec.structs.replace(locksmith.settings, languages={"another": "sv"})
    combo(page, "dispatchLanguage").setCurrentText("Dansk")
    assert heard[-1].languages == {"another": "sv", locksmith.account.id: "da"}


async def test_a_name_counts_when_it_is_finished(page: Preferences, heard: list[Settings]) -> None:
    name = line(page, "yourName")
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "Ola ")
    assert not heard
    line(page, "deskName").setFocus()
    assert [change.made_by for change in heard] == ["Ola"]


async def test_what_is_set_stands_in_the_fields(spawn: Spawn, show: Show, locksmith: Locksmith) -> None:
    locksmith.settings, locksmith.account = Settings(currency="EUR", language="da", scheme="light"), None
    page = show(Preferences(locksmith, spawn))
    assert combo(page, "defaultCurrency").currentText() == "EUR"
    assert combo(page, "language").currentText() == "Dansk"
    assert combo(page, "colours").currentText() == "Light"
    assert not page.findChild(QPushButton, "replaceKey")


async def test_a_currency_from_elsewhere_can_stay(spawn: Spawn, show: Show, locksmith: Locksmith) -> None:
    locksmith.settings = Settings(currency="PLN")
    page = show(Preferences(locksmith, spawn))
    assert combo(page, "defaultCurrency").currentText() == "PLN"


async def test_what_was_changed_beside_the_page_is_left_alone(page: Preferences, locksmith: Locksmith, heard: list[Settings]) -> None:
    """The watched folder is chosen through the desk, the window keeps its places."""
    spin(page, "hold").setValue(25)
    locksmith.settings = msgspec.structs.replace(heard[-1], watched_folders={"nordlys": "/scans"})
    combo(page, "colours").setCurrentText("Dark")
    assert heard[-1] == msgspec.structs.replace(locksmith.settings, scheme="dark")
    assert heard[-1].hold_seconds == 25


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


# How sure to be


def radio(page: Preferences, name: str) -> QRadioButton:
    found = page.findChild(QRadioButton, name)
    assert isinstance(found, QRadioButton)
    return found


def spin(page: Preferences, name: str) -> QSpinBox:
    found = page.findChild(QSpinBox, name)
    assert isinstance(found, QSpinBox)
    return found


async def test_what_happens_to_an_unclear_report_is_chosen_in_words(page: Preferences, heard: list[Settings], until: Until) -> None:
    assert radio(page, "certaintyLearned").isChecked()
    recognised = page.findChild(QLabel, "recognised")
    assert isinstance(recognised, QLabel)
    await until(lambda: "shown 7 of 20" in recognised.text())
    radio(page, "certaintyStrict").click()
    radio(page, "certaintyAuto").click()
    assert [change.certainty for change in heard] == ["strict", "auto"]


async def test_a_desk_that_knows_enough_says_so(spawn: Spawn, show: Show, locksmith: Locksmith, until: Until) -> None:
    locksmith.seen = 20
    page = show(Preferences(locksmith, spawn))
    recognised = page.findChild(QLabel, "recognised")
    assert isinstance(recognised, QLabel)
    await until(lambda: "has not arrived" in recognised.text())


async def test_what_each_desk_gets_of_the_hour_is_said(page: Preferences, heard: list[Settings], until: Until) -> None:
    def said(words: str) -> bool:
        return any(words in label.text() for label in page.findChildren(QLabel))

    await until(lambda: said("the 500 calls that Zendera allows in an hour for itself"))
    spin(page, "desksOnKey").setValue(3)
    assert said("166 for each")
    assert [change.desks_on_key for change in heard] == [3]


# How long to keep


def question(page: Preferences) -> QFrame:
    found = page.findChild(QFrame, "keepQuestion")
    assert isinstance(found, QFrame)
    return found


def asked(page: Preferences) -> str:
    found = page.findChild(QLabel, "keepQuestionWords")
    assert isinstance(found, QLabel)
    return found.text()


async def test_a_shorter_time_asks_with_how_much_would_go_before_it_counts(page: Preferences, heard: list[Settings], until: Until) -> None:
    spin(page, "keepProofs").setValue(30)
    await until(lambda: question(page).isVisible())
    assert asked(page).startswith("60 proofs would go now")
    assert not heard
    button(page, "letThemGo").click()
    assert [(change.keep_proofs_days, change.keep_shipments_days) for change in heard] == [(30, 400)]
    assert spin(page, "keepProofs").hasFocus()
    assert not question(page).isVisible()


async def test_keeping_them_puts_the_days_back_that_count(page: Preferences, heard: list[Settings], until: Until) -> None:
    spin(page, "keepProofs").setValue(30)
    spin(page, "keepShipments").setValue(200)
    await until(lambda: "60 proofs and 20 shipments" in asked(page))
    button(page, "keepThem").click()
    assert (spin(page, "keepProofs").value(), spin(page, "keepShipments").value()) == (90, 400)
    assert not question(page).isVisible()
    assert not heard


async def test_where_nothing_would_go_nothing_is_asked(page: Preferences, heard: list[Settings], until: Until) -> None:
    spin(page, "keepShipments").setValue(399)
    await until(lambda: heard)
    assert heard[-1].keep_shipments_days == 399
    assert not question(page).isVisible()


async def test_a_longer_time_and_for_good_count_at_once(page: Preferences, heard: list[Settings]) -> None:
    spin(page, "keepProofs").setValue(0)
    assert spin(page, "keepProofs").text() == "for good"
    spin(page, "keepShipments").setValue(500)
    assert [(change.keep_proofs_days, change.keep_shipments_days) for change in heard] == [(0, 400), (0, 500)]


async def test_from_for_good_to_some_days_is_shorter(page: Preferences, heard: list[Settings], until: Until) -> None:
    spin(page, "keepProofs").setValue(0)
    spin(page, "keepProofs").setValue(50)
    await until(lambda: question(page).isVisible())
    assert asked(page).startswith("50 proofs")
    assert [change.keep_proofs_days for change in heard] == [0]


async def test_only_the_last_of_many_quick_changes_is_asked_about(page: Preferences, heard: list[Settings], until: Until) -> None:
    for days in (80, 40, 10):
        spin(page, "keepProofs").setValue(days)
    await until(lambda: question(page).isVisible())
    assert asked(page).startswith("80 proofs")
    spin(page, "keepProofs").setValue(90)
    assert not question(page).isVisible()
    assert not heard


async def test_the_wheel_scrolls_the_page_and_changes_no_days(page: Preferences, heard: list[Settings]) -> None:
    for name in ("keepProofs", "hold"):
        field = spin(page, name)
        middle = QPointF(field.rect().center())
        turn = QWheelEvent(
            middle,
            field.mapToGlobal(middle),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(field, turn)
    assert not heard
    assert spin(page, "keepProofs").value() == 90


class _Wordier(QTranslator):
    """A language that needs half as much room again."""

    def translate(self, context: str, source: str, _comment: str | None = None, n: int = -1) -> str:
        return f"{source} {'länger ' * (len(source) // 14)}".rstrip() if context == CONTEXT else ""

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def wordier() -> Iterator[None]:
    """Asked for before the page is built."""
    translator = _Wordier()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


@pytest.mark.usefixtures("wordier")
async def test_in_a_language_of_longer_words_every_line_has_its_room(locksmith: Locksmith, spawn: Spawn, show: Show) -> None:
    page = Preferences(locksmith, spawn)
    page.resize(1008, 640)
    show(page)
    for _ in range(3):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    whole = page.widget()
    assert whole is not None
    shown = [part for part in whole.findChildren(QWidget) if part.isVisible()]
    labels = [part for part in shown if isinstance(part, QLabel) and part.wordWrap()]
    assert not [label.text() for label in labels if label.height() < label.heightForWidth(label.width())]
    fields = [part for part in shown if isinstance(part, QComboBox | QPushButton)]
    assert not [field.objectName() for field in fields if field.height() < field.minimumSizeHint().height()]
    assert page.horizontalScrollBar().maximum() == 0
    places = [(field.objectName(), QRect(field.mapTo(whole, QPoint(0, 0)), field.size())) for field in fields]
    assert not [(one, other) for (one, at), (other, there) in combinations(places, 2) if at.intersects(there)]
