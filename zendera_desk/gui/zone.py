"""The time zone of this PC, for as long as the program is open: it follows when somebody travels, or sets another one.

Everybody is given the same object once and keeps it; what it stands for is looked up again now and then.
"""

import logging
from datetime import UTC, datetime, timedelta, tzinfo

import tzlocal

_log = logging.getLogger(__name__)


class LocalZone(tzinfo):
    def __init__(self) -> None:
        self._zone = _found(_by_offset())

    def look(self) -> bool:
        """Whether it is another one now. Reads files, or the registry: runs in a thread."""
        found = _found(self._zone)
        changed = str(found) != str(self._zone)
        self._zone = found
        return changed

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return self._zone.utcoffset(dt)

    def dst(self, dt: datetime | None) -> timedelta | None:
        return self._zone.dst(dt)

    def tzname(self, dt: datetime | None) -> str | None:
        return self._zone.tzname(dt)

    def fromutc(self, dt: datetime) -> datetime:
        zone = self._zone
        return zone.fromutc(dt.replace(tzinfo=zone)).replace(tzinfo=self)

    def __repr__(self) -> str:
        return str(self._zone)


def _found(otherwise: tzinfo) -> tzinfo:
    """The zone by its name; `otherwise` where the system names one that nobody knows."""
    try:
        return tzlocal.reload_localzone()
    except (OSError, ValueError, LookupError) as error:
        _log.info("the time zone cannot be told: %s", error)
        return otherwise


def _by_offset() -> tzinfo:
    """What the system's clock is ahead now, without the rules of summer time."""
    return datetime.now().astimezone().tzinfo or UTC
