"""Codes on paper: each kind, the sheets that part documents, and how much of a bad page can still be read."""

from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw

from support.notes import facts, note, separator
from support.notes.forms import A4, Sheet
from support.notes.measuring import clean, photographed, recognise, scanned, uncoded
from unit.pictures.made import encoded, worked
from zendera_desk.domain.paper import SEPARATOR, Code
from zendera_desk.pictures.codes import is_separator, read_codes
from zendera_desk.pictures.separator import separator_sheet


def page(*codes: tuple[str, str], module: int = 4) -> Image.Image:
    sheet = Sheet("#ffffff", "#111111", "Sans")
    for place, (kind, text) in enumerate(codes):
        sheet.code(20, 20 + place * 45, kind, text, module=module)
    return sheet.picture


@pytest.mark.parametrize(
    ("printed", "text", "kind", "read"),
    [
        ("code128", "NL-26-00131", "code128", "NL-26-00131"),
        ("gs1-128", "(00)370704810001300008", "code128", "(00)370704810001300008"),
        ("code39", "A-77123", "code39", "A-77123"),
        ("itf", "48100013", "itf", "48100013"),
        ("ean", "7038010000010", "ean", "7038010000010"),
        ("qr", "48100013", "qr", "48100013"),
        ("datamatrix", "A-77123", "datamatrix", "A-77123"),
        ("pdf417", "A-77123", "pdf417", "A-77123"),
    ],
)
def test_each_kind_of_code_is_read(printed: str, text: str, kind: str, read: str) -> None:
    assert read_codes(page((printed, text))) == (Code(kind=kind, text=read),)


def test_bars_that_stand_upright_are_read() -> None:
    assert read_codes(page(("code128", "48100013")).rotate(90, expand=True)) == (Code(kind="code128", text="48100013"),)


def test_a_code_that_is_there_twice_is_named_once() -> None:
    found = read_codes(page(("code128", "48100013"), ("code128", "48100013"), ("qr", "48100013")))
    assert sorted((code.kind, code.text) for code in found) == [("code128", "48100013"), ("qr", "48100013")]


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P"])
def test_any_picture_will_do(mode: str) -> None:
    assert read_codes(page(("code128", "48100013")).convert(mode)) == (Code(kind="code128", text="48100013"),)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (5000, 2), A4])
def test_nothing_is_read_on_what_is_empty(size: tuple[int, int]) -> None:
    assert read_codes(Image.new("L", size, 255)) == ()


def test_a_short_interleaved_code_is_taken_for_a_ghost() -> None:
    assert read_codes(page(("itf", "4810"))) == ()


@pytest.mark.parametrize("kind", ["code39", "code128"])
def test_the_sheet_of_scanner_software_parts_documents(kind: str) -> None:
    assert is_separator(read_codes(separator(dpi=150, kind=kind)))


def test_our_own_sheet_parts_documents_even_with_two_corners_torn_off() -> None:
    sheet = pypdfium2.PdfDocument(separator_sheet("Nytt dokument (æøå)", ["Legg arket mellom papirene."]))[0]
    assert "Nytt dokument (æøå)" in sheet.get_textpage().get_text_range()
    picture = sheet.render(scale=150 / 72).to_pil().convert("L")
    picture.paste(128, (0, 0, 500, 600))
    picture.paste(128, (700, 1100, *picture.size))
    found = read_codes(picture)
    assert found == (Code(kind="qr", text=SEPARATOR),)
    assert is_separator(found)


def test_no_other_page_parts_documents() -> None:
    assert not is_separator(())
    assert not is_separator([Code(kind="code39", text="PATCH1"), Code(kind="code128", text="48100013")])
    assert not is_separator([Code(kind="text", text="PATCHT")]), "a manual may speak of it"
    assert not is_separator([Code(kind="code39", text="PATCHT"), Code(kind="code128", text="48100013")]), "a paper with a sticker"
    assert not is_separator([Code(kind="qr", text=SEPARATOR), Code(kind="datamatrix", text="48100013")])


def test_a_sheet_that_parts_documents_may_say_other_words_with_numbers() -> None:
    words = [Code(kind="text", text="A4-80G"), Code(kind="text", text="PATCHT")]
    assert is_separator([Code(kind="code39", text="PATCHT"), *words])
    assert is_separator([Code(kind="qr", text=SEPARATOR), *words])


def test_a_page_that_lies_wrong_is_read_all_the_same() -> None:
    made = facts(3)
    upright = note(made, 3, dpi=150)
    for turn in (90, 180, 270):
        assert made.codes[0][1] in {code.text for code in read_codes(upright.rotate(turn, expand=True))}


def stamped(ink: str) -> Image.Image:
    bars = page(("code128", "NL-26-00131")).resize((A4[0] // 2, A4[1] // 2), Image.Resampling.BOX)
    layer = Image.new("RGB", bars.size, "#ffffff")
    pen = ImageDraw.Draw(layer)
    for x in range(100, 480, 16):
        pen.line((x, 100, x - 60, 260), fill=ink, width=7)
    return ImageChops.multiply(bars, layer)


@pytest.mark.parametrize("ink", ["#27348b", "#b01f2e"])
def test_bars_under_stamps_are_read(ink: str, tmp_path: Path) -> None:
    picture, read = stamped(ink), Code(kind="code128", text="NL-26-00131")
    assert read_codes(picture) == (read,)
    assert read_codes(picture.convert("L")) == (), "without colours nobody could tell stamp and bars apart"
    assert read_codes(picture.convert("L"), lambda: picture) == (read,)
    assert worked(tmp_path / "scan.pdf", encoded(picture, "PDF", resolution=200, quality=95), codes=True).codes == (read,)


def test_a_products_code_does_not_end_the_search_for_the_shipments_own() -> None:
    both = page(("code128", "NL-26-00131"), ("ean", "7038010000010")).resize((A4[0] // 2, A4[1] // 2), Image.Resampling.BOX)
    layer = Image.new("RGB", both.size, "#ffffff")
    ImageDraw.Draw(layer).rectangle((100, 100, 480, 240), fill="#27348b")
    found = read_codes(ImageChops.multiply(both, layer))
    assert {code.text for code in found} == {"7038010000010", "NL-26-00131"}


def test_clean_pages_are_all_recognised() -> None:
    found = recognise(clean, range(3))
    assert (found.right, found.wrong) == (3, ())


def test_hasty_scans_are_recognised() -> None:
    found = recognise(scanned, range(10, 12))
    assert (found.right, found.wrong) == (2, ())


def test_photos_are_recognised_also_one_that_is_both_stamped_and_blurred() -> None:
    found = recognise(photographed, [18])
    assert (found.right, found.wrong) == (1, ())


def test_nothing_is_made_up_where_no_code_is_printed() -> None:
    found = recognise(uncoded, [30])
    assert (found.right, found.several, found.wrong) == (0, 0, ())
