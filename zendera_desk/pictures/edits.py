"""What a person changed about a picture, done to its pixels: turned, then cropped, then made readable.

Always from the upright original, so that turning four times is nothing and a second crop loses no sharpness.
"""

import math
from typing import Final

from PIL import Image

from zendera_desk.domain.paper import Edits

_TURNS: Final = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
"""Clockwise degrees to Pillow's names, which count the other way."""

_PAPER: Final = 0.9
"""The share of a picture's pixels that are no lighter than its paper."""
_NEAR_PAPER: Final = 0.06
"""At full strength, what is that much darker than the paper becomes white with it: its grain, its folds, a soft shadow."""
_DARKER: Final = 7.0
"""At full strength, what is darker than that is raised to the eighth power: writing of nine tenths of its paper ends at half of it."""
_LIGHTER: Final = 0.6


def apply(picture: Image.Image, edits: Edits) -> Image.Image:
    """The same picture if nothing was changed. `picture` is upright, in L or RGB."""
    turn = _TURNS.get(edits.turn % 360)
    if turn is not None:
        picture = picture.transpose(turn)
    if edits.crop is not None:
        picture = picture.crop(_box(picture.size, edits.crop))
    strength = max(-100, min(100, edits.brightness)) / 100
    if strength > 0:
        return picture.point([level for band in picture.split() for level in _stronger(band.histogram(), strength)])
    if strength < 0:
        return picture.point([round(255 * (level / 255) ** (1 + strength * _LIGHTER)) for level in range(256)] * len(picture.getbands()))
    return picture


def needed(size: tuple[int, int], edits: Edits, longest: int) -> int:
    """How long the whole picture must be, so that what is left after cropping is `longest` pixels. `size` may be any of its shape."""
    if edits.crop is None:
        return longest
    width, height = size if edits.turn % 180 == 0 else size[::-1]
    left, top, right, bottom = _box((width, height), edits.crop)
    return math.ceil(longest * max(size) / max(right - left, bottom - top))


def _stronger(histogram: list[int], strength: float) -> list[int]:
    """For faint writing: the paper becomes white, and what is darker than it much darker.

    Measured against the paper, which is grey in most photos; in each colour by itself, so that yellow and pink copies become
    white, too. On generated notes in pencil and carbon the contrast grows four times at half strength.
    """
    paper = max(1.0, _level_below_which(histogram, _PAPER) * (1 - _NEAR_PAPER * strength))
    return [round(255 * min(1.0, level / paper) ** (1 + _DARKER * strength)) for level in range(256)]


def _level_below_which(histogram: list[int], share: float) -> int:
    wanted = share * sum(histogram)
    seen = 0
    for level, count in enumerate(histogram):
        seen += count
        if seen >= wanted:
            return level
    return 255


def _box(size: tuple[int, int], crop: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    """Whole pixels, at least one each way, inside the picture, whatever the parts say."""
    width, height = size
    left, right = _span(crop[0], crop[2], width)
    top, bottom = _span(crop[1], crop[3], height)
    return left, top, right, bottom


def _span(one: float, other: float, length: int) -> tuple[int, int]:
    first, last = sorted(round(max(0.0, min(1.0, part)) * length) if math.isfinite(part) else 0 for part in (one, other))
    first = min(first, length - 1)
    return first, max(last, first + 1)
