"""What a file is, by its first bytes, never by its name. Only what is on this list is let near a decoder."""

from typing import Final

from zendera_desk.domain.errors import PictureError

LOOKED_AT: Final = 1024
"""Bytes from a file's start that `kind_of` needs. A PDF's own mark may stand behind some rubbish, as far as this."""

_TAKEN: Final = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),  # BigTIFF
    (b"MM\x00+", "TIFF"),
)
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
_KNOWN: Final = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"8BPS", "Photoshop"),
    (b"%!PS", "PostScript"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"),
    (b"{\\rtf", "RTF"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x1f\x8b", "GZIP"),
    (b"\x1aE\xdf\xa3", "video"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)
_IN_OFFICE_FILES: Final = (b"[Content_Types].xml", b"mimetypeapplication/vnd.oasis", b"_rels/.rels", b"docProps/")
_MARKUP: Final = ((b"<!doctype html", "HTML"), (b"<html", "HTML"), (b"<svg", "SVG"), (b"<?xml", "XML"))


def kind_of(start: bytes) -> str:
    """JPEG, PNG, WebP, HEIC, TIFF or PDF. Raises PictureError: empty, format (which names it), not_a_picture."""
    if not start:
        raise PictureError("empty")
    for mark, kind in _TAKEN:
        if start.startswith(mark):
            return kind
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "WebP"
    if start[4:8] == b"ftyp":
        return _box(start)
    if b"%PDF-" in start[:LOOKED_AT]:
        return "PDF"
    raise _not_taken(start)


def webp_size(start: bytes) -> tuple[int, int]:
    """Width and height from the first bytes of a WebP. Raises PictureError: unreadable."""
    chunk, data = start[12:16], start[20:30]
    if len(data) < 10:
        raise PictureError("unreadable", words="cut off")
    if chunk == b"VP8X":
        return 1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little")
    if chunk == b"VP8L":
        packed = int.from_bytes(data[1:5], "little")
        return 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF


def _box(start: bytes) -> str:
    """HEIC is told from its cousins by the brands in its first box: the major one, or, where that says little, the others."""
    length = min(int.from_bytes(start[:4], "big"), len(start))
    brands = [start[8:12], *(start[at : at + 4] for at in range(16, length - 3, 4))]
    if brands[0] in {b"avif", b"avis"} or (brands[0] in {b"mif1", b"msf1"} and b"avif" in brands and b"heic" not in brands):
        raise PictureError("format", format="AVIF")
    if brands[0] in _HEIC_BRANDS:
        return "HEIC"
    raise PictureError("format", format="video")


def _not_taken(start: bytes) -> PictureError:
    for mark, name in _KNOWN:
        if start.startswith(mark):
            office = name == "ZIP" and any(sign in start for sign in _IN_OFFICE_FILES)
            return PictureError("format", format="Office" if office else name)
    words = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, name in _MARKUP:
        if words.startswith(mark):
            return PictureError("format", format=name)
    if _is_text(start):
        return PictureError("format", format="text")
    return PictureError("not_a_picture")


def _is_text(start: bytes) -> bool:
    return all(byte in b"\t\r\n\x0c" or (byte >= 0x20 and byte != 0x7F) for byte in start)
