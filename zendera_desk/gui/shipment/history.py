"""What happened to the shipment, newest first: what Zendera sent and changed, what we sent, every try, and Zendera's words.

For a dispute about a delivery this is the evidence, so nothing is left out and every time has its seconds in the tip.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from zendera_desk.domain.outbox import Entry, Kind
from zendera_desk.domain.standing import STRIKES
from zendera_desk.domain.views import Attempt, EntryStory, Version
from zendera_desk.gui import labels
from zendera_desk.gui.columns import field
from zendera_desk.gui.format import visible, when
from zendera_desk.gui.labels import Label
from zendera_desk.gui.shipment.rows import Cell, Head, Row, labelled
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.words import mark, tr

HEADS = (
    Head(mark("Time"), 110),
    Head(mark("What"), 260),
    Head(mark("State"), 190),
    Head(mark("Zendera's words"), 190),
    Head(mark("By"), 90),
)


class _Event(NamedTuple):
    at: datetime
    rows: list[Row]


def history_rows(stories: Sequence[EntryStory], versions: Sequence[Version], now: datetime) -> list[Row]:
    events = [_Event(story.entry.made_at, list(_told(story, now))) for story in stories]
    events += [_Event(version.seen_at, list(_version(version, now))) for version in versions]
    return [row for event in sorted(events, key=lambda event: event.at, reverse=True) for row in event.rows]


def _told(story: EntryStory, now: datetime) -> Iterator[Row]:
    entry = story.entry
    state = labels.entry_state(entry.state, entry.next_at, now, entry.code)
    yield (Cell(when(entry.made_at, now)), Cell(what(entry)), labelled(state), Cell(entry.answer), Cell(_who(entry)))
    tries = sorted(story.attempts, key=lambda attempt: attempt.started_at)
    for number, attempt in reversed(list(enumerate(tries, start=1))):
        yield _try(number, attempt, now)


def what(entry: Entry) -> str:
    """ "Fail (strike 2 of 5): Unknown postal code", "Damage, delivery: wet cartons"."""
    words = f": {visible(entry.words)}" if entry.words else ""
    if entry.kind is Kind.REPORT and entry.status is not None:
        return f"{labels.report_status(entry.status).text}, {labels.stop(entry.stop).text.lower()}{words}"
    if entry.kind is Kind.FAIL and entry.strike:
        return tr("Fail (strike {strike} of {all})", strike=entry.strike, all=STRIKES) + words
    return labels.kind(entry.kind).text + words


def _who(entry: Entry) -> str:
    return " · ".join(part for part in (entry.made_by, entry.desk) if part)


def _try(number: int, attempt: Attempt, now: datetime) -> Row:
    if attempt.ended_at is None:
        outcome = Label(tr("no answer noted"), "circle-question-mark", Tone.WARN)
    elif attempt.code:
        outcome = Label(labels.short_code(attempt.code), "circle-alert", Tone.WARN)
    else:
        outcome = Label(tr("answered"), "check", Tone.GOOD)
    if attempt.http_status is not None:
        outcome = outcome._replace(text=f"{outcome.text} ({attempt.http_status})")
    time = Cell(when(attempt.started_at, now), quiet=True)
    return (time, Cell("    " + tr("try {number}", number=number), quiet=True), labelled(outcome), Cell(attempt.answer), Cell())


def _version(version: Version, now: datetime) -> Iterator[Row]:
    time = when(version.seen_at, now)
    if not version.differences:
        arrived = Label(tr("arrived"), "inbox", Tone.NEUTRAL)
        yield (Cell(time), Cell(tr("Exported by Zendera")), labelled(arrived), Cell(), Cell("Zendera"))
        return
    changed = Label(tr("changed"), "git-compare-arrows", Tone.ACCENT)
    said = tr("{n} (value|values) changed by Zendera", n=len(version.differences))
    yield (Cell(time), Cell(said), labelled(changed), Cell(), Cell("Zendera"))
    for each in version.differences:
        change = f"{visible(each.old) or '–'} → {visible(each.new) or '–'}"
        yield (Cell(), Cell("    " + field(each.field), quiet=True), Cell(change, spans=True), Cell(), Cell())


def corrected(versions: Sequence[Version], now: datetime) -> str:
    """The strip over the pages: "Corrected by Zendera 14:02: delivery postcode 0000 → 5003". "" when nothing changed."""
    last = versions[-1] if versions else None
    if last is None or not last.differences:
        return ""
    said = ", ".join(f"{field(each.field)} {visible(each.old) or '–'} → {visible(each.new) or '–'}" for each in last.differences[:3])
    more = len(last.differences) - 3
    rest = " " + tr("and {n} more", n=more) if more > 0 else ""
    return tr("Changed by Zendera {time}: {what}", time=when(last.seen_at, now), what=said + rest)
