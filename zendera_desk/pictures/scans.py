"""A PDF's page that is nothing but what a scanner took: one JPEG as large as the page, which need not be drawn by PDFium.

Drawn, such a page costs three times what decoding it costs, under PDFium's lock, and each of its pixels is mixed of several. So the
JPEG is taken out as it lies there; but only where drawing could show nothing else. What may lie over it, cut it, mask it, colour it
or hide it is asked of PDFium, and where that has no word for it, the picture's own dictionary must say nothing but the plainest.
That is found by where PDFium read the JPEG in the file (`Followed`).
"""

import ctypes
import dataclasses
import os
import re
from io import BytesIO
from typing import BinaryIO, Final, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageFile

from zendera_desk.domain.errors import PictureError
from zendera_desk.domain.paper import Edits
from zendera_desk.pictures import pixels

_COARSE: Final = 150 / 72
"""Dots to the point. What is coarser is drawn: finer, a reader of codes has more of it."""
_BESIDE: Final = 1.0
"""Points that an edge of the picture may be off its page's. Page sizes are rounded, pixels are whole."""
_UNSQUARE: Final = 0.01
_MOST_WORDS: Final = 5000
"""That a scanner recognised and laid there invisibly."""

_LOOKED_AT: Final = 1000
"""Bytes before a JPEG."""
_DICTIONARY: Final = re.compile(rb"\bobj\s*<<([^<>]*)>>\s*stream\r?\n\Z")
_NAME: Final = re.compile(rb"/[^\s/\[\]()]*")
_PLAIN: Final = {
    b"/Type", b"/XObject", b"/Subtype", b"/Image", b"/Width", b"/Height", b"/BitsPerComponent", b"/Interpolate", b"/Length",
    b"/Filter", b"/DCTDecode", b"/ColorSpace", b"/DeviceRGB", b"/DeviceGray",
}  # fmt: skip
_MODES: Final = {b"/DeviceRGB": "RGB", b"/DeviceGray": "L"}

_TURNS: Final = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
"""Clockwise degrees to Pillow's names, which count the other way."""


class Scan(NamedTuple):
    jpeg: bytes
    mode: str
    size: tuple[int, int]
    turn: Image.Transpose | None


class Followed:
    """A file as PDFium reads it, and where each piece lay. To be kept until the document is closed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._places: dict[int, int] = {}
        self.access = pdfium.FPDF_FILEACCESS(m_FileLen=os.fstat(file.fileno()).st_size)
        self.access.m_GetBlock = type(self.access.m_GetBlock)(self._read)

    def before(self, length: int) -> bytes:
        """What stands before the piece of this length that was read last: PDFium reads a picture in one."""
        place = self._places.get(length, 0)
        start = max(0, place - _LOOKED_AT)
        self._file.seek(start)
        return self._file.read(place - start)

    def _read(self, _nothing: object, place: int, room: int, length: int) -> int:
        self._file.seek(place)
        piece = self._file.read(length)
        if len(piece) != length:
            return 0
        ctypes.memmove(room, piece, length)
        self._places[length] = place
        return 1


def scan(page: pypdfium2.PdfPage, followed: Followed) -> Scan | None:
    """None where the page must be drawn."""
    image = _only_picture(page)
    if image is None or not _is_the_page(image, page):
        return None
    jpeg = bytes(image.get_data())
    said = _DICTIONARY.search(followed.before(len(jpeg)))
    names = set(_NAME.findall(said[1])) if said else set()
    modes = [mode for name, mode in _MODES.items() if name in names]
    if not names <= _PLAIN or len(modes) != 1:
        return None
    return Scan(jpeg, modes[0], image.get_px_size(), _TURNS.get(page.get_rotation()))


def decoded(found: Scan, longest: int, edits: Edits) -> pixels.Decoded:
    """Good for everything up to `longest`. Raises anything for what PDFium may be able to draw all the same.

    A JPEG is brightness, and colours that are mostly half as large. Codes are read on the one, what is sent has as few of the others:
    decoded as they lie, each as large as it is needed, they cost two thirds of the whole in RGB that would be parted again at once.
    """
    with _opened(found) as lying:
        read = pixels.decoded(lying, "JPEG", longest, edits, "L")
    # What the JPEG says of itself besides counts for nothing in a PDF: how it is turned, its colours' profile.
    return dataclasses.replace(read, turn=found.turn, profile=None, colours=_colours(found, read.pixels.size))


def _colours(found: Scan, size: tuple[int, int]) -> Image.Image | None:
    """Half as large as the brightness. Raises OSError where a JPEG has none: it may be red, green and blue, and then it is drawn."""
    if found.mode == "L":
        return None
    with _opened(found) as lying:
        lying.draft("YCbCr", (max(1, size[0] // 2), max(1, size[1] // 2)))
        lying.load()
        return lying


def _opened(found: Scan) -> ImageFile.ImageFile:
    lying = pixels.opened(BytesIO(found.jpeg), "JPEG")
    if (lying.mode, lying.size) != (found.mode, found.size):
        raise PictureError("unreadable", words="another picture than the PDF says")
    return lying


def _only_picture(page: pypdfium2.PdfPage) -> pypdfium2.PdfImage | None:
    """What can be seen on the page, if that is one JPEG without anything that changes how it looks."""
    number = pdfium.FPDFPage_CountObjects(page)
    if not 1 <= number <= _MOST_WORDS or pdfium.FPDFPage_GetAnnotCount(page):
        return None
    seen = [one for one in (pdfium.FPDFPage_GetObject(page, place) for place in range(number)) if not _is_invisible(one)]
    if len(seen) != 1 or pdfium.FPDFPageObj_GetType(seen[0]) != pdfium.FPDF_PAGEOBJ_IMAGE:
        return None
    image = pypdfium2.PdfImage(seen[0], page=page, pdf=page.pdf)
    is_clipped = pdfium.FPDFClipPath_CountPaths(pdfium.FPDFPageObj_GetClipPath(image)) > 0
    is_special = is_clipped or pdfium.FPDFPageObj_HasTransparency(image) or pdfium.FPDFPageObj_CountMarks(image) != 0
    return None if is_special or image.get_filters() != ["DCTDecode"] else image


def _is_invisible(one: object) -> bool:
    is_text = pdfium.FPDFPageObj_GetType(one) == pdfium.FPDF_PAGEOBJ_TEXT
    return bool(is_text and pdfium.FPDFTextObj_GetTextRenderMode(one) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)


def _is_the_page(image: pypdfium2.PdfImage, page: pypdfium2.PdfPage) -> bool:
    """Neither turned nor mirrored nor squeezed, edge upon edge, and fine enough."""
    across, skew, lean, up, left, bottom = image.get_matrix().get()
    edges = (left, bottom, left + across, bottom + up)
    wide, high = image.get_px_size()
    if skew or lean or any(abs(one - other) > _BESIDE for one, other in zip(edges, page.get_bbox(), strict=True)):
        return False
    if not (across > 0 and up > 0 and 0 < wide * high <= pixels.MOST_PIXELS):
        return False
    return bool(min(wide / across, high / up) >= _COARSE and abs(wide * up / (across * high) - 1) <= _UNSQUARE)
