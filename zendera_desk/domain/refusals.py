"""A file that was not taken in as paper. Files in = files shown: it is named, with the reason, until a person has read that."""

import msgspec

from zendera_desk.domain.ids import StackId


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    stack: StackId
    """What it came with."""
    place: int
    """Among the files of that."""
    name: str
    """Empty for what was pasted."""
    code: str
    """Of the trouble (PictureError)."""
    values: dict[str, str | int] = {}
    """What the sentence tells: how many pages it has, which stack has it already."""
