"""An original taken apart into branches, and searched: without Qt, so that it is done beside the window's thread.

How large an original is, how deep and how long its lists are is the sender's choice. So a way that is too deep ends in one line, and
what has too many parts has them in groups: no branch that is opened has more lines than can be laid out in a blink.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from zendera_desk.api.wire import Field, all_fields
from zendera_desk.domain import finding

DEEPEST: Final = 40
"""Steps; what lies deeper is named by the rest of its way. A tree of thousands is none to look at."""
GROUP: Final = 200
"""Parts that stand in one branch at most."""


class Branch:
    """A value, or an object or list with what is in it. A group has the path of what it is a group of."""

    __slots__ = ("below", "field", "name", "number", "parent", "path", "place")

    def __init__(self, number: int, name: str, path: str = "", parent: "Branch | None" = None) -> None:
        self.number, self.name, self.path, self.parent = number, name, path, parent
        self.field: Field | None = None
        self.below: list[Branch] = []
        self.place = 0 if parent is None else len(parent.below)

    @property
    def value(self) -> str:
        return self.field.value if self.field is not None else ""


class Found(NamedTuple):
    """`branches` by their number; the first is the root."""

    branches: Sequence[Branch]
    number: int
    unknown: int
    """Fields that nobody here knows (`is_known`)."""
    searched: bool


class Original:
    def __init__(self, written: bytes) -> None:
        self.written = written
        self._fields = all_fields(written)
        self._words = [finding.readable(f"{each.path} {each.value}") for each in self._fields]

    def search(self, text: str) -> Found:
        """The fields with that in their path or value (accents and case do not matter), with all that leads to them; without a text all."""
        wanted, long = finding.looked_for(text)
        pairs = zip(self._fields, self._words, strict=True)
        found = [field for field, words in pairs if wanted in words or long in words] if wanted else self._fields
        return Found(grown(found), len(found), sum(not is_known(field) for field in found), bool(wanted))


_NUMBERS: Final = re.compile(
    r"carrierService\.(id|code)|(sender|pickup|delivery)\.(id|locationId|internalNumber|orderLocationId|orderLocationInternalNumber)"
)
"""Zendera's own, which its pages describe. They say nothing that stands anywhere else in this window."""


def is_known(field: Field) -> bool:
    """Read into the shipment, or one of the numbers by which Zendera itself tells services and places apart."""
    return field.known or _NUMBERS.fullmatch(field.path) is not None


def grown(fields: Iterable[Field]) -> list[Branch]:
    branches = [Branch(0, "")]
    known: dict[tuple[int, str], Branch] = {}
    for field in fields:
        at = branches[0]
        for name in _steps(field):
            found = known.get((at.number, name))
            if found is None:
                between = "." if at.path and not name.startswith("[") else ""
                found = known[at.number, name] = Branch(len(branches), name, f"{at.path}{between}{name}", at)
                at.below.append(found)
                branches.append(found)
            at = found
        at.field = field
    for branch in [each for each in branches if len(each.below) > GROUP]:
        branches += _grouped(branch, len(branches))
    return branches


def lines(branch: Branch) -> Iterator[str]:
    """All values in it, each with its way from there."""
    waiting = [branch]
    while waiting:
        one = waiting.pop()
        if one.field is not None:
            yield f"{one.path.removeprefix(branch.path).lstrip('.')}: {one.value}"
        waiting.extend(reversed(one.below))


def _steps(field: Field) -> tuple[str, ...]:
    """An original that is a single value has none."""
    way, rest = field.steps[: DEEPEST - 1], field.steps[DEEPEST - 1 :]
    return (*way, ".".join(rest)) if rest else way or ("–",)


def _grouped(branch: Branch, number: int) -> list[Branch]:
    """Puts groups between the branch and its parts; groups of groups, where there are very many."""
    made: list[Branch] = []
    while len(branch.below) > GROUP:
        parts, branch.below = branch.below, []
        for some in _batched(parts):
            group = Branch(number + len(made), f"{_end(some[0], 0)} … {_end(some[-1], -1)}", branch.path, branch)
            group.below = some
            for place, part in enumerate(some):
                part.parent, part.place = group, place
            branch.below.append(group)
            made.append(group)
    return made


def _batched(parts: Sequence[Branch]) -> Iterator[list[Branch]]:
    return (list(parts[start : start + GROUP]) for start in range(0, len(parts), GROUP))


def _end(branch: Branch, place: int) -> str:
    """The name of the first or last part in it: of a group that of its own."""
    return branch.name.split(" … ")[place] if branch.field is None and branch.below and " … " in branch.name else branch.name
