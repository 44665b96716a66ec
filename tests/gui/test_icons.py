"""Icons: all there, sharp, tinted, and following the scheme."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import QApplication, QPushButton

from zendera_desk.gui import icons, style
from zendera_desk.gui.tokens import DARK, LIGHT, Scheme, Tone
from zendera_desk.resources import resource

GUI = Path(icons.__file__).parent


def _ink(image: QImage) -> str:
    """The colour that most of what is drawn has; where strokes meet, antialiasing rounds it."""
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return Counter(QColor(pixel.rgb()).name() for pixel in pixels if pixel.alpha() == 255).most_common(1)[0][0]


@pytest.mark.parametrize("name", sorted(path.stem for path in resource("icons").glob("*.svg") if "lucide" in path.read_text("utf-8")))
def test_every_icon_can_be_drawn(app: QApplication, name: str) -> None:
    assert _ink(icons.pixmap(name, Tone.BAD, 32).toImage()) == style.colour(Tone.BAD).name()


def test_what_was_read_ahead_is_drawn_without_a_look_at_the_disk(app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    icons._source.cache_clear()
    icons.read_ahead()
    icons._drawn.cache_clear()

    def no_disk(path: Path, *_: object, **__: object) -> str:
        raise OSError(f"{path} was read")

    monkeypatch.setattr(Path, "read_text", no_disk)
    assert _ink(icons.pixmap("truck", Tone.BAD, 32).toImage()) == style.colour(Tone.BAD).name()


def test_one_that_cannot_be_read_now_is_read_again_when_it_is_drawn(app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_text

    def locked(path: Path, *args: Any, **more: Any) -> str:  # noqa: ANN401 (as it was given)
        if path.stem == "truck":
            raise PermissionError("another program reads it")
        return read(path, *args, **more)

    icons._source.cache_clear()
    icons._drawn.cache_clear()
    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_text", locked)
        icons.read_ahead()
    assert _ink(icons.pixmap("truck", Tone.BAD, 32).toImage()) == style.colour(Tone.BAD).name()


def test_every_icon_named_in_the_code_is_there() -> None:
    there = {path.stem for path in resource("icons").glob("*.svg")}
    named = {
        (path.name, name)
        for path in GUI.rglob("*.py")
        for name in re.findall(r"""\b(?:icon|icons\.icon|icons\.paint|pixmap|Glyph)\(\s*"([a-z0-9-]+)\"""", path.read_text("utf-8"))
    }
    assert named
    assert not {each for each in named if each[1] not in there}


def test_no_icon_lies_there_that_no_code_names() -> None:
    code = "".join(path.read_text("utf-8") for path in GUI.parent.rglob("*.py"))
    assert not [path.stem for path in resource("icons").glob("*.svg") if f'"{path.stem}"' not in code]


def test_an_unknown_name_is_an_error_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon")


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_an_icon_has_exactly_the_pixels_of_its_screen(app: QApplication, ratio: float) -> None:
    made = icons.icon("truck").pixmap(QSize(16, 16), ratio)
    assert made.size() == QSize(round(16 * ratio), round(16 * ratio))
    assert made.devicePixelRatio() == ratio
    assert icons.pixmap("truck", None, 16, ratio).size() == made.size()


def test_an_icon_made_in_one_scheme_is_painted_in_the_other(app: QApplication) -> None:
    icon = QIcon(icons.icon("check", Tone.GOOD))
    for scheme in (DARK, LIGHT):
        style.apply(app, scheme)
        assert _ink(icon.pixmap(64, 64).toImage()) == scheme.foreground[Tone.GOOD]


def test_disabled_and_primary_icons_have_their_own_ink(app: QApplication, each_scheme: Scheme) -> None:
    assert _ink(icons.icon("check").pixmap(QSize(64, 64), QIcon.Mode.Disabled).toImage()) == each_scheme.disabled
    assert _ink(icons.icon("check", on_accent=True).pixmap(64, 64).toImage()) == each_scheme.on_accent
    assert _ink(icons.icon("check").pixmap(64, 64).toImage()) == each_scheme.muted


def test_a_drawing_is_made_once_for_each_size_and_ink(app: QApplication) -> None:
    icons._drawn.cache_clear()
    for _ in range(3):
        icons.icon("clock", Tone.INFO).pixmap(16, 16)
    assert icons._drawn.cache_info().misses == 1


def test_room_beside_an_icon_stays_empty_for_the_words(app: QApplication) -> None:
    wide: QPixmap = icons.icon("truck").pixmap(QSize(20, 16))
    image = wide.toImage()
    assert wide.size() == QSize(20, 16)
    assert all(image.pixelColor(x, y).alpha() == 0 for x in range(16, 20) for y in range(16))


def test_icons_outlive_the_buttons_that_show_them(app: QApplication) -> None:
    button = QPushButton("x")
    for _ in range(300):
        button = QPushButton("x")
        button.setIcon(icons.icon("send"))
        button.setIcon(QIcon(button.icon()))
    assert not button.icon().isNull()


def test_the_licence_of_the_drawings_comes_with_them() -> None:
    assert "ISC License" in resource("icons", "LICENSE").read_text("utf-8")
