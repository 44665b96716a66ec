"""Who asks for the end from outside is heard, before there is anything to close and while it closes."""

import signal
from collections.abc import Iterator

import pytest

from zendera_desk.ending import Ending


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def ending() -> Iterator[Ending]:
    with Ending() as ending:
        yield ending


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_wish_for_the_end_is_kept_until_there_is_something_to_close(ending: Ending, number: signal.Signals) -> None:
    closed: list[str] = []
    signal.raise_signal(number)
    ending.lead_to(lambda: closed.append("the window"))
    assert closed == ["the window"]


def test_without_a_wish_nothing_is_closed(ending: Ending) -> None:
    closed: list[str] = []
    ending.lead_to(lambda: closed.append("the window"))
    assert not closed


def test_a_second_wish_is_a_second_cross(ending: Ending) -> None:
    closed: list[str] = []
    ending.lead_to(lambda: closed.append("the window"))
    signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGTERM)
    assert len(closed) == 2


def test_a_wish_that_comes_when_all_is_closed_ends_nothing_half_way(ending: Ending) -> None:
    closed: list[str] = []
    ending.lead_to(lambda: closed.append("the window"))
    ending.let_go()
    signal.raise_signal(signal.SIGTERM)
    assert not closed


def test_a_wish_that_comes_when_python_itself_ends_changes_no_exit_code() -> None:
    with Ending():
        pass
    signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
