"""The desk and its helper process: there when it is needed, gone with the desk."""

import io
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from zendera_desk.desk import Desk
from zendera_desk.domain.errors import PictureError
from zendera_desk.domain.paper import Edits
from zendera_desk.settings import Settings


def paper(pages: int = 1) -> bytes:
    sheets = [Image.new("L", (60, 80 + number), 200) for number in range(pages)]
    out = io.BytesIO()
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


async def test_a_desk_that_needs_no_pictures_has_no_process_and_one_that_closes_leaves_none(tmp_path: Path) -> None:
    desk = await Desk.open(tmp_path, Settings(), zone=ZoneInfo("Europe/Oslo"), by_hand=True)
    reader = desk.developing._reader
    assert reader.pid is None
    picture = await desk.add_picture(paper(), "note.tif")
    assert reader.pid is not None
    assert (await desk.picture_pixels(picture.id, 40)).height == 40
    turned = await desk.edit_picture(picture.id, Edits(turn=90))
    assert (turned.width, turned.height) == (80, 60)
    assert await desk.picture_edits(turned.id) == Edits(turn=90)
    await desk.close()
    assert reader.pid is None


async def test_one_picture_is_asked_for_and_no_page_is_dropped_silently(tmp_path: Path) -> None:
    desk = await Desk.open(tmp_path, Settings(), zone=ZoneInfo("Europe/Oslo"), by_hand=True)
    with pytest.raises(PictureError, match="too_many_pages"):
        await desk.add_picture(paper(2), "note.tif")
    assert len(await desk.add_pages(paper(2), "note.tif")) == 2
    await desk.close()
