"""The look as data: colours of the light and the dark scheme, the rhythm of distances, and nothing of Qt.

Surfaces are told apart by tone, not by lines. There is one accent. A tone has a foreground, for words and icons on any
surface, and a background, for a chip or a banner that carries that foreground. Every pair that holds text meets WCAG AA
(4.5 to 1), and everything that must be seen to be used meets 3 to 1; tests/gui/test_style.py computes them all.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

SPACE: Final = 4
"""Pixels: every distance is a multiple of it."""

ROW: Final = 30
"""Pixels: a row of a table, and the height of a field or button."""

RADIUS: Final = 5
"""Pixels: the corner of a control."""

BODY: Final = 13
"""Pixels: nearly all text."""

SMALL: Final = 12
"""Pixels: what stands beside and may be overlooked."""

TITLE: Final = 17
"""Pixels: the one heading of an empty page or of the first run."""


class Tone(StrEnum):
    """What a colour says. It always only helps: a word and an icon say the same."""

    NEUTRAL = "neutral"
    INFO = "info"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    ACCENT = "accent"


@dataclass(frozen=True, kw_only=True, eq=False)
class Scheme:
    name: str
    surface: str
    """The window, panels, bars."""
    raised: str
    """What is worked on: tables, fields, menus."""
    sunken: str
    """Headers, wells, the ground behind a picture."""
    hover: str
    """Over raised, under the pointer."""
    pressed: str
    selection: str
    """A selected row; the row keeps its own text colours."""
    line: str
    """The rare line: between header and rows, around a menu."""
    edge: str
    """Around a field or box that a person must find: 3 to 1 against what is around it."""
    text: str
    muted: str
    disabled: str
    accent: str
    """Fills the primary button, the checked box."""
    accent_hover: str
    accent_pressed: str
    on_accent: str
    focus: str
    """The focus ring, the caret's field, a link."""
    foreground: dict[Tone, str]
    background: dict[Tone, str]


LIGHT: Final = Scheme(
    name="light",
    surface="#f4f5f7",
    raised="#ffffff",
    sunken="#eaecef",
    hover="#f1f3f6",
    pressed="#e2e6eb",
    selection="#dfe8fa",
    line="#dcdfe4",
    edge="#868d98",
    text="#1c2127",
    muted="#56606d",
    disabled="#9aa1ab",
    accent="#2a5fce",
    accent_hover="#2453b8",
    accent_pressed="#1e479f",
    on_accent="#ffffff",
    focus="#2a5fce",
    foreground={
        Tone.NEUTRAL: "#4b5562",
        Tone.INFO: "#1a5a96",
        Tone.GOOD: "#17663a",
        Tone.WARN: "#855000",
        Tone.BAD: "#ad241d",
        Tone.ACCENT: "#2453b8",
    },
    background={
        Tone.NEUTRAL: "#e8eaee",
        Tone.INFO: "#e0edf9",
        Tone.GOOD: "#dff2e6",
        Tone.WARN: "#fcefd3",
        Tone.BAD: "#fce5e3",
        Tone.ACCENT: "#e1e9fb",
    },
)

DARK: Final = Scheme(
    name="dark",
    surface="#181a1d",
    raised="#1f2226",
    sunken="#131517",
    hover="#272b30",
    pressed="#30353b",
    selection="#26365a",
    line="#30343a",
    edge="#6f7782",
    text="#e5e8ec",
    muted="#a0a8b3",
    disabled="#666e78",
    accent="#3566d4",
    accent_hover="#3f71e0",
    accent_pressed="#2c59bf",
    on_accent="#ffffff",
    focus="#7ba4ff",
    foreground={
        Tone.NEUTRAL: "#b3bac4",
        Tone.INFO: "#7fbcf2",
        Tone.GOOD: "#73cd96",
        Tone.WARN: "#e8b458",
        Tone.BAD: "#ff938a",
        Tone.ACCENT: "#94b5ff",
    },
    background={
        Tone.NEUTRAL: "#2c3036",
        Tone.INFO: "#1c2f42",
        Tone.GOOD: "#1b3325",
        Tone.WARN: "#3a2e15",
        Tone.BAD: "#432321",
        Tone.ACCENT: "#23314f",
    },
)

NAMED: Final = {"light": LIGHT, "dark": DARK}
"""The schemes by the word that stands in the settings; any other word there follows the system."""
