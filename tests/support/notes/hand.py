"""A hand that writes with a ball pen: letters as strokes of a few points each, so that no font must be installed for it."""

import math
import random
from collections.abc import Iterator, Sequence
from typing import Final

from PIL import Image, ImageDraw

Point = tuple[float, float]

_FINE: Final = 3
"""Drawn so many times larger, then made smaller: Pillow's lines have hard edges."""
_BASE: Final = 3
"""The line that is written on, in the letters' own measure: 3 below it for tails, capitals reach 11."""

_GLYPHS: Final[dict[str, str]] = {
    "a": "47 27 05 04 13 23 45 47 44 43 53", "b": "0b 03 05 27 46 44 23 03", "c": "46 27 05 04 23 43", "d": "46 27 05 04 23 44 4b 43 53",
    "e": "05 45 47 27 05 04 23 43", "f": "5a 3b 22 20|17 47", "g": "47 27 05 13 33 47 41 20 01", "h": "0b 03|05 27 46 43",
    "i": "07 03 13|09 0a", "j": "27 21 00|29 2a", "k": "0b 03|47 05 43", "l": "0b 04 13", "m": "07 03|05 17 26 23|25 37 46 43",
    "n": "07 03|05 27 46 43", "o": "27 05 04 23 44 46 27", "p": "07 00|05 27 46 44 23 04", "q": "46 27 05 13 33 46|47 40 51",
    "r": "07 03|05 27 37", "s": "46 27 06 25 44 23 03", "t": "2a 24 33 43|08 48", "u": "07 04 23 44 47|44 43 53", "v": "07 23 47",
    "w": "07 13 26 33 47", "x": "07 43|47 03", "y": "07 04 24|47 44 31 00", "z": "07 47 03 43",
    "æ": "17 05 13 33 35|35 65 67 47 35 33 53 63", "ø": "27 05 04 23 44 46 27|58 02",
    "å": "47 27 05 04 13 23 45 47 44 43 53|29 3a 2b 1a 29",
    "ä": "47 27 05 04 13 23 45 47 44 43 53|19 1a|39 3a", "ö": "27 05 04 23 44 46 27|19 1a|39 3a",
    "A": "03 2b 43|16 36", "B": "03 0b|0b 3b 48 27 07|27 46 44 33 03", "C": "4a 2b 08 05 23 44", "D": "03 0b 2b 48 45 23 03",
    "E": "4b 0b 03 43|07 37", "F": "4b 0b 03|07 37", "G": "4a 2b 08 05 23 44 47 27", "H": "03 0b|43 4b|07 47", "I": "03 0b",
    "J": "3b 35 23 04", "K": "03 0b|4b 07 43", "L": "0b 03 43", "M": "03 0b 37 6b 63", "N": "03 0b 43 4b", "O": "2b 08 05 23 45 48 2b",
    "P": "03 0b 3b 49 37 07", "Q": "2b 08 05 23 45 48 2b|34 52", "R": "03 0b 3b 49 37 07|27 43", "S": "4a 2b 09 27 45 23 04",
    "T": "0b 4b|2b 23", "U": "0b 05 23 45 4b", "V": "0b 23 4b", "W": "0b 13 28 33 4b", "X": "0b 43|4b 03", "Y": "0b 27|4b 12",
    "Z": "0b 4b 03 43", "Æ": "03 3b 33|17 37|3b 6b|37 57|33 63", "Ø": "2b 08 05 23 45 48 2b|4b 03", "Å": "03 29 43|16 36|2a 3b 2c 1b 2a",
    "Ä": "03 29 43|16 36|1b 1c|3b 3c", "Ö": "2a 08 05 23 45 48 2a|1c 1d|3c 3d",
    "0": "2b 08 05 23 45 48 2b", "1": "09 2b 23", "2": "09 2b 49 03 43", "3": "0a 2b 49 27 46 23 04", "4": "3b 05 45|37 33",
    "5": "4b 0b 07 37 45 23 04", "6": "3b 06 04 23 45 37 06", "7": "0b 4b 13", "8": "27 09 2b 49 27 04 23 44 27", "9": "48 27 09 2b 49 43",
    ".": "03 13", ":": "04 05|07 08", "-": "06 26", "/": "03 3b", ",": "04 02", "’": "0b 09",
}  # fmt: skip


def write(rng: random.Random, text: str, height: int, colour: str) -> Image.Image:
    """The text on a transparent ground; `height` is that of a capital in pixels."""
    unit = height / 8 * _FINE
    strokes, x = [], unit * 2
    slant = rng.uniform(0.05, 0.4)
    for letter in text:
        if letter == " ":
            x += unit * rng.uniform(3.0, 4.2)
            continue
        widest = 0.0
        lift, grow = rng.gauss(0, unit * 0.25), rng.gauss(1.0, 0.06)
        for stroke in _strokes(letter):
            widest = max(widest, *(place for place, _ in stroke))
            strokes.append([(x + (px + slant * (py - _BASE)) * unit * grow, (py - _BASE) * unit * grow + lift) for px, py in stroke])
        x += (widest + rng.uniform(1.1, 2.0)) * unit * grow
    return _inked(strokes, (int(x + unit * 6), int(unit * 17)), unit * 5, max(2.0, unit * rng.uniform(0.42, 0.62)), rng, colour)


def sign(rng: random.Random, width: int, height: int, colour: str) -> Image.Image:
    """A signature: a large beginning, loops that fade into a line, often with a stroke under it."""
    wide, high = width * _FINE, height * _FINE
    loops, phase, lean = rng.uniform(2.5, 9.0), rng.uniform(0, 6), rng.uniform(-0.2, 1.3)
    fade, jag = rng.uniform(0.3, 1.4), rng.uniform(0, 0.5)
    main = []
    for step in range(160):
        part = step / 159
        swing = high * 0.42 * (1 - part) ** fade * (0.35 + 0.65 * abs(math.sin(rng.uniform(4.9, 5.3) * part + phase)))
        angle = 2 * math.pi * loops * part + phase + jag * math.sin(11 * part)
        main.append(
            (wide * (0.08 + 0.8 * part) + lean * swing * math.cos(angle), high * 0.1 * math.sin(3 * part) + swing * math.sin(angle))
        )
    strokes = [main]
    if rng.random() < 0.7:  # the first letter of the name, taller than the rest
        letter = [
            [(px * high * 0.075, (py - _BASE) * high * 0.085 - high * 0.25) for px, py in part]
            for part in _strokes(rng.choice("ABEHJKLMPRST"))
        ]
        strokes += [[(wide * 0.02 + x + 0.3 * y, y) for x, y in part] for part in letter]
    if rng.random() < 0.6:
        strokes.append([(wide * 0.12, -high * 0.28), (wide * 0.5, -high * 0.22), (wide * 0.93, -high * 0.31), (wide * 0.6, -high * 0.36)])
    return _inked(strokes, (wide, high), high * 0.5, max(3.0, high / rng.uniform(34, 48)), rng, colour)


def _strokes(letter: str) -> Iterator[list[Point]]:
    for stroke in _GLYPHS.get(letter, _GLYPHS["-"]).split("|"):
        yield [(float(int(point[0], 16)), float(int(point[1], 16))) for point in stroke.split()]


def _inked(
    strokes: Sequence[Sequence[Point]], size: tuple[int, int], base: float, width: float, rng: random.Random, colour: str
) -> Image.Image:
    """`base`: how far the line that is written on lies above the lower edge."""
    mask = Image.new("L", size, 0)
    pen = ImageDraw.Draw(mask)
    for stroke in strokes:
        shaken = [(x + rng.gauss(0, width * 0.25), size[1] - base - y + rng.gauss(0, width * 0.25)) for x, y in stroke]
        curve = list(_smooth(shaken))
        pen.line(curve, fill=rng.randint(205, 255), width=round(width * rng.uniform(0.85, 1.15)), joint="curve")
        for x, y in (curve[0], curve[-1]):
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=215)
    mask = mask.resize((size[0] // _FINE, size[1] // _FINE), Image.Resampling.BOX)
    ink = Image.new("RGBA", mask.size, colour)
    ink.putalpha(mask)
    return ink


def _smooth(points: Sequence[Point]) -> Iterator[Point]:
    """A Catmull-Rom curve through the points."""
    around = [points[0], *points, points[-1]]
    for place in range(len(points) - 1):
        p0, p1, p2, p3 = around[place : place + 4]
        for step in range(8):
            t = step / 8
            yield _on_curve(p0[0], p1[0], p2[0], p3[0], t), _on_curve(p0[1], p1[1], p2[1], p3[1], t)
    yield points[-1]


def _on_curve(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
