"""The picture that is sent: upright, small enough for a flaky line, and made of nothing but pixels.

It is encoded anew, so that where and with which phone it was taken, its comments and its built-in thumbnail stay here.
"""

from io import BytesIO
from typing import TYPE_CHECKING, Final

import msgspec

from zendera_desk.domain.errors import PictureError
from zendera_desk.pictures import formats
from zendera_desk.pictures.files import MOST_BYTES

if TYPE_CHECKING:
    from PIL import Image

_STEPS: Final = ((1.0, 100), (1.0, 65), (0.8, 60), (0.6, 55), (0.4, 50), (0.2, 40), (0.1, 30))
"""Scale and quality, tried until the picture is small enough. Writing on paper survives a low quality better than a small scale."""


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """The JPEG as it is sent, and its size in pixels."""

    jpeg: bytes
    width: int
    height: int


def prepare(source: bytes, *, longest: int = 1600, quality: int = 80, most: int = 1_500_000) -> Prepared:
    """An upright JPEG, its longer side at most `longest` pixels, at most `most` bytes. Never enlarged. Of a TIFF, its first page.

    Raises PictureError: empty, too_large, format, not_a_picture, too_many_pixels, unreadable. Takes 0.1 to 0.3 s for a phone's
    picture, with the interpreter's lock released for nearly all of it.
    """
    if len(source) > MOST_BYTES:
        raise PictureError("too_large", megabytes=len(source) // 1_000_000, most=MOST_BYTES // 1_000_000)
    kind = formats.kind_of(source[: formats.LOOKED_AT])
    if kind == "PDF":
        raise PictureError("format", format=kind)
    from zendera_desk.pictures import pixels  # noqa: PLC0415 (loads Pillow, which the start of the program must not wait for)

    try:
        with pixels.opened(BytesIO(source), kind) as lying:
            picture = pixels.decoded(lying, kind, longest).seen(longest)
    except PictureError:
        raise
    except Exception as error:  # hostile bytes make decoders raise nearly anything; each of it means the same to a person
        raise PictureError("unreadable", words=str(error)) from error
    jpeg, (width, height) = lighter(picture, quality, most)
    return Prepared(jpeg=jpeg, width=width, height=height)


def lighter(picture: "Image.Image", quality: int, most: int) -> tuple[bytes, tuple[int, int]]:
    """As a JPEG of at most `most` bytes, at `quality` and in its size if that goes. Raises PictureError: too_large."""
    from zendera_desk.pictures import pixels  # noqa: PLC0415 (as above)

    longest = max(picture.size)
    jpeg = b""
    for scale, cap in _STEPS:
        fitting = pixels.fit(picture, max(1, round(longest * scale)))
        jpeg = pixels.encode(fitting, min(quality, cap))
        if len(jpeg) <= most:
            return jpeg, fitting.size
    raise PictureError("too_large", megabytes=len(jpeg) // 1_000_000, most=most // 1_000_000)


def thumbnail(jpeg: bytes, size: int) -> bytes:
    """A JPEG that fits into a square of `size` pixels. Raises PictureError as `prepare` does."""
    return prepare(jpeg, longest=size, quality=75).jpeg
