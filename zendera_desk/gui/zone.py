"""The time zone of this PC, for as long as the program is open: it follows when somebody travels, or sets another one.

Everybody is given the same object once and keeps it; what it stands for is looked up again now and then.
"""

from datetime import datetime, timedelta, tzinfo

import tzlocal


class LocalZone(tzinfo):
    def __init__(self) -> None:
        self._zone = tzlocal.get_localzone()

    def look(self) -> bool:
        """Whether it is another one now. Reads files, or the registry: runs in a thread."""
        found = tzlocal.reload_localzone()
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
