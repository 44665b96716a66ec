"""What was put into a form, or meant for it, before its draft had been read: parts of a draft, which go over what is kept on disk.

Whoever leaves a form quicker than the disk can read it has typed all the same; and a picture that is ready when its form has been
left belongs into a draft that is not in sight.
"""

from typing import NamedTuple

import msgspec

from zendera_desk.domain.report import Draft, Picture

_PICTURES = "pictures"
_CHOSEN = frozenset({"status", "stop"})
"""Chosen, not typed: they are never empty."""


class Begun(NamedTuple):
    draft: Draft
    fields: frozenset[str]
    """Fields of `Draft` that were touched: these count, all else stays as it is kept. Pictures are added to those that are there."""

    @property
    def is_pictures(self) -> bool:
        """Nothing else is."""
        return self.fields == {_PICTURES}

    def counting(self, kept: Draft) -> frozenset[str]:
        """Those that count over what is kept. One that was typed in and emptied again takes nothing away that its person had not seen."""
        return frozenset(field for field in self.fields if field in _CHOSEN or getattr(self.draft, field) or not getattr(kept, field))

    def over(self, kept: Draft) -> Draft:
        return self._laid(kept, self.counting(kept))

    def after(self, before: "Draft | Begun | None") -> "Draft | Begun":
        """With what came before it and is not on disk yet."""
        if isinstance(before, Begun):
            return Begun(self._laid(before.draft, self.fields), before.fields | self.fields)
        return self if before is None else self.over(before)

    def _laid(self, kept: Draft, fields: frozenset[str]) -> Draft:
        values = {field: getattr(self.draft, field) for field in fields - {_PICTURES}}
        if _PICTURES in self.fields:
            values[_PICTURES] = joined(kept.pictures, self.draft.pictures)
        return msgspec.structs.replace(kept, **values)


def of_pictures(pictures: tuple[Picture, ...]) -> Begun:
    return Begun(Draft(pictures=pictures), frozenset({_PICTURES}))


def joined(there: tuple[Picture, ...], more: tuple[Picture, ...]) -> tuple[Picture, ...]:
    """Each once, those that are there first."""
    return tuple({picture.id: picture for picture in (*there, *more)}.values())
