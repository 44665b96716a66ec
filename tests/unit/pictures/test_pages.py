import struct
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat
from PIL.PngImagePlugin import PngInfo

from unit.pictures.made import BLACK, BLUE, CANARY, HEIC, LYING, RED, WHITE, corners, encoded, near, pdf, picture_of, says, worked
from zendera_desk.domain.errors import PictureError
from zendera_desk.domain.paper import Edits
from zendera_desk.pictures import pdf as printed
from zendera_desk.pictures.jobs import Open, Opened, Work, Worked
from zendera_desk.pictures.work import do


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "as it came"


def opened(file: Path, source: bytes) -> Opened:
    file.write_bytes(source)
    answer = do(Open(path=str(file)))
    assert isinstance(answer, Opened)
    return answer


def refusal(file: Path, source: bytes, **work: int) -> PictureError:
    file.write_bytes(source)
    with pytest.raises(PictureError) as refused:
        do(Work(path=str(file), **({"jpeg": True} | work)) if work else Open(path=str(file)))
    return refused.value


def is_upright(picture: Image.Image) -> bool:
    shown = picture.convert("RGB")
    places = (((4, 4), RED), ((60, 28), BLUE), ((60, 4), WHITE), ((4, 28), WHITE))
    return shown.size == (64, 32) and all(near(shown.getpixel(place), wanted, 40) for place, wanted in places)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "HEIC"])
def test_every_way_of_holding_the_phone_ends_upright_in_every_format(kind: str, orientation: int, file: Path) -> None:
    if kind == "HEIC":
        source = (HEIC / f"orientation-{orientation}.heic").read_bytes()
    else:
        lying = corners().transpose(LYING[orientation]) if orientation in LYING else corners()
        exif = Image.Exif()
        exif[0x0112] = orientation
        source = encoded(lying, kind, exif=exif, **{"JPEG": {"quality": 95}, "WebP": {"quality": 95}}.get(kind, {}))
    assert opened(file, source).kind == kind
    done = worked(file, source, pixels=64)
    assert is_upright(picture_of(done))
    assert is_upright(Image.frombytes("RGB", (done.rgb_width, done.rgb_height), done.rgb))


def with_canary(kind: str) -> bytes:
    if kind == "HEIC":
        return (HEIC / "orientation-6.heic").read_bytes()
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    exif.get_ifd(0x8825)[29] = CANARY.decode()  # GPS date stamp
    picture = Image.effect_noise((320, 240), 30).convert("RGB")
    xmp = b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>"
    match kind:
        case "JPEG":
            return encoded(picture, exif=exif, comment=CANARY, xmp=xmp, icc_profile=CANARY) + CANARY
        case "PNG":
            facts = PngInfo()
            facts.add_text("Comment", CANARY.decode())
            facts.add_itxt("XML:com.adobe.xmp", CANARY.decode(), zip=False)
            return encoded(picture, "PNG", pnginfo=facts, exif=exif)
        case "WebP":
            return encoded(picture, "WebP", exif=exif, xmp=xmp, icc_profile=CANARY)
        case "TIFF":
            return encoded(picture, "TIFF", exif=exif, icc_profile=CANARY, description=CANARY.decode())
        case _:
            return pdf(says("a note"), trailer=b"/Info<</Title(%s)/Author(%s)>>" % (CANARY, CANARY))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "HEIC", "PDF"])
def test_nothing_but_pixels_leaves_the_house(kind: str, file: Path) -> None:
    source = with_canary(kind)
    assert source.count(CANARY) >= 2
    jpeg = worked(file, source).jpeg
    assert CANARY not in jpeg
    assert not {"exif", "comment", "xmp", "icc_profile"} & Image.open(BytesIO(jpeg)).info.keys()
    markers = set(jpeg[: jpeg.index(b"\xff\xda")].split(b"\xff")[1:])
    assert not {marker[:1] for marker in markers if marker[:1]} & {bytes([kind]) for kind in (*range(0xE1, 0xF0), 0xFE)}


# TIFF, as scanners and faxes write it


def page_of_text(mode: str = "1", size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    page = Image.new("L", size, 255)
    draw = ImageDraw.Draw(page)
    for line in range(20):
        draw.text((80, 80 + line * 60), f"Consignment note {line} 0123456789", fill=0, font_size=32)
    return page.convert(mode)


@pytest.mark.parametrize(
    ("mode", "compression"),
    [
        ("1", "group4"),
        ("1", "group3"),
        ("1", None),
        ("L", "tiff_lzw"),
        ("RGB", "tiff_lzw"),
        ("RGB", "jpeg"),
        ("CMYK", "tiff_adobe_deflate"),
        ("P", "packbits"),
    ],
)
def test_what_a_scanner_packs_comes_out_as_the_page(mode: str, compression: str | None, file: Path) -> None:
    source = encoded(page_of_text(mode), "TIFF", compression=compression, dpi=(150, 150))
    picture = picture_of(worked(file, source, longest=2000)).convert("L")
    assert picture.size == (1240, 1754)
    off = ImageStat.Stat(ImageChops.difference(picture, page_of_text("L"))).mean[0]
    assert off < 6, off


def test_sixteen_bit_grey_is_scaled_and_not_clipped(file: Path) -> None:
    assert near(picture_of(worked(file, encoded(Image.new("I;16", (16, 16), 0x8000), "TIFF"))).getpixel((8, 8)), (128, 128, 128))


def test_sixteen_bit_colour_is_read(file: Path) -> None:
    """Written by hand, because Pillow reads it but does not write it."""
    entries = [(256, 3, 1, 8), (257, 3, 1, 8), (258, 3, 3, 134), (259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 1, 140), (277, 3, 1, 3)]
    entries += [(278, 3, 1, 8), (279, 4, 1, 8 * 8 * 6)]
    head = b"II*\0" + struct.pack("<IH", 8, len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    source = (head + b"\0" * 4).ljust(134, b"\0") + struct.pack("<HHH", 16, 16, 16) + struct.pack("<HHH", 0xDC00, 0x1400, 0x1400) * 64
    assert near(picture_of(worked(file, source)).getpixel((4, 4)), RED)


def test_each_page_of_a_tiff_is_its_own_picture_in_its_own_size(file: Path) -> None:
    pages = [Image.new("RGB", (40, 30), RED), Image.new("RGB", (30, 40), BLUE), Image.new("L", (50, 50), 255)]
    source = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    assert opened(file, source).pages == 3
    seen = [picture_of(worked(file, source, page=page)) for page in range(3)]
    assert [picture.size for picture in seen] == [(40, 30), (30, 40), (50, 50)]
    assert [near(picture.getpixel((9, 9)), wanted) for picture, wanted in zip(seen, (RED, BLUE, WHITE), strict=True)] == [True] * 3
    assert refusal(file, source, page=3).code == "unreadable"


def test_a_fax_that_is_twice_as_fine_across_is_not_squashed(file: Path) -> None:
    squashed = page_of_text("1", (1728, 1143))
    picture = picture_of(worked(file, encoded(squashed, "TIFF", compression="group3", dpi=(204, 98)), longest=3000))
    assert picture.size == (1728, round(1143 * 204 / 98))


@pytest.mark.parametrize("dpi", [(0, 0), (300, 1), (200, 210)])
def test_a_resolution_that_makes_no_sense_is_not_believed(dpi: tuple[int, int], file: Path) -> None:
    assert picture_of(worked(file, encoded(Image.new("L", (40, 30), 255), "TIFF", dpi=dpi))).size == (40, 30)


def test_small_print_of_a_black_and_white_scan_stays_readable(file: Path) -> None:
    """Scaled in grey: where every other pixel was dropped, strokes of a scan would be broken or gone."""
    fine = Image.new("1", (3000, 3000), 1)
    draw = ImageDraw.Draw(fine)
    for place in range(0, 3000, 30):
        draw.line((place, 0, place, 2999), fill=0, width=2)
    picture = picture_of(worked(file, encoded(fine, "TIFF", compression="group4")))
    assert picture.mode == "L"
    row = [int(picture.getpixel((x, 800))) for x in range(1600)]
    assert sum(1 for x in range(16, 1584, 16) if min(row[x - 8 : x + 8]) < 150) >= 97  # every stroke is there
    assert max(row) > 240


def test_grey_stays_grey_and_so_smaller(file: Path) -> None:
    note = page_of_text("L")
    grey, coloured = worked(file, encoded(note, "PNG")), worked(file, encoded(note.convert("RGB"), "PNG"))
    assert picture_of(grey).mode == "L"
    assert len(grey.jpeg) < len(coloured.jpeg)


def test_a_book_is_refused_and_so_is_a_chain_of_pages_without_an_end(file: Path) -> None:
    one = Image.new("1", (8, 8))
    book = encoded(one, "TIFF", save_all=True, append_images=[one] * 500)
    assert (refused := refusal(file, book)).code == "too_many_pages"
    assert refused.values == {"pages": 501, "most": 500}
    looped = bytearray(encoded(one, "TIFF"))
    at = struct.unpack_from("<I", looped, 4)[0]
    count = struct.unpack_from("<H", looped, at)[0]
    struct.pack_into("<I", looped, at + 2 + 12 * count, at)  # the next page is this one
    assert opened(file, bytes(looped)).pages == 1


# PDF


def test_each_page_of_a_pdf_is_drawn_as_large_as_asked(file: Path) -> None:
    source = pdf(says("one"), b"1 0 0 rg 0 421 595 421 re f", b"")
    assert opened(file, source) == Opened(kind="PDF", pages=3)
    top, bottom = (picture_of(worked(file, source, page=1)).getpixel((500, y)) for y in (10, 1500))
    assert near(top, (255, 0, 0))
    assert near(bottom, WHITE)
    done = worked(file, source, longest=1000, pixels=300)
    assert (done.width, done.height) == (707, 1000)
    assert (done.rgb_width, done.rgb_height) == (212, 300)
    assert refusal(file, source, page=3).code == "unreadable"


def test_a_page_that_a_pdf_turns_is_drawn_turned(file: Path) -> None:
    assert picture_of(worked(file, pdf(says("one"), page=b"/Rotate 90"), longest=842)).size == (842, 595)


def test_what_was_typed_into_a_form_is_on_the_picture(file: Path) -> None:
    look = b"<</Type/XObject/Subtype/Form/BBox[0 0 200 50]/Length 22>>stream\n0 0 1 rg 0 0 200 50 re f\nendstream"
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(signee)/V(Kari)/F 4/Rect[100 600 300 650]/AP<</N 12 0 R>>>>"
    source = pdf(b"", extra=[b"<</Fields[11 0 R]>>", field, look], page=b"/Annots[11 0 R]")
    assert near(picture_of(worked(file, source, longest=842)).getpixel((200, 842 - 625)), (0, 0, 255))


def test_the_words_of_a_pdf_are_read_and_those_of_a_picture_are_not_made_up(file: Path) -> None:
    source = pdf(says("Order no. 47110815"), b"")
    assert [(code.kind, code.text) for code in worked(file, source, codes=True).codes] == [("text", "47110815")]
    assert worked(file, source, codes=True, page=1).codes == ()
    assert worked(file, source).codes == ()


def coloured() -> Image.Image:
    """Red above, blue below, on A4 at 200 dots per inch, with black strokes as fine as small print across them."""
    picture = Image.new("RGB", (1654, 2339), WHITE)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((100, 100, 1500, 900), fill=RED)
    draw.rectangle((100, 1400, 1500, 2200), fill=BLUE)
    for place in range(120, 1480, 40):
        draw.line((place, 100, place, 2200), fill=BLACK, width=4)
    return picture


@pytest.mark.parametrize("edits", [Edits(), Edits(turn=180), Edits(brightness=1)], ids=repr)
def test_a_page_that_is_drawn_for_its_codes_is_sent_as_if_it_had_been_drawn_to_be_sent(edits: Edits, file: Path) -> None:
    source = encoded(coloured(), "PDF", resolution=200)
    looked_at, alone = (picture_of(worked(file, source, codes=codes, edits=edits)).convert("RGB") for codes in (True, False))
    assert looked_at.size == alone.size
    for seen in (looked_at, alone):
        upper, lower = (RED, BLUE) if not edits.turn else (BLUE, RED)
        wide, high = seen.size
        strokes = [min(seen.crop((x, high // 5, x + 30, high // 5 + 1)).convert("L").tobytes()) for x in range(100, wide - 160, 27)]
        assert max(strokes) < 60  # none was lost
        assert any(near(seen.getpixel((x, high // 5)), upper, 40) for x in range(200, 230))
        assert any(near(seen.getpixel((x, high * 4 // 5)), lower, 40) for x in range(200, 230))
    assert max(ImageStat.Stat(ImageChops.difference(looked_at, alone)).rms) < 12


@pytest.mark.parametrize("scanned", [True, False])
@pytest.mark.parametrize("crop", [(0.1, 0.1, 0.9, 0.5), (0.25, 0.05, 0.6, 0.95)])
def test_a_cropped_page_is_as_large_whether_or_not_its_codes_are_looked_for(
    crop: tuple[float, float, float, float], scanned: bool, file: Path
) -> None:
    source = encoded(coloured(), "PDF", resolution=200) if scanned else pdf(says("one"), size=(595.28, 841.89))
    looked_at, alone = (picture_of(worked(file, source, codes=codes, edits=Edits(crop=crop))).size for codes in (True, False))
    assert looked_at == alone


@pytest.mark.parametrize(("scanned", "longest", "drawn"), [(200, 2400, 2339), (300, 2400, 2400), (300, 1600, 1600), (72, 2400, 1754)])
def test_a_scan_is_drawn_no_larger_than_it_was_scanned_and_never_coarse(scanned: int, longest: int, drawn: int, file: Path) -> None:
    scan = Image.new("RGB", (round(210 / 25.4 * scanned), round(297 / 25.4 * scanned)), WHITE)
    file.write_bytes(encoded(scan, "PDF", resolution=scanned))
    with printed.document(str(file)) as document:
        assert abs(max(printed.render(document[0], longest).size) - drawn) <= 2


def test_a_page_of_letters_is_drawn_as_large_as_asked(file: Path) -> None:
    file.write_bytes(pdf(says("one")))
    with printed.document(str(file)) as document:
        assert max(printed.render(document[0], 2400).size) == 2400


def encrypted() -> bytes:
    key = b"<</Filter/Standard/V 1/R 2/Length 40/P -4/O<%s>/U<%s>>>" % (b"41" * 32, b"42" * 32)
    return pdf(says("secret"), trailer=b"/Encrypt %s/ID[<00><00>]" % key)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (encrypted(), "encrypted"),
        (pdf(), "no_pages"),
        (b"%PDF-1.7\n%%EOF\n", "unreadable"),
        (b"%PDF-1.7\n" + b"\xff" * 3000, "unreadable"),
        (pdf(*[b""] * 501), "too_many_pages"),
    ],
)
def test_a_pdf_that_cannot_be_used_is_refused_in_its_own_words(source: bytes, code: str, file: Path) -> None:
    assert refusal(file, source).code == code


def test_a_pdf_whose_table_of_contents_is_broken_is_mended(file: Path) -> None:
    source = pdf(says("one"), says("two")).replace(b"startxref\n", b"startxref\n9")
    assert opened(file, source).pages == 2
    assert len(worked(file, source, page=1).jpeg) > 5000


@pytest.mark.parametrize(
    ("size", "most"),
    [((72_000, 72_000), (1600, 1600)), ((72_000, 1), (1600, 1)), ((7, 7), (40, 40)), ((1e9, 1e9), (1600, 1600)), ((0, 0), (1600, 1600))],
)
def test_a_page_of_an_absurd_size_costs_no_more_than_any_other(size: tuple[float, float], most: tuple[int, int], file: Path) -> None:
    done = worked(file, pdf(b"0 0 9 9 re f", size=size), codes=True)
    assert done.width <= most[0]
    assert done.height <= most[1]


def test_a_corner_of_a_huge_page_costs_no_more_than_36_million_pixels(file: Path) -> None:
    done = worked(file, pdf(b"", size=(14_400, 14_400)), edits=Edits(crop=(0, 0, 0.001, 0.001)))
    assert max(done.width, done.height) <= 6


# Too large, by the header


def png_header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 2, 0, 0, 0) + b"\0" * 4


@pytest.mark.parametrize(
    "source",
    [
        encoded(Image.new("RGB", (8, 8))).replace(struct.pack(">HH", 8, 8), struct.pack(">HH", 60_000, 60_000)),
        b"RIFF\xff\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff\x3e\0" * 2 + b"\0" * 40,
        b"RIFF\xff\0\0\0WEBPVP8L\xff\0\0\0\x2f\xff\xff\xff\x0f" + b"\0" * 40,
        encoded(Image.new("1", (8, 8)), "TIFF").replace(struct.pack("<HHII", 256, 4, 1, 8), struct.pack("<HHII", 256, 4, 1, 1 << 30)),
    ],
    ids=["JPEG", "WebP", "WebP without loss", "TIFF"],
)
def test_a_bomb_is_refused_by_its_header(source: bytes, file: Path) -> None:
    assert refusal(file, source).code == "too_many_pixels"
    assert refusal(file, source, page=0).code == "too_many_pixels"


def test_one_decoding_serves_all_that_is_wanted(file: Path) -> None:
    done = worked(file, encoded(Image.effect_noise((3000, 2000), 20).convert("RGB")), codes=True, pixels=300)
    assert (done.width, done.height, done.rgb_width, done.rgb_height) == (1600, 1067, 300, 200)
    assert len(done.rgb) == 300 * 200 * 3


def test_several_threads_get_what_one_gets(tmp_path: Path) -> None:
    """PDFium is not safe in threads: without its lock this crashes or mixes pages up."""
    sources = [pdf(*(says(f"{page} of {of}") for page in range(of))) for of in (3, 5)] + [encoded(page_of_text(), "TIFF")]
    jobs = []
    for number, source in enumerate(sources):
        (tmp_path / str(number)).write_bytes(source)
        jobs += [Work(path=str(tmp_path / str(number)), page=page, jpeg=True, longest=400) for page in range((3, 5, 1)[number])]
    alone = [do(job) for job in jobs]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(do, jobs * 6)) == alone * 6


def test_what_is_not_wanted_is_not_made(file: Path) -> None:
    assert worked(file, encoded(Image.new("RGB", (30, 20), BLACK)), jpeg=False) == Worked()


def test_a_file_that_is_gone_is_said(file: Path) -> None:
    with pytest.raises(PictureError) as refused:
        do(Open(path=str(file)))
    assert refused.value.code == "unreadable"


@pytest.mark.parametrize("how", [{}, {"keep_rgb": True}, {"subsampling": 0}], ids=["halved", "red, green and blue", "not halved"])
@pytest.mark.parametrize("longest", [1600, 400, 111])
def test_a_photos_colours_are_where_they_were_in_whatever_size_and_nothing_else_goes_along(
    how: dict[str, object], longest: int, tmp_path: Path
) -> None:
    source = encoded(corners().resize((800, 400), Image.Resampling.NEAREST), quality=90, comment=CANARY, **how)
    made = worked(tmp_path / "photo.jpg", source, longest=longest)
    assert CANARY in source
    assert CANARY not in made.jpeg
    seen = picture_of(made)
    assert max(seen.size) == min(longest, 800)
    for across, down, wanted in ((0.05, 0.1, RED), (0.95, 0.9, BLUE), (0.95, 0.1, WHITE), (0.05, 0.9, WHITE)):
        assert near(seen.getpixel((int(across * seen.width), int(down * seen.height))), wanted, 40)
