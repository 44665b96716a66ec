from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.domain.errors import PictureError
from zendera_desk.pictures.formats import kind_of, webp_size


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
        (b"II*\x00", "TIFF"),
        (b"MM\x00*", "TIFF"),
        (b"II+\x00\x08\x00", "TIFF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC"),
        (b"%PDF-1.4\n", "PDF"),
        (b"\xef\xbb\xbf\r\n" + b"@PJL rubbish of a printer\r\n" * 9 + b"%PDF-1.4\n", "PDF"),
    ],
)
def test_what_is_taken_is_known_by_its_first_bytes(start: bytes, kind: str) -> None:
    assert kind_of(start) == kind


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"GIF89a", "GIF"),
        (b"BM6\0\0\0", "BMP"),
        (b"\0\0\0\x1cftypavif\0\0\0\0mif1avif", "AVIF"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", "AVIF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "video"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "Office"),
        (b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0" + b"\0" * 12 + b"\x13\0\x08\x02[Content_Types].xml", "Office"),
        (b"PK\x03\x04\x14\0\0\0\0\0" + b"\0" * 18 + b"mimetypeapplication/vnd.oasis.opendocument.text", "Office"),
        (b"PK\x03\x04\x14\0\0\0\x08\0note.jpg", "ZIP"),
        (b"<!DOCTYPE html><html>", "HTML"),
        (b"\xef\xbb\xbf<?xml version", "XML"),
        (b"  <svg xmlns", "SVG"),
        ("order;signed by\n4711;Åse\n".encode(), "text"),
        (b"MZ\x90\0", "program"),
    ],
)
def test_what_is_not_taken_is_refused_by_its_name(start: bytes, name: str) -> None:
    with pytest.raises(PictureError) as refused:
        kind_of(start)
    assert (refused.value.code, refused.value.values) == ("format", {"format": name})


def outcome(look: Callable[[bytes], object], start: bytes) -> object:
    try:
        return look(start)
    except PictureError as refused:
        return refused.code


def test_nothing_is_empty_and_rubbish_is_no_picture() -> None:
    for start, code in ((b"", "empty"), (b"\0\1\2\3" * 9, "not_a_picture")):
        with pytest.raises(PictureError) as refused:
            kind_of(start)
        assert refused.value.code == code


@given(st.binary(max_size=64) | st.binary(max_size=40).map(lambda rest: b"\0\0\0\x18ftyp" + rest))
def test_no_bytes_surprise_it(start: bytes) -> None:
    assert outcome(kind_of, start) in {"JPEG", "PNG", "WebP", "HEIC", "TIFF", "PDF", "empty", "format", "not_a_picture"}


@given(st.binary(max_size=64))
def test_a_webp_says_its_size_or_is_refused(start: bytes) -> None:
    size = outcome(webp_size, b"RIFF\0\0\0\0WEBP" + start)
    assert size == "unreadable" or (isinstance(size, tuple) and min(size) >= 0)
