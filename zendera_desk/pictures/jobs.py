"""What the helper process is asked, and what it answers: plain structs, packed with MessagePack on a pipe.

Everything here is about one file that lies in the data folder already, under its hash; the helper reads it itself, so that no
40 MB go through the pipe. Bytes of a prepared picture come back through it.
"""

import msgspec

from zendera_desk.domain.paper import Code, Edits, PictureFacts
from zendera_desk.domain.preparing import LONGEST, MOST, QUALITY


class Open(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What is this file, and how many pages has it?"""

    path: str


class Opened(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    kind: str
    """JPEG, PNG, WebP, HEIC, TIFF or PDF."""
    pages: int
    facts: PictureFacts = PictureFacts()


class Work(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Look at one page once, and make of it whatever is wanted."""

    path: str
    page: int = 0
    """From 0."""
    edits: Edits = Edits()
    jpeg: bool = False
    """The upright JPEG that is sent."""
    longest: int = LONGEST
    """Pixels of the JPEG's longer side."""
    quality: int = QUALITY
    most: int = MOST
    """Bytes of the JPEG."""
    codes: bool = False
    """Barcodes, QR codes and a PDF's own words."""
    pixels: int = 0
    """Longer side of the picture for the screen; 0: none."""


class Worked(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    jpeg: bytes = b""
    width: int = 0
    height: int = 0
    """Of the JPEG."""
    codes: tuple[Code, ...] = ()
    separator: bool = False
    rgb: bytes = b""
    """For the screen: rows of three bytes a pixel, red first, without padding."""
    rgb_width: int = 0
    rgb_height: int = 0


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A PictureError, by its code and values."""

    code: str
    values: dict[str, str | int] = {}


Job = Open | Work
Answer = Opened | Worked | Refused
