"""What the program writes into a comment itself is in one language throughout, and is recognised again in any."""

from datetime import UTC, datetime

import pytest

from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.domain.quoting import LANGUAGES, correction, meant_for_another, own_words
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind

NOON = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)


def sent(status: Status, stop: StopKind) -> Entry:
    return Entry(
        id=EntryId(5),
        account=AccountId("a"),
        order_id=OrderId(1),
        kind=Kind.REPORT,
        state=State.SENT,
        status=status,
        stop=stop,
        made_at=NOON,
        next_at=NOON,
    )


def test_a_correction_names_the_first_report_in_the_dispatchers_language() -> None:
    first = sent(Status.COMPLETE, StopKind.DELIVERY)
    assert correction(first, UTC, "nb") == "Rettelse av meldingen fra 11.06. 12:00 (Fullført, levering): "
    assert meant_for_another(first, UTC, "sv") == "Rapporten från 11.06. 12:00 (Slutförd, leverans) gällde en annan försändelse."


def test_a_language_that_is_not_known_is_english() -> None:
    first = sent(Status.COMPLETE, StopKind.DELIVERY)
    assert correction(first, UTC, "fi") == correction(first, UTC, "en") == "Correction of the report of 11.06. 12:00 (Complete, delivery): "


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quote_alone_says_nothing_in_any_language(language: str) -> None:
    for status in Status:
        for stop in StopKind:
            quote = correction(sent(status, stop), UTC, language)
            assert own_words(quote) == ""
            assert own_words(f"{quote}Left at the porter's ") == "Left at the porter's"


def test_what_a_person_wrote_is_no_quote() -> None:
    assert own_words(" Correction of the report: two colli ") == "Correction of the report: two colli"
