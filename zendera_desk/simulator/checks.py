"""What Zendera refuses, in words: the bodies of the two sends, checked as strictly as the real thing plausibly does.

Where the real thing would lose a detail silently (an info object that does not match the status), this one refuses: a desk
that passes here has nothing to lose there.
"""

import base64
import binascii
import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any

from zendera_desk.simulator.orders import JsonObject

INFO_OF: dict[str, str] = {
    "COMPLETE": "completeInfo",
    "DAMAGE": "damageInfo",
    "NO_ONE_THERE": "noOneThereInfo",
    "OTHER": "otherInfo",
    "CANNOT_HANDLE_ORDER": "cannotHandleOrderInfo",
}
"""Each status and the one object that carries its detail."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
_IMAGE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class RefusedError(Exception):
    """The send is not applied; the words go into the answer."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.words = words
        self.status = status


def parse(body: bytes) -> JsonObject:
    """The body as a JSON object, or RefusedError."""
    try:
        document = json.loads(body.decode(), parse_constant=_no_constant, object_pairs_hook=_once_each)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise RefusedError(f"Invalid JSON: {error}") from None
    if not isinstance(document, dict):
        raise RefusedError("The body must be a JSON object")
    return document


def acknowledgements(document: JsonObject) -> list[JsonObject]:
    """The rows of `create`, each with `orderId` as a number, `status`, and `failureReason` where it failed."""
    _only(document, {"create"}, "the body")
    rows = document.get("create")
    if not isinstance(rows, list) or not rows:
        raise RefusedError("create must be a list with at least one row")
    checked = [_acknowledgement(row, f"create[{place}]") for place, row in enumerate(rows)]
    if len({row["orderId"] for row in checked}) < len(checked):
        raise RefusedError("create names an order twice")
    return checked


def _acknowledgement(row: object, where: str) -> JsonObject:
    if not isinstance(row, dict):
        raise RefusedError(f"{where} must be an object")
    _only(row, {"orderId", "status", "failureReason"}, where)
    order_id, status, reason = order_number(row.get("orderId"), f"{where}.orderId"), row.get("status"), row.get("failureReason", "")
    if status not in {"EXPORTED_SUCCESSFULLY", "FAILED"}:
        raise RefusedError(f"{where}.status is not EXPORTED_SUCCESSFULLY or FAILED")
    _must_be_text(reason, f"{where}.failureReason")
    if status == "FAILED" and not reason.strip():
        raise RefusedError(f"{where}.failureReason is missing")
    if status != "FAILED" and reason:
        raise RefusedError(f"{where}.failureReason does not go with {status}")
    return {"orderId": order_id, "status": status, **({"failureReason": reason} if reason else {})}


def update(document: JsonObject) -> JsonObject:
    """What a report says, flat: the ledger's summary of it. RefusedError unless exactly the matching info object is there."""
    _only(document, {"orderId", "status", "location", "pricing", *INFO_OF.values()}, "the body")
    order_id, status, location = order_number(document.get("orderId"), "orderId"), document.get("status"), document.get("location")
    if status not in INFO_OF:
        raise RefusedError(f"status must be one of {', '.join(INFO_OF)}")
    if location not in {"PICKUP", "DELIVERY"}:
        raise RefusedError("location must be PICKUP or DELIVERY")
    present = [name for name in INFO_OF.values() if name in document]
    if present != [INFO_OF[status]]:
        raise RefusedError(f"{status} needs exactly {INFO_OF[status]}, not {', '.join(present) or 'nothing'}")
    info = _object(document, INFO_OF[status])
    summary: JsonObject = {"orderId": order_id, "status": status, "location": location}
    summary |= _complete_info(info) if status == "COMPLETE" else _other_info(info, INFO_OF[status])
    if "pricing" in document:
        summary["pricing"] = _pricing(_object(document, "pricing"))
    return summary


def order_number(value: object, where: str) -> int:
    """An int64 as protobuf JSON takes it: a number, or digits in a string."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,19}", value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
        raise RefusedError(f"{where} must be an order number")
    return value


def moment(value: object, where: str) -> str:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise RefusedError(f"{where} must be a time in UTC such as 2026-06-11T14:30:00Z")
    try:
        datetime.strptime(value[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise RefusedError(f"{where}: {error}") from None
    return value


def _complete_info(info: JsonObject) -> JsonObject:
    _only(info, {"date", "coordinates", "pod"}, "completeInfo")
    summary: JsonObject = {"date": moment(info.get("date"), "completeInfo.date")}
    if "coordinates" in info:
        summary["coordinates"] = _coordinates(_object(info, "coordinates"))
    if "pod" in info:
        summary |= {key: value for key, value in _pod(_object(info, "pod")).items() if key != "date"}
    return summary


def _other_info(info: JsonObject, where: str) -> JsonObject:
    _only(info, {"date", "coordinates", "comment", "pictures", "pod"}, where)
    summary: JsonObject = {"date": moment(info.get("date"), f"{where}.date")}
    if "coordinates" in info:
        summary["coordinates"] = _coordinates(_object(info, "coordinates"))
    if "pod" in info:
        summary["pod"] = _pod(_object(info, "pod"))
    return summary | {"comment": _text(info, "comment"), "pictures": _pictures(info, where)}


def _pod(pod: JsonObject) -> JsonObject:
    _only(pod, {"date", "comment", "pictures", "signeeName", "isContactless"}, "pod")
    if not isinstance(pod.get("isContactless", False), bool):
        raise RefusedError("pod.isContactless must be true or false")
    return {
        "date": moment(pod.get("date"), "pod.date"),
        "comment": _text(pod, "comment"),
        "pictures": _pictures(pod, "pod"),
        "signeeName": _text(pod, "signeeName"),
        "isContactless": pod.get("isContactless", False),
    }


def _pictures(holder: JsonObject, where: str) -> list[JsonObject]:
    pictures = holder.get("pictures", [])
    if not isinstance(pictures, list):
        raise RefusedError(f"{where}.pictures must be a list")
    return [_picture(picture, f"{where}.pictures[{place}]") for place, picture in enumerate(pictures)]


def _picture(picture: object, where: str) -> JsonObject:
    """A base64 JPEG or PNG, or the address of one that was uploaded before."""
    if not isinstance(picture, str):
        raise RefusedError(f"{where} must be text")
    if picture.startswith(("https://", "http://")):
        return {"url": picture}
    try:
        raw = base64.b64decode(picture, validate=True)
    except binascii.Error as error:
        raise RefusedError(f"{where} is not base64: {error}") from None
    if not raw.startswith(_IMAGE_STARTS):
        raise RefusedError(f"{where} is neither JPEG nor PNG")
    return {"size": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}


def _coordinates(value: JsonObject) -> JsonObject:
    _only(value, {"latitude", "longitude"}, "coordinates")
    for name, limit in (("latitude", 90), ("longitude", 180)):
        degrees = value.get(name)
        if not isinstance(degrees, int | float) or isinstance(degrees, bool) or not -limit <= degrees <= limit:
            raise RefusedError(f"coordinates.{name} must be a number from -{limit} to {limit}")
    return value


def _pricing(value: JsonObject) -> JsonObject:
    _only(value, {"amount", "currency"}, "pricing")
    amount, currency = value.get("amount"), value.get("currency")
    if not isinstance(amount, int | float) or isinstance(amount, bool) or not 0 <= amount < 1e12:
        raise RefusedError("pricing.amount must be a number")
    if not isinstance(currency, str) or not re.fullmatch(r"[A-Z]{3}", currency):
        raise RefusedError("pricing.currency must be three capital letters")
    return value


def _text(holder: JsonObject, name: str) -> str:
    return _must_be_text(holder.get(name, ""), name)


def _must_be_text(value: object, where: str) -> str:
    """Half a surrogate pair is no text: protobuf's strings are UTF-8."""
    if not isinstance(value, str) or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise RefusedError(f"{where} must be text")
    return value


def _object(holder: JsonObject, name: str) -> JsonObject:
    value = holder.get(name)
    if not isinstance(value, dict):
        raise RefusedError(f"{name} must be an object")
    return value


def _only(holder: JsonObject, known: set[str], where: str) -> None:
    """Protobuf JSON refuses fields it does not know, unless told otherwise."""
    if unknown := sorted(set(holder) - known):
        raise RefusedError(f"Unknown field {unknown[0]!r} in {where}")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _once_each(pairs: list[tuple[str, Any]]) -> JsonObject:
    document = dict(pairs)
    if len(document) < len(pairs):
        raise ValueError("a key comes twice")
    return document
