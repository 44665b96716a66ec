"""A PDF's pages as pictures and as words.

PDFium is not safe in threads, so whoever has a document open holds the one lock, and nothing of PDFium's leaves with the answer.
"""

import math
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from zendera_desk.domain.errors import PictureError
from zendera_desk.pictures.scans import Followed

MOST_LETTERS: Final = 50_000
"""Of a page's own text. A full page of small print has 8,000."""

_LOCK: Final = threading.Lock()
_POINTS: Final = 72
"""To the inch."""
_FINEST: Final = 400
"""Dots per inch. Nothing on paper is finer, and a page the size of a stamp is not drawn large."""
_SCANNED: Final = 150
"""Dots per inch that a page is drawn with at least, however coarse the scan on it is."""
_LONGEST: Final = 6000
"""Pixels of a page's longer side, however large the page says it is and however little of it is kept: at most 36 million."""


@contextmanager
def document(path: str, followed: Followed | None = None) -> Iterator[pypdfium2.PdfDocument]:
    """Holds the lock. Read through `followed`, if somebody must know where what lies. Raises PictureError: encrypted, unreadable."""
    with _LOCK:
        # Not by PdfDocument itself, which tells a document without pages by the reason that the last broken one left behind.
        raw = pdfium.FPDF_LoadCustomDocument(followed.access, None) if followed else pdfium.FPDF_LoadDocument(os.fsencode(path), None)
        if not raw:
            reason = pdfium.FPDF_GetLastError()
            raise PictureError("encrypted" if reason == pdfium.FPDF_ERR_PASSWORD else "unreadable", words=f"PDFium {reason}")
        found = pypdfium2.PdfDocument(raw)
        try:
            found.init_forms()  # or what was typed into a form's fields would not be on the picture
            yield found
        finally:
            found.close()


def render(page: pypdfium2.PdfPage, longest: int) -> Image.Image:
    """As it is printed, on white; RGBX, which neither PDFium nor Pillow has to copy.

    What is but a scan is drawn no larger than it was scanned: that would only blur it, and cost by the pixel.
    """
    side = max(page.get_size())
    if not side > 0:
        raise PictureError("unreadable", words="page without a size")
    scale = min(min(longest, _LONGEST) / side, _FINEST / _POINTS, max(_dots(page), _SCANNED / _POINTS))
    # Not by pypdfium2, which takes the next whole pixel each way: the page would be stretched by it.
    width, height = (max(1, round(each * scale)) for each in page.get_size())
    drawn = pypdfium2.PdfBitmap.new_native(width, height, pdfium.FPDFBitmap_BGRx, rev_byteorder=True)
    drawn.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    how = (drawn, page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER)
    pdfium.FPDF_RenderPageBitmap(*how)
    if page.formenv:
        pdfium.FPDF_FFLDraw(page.formenv, *how)
    picture: Image.Image = drawn.to_pil()
    return picture


def _dots(page: pypdfium2.PdfPage) -> float:
    """Dots to the point of the one picture that a page consists of."""
    only = next(page.get_objects(max_depth=1)) if pdfium.FPDFPage_CountObjects(page) == 1 else None
    if not isinstance(only, pypdfium2.PdfImage):
        return math.inf
    a, b, c, d, _right, _up = only.get_matrix().get()
    wide, high = only.get_px_size()
    across, down = math.hypot(a, b), math.hypot(c, d)
    return max(wide / across, high / down) if across > 0 and down > 0 else math.inf


def text(page: pypdfium2.PdfPage) -> str:
    """The page's own text, or what a scanner recognised and laid behind the picture; "" for a bare scan."""
    words = page.get_textpage()
    try:
        length = min(MOST_LETTERS, words.count_chars())
        return str(words.get_text_range(count=length)) if length > 0 else ""
    finally:
        words.close()
