"""What Zendera says has happened: the product feed and an order's timeline.

A row of the feed that cannot be read is set aside with its bytes. The timeline's shape is assumed, and it decides
whether a report is sent again, so it is read widely (any list, any depth) but never guessed: an answer in which no list
can be recognised is an error, not an empty timeline, because a failed read must count as nothing.
"""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

import msgspec

from zendera_desk.api.values import Node, WireError, decode, members, rows
from zendera_desk.domain.feed import FeedPage, NewChange, ProductStatus, TimelineEvent
from zendera_desk.domain.ids import INT64_MAX
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind

_FEED_KEYS = frozenset({"changes", "nextPage"})
_EVENT_LISTS = ("updates", "events", "externalUpdates", "timeline", "items")
_TIMELINE_KEYS = frozenset({"orderId", "page", "perPage", "total", "totalPages", "nextPage", "hasNextPage"})
_ERROR_KEYS = frozenset({"error", "errors", "message"})
_MOST_CHANGES = 100_000
"""How many changes a page may have is not documented: 16 MB of proper ones are half of this."""
_MOST_EVENTS = 10_000
_AT_ONCE: Final = 384 * 1024
"""Bytes of a page that is decoded at once: two milliseconds for a thousand changes, ten at the very worst, in which nothing else runs."""
_NUL: Final = rb"\u0000"
_EXACT: Final = 2**53
_LAST: Final = 253_402_300_799_999
"""Milliseconds: the end of the year 9999, after which Python has no time."""
_DETAIL_DEPTH = 4  # event, details, completeInfo, pod


def read_feed(body: bytes) -> FeedPage:
    """One page of the product feed, in Zendera's order. Raises WireError where it is none."""
    plain = read_plain_feed(body)
    return _page(body) if plain is None else plain


def _page(body: bytes) -> FeedPage:
    if not body.strip():
        return FeedPage(changes=())
    envelope = members(body)
    if envelope and not _FEED_KEYS & envelope.keys():
        raise WireError("an object without changes")
    changes, broken = _changes(envelope.get("changes", b"null"))
    next_page = Node(decode(envelope.get("nextPage", b"null")))
    if next_page.value is not None and not isinstance(next_page.value, dict):
        raise WireError("a next page that is no object")
    return FeedPage(
        changes=tuple(changes),
        broken=tuple(broken),
        token=next_page.get("paginationToken", "pagination_token").text(),
        has_next=next_page.get("hasNextPage", "has_next_page").flag() or False,
    )


def read_plain_feed(body: bytes) -> FeedPage | None:
    """What `read_feed` makes of a page that is written as documented and not too long, ten times as fast; None for any other."""
    if len(body) > _AT_ONCE or _has_nul(body):
        return None
    try:
        page = _plain_page.decode(body)
        # All are read before the first is kept: of many that are no changes at all, the first one ends it.
        changes, originals = _plain_changes.decode(page.changes), _originals.decode(page.changes)
        next_page = page.next_page or _PlainNext()
        return FeedPage(
            changes=tuple(_plain_change(change, bytearray(original)) for change, original in zip(changes, originals, strict=True)),
            token=next_page.pagination_token.strip(),
            has_next=next_page.has_next_page,
        )
    except _OTHERWISE:
        return None


def _changes(listed: bytes) -> tuple[list[NewChange], list[bytes]]:
    """And the rows that cannot be read. Raises WireError where it is no list."""
    changes: list[NewChange] = []
    broken: list[bytes] = []
    for original in rows(listed, _MOST_CHANGES):
        try:
            changes.append(_plain_row(original) or _change(original))
        except WireError:
            broken.append(original)
    return changes, broken


_Id = Annotated[int, msgspec.Meta(ge=0, le=INT64_MAX)] | Literal[""]


class _PlainRow(msgspec.Struct, rename="camel", gc=False):
    """A change as the documentation has it: every value a string."""

    timestamp: Annotated[int, msgspec.Meta(ge=1, le=_LAST)]
    product_status_at_location: Literal["PENDING", "COMPLETED", "REMOVED", "NOT_READY", "UNKNOWN"]
    order_product_id: _Id = 0
    order_product_internal_number: str = ""
    order_location_id: _Id = 0
    order_location_internal_number: str = ""
    location_type: Literal["PICKUP", "DELIVERY", ""] = ""


class _PlainNext(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    has_next_page: bool = False
    pagination_token: str = ""


class _PlainPage(msgspec.Struct, rename="camel"):
    changes: msgspec.Raw
    next_page: _PlainNext | None = None


_plain_page: Final = msgspec.json.Decoder(_PlainPage)
_plain_changes: Final = msgspec.json.Decoder(list[_PlainRow], strict=False)  # a number may stand in a string
_plain: Final = msgspec.json.Decoder(_PlainRow, strict=False)
_originals: Final = msgspec.json.Decoder(list[msgspec.Raw])
_OTHERWISE: Final = (msgspec.MsgspecError, ValueError, RecursionError)
"""Raised by what is written otherwise than documented."""


def _has_nul(raw: bytes) -> bool:
    return b"\\" in raw and _NUL in raw  # a single byte is found at once


def _plain_row(original: bytes) -> NewChange | None:
    """What `_change` makes of a row that is written as documented; None for any other."""
    try:
        return None if _has_nul(original) else _plain_change(_plain.decode(original), bytearray(original))
    except _OTHERWISE:
        return None


def _plain_change(row: _PlainRow, original: bytearray) -> NewChange:
    """Raises ValueError for an id that msgspec may have rounded: in "9007199254740993.0" it sees the nearest float.

    `original` is no `bytes`: of those sqlite3 looks for an adapter, each time, which takes as long as all other values of the row.
    """
    product, location = row.order_product_id or None, row.order_location_id or None
    if product is not None and product >= _EXACT and b"%d" % product not in original:
        raise ValueError
    if location is not None and location >= _EXACT and b"%d" % location not in original:
        raise ValueError
    return NewChange(
        row.timestamp,
        product,
        row.order_product_internal_number.strip(),
        location,
        row.order_location_internal_number.strip(),
        row.location_type or None,
        row.product_status_at_location,
        row.product_status_at_location,
        original,
    )


def _change(original: bytes) -> NewChange:
    row = Node(decode(original))
    at = row.get("timestamp").milliseconds()
    if at is None:
        raise WireError("no timestamp")
    status, stop = row.get("productStatusAtLocation", "productStatus", "status"), row.get("locationType").word(StopKind)
    return NewChange(
        at=at,
        product_id=row.get("orderProductId").id(),
        product_number=row.get("orderProductInternalNumber").text(),
        location_id=row.get("orderLocationId").id(),
        location_number=row.get("orderLocationInternalNumber").text(),
        stop=None if stop is None else stop.value,
        status=(status.word(ProductStatus) or ProductStatus.UNKNOWN).value,
        status_word=status.text(),
        original=original,
    )


def read_timeline(body: bytes) -> tuple[TimelineEvent, ...]:
    """The events of an order, in Zendera's order. Raises WireError where no list of events can be recognised or read."""
    text = body.strip()
    if not text:
        return ()
    events = rows(text if text.startswith(b"[") else _event_list(members(text)), _MOST_EVENTS)
    return tuple(_event(Node(decode(original))) for original in events)


def _event_list(envelope: dict[str, bytes]) -> bytes:
    """The list by one of its likely names, else any list; nothing at all is an empty one, as protobuf leaves it out."""
    if _ERROR_KEYS & envelope.keys():
        raise WireError("an error instead of events")
    likely = [envelope[key] for key in _EVENT_LISTS if key in envelope]
    lists = [value for value in (*likely, *envelope.values()) if value.startswith(b"[")]
    if lists:
        if _has_more(envelope):  # what is not on this page may be on the next, and would count as absent
            raise WireError("a part of the timeline")
        return lists[0]
    if any(value != b"null" for value in likely) or envelope.keys() - _TIMELINE_KEYS - set(_EVENT_LISTS):
        raise WireError("an object without events")
    return b"[]"


def _has_more(envelope: dict[str, bytes]) -> bool:
    pages = envelope.get("totalPages", b"").strip(b'"')
    return envelope.get("hasNextPage") == b"true" or (pages.isdigit() and int(pages[:9]) > 1)


def _event(row: Node) -> TimelineEvent:
    """The report's own `date` is what a report is recognised by; the other times are when Zendera noted it."""
    status = _find(row, "status")
    noted = _find(row, "timestamp", "createdAt", "time").moment()
    location = _find(row, "location", "locationType")
    return TimelineEvent(
        type=_find(row, "eventType", "type").text(),
        status=str(status.word(Status) or status.text()),
        location=str(location.word(StopKind) or location.text()),
        at=_find(row, "date").moment() or noted,
        success=_find(row, "success").flag(),
        failure_reason=_find(row, "failureReason", "reason").text(),
        comment=_find(row, "comment").text(),
        noted_at=noted,
    )


def _find(row: Node, *names: str) -> Node:
    """The first value of these names, the nearest to the event itself first: details may lie in an object of their own."""
    level = [row]
    for _ in range(_DETAIL_DEPTH):
        for name in names:
            for node in level:
                found = node.get(name)
                if not isinstance(found.value, dict | list | None):
                    return found
        level = list(_below(level))
    return Node(None)


def _below(level: list[Node]) -> Iterator[Node]:
    for node in level:
        yield from (child for _, child in node.children() if isinstance(child.value, dict))
