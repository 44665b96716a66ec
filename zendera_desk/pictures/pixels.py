"""The only module that imports Pillow: from bytes to an upright RGB picture without any other facts in it, and back."""

import math
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms, ImageFile, JpegImagePlugin, PngImagePlugin

from zendera_desk.domain.errors import PictureError

_OPENERS: Final[dict[str, type[ImageFile.ImageFile]]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
}
"""The decoder's own class instead of `Image.open`: no other format can be reached, whatever plugins are installed."""

_ORIENTATION: Final = 0x0112
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes each EXIF orientation upright."""


def decode(source: bytes, kind: str, longest: int, most_pixels: int) -> Image.Image:
    """The picture, upright, RGB, no larger than needed. Raises PictureError: too_many_pixels, unreadable."""
    try:
        with _OPENERS[kind](BytesIO(source)) as opened:
            if opened.width * opened.height > most_pixels:  # known from the header: nothing is decoded yet
                raise PictureError("too_many_pixels", width=opened.width, height=opened.height, most=most_pixels // 1_000_000)
            scale = min(1.0, longest / max(opened.size))
            # A draft lets the JPEG decoder skip what scaling throws away. It must have the picture's shape: a square one
            # does nothing for 4:3.
            opened.draft(None, (math.ceil(opened.width * scale), math.ceil(opened.height * scale)))
            opened.load()
            turn = _UPRIGHT.get(_orientation(opened))
            plain = _on_white(fit(_eight_bit(opened), longest), opened.info.get("icc_profile"))
            return plain.transpose(turn) if turn is not None else plain
    except PictureError:
        raise
    except Exception as error:  # hostile bytes make decoders raise nearly anything; each of it means the same to a person
        raise PictureError("unreadable", words=str(error)) from error


def fit(picture: Image.Image, longest: int) -> Image.Image:
    """Scaled down until its longer side fits; the same picture if it does."""
    scale = longest / max(picture.size)
    if scale >= 1:
        return picture
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def encode(picture: Image.Image, quality: int) -> bytes:
    """A baseline JPEG of the pixels alone."""
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def png(rgba: bytes, width: int, height: int) -> bytes:
    """Packed lightly: it lives only until it is prepared."""
    out = BytesIO()
    Image.frombytes("RGBA", (width, height), rgba).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 (a broken EXIF block is no reason to lose the picture; it stays as it lies)
        return 1


def _eight_bit(picture: Image.Image) -> Image.Image:
    """In a mode that can be scaled: eight bits a channel, no palette."""
    if picture.mode.startswith("I"):  # 16-bit grey: Pillow's own conversion would clip instead of scaling
        return picture.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if picture.mode in {"1", "P", "PA"} or "transparency" in picture.info:
        return picture.convert("RGBA")
    return picture


def _on_white(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB as screens show it, on white where it was transparent, in a new picture that knows nothing of the old one's facts."""
    clean = Image.new("RGB", picture.size, "white")
    if picture.mode in {"RGBA", "LA"}:
        clean.paste(picture.convert("RGB"), mask=picture.getchannel("A"))
    else:
        clean.paste(_as_screens_show(picture, profile))
    return clean


def _as_screens_show(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Through its colour profile to sRGB where that works; a profile that does not fit the picture is left out."""
    if profile and picture.mode in {"RGB", "CMYK"}:
        try:
            through = ImageCms.ImageCmsProfile(BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, through, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            turned = None
        if turned is not None:
            return turned
    return picture.convert("RGB")
