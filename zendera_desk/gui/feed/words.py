"""A change of the feed in words: the parts of its row, the sentence a screen reader says, and everything about it."""

from datetime import date, datetime, tzinfo

from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.tailing import FeedGap, FeedMark
from zendera_desk.domain.views import FeedLine
from zendera_desk.gui import format as shown
from zendera_desk.gui import labels
from zendera_desk.gui.words import tr


def clock(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).time().isoformat("seconds")


def status(line: FeedLine) -> labels.Label:
    return labels.product_status(line.status, line.stop, line.status_word)


def stop_words(line: FeedLine) -> str:
    """ "Pickup"; "" where the status names the stop already ("delivered") or Zendera did not."""
    return "" if line.status is ProductStatus.COMPLETED or line.stop is None else labels.stop(line.stop).text


def status_words(line: FeedLine) -> str:
    return " · ".join(part for part in (status(line).text, stop_words(line)) if part)


def product_number(line: FeedLine) -> str:
    return line.product_number or (str(line.product_id) if line.product_id is not None else "")


def product_words(line: FeedLine) -> str:
    return "  ".join(part for part in (product_number(line), line.product_name) if part) or tr("no product named")


def order_words(line: FeedLine) -> str:
    return tr("Shipment {id}", id=line.order_id) if line.order_id is not None else tr("unmatched")


def sentence(line: FeedLine, zone: tzinfo) -> str:
    """The row as a screen reader says it."""
    parts = [clock(line.at, zone), status_words(line), product_words(line), order_words(line)]
    return ", ".join(part for part in parts if part)


def tip(line: FeedLine, zone: tzinfo) -> str:
    """Everything about the change, one fact a line."""
    facts = [
        shown.full(line.at, zone),
        status_words(line),
        product_words(line),
        tr("Product id {id}", id=line.product_id) if line.product_id is not None else "",
        tr("Place {number}", number=line.location_number) if line.location_number else "",
        order_words(line),
        tr("Order number {number}", number=line.order_number) if line.order_number else "",
    ]
    return "\n".join(fact for fact in facts if fact)


def day_words(day: date, today: date) -> str:
    days = (today - day).days
    if days == 0:
        return tr("Today")
    return tr("Yesterday") if days == 1 else f"{day:%d.%m.%Y}"


def mark_words(mark: FeedMark) -> str:
    return tr("a gap is possible here") if isinstance(mark, FeedGap) else tr("{n} (entry|entries) here cannot be read", n=mark.count)


def mark_tip(mark: FeedMark, zone: tzinfo) -> str:
    at = shown.full(mark.at, zone)
    if isinstance(mark, FeedGap):
        return tr(
            "On {time} Zendera could not go on from where this desk had read to. It was read again from the newest change, "
            "but what came between may be missing. Check shipments of that time on Zendera's own page.",
            time=at,
        )
    told = tr(
        "What Zendera sent here on {time} is no change as this program knows them. It is kept as it came, and nothing else was held up. "
        "Its menu, or Ctrl+C, copies it for Zendera's support:",
        time=at,
    )
    return f"{told}\n{shown.visible(mark.begins)}"
