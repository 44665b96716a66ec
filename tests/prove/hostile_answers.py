"""Whole answers of each of Zendera's calls, spoilt on every level, together with what may follow from them.

Each answer begins as a good one. On its way down (rows, envelope, bytes, packing, framing, the connection) things happen to
it, and each says what it does to the truth: so what the client makes of it is judged by how it was made.
"""

import gzip
import random
import zlib
from collections.abc import Callable
from typing import Final

from prove.hostile_frames import CONNECTIONS, FRAMES, GOOD_FRAMES, pieces
from prove.hostile_line import End, Script
from prove.hostile_made import READS, SENDS, Made, Truth, noise
from prove.hostile_values import Rows, value

_HTML: Final = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body>Room number?</body></html>"


def make(rng: random.Random, rows: Rows) -> Made:
    made = Made(call=rng.choice(READS + SENDS), script=Script(pieces=[]))
    body = _body(made, rng, rows)
    if rng.random() < 0.3:
        body = _pick(rng, _BODIES)(made, rng, body)
    headers: list[bytes] = []
    if rng.random() < 0.2:
        body = _pick(rng, _PACKINGS)(made, rng, body, headers)
    whole = _pick(rng, FRAMES if rng.random() < 0.3 else GOOD_FRAMES)(made, rng, body, headers)
    if rng.random() < 0.15:
        whole = _pick(rng, CONNECTIONS)(made, rng, whole)
    elif made.call == "feed" and "no length" not in made.how and rng.random() < 0.7:
        made.script.end = End.OPEN  # as Zendera leaves it: of all calls this one keeps its connection, with what is left on it
    made.script.pieces = pieces(rng, whole)
    return made


def _pick(rng: random.Random, ways: tuple[Callable[..., bytes], ...]) -> Callable[..., bytes]:
    return rng.choice(ways)


# The page


def _body(made: Made, rng: random.Random, rows: Rows) -> bytes:
    if made.call in SENDS:
        return rng.choice(
            (b"", b"{}", b"null", b"[]", b'{"updated": 1}', b' \r\n{"status": "OK"} ', b'{"orderId": "9007199254740993", "x": [1.5]}')
        )
    make_row = {"export": rows.shipment, "feed": rows.change, "timeline": rows.event}[made.call]
    made.rows = [make_row() for _ in range(rng.choice((0, 1, 1, 2, 3, 4)))]
    if made.call == "timeline" and not all(row.sound for row in made.rows):
        made.happened("spoilt event", Truth.OPEN)  # half a timeline is none: it decides what is sent again
    listed = b"[" + rng.choice((b",", b", ", b"\n,\t")).join(row.original for row in made.rows) + b"]"
    parts = [{"export": b'"shipments": ', "feed": b'"changes": ', "timeline": b'"updates": '}[made.call] + listed]
    if made.call == "feed":
        parts.append(b'"nextPage": {"hasNextPage": false, "paginationToken": "b3BhcXVl"}')
    if made.call == "export":
        parts += [b'"%s": %s' % (key, _number(made, rng)) for key in (b"page", b"perPage", b"total", b"totalPages") if rng.random() < 0.8]
    if made.call != "timeline" and rng.random() < 0.2:
        made.happened("unheard-of member")
        parts.append(b'"unheardOf": ' + rng.choice((b"1", b"[1, {}]", b'"\\ud800"', b"null", b"{}")))
    rng.shuffle(parts)
    return b"{" + b", ".join(parts) + b"}"


def _number(made: Made, rng: random.Random) -> bytes:
    if rng.random() < 0.9:
        return b"1"
    made.happened("hostile number of the page")
    return value(rng)


# Its bytes


def _cut(made: Made, rng: random.Random, body: bytes) -> bytes:
    """Somewhere inside the outermost brackets; a word or a number cut short may be another one."""
    text = body.strip()
    if text[:1] not in {b"{", b"["}:
        return body
    made.rows = None
    made.happened("cut body", Truth.BAD)
    return text[: rng.randint(1, len(text) - 1)]


def _page_of_a_portal(made: Made, rng: random.Random, _body: bytes) -> bytes:
    made.rows = None
    made.happened("portal", Truth.BAD)
    return rng.choice(
        (
            _HTML,
            b"OK",
            b"Forbidden",
            b"<?xml version='1.0'?><a/>",
            b"\xef\xbb\xbf<html>",
            b"<" * 60_000,
            b"<script " * 8_000,
            b"\x00\x01\x02",
        )
    )


def _nothing(made: Made, rng: random.Random, _body: bytes) -> bytes:
    made.rows = []
    made.happened("empty body")
    return rng.choice((b"", b"", b" \r\n"))


def _bytes_changed(made: Made, rng: random.Random, body: bytes) -> bytes:
    made.rows = None
    made.happened("changed bytes", Truth.OPEN)
    return noise(rng, body)


def _something_else(made: Made, rng: random.Random, _body: bytes) -> bytes:
    """JSON, but of another call, or of nobody."""
    made.rows = None
    made.happened("other JSON", Truth.OPEN)
    return rng.choice(
        (b'{"hello": "world"}', b'[{"orderId": 1}]', b'"OK"', b"0", b'{"error": "no"}', b'{"shipments": 7}', b'{"changes": {"a": 1}}')
    ) or value(rng)


def _hostile_value(made: Made, rng: random.Random, _body: bytes) -> bytes:
    made.rows = None
    made.happened("hostile JSON", Truth.OPEN)
    return value(rng)


def _twice(made: Made, _rng: random.Random, body: bytes) -> bytes:
    made.rows = None
    made.happened("two bodies", Truth.OPEN)
    return body + body


def _marked(made: Made, _rng: random.Random, body: bytes) -> bytes:
    made.happened("byte order mark", Truth.OPEN if made.call in {*SENDS, "timeline"} else Truth.GOOD)
    return b"\xef\xbb\xbf" + body if body else body


def _wide(made: Made, rng: random.Random, body: bytes) -> bytes:
    made.rows = None
    made.happened("UTF-16", Truth.OPEN)
    return body.decode("latin-1").encode(rng.choice(("utf-16", "utf-16-le", "utf-16-be")))


_BODIES: Final = (_cut, _cut, _page_of_a_portal, _nothing, _bytes_changed, _something_else, _hostile_value, _twice, _marked, _wide)


# Its packing


def _packed(made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    made.happened("gzip")
    headers.append(rng.choice((b"Content-Encoding: gzip", b"content-encoding:GZIP", b"Content-Encoding: x-gzip")))
    return gzip.compress(body)


def _packed_and_cut(made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    made.happened("cut gzip", Truth.BAD)
    headers.append(b"Content-Encoding: gzip")
    packed = gzip.compress(body)
    return packed[: rng.randint(1, len(packed) - 1)]


def _packed_and_changed(made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    made.rows = None
    made.happened("changed gzip", Truth.OPEN)
    headers.append(b"Content-Encoding: gzip")
    return noise(rng, gzip.compress(body))


def _not_packed(made: Made, _rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    if body:
        made.happened("gzip in name only", Truth.BAD)
        headers.append(b"Content-Encoding: gzip")
    return body


def _packed_otherwise(made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    """In a way that was not asked for."""
    made.happened("another packing", Truth.OPEN)
    name = rng.choice((b"br", b"deflate", b"zstd", b"gzip, gzip", b"compress", b"aes128gcm", b"identity, gzip", b"*"))
    headers.append(b"Content-Encoding: " + name)
    return rng.choice((body, zlib.compress(body), gzip.compress(body)))


_PACKINGS: Final = (_packed, _packed, _packed_and_cut, _packed_and_changed, _not_packed, _packed_otherwise)
