"""What happened to the shipment, newest first: what Zendera sent and changed, what we sent, every try, Zendera's words, its timeline
and its product feed.

For a dispute about a delivery this is the evidence, so nothing is left out and every time has its seconds in the tip.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from zendera_desk.domain.board import Acknowledgement
from zendera_desk.domain.outbox import BY_PERSON, Entry, Kind, State
from zendera_desk.domain.recognition import is_failed_export
from zendera_desk.domain.report import Draft
from zendera_desk.domain.standing import STRIKES
from zendera_desk.domain.views import Attempt, Done, EntryStory, FeedLine, ReportedPicture, Shown, Timeline, Version
from zendera_desk.gui import labels
from zendera_desk.gui.columns import field
from zendera_desk.gui.format import count, full, local_zone, visible, when
from zendera_desk.gui.labels import Label
from zendera_desk.gui.shipment.rows import Cell, Head, Row, labelled
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.words import mark, tr

HEADS = (
    Head(mark("Time"), 110),
    Head(mark("What"), 260),
    Head(mark("State"), 190),
    Head(mark("Answer"), 190),
    Head(mark("By"), 90),
)


_NEVER_READ = Timeline()


class Event(NamedTuple):
    at: datetime
    rows: list[Row]


class Cut(NamedTuple):
    """The product feed said more of it than what is shown: that begins at this moment."""

    at: datetime
    shown: int


class Typed(NamedTuple):
    """The form that has not been sent, and when it was written down last."""

    at: datetime
    draft: Draft


def history(
    stories: Sequence[EntryStory],
    versions: Sequence[Version],
    now: datetime,
    timeline: Timeline = _NEVER_READ,
    changes: Sequence[FeedLine] = (),
    typed: Typed | None = None,
    looked_at: Sequence[Acknowledgement] = (),
    cut: Cut | None = None,
) -> list[Event]:
    """The newest first. `changes`: of the product feed, as far back as `cut` says."""
    events = [Event(story.entry.made_at, _all_about(story, stories, now)) for story in stories]
    events += [Event(version.seen_at, list(_version(version, now))) for version in versions]
    events += [Event(shown.event.noted_at or shown.first_seen_at, [_shown(shown, now)]) for shown in timeline.shown]
    events += [Event(change.at, [_moved(change, now)]) for change in changes]
    events += [Event(one.at, [_looked_at(one, now)]) for one in looked_at]
    if typed is not None:
        events.append(Event(typed.at, [_typed(typed, now)]))
    if cut is not None:
        events.append(Event(cut.at, [_cut(cut)]))  # of one moment the last
    return sorted(events, key=lambda event: event.at, reverse=True)


def history_rows(events: Sequence[Event]) -> list[Row]:
    return [row for event in events for row in event.rows]


def history_text(events: Sequence[Event]) -> str:
    """To be handed on: a line for each row, with the whole date, its parts told apart by tabs."""
    lines = ["\t".join(tr(head.title) for head in HEADS)]
    for event in events:
        for place, row in enumerate(event.rows):
            first = full(event.at) if place == 0 else row[0].text
            lines.append("\t".join((first, *(cell.text for cell in row[1:]))).rstrip())
    return "\n".join(lines)


def _told(story: EntryStory, now: datetime) -> Iterator[Row]:
    entry = story.entry
    state = labels.entry_state(entry.state, entry.next_at, now, entry.code, entry.seen_by)
    yield (Cell(when(entry.made_at, now)), Cell(what(entry, len(story.pictures))), labelled(state), Cell(entry.answer), Cell(_who(entry)))
    parts = [Event(attempt.started_at, [_try(number, attempt, now)]) for number, attempt in enumerate(_in_order(story.attempts), start=1)]
    parts += [Event(done.at, [_done(done, now)]) for done in story.done]
    if entry.twice:
        parts.append(Event(entry.twice[-1], [_twice(entry, now)]))
    if gone := labels.purged(entry):
        yield (Cell(), _part(gone), Cell(), Cell(), Cell())
    if entry.state is State.CONFIRMED and entry.seen_by != BY_PERSON:
        yield (Cell(), _part(labels.witness(entry.seen_by)), Cell(), Cell(), Cell())
    for part in sorted(parts, key=lambda part: part.at, reverse=True):
        yield from part.rows
    for number, picture in enumerate(story.pictures, start=1):
        yield _picture(number, picture, now)


def _all_about(story: EntryStory, stories: Sequence[EntryStory], now: datetime) -> list[Row]:
    rows = [*_told(story, now), *_links(story.entry, stories, now)]
    return [(first._replace(about=story.entry), *rest) for first, *rest in rows]


def _links(entry: Entry, stories: Sequence[EntryStory], now: datetime) -> Iterator[Row]:
    """A correction and what it corrects, each from the other."""
    for other in (story.entry for story in stories):
        if other.id == entry.corrects:
            words = tr("corrects the report of {time}: {what}", time=when(other.event_at or other.made_at, now), what=what(other))
        elif other.corrects == entry.id and other.state not in {State.TAKEN_BACK, State.DROPPED}:
            words = tr("corrected by the report made {time}: {what}", time=when(other.made_at, now), what=what(other))
        else:
            continue
        yield (Cell(), _part(words)._replace(spans=True), Cell(), Cell(), Cell())


def _picture(number: int, picture: ReportedPicture, now: datetime) -> Row:
    """One that was uploaded stays where it is, also when its report was refused: both are facts."""
    if picture.uploaded_at is not None:
        label = Label(tr("uploaded"), "check", Tone.GOOD)
    elif picture.linked:
        label = Label(tr("not uploaded"), "image", Tone.NEUTRAL)
    else:
        label = Label(tr("inside the report"), "image", Tone.NEUTRAL)
    time = "" if picture.uploaded_at is None else when(picture.uploaded_at, now)
    return (
        Cell(time, quiet=True),
        _part(tr("picture {number}: {name}", number=number, name=visible(picture.name) or tr("no name"))),
        labelled(label),
        Cell(),
        Cell(),
    )


def _in_order(attempts: Sequence[Attempt]) -> list[Attempt]:
    return sorted(attempts, key=lambda attempt: attempt.started_at)


def _part(words: str) -> Cell:
    return Cell("    " + words, quiet=True)


def _done(done: Done, now: datetime) -> Row:
    """A person's deed stands with who did it: in a dispute it counts as much as what was sent."""
    who = " · ".join(part for part in (done.by, done.desk) if part)
    return (Cell(when(done.at, now), quiet=True), _part(labels.deed(done.deed)), Cell(), Cell(), Cell(who))


def _twice(entry: Entry, now: datetime) -> Row:
    label = Label(tr("shown twice"), "copy", Tone.WARN)
    times = f" {tr('and')} ".join(when(moment, now) for moment in entry.twice)
    return (Cell(when(entry.twice[-1], now), quiet=True), _part(tr("noted {times}", times=times)), labelled(label), Cell(), Cell("Zendera"))


def _shown(shown: Shown, now: datetime) -> Row:
    """An event of Zendera's own timeline. What this desk sent is told apart from what others said."""
    event = shown.event
    time = Cell(when(event.noted_at or shown.first_seen_at, now))
    ours = shown.entry is not None
    if is_failed_export(event):
        failed = Label(tr("strike, ours") if ours else tr("strike"), "circle-x", Tone.WARN)
        return (time, Cell(tr("Export failed")), labelled(failed), Cell(event.failure_reason), Cell("Zendera"))
    what = ", ".join(visible(labels.readable(word)) for word in (event.status, event.location) if word)
    what = what or visible(labels.readable(event.type.removeprefix("EVENT_TYPE_"))) or tr("something")
    happened = tr("happened {time}", time=when(event.at, now)) if event.at and event.at != event.noted_at else ""
    label = Label(tr("on the timeline, ours") if ours else tr("on the timeline"), "eye", Tone.NEUTRAL)
    return (time, Cell(f"{what} ({happened})" if happened else what), labelled(label), Cell(event.failure_reason), Cell("Zendera"))


def _moved(change: FeedLine, now: datetime) -> Row:
    """A change of the product feed, told apart from what the timeline says by where it stands."""
    product = " ".join(part for part in (change.product_name, change.product_number) if part) or str(change.product_id or "–")
    place = labels.stop(change.stop).text.lower() if change.stop is not None else tr("stop not given")
    said = labels.product_status(change.status, change.stop, change.status_word)
    return (Cell(when(change.at, now)), Cell(f"{visible(product)}, {place}"), labelled(said), Cell(), Cell(tr("Product feed")))


def _looked_at(one: Acknowledgement, now: datetime) -> Row:
    stop = labels.stop(one.stop).text.lower()
    label = Label(tr("counts again") if one.undoes else tr("nothing to do"), "undo-2" if one.undoes else "check", Tone.NEUTRAL)
    words = tr("Differences, {stop}", stop=stop) if one.undoes else tr("{n} difference(s) looked at, {stop}", n=one.count, stop=stop)
    who = " · ".join(part for part in (one.by, one.desk) if part)
    return (Cell(when(one.at, now)), Cell(words), labelled(label), Cell(), Cell(who))


def _cut(cut: Cut) -> Row:
    words = tr("Older changes of the product feed are not shown here: these are the newest {count}.", count=count(cut.shown))
    return (Cell(), Cell(words, Label("", "chevron-down", Tone.NEUTRAL), quiet=True, spans=True), Cell(), Cell(), Cell())


def _typed(typed: Typed, now: datetime) -> Row:
    draft = typed.draft
    words = f"{labels.report_status(draft.status).text}, {labels.stop(draft.stop).text.lower()}"
    words += ", " + tr("{n} picture(s)", n=len(draft.pictures)) if draft.pictures else ""
    label = Label(tr("draft, not sent"), "pencil", Tone.NEUTRAL)
    return (Cell(when(typed.at, now)), Cell(words), labelled(label), Cell(), Cell())


def what(entry: Entry, pictures: int = 0) -> str:
    """ "Fail (strike 2 of 5): Unknown postal code", "Damage, delivery: wet cartons, 2 pictures"."""
    words = f": {visible(entry.words)}" if entry.words else ""
    words += ", " + tr("{n} picture(s)", n=pictures) if pictures else ""
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
    return (time, _part(_try_words(number, attempt)), labelled(outcome), Cell(attempt.answer), Cell())


def _try_words(number: int, attempt: Attempt) -> str:
    """With its seconds: in a dispute they are asked for."""
    begun = f"{attempt.started_at.astimezone(local_zone()):%H:%M:%S}"
    if attempt.ended_at is None:
        return tr("try {number}, begun {begun}", number=number, begun=begun)
    ended = f"{attempt.ended_at.astimezone(local_zone()):%H:%M:%S}"
    return tr("try {number}, {begun} to {ended}", number=number, begun=begun, ended=ended)


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
