"""What we send, as exact bytes: made once when a person sends, kept in the outbox, and never made again.

Only a report's own struct decides which detail object is written, so that the wrong one, whose details Zendera would
silently lose, cannot be built.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, assert_never

import msgspec

from zendera_desk.api.values import clean
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import CannotHandle, Complete, Damage, NoOneThere, Other, Price, Report, Status
from zendera_desk.domain.shipment import Coordinates

_encoder: Final = msgspec.json.Encoder(decimal_format="number")

_PLACEHOLDER: Final = "zendera-desk-picture:"
_SHA256: Final = re.compile(rb"[0-9a-f]{64}")
# Nobody can type this into a comment: inside of a JSON string each quotation mark has a backslash before it.
_PLACEHOLDERS: Final = re.compile(rb'"pictures":\["zendera-desk-picture:[0-9a-f]{64}"(?:,"zendera-desk-picture:[0-9a-f]{64}")*\]')


class _Acknowledgement(msgspec.Struct, rename="camel", omit_defaults=True, kw_only=True):
    order_id: int
    status: str
    failure_reason: str = ""


class _Batch(msgspec.Struct):
    create: list[_Acknowledgement]


class _Coordinates(msgspec.Struct):
    latitude: float
    longitude: float


class _ProofOfDelivery(msgspec.Struct, rename="camel", kw_only=True):
    date: str
    comment: str
    pictures: list[str]
    signee_name: str
    is_contactless: bool


class _CompleteInfo(msgspec.Struct, kw_only=True):
    date: str
    coordinates: _Coordinates | msgspec.UnsetType
    pod: _ProofOfDelivery


class _EventInfo(msgspec.Struct, kw_only=True):
    """The four others. Its fields are assumed by analogy with `completeInfo`."""

    date: str
    coordinates: _Coordinates | msgspec.UnsetType
    comment: str
    pictures: list[str]


class _Pricing(msgspec.Struct):
    amount: Decimal
    currency: str


class _Update(msgspec.Struct, rename="camel", kw_only=True):
    order_id: int
    status: str
    location: str
    complete_info: _CompleteInfo | msgspec.UnsetType = msgspec.UNSET
    damage_info: _EventInfo | msgspec.UnsetType = msgspec.UNSET
    no_one_there_info: _EventInfo | msgspec.UnsetType = msgspec.UNSET
    other_info: _EventInfo | msgspec.UnsetType = msgspec.UNSET
    cannot_handle_order_info: _EventInfo | msgspec.UnsetType = msgspec.UNSET
    pricing: _Pricing | msgspec.UnsetType = msgspec.UNSET


def accept_payload(order_ids: Sequence[OrderId]) -> bytes:
    """One batch. The key really is `create`."""
    if not order_ids:
        raise ValueError("an acknowledgement of nothing")
    return _encoder.encode(_Batch([_Acknowledgement(order_id=order_id, status="EXPORTED_SUCCESSFULLY") for order_id in order_ids]))


def join_acknowledgements(payloads: Sequence[bytes]) -> bytes:
    """One batch out of several, byte for byte what was frozen in each. Raises ValueError for what is no batch of ours."""
    start, end = b'{"create":[', b"]}"
    if not all(payload.startswith(start) and payload.endswith(end) for payload in payloads):
        raise ValueError("only batches of ours can be joined")
    return start + b",".join(payload[len(start) : -len(end)] for payload in payloads) + end


def fail_payload(order_id: OrderId, reason: str) -> bytes:
    """One of the five strikes. A dispatcher in another company reads the reason."""
    return _encoder.encode(_Batch([_Acknowledgement(order_id=order_id, status="FAILED", failure_reason=clean(reason))]))


def report_payload(order_id: OrderId, report: Report, pictures: Sequence[bytes]) -> bytes:
    """`pictures` are the prepared JPEGs of `report.pictures`, in their order. Megabytes of base64: make it in a thread."""
    return _report_payload(order_id, report, [base64.b64encode(picture).decode("ascii") for picture in pictures])


def linked_payload(order_id: OrderId, report: Report, pictures: Sequence[str]) -> bytes:
    """`pictures` are the SHA-256 of the same JPEGs, in hex: a placeholder stands for each until its link is known (`with_links`)."""
    return _report_payload(order_id, report, [f"{_PLACEHOLDER}{sha256}" for sha256 in pictures])


def with_links(payload: bytes, links: Mapping[str, str]) -> bytes:
    """The bytes that leave: frozen ones with each placeholder replaced by the link of its picture, and not a byte else.

    `links` by SHA-256. Raises ValueError unless the pictures of the payload are just these.
    """
    named: set[str] = set()

    def linked(list_of_pictures: re.Match[bytes]) -> bytes:
        hashes = [each.decode("ascii") for each in _SHA256.findall(list_of_pictures[0])]
        named.update(hashes)
        return b'"pictures":' + _encoder.encode([links[sha256] for sha256 in hashes])

    try:
        whole = _PLACEHOLDERS.sub(linked, payload)
    except KeyError as error:
        raise ValueError("a picture without a link") from error
    if named != set(links):
        raise ValueError("links of other pictures")
    return whole


def _report_payload(order_id: OrderId, report: Report, pictures: list[str]) -> bytes:
    if len(pictures) != len(report.pictures):
        raise ValueError("a report goes with its own pictures")
    update = _update(order_id, report, pictures)
    if report.price is not None:
        update.pricing = _pricing(report.price)
    return _encoder.encode(update)


def _update(order_id: OrderId, report: Report, pictures: list[str]) -> _Update:
    def update(status: Status) -> _Update:
        return _Update(order_id=order_id, status=status.value, location=report.stop.value)

    match report:
        case Complete():
            built = update(Status.COMPLETE)
            built.complete_info = _complete_info(report, pictures)
        case Damage():
            built = update(Status.DAMAGE)
            built.damage_info = _event_info(report, pictures)
        case NoOneThere():
            built = update(Status.NO_ONE_THERE)
            built.no_one_there_info = _event_info(report, pictures)
        case Other():
            built = update(Status.OTHER)
            built.other_info = _event_info(report, pictures)
        case CannotHandle():
            built = update(Status.CANNOT_HANDLE)
            built.cannot_handle_order_info = _event_info(report, pictures)
        case _:
            assert_never(report)
    return built


def _complete_info(report: Complete, pictures: list[str]) -> _CompleteInfo:
    date = rfc3339(report.at)
    return _CompleteInfo(
        date=date,
        coordinates=_coordinates(report.position),
        pod=_ProofOfDelivery(
            date=date,
            comment=clean(report.comment),
            pictures=pictures,
            signee_name=clean(report.signee),
            is_contactless=report.contactless,
        ),
    )


def _event_info(report: Damage | NoOneThere | Other | CannotHandle, pictures: list[str]) -> _EventInfo:
    return _EventInfo(
        date=rfc3339(report.at),
        coordinates=_coordinates(report.position),
        comment=clean(report.comment),
        pictures=pictures,
    )


def _coordinates(position: Coordinates | None) -> _Coordinates | msgspec.UnsetType:
    """Left out where there is none: 0, 0 would be an invented position."""
    return msgspec.UNSET if position is None else _Coordinates(position.latitude, position.longitude)


def _pricing(price: Price) -> _Pricing:
    return _Pricing(price.amount, clean(price.currency))


def rfc3339(moment: datetime) -> str:
    """UTC with `Z`, as in the specification; milliseconds only where there are some."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="milliseconds" if utc.microsecond // 1000 else "seconds") + "Z"
