import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from zendera_desk.domain.errors import PictureError
from zendera_desk.pictures import Prepared, prepare, thumbnail

CANARY = b"CANARY-59.9139-10.7522"
RED, WHITE, BLUE = (220, 20, 20), (255, 255, 255), (20, 20, 220)


def encoded(picture: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def shown(prepared: Prepared) -> Image.Image:
    picture = Image.open(BytesIO(prepared.jpeg))
    assert picture.format == "JPEG"
    assert picture.size == (prepared.width, prepared.height)
    return picture


def near(pixel: object, wanted: tuple[int, int, int], within: int = 12) -> bool:
    seen = (pixel,) * 3 if isinstance(pixel, int) else pixel
    return isinstance(seen, tuple) and all(abs(a - b) <= within for a, b in zip(seen, wanted, strict=True))


def test_a_phone_s_picture_becomes_1600_pixels_long_and_keeps_its_shape() -> None:
    prepared = prepare(encoded(Image.effect_noise((4000, 3000), 40).convert("RGB"), quality=90))
    assert (prepared.width, prepared.height) == (1600, 1200)
    shown(prepared)


def test_a_small_picture_is_never_enlarged() -> None:
    prepared = prepare(encoded(Image.new("RGB", (300, 200), RED)))
    assert (prepared.width, prepared.height) == (300, 200)


def test_a_strip_one_pixel_high_survives() -> None:
    assert prepare(encoded(Image.new("RGB", (5000, 1), RED), "PNG")).height == 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_of_holding_the_phone_ends_upright(orientation: int) -> None:
    upright = Image.new("RGB", (64, 32), WHITE)
    upright.paste(RED, (0, 0, 16, 16))  # top left
    upright.paste(BLUE, (48, 16, 64, 32))  # bottom right
    how_it_lies = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    lying = upright if how_it_lies is None else upright.transpose(how_it_lies)
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = shown(prepare(encoded(lying, quality=95, exif=exif)))
    assert picture.size == (64, 32)
    assert near(picture.getpixel((4, 4)), RED, 40)
    assert near(picture.getpixel((60, 28)), BLUE, 40)
    assert near(picture.getpixel((60, 4)), WHITE, 40)


def test_nothing_but_pixels_leaves_the_house() -> None:
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    exif.get_ifd(0x8825)[29] = CANARY.decode()  # GPS date stamp
    source = encoded(
        Image.new("RGB", (64, 64), RED), exif=exif, comment=CANARY, xmp=b"<x:xmpmeta>" + CANARY + b"</x:xmpmeta>", icc_profile=CANARY
    )  # fmt: skip
    assert source.count(CANARY) >= 4
    jpeg = prepare(source).jpeg
    assert CANARY not in jpeg
    assert b"Exif" not in jpeg
    assert not {"exif", "comment", "xmp", "icc_profile"} & Image.open(BytesIO(jpeg)).info.keys()
    assert CANARY not in thumbnail(jpeg, 32)


def test_the_texts_of_a_png_stay_here_too() -> None:
    facts = PngInfo()
    facts.add_text("Comment", CANARY.decode())
    facts.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    source = encoded(Image.new("RGB", (8, 8), RED), "PNG", pnginfo=facts)
    assert CANARY in source
    assert CANARY not in prepare(source).jpeg


@pytest.mark.parametrize(
    ("picture", "wanted"),
    [
        (Image.new("RGBA", (16, 16), (*RED, 0)), WHITE),
        (Image.new("RGBA", (16, 16), (*RED, 255)), RED),
        (Image.new("LA", (16, 16), (0, 0)), WHITE),
        (Image.new("L", (16, 16), 128), (128, 128, 128)),
        (Image.new("I;16", (16, 16), 0x8000), (128, 128, 128)),
        (Image.new("1", (16, 16), 1), WHITE),
        (Image.new("RGB", (16, 16), RED).quantize(4), RED),
    ],
    ids=["transparent", "opaque", "transparent grey", "grey", "16-bit grey", "black and white", "palette"],
)
def test_every_kind_of_png_comes_out_as_a_screen_shows_it(picture: Image.Image, wanted: tuple[int, int, int]) -> None:
    assert near(shown(prepare(encoded(picture, "PNG"))).getpixel((8, 8)), wanted)


def test_a_palette_colour_that_is_transparent_becomes_white() -> None:
    source = encoded(Image.new("RGB", (16, 16), RED).quantize(2), "PNG", transparency=0)
    assert near(shown(prepare(source)).getpixel((8, 8)), WHITE)


def test_a_picture_made_for_print_is_not_a_negative() -> None:
    source = encoded(Image.new("RGB", (64, 64), RED).convert("CMYK"), quality=95)
    assert near(shown(prepare(source)).getpixel((32, 32)), RED, 20)


def test_a_colour_profile_is_applied_and_left_out() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = shown(prepare(encoded(Image.new("RGB", (64, 64), RED), quality=95, icc_profile=profile)))
    assert "icc_profile" not in picture.info
    assert near(picture.getpixel((32, 32)), RED)


def test_a_picture_too_heavy_for_the_line_gets_lighter_until_it_fits() -> None:
    noise = encoded(Image.effect_noise((1600, 1200), 120).convert("RGB"), quality=95)
    assert len(prepare(noise).jpeg) > 200_000
    assert len(prepare(noise, most=200_000).jpeg) <= 200_000


def test_a_thumbnail_fits_its_square() -> None:
    small = Image.open(BytesIO(thumbnail(prepare(encoded(Image.new("RGB", (800, 600), RED))).jpeg, 96)))
    assert small.size == (96, 72)


def png_header(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def refusal(source: bytes) -> PictureError:
    with pytest.raises(PictureError) as refused:
        prepare(source)
    return refused.value


def test_a_bomb_is_refused_by_its_header_before_anything_is_decoded() -> None:
    header = png_header(60_000, 60_000)
    data = b"IDAT" + zlib.compress(b"\0" * 1000)
    refused = refusal(header + struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data)))
    assert refused.code == "too_many_pixels"
    assert refused.values["width"] == 60_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_half_a_picture_is_refused_and_not_sent_grey(kind: str, share: float) -> None:
    whole = encoded(Image.effect_noise((400, 300), 60), kind)
    assert refusal(whole[: int(len(whole) * share)]).code == "unreadable"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "empty"),
        (b"\0\1\2\3", "not_a_picture"),
        (b"\xff\xd8\xff", "unreadable"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 500, "unreadable"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 100, "unreadable"),
        (png_header(0, 10), "unreadable"),
        (b"GIF89a", "format"),
        (b"%PDF-1.7", "format"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "unreadable"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "unreadable"),
        (b"\xff\xd8\xff" + b"\0" * 40_000_000, "too_large"),
    ],
)
def test_what_is_no_picture_is_refused_by_name(source: bytes, code: str) -> None:
    assert refusal(source).code == code


def test_a_gif_named_jpg_is_told_by_its_content() -> None:
    refused = refusal(encoded(Image.new("P", (8, 8)), "GIF"))
    assert (refused.code, refused.values) == ("format", {"format": "GIF"})


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # Pillow says so, which is right, and goes on, which is wanted
def test_a_broken_exif_block_does_not_cost_the_picture() -> None:
    plain = encoded(Image.new("RGB", (32, 16), RED))
    rubbish = b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\xee" * 40
    source = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(rubbish) + 2) + rubbish + plain[2:]
    assert (prepare(source).width, prepare(source).height) == (32, 16)
