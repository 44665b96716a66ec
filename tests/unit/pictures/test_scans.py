"""A scanner's page is taken out of its PDF, and drawn wherever that could show anything else."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from unit.pictures.made import BLUE, CANARY, RED, WHITE, corners, encoded, near, pdf, picture_of, worked
from zendera_desk.domain.paper import Edits
from zendera_desk.pictures.pages import sheet
from zendera_desk.pictures.pixels import Decoded

SIZE = (400, 200)
"""Pixels: 200 dots to the inch of `PAGE`."""
PAGE = (144.0, 72.0)
"""Points."""
AS_LARGE = b"q 144 0 0 72 0 0 cm /Scan Do Q"
RGB, GREY = b"/ColorSpace/DeviceRGB", b"/ColorSpace/DeviceGray"


def scanned(mode: str = "RGB", **how: object) -> bytes:
    return encoded(corners().resize(SIZE, Image.Resampling.NEAREST).convert(mode), quality=90, **how)


def paper(
    jpeg: bytes,
    *,
    drawing: bytes = AS_LARGE,
    says: bytes = RGB,
    filters: bytes = b"/DCTDecode",
    size: tuple[int, int] = SIZE,
    page: bytes = b"",
    further: bytes = b"<<>>",
) -> bytes:
    """A PDF of one page, as scanners write it. `further` is object 12."""
    image = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/Filter %s%s/Length %d>>stream\r\n%s\nendstream" % (
        *size, filters, says, len(jpeg), jpeg,
    )  # fmt: skip
    resources = b"/Resources<</XObject<</Scan 11 0 R>>/Font<</F1 3 0 R>>/ExtGState<</Faint<</ca 0.5>>>>/Properties<</Layer 12 0 R>>>>"
    return pdf(drawing, size=PAGE, extra=[b"<<>>", image, further], page=resources + page)


def taken(file: Path, source: bytes, longest: int = 2400) -> Decoded:
    """The page's pixels before anything is done to them: RGBX where they were drawn."""
    file.write_bytes(source)
    return sheet(str(file), "PDF", 0, longest, Edits(), text=False).decoded


def is_drawn(found: Decoded) -> bool:
    return found.pixels.mode == "RGBX"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "scan.pdf"


@pytest.mark.parametrize(("mode", "says"), [("RGB", RGB), ("L", GREY)])
@pytest.mark.parametrize("filters", [b"/DCTDecode", b"[/DCTDecode]"])
def test_a_scanners_page_is_taken_out_pixel_by_pixel(mode: str, says: bytes, filters: bytes, file: Path) -> None:
    jpeg = scanned(mode)
    found = taken(file, paper(jpeg, says=says, filters=filters))
    whole = Image.open(BytesIO(jpeg))
    assert (found.pixels.mode, found.pixels.size) == ("L", SIZE)
    assert max(map(abs, ImageStat.Stat(ImageChops.difference(found.pixels, whole.convert("L"))).mean)) < 0.5
    assert (found.coloured() is None) is (mode == "L")
    assert max(ImageStat.Stat(ImageChops.difference(found.seen(2400).convert(mode), whole)).rms) < 4


@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("longest", [2400, 301, 60])
def test_a_scans_colours_are_where_they_were_in_whatever_size(subsampling: int, longest: int, file: Path) -> None:
    found = taken(file, paper(scanned(subsampling=subsampling)), longest)
    seen = found.seen(longest).convert("RGB")
    assert max(seen.size) == min(longest, SIZE[0])
    for across, down, wanted in ((0.05, 0.1, RED), (0.95, 0.9, BLUE), (0.95, 0.1, WHITE), (0.05, 0.9, WHITE)):
        assert near(seen.getpixel((int(across * seen.width), int(down * seen.height))), wanted, 40)


def test_a_scan_of_red_green_and_blue_is_drawn(file: Path) -> None:
    """JPEGs are made of brightness and two differences, all but a few."""
    source = paper(scanned(keep_rgb=True))
    assert is_drawn(taken(file, source))
    out = picture_of(worked(file, source)).convert("RGB")
    assert near(out.getpixel((20, 20)), RED, 40)
    assert near(out.getpixel((380, 180)), BLUE, 40)


MASK = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>stream\n\0\nendstream"


@pytest.mark.parametrize(
    "paper_of",
    [
        {"says": RGB + b"/SMask 12 0 R", "further": MASK},
        {"says": RGB + b"/Mask[0 9 0 9 0 9]"},
        {"says": RGB + b"/Decode[1 0 1 0 1 0]"},
        {"says": RGB + b"/OC 12 0 R", "further": b"<</Type/OCG/Name(hidden)>>"},
        {"says": RGB + b"/S#4Dask 12 0 R", "further": MASK},
        {"says": RGB + b"/DecodeParms<</ColorTransform 0>>"},
        {"says": b"/ColorSpace 12 0 R", "further": b"[/CalRGB<</WhitePoint[0.95 1 1.09]>>]"},
        {"says": GREY},
        {"size": (401, 200)},
        {"drawing": AS_LARGE + b" 0 0 1 rg 9 9 20 20 re f"},
        {"drawing": AS_LARGE + b" BT /F1 9 Tf 9 9 Td (stamped) Tj ET"},
        {"drawing": AS_LARGE + b" q 20 0 0 10 9 9 cm /Scan Do Q"},
        {"drawing": b"0 0 99 72 re W n " + AS_LARGE},
        {"drawing": b"/Faint gs " + AS_LARGE},
        {"drawing": b"/OC /Layer BDC " + AS_LARGE + b" EMC", "further": b"<</Type/OCG/Name(hidden)>>"},
        {"drawing": b"q -144 0 0 72 144 0 cm /Scan Do Q"},
        {"drawing": b"q 0 72 -144 0 144 0 cm /Scan Do Q"},
        {"drawing": b"q 100 0 0 50 9 9 cm /Scan Do Q"},
        {"drawing": b"q 144 0 9 72 0 0 cm /Scan Do Q"},
        {"page": b"/CropBox[0 0 100 72]"},
        {"page": b"/Annots[<</Type/Annot/Subtype/Square/Rect[9 9 30 30]/C[1 0 0]>>]"},
    ],
    ids=str,
)
def test_where_anything_may_look_different_the_page_is_drawn(paper_of: dict[str, bytes], file: Path) -> None:
    assert is_drawn(taken(file, paper(scanned(), **paper_of)))  # type: ignore[arg-type]


def test_a_coarse_scan_is_drawn_larger_for_a_reader_of_codes(file: Path) -> None:
    found = taken(file, paper(encoded(corners().resize((144, 72))), size=(144, 72)))
    assert is_drawn(found)
    assert found.pixels.size == (300, 150)


def test_words_that_a_scanner_recognised_lie_behind_the_picture_and_are_read(file: Path) -> None:
    source = paper(scanned(), drawing=b"BT 3 Tr /F1 9 Tf 9 30 Td (Order no. 47110815) Tj ET " + AS_LARGE)
    assert not is_drawn(taken(file, source))
    assert [code.text for code in worked(file, source, codes=True).codes] == ["47110815"]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_scan_that_its_pdf_turns_is_sent_as_it_would_be_drawn(turned: int, file: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a PDF does not ask the JPEG how it is held
    source = paper(scanned(exif=exif), page=b"/Rotate %d" % turned)
    assert not is_drawn(taken(file, source))
    out = picture_of(worked(file, source))
    assert out.size == (SIZE if turned % 180 == 0 else SIZE[::-1])
    upright = out.rotate(turned, expand=True)
    places = (((20, 20), RED), ((380, 180), BLUE), ((380, 20), WHITE), ((20, 180), WHITE))
    assert all(near(upright.convert("RGB").getpixel(place), wanted, 40) for place, wanted in places)


def test_what_is_taken_out_looks_as_it_is_drawn(file: Path) -> None:
    jpeg = scanned()
    linked = b"/Annots[<</Type/Annot/Subtype/Link/Rect[9 9 30 30]>>]"
    assert is_drawn(taken(file, paper(jpeg, page=linked)))
    out, drawn = (picture_of(worked(file, paper(jpeg, page=page))) for page in (b"", linked))
    assert out.size == drawn.size
    assert max(ImageStat.Stat(ImageChops.difference(out.convert("RGB"), drawn.convert("RGB"))).rms) < 4


def test_of_a_scan_that_ends_too_soon_is_shown_what_there_is(file: Path) -> None:
    whole = encoded(Image.effect_noise(SIZE, 60).convert("RGB"), quality=90)
    source = paper(whole[: len(whole) // 2])
    assert is_drawn(taken(file, source))
    shown = picture_of(worked(file, source)).convert("L")
    assert ImageStat.Stat(shown.crop((0, 0, 400, 60))).stddev[0] > 20


def test_a_small_picture_of_a_scan_is_decoded_small(file: Path) -> None:
    assert taken(file, paper(scanned()), 90).pixels.size == (100, 50)


@pytest.mark.parametrize("longest", [2400, 300])
def test_what_a_scanner_wrote_beside_the_pixels_stays_here(longest: int, file: Path) -> None:
    source = paper(scanned(comment=CANARY))
    assert CANARY in source
    assert CANARY not in worked(file, source, longest=longest).jpeg
