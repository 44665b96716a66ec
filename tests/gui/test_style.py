"""The look: readable in both schemes, the same on every system, changing with the system's scheme."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QTextEdit, QToolTip, QVBoxLayout, QWidget

from zendera_desk.gui import style
from zendera_desk.gui.sheet import sheet
from zendera_desk.gui.tokens import DARK, LIGHT, Scheme, Tone

TEXT = 4.5
"""WCAG AA, text of any size."""

PART = 3.0
"""WCAG AA, what must be seen to be used: edges of fields, the focus ring."""


def _luminance(value: str) -> float:
    parts = (QColor(value).redF(), QColor(value).greenF(), QColor(value).blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


SURFACES = ("surface", "raised", "sunken", "hover", "selection")
each_look = pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=lambda scheme: scheme.name)


@each_look
@pytest.mark.parametrize("words", ["text", "muted"])
@pytest.mark.parametrize("ground", SURFACES)
def test_text_is_readable_on_every_surface(scheme: Scheme, ground: str, words: str) -> None:
    assert contrast(getattr(scheme, words), getattr(scheme, ground)) >= TEXT


@each_look
@pytest.mark.parametrize("tone", Tone)
@pytest.mark.parametrize("ground", SURFACES)
def test_every_tone_is_readable_on_every_surface(scheme: Scheme, ground: str, tone: Tone) -> None:
    assert contrast(scheme.foreground[tone], getattr(scheme, ground)) >= TEXT


@each_look
@pytest.mark.parametrize("tone", Tone)
def test_a_chip_or_banner_is_readable_in_its_tone(scheme: Scheme, tone: Tone) -> None:
    assert contrast(scheme.foreground[tone], scheme.background[tone]) >= TEXT
    assert contrast(scheme.text, scheme.background[tone]) >= TEXT


@each_look
def test_the_primary_button_is_readable_in_all_its_states(scheme: Scheme) -> None:
    assert min(contrast(scheme.on_accent, ground) for ground in (scheme.accent, scheme.accent_hover, scheme.accent_pressed)) >= TEXT


@each_look
@pytest.mark.parametrize("ground", ["surface", "raised"])
def test_edges_and_the_focus_ring_can_be_seen(scheme: Scheme, ground: str) -> None:
    assert contrast(scheme.edge, getattr(scheme, ground)) >= PART
    assert contrast(scheme.focus, getattr(scheme, ground)) >= PART


def test_a_misspelt_token_is_an_error_and_none_is_left_in_the_sheet() -> None:
    for scheme in (LIGHT, DARK):
        assert "$" not in sheet(scheme)
        assert sheet(scheme).count("{") == sheet(scheme).count("}")


def test_the_schemes_dress_the_same_widgets_differently(app: QApplication, each_scheme: Scheme) -> None:
    assert app.palette().color(QPalette.ColorRole.Window).name() == each_scheme.surface
    assert style.colour(Tone.BAD).name() == each_scheme.foreground[Tone.BAD]
    assert style.background(Tone.BAD).name() == each_scheme.background[Tone.BAD]
    assert style.token("muted").name() == each_scheme.muted


def test_without_a_forced_scheme_the_systems_is_followed(app: QApplication) -> None:
    hints = app.styleHints()
    style.apply(app, None)
    hints.setColorScheme(Qt.ColorScheme.Dark)
    followed = style.scheme()
    hints.unsetColorScheme()
    style.apply(app, LIGHT)
    if hints.colorScheme() is not Qt.ColorScheme.Unknown:
        assert followed is DARK
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert style.scheme() is LIGHT


def test_the_style_sheet_is_understood_by_every_control(app: QApplication, each_scheme: Scheme) -> None:
    """A fault in it is a warning of Qt's, which fails the test."""
    window = QWidget()
    layout = QVBoxLayout(window)
    for role in ("primary", "quiet", "danger", "chip", ""):
        button = QPushButton("text")
        button.setProperty("role", role)
        layout.addWidget(button)
    layout.addWidget(QLineEdit("text"))
    picture = window.grab().toImage()
    assert picture.pixelColor(2, 2).name() == each_scheme.surface


def test_figures_are_equally_wide(app: QApplication) -> None:
    metrics = QFontMetricsF(style.font_body())
    assert len({round(metrics.horizontalAdvance(figure * 10)) for figure in "0123456789"}) == 1


def test_labels_of_any_origin_are_plain_text(app: QApplication) -> None:
    label = QLabel("<img src='file:///nowhere.png'><b>x</b>")
    label.ensurePolished()
    assert label.textFormat() is Qt.TextFormat.PlainText
    edit = QTextEdit()
    edit.ensurePolished()
    assert not edit.acceptRichText()


def test_a_tool_tip_of_a_model_shows_its_text_as_it_is(app: QApplication) -> None:
    QToolTip.showText(app.primaryScreen().geometry().center(), "<b>Nordmann</b>", None)
    tips = [each for each in app.topLevelWidgets() if each.inherits("QTipLabel")]
    assert [tip.textFormat() for tip in tips if isinstance(tip, QLabel)] == [Qt.TextFormat.PlainText]
    tips[0].close()
