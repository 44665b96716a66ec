"""What came back: read with a cap, and judged by its status before anybody looks inside.

Unpacking is done here and not by httpx, which unpacks each piece without a bound and does not notice that a compressed
answer ended early.
"""

import asyncio
import re
import zlib
from contextlib import suppress
from typing import Final

import httpx
import msgspec

from zendera_desk.api import pace
from zendera_desk.api.values import Node, WireError, decode
from zendera_desk.domain.errors import LinkCode, LinkError

CAP: Final = 16 * 1024 * 1024
"""Bytes of one answer, unpacked."""

_ERROR_CAP: Final = 64 * 1024
_STEP: Final = 1024 * 1024
"""Bytes that are unpacked before others have a turn: 4 KB of gzip can be 4 MB."""
_MOST_PIECES: Final = 50_000
"""16 MB over the slowest line come in fewer; 16 MB in chunks of one byte each keep the loop busy for half a minute."""
_WORDS: Final = 300
# What is never closed ends with the text: looking for its end anew from every "<" would take seconds.
_MARKUP: Final = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<[a-z/!?][^>]*(?:>|\Z)", re.DOTALL | re.IGNORECASE)
_CODES: Final = {
    401: LinkCode.UNAUTHORISED,
    403: LinkCode.FORBIDDEN,
    407: LinkCode.PROXY,
    408: LinkCode.SERVER,
    425: LinkCode.SERVER,
    429: LinkCode.LIMIT,
}


class Answer(msgspec.Struct, frozen=True):
    status: int
    headers: httpx.Headers
    body: bytes
    location: str
    """Where a redirect points."""


async def read(response: httpx.Response, cap: int = CAP) -> Answer:
    """Raises LinkError where a valid status comes with a body that is too large or broken, and httpx's errors.

    Any other status says what happened by itself; its body only adds words, and may be broken.
    """
    if response.is_success:
        body = await _body(response, cap)
        if not body.strip() and not _is_whole(response):
            raise LinkError(LinkCode.BROKEN_ANSWER, http_status=response.status_code, words="it ends before it begins")
    else:
        try:
            body = await _body(response, _ERROR_CAP)
        except (LinkError, httpx.HTTPError, OSError):
            body = b""
    return Answer(response.status_code, response.headers, body, response.extensions.get("location", ""))


def _is_whole(response: httpx.Response) -> bool:
    """Whether the answer itself says where it ends. One that ends with its connection may have lost everything on the way, and
    nothing at all would be an export without shipments, or a send that was understood."""
    return response.status_code == 204 or "Content-Length" in response.headers or "Transfer-Encoding" in response.headers


async def _body(response: httpx.Response, cap: int) -> bytes:
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise LinkError(LinkCode.BROKEN_ANSWER, http_status=response.status_code, words="packed in a way we did not ask for")
    inflate = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    body, began, pieces = bytearray(), False, 0
    try:
        async for piece in response.aiter_raw():
            pieces += 1
            began = began or bool(piece)
            body += piece if inflate is None else inflate.decompress(piece, _STEP)
            while inflate is not None and inflate.unconsumed_tail and len(body) <= cap:
                await asyncio.sleep(0)
                body += inflate.decompress(inflate.unconsumed_tail, _STEP)
            if len(body) > cap or pieces > _MOST_PIECES:
                raise LinkError(LinkCode.TOO_LARGE, http_status=response.status_code)
    except zlib.error:
        raise LinkError(LinkCode.BROKEN_ANSWER, http_status=response.status_code, words="not gzip") from None
    if inflate is not None and began and (not inflate.eof or inflate.unused_data):
        raise LinkError(LinkCode.BROKEN_ANSWER, http_status=response.status_code, words="gzip that ends early")
    return bytes(body)


def refusal(answer: Answer, key: str) -> LinkError | None:
    """What a status other than 2xx means. None for 2xx. Whatever is quoted is quoted without the key."""
    status = answer.status
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return LinkError(LinkCode.REDIRECT, http_status=status, words=plain(_host(answer.location), key))
    return LinkError(
        _CODES.get(status, LinkCode.NOT_ZENDERA if status < 200 else LinkCode.REFUSED if status < 500 else LinkCode.SERVER),
        http_status=status,
        words=words(answer.body, key),
        retry_after=pace.pause(answer.headers) if status == 429 else pace.retry_after(answer.headers),
    )


def not_zendera(answer: Answer, key: str) -> LinkError:
    return LinkError(LinkCode.NOT_ZENDERA, http_status=answer.status, words=words(answer.body, key))


def _host(location: str) -> str:
    """The host: what a person recognises the login page of a hotel by."""
    try:
        return httpx.URL(location).host
    except (httpx.InvalidURL, ValueError):
        return ""


def words(body: bytes, key: str) -> str:
    """Zendera's `error` or `message` with its `code`, else the start of the text, without markup."""
    body = body[:_ERROR_CAP]
    if body.lstrip().startswith(b"{"):
        with suppress(WireError):
            said = _said(Node(decode(body)))
            if said:
                return plain(said, key)
    return plain(_MARKUP.sub(" ", body.decode("utf-8", "replace")), key)


def _said(answer: Node) -> str:
    error = answer.get("error")
    text = error.text() or error.get("message").text() or answer.get("message").text()
    code = answer.get("code").text() or error.get("code").text()
    return f"{text} ({code})" if text and code else text or code


def plain(text: str, key: str) -> str:
    """In one line, without anything that does not print, short, and without the key: an error page may repeat what it was sent."""
    text = text[:_ERROR_CAP].replace(key, "[key]")
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_WORDS]
