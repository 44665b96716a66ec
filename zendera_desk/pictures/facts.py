"""What a picture says about itself: when its clock thought it was taken, and where its receiver thought it was.

Suggestions for a person, so doubt means none: a clock that was never set, a receiver that had no fix and half a position are not
handed on. Nothing is guessed: no offset that is not there, no hemisphere that is not named.
"""

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Final

from PIL import Image

from zendera_desk.domain.paper import PictureFacts
from zendera_desk.domain.shipment import Coordinates

_EXIF: Final = 0x8769
_GPS: Final = 0x8825
_TAKEN: Final = 0x9003
"""DateTimeOriginal. Not DateTime, which any program that touches the file sets anew."""
_OFFSET: Final = 0x9011
"""OffsetTimeOriginal."""
_LATITUDE: Final = (2, 1, {"N": 1, "S": -1}, 90.0)
_LONGITUDE: Final = (4, 3, {"E": 1, "W": -1}, 180.0)
"""The tags of the angle and of its reference, what the reference may be, and the largest angle."""
_STATUS: Final = 9
"""GPSStatus: "V" says that the receiver had lost its fix."""

_FIRST: Final = datetime(2010, 1, 1)  # noqa: DTZ001 (a camera's clock knows no zone)
"""Before it no picture can be of a shipment of today: a clock that was never set. Cameras start at 1970, 1980, 2000, 2002, 2009."""
_TIME: Final = re.compile(r"\s*(\d{4})[:/.-](\d\d)[:/.-](\d\d)[ T](\d\d):(\d\d):(\d\d)", re.ASCII)
_ZONE: Final = re.compile(r"\s*([+-])(\d\d):?(\d\d)\s*", re.ASCII)


def facts(picture: Image.Image) -> PictureFacts:
    """Of an opened picture; nothing is decoded for it. Never raises: broken facts are none."""
    exif = _exif(picture)
    if exif is None:
        return PictureFacts()
    return PictureFacts(taken=_taken(_part(exif, _EXIF)), position=_position(_part(exif, _GPS)))


def _exif(picture: Image.Image) -> Image.Exif | None:
    try:
        if picture.format == "TIFF":
            return picture.getexif()
        # What follows a PNG's pixels is left where it is: Pillow's getexif would decode the picture to look there.
        block = picture.info.get("exif")
        if not isinstance(block, bytes):
            return None
        exif = Image.Exif()
        exif.load(block)
    except Exception:  # noqa: BLE001 (whatever is wrong with them, the picture is still one)
        return None
    return exif


def _part(exif: Image.Exif, tag: int) -> Mapping[int, object]:
    try:
        part: Mapping[int, object] = exif.get_ifd(tag)
    except Exception:  # noqa: BLE001 (as above)
        return {}
    return part


def _taken(part: Mapping[int, object]) -> datetime | None:
    found = _TIME.match(_text(part.get(_TAKEN)))
    if found is None:
        return None
    try:
        taken = datetime(*(int(number) for number in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 (as it showed)
    except ValueError:
        return None
    if taken < _FIRST or _is_new_year_of_an_unset_clock(taken):
        return None
    return taken.replace(tzinfo=_offset(_text(part.get(_OFFSET))))


def _is_new_year_of_an_unset_clock(taken: datetime) -> bool:
    """A clock that lost its power starts again at midnight of some first of January."""
    return (taken.month, taken.day, taken.hour) == (1, 1, 0)


def _offset(text: str) -> timezone | None:
    found = _ZONE.fullmatch(text)
    if found is None:
        return None
    sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    if int(minutes) > 59 or offset > timedelta(hours=14):
        return None
    return timezone(-offset if sign == "-" else offset)


def _position(part: Mapping[int, object]) -> Coordinates | None:
    if _text(part.get(_STATUS)).strip().upper() == "V":
        return None
    latitude, longitude = _angle(part, *_LATITUDE), _angle(part, *_LONGITUDE)
    if latitude is None or longitude is None or (abs(latitude) < 0.01 and abs(longitude) < 0.01):
        return None  # 0,0 and its neighbourhood is sea, and what receivers without a fix write
    return Coordinates(latitude=latitude, longitude=longitude)


def _angle(part: Mapping[int, object], tag: int, reference: int, signs: Mapping[str, int], most: float) -> float | None:
    sign = signs.get(_text(part.get(reference)).strip().upper())
    numbers = part.get(tag)
    if sign is None or not isinstance(numbers, tuple) or len(numbers) != 3:
        return None
    try:
        degrees, minutes, seconds = (float(number) for number in numbers)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    angle = degrees + minutes / 60 + seconds / 3600
    sound = math.isfinite(angle) and min(degrees, minutes, seconds) >= 0 and minutes <= 60 and seconds <= 60 and angle <= most
    return sign * round(angle, 7) if sound else None


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip("\0 ") if isinstance(value, str) else ""
