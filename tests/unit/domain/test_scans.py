"""A scanner is told from a person by speed alone; whatever is typed comes out again, once."""

from collections.abc import Sequence
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.domain.scans import GAP, SHORTEST, SILENCE, Burst, Tail, bare, is_number, kind_of

Key = tuple[str, int]


def told_apart(keys: Sequence[Key]) -> list[tuple[str, bool]]:
    """Everything pressed, in parts: what it was, and whether a scanner typed it."""
    burst, parts = Burst(), []

    def end() -> None:
        if burst.text:
            is_scan = burst.is_scan
            parts.append((burst.end()[0], is_scan))

    for character, at in keys:
        if not burst.follows(at):
            end()
        burst.add(character, at)
    end()
    return parts


def pressed(text: str, gaps: Sequence[int], start: int = 10_000) -> list[Key]:
    return list(zip(text, accumulate(gaps, initial=start), strict=False))


CHARACTERS = st.characters(exclude_categories=["C"])


@given(st.lists(st.tuples(CHARACTERS, st.integers(0, 200)), max_size=80))
def test_every_key_comes_out_once_and_in_order(keys: list[tuple[str, int]]) -> None:
    typed = "".join(character for character, _ in keys)
    assert "".join(text for text, _ in told_apart(pressed(typed, [gap for _, gap in keys]))) == typed


@given(st.lists(st.integers(40, 400), min_size=1, max_size=200))
def test_a_fast_typist_is_never_a_scanner(gaps: list[int]) -> None:
    assert not any(is_scan for _, is_scan in told_apart(pressed("7" * len(gaps), gaps)))


@given(st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29), st.integers(0, 29), st.integers(30, 300)), max_size=50))
def test_rolling_over_four_keys_at_a_time_is_still_typing(rolls: list[tuple[int, int, int, int]]) -> None:
    gaps = [gap for roll in rolls for gap in roll]
    assert not any(is_scan for _, is_scan in told_apart(pressed("7" * len(gaps), gaps)))


@given(st.text(CHARACTERS, min_size=SHORTEST, max_size=60), st.data())
def test_a_scan_is_one_text_whatever_its_pace(text: str, data: st.DataObject) -> None:
    gap = st.integers(0, GAP - 1)
    gaps = data.draw(st.lists(gap, min_size=len(text) - 1, max_size=len(text) - 1))
    assert told_apart(pressed(text, gaps)) == [(text, True)]


@given(st.lists(st.integers(0, 400), max_size=60))
def test_a_scan_has_five_fast_keys_in_a_row(gaps: list[int]) -> None:
    place = 0
    for text, is_scan in told_apart(pressed("7" * len(gaps), gaps)):
        first = gaps[place : place + SHORTEST - 1]
        assert is_scan == (len(text) >= SHORTEST)
        assert not is_scan or max(first) < GAP
        place += len(text)


def test_a_scan_that_falters_after_five_keys_is_not_cut_in_two() -> None:
    assert told_apart(pressed("7031234", [2, 2, 2, 2, SILENCE - 1, 2])) == [("7031234", True)]


def test_keys_after_a_silence_are_no_part_of_the_scan() -> None:
    assert told_apart(pressed("70312ab", [2, 2, 2, 2, SILENCE, 80])) == [("70312", True), ("a", False), ("b", False)]


def test_a_clock_that_goes_back_joins_nothing() -> None:
    keys = [*pressed("703", [1, 1], start=50_000), *pressed("124", [1, 1], start=20)]
    assert told_apart(keys) == [("703", False), ("124", False)]


@given(st.lists(st.integers(0, 1400), min_size=1, max_size=20))
def test_a_label_read_over_and_over_counts_once(gaps: list[int]) -> None:
    tail = Tail()
    assert [tail.begins("7031234", at) for at in accumulate(gaps, initial=0)] == [True, *[False for _ in gaps]]


def test_the_same_label_later_and_another_at_once_count() -> None:
    tail = Tail()
    assert [tail.begins(text, at) for text, at in (("70312", 0), ("70313", 10), ("70312", 20), ("70312", 1520))] == [True] * 4


def test_only_the_keys_right_behind_a_scan_belong_to_it() -> None:
    tail = Tail()
    assert not tail.has(5)
    tail.begins("70312", 1000)
    assert [tail.has(at) for at in (999, 1000, 1099, 1100)] == [False, True, True, False]


@pytest.mark.parametrize("text", ["7031234", "]C1003707", "A-77/12", "A 7031 22", "37077000000000"])
def test_what_stands_on_a_label_may_be_a_number(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["regards", "Kind regards", "5 parcels, one wet", "No one there"])
def test_what_a_program_writes_for_a_person_is_none(text: str) -> None:
    assert not is_number(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("7031234", "code128"),
        ("]C1003707", "code128"),
        ("]E07038010000010", "ean"),
        ("]d2010703", "datamatrix"),
        ("]Q1https://example.com/703", "qr"),
        ("https://example.com/?id=70312", "qr"),
        ("]zz703", "code128"),
    ],
)
def test_the_kind_of_code_is_what_the_scanner_says_of_it(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(("text", "number"), [("]C17031234", "7031234"), ("7031234", "7031234"), ("]-)70", "]-)70"), ("]C1", "]C1")])
def test_a_person_reads_the_number_without_the_scanners_prefix(text: str, number: str) -> None:
    assert bare(text) == number
