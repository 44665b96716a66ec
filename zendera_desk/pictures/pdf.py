"""A PDF's pages as pictures and as words.

PDFium is not safe in threads, so whoever has a document open holds the one lock, and nothing of PDFium's leaves with the answer.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from zendera_desk.domain.errors import PictureError

MOST_LETTERS: Final = 50_000
"""Of a page's own text. A full page of small print has 8,000."""

_LOCK: Final = threading.Lock()
_POINTS: Final = 72
"""To the inch."""
_FINEST: Final = 400
"""Dots per inch. Nothing on paper is finer, and a page the size of a stamp is not drawn large."""
_LONGEST: Final = 6000
"""Pixels of a page's longer side, however large the page says it is and however little of it is kept: at most 36 million."""


@contextmanager
def document(path: str) -> Iterator[pypdfium2.PdfDocument]:
    """Holds the lock. Raises PictureError: encrypted, unreadable."""
    with _LOCK:
        # Not by PdfDocument itself, which tells a document without pages by the reason that the last broken one left behind.
        raw = pdfium.FPDF_LoadDocument(os.fsencode(path), None)
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
    """As it is printed, on white, RGB."""
    side = max(page.get_size())
    if not side > 0:
        raise PictureError("unreadable", words="page without a size")
    scale = min(min(longest, _LONGEST) / side, _FINEST / _POINTS)
    drawn: Image.Image = page.render(scale=scale, rev_byteorder=True).to_pil()
    return drawn


def text(page: pypdfium2.PdfPage) -> str:
    """The page's own text, or what a scanner recognised and laid behind the picture; "" for a bare scan."""
    words = page.get_textpage()
    try:
        length = min(MOST_LETTERS, words.count_chars())
        return str(words.get_text_range(count=length)) if length > 0 else ""
    finally:
        words.close()
