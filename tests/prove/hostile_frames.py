"""The frames of HTTP that an answer can come in, proper ones and others, and what can happen to the connection meanwhile."""

import random
from typing import Final

from prove.hostile_line import End
from prove.hostile_made import SENDS, Made, Truth, noise

ELSEWHERE: Final = "login.hotel.example"


def _head(rng: random.Random, headers: list[bytes], status: bytes = b"200 OK") -> bytes:
    lines = [b"HTTP/1.1 " + status, *headers]
    if rng.random() < 0.3:
        lines += rng.choices(_HEADERS, k=rng.randint(1, 4))
    return b"\r\n".join([lines[0], *rng.sample(lines[1:], len(lines) - 1)]) + b"\r\n\r\n"


_HEADERS: Final = (
    b"Content-Type: text/html; charset=utf-16",
    b"Content-Type: application/json",
    b"Date: Thu, 11 Jun 2026 14:00:00 GMT",
    b"Date: Thu, 99 Jun 9999999 14:00:00 GMT",
    b"Date: " + b"1 " * 2500,
    b"Retry-After: -5",
    b"Retry-After: " + b"9" * 400,
    b"X-RateLimit-Remaining: 99999999999999999999",
    b"RateLimit: " + b"r=1;" * 500,
    b"X-RateLimit-Reset: Thu, 01 Jan 1970 00:00:00 GMT",
    b"X-RateLimit-Limit-Hour: \xff\xfe",
    b"Set-Cookie: session=1; Path=/; Domain=.com; Expires=Mon, 00 Foo 0000 99:99:99 GMT",
    b'Set-Cookie: =;;;="' + b"\\" * 500,
    b"Location: http://" + ELSEWHERE.encode() + b"/",
    b"Refresh: 0; url=http://" + ELSEWHERE.encode() + b"/",
    b"Link: <http://" + ELSEWHERE.encode() + b">; rel=preload",
    b"Connection: close",
    b"Connection: keep-alive",
    b"Keep-Alive: timeout=0, max=-1",
    b"Upgrade: h2c",
    b'Alt-Svc: h3=":443"',
    b"Strict-Transport-Security: max-age=1",
    b"X: " + b"x" * 3000,
    b"Content-Range: bytes 0-1/2",
    b"Trailer: Content-Length",
)


def _sized(_made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    return _head(rng, [*headers, b"Content-Length: %d" % len(body)]) + body


def _chunked(_made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    return _head(rng, [*headers, b"Transfer-Encoding: chunked"]) + _chunks(rng, body)


def _chunks(rng: random.Random, body: bytes) -> bytes:
    parts, start = [], 0
    while start < len(body):
        size = rng.choice((1, 7, 100, 5000, len(body)))
        part = body[start : start + size]
        parts.append(b"%x%s\r\n%s\r\n" % (len(part), rng.choice((b"", b"", b";a=b")), part))
        start += size
    return b"".join(parts) + b"0\r\n" + rng.choice((b"", b"", b"X-Trailer: 1\r\n")) + b"\r\n"


def _to_the_end(made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    """Nothing says how long it is, so nothing at all may be all that was left of it."""
    packed = any(b"ncoding" in line for line in headers)
    made.happened("no length", Truth.OPEN if packed else Truth.GOOD if body.strip() else Truth.BAD)
    return _head(rng, headers) + body


def _after_interim(made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    made.happened("interim answers")
    interim = (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", b"HTTP/1.1 102 X\r\n\r\n")
    return b"".join(rng.choices(interim, k=rng.choice((1, 2, 300)))) + _sized(made, rng, body, headers)


def _with_more_behind(made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    """Whole, and then something that nobody asked for: it may spoil nothing, on the same connection neither."""
    made.happened("more behind it")
    another = b'HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n{"changes":[],"nextPage":{"hasNextPage":1}}'
    more = rng.choice(
        (b"\x1f\x8b\x08\x00", b"\r\n", b"0\r\n\r\n", b"}", b"HTTP/1.1 ", another, b"HTTP/1.1 100 Continue\r\n\r\n", another * 2)
    )
    return rng.choice((_sized, _chunked))(made, rng, body, headers) + more


GOOD_FRAMES: Final = (_sized, _sized, _sized, _chunked, _to_the_end, _after_interim, _with_more_behind)


def _ends_early(made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    made.happened("less than its length", Truth.BAD)
    if rng.random() < 0.5:
        return _head(rng, [*headers, b"Content-Length: %d" % (len(body) + rng.choice((1, 10, 10**6, 10**18)))]) + body
    chunks = _chunks(rng, body)
    return _head(rng, [*headers, b"Transfer-Encoding: chunked"]) + chunks[: rng.randint(0, len(chunks) - 5)]


def _longer(made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    made.rows = None
    made.happened("more than its length", Truth.OPEN)
    return _head(rng, [*headers, b"Content-Length: %d" % rng.randint(0, max(0, len(body) - 1))]) + body


def _two_lengths(made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    made.rows = None
    made.happened("two lengths", Truth.OPEN)
    second = rng.choice(
        (b"Content-Length: 1", b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", b"Content-Length: -1", b"Content-Length: 1_0")
    )
    return _head(rng, [*headers, b"Content-Length: %d" % len(body), second]) + rng.choice((body, _chunks(rng, body)))


def _other_status(made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    status = rng.choice(
        (
            *range(300, 312),
            *range(400, 419),
            421,
            422,
            423,
            424,
            425,
            426,
            428,
            429,
            431,
            451,
            499,
            *range(500, 512),
            520,
            599,
            600,
            799,
            999,
        )
    )
    made.rows = None
    made.happened(f"status {status}", Truth.BAD)
    if 300 <= status < 400:
        headers.append(
            b"Location: "
            + rng.choice(
                (
                    b"http://" + ELSEWHERE.encode() + b":8080/api/",
                    b"//" + ELSEWHERE.encode(),
                    b"/login",
                    b"http://[::1",
                    b"",
                    b"\xff",
                    b"http://" + b"a" * 7000,
                )
            )
        )
    if status == 429:
        headers.append(
            b"Retry-After: " + rng.choice((b"90", b"-1", b"soon", b"Thu, 11 Jun 2026 14:02:00 GMT", b"9" * 300, b"1e9", b"\xb2"))
        )
    return _head(rng, [*headers, b"Content-Length: %d" % len(body)], b"%d X" % status) + body


def _other_success(made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    made.rows = None
    status = rng.choice((201, 202, 203, 204, 205, 206, 207, 226, 299))
    made.happened(f"status {status}", Truth.OPEN)
    return _head(rng, [*headers, b"Content-Length: %d" % len(body)], b"%d X" % status) + body


def _no_http(made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    made.rows = None
    made.happened("no HTTP", Truth.BAD)
    lines = (b"", b"SSH-2.0-OpenSSH_9.2", b"\x16\x03\x01\x02\x00\x01", b"HTTP/1.1", b"HTTP/1.1 ", b"HTTP/1.1 20 OK", b"HTTP/1.1 2000 OK")
    lines += (
        b"HTTP/1.1 099 X",
        b"HTTP/1.1 000 X",
        b"HTTP/1.1 101 Switching Protocols",
        b"HTTP/1.1 -20 OK",
        b"HTTP/11 200 OK",
        b"ICY 200 OK",
        b"<html>",
    )
    return rng.choice(lines) + b"\r\n" + b"\r\n".join(headers) + b"\r\n\r\n" + body


def _bad_headers(made: Made, rng: random.Random, body: bytes, headers: list[bytes]) -> bytes:
    made.rows = None
    made.happened("bad headers", Truth.OPEN)
    bad = (
        b": no name",
        b"no colon",
        b"a b: c",
        b"a\x00b: c",
        b"a: \x00",
        b" folded: yes",
        b"\xff: \xff",
        b"a:" * 20_000,
        b"a: b\r\n" * 3000 + b"a: b",
    )
    bad += (
        b"a: b\r\n" * 30_000 + b"a: b",
        b"Set-Cookie: a=b\r\n" * 1000 + b"a: b",
        b"Transfer-Encoding: gzip, chunked",
        b"Content-Length: \xb2",
    )
    return _head(rng, [*headers, b"Content-Length: %d" % len(body), rng.choice(bad)]) + body


FRAMES: Final = (_ends_early, _longer, _two_lengths, _other_status, _other_status, _other_success, _no_http, _bad_headers)


# Its connection


def _breaks(made: Made, rng: random.Random, whole: bytes) -> bytes:
    """Somewhere before its last byte."""
    made.rows = None
    made.script.end = rng.choice(tuple(End))
    may_be_whole = b"chunked" in whole or not {"no length", "more behind it"}.isdisjoint(made.how)
    made.happened(f"connection {made.script.end} on the way", Truth.OPEN if may_be_whole else Truth.BAD)
    return whole[: rng.randint(0, max(0, len(whole) - 1))]


def _stays(made: Made, _rng: random.Random, whole: bytes) -> bytes:
    """Open after the answer; one without a length never ends then."""
    made.script.end = End.OPEN
    made.happened("kept alive", Truth.OPEN if "no length" in made.how else Truth.GOOD)
    return whole


def _takes_half(made: Made, rng: random.Random, whole: bytes) -> bytes:
    """Answers before it has heard everything, and hangs up."""
    made.script.takes = rng.choice((0, 50, 400))
    made.happened("half the request", Truth.BAD if made.call in SENDS else Truth.OPEN)
    return whole


def _raw_bytes_changed(made: Made, rng: random.Random, whole: bytes) -> bytes:
    made.rows = None
    made.happened("changed on the line", Truth.OPEN)
    return noise(rng, whole)


CONNECTIONS: Final = (_breaks, _breaks, _stays, _takes_half, _raw_bytes_changed)


def pieces(rng: random.Random, whole: bytes) -> list[bytes]:
    way = rng.random()
    if way < 0.7 or len(whole) > 20_000:
        return [whole]
    if way < 0.72:
        return [whole[place : place + 1] for place in range(len(whole))]
    cuts = sorted(rng.randint(0, len(whole)) for _ in range(rng.randint(1, 5)))
    return [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
