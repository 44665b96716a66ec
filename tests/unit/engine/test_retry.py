"""The table of verdicts, written down a second time, and the waiting between tries."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.api.answers import Answer, httpx, refusal
from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.engine import retry
from zendera_desk.engine.retry import Verdict

NOON = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)

TABLE = {
    LinkCode.OFFLINE: State.DUE,
    LinkCode.CONNECTION_REFUSED: State.DUE,
    LinkCode.CONNECT_TIMEOUT: State.DUE,
    LinkCode.TLS: State.DUE,
    LinkCode.TLS_HOST: State.DUE,
    LinkCode.TLS_DATE: State.DUE,
    LinkCode.TLS_SPOKEN: State.DUE,
    LinkCode.PROXY: State.DUE,
    LinkCode.BUSY: State.DUE,
    LinkCode.NOT_WRITTEN: State.DUE,
    LinkCode.TIMEOUT: State.UNCLEAR,
    LinkCode.RESET: State.UNCLEAR,
    LinkCode.BROKEN_ANSWER: State.UNCLEAR,
    LinkCode.TOO_LARGE: State.UNCLEAR,
    LinkCode.DIED: State.UNCLEAR,
    LinkCode.SLEPT: State.UNCLEAR,
    LinkCode.UNAUTHORISED: State.DUE,
    LinkCode.FORBIDDEN: State.DUE,
    LinkCode.LIMIT: State.DUE,
    LinkCode.REDIRECT: State.DUE,
    LinkCode.NOT_ZENDERA: State.UNCLEAR,
    LinkCode.REFUSED: State.REFUSED,
    LinkCode.SERVER: State.UNCLEAR,
}

STATUSES = {
    **dict.fromkeys((300, 301, 302, 303, 307, 308), Verdict.BLOCKED),
    **dict.fromkeys((400, 404, 405, 409, 410, 413, 415, 422), Verdict.REFUSED),
    **dict.fromkeys((401, 403), Verdict.BLOCKED),
    429: Verdict.LIMITED,
    407: Verdict.NOT_RECEIVED,
    **dict.fromkeys((408, 425, 500, 502, 503, 504, 599), Verdict.UNCLEAR),
}


def entry(**changed: object) -> Entry:
    fields: dict[str, object] = {
        "id": EntryId(1),
        "account": AccountId("nordlys"),
        "order_id": OrderId(1),
        "kind": Kind.REPORT,
        "state": State.SENDING,
        "made_at": NOON,
        "next_at": NOON,
    }
    return Entry(**{**fields, **changed})  # type: ignore[arg-type]


def test_every_code_has_its_place_in_the_table() -> None:
    assert {code: retry.state_after(entry(), LinkError(code)) for code in LinkCode} == TABLE
    assert retry.state_after(entry(), None) is State.SENT


@pytest.mark.parametrize(("status", "meaning"), STATUSES.items())
def test_what_each_status_means_for_a_send(status: int, meaning: Verdict) -> None:
    error = refusal(Answer(status, httpx.Headers(), b"", ""), "key")
    assert retry.verdict(error) is meaning


@pytest.mark.parametrize("status", [400, 404, 409, 410, 422])
def test_a_refusal_after_an_unclear_try_is_read_back(status: int) -> None:
    error = LinkError(LinkCode.REFUSED, http_status=status)
    assert retry.state_after(entry(ever_unclear=True), error) is State.UNCLEAR
    assert retry.state_after(entry(), error) is State.REFUSED


@pytest.mark.parametrize("status", [405, 413, 415])
def test_a_refusal_that_cannot_mean_done_already_stands(status: int) -> None:
    error = LinkError(LinkCode.REFUSED, http_status=status)
    assert retry.state_after(entry(ever_unclear=True), error) is State.REFUSED


def test_what_is_unclear_is_not_asked_about_before_it_has_settled() -> None:
    assert retry.next_at(State.UNCLEAR, entry(), NOON, random.Random(1)) == NOON + timedelta(seconds=180)


def test_what_was_answered_is_looked_for_soon() -> None:
    assert retry.next_at(State.SENT, entry(), NOON, random.Random(1)) == NOON + timedelta(seconds=20)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers())
def test_the_wait_is_never_nothing_and_never_above_ten_minutes(attempts: int, failures: int, seed: int) -> None:
    wait = retry.next_at(State.DUE, entry(attempts=attempts), NOON, random.Random(seed), failures) - NOON
    assert timedelta(milliseconds=500) <= wait <= timedelta(minutes=10)
    assert wait <= max(timedelta(milliseconds=500), timedelta(seconds=2) * 2 ** min(max(attempts, failures), 10))


def test_the_longest_wait_doubles_with_each_try() -> None:
    class Longest(random.Random):
        def random(self) -> float:
            return 1.0

    waits = [retry.backoff(tries, Longest()).total_seconds() for tries in range(12)]
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]


def test_many_desks_do_not_come_back_in_the_same_moment() -> None:
    assert len({retry.backoff(5, random.Random(seed)) for seed in range(50)}) == 50


def test_evidence_is_looked_for_in_growing_steps_and_then_no_more() -> None:
    sent = entry(state=State.SENT, ended_at=NOON)
    looks, now = list[timedelta](), NOON
    while (again := retry.next_look(sent, now)) is not None:
        looks.append(again - NOON)
        now = again
    assert looks == list(retry.LOOKS)
    assert {timedelta(hours=1), timedelta(hours=24)} <= set(looks)
