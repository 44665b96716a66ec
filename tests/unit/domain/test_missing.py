"""The words that a report about a difference begins with."""

from datetime import UTC, datetime

import pytest

from zendera_desk.domain.board import Board, Finding, Product, Spot
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.missing import added, draft, words
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.domain.quoting import LANGUAGES
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind

NOON = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)
PICKUP, DELIVERY = StopKind
SHOWN = Board(
    products=(
        Product(name="EUR-pallet", number="P-4", delivery=Spot(finding=Finding.PENDING, since=NOON)),
        Product(name="Sofa", product_id=2**60, delivery=Spot(finding=Finding.REMOVED)),
        Product(name="Chair"),
    )
)
SENT = Entry(id=EntryId(5), account=AccountId("a"), order_id=OrderId(1), kind=Kind.REPORT, state=State.SENT, made_at=NOON, next_at=NOON)


def test_each_product_that_differs_is_named_with_what_the_feed_says() -> None:
    assert words(SHOWN, DELIVERY, NOON, "en") == f"Delivery: EUR-pallet P-4 still pending; Sofa {2**60} removed."
    assert words(SHOWN, DELIVERY, None, "en") == f"Delivery: Sofa {2**60} removed."
    assert words(SHOWN, PICKUP, NOON, "en") == ""


def test_it_is_in_the_accounts_language_and_in_english_where_that_is_not_known() -> None:
    assert words(SHOWN, DELIVERY, NOON, "nb").startswith("Levering: EUR-pallet P-4 fortsatt ikke registrert;")
    assert words(SHOWN, DELIVERY, NOON, "fi") == words(SHOWN, DELIVERY, NOON, "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_has_words_in_every_language(language: str) -> None:
    for finding in set(Finding) - {Finding.CANNOT_TELL}:
        assert words(Board(products=(Product(name="Sofa", pickup=Spot(finding=finding)),)), PICKUP, None, language).count("Sofa ") == 1


def test_a_correction_quotes_the_first_and_sends_none_of_its_evidence_again() -> None:
    first = Draft(status=Status.COMPLETE, comment="Correction of the report of …: ", signee="Kari", corrects=EntryId(5), time="1200")
    made = draft("Delivery: Sofa removed.", DELIVERY, first)
    assert (made.comment, made.status, made.signee) == ("Correction of the report of …: Delivery: Sofa removed.", Status.OTHER, "")
    assert (made.corrects, made.time) == (EntryId(5), "1200")


def test_what_is_being_typed_gets_the_words_at_its_end_once() -> None:
    typed = Draft(comment="Rang twice", status=Status.NO_ONE_THERE)
    once = added(typed, "Delivery: Sofa removed.", DELIVERY, None)
    assert once is not None
    assert (once.comment, once.status) == ("Rang twice. Delivery: Sofa removed.", Status.NO_ONE_THERE)
    assert added(once, "Delivery: Sofa removed.", DELIVERY, None) == once


def test_what_is_being_typed_about_something_else_is_left_alone() -> None:
    assert added(Draft(comment="Rang twice", stop=PICKUP), "Delivery: Sofa removed.", DELIVERY, None) is None
    assert added(Draft(comment="x", corrects=EntryId(4)), "Delivery: Sofa removed.", DELIVERY, SENT) is None
    assert added(Draft(comment="x", corrects=EntryId(5)), "Delivery: Sofa removed.", DELIVERY, SENT) is not None
