"""The sheet to be laid between the papers of one delivery and the next before they are scanned in one go.

Made when somebody asks for it, so that it speaks their language: a PDF of a few lines and our QR code, three times, because a corner
may be torn or stapled. Drawn as rectangles, sharp at any size; the letters are in one of the fonts that every PDF reader has.
"""

from collections.abc import Sequence
from typing import Final

import zxingcpp
from PIL import Image

from zendera_desk.domain.paper import SEPARATOR

_A4: Final = (595, 842)
"""Points: 72 to the inch, counted from the lower left corner."""
_SQUARE: Final = 150.0


def separator_sheet(title: str, lines: Sequence[str] = ()) -> bytes:
    """A PDF of one page. Letters that Western Europe does not know are left out."""
    wide, high = _A4
    drawn = [_square(60, high - 60 - _SQUARE), _square(wide - 60 - _SQUARE, high - 60 - _SQUARE), _square(wide - 60 - _SQUARE, 60)]
    drawn.append(_text(60, high - 330, 34, title))
    drawn += [_text(60, high - 370 - place * 22, 14, line) for place, line in enumerate(lines)]
    return _document("\n".join(drawn))


def _square(left: float, bottom: float) -> str:
    made = zxingcpp.create_barcode(SEPARATOR, zxingcpp.BarcodeFormat.QRCode, ec_level="H")
    image = Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=1, add_quiet_zones=False))
    size = _SQUARE / image.width
    dark = [
        f"{left + column * size:.3f} {bottom + _SQUARE - (row + 1) * size:.3f} {size:.3f} {size:.3f} re"
        for row in range(image.height)
        for column in range(image.width)
        if not image.getpixel((column, row))
    ]
    return "\n".join(dark) + " f"


def _text(left: float, bottom: float, size: int, text: str) -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F1 {size} Tf {left} {bottom} Td ({escaped}) Tj ET"


def _document(drawn: str) -> bytes:
    content = drawn.encode("cp1252", "ignore")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>" % _A4,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    out, starts = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + table + trailer
