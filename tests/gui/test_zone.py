"""The PC's time zone, which may be another one while the program is open."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import tzlocal

from zendera_desk.domain.times import ReadTime, read_time
from zendera_desk.gui.format import when
from zendera_desk.gui.zone import LocalZone

OSLO = ZoneInfo("Europe/Oslo")
NOON = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalZone]:
    monkeypatch.setenv("TZ", "Europe/Oslo")
    tzlocal.reload_localzone()
    yield LocalZone()
    monkeypatch.undo()
    tzlocal.reload_localzone()


def test_whoever_holds_the_zone_follows_when_it_changes(zone: LocalZone, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not zone.look()
    assert when(NOON, NOON, zone) == "14:00"
    monkeypatch.setenv("TZ", "Atlantic/Reykjavik")
    assert zone.look()
    assert when(NOON, NOON, zone) == "12:00"
    assert not zone.look()


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC), NOON])
def test_it_reads_the_nights_of_the_change_as_the_zone_itself(zone: LocalZone, day: datetime) -> None:
    for minutes in range(0, 240, 10):
        moment = day + timedelta(minutes=minutes)
        ours, theirs = moment.astimezone(zone), moment.astimezone(OSLO)
        assert (ours.replace(tzinfo=None), ours.fold, ours.utcoffset(), ours.tzname()) == (
            theirs.replace(tzinfo=None),
            theirs.fold,
            theirs.utcoffset(),
            theirs.tzname(),
        )
        assert ours.astimezone(UTC) == moment


@pytest.mark.parametrize("words", ["1430", "y0230", "291026 0230", "290326 0230", "251026 0230", "d1430"])
def test_a_typed_time_means_the_same_as_in_the_zone_itself(zone: LocalZone, words: str) -> None:
    for now in (NOON, datetime(2026, 3, 29, 6, 0, tzinfo=UTC), datetime(2026, 10, 25, 6, 0, tzinfo=UTC)):
        ours, theirs = read_time(words, now, zone, None), read_time(words, now, OSLO, None)
        assert ours == theirs
        assert not isinstance(ours, ReadTime) or ours.at.tzinfo is UTC


def test_a_zone_that_nobody_knows_changes_nothing(zone: LocalZone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Nowhere/At_All")
    assert not zone.look()
    assert when(NOON, NOON, zone) == "14:00"
    assert LocalZone().utcoffset(NOON) is not None
