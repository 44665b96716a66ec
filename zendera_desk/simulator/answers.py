"""A request as it came and an answer as it shall leave: the common ground of endpoints, faults, control and delivery."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Endpoint(StrEnum):
    """The calls of the API, by the names that faults and the ledger use."""

    EXPORT = "export"
    STATUS = "status"
    UPDATE = "update"
    TIMELINE = "timeline"
    FEED = "feed"
    DOCUMENTS = "documents"
    STORAGE = "storage"
    """Beside the API: where the bytes of documents are put."""


class Ending(StrEnum):
    """What becomes of the connection."""

    WHOLE = "whole"
    UNANSWERED = "unanswered"
    """Closed before the first byte of an answer."""
    MIDWAY = "midway"
    """Closed after half of the body that `Content-Length` promised."""


@dataclass(frozen=True, kw_only=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: tuple[tuple[str, str], ...]
    body: bytes
    client: tuple[str, int] | None = None
    scheme: str = "http"

    def header(self, name: str) -> str | None:
        """None when it is missing or came twice: then nobody can say which one was meant."""
        values = [value for key, value in self.headers if key == name]
        return values[0] if len(values) == 1 else None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`wait` are seconds before the first byte, `drip` seconds over which the body trickles out."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    wait: float = 0.0
    drip: float = 0.0
    ending: Ending = Ending.WHOLE
    reset: bool = False
    """A closed connection ends with a reset (RST) instead of an orderly end."""
    document: dict[str, Any] | None = field(default=None, compare=False)
    """What `body` says, where it is a JSON object: faults spoil it before it is written."""


def json_bytes(document: dict[str, Any]) -> bytes:
    """In UTF-8; with escapes where a test has put in half a surrogate pair, which UTF-8 cannot say."""
    try:
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(document, separators=(",", ":")).encode()


def json_answer(document: dict[str, Any], status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    others = tuple(header for header in headers if header[0] != "content-type")
    return Answer(status=status, body=json_bytes(document), headers=(("content-type", "application/json"), *others), document=document)


def refusal(status: int, words: str, code: str = "") -> Answer:
    """The documented form of errors: `error`, and a `code` where there is one."""
    return json_answer({"error": words, **({"code": code} if code else {})}, status)
