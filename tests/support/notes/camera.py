"""A phone's photo of a page that lies on a desk: seen from the side, lit by a window, a little blurred, saved as a JPEG."""

import random
from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Corner = tuple[float, float]

_PHOTOS: Final = ((3000, 4000), (2268, 3024), (1536, 2048))
"""What phones take, and what is left of it when it was sent through a chat."""
_DESKS: Final = ("#6d5138", "#8a8d90", "#3e4247", "#a07a4e", "#c9c4ba")


def photographed(page: Image.Image, rng: random.Random) -> Image.Image:
    """The page fills most of it."""
    photo_size = wide, high = rng.choice(_PHOTOS)
    # How much narrower the far edge is.
    far = rng.uniform(0.0, 0.13)
    corners = [
        (wide * (0.05 + far + rng.uniform(0, 0.05)), high * (0.05 + far / 2 + rng.uniform(0, 0.06))),
        (wide * (0.95 - far - rng.uniform(0, 0.05)), high * (0.05 + far / 2 + rng.uniform(0, 0.06))),
        (wide * (0.98 - rng.uniform(0, 0.06)), high * (0.97 - rng.uniform(0, 0.07))),
        (wide * (0.02 + rng.uniform(0, 0.06)), high * (0.97 - rng.uniform(0, 0.07))),
    ]
    lean = rng.uniform(-0.02, 0.02) * wide
    corners = [(x + lean * (1 if y < high / 2 else -1), y) for x, y in corners]
    ground = _ground(rng, photo_size, corners)
    mask = Image.new("L", photo_size, 0)
    ImageDraw.Draw(mask).polygon(corners, fill=255)
    seen = page.transform(photo_size, Image.Transform.PERSPECTIVE, _coefficients(corners, page.size), Image.Resampling.BICUBIC)
    photo = Image.composite(seen, ground, mask.filter(ImageFilter.BoxBlur(1)))
    photo = ImageChops.multiply(photo, _light(rng, photo_size))
    photo = photo.filter(ImageFilter.GaussianBlur(rng.uniform(0.6, 2.2) * wide / 3000))
    out = BytesIO()
    photo.save(out, "JPEG", quality=rng.randint(58, 88))
    return Image.open(BytesIO(out.getvalue())).convert("RGB")


def _ground(rng: random.Random, size: tuple[int, int], corners: Sequence[Corner]) -> Image.Image:
    """A wooden or plastic top with some grain in one direction, and the page's shadow on it. Made small: it is blurred anyway."""
    small = size[0] // 4, size[1] // 4
    grain = Image.frombytes("L", (8, 500), rng.randbytes(4000)).resize(small, Image.Resampling.BICUBIC)
    grain = grain.point(lambda level: 205 + level // 6)
    shadow = Image.new("L", small, 255)
    ImageDraw.Draw(shadow).polygon([(x / 4 + 6, y / 4 + 7) for x, y in corners], fill=95)
    dark = ImageChops.multiply(grain, shadow.filter(ImageFilter.BoxBlur(6)))
    top = ImageChops.multiply(Image.new("RGB", small, rng.choice(_DESKS)), dark.convert("RGB"))
    return top.resize(size, Image.Resampling.BILINEAR)


def _light(rng: random.Random, size: tuple[int, int]) -> Image.Image:
    """Brighter towards a window, with the shadow of whoever holds the phone."""
    small = (150, 200)
    fall = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270))).resize(small, Image.Resampling.BICUBIC)
    darkest = rng.randint(110, 175)
    fall = fall.point(lambda level: darkest + level * (255 - darkest) // 255)
    shadow = Image.new("L", small, 255)
    x = rng.randint(0, 110)
    ImageDraw.Draw(shadow).ellipse((x, 120, x + rng.randint(40, 90), 260), fill=rng.randint(150, 205))
    warm = Image.new("RGB", small, rng.choice(("#fff6e6", "#f3f7ff", "#fffdf8")))
    lit = ImageChops.multiply(fall, shadow.filter(ImageFilter.GaussianBlur(9)))
    return ImageChops.multiply(lit.convert("RGB"), warm).resize(size, Image.Resampling.BICUBIC)


def _coefficients(corners: Sequence[Corner], size: tuple[int, int]) -> list[float]:
    """Of the perspective that shows a page of that size between the corners: eight equations, solved."""
    flat = [(0, 0), (size[0], 0), size, (0, size[1])]
    rows = []
    for (x, y), (u, v) in zip(corners, flat, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for place in range(8):
        best = max(range(place, 8), key=lambda row: abs(rows[row][place]))
        rows[place], rows[best] = rows[best], rows[place]
        rows[place] = [value / rows[place][place] for value in rows[place]]
        for other in range(8):
            if other != place:
                factor = rows[other][place]
                rows[other] = [value - factor * mine for value, mine in zip(rows[other], rows[place], strict=True)]
    return [row[8] for row in rows]
