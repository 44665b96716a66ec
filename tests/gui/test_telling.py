"""Files of the watched folder that were not taken in: what is said is true of each."""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtWidgets import QLabel, QWidget

from zendera_desk.domain.errors import PictureError
from zendera_desk.gui.telling import Telling
from zendera_desk.gui.widgets.banner import Banners
from zendera_desk.gui.widgets.toast import ToastStrip

NOON = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)


def test_what_was_refused_is_on_the_paper_page_and_what_comes_again_is_named_here(show: Callable[[QWidget], QWidget]) -> None:
    banners = Banners()
    show(banners)
    toasts = ToastStrip(banners)
    telling = Telling(banners, toasts, lambda: NOON, lambda: None, lambda: None)
    telling.trouble(PictureError("format", name="film.mp4"))
    telling.trouble(PictureError("not_opened", name="kept.pdf"))
    assert banners.keys() == ("not_taken", "not_taken_yet")
    telling.trouble(PictureError("too_slow", name="slow.pdf"))
    telling.trouble(PictureError("format", name="song.mp3"))
    said = {label.text() for label in banners.findChildren(QLabel)}
    assert "2 files were not taken in. The paper page says which, and why (Ctrl+P)." in said
    assert "2 files cannot be taken in now, and are tried again by themselves: kept.pdf, slow.pdf" in said
