"""The ledger: what really arrived. Tests and the tour compare it with what the desk believes.

Two books: every request that was seen, answered or not, and every send that was applied, with the exact bytes it came in.
"""

import hashlib
import threading
from collections import Counter, deque
from dataclasses import dataclass, replace
from datetime import datetime

from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.orders import JsonObject

_REQUESTS_KEPT = 100_000


@dataclass(frozen=True, kw_only=True)
class Applied:
    """One order's part of one send that took effect. `summary` is what it says, with pictures as sizes and hashes."""

    number: int
    order_id: int
    kind: str
    """accept, fail or report."""
    at: datetime
    body: bytes
    summary: JsonObject

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One request. `status` is None when the connection was closed without an answer, or the answer was cut."""

    number: int
    at: datetime
    method: str
    path: str
    query: str
    endpoint: Endpoint | None
    status: int | None
    fault: str
    size: int
    sha256: str


@dataclass(kw_only=True)
class Document:
    """A document that was asked for, and what was put there; `put_at` None: nothing was."""

    document_id: str
    asked_at: datetime
    put_at: datetime | None = None
    size: int = 0
    sha256: str = ""


class Ledger:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._applied: list[Applied] = []
        self._documents: dict[str, Document] = {}
        self._seen: deque[Seen] = deque(maxlen=_REQUESTS_KEPT)
        self._requests = 0

    def apply(self, *, order_id: int, kind: str, at: datetime, body: bytes, summary: JsonObject) -> None:
        with self._lock:
            self._applied.append(Applied(number=len(self._applied) + 1, order_id=order_id, kind=kind, at=at, body=body, summary=summary))

    def see(
        self, *, at: datetime, method: str, path: str, query: str, endpoint: Endpoint | None, status: int | None, fault: str, body: bytes
    ) -> None:
        digest = hashlib.sha256(body).hexdigest()
        with self._lock:
            self._requests += 1
            self._seen.append(
                Seen(
                    number=self._requests,
                    at=at,
                    method=method,
                    path=path,
                    query=query,
                    endpoint=endpoint,
                    status=status,
                    fault=fault,
                    size=len(body),
                    sha256=digest,
                )
            )

    def document(self, document_id: str, at: datetime) -> None:
        with self._lock:
            self._documents[document_id] = Document(document_id=document_id, asked_at=at)

    def put(self, document_id: str, at: datetime, content: bytes) -> None:
        with self._lock:
            document = self._documents[document_id]
            document.put_at, document.size, document.sha256 = at, len(content), hashlib.sha256(content).hexdigest()

    def documents(self) -> list[Document]:
        """Every document that was asked for, oldest first."""
        with self._lock:
            return [replace(document) for document in self._documents.values()]

    def applied(self, order_id: int | None = None, kind: str | None = None) -> list[Applied]:
        """What took effect, oldest first."""
        with self._lock:
            return [each for each in self._applied if order_id in {None, each.order_id} and kind in {None, each.kind}]

    def requests(self, endpoint: Endpoint | None = None) -> list[Seen]:
        """What was seen, oldest first; the oldest of very many are forgotten."""
        with self._lock:
            return [each for each in self._seen if endpoint in {None, each.endpoint}]

    def doubled(self) -> list[Applied]:
        """Sends that say what an earlier one of the same order said: the second of each pair. A repeated fail is always one."""
        counts: Counter[str] = Counter()
        found = []
        for each in self.applied():
            key = f"{each.order_id} {each.kind} {sorted(each.summary.items())!r}"
            counts[key] += 1
            if counts[key] > 1:
                found.append(each)
        return found
