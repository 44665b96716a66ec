"""The picture that is sent: upright, small enough for a flaky line, and made of nothing but pixels.

It is encoded anew, so that where and with which phone it was taken, its comments and its built-in thumbnail stay here.
"""

import struct
from typing import Final

import msgspec

from zendera_desk.domain.errors import PictureError
from zendera_desk.pictures.files import MOST_BYTES

MOST_PIXELS: Final = 80_000_000
"""Twice what phones make. 80 million pixels are 240 MB once decoded."""

_PNG_START: Final = b"\x89PNG\r\n\x1a\n"
_JPEG_START: Final = b"\xff\xd8\xff"
_KNOWN_STARTS: Final = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"%PDF", "PDF"),
)
_STEPS: Final = ((1.0, 80), (1.0, 65), (0.8, 60), (0.6, 55), (0.4, 50), (0.2, 40), (0.1, 30))
"""Scale and quality, tried until the picture is small enough. Writing on paper survives a low quality better than a small scale."""


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """The JPEG as it is sent, and its size in pixels."""

    jpeg: bytes
    width: int
    height: int


def prepare(source: bytes, *, longest: int = 1600, quality: int = 80, most: int = 1_500_000) -> Prepared:
    """An upright RGB JPEG, its longer side at most `longest` pixels, at most `most` bytes. Never enlarged.

    Raises PictureError: empty, too_large, format, not_a_picture, too_many_pixels, unreadable. Takes 0.1 to 0.3 s for a phone's
    picture, with the interpreter's lock released for nearly all of it.
    """
    kind = _kind(source)
    from zendera_desk.pictures import pixels  # noqa: PLC0415 (loads Pillow, which the start of the program must not wait for)

    picture = pixels.decode(source, kind, longest, MOST_PIXELS)
    jpeg = b""
    for scale, cap in _STEPS:
        fitting = pixels.fit(picture, max(1, round(longest * scale)))
        jpeg = pixels.encode(fitting, min(quality, cap))
        if len(jpeg) <= most:
            return Prepared(jpeg=jpeg, width=fitting.width, height=fitting.height)
    raise PictureError("too_large", megabytes=len(jpeg) // 1_000_000, most=most // 1_000_000)


def thumbnail(jpeg: bytes, size: int) -> bytes:
    """A JPEG that fits into a square of `size` pixels. Raises PictureError as `prepare` does."""
    return prepare(jpeg, longest=size, quality=75).jpeg


def _kind(source: bytes) -> str:
    """By content, never by name. Only what is needed is let near a decoder."""
    if not source:
        raise PictureError("empty")
    if len(source) > MOST_BYTES:
        raise PictureError("too_large", megabytes=len(source) // 1_000_000, most=MOST_BYTES // 1_000_000)
    if source.startswith(_JPEG_START):
        return "JPEG"
    if source.startswith(_PNG_START):
        return "PNG"
    if (known := _known_but_not_taken(source)) is not None:
        raise PictureError("format", format=known)
    raise PictureError("not_a_picture")


def _known_but_not_taken(source: bytes) -> str | None:
    for start, name in _KNOWN_STARTS:
        if source.startswith(start):
            return name
    if source[:4] == b"RIFF" and source[8:12] == b"WEBP":
        return "WebP"
    if source[4:8] == b"ftyp" and len(source) >= 12:
        (brand,) = struct.unpack("4s", source[8:12])
        return {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"msf1": "HEIC", b"avif": "AVIF"}.get(brand)
    return None
