"""The simulated Documents API: documents that are asked for, and the storage beside the API that takes their bytes.

The storage is as strict as signed addresses of real ones plausibly are: an address takes bytes once, within its time, and refuses
whoever shows a key as well, because a key that reached a storage would have left the house.
"""

import hashlib
import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from zendera_desk.simulator.answers import Answer, Request, json_answer, refusal
from zendera_desk.simulator.checks import RefusedError
from zendera_desk.simulator.ledger import Ledger
from zendera_desk.simulator.orders import JsonObject
from zendera_desk.simulator.world import World

STORAGE: Final = "/storage/"
EXTENSIONS: Final = frozenset({"jpg", "jpeg", "png", "pdf"})


@dataclass(kw_only=True)
class _Place:
    document_id: str
    open_until: datetime
    is_open: bool = True
    content: JsonObject | None = None
    """Size and SHA-256 of what was put there."""


class Documents:
    """`lifetime`: so long an address takes bytes. `origin`: where the storage is; "" for the address the request came to."""

    def __init__(self, world: World, ledger: Ledger) -> None:
        self.lifetime = timedelta(minutes=15)
        self.origin = ""
        self._world = world
        self._ledger = ledger
        self._numbers = itertools.count(1)
        self._places: dict[str, _Place] = {}

    def ask(self, document: JsonObject, request: Request) -> JsonObject:
        """A new document. Raises RefusedError."""
        extension = document.get("extension")
        if set(document) != {"extension"} or not isinstance(extension, str) or extension not in EXTENSIONS:
            raise RefusedError(f"extension must be one of {', '.join(sorted(EXTENSIONS))}")
        number = next(self._numbers)
        document_id = f"doc-{self._world.seed}-{number:05}"
        # Nobody shall be able to make the one address out of the other.
        sign = hashlib.sha256(f"{self._world.seed} {number}".encode()).hexdigest()[:16]
        self._places[f"{STORAGE}{document_id}-{sign}"] = _Place(document_id=document_id, open_until=self._world.now() + self.lifetime)
        self._ledger.document(document_id, self._world.now())
        origin = self.origin or f"{request.scheme}://{request.header('host') or 'zendera'}"
        return {
            "document_id": document_id,
            "upload_url": f"{origin}{STORAGE}{document_id}-{sign}",
            "download_url": f"{origin}/documents/{document_id}.{extension}",
        }

    def put(self, request: Request) -> Answer:
        place = self._places.get(request.path)
        if request.method != "PUT" or place is None:
            return refusal(404, "No such place")
        if request.header("authorization") is not None:
            return refusal(400, "Only one way to authorise is allowed, and the address is one")
        if not place.is_open or self._world.now() > place.open_until:
            return refusal(403, "The address has expired")
        if not request.body:
            return refusal(411, "Nothing came")
        place.is_open = False
        place.content = {"size": len(request.body), "sha256": hashlib.sha256(request.body).hexdigest()}
        self._ledger.put(place.document_id, self._world.now(), request.body)
        return json_answer({})

    def contents(self, pictures: list[JsonObject]) -> list[JsonObject]:
        """A report's pictures with what their links lead to. Raises RefusedError for a link that leads to nothing."""
        return [self._content(picture["url"]) if "url" in picture else picture for picture in pictures]

    def _content(self, url: str) -> JsonObject:
        document_id = url.rpartition("/documents/")[2].rpartition(".")[0]
        found = next((place.content for place in self._places.values() if place.document_id == document_id), None)
        if found is None:
            raise RefusedError(f"There is no picture at {url}")
        return {**found, "document": document_id}
