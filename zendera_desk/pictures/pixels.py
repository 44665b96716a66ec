"""From a file's bytes to upright pixels in eight-bit grey or RGB, without any other facts in them, and from there to a JPEG.

A file is decoded once (`decoded`), in whatever mode it has, and seen from there in each size that is wanted: scaling comes first,
because turning, colour profiles and edits cost by the pixel.
"""

import dataclasses
import math
from io import BytesIO
from typing import IO, Final

import pi_heif
from PIL import Image, ImageCms, ImageFile, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from zendera_desk.domain.errors import PictureError
from zendera_desk.domain.paper import Edits
from zendera_desk.pictures import edits as editing
from zendera_desk.pictures import formats

AS_IT_IS: Final = Edits()

MOST_PIXELS: Final = 80_000_000
"""Twice what phones make. 80 million pixels are 240 MB once decoded."""

_OPENERS: Final[dict[str, type[ImageFile.ImageFile]]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
    "HEIC": pi_heif.HeifImageFile,
}
"""The decoder's own class instead of `Image.open`: no other format can be reached, whatever plugins are installed."""

_TURN_BY_THEMSELVES: Final = frozenset({"TIFF", "HEIC"})
"""Pillow turns a TIFF upright when it loads it, libheif a HEIC. Their sizes are those of the upright picture, too."""

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
_LIES_ACROSS: Final = frozenset({5, 6, 7, 8})
_ACROSS: Final = frozenset(_UPRIGHT[way] for way in _LIES_ACROSS)

_UNSQUARE: Final = (1.2, 4.0)
"""How much finer one direction of a fax is than the other; outside of this the file's word is not taken for it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Decoded:
    """A page's pixels as they were decoded: perhaps lying, perhaps larger than needed, in any mode that can be scaled."""

    pixels: Image.Image
    turn: Image.Transpose | None = None
    profile: bytes | None = None
    is_drawn: bool = False
    """By ourselves, in RGBX, and for its codes: larger than it is sent."""
    colours: Image.Image | None = None
    """In YCbCr, of `pixels` in grey. They may be half as large: what is sent has half as many of them, too."""

    def seen(self, longest: int, edits: Edits = AS_IT_IS) -> Image.Image:
        """As a person sees it: upright, with the edits, in L, RGB or YCbCr, its longer side at most `longest`."""
        whole = self.pixels.size if self.turn not in _ACROSS else self.pixels.size[::-1]
        fitting = self._fitting(editing.needed(whole, edits, longest), edits)
        return fit(editing.apply(self._upright(fitting), edits), longest)

    def unscaled(self, edits: Edits) -> Image.Image:
        """In L, RGB or RGBX, for a reader of codes, who scales himself and asks for no true colours: a profile would cost more than he."""
        return editing.apply(self._upright(self.pixels if self.is_drawn else _plain(self.pixels, None)), edits)

    def coloured(self, edits: Edits = AS_IT_IS) -> Image.Image | None:
        """What `unscaled` is in grey, in RGB. None: that has all the colours that there are."""
        if self.colours is None:
            return None
        return editing.apply(self._upright(_merged(self.pixels, self.colours).convert("RGB")), edits)

    def _fitting(self, longest: int, edits: Edits) -> Image.Image:
        if self.colours is not None:
            fitting = _fit_coloured(self.pixels, self.colours, longest)
        elif self.is_drawn:
            fitting = _fit_drawn(self.pixels, longest)
        elif self.pixels.mode == "YCbCr":
            fitting = _fit_parted(self.pixels, longest)
        else:
            return _plain(fit(self.pixels, longest), self.profile)
        return fitting.convert("RGB") if edits.brightness else fitting

    def _upright(self, picture: Image.Image) -> Image.Image:
        return picture.transpose(self.turn) if self.turn is not None else picture


def opened(file: IO[bytes], kind: str) -> ImageFile.ImageFile:
    """Its header read, nothing decoded. Raises PictureError: too_many_pixels; anything for broken bytes."""
    if kind == "WebP":  # whose decoder makes room for the picture when it is opened
        check_size(*formats.webp_size(file.read(formats.LOOKED_AT)))
        file.seek(0)
    return _OPENERS[kind](file)


def check_size(width: int, height: int) -> None:
    """Known from the header, before anything is decoded. Raises PictureError: too_many_pixels."""
    if width * height > MOST_PIXELS:
        raise PictureError("too_many_pixels", width=width, height=height, most=MOST_PIXELS // 1_000_000)


def decoded(picture: ImageFile.ImageFile, kind: str, longest: int, edits: Edits = AS_IT_IS, mode: str | None = None) -> Decoded:
    """Good for everything up to `longest`; a JPEG in `mode`. Raises PictureError: too_many_pixels; anything for broken bytes."""
    check_size(picture.width, picture.height)
    scale = min(1.0, editing.needed(picture.size, edits, longest) / max(picture.size))
    # A draft lets the JPEG decoder skip what scaling throws away. It must have the picture's shape: a square one does nothing
    # for 4:3.
    picture.draft(mode, (math.ceil(picture.width * scale), math.ceil(picture.height * scale)))
    unsquare = _unsquare(picture) if kind == "TIFF" else None
    picture.load()
    turn = None if kind in _TURN_BY_THEMSELVES else _UPRIGHT.get(_orientation(picture))
    pixels = _eight_bit(picture)
    if unsquare is not None:
        pixels = pixels.resize(unsquare, Image.Resampling.BILINEAR)
    profile = picture.info.get("icc_profile")
    pixels.info = {}  # Pillow hands it on to all that is made of it, and writes a comment in it into each JPEG
    return Decoded(pixels, turn, profile)


def fit(picture: Image.Image, longest: int) -> Image.Image:
    """Scaled down until its longer side fits; the same picture if it does.

    Averaging whole pixels first (`reducing_gap`) halves the time and, at 1.2, cannot be told from the whole way: 37.8 dB, where
    the JPEG's own loss is 34.5. A filter softer than Lanczos would be faster still, and 8 dB worse: that is small print.
    """
    scale = longest / max(picture.size)
    if scale >= 1:
        return picture
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=1.2)


def _fit_drawn(picture: Image.Image, longest: int) -> Image.Image:
    """A page that is scaled down by a third on its way from its codes to its JPEG. That was half of what a page of a stack cost.

    From there Hamming's filter, in half of Lanczos' time, loses as little as the JPEG does; and the colours can be halved here, by
    plain averages, since the JPEG halves them anyway: 37.6 dB with it, 37.7 without, in half of the time again.
    """
    scale = longest / max(picture.size)
    if scale >= 1:
        return picture.convert("RGB")
    colours = picture.reduce(round(2 / scale)).convert("RGB").convert("YCbCr")
    return _merged(_fit_grey(picture.convert("L"), longest), colours)


def _fit_parted(picture: Image.Image, longest: int) -> Image.Image:
    """As `fit`, for what becomes a JPEG again: that has half as many colours, so no more of them are worked out. In half of the time."""
    grey, *colours = picture.split()
    fitting = fit(grey, longest)
    if fitting.size == grey.size:
        return picture
    half = tuple(math.ceil(side / 2) for side in fitting.size)
    halved = [colour.resize(half, Image.Resampling.HAMMING, reducing_gap=1.2) for colour in colours]
    return Image.merge("YCbCr", (fitting, *(colour.resize(fitting.size, Image.Resampling.NEAREST) for colour in halved)))


def _fit_coloured(grey: Image.Image, colours: Image.Image, longest: int) -> Image.Image:
    fitting = _fit_grey(grey, longest)
    spare = max(1, max(colours.size) * 2 // max(fitting.size))
    return _merged(fitting, colours.reduce(spare) if spare > 1 else colours)


def _fit_grey(grey: Image.Image, longest: int) -> Image.Image:
    scale = longest / max(grey.size)
    if scale >= 1:
        return grey
    size = max(1, round(grey.width * scale)), max(1, round(grey.height * scale))
    return grey.resize(size, Image.Resampling.HAMMING, reducing_gap=1.2)


def _merged(grey: Image.Image, colours: Image.Image) -> Image.Image:
    _grey, *colours_alone = colours.split()
    return Image.merge("YCbCr", (grey, *(colour.resize(grey.size, Image.Resampling.NEAREST) for colour in colours_alone)))


def encode(picture: Image.Image, quality: int) -> bytes:
    """A baseline JPEG of the pixels alone. Smallest tables would take twice the time for one byte in a hundred."""
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
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


def _unsquare(picture: ImageFile.ImageFile) -> tuple[int, int] | None:
    """The size that makes a fax's pixels square: sent at 204 by 98 dots per inch, it would look squashed to half its height."""
    across, down = (float(dots) for dots in picture.info.get("dpi", (0, 0)))
    if not (across > 0 and down > 0):
        return None
    if _orientation(picture) in _LIES_ACROSS:
        across, down = down, across
    least, most = _UNSQUARE
    width, height = picture.size
    if least <= across / down <= most:
        height = round(height * across / down)
    elif least <= down / across <= most:
        width = round(width * down / across)
    else:
        return None
    check_size(width, height)
    return width, height


def _eight_bit(picture: Image.Image) -> Image.Image:
    """In a mode that can be scaled: eight bits a channel, no palette."""
    if picture.mode.startswith("I"):  # 16-bit grey: Pillow's own conversion would clip instead of scaling
        return picture.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if picture.mode == "F":
        raise PictureError("unreadable", words="measurements, not a picture")
    if picture.mode in {"P", "PA"} or "transparency" in picture.info:
        return picture.convert("RGBA")
    return picture.convert("L") if picture.mode == "1" else picture


def _plain(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Grey or RGB as screens show it, on white where it was transparent, in a new picture that knows nothing of the old one's facts."""
    if picture.mode == "L":
        plain = picture.copy()
    elif picture.mode in {"RGBA", "LA", "RGBa", "La"}:
        seen = picture.convert("RGBA")
        plain = Image.new("RGB", picture.size, "white")
        plain.paste(seen.convert("RGB"), mask=seen.getchannel("A"))
    else:
        plain = _as_screens_show(picture, profile)
    plain.info = {}
    return plain


def _as_screens_show(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Through its colour profile to sRGB where that works; a profile that does not fit the picture is left out."""
    if profile and picture.mode in {"RGB", "CMYK"}:
        try:
            through = ImageCms.ImageCmsProfile(BytesIO(profile))
            if picture.mode == "RGB" and "sRGB" in (through.profile.profile_description or ""):
                return picture.convert("RGB")  # already what screens show; the way through it would cost half as much again
            turned = ImageCms.profileToProfile(picture, through, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            turned = None
        if turned is not None:
            return turned
    return picture.convert("RGB")
