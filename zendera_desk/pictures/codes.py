"""Barcodes on a page: found by zxing-cpp, cheap tries first, dear ones only where nothing was found.

Measured on generated notes (tests/support/notes/measuring.py), milliseconds of one core for an A4 page at 200 dots per inch: bars in
both directions 12, squares 7 as they lie, against 46 for what zxing-cpp does when told nothing. White codes on black are not looked
for: no paper of this trade has them. The later tries cost 15 to 40 each, and only a photo without a code pays for all of them.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import zxingcpp
from PIL import Image, ImageChops

from zendera_desk.domain.paper import Code
from zendera_desk.pictures.sharpness import is_blurred, sharpened

LONGEST: Final = 2400
"""Pixels of the longer side that are looked at first: 205 dots per inch on A4."""
_INK: Final = 130
"""Lighter than this, of 255, no printed bar is in a scan."""
_SHORTEST_ITF: Final = 6
_ITF_MARGIN: Final = 24

_FORMAT = zxingcpp.BarcodeFormat
_BARS: Final = (_FORMAT.Code128, _FORMAT.Code39, _FORMAT.ITF, _FORMAT.EAN13, _FORMAT.EAN8, _FORMAT.UPCA)
_SQUARES: Final = (_FORMAT.QRCode, _FORMAT.DataMatrix, _FORMAT.PDF417)
_KINDS: Final = {
    _FORMAT.Code128: "code128",
    _FORMAT.Code39: "code39",
    _FORMAT.ITF: "itf",
    _FORMAT.EANUPC: "ean",
    _FORMAT.QRCode: "qr",
    _FORMAT.DataMatrix: "datamatrix",
    _FORMAT.PDF417: "pdf417",
}


def read_codes(picture: Image.Image, coloured: Callable[[], Image.Image | None] = lambda: None) -> tuple[Code, ...]:
    """Each code once, in no order that means anything. Any mode and size; releases the interpreter's lock nearly all of the time.

    `coloured` gives the same page in RGB, where the picture is but its grey.
    """
    found: dict[Code, None] = {}
    for read, page in _tries(picture, coloured):
        found |= {Code(kind=_KINDS[one.symbology], text=one.text): None for one in read if _is_sure(one, page)}
        if any(code.kind != "ean" for code in found):  # a product's code alone is on goods, and on whatever is stuck to the page
            break
    return tuple(found)


def is_separator(codes: Sequence[Code]) -> bool:
    """The page is a sheet that only parts documents: Patch-T, or our own. What carries another code as well is a paper with a sticker.

    Words are no codes: sheets say what they are for, and by which version of what they were made.
    """
    bars = [code for code in codes if code.kind != "text"]
    return bool(bars) and all(code.parts_documents for code in bars)


def _tries(picture: Image.Image, coloured: Callable[[], Image.Image | None]) -> Iterator[tuple[list[zxingcpp.Barcode], Image.Image]]:
    """What was read, and on which picture, until somebody has enough.

    What is blurred is sharpened without its stamps, too: of 260 photos 9 could not be read before, of which that saved 5, and with them 2.
    """
    whole = picture.convert("L")
    page = _fit(whole, LONGEST)
    yield _bars_and_squares(page), page
    looks = [page]
    hued = coloured() or picture
    if hued.mode in {"RGB", "RGBX"}:
        black = _black_alone(_fit(hued, LONGEST))
        yield _read(black, _BARS), black
        looks = [black, page]
    for look in looks if is_blurred(page) else []:
        sharp = sharpened(look)
        yield _bars_and_squares(sharp), sharp
    if page is not whole:
        yield _read(whole, _BARS + _SQUARES), whole


def _bars_and_squares(page: Image.Image) -> list[zxingcpp.Barcode]:
    """Squares as they lie, of which a QR code does not mind. As bare rows: a picture would be copied for each of the two."""
    rows = memoryview(page.tobytes()).cast("B", (page.height, page.width))
    return _read(rows, _BARS) + _read(rows, _SQUARES, try_rotate=False)


def _read(
    page: Image.Image | memoryview, formats: tuple[zxingcpp.BarcodeFormat, ...], *, try_rotate: bool = True
) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormats(formats), try_rotate=try_rotate, try_invert=False)


def _is_sure(one: zxingcpp.Barcode, page: Image.Image) -> bool:
    """An Interleaved 2 of 5 has no checksum of its own and is seen in tables and hatching, or cut off where a stamp begins.

    So it must be of some length and, without a check digit that fits, be read the same way once more, larger and by itself.
    """
    if one.symbology != _FORMAT.ITF:
        return True
    if len(one.text) < _SHORTEST_ITF:
        return False
    if one.symbology_identifier == "]I1":
        return True
    cut = page.crop(_around(one, page))
    again = _read(cut.resize((cut.width * 2, cut.height * 2), Image.Resampling.BICUBIC), (_FORMAT.ITF,))
    return any(other.text == one.text for other in again)


def _around(one: zxingcpp.Barcode, page: Image.Image) -> tuple[int, int, int, int]:
    """Its place on the page, with some of the paper beside it: a barcode is none without its quiet ends."""
    corners = [one.position.top_left, one.position.top_right, one.position.bottom_left, one.position.bottom_right]
    across, down = [corner.x for corner in corners], [corner.y for corner in corners]
    margin = _ITF_MARGIN
    left, right = max(0, min(across) - margin), min(page.width, max(across) + margin)
    top, bottom = max(0, min(down) - margin), min(page.height, max(down) + margin)
    return left, top, right, bottom


def _fit(picture: Image.Image, longest: int) -> Image.Image:
    """Scaled down until its longer side fits; the same picture if it does."""
    scale = longest / max(picture.size)
    if scale >= 1:
        return picture
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.BOX)


def _black_alone(picture: Image.Image) -> Image.Image:
    """What is dark in all three colours, as bars are; stamps and pens in red or blue are taken for paper.

    Of 14 pages at 150 dots per inch with three stamps across the bars this made 14 readable, where 1 had been.
    """
    red, green, blue, *_nothing = picture.split()
    lightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return lightest.point([min(255, level * 255 // _INK) for level in range(256)])
