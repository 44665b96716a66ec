"""An entry of the outbox in words: what it is, why it stands where it stands, when it goes on, and what is known of it."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from zendera_desk.domain.outbox import Entry, Kind, State, Why
from zendera_desk.domain.views import EntryStory, OutboxLine
from zendera_desk.gui import format as shown
from zendera_desk.gui import labels
from zendera_desk.gui.words import tr


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
    """As everywhere, but shorter: that Zendera is asked, and when, stands in the next column."""
    label = labels.entry_state(entry.state)
    return label._replace(text=tr("unclear")) if entry.state is State.UNCLEAR else label


def receiver(line: OutboxLine) -> str:
    return ", ".join(part for part in (line.delivery_name, line.delivery_city) if part)


def why(line: OutboxLine) -> str:
    """Why it stands where it stands, in a few words, and Zendera's own where it said some: they say more than "refused"."""
    if line.entry.state is State.REFUSED and line.entry.answer and not line.foreign:
        return f"“{line.entry.answer}”"
    return " · ".join(_why(line, labels.short_code))


def reason(line: OutboxLine) -> str:
    """The same in whole sentences: what happened and what to do."""
    return " ".join(_why(line, labels.code))


def _why(line: OutboxLine, words: Callable[[str], str]) -> list[str]:
    entry = line.entry
    if line.foreign:
        return [tr("Belongs to {account}, which is not open: kept, not sent.", account=line.account_name)]
    parts = [words(entry.code)] if entry.code else []
    if entry.answer and entry.state is not State.CONFIRMED:
        parts.append(tr("Zendera: “{words}”", words=entry.answer))
    if not parts and entry.state is State.SENT:
        return [tr("not confirmed yet")]
    return parts


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


def counts_down(entry: Entry, now: datetime) -> bool:
    """Whether `next_step` reads differently as the clock goes on."""
    return entry.state is State.HELD or (entry.state in {State.DUE, State.UNCLEAR} and entry.next_at > now)


def made(entry: Entry, now: datetime, zone: tzinfo) -> str:
    return "  ".join(part for part in (shown.when(entry.made_at, now, zone), entry.made_by) if part)


def we_sent(line: OutboxLine, now: datetime, zone: tzinfo) -> str:
    """The first of the two facts: what left this desk, when, and for where."""
    entry = line.entry
    ended = entry.ended_at or entry.made_at
    lines = [tr("{what}, for {order}, at {time}", what=what(entry), order=order(line), time=clock(ended, now, zone))]
    lines += [receiver(line)] if receiver(line) else []
    lines += [f"“{entry.words}”"] if entry.words else []
    return "\n".join(lines)


def zendera_shows(entry: Entry, now: datetime, zone: tzinfo) -> str:
    """The second: what Zendera could be read to say about it. Never more than was read."""
    if entry.code == Why.MAY_NOT_READ:
        return tr("This key may not read what happened to the order, so Zendera cannot tell.")
    if entry.reads and entry.last_read_at:
        time = clock(entry.last_read_at, now, zone)
        return tr("Not there: looked {n} (time|times), last at {time}.", n=entry.reads, time=time)
    return tr("Zendera could not be read since then.")


def details(line: OutboxLine, story: EntryStory | None, zone: tzinfo) -> str:
    """Everything about an entry as text, for "Copy details": no key, no payload."""
    entry = line.entry
    lines = [
        f"{what(entry)} · {order(line)} · {receiver(line)}",
        *([tr("Order number {number}", number=line.order_number)] if line.order_number else []),
        tr("Order id {id}, entry {entry}, account {account}", id=entry.order_id, entry=entry.id, account=line.account_name),
        tr("State: {state}", state=labels.entry_state(entry.state).text),
        tr("Made: {time} by {by} at {desk}", time=shown.full(entry.made_at, zone), by=entry.made_by, desk=entry.desk),
        *([entry.words] if entry.words else []),
        *([reason(line)] if reason(line) else []),
    ]
    for attempt in story.attempts if story else ():
        facts = [shown.full(attempt.started_at, zone), attempt.code or tr("valid answer")]
        facts += [f"HTTP {attempt.http_status}"] if attempt.http_status else []
        facts += [attempt.answer] if attempt.answer else []
        lines.append(tr("Attempt: {facts}", facts=" · ".join(facts)))
    return "\n".join(lines)


def clock(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """Today with seconds, since these are watched; else as everywhere."""
    here = moment.astimezone(zone)
    return f"{here:%H:%M:%S}" if here.date() == now.astimezone(zone).date() else shown.when(moment, now, zone)
