"""Texts: named values, numbers with their forms, and nothing interpreted that came from outside."""

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from zendera_desk.gui.words import CONTEXT, mark, tr


class _Norwegian(QTranslator):
    def translate(self, context: str, source: str, _comment: str | None = None, n: int = -1) -> str:
        words = {
            "Accept": "Godta",
            "{n} shipment(s)": "{n} sending" if n == 1 else "{n} sendinger",
            "Retry at {time}": "Nytt forsøk {time}",
        }
        return words.get(source, "") if context == CONTEXT else ""

    def isEmpty(self) -> bool:
        return False


def test_without_a_translation_the_english_is_shown() -> None:
    assert tr("Accept") == "Accept"
    assert tr("Retry at {time}", time="14:32") == "Retry at 14:32"


@pytest.mark.parametrize(("n", "text"), [(0, "0 shipments"), (1, "1 shipment"), (2, "2 shipments")])
def test_english_has_its_two_forms(n: int, text: str) -> None:
    assert tr("{n} shipment(s)", n=n) == text


@pytest.mark.parametrize(("n", "text"), [(1, "1 entry needs you"), (3, "3 entries need you")])
def test_two_whole_forms_may_be_given(n: int, text: str) -> None:
    assert tr("{n} (entry needs|entries need) you", n=n) == text


def test_brackets_are_left_alone_where_no_number_counts() -> None:
    assert tr("Weight (kg)") == "Weight (kg)"
    assert tr("Weight (kg) of {n} (a|b)", n=2) == "Weight (kg) of 2 b"


def test_values_from_outside_are_never_interpreted() -> None:
    assert tr("From {name}", name="{0.__class__} (s) %n") == "From {0.__class__} (s) %n"
    assert tr("{n} of {name}", n=1, name="A (s)") == "1 of A (s)"


@pytest.mark.usefixtures("app")
def test_a_translation_is_used_with_the_form_its_language_has() -> None:
    norwegian = _Norwegian()
    QCoreApplication.installTranslator(norwegian)
    try:
        assert tr(mark("Accept")) == "Godta"
        assert tr("{n} shipment(s)", n=1) == "1 sending"
        assert tr("{n} shipment(s)", n=5) == "5 sendinger"
        assert tr("Retry at {time}", time="14:32") == "Nytt forsøk 14:32"
    finally:
        QCoreApplication.removeTranslator(norwegian)
