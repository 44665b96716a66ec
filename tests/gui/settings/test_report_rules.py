"""What a report needs, and the comments that are ready, chosen in plain words; each change counts at once."""

from collections.abc import Awaitable, Callable

from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QPushButton, QWidget

from zendera_desk.domain.comments import DEFAULT as COMMENTS
from zendera_desk.domain.rules import DEFAULT, Rules
from zendera_desk.gui.settings.evidence import EvidenceRules, in_words
from zendera_desk.gui.settings.ready import ReadyCommentRows

Show = Callable[[QWidget], QWidget]
Until = Callable[[Callable[[], object]], Awaitable[None]]


def field(page: QWidget, name: str) -> QComboBox:
    (found,) = [each for each in page.findChildren(QComboBox) if each.accessibleName() == name]
    return found


def test_rules_are_said_in_plain_words() -> None:
    assert in_words(()) == "nothing"
    assert in_words((("signee", "contactless"), ("pictures",))) == "who signed or contactless, and a picture"


def test_a_rule_is_chosen_for_one_stop_and_the_other_stays(show: Show) -> None:
    page = show(EvidenceRules(dict(DEFAULT)))
    heard: list[Rules] = []
    page.changed.connect(heard.append)
    chosen = field(page, "Complete, Pickup")
    assert chosen.currentText() == "who signed or contactless"
    chosen.setCurrentIndex(chosen.findText("nothing"))
    assert heard[-1]["COMPLETE/PICKUP"] == ()
    assert heard[-1]["COMPLETE/DELIVERY"] == DEFAULT["COMPLETE"]
    reset = page.findChild(QPushButton, "resetEvidence")
    reset.click()
    assert heard[-1] == DEFAULT
    assert chosen.currentText() == "who signed or contactless"
    assert not reset.isEnabled()


def test_a_rule_of_a_file_that_was_written_by_hand_is_shown_and_kept(show: Show) -> None:
    rules = {**DEFAULT, "DAMAGE": (("pictures", "position"), ("comment",))}
    page = show(EvidenceRules(rules))
    assert field(page, "Damage, Delivery").currentText() == "a picture or the position, and a comment"


def test_who_signed_is_asked_only_where_somebody_signs(show: Show) -> None:
    page = show(EvidenceRules(dict(DEFAULT)))
    damage = field(page, "Damage, Pickup")
    assert not any("signed" in damage.itemText(place) for place in range(damage.count()))


async def test_ready_comments_are_kept_soon_after_they_were_typed(show: Show, until: Until) -> None:
    page = show(ReadyCommentRows(dict(COMMENTS)))
    heard: list[dict[str, tuple[str, ...]]] = []
    page.changed.connect(heard.append)
    lines = page.findChild(QPlainTextEdit)
    lines.setPlainText("Left at gate 3\n\nLeft with Per")
    await until(lambda: heard)
    assert heard == [{**COMMENTS, "COMPLETE": ("Left at gate 3", "Left with Per")}]


def test_another_status_keeps_what_was_typed_for_the_first(show: Show) -> None:
    page = show(ReadyCommentRows(dict(COMMENTS)))
    heard: list[dict[str, tuple[str, ...]]] = []
    page.changed.connect(heard.append)
    lines = page.findChild(QPlainTextEdit)
    lines.setPlainText("")
    of = field(page, "Ready comments of")
    of.setCurrentIndex(of.findText("Other"))
    assert heard == [{**COMMENTS, "COMPLETE": ()}]
    assert lines.toPlainText().startswith("Customer refused delivery")
