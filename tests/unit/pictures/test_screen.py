from io import BytesIO

import pytest
from PIL import Image

from zendera_desk.domain.errors import PictureError
from zendera_desk.pictures import from_screen, prepare, to_screen


def test_bare_pixels_from_the_clipboard_come_out_as_they_were() -> None:
    png = from_screen(bytes([255, 0, 0, 255, 0, 0, 255, 255]), 2, 1)
    picture = Image.open(BytesIO(png))
    assert (picture.getpixel((0, 0)), picture.getpixel((1, 0))) == ((255, 0, 0, 255), (0, 0, 255, 255))


def test_a_prepared_picture_becomes_rows_of_three_bytes_a_pixel() -> None:
    seen = to_screen(prepare(from_screen(bytes([200, 200, 200, 255]) * 6 * 4, 6, 4)).jpeg)
    assert (seen.width, seen.height, len(seen.rgb)) == (6, 4, 6 * 4 * 3)
    assert all(abs(byte - 200) < 5 for byte in seen.rgb)


def test_for_a_thumbnail_it_comes_small() -> None:
    seen = to_screen(prepare(from_screen(bytes(4) * 600 * 300, 600, 300)).jpeg, 48)
    assert (seen.width, seen.height) == (48, 24)


def test_a_damaged_copy_is_said() -> None:
    with pytest.raises(PictureError) as refused:
        to_screen(b"\xff\xd8\xff")
    assert refused.value.code == "unreadable"
