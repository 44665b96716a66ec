"""An entry of the outbox in words: what it is, why it stands where it stands, when it goes on, and what is known of it."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from zendera_desk.domain.errors import LinkCode
from zendera_desk.domain.outbox import NEEDS_ME, Entry, Kind, State, Why
from zendera_desk.domain.uploads import Uploading
from zendera_desk.domain.views import EntryStory, OutboxLine, Shown, Timeline
from zendera_desk.gui import format as shown
from zendera_desk.gui import labels
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.words import mark, tr


def what(entry: Entry) -> str:
    """ "Complete · Delivery", "Accept", "Fail"."""
    match entry.kind:
        case Kind.ACCEPT:
            return tr("Accept")
        case Kind.FAIL:
            return tr("Fail")
        case Kind.REPORT:
            parts = [labels.report_status(entry.status).text if entry.status else tr("Report")]
            parts += [labels.stop(entry.stop).text] if entry.stop else []
            return " · ".join(parts)


def what_icon(entry: Entry) -> str:
    if entry.kind is Kind.REPORT and entry.status is not None:
        return labels.report_status(entry.status).icon
    return labels.kind(entry.kind).icon


def order(line: OutboxLine) -> str:
    """The number under which the list has it."""
    return str(line.entry.order_id)


def state(entry: Entry) -> labels.Label:
    """As everywhere, but shorter: that Zendera is asked, when, and why it waits, stand in the next columns."""
    if entry.is_doubled and entry.state not in NEEDS_ME:
        return labels.Label(tr("shown twice"), "copy", Tone.WARN)
    label = labels.entry_state(entry.state, code="" if entry.state is State.DUE else entry.code, seen_by=entry.seen_by)
    return label._replace(text=tr(_SHORTER[label.text])) if label.text in _SHORTER else label


_SHORTER: Final = {
    "unclear, asking Zendera": mark("unclear"),
    "sent, still offered": mark("sent"),
    "sent, not shown": mark("sent"),
    "not sent, damaged": mark("not sent"),
    "said to have arrived": mark("settled"),
}


def receiver(line: OutboxLine) -> str:
    return ", ".join(part for part in (line.delivery_name, line.delivery_city) if part)


def why(line: OutboxLine) -> str:
    """Why it stands where it stands, in a few words, and Zendera's own where it said some: they say more than "refused"."""
    if line.entry.state is State.REFUSED and line.entry.answer and not line.foreign and not line.entry.is_doubled:
        return f"“{line.entry.answer}”"
    return " · ".join(filter(None, (*_why(line, labels.short_code), labels.purged(line.entry))))


def reason(line: OutboxLine) -> str:
    """The same in whole sentences: what happened and what to do."""
    return " ".join(_sentence(part) for part in (*_why(line, labels.code), labels.purged(line.entry)) if part)


def _sentence(part: str) -> str:
    return part[:1].upper() + part[1:] + ("" if part.endswith((".", "?", "”", "!")) else ".")


def _why(line: OutboxLine, words: Callable[[str], str]) -> list[str]:
    entry = line.entry
    if line.foreign:
        return [tr("Belongs to {account}, which is not open: kept, not sent.", account=line.account_name)]
    parts = [tr("Zendera shows this twice: {times}", times=times(entry))] if entry.twice else []
    if entry.state is State.CONFIRMED and entry.seen_by:
        return [*parts, labels.witness(entry.seen_by)]
    if entry.state in {State.TAKEN_BACK, State.DROPPED} and entry.code != Why.MENDED:
        return parts  # why it stood where it stood says nothing any more
    if line.uploading is not None:
        return [*parts, *_uploads(line.uploading, words)]
    parts += [words(entry.code)] if entry.code else []
    if entry.state is State.UNCLEAR and entry.code in _NOT_SAID:
        parts.append(tr("it may have arrived"))
    if entry.answer and entry.state is not State.CONFIRMED:
        parts.append(tr("Zendera: “{words}”", words=entry.answer))
    if not parts and entry.state is State.SENT:
        return [tr("not confirmed yet")]
    return parts


def _uploads(found: Uploading, words: Callable[[str], str]) -> list[str]:
    """Of a report that waits for its pictures. What a code means for a send it does not mean here: nothing was reported yet."""
    if found.code == Why.MAY_NOT_UPLOAD:
        parts = [words(found.code)]
    else:
        parts = [tr("uploading pictures, {at} of {of}", at=found.done + 1, of=found.of)]
        parts += [tr("the last try failed: {why}", why=labels.short_code(found.code))] if found.code else []
    return [*parts, tr("Zendera: “{words}”", words=found.answer)] if found.code and found.answer else parts


_NOT_SAID: Final = frozenset({LinkCode.NOT_ZENDERA, LinkCode.TOO_LARGE})
"""Codes whose words, written for any call, do not say what they mean for a send."""


def times(entry: Entry, zone: tzinfo | None = None) -> str:
    """When Zendera noted each: "14:02 and 14:10", with the day where it is not the same."""
    here = [moment.astimezone(zone or shown.local_zone()) for moment in entry.twice]
    days = len({moment.date() for moment in here}) > 1
    return f" {tr('and')} ".join(f"{moment:%d.%m. %H:%M}" if days else f"{moment:%H:%M:%S}" for moment in here)


def next_step(entry: Entry, now: datetime, zone: tzinfo) -> str:
    """When it goes on by itself; for what is done, when that was."""
    wait = (entry.next_at - now).total_seconds()
    match entry.state:
        case State.HELD:
            return tr("goes out in {wait}", wait=shown.seconds(wait)) if wait > 0 else tr("goes out now")
        case State.DUE:
            return tr("next try {time}", time=clock(entry.next_at, now, zone)) if wait > 0 else tr("goes out next")
        case State.SENDING:
            return tr("now")
        case State.UNCLEAR:
            return tr("asks Zendera {time}", time=clock(entry.next_at, now, zone)) if wait > 0 else tr("asks Zendera now")
        case State.REFUSED | State.NEEDS_PERSON:
            return tr("waits for you")
        case State.SENT | State.CONFIRMED | State.TAKEN_BACK | State.DROPPED:
            return clock(entry.ended_at, now, zone) if entry.ended_at else ""


def next_upload(found: Uploading, now: datetime, zone: tzinfo) -> str:
    """The same of a report that waits for its pictures."""
    if found.next_at is None or found.next_at <= now:
        return tr("goes out after them")
    return tr("next try {time}", time=clock(found.next_at, now, zone))


def counts_down(entry: Entry, now: datetime) -> bool:
    """Whether `next_step` reads differently as the clock goes on."""
    return entry.state is State.HELD or (entry.state in {State.DUE, State.UNCLEAR} and entry.next_at > now)


def made(entry: Entry, now: datetime, zone: tzinfo) -> str:
    return "  ".join(part for part in (shown.when(entry.made_at, now, zone), entry.made_by) if part)


def we_sent(line: OutboxLine, now: datetime, zone: tzinfo) -> str:
    """The first of the two facts: what left this desk, when, and for where."""
    entry = line.entry
    ended = clock(entry.ended_at or entry.made_at, now, zone)
    reference = f" [{entry.reference}]" if entry.reference else ""
    lines = [tr("{what}, for {order}", what=what(entry), order=order(line))]
    lines += [receiver(line)] if receiver(line) else []
    words = entry.words if len(entry.words) <= _LONGEST_WORDS else entry.words[:_LONGEST_WORDS] + "…"
    lines += [f"“{words}{reference}”"] if words else []
    if entry.event_at is not None:
        lines.append(tr("Said to have happened {time}", time=shown.when(entry.event_at, now, zone)))
    lines += [tr("With {n} (picture|pictures)", n=line.pictures)] if line.pictures else []
    lines.append(tr("Tried (once|{n} times, last) until {time}", n=entry.attempts, time=ended) if entry.attempts else tr("Not tried"))
    return "\n".join(lines)


def zendera_shows(line: OutboxLine, now: datetime, zone: tzinfo) -> str:
    """The second: what Zendera could be read to say about it, and about its order. Never more than was read."""
    entry = line.entry
    timeline = line.timeline or Timeline()
    lines = [_about_it(entry, now, zone)]
    if entry.answer:
        lines.append(tr("It answered: “{words}”", words=shown.visible(entry.answer)))
    if timeline.shown:
        lines.append(tr("For this order it shows:"))
        lines += [f"· {event(each, now, zone)}" for each in timeline.shown[-_FEW:]]
    elif timeline.read_at is not None:
        lines.append(tr("For this order it showed nothing at all, read {time}.", time=clock(timeline.read_at, now, zone)))
    return "\n".join(lines)


def known(line: OutboxLine, now: datetime, zone: tzinfo) -> str:
    """Of what Zendera answered, and a person may settle: what is known on one line, and what to do on the next."""
    entry = line.entry
    values = {"sent": clock(entry.ended_at or entry.made_at, now, zone), "shown": _not_shown(line, now, zone)}
    words = tr("Sent {sent}. Zendera answered that it took it, but {shown}.", None, **values)
    return f"{words}\n{_what_to_do(line)}"


def _not_shown(line: OutboxLine, now: datetime, zone: tzinfo) -> str:
    read_at = line.timeline.read_at if line.timeline else None
    if line.entry.code == Why.MAY_NOT_READ:
        return tr("this key may not read the order's timeline")
    if line.entry.code == Why.STILL_OFFERED:
        return tr("it still offers the order to be accepted")
    if read_at is None:
        return tr("its timeline does not show it")
    return tr("its timeline, read {time}, does not show it", time=clock(read_at, now, zone))


def _what_to_do(line: OutboxLine) -> str:
    """It can be said anew once it was dropped: with what that costs if Zendera has it after all."""
    if line.answered_anew:
        return tr("The order was accepted or failed once more since. Nothing has to be done.")
    if line.entry.code == Why.MAY_NOT_READ:
        ask = tr("Nothing has to be done. If you hear from Zendera's dispatchers, say so here.")
    else:
        ask = tr("Ask Zendera's dispatchers. If they have it, it arrived.")
    match line.entry.kind:
        case Kind.ACCEPT:
            return f"{ask} {tr('If not, drop it and accept the shipment once more.')}"
        case Kind.FAIL:
            again = tr("If not, drop it and fail the shipment once more; should they have it after all, that is one strike more.")
            return f"{ask} {again}"
        case Kind.REPORT:
            return f"{ask} {tr('If not, drop it and report it once more; should they have it after all, it is there twice then.')}"


_LONGEST_WORDS: Final = 240
"""Of a comment beside a decision; "Copy details" has all of it."""
_FEW: Final = 5
"""Of Zendera's events beside a decision: the newest; the history has all."""


def _about_it(entry: Entry, now: datetime, zone: tzinfo) -> str:
    if entry.twice:
        return tr("Twice: noted {times}.", times=times(entry, zone))
    if entry.state is State.SENT:
        return tr(_ANSWERS.get(entry.code, _ANSWER), time=clock(entry.ended_at or entry.made_at, now, zone))
    if entry.code == Why.MAY_NOT_READ:
        return tr("This key may not read what happened to the order, so Zendera cannot tell.")
    if entry.reads and entry.last_read_at:
        time = clock(entry.last_read_at, now, zone)
        return tr("Not there: looked {n} (time|times), last at {time}.", n=entry.reads, time=time)
    if entry.kind is Kind.ACCEPT and entry.code in {
        LinkCode.REFUSED,
        Why.NOT_SHOWN,
    }:  # a walk decided: it is put before a person because it is there
        return tr("It still offers the order, so the accept has not arrived.")
    return tr("Zendera could not be read since then.")


_ANSWER: Final = mark("It answered {time} that it took it.")
_ANSWERS: Final[dict[str, str]] = {
    Why.NO_EVIDENCE: mark("It answered {time} that it took it, and does not show it."),
    Why.STILL_OFFERED: mark("It answered {time} that it took it, and still offers the order."),
    Why.MAY_NOT_READ: mark("It answered {time} that it took it. More this key may not read."),
}


def event(found: Shown, now: datetime, zone: tzinfo) -> str:
    """One event of Zendera's timeline: "14:02 no one there, delivery (not from this desk)"."""
    said = found.event
    what = said.status or said.type.removeprefix("EVENT_TYPE_")
    parts = [shown.visible(labels.readable(what)) or tr("something"), shown.visible(labels.readable(said.location))]
    if said.success is not None:
        parts.append(tr("succeeded") if said.success else tr("failed"))
    words = ", ".join(part for part in parts if part)
    time = said.at or said.noted_at
    words = f"{shown.when(time, now, zone)} {words}" if time else words
    words += f": “{shown.visible(said.failure_reason)}”" if said.failure_reason else ""
    beside = [tr("noted {time}", time=shown.when(said.noted_at, now, zone))] if said.noted_at and said.noted_at != time else []
    beside += [tr("from this desk")] if found.entry is not None else []
    return f"{words} ({', '.join(beside)})" if beside else words


def details(line: OutboxLine, story: EntryStory | None, zone: tzinfo) -> str:
    """Everything about an entry as text, for "Copy details": no key, no payload."""
    entry = line.entry
    lines = [
        f"{what(entry)} · {order(line)} · {receiver(line)}",
        *([tr("Order number {number}", number=line.order_number)] if line.order_number else []),
        tr("Order id {id}, entry {entry}, account {account}", id=entry.order_id, entry=entry.id, account=line.account_name),
        tr("State: {state}", state=labels.entry_state(entry.state, code=entry.code, seen_by=entry.seen_by).text),
        tr("Made: {time} by {by} at {desk}", time=shown.full(entry.made_at, zone), by=entry.made_by, desk=entry.desk),
        *([entry.words] if entry.words else []),
        *([reason(line)] if reason(line) else []),
    ]
    lines += [f"{shown.full(done.at, zone)} · {done.by} · {labels.deed(done.deed)}" for done in (story.done if story else ())]
    for attempt in story.attempts if story else ():
        facts = [shown.full(attempt.started_at, zone), attempt.code or tr("valid answer")]
        facts += [f"HTTP {attempt.http_status}"] if attempt.http_status else []
        facts += [attempt.answer] if attempt.answer else []
        facts += [f"SHA-256 {attempt.sha256}"] if attempt.sha256 else []
        lines.append(tr("Attempt: {facts}", facts=" · ".join(facts)))
    return "\n".join(lines)


def clock(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """Today with seconds, since these are watched; else as everywhere."""
    here = moment.astimezone(zone)
    return f"{here:%H:%M:%S}" if here.date() == now.astimezone(zone).date() else shown.when(moment, now, zone)
