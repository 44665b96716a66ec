"""What stands in a form or in the grid, field by field: as it is seen on the screen (drafts_child.py, drafts_grid.py), and as it is
read from disk (drafts_disk.py). Imported by both sides.
"""

from typing import Any, Final

import msgspec

from zendera_desk.domain.bulk import CELLS, BulkDraft
from zendera_desk.domain.report import Draft
from zendera_desk.settings import Settings

Content = dict[str, Any]

GRID: Final = 0
"""The grid's place, beside those of the orders."""
_SHARED: Final = ("time", "comment", "contactless")
_TYPED: Final = ("time", "comment", "signee", "latitude", "longitude", "cost", "exception", "contactless", "collected", "pictures")


def of_form(draft: Draft) -> Content:
    found: Content = msgspec.to_builtins(draft)
    found |= {"pictures": [picture["id"] for picture in found["pictures"]], "currency": currency(draft.currency)}
    return {name: value for name, value in found.items() if name not in {"corrects", "instead_of"}}


def currency(text: str) -> str:
    """The usual one stands in the field where nothing is said."""
    return "" if text == Settings().currency else text


def of_grid(draft: BulkDraft) -> Content:
    """Of a row its own cells; what is shared, once."""
    shared = msgspec.to_builtins(draft.shared)
    return {
        "rows": {str(row.order_id): {name: row.cell(name) for name in CELLS} for row in draft.unsent},
        "shared": {name: shared[name] for name in ("status", "stop", *_SHARED)},
    }


def kept(screen: Content) -> Content | None:
    """A form that was merely looked at, whatever is chosen in it, is no draft."""
    if "rows" not in screen:
        return screen if any(screen[name] for name in _TYPED) else None
    shared = any(screen["shared"][name] for name in _SHARED)
    return screen if screen["rows"] and (shared or any(any(row.values()) for row in screen["rows"].values())) else None


def words(content: Content | None) -> Content | None:
    """Without its pictures, which may come while nobody looks."""
    return content and kept(content | {"pictures": []} if "pictures" in content else content)
