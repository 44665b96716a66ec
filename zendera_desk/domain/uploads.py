"""Pictures that travel as links: what is known of the one upload that each of them needs.

A report of such an account is frozen with a placeholder for each picture. It waits, due, until every link stands; so an upload
never makes an entry unclear: nothing of it is reported before all of its pictures are at Zendera.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

import msgspec

from zendera_desk.domain.ids import PictureId

Way = Literal["inline", "links"]
"""How an account's pictures travel: in base64 inside the report, or uploaded before it and named by links."""

MOST_REFUSALS: Final = 3
"""So often in a row an address for the bytes may turn out to be used up or too old; then it is not that, and a person hears of it."""


class UploadState(StrEnum):
    WANTED = "wanted"
    """A document has to be asked for: for the first time, or because nobody knows what became of the one before."""
    OFFERED = "offered"
    """Zendera made a document and named an address for its bytes; none has left."""
    PUTTING = "putting"
    """The bytes may be on the wire. Found at rest it means the same as `WANTED`: an address works once, so it is never tried again."""
    THERE = "there"


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What Zendera answers when a document is asked for."""

    document_id: str
    upload_url: str
    """Takes the bytes once."""
    download_url: str
    """The link, once they are there."""


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """One JPEG on its way to one account."""

    sha256: str
    picture: PictureId
    """One of those in whose file the JPEG lies."""
    state: UploadState
    offer: Offer | None
    """Where `OFFERED`."""
    next_at: datetime
    attempts: int = 0
    refusals: int = 0


class Uploading(msgspec.Struct, frozen=True, kw_only=True):
    """How far the pictures of an entry are, which waits for them."""

    done: int
    of: int
    code: str = ""
    """Why it does not go on, if it does not: a LinkCode or a `Why`."""
    answer: str = ""
    """Zendera's own words, where it said some. Plain text from outside."""
    next_at: datetime | None = None
    """Of the next try, where one failed."""
