"""Every code of the domain has its word, its icon and its sentence."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from enum import Enum

import pytest

from zendera_desk.domain import drafting
from zendera_desk.domain.errors import CredentialError, DeskError, LinkCode, LinkError, PictureError, SettingsError, StoreError
from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.outbox import Decision, Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.domain.rules import EVIDENCE, Problem
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import Connection, FeedScope, Phase, Skipped, View
from zendera_desk.gui import labels, sentences
from zendera_desk.gui.labels import Label
from zendera_desk.resources import resource

NOW = datetime(2026, 11, 21, 13, 32, tzinfo=UTC)

LABELLED: list[tuple[Iterable[Enum], Callable[..., Label]]] = [
    (Phase, labels.phase),
    (State, labels.entry_state),
    (Kind, labels.kind),
    (Status, labels.report_status),
    (ProductStatus, labels.product_status),
    (StopKind, labels.stop),
    (Connection, labels.connection),
]
WORDED: list[tuple[Iterable[Enum], Callable[..., str]]] = [
    (View, labels.view),
    (FeedScope, labels.feed_scope),
    (Decision, labels.decision),
]


@pytest.mark.parametrize(("codes", "words"), LABELLED)
def test_every_member_has_a_word_of_its_own_and_an_icon_that_is_there(codes: Iterable[Enum], words: Callable[..., Label]) -> None:
    made = [words(code) for code in codes]
    assert len({label.text for label in made}) == len(made)
    assert all(label.text for label in made)
    assert all(resource("icons", f"{label.icon}.svg").is_file() for label in made)


@pytest.mark.parametrize(("codes", "words"), WORDED)
def test_every_choice_has_a_word_of_its_own(codes: Iterable[Enum], words: Callable[..., str]) -> None:
    made = [words(code) for code in codes]
    assert all(made)
    assert len(set(made)) == len(made)


def test_an_exception_is_called_by_what_was_reported() -> None:
    assert [labels.phase(Phase.EXCEPTION, status).text for status in Status] == [
        "complete",
        "damage",
        "no one there",
        "other",
        "cannot handle",
    ]


def test_a_failed_shipment_says_which_of_the_five_strikes_it_has() -> None:
    assert labels.phase(Phase.FAILED, strikes=2).text == "failed 2 of 5"
    assert labels.phase(Phase.FAILED).text == "failed"


def test_a_held_entry_counts_down_and_a_waiting_one_says_why_and_until_when() -> None:
    assert labels.entry_state(State.HELD, NOW + timedelta(seconds=7.2), NOW).text == "held 8\u202fs"
    assert labels.entry_state(State.HELD, NOW - timedelta(seconds=1), NOW).text == "held"
    later = NOW + timedelta(minutes=5)
    time = labels.entry_state(State.DUE, later, NOW).text.removeprefix("waiting, retry at ")
    assert time.endswith(":37")
    assert labels.entry_state(State.DUE, later, NOW, LinkCode.OFFLINE).text == f"waiting (offline), retry at {time}"
    assert labels.entry_state(State.DUE, code=LinkCode.LIMIT).text == "waiting (hourly limit)"


def test_a_completed_product_is_picked_up_or_delivered() -> None:
    assert labels.product_status(ProductStatus.COMPLETED, StopKind.PICKUP).text == "picked up"
    assert labels.product_status(ProductStatus.COMPLETED, StopKind.DELIVERY).text == "delivered"
    assert labels.product_status(ProductStatus.UNKNOWN, word="IN_TRANSIT\u202e").text == "in transit⟨U+202E⟩"


def test_a_wrong_key_and_a_missing_permission_are_not_called_the_same() -> None:
    assert (
        labels.connection(Connection.BLOCKED, LinkCode.FORBIDDEN).text != labels.connection(Connection.BLOCKED, LinkCode.UNAUTHORISED).text
    )
    assert labels.connection(Connection.TROUBLE, LinkCode.TLS).text == "connection not secure"


JARGON = ("json", "tls", "http ", "ssl", "exception", "null", "timeout", "socket", "401", "403", "exported_")


@pytest.mark.parametrize("code", LinkCode)
def test_every_fault_of_the_line_has_a_sentence_for_the_office(code: LinkCode) -> None:
    sentence = labels.error(LinkError(code))
    assert sentence.endswith(".")
    assert sentence == labels.code(code)
    assert not [word for word in JARGON if word in sentence.lower()]
    assert labels.short_code(code)
    assert len(labels.short_code(code)) < 30


CODES = {
    StoreError: ("disk_full", "locked", "damaged", "newer", "readonly", "io", "closed"),
    CredentialError: ("no_keyring", "locked", "too_slow", "denied", "broken", "bad_key"),
    PictureError: (
        *("not_a_picture", "format", "too_many_pixels", "too_large", "unreadable", "empty", "not_a_file", "encrypted", "no_pages"),
        *("too_many_pages", "too_slow", "decoder_died", "no_memory"),
    ),
    SettingsError: ("bad_url", "plain_http", "bad_settings"),
}


@pytest.mark.parametrize(("kind", "code"), [(kind, code) for kind, codes in CODES.items() for code in codes])
def test_every_trouble_has_a_sentence_that_says_what_to_do(kind: type[DeskError], code: str) -> None:
    assert code in (kind.__doc__ or ""), "the domain no longer has this code"
    sentence = labels.error(kind(code))
    assert "Something went wrong" not in sentence
    assert sentence.count(". ") + sentence.count(": ") + sentence.count("; ") >= 1 or code in {"not_a_file", "plain_http"}
    assert not [word for word in JARGON if word in sentence.lower()]


def test_the_same_code_of_two_parts_is_two_troubles() -> None:
    assert "keyring" in labels.error(CredentialError("locked"))
    assert "data" in labels.error(StoreError("locked"))


def test_zenderas_words_are_quoted_made_visible_and_shortened() -> None:
    sentence = labels.error(LinkError(LinkCode.REFUSED, words="no\u202e such\norder " + "x" * 1_000))
    assert "“no⟨U+202E⟩ such order xxx" in sentence
    assert sentence.endswith("x…”")
    assert len(sentence) < 450


def test_a_picture_is_called_by_its_name() -> None:
    assert labels.error(PictureError("empty", name="a{b}.jpg")).startswith("a{b}.jpg: This file is empty.")


def test_what_is_known_about_a_refused_file_is_said() -> None:
    assert "this format (GIF) cannot" in labels.error(PictureError("format", format="GIF"))
    assert "has 200 pages; 20 go into" in labels.error(PictureError("too_many_pages", name="{n}.pdf", pages=200, most=20))
    assert "{" not in labels.error(PictureError("too_many_pages", name="n.pdf"))


@pytest.mark.parametrize("code", sorted({*drafting.BLOCKING, *drafting.ASKS, *drafting.NOTES} - {"evidence_missing"}))
def test_every_problem_of_the_form_has_a_sentence(code: str) -> None:
    sentence = labels.problem(Problem(field="time", code=code, values=(("least", "10"), ("most", "90"), ("distance", "2.3 km"))))
    assert "Please check" not in sentence
    assert sentence[-1] in ".?"
    assert "{" not in sentence


def test_missing_evidence_is_named_in_the_order_of_the_rule() -> None:
    problem = Problem(field="signee", code="evidence_missing", values=(("any_of", "signee,contactless"),))
    assert labels.problem(problem) == "Needed: who signed or contactless. Or say why there is no proof."
    for field in EVIDENCE:
        assert sentences._EVIDENCE[field] in labels.problem(Problem(field=field, code="evidence_missing", values=(("any_of", field),)))


def test_an_unknown_code_becomes_readable_text() -> None:
    assert labels.problem(Problem(field="x", code="brand_new")) == "Please check this: brand new."
    assert labels.error(DeskError("brand_new", other=1)) == "Something went wrong: brand new."
    assert labels.skipped("brand_new") == "brand new"
    assert labels.short_code("BRAND_NEW") == "brand new"
    assert labels.code("") == ""


def test_what_was_skipped_says_why() -> None:
    codes = (Skipped.__doc__ or "").partition("Codes: ")[2].partition(".")[0].split(", ")
    assert len(codes) >= 6
    assert not [code for code in codes if code not in sentences._SKIPPED]
    assert labels.skipped("failed_waiting") == "failed, waiting for Zendera to correct it"


def test_the_useful_failure_reasons_are_offered() -> None:
    assert labels.failure_reasons()[0] == "Unknown postal code"
    assert len(labels.failure_reasons()) == 8
