"""A file's pages, whatever the file is: how many there are, and each of them as pixels and, in a PDF, as words."""

from contextlib import suppress
from typing import Final, NamedTuple

import pypdfium2
from PIL import ImageFile

from zendera_desk.domain.errors import PictureError
from zendera_desk.domain.paper import Edits, PictureFacts
from zendera_desk.pictures import edits as editing
from zendera_desk.pictures import facts, pdf, pixels, scans

MOST_PAGES: Final = 500
"""More is no stack that a person keys. Somebody dropped a book."""


_FINER: Final = 16


class Sheet(NamedTuple):
    """One page, decoded once."""

    decoded: pixels.Decoded
    text: str
    """A PDF's own."""


def look(path: str, kind: str) -> tuple[int, PictureFacts]:
    """How many pages, and what the file says about itself. Nothing is decoded.

    Raises PictureError: no_pages, too_many_pages, too_many_pixels, encrypted; anything for broken bytes.
    """
    if kind == "PDF":
        with pdf.document(path) as document:
            return _checked(len(document)), PictureFacts()
    with open(path, "rb") as file, pixels.opened(file, kind) as lying:  # noqa: PTH123 (a name from a pipe, not a path that is worked on)
        pixels.check_size(lying.width, lying.height)
        found = facts.facts(lying)
        return _checked(_frames(lying) if kind == "TIFF" else 1), found


def sheet(path: str, kind: str, page: int, longest: int, edits: Edits, *, text: bool) -> Sheet:
    """Good for everything up to `longest`. Raises PictureError: too_many_pixels, encrypted; anything for broken bytes."""
    if kind == "PDF":
        return _printed(path, page, longest, edits, text=text)
    if kind == "JPEG" and not text:  # codes are read in the colours that there are
        with suppress(OSError):  # it may be red, green and blue
            return Sheet(_one(path, kind, page, longest, edits, "YCbCr"), "")
    return Sheet(_one(path, kind, page, longest, edits), "")


def _one(path: str, kind: str, page: int, longest: int, edits: Edits, mode: str | None = None) -> pixels.Decoded:
    with open(path, "rb") as file, pixels.opened(file, kind) as lying:  # noqa: PTH123 (as above)
        if kind == "TIFF":
            lying.seek(page)
        elif page:
            raise PictureError("unreadable", words="no such page")
        return pixels.decoded(lying, kind, longest, edits, None if lying.info.get("icc_profile") else mode)


def _printed(path: str, page: int, longest: int, edits: Edits, *, text: bool) -> Sheet:
    with open(path, "rb") as file:  # noqa: PTH123 (as above)
        followed = scans.Followed(file)
        with pdf.document(path, followed) as document:
            printed = document[page]
            words = pdf.text(printed) if text else ""
            scan = scans.scan(printed, followed)
            if scan is None:
                return Sheet(_drawn(printed, longest, edits), words)
    try:
        return Sheet(scans.decoded(scan, longest, edits), words)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 (hostile bytes, as in work.py: PDFium may draw what there is of it)
        with pdf.document(path) as document:
            return Sheet(_drawn(document[page], longest, edits), words)


def _drawn(page: pypdfium2.PdfPage, longest: int, edits: Edits) -> pixels.Decoded:
    side = editing.needed(_whole(page.get_size()), edits, longest)
    return pixels.Decoded(pdf.render(page, side), is_drawn=True)


def _checked(pages: int) -> int:
    if pages < 1:
        raise PictureError("no_pages")
    if pages > MOST_PAGES:
        raise PictureError("too_many_pages", pages=pages, most=MOST_PAGES)
    return pages


def _frames(picture: ImageFile.ImageFile) -> int:
    """One by one: a TIFF's pages are a chain, which a hostile file makes as long as it likes."""
    for page in range(MOST_PAGES + 1):
        try:
            picture.seek(page)
        except EOFError:
            return page
    return MOST_PAGES + 1


def _whole(size: tuple[float, float]) -> tuple[int, int]:
    """Of the page's shape, and finer than points: what is cropped would be a pixel off."""
    return max(1, round(size[0] * _FINER)), max(1, round(size[1] * _FINER))
