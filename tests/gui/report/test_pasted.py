"""What may be pasted: pictures of the known formats as they come, bare images of the system's, and nothing that Qt would have to decode."""

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from zendera_desk.gui.report.intake import carried


def clipboard(**formats: bytes) -> QMimeData:
    """With a bare image, as every program offers one beside the formats that it names."""
    mime = QMimeData()
    image = QImage(4, 3, QImage.Format.Format_RGB32)
    image.fill(0)
    mime.setImageData(image)
    for name, content in formats.items():
        mime.setData(f"image/{name}", content)
    return mime


def test_a_picture_of_a_known_format_is_taken_as_it_comes() -> None:
    assert carried(clipboard(png=b"as it came", bmp=b"BM")) == [b"as it came"]


def test_a_bare_image_is_taken() -> None:
    (image,) = carried(clipboard())
    assert isinstance(image, QImage)
    assert (image.width(), image.height()) == (4, 3)


@pytest.mark.parametrize("name", ["bmp", "gif", "svg+xml", "x-xpixmap"])
def test_what_the_interface_would_have_to_decode_itself_is_not_taken(name: str) -> None:
    assert carried(clipboard(**{name: b"hostile"})) == []
