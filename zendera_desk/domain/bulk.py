"""One report on many shipments: what they share, and what each row has of its own, letter by letter.

A row and what is shared make the same `Draft` that the form makes, so that the same rules read it. What a spreadsheet put on the
clipboard is read here too: as text and nothing else, whatever it looks like.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from zendera_desk.domain.drafting import clean
from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.rules import Problem

CELLS: Final = ("signee", "time", "comment", "exception")
"""What a row can have of its own, in the order of the grid."""

INHERITED: Final = frozenset({"time", "comment"})
"""Left empty in a row, these are what is shared."""

LONGEST_CELL: Final = 4_000
"""Letters: more is no cell but a document that was pasted by mistake."""


class BulkRow(msgspec.Struct, frozen=True, kw_only=True):
    """One shipment of the grid. `entry` says what it was sent as, as long as that can be taken back into the grid."""

    order_id: OrderId
    signee: str = ""
    time: str = ""
    comment: str = ""
    exception: str = ""
    entry: EntryId | None = None

    def cell(self, name: str) -> str:
        text: str = getattr(self, name)
        return text

    @property
    def is_typed_in(self) -> bool:
        return any(self.cell(name) for name in CELLS)


class BulkDraft(msgspec.Struct, frozen=True, kw_only=True):
    """`shared` has status, stop, time, comment and contactless; its other fields stay empty."""

    shared: Draft = Draft()
    rows: tuple[BulkRow, ...] = ()

    @property
    def is_begun(self) -> bool:
        """Whether there is anything to lose: rows that were merely opened, or a status looked at, are no draft."""
        bare = msgspec.structs.replace(self.shared, status=Draft().status, stop=Draft().stop)
        return bool(self.rows) and (bare != Draft() or any(row.is_typed_in or row.entry is not None for row in self.rows))

    @property
    def unsent(self) -> tuple[BulkRow, ...]:
        return tuple(row for row in self.rows if row.entry is None)


class BulkResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one row: an entry that is held until then, or the problems in its way, or why it was left out."""

    order_id: OrderId
    entry: EntryId | None = None
    held_until: datetime | None = None
    problems: tuple[Problem, ...] = ()
    skipped: str = ""


def draft_of(shared: Draft, row: BulkRow) -> Draft:
    """The report of this row, as if it had been typed into the form."""
    return msgspec.structs.replace(
        shared,
        signee=row.signee,
        time=row.time or shared.time,
        comment=row.comment or shared.comment,
        exception=row.exception,
    )


def row_again(shared: Draft, row: BulkRow, sent: Draft) -> BulkRow | None:
    """The row as what was `sent` for it can be typed on: with a time and a comment of its own where others are shared by now.

    None where the row cannot say the same any more, because what it has no cell for was changed for all.
    """
    typed = msgspec.structs.replace(row, entry=None)
    own = msgspec.structs.replace(typed, time=sent.time, comment=sent.comment)
    return next((each for each in (typed, own) if draft_of(shared, each) == sent), None)


def columns(status: Status) -> tuple[str, ...]:
    """The cells that this status uses. What it does not use is kept, and not sent."""
    return CELLS if status is Status.COMPLETE else CELLS[1:]


def own(rows: Iterable[BulkRow], name: str) -> int:
    """How many rows differ from what is shared."""
    return sum(bool(row.cell(name)) for row in rows)


def tidy(name: str, text: str) -> str:
    """As a cell keeps it: without what no letter is, in one line where the field has one. A formula is a text like any other."""
    letters = clean(text)[:LONGEST_CELL]
    return letters if name == "comment" else " ".join(letters.split())


def set_cells(rows: Sequence[BulkRow], changes: dict[tuple[int, str], str]) -> tuple[BulkRow, ...]:
    """The rows with these cells, by row and name. What was sent stays as it was sent."""
    by_row: dict[int, dict[str, str]] = {}
    for (place, name), text in changes.items():
        by_row.setdefault(place, {})[name] = tidy(name, text)
    return tuple(
        msgspec.structs.replace(row, **by_row[place]) if place in by_row and row.entry is None else row for place, row in enumerate(rows)
    )


# Fill and paste


class Pasted(msgspec.Struct, frozen=True, kw_only=True):
    """Which cells a paste changes, and what of it found no place: that is said, never dropped in silence."""

    changes: dict[tuple[int, str], str]
    lines_over: tuple[str, ...] = ()
    """The lines below the last row, as they were on the clipboard."""
    columns_over: int = 0
    """How many columns lay right of the last one."""
    sent_over: int = 0
    """How many lines met rows that are on their way already."""


def filled_down(rows: Sequence[BulkRow], chosen: Collection[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """In each column the chosen cells below the first one become equal to it; a single cell becomes equal to the one above it."""
    changes: dict[tuple[int, str], str] = {}
    for name in {name for _, name in chosen}:
        places = sorted(place for place, each in chosen if each == name)
        if len(places) == 1:
            if places[0] > 0:
                changes[places[0], name] = rows[places[0] - 1].cell(name)
            continue
        changes |= {(place, name): rows[places[0]].cell(name) for place in places[1:]}
    return changes


def pasted(block: Sequence[Sequence[str]], rows: Sequence[BulkRow], names: Sequence[str], chosen: Collection[tuple[int, str]]) -> Pasted:
    """`block` from the first of the `chosen` cells on, over the columns `names`. A single value goes into every chosen cell."""
    if not block or not chosen:
        return Pasted(changes={})
    if len(block) == 1 and len(block[0]) == 1 and len(chosen) > 1:
        return Pasted(changes=dict.fromkeys(chosen, block[0][0]))
    top = min(place for place, _ in chosen)
    left = min(names.index(name) for _, name in chosen)
    fitting = block[: len(rows) - top]
    changes = {
        (top + down, names[left + across]): text
        for down, line in enumerate(fitting)
        for across, text in enumerate(line[: len(names) - left])
    }
    return Pasted(
        changes=changes,
        lines_over=tuple("\t".join(line) for line in block[len(fitting) :] if any(line)),
        columns_over=max(0, max(len(line) for line in block) - (len(names) - left)),
        sent_over=sum(rows[top + down].entry is not None for down in range(len(fitting))),
    )


_QUOTED: Final = r'"(?P<quoted>(?:[^"]|"")*)"(?={mark}|\n|\Z)'
_BARE: Final = r"(?P<bare>[^{mark}\n]*)"
MOST_PASTED: Final = 1_000_000
"""Letters of the clipboard that are read: a grid of 300 rows takes a tenth of it."""


def read_cells(text: str) -> list[list[str]]:
    """What a spreadsheet or a CSV file gives: lines of cells. Cells in quotation marks may hold tabs, commas and line breaks.

    A spreadsheet parts cells by tabs. Without a tab, semicolons or commas part them only where every one of several lines has as
    many, none with a blank behind it: "Nordmann, Kari" is one name.
    """
    lines = text[:MOST_PASTED].replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    if not lines:
        return []
    by_tab = _parted(lines, "\t")
    if any(len(line) > 1 for line in by_tab) or len(by_tab) == 1:
        return by_tab
    for mark in ";,":
        parted = _parted(lines, mark)
        if f"{mark} " not in lines and len(parted) > 1 and len({len(line) for line in parted}) == 1 and len(parted[0]) > 1:
            return parted
    return by_tab


def _parted(text: str, mark: str) -> list[list[str]]:
    cell = re.compile(f"{_QUOTED}|{_BARE}".replace("{mark}", re.escape(mark)))
    lines: list[list[str]] = [[]]
    at = 0
    while True:
        found = cell.match(text, at)
        if found is None:  # the bare form matches everywhere
            return lines
        quoted = found["quoted"]
        lines[-1].append(found["bare"] if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if at >= len(text):
            return lines
        if text[at] == "\n":
            lines.append([])
        at += 1


def as_cells(lines: Iterable[Iterable[str]]) -> str:
    """For a spreadsheet: the other way round."""
    return "\n".join("\t".join(_quoted(text) for text in line) for line in lines)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(letter in text for letter in '\t\n"') else text
