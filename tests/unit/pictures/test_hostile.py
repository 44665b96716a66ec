"""Files that somebody made to break a decoder, or that a broken phone did. That a decoder crashes is the helper's affair
(test_helper.py); here it must not raise what nobody expects, and what it takes it must take whole.
"""

import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from unit.pictures.made import HEIC, encoded, pdf, says
from zendera_desk.domain.errors import PictureError
from zendera_desk.pictures.jobs import Open, Work, Worked
from zendera_desk.pictures.work import do

pytestmark = pytest.mark.filterwarnings("ignore")  # Pillow says what is wrong, and either goes on or refuses


def whole_files() -> dict[str, bytes]:
    grain = Image.effect_noise((120, 90), 40).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (59.0, 54.0, 50.0), 3: "E", 4: (10.0, 45.0, 8.0)})
    facts = exif.tobytes()
    return {
        "jpeg": encoded(grain, exif=facts),
        "progressive": encoded(grain, progressive=True),
        "cmyk": encoded(grain.convert("CMYK")),
        "png": encoded(grain, "PNG", exif=facts),
        "palette": encoded(grain.quantize(16), "PNG", transparency=3),
        "webp": encoded(grain, "WebP", exif=facts),
        "webp-lossless": encoded(grain, "WebP", lossless=True),
        "lzw": encoded(grain, "TIFF", compression="tiff_lzw", save_all=True, append_images=[grain, grain]),
        "g4": encoded(grain.convert("1"), "TIFF", compression="group4", save_all=True, append_images=[grain.convert("1")]),
        "jpeg-in-tiff": encoded(grain, "TIFF", compression="jpeg"),
        "heic": (HEIC / "orientation-6.heic").read_bytes(),
        "pdf": pdf(says("Order 47110815"), b"1 0 0 rg 0 0 99 99 re f"),
        "scan-in-pdf": encoded(grain, "PDF"),
    }


WHOLE = whole_files()


def outcomes(file: Path, source: bytes) -> Iterator[Worked | PictureError]:
    file.write_bytes(source)
    for job in (Open(path=str(file)), Work(path=str(file), jpeg=True, pixels=64, codes=True), Work(path=str(file), page=1, jpeg=True)):
        try:
            answer = do(job)
        except PictureError as refused:
            yield refused
        else:
            if isinstance(answer, Worked):
                yield answer


def is_sound(outcome: Worked | PictureError) -> bool:
    if isinstance(outcome, PictureError):
        return outcome.code in {
            "empty", "format", "not_a_picture", "unreadable", "too_many_pixels", "too_many_pages", "too_large", "no_pages", "encrypted"
        }  # fmt: skip
    return outcome.jpeg[:2] == b"\xff\xd8" and len(outcome.rgb) == 3 * outcome.rgb_width * outcome.rgb_height


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_file_is_taken(name: str, tmp_path: Path) -> None:
    first = next(outcome for outcome in outcomes(tmp_path / "file", WHOLE[name]))
    assert isinstance(first, Worked)


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_cut_off_anywhere_is_refused_or_taken_and_never_surprises(name: str, tmp_path: Path) -> None:
    source = WHOLE[name]
    for part in range(40):
        assert all(is_sound(outcome) for outcome in outcomes(tmp_path / "file", source[: len(source) * part // 40]))


@pytest.mark.parametrize("name", sorted(WHOLE.keys() - {"pdf", "scan-in-pdf"}))
def test_half_a_picture_is_refused_and_not_sent_grey(name: str, tmp_path: Path) -> None:
    """A PDF that was cut off is mended by its reader, page by page; the others have checks of their own."""
    whole = WHOLE[name]
    (tmp_path / "file").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PictureError) as refused:
        do(Work(path=str(tmp_path / "file"), page=1 if name in {"lzw", "g4"} else 0, jpeg=True))
    assert refused.value.code == "unreadable"


@pytest.mark.parametrize("name", WHOLE)
def test_flipped_bits_are_refused_or_taken_and_never_surprise(name: str, tmp_path: Path) -> None:
    chance = random.Random(name)
    for _ in range(40):
        broken = bytearray(WHOLE[name])
        for _ in range(chance.choice((1, 3, 20))):
            broken[chance.randrange(min(len(broken), chance.choice((64, 600, 1 << 20))))] ^= 1 << chance.randrange(8)
        assert all(is_sound(outcome) for outcome in outcomes(tmp_path / "file", bytes(broken)))


@pytest.mark.parametrize("name", WHOLE)
def test_one_file_s_head_on_another_s_body_never_surprises(name: str, tmp_path: Path) -> None:
    for other in WHOLE.values():
        assert all(is_sound(outcome) for outcome in outcomes(tmp_path / "file", WHOLE[name][:48] + other[48:]))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_texts_and_profiles_that_unpack_to_a_gigabyte_cost_one_picture(tmp_path: Path) -> None:
    header = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(200)) + packer.flush()
    pixels = chunk(b"IDAT", zlib.compress((b"\0" + bytes(24)) * 8)) + chunk(b"IEND", b"")
    for extra in (chunk(b"zTXt", b"a\0\0" + bomb), chunk(b"iCCP", b"a\0\0" + bomb), chunk(b"iTXt", b"a\0\1\0\0\0" + bomb)):
        assert all(is_sound(outcome) for outcome in outcomes(tmp_path / "file", header + extra * 3 + pixels))


def test_a_pdf_that_draws_itself_for_ever_ends(tmp_path: Path) -> None:
    loop = b"<</Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</X 11 0 R>>>>/Length 5>>stream\n/X Do\nendstream"
    source = pdf(b"/X Do", extra=[b"<<>>", loop], page=b"/Resources<</XObject<</X 11 0 R>>>>")
    assert all(is_sound(outcome) for outcome in outcomes(tmp_path / "file", source))
    parent_of_itself = (
        pdf(says("x")).replace(b"/Type/Pages/Count 1", b"/Type/Pages/Parent 2 0 R/Count 1").replace(b"[100 0 R]", b"[2 0 R 100 0 R]")
    )
    assert all(is_sound(outcome) for outcome in outcomes(tmp_path / "file", parent_of_itself))
