"""Comments that are ready to be put into a report, by status. What an office says every day is a setting; these are the first words."""

from typing import Annotated, Final

import msgspec

from zendera_desk.domain.report import Status

MOST: Final = 9
"""For each status: one for each digit."""

ReadyComment = Annotated[str, msgspec.Meta(max_length=300)]
ReadyComments = dict[str, Annotated[tuple[ReadyComment, ...], msgspec.Meta(max_length=MOST)]]

DEFAULT: Final[ReadyComments] = {
    Status.COMPLETE.value: ("Left at door", "Left with a neighbour", "Left at the reception", "Put in the garage as agreed"),
    Status.DAMAGE.value: ("Packaging damaged, contents look whole", "Wet", "Crushed corner", "Receiver took it with a remark"),
    Status.NO_ONE_THERE.value: ("Rang the bell, nobody opened", "Called, no answer", "Left a note", "Closed when we came"),
    Status.OTHER.value: ("Customer refused delivery", "Wrong address", "Could not get in", "Delivered in part"),
    Status.CANNOT_HANDLE.value: ("No room in the vehicle", "Needs a tail lift", "Outside our area"),
}


def cleaned(lines: str) -> tuple[str, ...]:
    """One on each line, as they were typed in the preferences."""
    return tuple(text[:300] for line in lines.splitlines() if (text := " ".join(line.split())))[:MOST]
