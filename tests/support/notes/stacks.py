"""Many pages in one file, as a scanner hands them over, and the sheets that part them."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image

from support.notes.forms import A4, DPI, Sheet

PATCH_T: Final = "PATCHT"


def pdf(pages: Sequence[Image.Image], *, dpi: int = DPI, quality: int = 80) -> bytes:
    """As scanners make it: each page one JPEG. `dpi`: of the pictures, so that a page is A4."""
    out = BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=list(pages[1:]), resolution=dpi, quality=quality)
    return out.getvalue()


def tiff(pages: Sequence[Image.Image], *, dpi: int = DPI) -> bytes:
    """As fax machines and old scanners make it: black and white, one page after the other."""
    out = BytesIO()
    plain = [page.convert("L").point(lambda level: 255 if level > 150 else 0).convert("1") for page in pages]
    plain[0].save(out, "TIFF", save_all=True, append_images=plain[1:], compression="group4", dpi=(dpi, dpi))
    return out.getvalue()


def separator(*, dpi: int = DPI, kind: str = "code39") -> Image.Image:
    """The sheet that scanner software prints: Patch-T, written in a barcode."""
    sheet = Sheet("#ffffff", "#111111", "Sans")
    sheet.text(105, 30, "PATCH T", 14, bold=True, anchor="ma")
    for x, y in ((55, 70), (55, 240)):
        sheet.code(x, y, kind, PATCH_T, module=6, height=30)
    sheet.text(105, 150, "Document separator", 7, anchor="ma")
    return sheet.picture.resize((A4[0] * dpi // DPI, A4[1] * dpi // DPI), Image.Resampling.BOX)
