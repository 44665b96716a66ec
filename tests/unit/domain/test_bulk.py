"""Many shipments in one report: what is shared, what differs, and what a spreadsheet pastes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.domain.bulk import (
    CELLS,
    BulkDraft,
    BulkRow,
    as_cells,
    columns,
    draft_of,
    filled_down,
    own,
    pasted,
    read_cells,
    row_again,
    set_cells,
    tidy,
)
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.report import Draft, Status

SHARED = Draft(time="21.11.26 14:30", comment="At the gate")


def rows(count: int) -> tuple[BulkRow, ...]:
    return tuple(BulkRow(order_id=OrderId(number)) for number in range(1, count + 1))


def test_a_row_has_what_is_shared_unless_it_has_its_own() -> None:
    row = BulkRow(order_id=OrderId(1), signee="Kari", time="22.11.26 08:00")
    assert draft_of(SHARED, row) == Draft(time="22.11.26 08:00", comment="At the gate", signee="Kari")


@pytest.mark.parametrize(
    ("shared", "time", "comment"),
    [
        (SHARED, "", ""),
        (Draft(time="22.11.26 08:00", comment="At the gate"), "21.11.26 14:30", "At the gate"),
        (Draft(time="22.11.26 08:00"), "21.11.26 14:30", "At the gate"),
    ],
)
def test_a_row_that_comes_back_says_what_was_sent_whatever_is_shared_by_now(shared: Draft, time: str, comment: str) -> None:
    row = BulkRow(order_id=OrderId(1), signee="Kari", entry=EntryId(7))
    sent = draft_of(SHARED, row)
    again = row_again(shared, row, sent)
    assert again == BulkRow(order_id=OrderId(1), signee="Kari", time=time, comment=comment)
    assert draft_of(shared, again) == sent


@pytest.mark.parametrize("shared", [Draft(status=Status.DAMAGE), Draft(contactless=True)])
def test_a_row_without_a_cell_for_what_was_changed_cannot_come_back(shared: Draft) -> None:
    row = BulkRow(order_id=OrderId(1), signee="Kari", entry=EntryId(7))
    assert row_again(shared, row, draft_of(SHARED, row)) is None


def test_a_status_that_nobody_signs_has_no_column_for_it_and_keeps_the_names() -> None:
    assert "signee" not in columns(Status.DAMAGE)
    shared = Draft(status=Status.DAMAGE)
    assert draft_of(shared, BulkRow(order_id=OrderId(1), signee="Kari")).signee == "Kari"


def test_rows_that_were_merely_opened_are_no_draft() -> None:
    assert not BulkDraft(rows=rows(15), shared=Draft(status=Status.DAMAGE)).is_begun
    assert BulkDraft(rows=rows(15), shared=SHARED).is_begun
    assert BulkDraft(rows=set_cells(rows(15), {(3, "signee"): "Kari"})).is_begun


def test_it_is_counted_how_many_rows_differ() -> None:
    assert own(set_cells(rows(5), {(1, "time"): "1430", (3, "time"): "1500"}), "time") == 2


def test_a_row_that_was_sent_stays_as_it_was_sent() -> None:
    sent = BulkRow(order_id=OrderId(1), signee="Kari", entry=EntryId(7))
    assert set_cells((sent,), {(0, "signee"): "Ola"}) == (sent,)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("Kari\r\nOla\r\n", [["Kari"], ["Ola"]]),
        ("Kari\n\nOla\n", [["Kari"], [""], ["Ola"]]),
        ("Kari\t1430\nOla\t1500", [["Kari", "1430"], ["Ola", "1500"]]),
        ('"left\nright"\t"a ""b"""\tc', [["left\nright", 'a "b"', "c"]]),
        ('"Kari" Nordmann\nOla', [['"Kari" Nordmann'], ["Ola"]]),
        ('5" pipe\n6" pipe', [['5" pipe'], ['6" pipe']]),
        ('"never closed\nOla', [['"never closed'], ["Ola"]]),
        ("Nordmann, Kari\nHansen, Ola", [["Nordmann, Kari"], ["Hansen, Ola"]]),
        ("Kari;1430\nOla;1500", [["Kari", "1430"], ["Ola", "1500"]]),
        ('"Kari";"a;b"\n"Ola";c', [["Kari", "a;b"], ["Ola", "c"]]),
        ("Kari;1430", [["Kari;1430"]]),
        ("=1+1\n@SUM(A1)", [["=1+1"], ["@SUM(A1)"]]),
        ("\t", [["", ""]]),
        ("", []),
    ],
)
def test_what_a_spreadsheet_copied_is_read_cell_by_cell(text: str, cells: list[list[str]]) -> None:
    assert read_cells(text) == cells


@given(st.lists(st.lists(st.text(st.characters(exclude_characters="\r")), min_size=2, max_size=4), min_size=1, max_size=6))
def test_what_is_copied_comes_back_as_it_was(lines: list[list[str]]) -> None:
    assert read_cells(as_cells(lines)) == lines


def test_quotation_marks_that_never_close_are_letters() -> None:
    assert read_cells('"x\n' * 3_000) == [['"x']] * 3_000


def test_a_column_goes_down_from_the_chosen_cell() -> None:
    found = pasted([["Kari"], ["Ola"]], rows(5), CELLS, {(2, "signee")})
    assert found.changes == {(2, "signee"): "Kari", (3, "signee"): "Ola"}
    assert (found.lines_over, found.columns_over) == ((), 0)


def test_one_value_fills_every_chosen_cell() -> None:
    chosen = {(place, "comment") for place in range(4)}
    assert pasted([["At the gate"]], rows(5), CELLS, chosen).changes == dict.fromkeys(chosen, "At the gate")


def test_what_finds_no_row_and_no_column_is_named() -> None:
    found = pasted([["Kari", "1430", "x"], ["Ola", "1500", "y"], ["Per", "1600", "z"]], rows(2), ("time", "comment"), {(0, "comment")})
    assert found.changes == {(0, "comment"): "Kari", (1, "comment"): "Ola"}
    assert found.lines_over == ("Per\t1600\tz",)
    assert found.columns_over == 2


def test_fill_down_copies_the_first_chosen_cell_or_the_one_above() -> None:
    filled = set_cells(rows(4), {(0, "signee"): "Kari", (2, "time"): "1430"})
    assert filled_down(filled, {(0, "signee"), (1, "signee"), (3, "signee")}) == {(1, "signee"): "Kari", (3, "signee"): "Kari"}
    assert filled_down(filled, {(3, "time")}) == {(3, "time"): "1430"}
    assert filled_down(filled, {(0, "time")}) == {}


def test_a_cell_keeps_letters_only_and_a_comment_its_lines() -> None:
    assert tidy("signee", " Kari\nNordmann\x00 ") == "Kari Nordmann"
    assert tidy("comment", "one\r\ntwo\x07") == "one\ntwo"
    assert tidy("comment", "=cmd|' /C calc'!A1") == "=cmd|' /C calc'!A1"
