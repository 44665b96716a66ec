"""Files for the tests of pictures, made from nothing."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from zendera_desk.domain.paper import Edits
from zendera_desk.pictures.jobs import Work, Worked
from zendera_desk.pictures.work import do

CANARY = b"CANARY-59.9139-10.7522"
RED, WHITE, BLUE, BLACK = (220, 20, 20), (255, 255, 255), (20, 20, 220), (0, 0, 0)
HEIC = Path(__file__).with_name("heic")
"""64 by 32 pixels as `corners`, each lying in its own way, with facts and the canary; saved by pillow-heif 1.8, which encodes."""

LYING = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How the pixels of an upright picture lie in a file of each EXIF orientation."""


def encoded(picture: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def corners() -> Image.Image:
    """Red at the top left, blue at the bottom right, white elsewhere: it looks different in each of its eight ways."""
    upright = Image.new("RGB", (64, 32), WHITE)
    upright.paste(RED, (0, 0, 16, 16))
    upright.paste(BLUE, (48, 16, 64, 32))
    return upright


def near(pixel: object, wanted: tuple[int, int, int], within: int = 12) -> bool:
    seen = (pixel,) * 3 if isinstance(pixel, int) else pixel
    return isinstance(seen, tuple) and all(abs(a - b) <= within for a, b in zip(seen, wanted, strict=True))


def worked(path: Path, source: bytes, *, page: int = 0, edits: Edits | None = None, **wanted: int) -> Worked:
    path.write_bytes(source)
    done = do(Work(path=str(path), page=page, edits=edits or Edits(), **{"jpeg": True, **wanted}))
    assert isinstance(done, Worked)
    return done


def picture_of(done: Worked) -> Image.Image:
    picture = Image.open(BytesIO(done.jpeg))
    assert (picture.format, picture.size) == ("JPEG", (done.width, done.height))
    return picture


def pdf(
    *pages: bytes, size: tuple[float, float] = (595, 842), extra: Sequence[bytes] = (), trailer: bytes = b"", page: bytes = b""
) -> bytes:
    """A PDF of these pages' drawings, in Helvetica as /F1. `extra` objects are numbered from 10."""
    kids = b" ".join(b"%d 0 R" % (100 + 2 * number) for number in range(len(pages)))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/AcroForm 10 0 R>>" if extra else b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        **{10 + number: body for number, body in enumerate(extra)},
    }
    for number, drawing in enumerate(pages):
        objects[100 + 2 * number] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %g %g]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R%s>>" % (
            *size,
            101 + 2 * number,
            page,
        )
        objects[101 + 2 * number] = b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing)
    out, places = b"%PDF-1.7\n", {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%d 1\n%010d 00000 n \n" % place for place in places.items())
    return out + b"xref\n0 1\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        max(objects) + 1,
        trailer,
        len(out),
    )


def says(words: str) -> bytes:
    """A page's drawing: these words."""
    return b"BT /F1 24 Tf 72 700 Td (%s) Tj ET" % words.encode("latin-1")
