"""A change as a page of the feed brings it, at a time that reads like one."""

from datetime import datetime

from zendera_desk.domain.feed import NewChange
from zendera_desk.store.database import to_ms


def told(at: datetime, **said: object) -> NewChange:
    return NewChange(to_ms(at), **said)  # type: ignore[arg-type]
