"""Large answers: what takes long, or becomes much, by its size alone."""

import functools
import random
import zlib
from collections.abc import Callable
from typing import Final

from prove.hostile_line import End, Script
from prove.hostile_made import Made, Truth

MB: Final = 1024 * 1024
CALLS: Final = ("export", "feed", "timeline", "accept")
_OK: Final = b"HTTP/1.1 200 OK\r\n"


def heavy(seed: int, rng: random.Random) -> Made:
    """One way after the other; every eighth as large as it may be, or a little more, or far too large."""
    size = (16 * MB - 200, 16 * MB + 1, 40 * MB)[seed // 8 % 3] if seed % 8 == 7 else rng.randint(MB // 4, MB)
    return heavy_by(list(WAYS)[seed % len(WAYS)], size, rng.choice(CALLS))


def heavy_by(name: str, size: int, call: str) -> Made:
    script = Script(pieces=[WAYS[name](size, call)], end=End.CLOSED)
    return Made(call=call, script=script, truth=Truth.OPEN, how=[f"{name} of {size} bytes"])


def _sized(body: bytes, *headers: bytes) -> bytes:
    return _OK + b"".join(header + b"\r\n" for header in headers) + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _page_of(row: bytes) -> Callable[[int, str], bytes]:
    def page(size: int, call: str) -> bytes:
        name = {"export": b"shipments", "feed": b"changes", "timeline": b"updates", "accept": b"x"}[call]
        return _sized(b'{"%s": [' % name + b",".join([row] * (size // (len(row) + 1))) + b"]}")

    return page


def _one_row(before: bytes, middle: bytes, after: bytes) -> Callable[[int, str], bytes]:
    def page(size: int, call: str) -> bytes:
        return _page_of(before + middle * ((size - len(before) - len(after)) // len(middle)) + after)(size + 2, call)

    return page


def _body(part: bytes) -> Callable[[int, str], bytes]:
    return lambda size, _call: _sized(part * (size // len(part)))


def _members(size: int, _call: str) -> bytes:
    return _sized(b"{" + b",".join(b'"%07d":1' % number for number in range(size // 12)) + b"}")


def _repeated(part: bytes) -> Callable[[int, str], bytes]:
    """In front of the answer proper."""
    return lambda size, _call: part * (size // 8 // len(part)) + _sized(b"{}")


def _chunks(size: int, _call: str) -> bytes:
    return _OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * (size // 8) + b"2\r\n{}\r\n0\r\n\r\n"


def _bomb(size: int, _call: str) -> bytes:
    return _sized(_packed(b" ", 12 * size), b"Content-Encoding: gzip")


def _dense_bomb(size: int, call: str) -> bytes:
    """Little on the line, much in memory: many rows, or many values."""
    head, _, body = _page_of(b"{}" if call == "feed" else b'{"orderId":1}')(size, call).partition(b"\r\n\r\n")
    return _sized(_packed(body, len(body)), b"Content-Encoding: gzip") if head else body


@functools.lru_cache(2)
def _packed(body: bytes, size: int) -> bytes:
    packing = zlib.compressobj(level=1, wbits=31)
    part = body * max(1, MB // len(body))
    return b"".join(packing.compress(part) for _ in range(max(1, size // len(part)))) + packing.flush()


def _refusal(text: bytes) -> Callable[[int, str], bytes]:
    return lambda size, _call: b"HTTP/1.1 500 X\r\nContent-Length: %d\r\n\r\n" % size + (text * (size // len(text) + 1))[:size]


WAYS: Final[dict[str, Callable[[int, str], bytes]]] = {
    "numbers": _page_of(b"1"),
    "empty objects": _page_of(b"{}"),
    "nested lists": _page_of(b"[[[]]]"),
    "small rows": _page_of(b'{"orderId":1,"timestamp":1}'),
    "usual rows": _page_of(b'{"orderId":1,"timestamp":"1718100456000","orderProductId":"501","name":"' + b"x" * 200 + b'"}'),
    "bad strings": _page_of(b'"\\ud800"'),
    "decimals": _page_of(b"1.5e3"),
    "one row of objects": _one_row(b'{"orderId":1,"timestamp":1,"parcels":[{}', b",{}", b"]}"),
    "one row of parcels": _one_row(b'{"orderId":1,"timestamp":1,"parcels":[{}', b',{"id":7,"name":"x"}', b"]}"),
    "one row of text": _one_row(b'{"orderId":1,"timestamp":1,"name":"', b"abcdefgh", b'"}'),
    "one row of broken text": _one_row(b'{"orderId":1,"timestamp":1,"name":"', b"\xff\xfea", b'"}'),
    "one row of escapes": _one_row(b'{"orderId":1,"timestamp":1,"name":"', b"\\ud83d\\ude00", b'"}'),
    "one row of depth": _one_row(b'{"orderId":1,"timestamp":1,"x":', b"[[[[", b"1}"),
    "one number": _one_row(b'{"timestamp":1,"orderId":', b"9", b"}"),
    "spaces": _body(b" "),
    "letters": _body(b"x"),
    "markup": _body(b"<script <!-- "),
    "open brackets": _body(b"{"),
    "open lists": _body(b"["),
    "commas": _body(b"[,"),
    "quotes": _body(b'{"'),
    "backslashes": _body(b'"\\'),
    "members": _members,
    "interim answers": _repeated(b"HTTP/1.1 100 C\r\n\r\n"),
    "empty lines": _repeated(b"\r\n"),
    "headers": lambda size, _call: _OK + b"a:\r\n" * (size // 4) + b"\r\n",
    "one header": lambda size, _call: _OK + b"a: " + b"b" * size + b"\r\n\r\n",
    "chunks": _chunks,
    "bomb": _bomb,
    "dense bomb": _dense_bomb,
    "refused with markup": _refusal(b"<"),
    "refused with scripts": _refusal(b"<script "),
    "refused with JSON": _refusal(b'{"error":'),
}
