"""What an answer's headers said about the hourly limit of the key."""

from datetime import timedelta

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Each is None where no header said it."""

    limit: int | None = None
    """Calls an hour."""
    remaining: int | None = None
    reset_after: timedelta | None = None
