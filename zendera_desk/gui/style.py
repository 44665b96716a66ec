"""The look at work: Fusion on every system, with our palette, type scale and one style sheet made from the tokens.

Fusion everywhere means that what is checked here is what people see there. The scheme follows the system's and changes
with it while the program runs, or is forced by a setting. Whoever paints by hand asks `colour`, `background` and `token`
while painting, so that a change of scheme needs nothing but a repaint, which the new palette brings about.
"""

from functools import cache
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from zendera_desk.gui.sheet import sheet
from zendera_desk.gui.tokens import BODY, DARK, LIGHT, NAMED, RADIUS, ROW, SMALL, SPACE, Scheme, Tone

__all__ = [
    "DARK",
    "LIGHT",
    "NAMED",
    "RADIUS",
    "ROW",
    "SPACE",
    "Scheme",
    "Tone",
    "apply",
    "background",
    "colour",
    "font_body",
    "font_small",
    "font_strong",
    "quiet_table",
    "scheme",
    "set_role",
    "token",
]

_FAMILIES: Final = ("Inter", "Noto Sans", "Segoe UI", ".AppleSystemUIFont", "SF Pro Text", "Helvetica Neue", "DejaVu Sans")


class _Look(QObject):
    """Holds the scheme in force; lives as long as the application, and follows the system's scheme unless one is forced."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("look")
        self._app = app
        self._forced: Scheme | None = None
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)

    def force(self, wanted: Scheme | None) -> None:
        self._forced = wanted
        self._show(wanted or _of_system())

    def _follow(self, _system: Qt.ColorScheme) -> None:
        if self._forced is None:
            self._show(_of_system())

    def _show(self, wanted: Scheme) -> None:
        _current[0] = wanted
        self._app.setPalette(_palette(wanted))
        self._app.setStyleSheet(sheet(wanted))


_current: list[Scheme] = [LIGHT]


def apply(app: QApplication, wanted: Scheme | None = None) -> None:
    """Dresses the application. `wanted` None follows the system. May be called again at any time."""
    look = app.findChild(_Look)
    if look is None:
        app.setStyle("Fusion")
        app.setFont(font_body())
        look = _Look(app)
    look.force(wanted)


def _of_system() -> Scheme:
    return DARK if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT


def scheme() -> Scheme:
    """The scheme in force now."""
    return _current[0]


@cache
def _colour(value: str) -> QColor:
    return QColor(value)


def colour(tone: Tone) -> QColor:
    """For words and icons of this tone, on any surface."""
    return _colour(_current[0].foreground[tone])


def background(tone: Tone) -> QColor:
    """For a chip or banner whose words have `colour(tone)`."""
    return _colour(_current[0].background[tone])


def token(name: str) -> QColor:
    """A colour of the scheme by its name in `Scheme`, such as "raised" or "muted"."""
    value: str = getattr(_current[0], name)
    return _colour(value)


@cache
def _family() -> str:
    there = set(QFontDatabase.families())
    return next((family for family in _FAMILIES if family in there), "")


def _font(pixels: int, weight: QFont.Weight) -> QFont:
    font = QFont(_family()) if _family() else QFont()
    font.setPixelSize(pixels)
    font.setWeight(weight)
    # All figures equally wide, so that numbers stand under each other and a countdown does not dance.
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def font_body() -> QFont:
    return _font(BODY, QFont.Weight.Normal)


def font_small() -> QFont:
    return _font(SMALL, QFont.Weight.Normal)


def font_strong() -> QFont:
    return _font(BODY, QFont.Weight.DemiBold)


def set_role(widget: QWidget, role: str) -> None:
    """Gives a widget its part in the look ("primary", "quiet", "danger", "chip", "heading", "muted", …), also later on."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def quiet_table(table: QTableView) -> None:
    """The manners of every table: whole rows, no grid, no row numbers, even rows, scrolling by pixels."""
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setMouseTracking(True)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTabKeyNavigation(False)
    rows = table.verticalHeader()
    rows.setVisible(False)
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(ROW)
    columns = table.horizontalHeader()
    columns.setHighlightSections(False)
    columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    columns.setFixedHeight(ROW - 2)


def _palette(wanted: Scheme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for part, value in {
        role.Window: wanted.surface,
        role.WindowText: wanted.text,
        role.Base: wanted.raised,
        role.AlternateBase: wanted.hover,
        role.Text: wanted.text,
        role.PlaceholderText: wanted.muted,
        role.Button: wanted.raised,
        role.ButtonText: wanted.text,
        role.BrightText: wanted.foreground[Tone.BAD],
        role.Highlight: wanted.selection,
        role.HighlightedText: wanted.text,
        role.ToolTipBase: wanted.raised,
        role.ToolTipText: wanted.text,
        role.Link: wanted.focus,
        role.LinkVisited: wanted.focus,
        role.Light: wanted.raised,
        role.Midlight: wanted.hover,
        role.Mid: wanted.line,
        role.Dark: wanted.edge,
        role.Shadow: wanted.sunken,
        role.Accent: wanted.accent,
    }.items():
        palette.setColor(part, QColor(value))
    for part in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, part, QColor(wanted.disabled))
    return palette
