"""Values that no shipment should have, and rows of the export, the feed and the timeline with one of them somewhere.

Everything here stays within its brackets: whatever stands in a row, the rows beside it can be told from it.
"""

import copy
import json
import random
from typing import Any, Final, NamedTuple

Json = Any


class Row(NamedTuple):
    original: bytes
    sound: bool
    """As Zendera sends it: it must be read, with this id, number and text."""
    id: int
    text: str


_NUMBERS: Final = (
    *(
        b"0 1 -1 1.5 -0.0 1e3 1E400 1e-400 -1e999 9007199254740993 9223372036854775807 9223372036854775808 -9223372036854775808"
        b" -9223372036854775809 18446744073709551616 123456789012345678901234567890 0.1000000000000000055511151231257827 NaN Infinity"
        b" -Infinity 253402300800000 -62135596800001 1e308 -1e308"
    ).split(),
    b"9" * 61,
    b"9" * 5000,
    b"1e" + b"9" * 30,
    b"0." + b"0" * 3000 + b"1",
)
_WORDS: Final = (
    "",
    " ",
    "0",
    "-1",
    "9007199254740993",
    "9223372036854775808",
    "1,5",
    "NaN",
    "null",
    "true",
    "COMPLETED_ORDER_PRODUCT_ORDER_LOCATION_STATUS",
    "PICKUP_DELIVERY",
    "completed",
    "ＣＯＭＰＬＥＴＥＤ",
    "COMPLETE\u202e",
    "\u202egnp.exe",
    "\u2066\u2067\u2068",
    "<b>bold</b><img src='file:///etc/passwd'>",
    '=HYPERLINK("http://evil.example")',
    "'; drop table shipment; --",
    "\x00",
    "a\x00b",
    "\x1b[31mred\x07",
    "\r\n\t\x0b\x0c\x85\u2028",
    "\ud800",
    "\udfff and \ud83d",
    "\U0010ffff\ufffe\uffff",
    "é" * 300,
    "e" + "\u0301" * 500,
    "🇳🇴👩‍👩‍👧‍👦" * 20,
    "٣٤٥",
    "¹²",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "10000-01-01T00:00:00Z",
    "2026-06-30T23:59:60Z",
    "2026-02-30T00:00:00Z",
    "2026-06-11T14:30:00+99:99",
    "2026-06-11T14:30:00+00:00:01",
    "2026-W24-4T14:30Z",
    "20260611T143000Z",
    "-292277022399-01-01T00:00:00Z",
    "99999999999999999",
    "-99999999999999999",
    "253402300800000",
    "[object Object]",
    '{"orderId": 1}',
    "%s%n%x{0}",
    "../../etc/passwd",
    "x" * 3000,
)
_RAW: Final = (
    b'"\xff\xfe"',
    b'"\xc0\xaf"',
    b'"\xed\xa0\x80"',
    b'"\xf4\x90\x80\x80"',
    b'"a\nb\tc"',
    b'"\x00"',
    b'"\\ud800"',
    b'"\\udc00\\ud800"',
    b'"\\u0000"',
    b'"\\x41"',
    b'"\\u12"',
    b"undefined",
    b"tru",
    b"'single'",
    b"01",
    b"+1",
    b".5",
    b"1.",
    b"0x10",
    b"--1",
    b"",
    b'{"a": 1, "a": 2}',
    b'{"a" 1}',
    b"{1: 2}",
    b"[1 2]",
    b"[1,]",
    b"[,]",
    b"{,}",
    b'{"": {"": [{"": null}]}}',
    b"[" * 300 + b"]" * 300,
    b"[" * 2000 + b"]" * 2000,
    b'{"a":' * 1500 + b"1" + b"}" * 1500,
    b"[[[]]]",
    b"null",
    b"[]",
    b"{}",
    b"true",
    b"[null, null]",
    b"/* comment */ 1",
)
_MEGABYTE: Final = b'"' + b"m" * 1_000_000 + b'"'


def value(rng: random.Random) -> bytes:
    """One value as it would stand in JSON, or nearly."""
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(_NUMBERS)
    if kind < 0.6:
        return json.dumps(rng.choice(_WORDS), ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")
    if kind < 0.998:
        return rng.choice(_RAW)
    return _MEGABYTE


class Rows:
    """Rows with ids that come once in a run."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._next = rng.choice((1, 12_345, 2**31 - 50, 2**53 - 100, 2**53 + 1, 2**62))

    def _id(self) -> int:
        self._next += self._rng.randint(1, 3)
        return self._next

    def shipment(self) -> Row:
        rng, number = self._rng, self._id()
        text = f"Ref {number}"
        row: Json = {
            "orderId": rng.choice((number, str(number))),
            "internalOrderNumber": text,
            "references": rng.choice(({"purchaseOrder": "PO-4711"}, ["A", "B"], None)),
            "sender": {"name": "Nordlys Møbler AS", "address": {"address1": "Alnabruveien 3", "postalCode": "0668", "city": "Oslo"}},
            "delivery": {
                "name": "Blåbær Kafé",
                "address": {"postalCode": "5003", "city": "Bergen", "latitude": "60.39", "longitude": 5.32},
                "contacts": [{"name": "Ola Hansen", "phoneNumber": "+4755000000"}],
                "latest": "2026-06-11T15:00:00.500Z",
            },
            "parcels": [{"id": self._id(), "internalNumber": f"P-{number}", "quantity": 2, "weight": 240.5, "metadata": {"batch": "B-1"}}],
            "cashOnDelivery": {"amount": 1250.50, "currency": "NOK"},
        }
        return self._maybe_spoilt(row, number, text)

    def change(self) -> Row:
        rng, number = self._rng, self._id()
        text = f"PROD-{number}"
        row: Json = {
            "timestamp": str(1_781_188_200_000 + number % 10**9),
            "orderProductId": rng.choice((number, str(number))),
            "orderProductInternalNumber": text,
            "orderLocationId": "901",
            "orderLocationInternalNumber": "LOC-1",
            "locationType": rng.choice(("PICKUP", "DELIVERY")),
            "productStatusAtLocation": rng.choice(("PENDING", "COMPLETED", "REMOVED", "NOT_READY")),
        }
        return self._maybe_spoilt(row, number, text)

    def event(self) -> Row:
        number = self._id()
        text = f"Left at the desk {number}"
        row: Json = {
            "eventType": "EVENT_TYPE_STATUS",
            "timestamp": "2026-06-11T14:31:00Z",
            "details": {"status": "COMPLETE", "location": "DELIVERY", "completeInfo": {"date": "2026-06-11T14:30:00Z", "comment": text}},
        }
        return self._maybe_spoilt(row, number, text)

    def _maybe_spoilt(self, row: Json, number: int, text: str) -> Row:
        if self._rng.random() < 0.6:
            return Row(json.dumps(row, ensure_ascii=self._rng.random() < 0.5).encode(), sound=True, id=number, text=text)
        return Row(spoilt(row, self._rng), sound=False, id=number, text=text)


def spoilt(row: Json, rng: random.Random) -> bytes:
    """The row with a hostile value, in the place of one of its own, beside them, or instead of it all."""
    if rng.random() < 0.1:
        return value(rng) or b"?"
    row, marks = copy.deepcopy(row), {}
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        mark = f"@@{len(marks)}@@"
        marks[json.dumps(mark).encode()] = value(rng)
        _put(row, mark, rng)
    text = json.dumps(row, ensure_ascii=rng.random() < 0.5).encode()
    for mark_bytes, bad in marks.items():
        text = text.replace(mark_bytes, bad)
    if rng.random() < 0.1:  # the same key again
        text = text[:-1] + b', "orderId": ' + value(rng) + b', "orderId": ' + value(rng) + b"}"
    return text


def _put(row: Json, mark: str, rng: random.Random) -> None:
    node = row
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return
        key = rng.choice(keys)
        if isinstance(node[key], dict | list) and node[key] and rng.random() < 0.8:
            node = node[key]
            continue
        if isinstance(node, dict) and rng.random() < 0.15:
            node[rng.choice(("unheardOf", "", "a.b", "\u202e", "key[0]", "x" * 500))] = mark
        else:
            node[key] = mark
        return
