"""What the hour has cost, and how long Zendera wants to hear nothing: also after somebody set the clock and started again."""

from datetime import timedelta

import pytest

from unit.store.office import ACCOUNT, NOON, write
from zendera_desk.store import afresh, calls
from zendera_desk.store.database import Connection

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("by", [timedelta(hours=2), timedelta(hours=-2), timedelta(days=400)])
def test_a_limit_and_the_calls_of_the_hour_outlive_a_clock_that_is_set(conn: Connection, by: timedelta) -> None:
    write(conn, calls.add, ACCOUNT, NOON - MINUTE)
    write(conn, calls.keep_silent, ACCOUNT, NOON + 10 * MINUTE)
    write(conn, afresh.clock_jumped, NOON + by, NOON + by + 3 * MINUTE, by)
    assert calls.silent_until(conn, ACCOUNT) == NOON + by + 10 * MINUTE
    assert calls.of_last_hour(conn, ACCOUNT, NOON + by) == [NOON + by - MINUTE]


def test_a_limit_that_is_over_stays_over_when_the_clock_is_set_back(conn: Connection) -> None:
    write(conn, calls.keep_silent, ACCOUNT, NOON - MINUTE)
    back = timedelta(hours=-2)
    write(conn, afresh.clock_jumped, NOON + back, NOON + back, back)
    assert calls.silent_until(conn, ACCOUNT) <= NOON + back


def test_calls_noted_ahead_do_not_end_the_hour_of_older_ones(conn: Connection) -> None:
    older = NOON - timedelta(minutes=59, seconds=55)
    write(conn, calls.add, ACCOUNT, older)
    noted = write(conn, calls.add_ahead, ACCOUNT, NOON + timedelta(seconds=10), 2)
    assert calls.of_last_hour(conn, ACCOUNT, NOON) == [older, NOON, NOON], "the others may be made at any moment from now on"
    write(conn, calls.forget_several, noted)
    assert calls.of_last_hour(conn, ACCOUNT, NOON) == [older]


def test_calls_of_more_than_an_hour_ago_do_not_pile_up(conn: Connection) -> None:
    for number in range(200):
        write(conn, calls.add, ACCOUNT, NOON + number * MINUTE)
    kept = conn.execute("select count(*) from call").fetchone()[0]
    assert 60 <= kept < 80
