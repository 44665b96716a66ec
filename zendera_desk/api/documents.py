"""The Documents API: where a picture may be put, and putting it there.

Known: `POST /v1/documents` with `extension` answers `document_id`, `upload_url` (for one time) and `download_url`; the bytes are PUT to
the `upload_url`. Assumed, and kept here: the spellings, that the bytes go with their own content type, and that the `upload_url`
carries its own permission, as such addresses of storage do. So nothing of the account goes there but the bytes: the key is bound to
the account's own address (transport.KeyAuth), and the address itself is looked at before anything is connected, since whoever
answers for Zendera could otherwise make this PC knock at doors of the office's network.
"""

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx
import msgspec

from zendera_desk.api.transport import Crossing, KeyAuth, Line, Route, Timeouts, client_for, route_beside
from zendera_desk.api.values import Node, WireError, decode
from zendera_desk.domain.access import is_loopback
from zendera_desk.domain.errors import UploadAddressError
from zendera_desk.domain.uploads import Offer

PATH: Final = "v1/documents"
JPEG: Final = "image/jpeg"
ANSWER_CAP: Final = 64 * 1024
"""Bytes of what the place of the bytes answers: nobody reads more of it than why it refused."""

_LONGEST: Final = 4096
"""Signed addresses of storage have up to 2,000 characters."""
_SHOWN: Final = 80
_OWN_NETWORK: Final = frozenset({"arpa", "corp", "home", "internal", "intranet", "lan", "local", "localhost"})
_PORTS: Final = {"https": 443, "http": 80}


def request(extension: str) -> bytes:
    return msgspec.json.encode({"extension": extension})


def read_offer(body: bytes) -> Offer:
    """Raises WireError where it is none."""
    answer = Node(decode(body))
    if answer.get("document").value is not None:
        answer = answer.get("document")
    offer = Offer(
        document_id=answer.get("document_id", "documentId", "id").text(),
        upload_url=answer.get("upload_url", "uploadUrl").text(),
        download_url=answer.get("download_url", "downloadUrl").text(),
    )
    if not offer.document_id or not offer.upload_url or not offer.download_url:
        raise WireError("a document without its addresses")
    return offer


def check_offer(offer: Offer, base_url: str) -> None:
    """Raises UploadAddressError. The link is only handed back to Zendera, but what is no web address is no picture either."""
    check_upload_url(offer.upload_url, base_url)
    link = _parts(offer.download_url)
    if link.scheme not in _PORTS:
        raise _refused(offer.download_url)


def check_upload_url(url: str, base_url: str) -> None:
    """Raises UploadAddressError unless it is the account's own place, or https on its usual port at a public name.

    An account on this PC, which the simulator is, may name other places on this PC.
    """
    parts, own = _parts(url), urlsplit(base_url)
    host = parts.hostname or ""
    if _origin(parts) == _origin(own):
        return
    if own.scheme == "http" and is_loopback(own.hostname or ""):
        if parts.scheme == "http" and is_loopback(host):
            return
    elif parts.scheme == "https" and _origin(parts)[2] == _PORTS["https"] and _is_public(host):
        return
    raise _refused(url)


def _parts(url: str) -> SplitResult:
    if len(url) > _LONGEST or not all("!" <= letter <= "~" for letter in url) or "\\" in url:
        raise _refused(url)
    try:
        parts = urlsplit(url)
        known = bool(parts.hostname) and parts.port != 0  # reading the port is what finds out that it is none
        same = httpx.URL(url).host == (parts.hostname or "")  # what is looked at here is what will be connected to
    except (httpx.InvalidURL, ValueError):
        raise _refused(url) from None
    if not known or not same or "@" in parts.netloc or parts.fragment:
        raise _refused(url)
    return parts


def _origin(parts: SplitResult) -> tuple[str, str, int | None]:
    return parts.scheme, parts.hostname or "", _PORTS.get(parts.scheme) if parts.port is None else parts.port


def _is_public(host: str) -> bool:
    """Names of one word are names of the office's own network; what ends in a number is an address in one of its many spellings."""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        name, _, last = host.rstrip(".").rpartition(".")
        return bool(name) and last[:1].isalpha() and last not in _OWN_NETWORK


def _refused(url: str) -> UploadAddressError:
    shown = "".join(letter if letter.isprintable() else " " for letter in url[:_SHOWN])
    return UploadAddressError(shown + ("…" if len(url) > _SHOWN else ""))


class Storage:
    """The lines to wherever bytes are put: another host may be reached through another proxy than Zendera is."""

    def __init__(self, way: Route | httpx.AsyncBaseTransport, auth: KeyAuth, timeouts: Timeouts) -> None:
        self._way = way
        self._auth = auth
        self._timeouts = timeouts
        self._lines: dict[str, Line] = {}

    @asynccontextmanager
    async def put(self, url: str, content: bytes, crossing: Crossing) -> AsyncIterator[httpx.Response]:
        """The answer with its body still to be read."""
        line = await self._line(url)
        async with line.answer("PUT", url, crossing, payload=content, content_type=JPEG) as response:
            yield response

    async def aclose(self) -> None:
        for line in self._lines.values():
            await line.aclose()

    async def _line(self, url: str) -> Line:
        way = self._way
        if isinstance(way, Route):
            way = await asyncio.to_thread(route_beside, way, url)
        name = str(way.proxy.url) if isinstance(way, Route) and way.proxy is not None else ""
        if name not in self._lines:
            self._lines[name] = Line(lambda: client_for(way, self._auth, self._timeouts, keep_alive=False))
        return self._lines[name]
