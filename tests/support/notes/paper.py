"""What happens to a printed form until the office has it as a picture: hands, stamps, folds, coffee, scanners and phones."""

import math
import random
from dataclasses import replace
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from support.notes.camera import photographed
from support.notes.facts import Facts
from support.notes.forms import DPI, Sheet, font, form, px
from support.notes.hand import sign, write

_PENS: Final = ("#1b2a7a", "#182a9c", "#16161c", "#2a2f6e")
_STAMPS: Final = ("#27348b", "#b01f2e", "#4a2a86", "#a3242c")


def note(
    facts: Facts,
    seed: int,
    *,
    dpi: int = DPI,
    skew: float = 0.0,
    noise: float = 0.0,
    stamp: bool = False,
    handwriting: bool = True,
    faint: float = 0.0,
    perspective: bool = False,
    coded: bool = True,
    coloured: bool = True,
) -> Image.Image:
    """A page. The same for the same facts and seed.

    `skew` in degrees, `noise` as the standard deviation of grey levels, `faint` from 0 to 1; `stamp`: across the page, sometimes across
    the barcode; `perspective`: a phone's photo of the page on a desk instead of a scan; `coded`: with
    its barcodes.
    """
    rng = random.Random(f"note {facts.order_id} {seed}")
    sheet = form(facts if coded else replace(facts, codes=()), rng)
    if handwriting:
        _fill_in(sheet, facts, rng)
    if stamp:
        _stamp(sheet, facts, rng)
    page = _faded(_used(sheet.picture, rng), faint)
    if perspective:
        return photographed(page, rng)
    return _scanned(page, rng, dpi=dpi, skew=skew, noise=noise, coloured=coloured)


def _fill_in(sheet: Sheet, facts: Facts, rng: random.Random) -> None:
    pen = rng.choice(_PENS)
    day = facts.day
    _put(sheet, "date", write(rng, f"{day:%d}/{day.month}-{day:%y}  {rng.randint(7, 16)}.{rng.randint(0, 59):02d}", px(3.2), pen), rng)
    _put(sheet, "capitals", write(rng, facts.signee.upper() if rng.random() < 0.6 else facts.signee, px(3.4), pen), rng)
    left, top, right, bottom = sheet.fields["signature"]
    _put(sheet, "signature", sign(rng, px(right - left), px((bottom - top) * rng.uniform(0.9, 1.25)), pen), rng)
    if rng.random() < 0.35:
        _put(
            sheet,
            "remarks",
            write(rng, rng.choice(("1 kolli skadet", "mangler 1 krt", "ok", "satt ved port 3", "emb. våt")), px(3.6), pen),
            rng,
        )


def _put(sheet: Sheet, field: str, ink: Image.Image, rng: random.Random) -> None:
    left, top, right, _ = sheet.fields[field]
    if ink.width > px(right - left):
        ink = ink.resize((px(right - left), round(ink.height * px(right - left) / ink.width)), Image.Resampling.LANCZOS)
    turned = ink.rotate(rng.uniform(-2.5, 3.5), resample=Image.Resampling.BICUBIC, expand=True)
    sheet.picture.paste(turned, (px(left + rng.uniform(0, 3)), px(top + rng.uniform(-2.5, 0.5))), turned)


# Stamps


def _stamp(sheet: Sheet, facts: Facts, rng: random.Random) -> None:
    colour = rng.choice(_STAMPS)
    made = _round_stamp(facts, rng) if rng.random() < 0.5 else _square_stamp(facts, rng)
    worn = ImageChops.multiply(made, _blotches(made.size, rng))
    turned = worn.rotate(rng.uniform(-24, 24), resample=Image.Resampling.BICUBIC, expand=True)
    ink = Image.new("RGB", turned.size, colour)
    white = Image.new("RGB", turned.size, "white")
    layer = Image.composite(ink, white, turned)
    left, top, right, bottom = sheet.code_box
    near = [(px(rng.uniform(25, 120)), px(rng.uniform(185, 225)))]
    if rng.random() < 0.4:  # across the end of the bars, as whoever stamps does not look
        near.append((px(rng.choice((left - 12, right - 26))), px((top + bottom) / 2 + rng.uniform(-4, 6))))
    for at in near:
        area = (*at, at[0] + layer.width, at[1] + layer.height)
        sheet.picture.paste(ImageChops.multiply(sheet.picture.crop(area), layer), at)


def _round_stamp(facts: Facts, rng: random.Random) -> Image.Image:
    """As a mask: white is ink."""
    size = px(rng.uniform(34, 42))
    mask = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(mask)
    pen.ellipse((4, 4, size - 4, size - 4), outline=255, width=px(0.7))
    pen.ellipse((size * 0.22, size * 0.22, size * 0.78, size * 0.78), outline=255, width=px(0.4))
    pen.text((size / 2, size / 2 - px(1.8)), f"{facts.day:%d. %m. %Y}", font=font(px(3), bold=True), fill=255, anchor="mm")
    pen.text((size / 2, size / 2 + px(2.6)), rng.choice(("MOTTATT", "LEVERT", "INN")), font=font(px(2.6), bold=True), fill=255, anchor="mm")
    name = facts.consignee.name.upper()[:22]
    for place, letter in enumerate(name):
        angle = (place - (len(name) - 1) / 2) * 13.5
        glyph = Image.new("L", (px(4), px(4)), 0)
        ImageDraw.Draw(glyph).text((px(2), px(2)), letter, font=font(px(3), bold=True), fill=255, anchor="mm")
        glyph = glyph.rotate(-angle, resample=Image.Resampling.BICUBIC)
        x = size / 2 + math.sin(math.radians(angle)) * size * 0.38 - glyph.width / 2
        y = size / 2 - math.cos(math.radians(angle)) * size * 0.38 - glyph.height / 2
        mask.paste(255, (round(x), round(y)), glyph)
    return mask


def _square_stamp(facts: Facts, rng: random.Random) -> Image.Image:
    mask = Image.new("L", (px(52), px(20)), 0)
    pen = ImageDraw.Draw(mask)
    pen.rounded_rectangle((4, 4, mask.width - 4, mask.height - 4), radius=px(2), outline=255, width=px(0.8))
    pen.text(
        (mask.width / 2, px(6)), rng.choice(("MOTTATT", "VARE MOTTATT", "RECEIVED")), font=font(px(5), bold=True), fill=255, anchor="mm"
    )
    pen.text((mask.width / 2, px(14)), f"{facts.day:%d %b %Y}".upper(), font=font(px(4.4), bold=True), fill=255, anchor="mm")
    return mask


def _blotches(size: tuple[int, int], rng: random.Random) -> Image.Image:
    """Where a stamp pad was dry."""
    return (
        _grain((max(2, size[0] // 14), max(2, size[1] // 14)), rng, 70).point(lambda level: min(255, 150 + max(0, level - 90))).resize(size)
    )


# Paper and scanner


def _used(page: Image.Image, rng: random.Random) -> Image.Image:
    """It was folded, and stood under a cup."""
    if rng.random() < 0.5:
        shadow = Image.new("L", page.size, 255)
        y = round(page.height * rng.choice((1 / 2, 1 / 3, 2 / 3)) + rng.uniform(-30, 30))
        pen = ImageDraw.Draw(shadow)
        pen.line((0, y, page.width, y + rng.randint(-12, 12)), fill=205, width=5)
        pen.line((0, y + 6, page.width, y + 6), fill=232, width=14)
        page = ImageChops.multiply(page, shadow.filter(ImageFilter.GaussianBlur(4)).convert("RGB"))
    if rng.random() < 0.18:
        page = _with_ring(page, rng)
    return page


def _with_ring(page: Image.Image, rng: random.Random) -> Image.Image:
    size = px(rng.uniform(70, 84))
    ring = Image.new("L", (size, size), 0)
    pen = ImageDraw.Draw(ring)
    pen.ellipse((px(3), px(3), size - px(3), size - px(3)), outline=120, width=px(1.6))
    pen.arc((px(2.4), px(2.4), size - px(2.4), size - px(2.4)), rng.randint(0, 180), rng.randint(200, 350), fill=210, width=px(0.8))
    ring = ring.filter(ImageFilter.GaussianBlur(5))
    layer = Image.composite(Image.new("RGB", ring.size, "#a9783f"), Image.new("RGB", ring.size, "white"), ring)
    at = (px(rng.uniform(-10, 130)), px(rng.uniform(100, 220)))
    page.paste(ImageChops.multiply(page.crop((*at, at[0] + size, at[1] + size)), layer), at)
    return page


def _faded(page: Image.Image, faint: float) -> Image.Image:
    """A third carbon copy, or a printer short of toner."""
    return page if not faint else Image.blend(page, Image.new("RGB", page.size, "#f4f2ec"), 0.78 * faint)


def _scanned(page: Image.Image, rng: random.Random, *, dpi: int, skew: float, noise: float, coloured: bool) -> Image.Image:
    if skew:
        page = page.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=(236, 236, 234))
    if dpi != DPI:
        page = page.resize((page.width * dpi // DPI, page.height * dpi // DPI), Image.Resampling.BOX)
    if noise:
        page = page.filter(ImageFilter.GaussianBlur(0.45))
        page = ImageEnhance.Contrast(page).enhance(rng.uniform(0.86, 1.02))
        page = with_grain(page, rng, noise)
    return page if coloured else page.convert("L")


def with_grain(page: Image.Image, rng: random.Random, strength: float) -> Image.Image:
    grain = _grain(page.size, rng, strength).convert("RGB")
    return ImageChops.add(page, grain, scale=1, offset=-128)


def _grain(size: tuple[int, int], rng: random.Random, strength: float) -> Image.Image:
    """Grey noise around 128, the same for the same seed: Pillow's own has a seed that nobody can set."""
    small = Image.frombytes("L", (256, 256), rng.randbytes(65_536))
    small = small.point(lambda level: round(128 + (level - 127.5) * strength / 73.9))
    tiled = Image.new("L", size)
    for top in range(0, size[1], 256):
        for left in range(0, size[0], 256):
            tiled.paste(small.transpose(rng.choice(tuple(Image.Transpose))), (left, top))
    return tiled
