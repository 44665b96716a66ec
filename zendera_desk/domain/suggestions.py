"""What may go into a form, and why: nothing of it is there until a person takes it. What its pictures say, and who may sign.

The clock of a camera can be wrong, and a photo can be taken anywhere. So each suggestion says what it was read from, what was
assumed in reading it is said as well, and what can only be wrong (a time to come, one that the clocks skipped) is not offered.
"""

import math
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

import msgspec

from zendera_desk.domain.filenames import day_of
from zendera_desk.domain.paper import PictureFacts
from zendera_desk.domain.report import Picture
from zendera_desk.domain.shipment import Address, Coordinates, Stop
from zendera_desk.domain.times import ReadTime, pinned, read_time

FAR: Final = 500.0
"""Metres from the address beyond which it is worth a note: a large yard is nearer, the next street is not."""

_AHEAD: Final = timedelta(minutes=10)
"""So much may the clock of a phone be ahead of this PC's."""
_EARTH: Final = 6_371_008.8
"""Metres: the mean radius."""


class Source(StrEnum):
    PHOTO = "photo"
    FILE_NAME = "file_name"


class TimeSuggestion(msgspec.Struct, frozen=True, kw_only=True):
    source: Source
    picture: Picture
    moments: tuple[datetime, ...] = ()
    """UTC, whole minutes. Two, the earlier first, where the hour came twice and nobody can tell which."""
    day: date | None = None
    """Only the day is known: the hour is the person's to type."""
    zone_assumed: bool = False
    """The file gives no offset: its clock is taken for one of this desk's zone."""

    def texts(self, now: datetime, zone: tzinfo) -> tuple[str, ...]:
        """What goes into the field of the time, one for each moment."""
        return tuple(pinned(moment.isoformat(sep=" "), now, zone) for moment in self.moments)


class PositionSuggestion(msgspec.Struct, frozen=True, kw_only=True):
    picture: Picture
    coordinates: Coordinates

    @property
    def texts(self) -> tuple[str, str]:
        """Latitude and longitude to five places: a metre. More would only look exact."""
        return f"{self.coordinates.latitude:.5f}", f"{self.coordinates.longitude:.5f}"


Known = Sequence[tuple[Picture, PictureFacts]]
"""Pictures with what their files say, those first that count most."""


def suggested_time(pictures: Known, now: datetime, zone: tzinfo) -> TimeSuggestion | None:
    """Of the first picture that has one: what its file says goes before what its name says, a moment before a mere day."""
    read = [_of_file(picture, facts, now, zone) for picture, facts in pictures]
    named = [_of_name(picture, now, zone) for picture, _facts in pictures]
    found = [each for each in (*read, *named) if each is not None]
    return next((each for each in found if each.moments), next(iter(found), None))


def suggested_position(pictures: Known) -> PositionSuggestion | None:
    at = next(((picture, facts.position) for picture, facts in pictures if facts.position is not None), None)
    return None if at is None else PositionSuggestion(picture=at[0], coordinates=at[1])


def with_day(day: date, text: str, now: datetime, zone: tzinfo) -> str:
    """The time that was typed, on that day; without one the day, behind which the hour is typed."""
    match read_time(text, now, zone):
        case ReadTime(at=at):
            return f"{day:%d.%m.%y} {at.astimezone(zone):%H:%M}"
        case _:
            return f"{day:%d.%m.%y} "


def far_from(pictures: Known, address: Coordinates | None) -> float | None:
    """How many metres from the address the nearest of the photos was taken, where that is worth a note."""
    if address is None:
        return None
    away = [distance(facts.position, address) for _picture, facts in pictures if facts.position is not None]
    return min(away) if away and min(away) > FAR else None


def distance(one: Coordinates, other: Coordinates) -> float:
    """Metres along the surface, as on a sphere: wrong by half a percent at most."""
    north, other_north = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    half = math.sin((other_north - north) / 2) ** 2 + math.cos(north) * math.cos(other_north) * math.sin(east / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(min(1.0, half)))


def _of_file(picture: Picture, facts: PictureFacts, now: datetime, zone: tzinfo) -> TimeSuggestion | None:
    return None if facts.taken is None else _of_moment(Source.PHOTO, picture, facts.taken, now, zone)


def _of_name(picture: Picture, now: datetime, zone: tzinfo) -> TimeSuggestion | None:
    found = day_of(picture.name)
    if isinstance(found, datetime):
        return _of_moment(Source.FILE_NAME, picture, found, now, zone)
    if found is None or found > now.astimezone(zone).date():
        return None
    return TimeSuggestion(source=Source.FILE_NAME, picture=picture, day=found)


def _of_moment(source: Source, picture: Picture, shown: datetime, now: datetime, zone: tzinfo) -> TimeSuggestion | None:
    moments = tuple(moment for moment in _moments(shown.replace(second=0, microsecond=0), zone) if moment <= now + _AHEAD)
    if not moments:
        return None
    return TimeSuggestion(source=source, picture=picture, moments=moments, zone_assumed=shown.tzinfo is None)


def _moments(shown: datetime, zone: tzinfo) -> list[datetime]:
    """What a clock's time was here: one moment, two in the hour that came twice, none in the hour that was skipped."""
    if shown.tzinfo is not None:
        return [shown.astimezone(UTC)]
    both = [shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return [moment for moment in dict.fromkeys(both) if moment.astimezone(zone).replace(tzinfo=None) == shown]


# Who may sign


MOST_NAMES: Final = 8


class KnownName(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may sign at a stop, and why."""

    name: str
    is_contact: bool = False
    """The shipment itself names them there."""
    times: int = 0
    """So often they signed at this address, by what this desk sent."""
    last_at: datetime | None = None


def known_names(stop: Stop, used: Sequence[tuple[str, datetime]]) -> tuple[KnownName, ...]:
    """The contacts of the stop, then who signed there before; `used` is newest first. Each once, however it was spelled then."""
    found: dict[str, KnownName] = {}
    for contact in stop.contacts:
        if name := _spaced(contact.name):
            found.setdefault(name.casefold(), KnownName(name=name, is_contact=True))
    for text, at in used:
        name = _spaced(text)
        before = found.get(name.casefold(), KnownName(name=name))
        found[name.casefold()] = msgspec.structs.replace(before, times=before.times + 1, last_at=before.last_at or at)
    return tuple(found.values())[:MOST_NAMES]


def completion(names: Sequence[KnownName], typed: str) -> list[KnownName]:
    """Those that go on as it was typed, in their order."""
    begun = typed.casefold()
    return [known for known in names if begun.strip() and known.name.casefold().startswith(begun) and len(known.name) > len(typed)]


def place_of(address: Address) -> str:
    """The same for the same place, however its spaces, points and capitals are; "" where the place cannot be told."""
    street = _letters(address.line1) or _letters(address.name)
    town = _letters(address.postal_code) or _letters(address.city)
    return f"{street}|{town}" if street and town else ""


def _letters(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def _spaced(text: str) -> str:
    return " ".join(text.split())
