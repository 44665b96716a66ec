"""The printed part of a consignment note: four forms as offices of the North have them, drawn at 300 dots per inch."""

import random
from collections.abc import Callable
from functools import cache
from typing import Final

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from support.notes.facts import Facts, Place

DPI: Final = 300
A4: Final = (2480, 3508)
Box = tuple[float, float, float, float]

_FORMATS: Final = {
    "code128": zxingcpp.BarcodeFormat.Code128,
    "gs1-128": zxingcpp.BarcodeFormat.Code128,
    "code39": zxingcpp.BarcodeFormat.Code39,
    "itf": zxingcpp.BarcodeFormat.ITF,
    "ean": zxingcpp.BarcodeFormat.EAN13,
    "qr": zxingcpp.BarcodeFormat.QRCode,
    "datamatrix": zxingcpp.BarcodeFormat.DataMatrix,
    "pdf417": zxingcpp.BarcodeFormat.PDF417,
}
_MATRIX: Final = frozenset({"qr", "datamatrix"})

_WORDS: Final = {
    "title": {"nb": "FRAKTBREV", "da": "FRAGTBREV", "sv": "FRAKTSEDEL", "en": "CONSIGNMENT NOTE"},
    "sender": {"nb": "Avsender", "da": "Afsender", "sv": "Avsändare", "en": "Sender"},
    "consignee": {"nb": "Mottaker", "da": "Modtager", "sv": "Mottagare", "en": "Consignee"},
    "carrier": {"nb": "Transportør", "da": "Fragtfører", "sv": "Fraktförare", "en": "Carrier"},
    "number": {"nb": "Ordrenr.", "da": "Ordrenr.", "sv": "Ordernr", "en": "Order no."},
    "reference": {"nb": "Referanse", "da": "Reference", "sv": "Referens", "en": "Reference"},
    "date": {"nb": "Dato", "da": "Dato", "sv": "Datum", "en": "Date"},
    "marks": {"nb": "Merke/nr.", "da": "Mærke/nr.", "sv": "Märke/nr", "en": "Marks/nos."},
    "colli": {"nb": "Kolli", "da": "Kolli", "sv": "Kolli", "en": "Packages"},
    "packing": {"nb": "Type", "da": "Type", "sv": "Slag", "en": "Kind"},
    "goods": {"nb": "Vareslag", "da": "Godsets art", "sv": "Godsslag", "en": "Description of goods"},
    "weight": {"nb": "Vekt kg", "da": "Vægt kg", "sv": "Vikt kg", "en": "Weight kg"},
    "cash": {"nb": "Postoppkrav", "da": "Efterkrav", "sv": "Efterkrav", "en": "Cash on delivery"},
    "received": {
        "nb": "Varene mottatt i god stand",
        "da": "Godset modtaget",
        "sv": "Godset mottaget",
        "en": "Goods received in good order",
    },
    "signature": {"nb": "Underskrift", "da": "Underskrift", "sv": "Namnteckning", "en": "Signature"},
    "capitals": {"nb": "Navn (blokkbokstaver)", "da": "Navn (blokbogstaver)", "sv": "Namnförtydligande", "en": "Name in capitals"},
    "remarks": {"nb": "Anmerkninger", "da": "Bemærkninger", "sv": "Anmärkningar", "en": "Reservations"},
    "total": {"nb": "Sum", "da": "I alt", "sv": "Summa", "en": "Total"},
}


@cache
def font(size: int, *, bold: bool = False, family: str = "Sans") -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """DejaVu, which the program's packages bring; elsewhere what Pillow has built in."""
    try:
        return ImageFont.truetype(f"DejaVu{family}{'-Bold' if bold else ''}.ttf", size)
    except OSError:
        return ImageFont.load_default(size)


class Sheet:
    """An A4 page to print on. All measures in millimetres from its upper left corner."""

    def __init__(self, paper: str, ink: str, family: str) -> None:
        self.picture = Image.new("RGB", A4, paper)
        self.ink = ink
        self.family = family
        self._pen = ImageDraw.Draw(self.picture)
        self.fields: dict[str, Box] = {}
        """Where a hand writes: signature, capitals, date, remarks."""
        self.code_box: Box = (0, 0, 0, 0)

    def box(self, area: Box, *, width: float = 0.3, fill: str | None = None, colour: str | None = None) -> None:
        self._pen.rectangle([px(value) for value in area], outline=colour or self.ink, width=max(1, px(width)), fill=fill)

    def line(self, area: Box, *, width: float = 0.25, colour: str | None = None) -> None:
        self._pen.line([px(value) for value in area], fill=colour or self.ink, width=max(1, px(width)))

    def text(
        self, x: float, y: float, text: str, size: float = 3.2, *, bold: bool = False, colour: str | None = None,
        family: str | None = None, anchor: str = "la",
    ) -> None:  # fmt: skip
        made = font(px(size), bold=bold, family=family or self.family)
        self._pen.text((px(x), px(y)), text, font=made, fill=colour or self.ink, anchor=anchor)

    def label(self, x: float, y: float, text: str, colour: str | None = None) -> None:
        self.text(x + 1, y + 0.8, text, 2.1, colour=colour, family="Sans")

    def paste(self, picture: Image.Image, x: float, y: float) -> None:
        self.picture.paste(picture, (px(x), px(y)))

    def code(self, x: float, y: float, kind: str, text: str, *, module: int = 4, height: float = 16, shown: str | None = None) -> Box:
        """Prints it with its quiet zone; returns where its bars are."""
        made = barcode(kind, text, module, height)
        self.paste(made, x, y)
        area = (x, y, x + made.width / DPI * 25.4, y + made.height / DPI * 25.4)
        if kind not in _MATRIX and shown != "":
            self.text((area[0] + area[2]) / 2, area[3] + 0.6, shown or text, 2.9, anchor="ma", family="SansMono", colour="#111")
        return area


def px(millimetres: float) -> int:
    return round(millimetres * DPI / 25.4)


def barcode(kind: str, text: str, module: int, height: float = 16) -> Image.Image:
    """Black on white with its quiet zone; `module` in pixels, `height` in millimetres for bars."""
    made = zxingcpp.create_barcode(text, _FORMATS[kind], **({"gs1": True} if kind == "gs1-128" else {}))
    is_matrix = kind in _MATRIX or kind == "pdf417"
    image = Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=module, add_quiet_zones=is_matrix))
    if is_matrix:
        return image
    row = image.crop((0, image.height // 2, image.width, image.height // 2 + 1))
    padded = Image.new("L", (row.width + 20 * module, px(height)), 255)
    padded.paste(row.resize((row.width, padded.height), Image.Resampling.NEAREST), (10 * module, 0))
    return padded


def form(facts: Facts, rng: random.Random) -> Sheet:
    """One of the four, with all that a printer puts on it."""
    return rng.choice(_FORMS)(facts, rng)


def word(facts: Facts, name: str) -> str:
    return _WORDS[name][facts.language]


def _boxed(facts: Facts, rng: random.Random) -> Sheet:
    """As the international road consignment note: numbered boxes over the whole page, in one colour, filled in by a matrix printer."""
    colour = rng.choice(("#0b6b3a", "#a32020", "#1d3f86"))
    sheet = Sheet("#fffefb", "#1a1a1a", "SansMono")
    sheet.text(60, 8, f"{word(facts, 'title')}  ·  CMR", 5.2, bold=True, colour=colour, family="Sans")
    sheet.text(196, 9, f"No {facts.order_id}", 3.4, colour=colour, anchor="ra")
    for box, (area, name, place) in enumerate(
        (((14, 16, 105, 50), "sender", facts.sender), ((14, 50, 105, 84), "consignee", facts.consignee)), start=1
    ):
        sheet.box(area, colour=colour)
        sheet.label(area[0], area[1], f"{box}  {word(facts, name)}", colour)
        _address(sheet, area[0] + 4, area[1] + 6, place)
    sheet.box((105, 16, 196, 50), colour=colour)
    sheet.label(105, 16, f"16  {word(facts, 'carrier')}", colour)
    for step, line in enumerate(("Nordveien Transport AS", "Terminalveien 12", "1481 Hagan")):
        sheet.text(109, 22 + step * 5, line)
    _code(sheet, facts, rng, 107, 55, height=15)
    sheet.box((105, 50, 196, 84), colour=colour)
    _pairs(sheet, facts, 14, 84, 196, colour)
    _goods(sheet, facts, 14, 98, 196, 178, colour=colour)
    _beside(sheet, facts, rng, 160, 146)
    sheet.box((14, 178, 105, 214), colour=colour)
    sheet.label(14, 178, f"18  {word(facts, 'remarks')}", colour)
    sheet.fields["remarks"] = (17, 186, 103, 210)
    sheet.box((105, 178, 196, 214), colour=colour)
    _cash(sheet, facts, 109, 183)
    for box, (name, left) in enumerate((("sender", 14.0), ("carrier", 74.6), ("consignee", 135.2)), start=22):
        sheet.box((left, 214, left + 60.7, 272), colour=colour)
        sheet.label(left, 214, f"{box}  {word(facts, 'signature')} ({word(facts, name).lower()})", colour)
    sheet.label(135.2, 252, word(facts, "capitals"), colour)
    sheet.line((135.2, 251.5, 195.9, 251.5), colour=colour)
    sheet.fields |= {"signature": (140, 226, 190, 249), "capitals": (138, 256, 194, 262), "date": (138, 264, 170, 271)}
    sheet.text(14, 275, "Copy 3 / Eksemplar 3  ·  Sender - Consignee - Carrier", 2.2, colour=colour, family="Sans")
    return sheet


def _plain(facts: Facts, rng: random.Random) -> Sheet:
    """The laser-printed consignment note of a transport office: logo, large barcode, a table, a field for the receiver."""
    accent = rng.choice(("#14446b", "#7a1f2b", "#2f5d34", "#222222"))
    sheet = Sheet("#ffffff", "#161616", "Sans")
    _logo(sheet, accent, rng)
    sheet.text(16, 34, word(facts, "title"), 7.5, bold=True)
    _code(sheet, facts, rng, 118, 12, height=18)
    _pairs(sheet, facts, 16, 46, 194, "#777777")
    for name, place, left in (("sender", facts.sender, 16.0), ("consignee", facts.consignee, 106.0)):
        sheet.text(left, 64, word(facts, name).upper(), 2.5, bold=True, colour=accent)
        sheet.line((left, 68, left + 84, 68), colour=accent, width=0.5)
        _address(sheet, left, 71, place)
    _goods(sheet, facts, 16, 102, 194, 172, colour="#8a8a8a", shaded=True)
    _beside(sheet, facts, rng, 16, 178)
    _cash(sheet, facts, 70, 180)
    sheet.text(70, 200, word(facts, "remarks"), 2.6, colour="#555555")
    sheet.fields["remarks"] = (70, 204, 190, 216)
    _receiver(sheet, facts, 16, 222, 194)
    sheet.text(
        105,
        283,
        f"{facts.sender.name}  ·  {facts.sender.street}, {facts.sender.postal} {facts.sender.city}",
        2.2,
        colour="#777777",
        anchor="ma",
    )
    return sheet


def _delivery(facts: Facts, rng: random.Random) -> Sheet:
    """A delivery note from a shipper's own system, with the barcode at the foot and a lot of small print."""
    sheet = Sheet("#fdfdfd", "#202020", rng.choice(("Serif", "Sans")))
    sheet.text(18, 16, facts.sender.name, 6.2, bold=True)
    sheet.text(18, 25, f"{facts.sender.street} · {facts.sender.postal} {facts.sender.city} · {facts.sender.phone}", 2.6, colour="#444444")
    sheet.line((18, 30, 192, 30), width=0.8)
    sheet.text(192, 16, word(facts, "title").capitalize(), 5, anchor="ra")
    _address(sheet, 18, 44, facts.consignee)
    _pairs(sheet, facts, 18, 78, 192, "#444444")
    _goods(sheet, facts, 18, 96, 192, 158, colour="#444444")
    _cash(sheet, facts, 18, 162)
    for line in range(5):
        sheet.text(18, 176 + line * 3.4, _SMALL_PRINT[line % len(_SMALL_PRINT)], 2.1, colour="#555555")
    sheet.fields["remarks"] = (100, 162, 190, 174)
    _receiver(sheet, facts, 18, 198, 192)
    _code(sheet, facts, rng, 18, 254, height=17)
    _beside(sheet, facts, rng, 160, 250)
    return sheet


def _shaded(facts: Facts, rng: random.Random) -> Sheet:
    """A pre-printed pad on coloured paper, the second of three copies."""
    sheet = Sheet(rng.choice(("#fdf3c4", "#fbe3e6", "#e5f0dd", "#ffffff")), "#25303f", "SansMono")
    sheet.box((10, 10, 200, 30), fill="#d8d4c8", colour="#25303f")
    sheet.text(15, 14, word(facts, "title"), 7, bold=True, family="Serif")
    sheet.text(195, 15, facts.order_number, 5, bold=True, anchor="ra", colour="#a01818")
    for name, place, top in (("sender", facts.sender, 32.0), ("consignee", facts.consignee, 66.0)):
        sheet.box((10, top, 110, top + 32))
        sheet.label(10, top, word(facts, name))
        _address(sheet, 16, top + 6, place)
    sheet.box((112, 32, 200, 98), fill="#ffffff")
    _code(sheet, facts, rng, 113, 36, height=16)
    _beside(sheet, facts, rng, 116, 66)
    _pairs(sheet, facts, 10, 100, 200, "#25303f")
    _goods(sheet, facts, 10, 114, 200, 190, colour="#25303f")
    sheet.box((10, 192, 200, 214))
    sheet.label(10, 192, word(facts, "remarks"))
    sheet.fields["remarks"] = (14, 198, 100, 211)
    _cash(sheet, facts, 118, 196)
    _receiver(sheet, facts, 10, 218, 200)
    sheet.text(200, 276, "2 – TRANSPORT", 2.6, anchor="ra", bold=True)
    return sheet


_FORMS: Final[tuple[Callable[[Facts, random.Random], Sheet], ...]] = (_boxed, _plain, _delivery, _shaded)
_SMALL_PRINT: Final = (
    "Transporten utføres etter NSAB 2015 / CMR. Synlig skade eller manko anmerkes på fraktbrevet ved mottak, skjult skade innen 7 dager.",
    "Godset er ikke forsikret av transportøren med mindre dette er skriftlig avtalt. Ansvaret er begrenset til 17 SDR per kg bruttovekt.",
    "Lossing utover 15 minutter belastes. Paller som ikke byttes faktureres. Reklamasjoner sendes avsender med kopi av dette dokument.",
)


def _address(sheet: Sheet, x: float, y: float, place: Place) -> None:
    sheet.text(x, y, place.name, 3.6, bold=True)
    for step, line in enumerate((place.street, f"{place.postal} {place.city}", place.country, f"Tlf. {place.phone}"), start=1):
        sheet.text(x, y + step * 5, line, 3.2)


def _pairs(sheet: Sheet, facts: Facts, left: float, top: float, right: float, colour: str) -> None:
    """The row of order number, reference and date."""
    cells = (
        ("number", str(facts.order_id)),
        ("reference", facts.reference),
        ("number", facts.order_number),
        ("date", f"{facts.day:%d.%m.%Y}"),
    )
    width = (right - left) / len(cells)
    for place, (name, value) in enumerate(cells):
        sheet.box((left + place * width, top, left + (place + 1) * width, top + 13), colour=colour)
        sheet.label(left + place * width, top, word(facts, name), colour)
        sheet.text(left + place * width + 2, top + 5.5, value, 3.5, bold=True)


def _goods(sheet: Sheet, facts: Facts, left: float, top: float, right: float, bottom: float, *, colour: str, shaded: bool = False) -> None:
    wide = right - left
    columns = (("marks", 0.0), ("colli", 0.14), ("packing", 0.25), ("goods", 0.38), ("weight", 0.85))
    sheet.box((left, top, right, bottom), colour=colour)
    sheet.box((left, top, right, top + 7), colour=colour, fill="#e9ebee" if shaded else None)
    for name, at in columns:
        sheet.label(left + at * wide, top + 1.2, word(facts, name), colour)
        if at and not shaded:
            sheet.line((left + at * wide, top, left + at * wide, bottom), colour=colour)
    for place, row in enumerate(facts.rows):
        y = top + 9 + place * 6.4
        values = (row.marks, str(row.colli), row.packing, row.goods, f"{row.kilograms},0")
        for (name, at), value in zip(columns, values, strict=True):
            is_number = name == "weight"
            sheet.text(right - 2 if is_number else left + at * wide + 1.5, y, value, 3.1, anchor="ra" if is_number else "la")
    colli, weight = sum(row.colli for row in facts.rows), sum(row.kilograms for row in facts.rows)
    sheet.line((left, bottom - 8, right, bottom - 8), colour=colour)
    sheet.text(left + 1.5, bottom - 6, word(facts, "total"), 3.1, bold=True)
    sheet.text(left + 0.14 * wide + 1.5, bottom - 6, str(colli), 3.1, bold=True)
    sheet.text(right - 2, bottom - 6, f"{weight},0", 3.1, bold=True, anchor="ra")


def _cash(sheet: Sheet, facts: Facts, x: float, y: float) -> None:
    if facts.cash:
        sheet.text(x, y, word(facts, "cash"), 2.6)
        sheet.text(x, y + 4.5, f"NOK {facts.cash:,.2f}".replace(",", " ").replace(".", ","), 5, bold=True)


def _receiver(sheet: Sheet, facts: Facts, left: float, top: float, right: float) -> None:
    middle = left + (right - left) * 0.55
    sheet.box((left, top, right, top + 44))
    sheet.label(left, top, word(facts, "received"))
    for name, y in (("date", top + 8), ("capitals", top + 22)):
        sheet.label(left, y, word(facts, name))
        sheet.line((left + 4, y + 11.5, middle - 6, y + 11.5), width=0.2)
    sheet.label(middle, top + 8, word(facts, "signature"))
    sheet.line((middle + 2, top + 38, right - 5, top + 38), width=0.2)
    sheet.fields |= {
        "date": (left + 8, top + 11, middle - 10, top + 19),
        "capitals": (left + 8, top + 25, middle - 8, top + 33),
        "signature": (middle + 6, top + 14, right - 8, top + 37),
    }


def _logo(sheet: Sheet, colour: str, rng: random.Random) -> None:
    sheet.box((16, 13, 30, 27), fill=colour, colour=colour)
    for step in range(3):
        sheet.line((19 + step * 3, 24, 22 + step * 3, 16), width=1.1, colour="#ffffff")
    sheet.text(34, 14, rng.choice(("NORDVEIEN", "FJORDFRAKT", "SUNDLINE")), 6, bold=True, colour=colour)
    sheet.text(34, 22, "TRANSPORT & SPEDISJON", 2.6, colour=colour)


def _code(sheet: Sheet, facts: Facts, rng: random.Random, x: float, y: float, *, height: float) -> None:
    """The large barcode, as wide as its bars come out, between 0.25 and 0.42 mm a module."""
    if not facts.codes:
        sheet.code_box = (x, y, x + 40, y + height)
        return
    kind, text = facts.codes[0]
    widest = px(min(86, 205 - x))
    module = next(size for size in (rng.choice((4, 5)), 4, 3, 2) if barcode(kind, text, size, 2).width <= widest)
    sheet.code_box = sheet.code(x, y, kind, text, module=module, height=height)


def _beside(sheet: Sheet, facts: Facts, rng: random.Random, x: float, y: float) -> None:
    for kind, text in facts.codes[1:]:
        sheet.code(x, y, kind, text, module=rng.choice((5, 6, 7)))
