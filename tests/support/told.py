"""A change as a page of the feed brings it, from what reads more easily."""

from datetime import datetime
from enum import StrEnum

from zendera_desk.domain.feed import NewChange
from zendera_desk.store.database import to_ms


def told(at: datetime, **said: object) -> NewChange:
    plain = {name: value.value if isinstance(value, StrEnum) else value for name, value in said.items()}
    return NewChange(to_ms(at), **plain)  # type: ignore[arg-type]
