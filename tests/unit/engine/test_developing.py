"""From a file to pictures, with the real helper process and the real store: what is kept, what is known again, what is left behind."""

import asyncio
import io
import os
import random
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from zendera_desk.domain.errors import PictureError, StoreError
from zendera_desk.domain.ids import PictureId
from zendera_desk.domain.paper import Edits
from zendera_desk.engine.developing import Developing
from zendera_desk.pictures import picture_id
from zendera_desk.pictures.helper import Wanted
from zendera_desk.settings import Settings
from zendera_desk.store.database import Database
from zendera_desk.store.pictures import Origin

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(tmp_path / "data", NOON)
    yield opened
    await opened.close()


@pytest.fixture
async def developing(database: Database, tmp_path: Path) -> AsyncIterator[Developing]:
    made = Developing(tmp_path / "data", database, lambda: NOON)
    yield made
    await made.close()


def kept(tmp_path: Path) -> list[str]:
    return sorted(file.name for file in (tmp_path / "data" / "pictures").glob("*/*"))


def photo(colour: str = "red", **how: object) -> bytes:
    """White, with a corner (top left) of the colour."""
    image = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 100, 75), fill=colour)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, **how)
    return out.getvalue()


def pages(count: int, kind: str = "TIFF") -> bytes:
    sheets = [Image.new("L", (60, 80), 255 - number % 200) for number in range(count)]
    out = io.BytesIO()
    sheets[0].save(out, kind, save_all=True, append_images=sheets[1:])
    return out.getvalue()


async def corner(developing: Developing, picture: PictureId, across: int, down: int) -> tuple[int, int, int]:
    """The colour near one of the four corners."""
    seen = await developing.pixels(picture)
    place = 3 * ((seen.height - 5 if down else 5) * seen.width + (seen.width - 5 if across else 5))
    return seen.rgb[place], seen.rgb[place + 1], seen.rgb[place + 2]


def is_red(colour: tuple[int, int, int]) -> bool:
    return colour[0] > 180 and max(colour[1:]) < 90


async def refusal(developing: Developing, source: Path | bytes) -> PictureError:
    with pytest.raises(PictureError) as refused:
        await developing.add_pages(source)
    return refused.value


async def test_a_photo_is_kept_as_it_came_beside_what_is_sent(developing: Developing, tmp_path: Path) -> None:
    (tmp_path / "note.jpg").write_bytes(photo())
    (picture,) = await developing.add_pages(tmp_path / "note.jpg")
    assert (picture.id, picture.name, picture.width, picture.height) == (picture_id(photo()), "note.jpg", 400, 300)
    jpeg = await developing.jpeg(picture.id)
    assert picture.size == len(jpeg)
    assert kept(tmp_path) == [f"{picture.id}.jpg", f"{picture.id}.original"]
    assert next((tmp_path / "data").rglob("*.original")).read_bytes() == photo()


async def test_each_page_is_a_picture_and_the_file_is_kept_once(developing: Developing, tmp_path: Path) -> None:
    for kind in ("TIFF", "PDF"):
        made = await developing.add_pages(pages(3, kind), f"stack.{kind}")
        assert len({picture.id for picture in made}) == 3
        assert {picture.name for picture in made} == {f"stack.{kind}"}
    assert len(kept(tmp_path)) == 8
    again = await developing.add_pages(pages(3), "again.tif")
    assert [picture.name for picture in again] == ["stack.TIFF"] * 3
    assert len(kept(tmp_path)) == 8


async def test_a_stack_of_paper_is_no_form_s_and_leaves_nothing(developing: Developing, tmp_path: Path) -> None:
    refused = await refusal(developing, pages(200, "PDF"))
    assert (refused.code, refused.values["pages"], refused.values["most"]) == ("too_many_pages", 200, 20)
    assert kept(tmp_path) == []


async def test_the_same_bytes_are_the_same_picture_under_its_first_name(developing: Developing) -> None:
    first = await developing.add_pages(photo(), "first.jpg")
    assert await developing.add_pages(photo(), "second.jpg") == first


class Preferring:
    """A desk on which somebody changes how pictures are prepared."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.settings = Settings()
        self.database = database
        self.developing = Developing(folder, database, lambda: NOON, preferred=lambda: self.settings)

    def prefer(self, longest: int, quality: int, most: int = 5_000_000) -> None:
        self.settings = Settings(picture_longest=longest, picture_quality=quality, picture_most=most)


@pytest.fixture
async def preferring(database: Database, tmp_path: Path) -> AsyncIterator[Preferring]:
    made = Preferring(tmp_path / "data", database)
    yield made
    await made.developing.close()


def noise(seed: int) -> bytes:
    """2,400 by 1,800 pixels that compress badly."""
    grain = Image.frombytes("L", (1200, 900), random.Random(seed).randbytes(1200 * 900))
    out = io.BytesIO()
    grain.resize((2400, 1800)).save(out, "PNG")
    return out.getvalue()


async def test_a_picture_is_prepared_as_large_as_the_desk_wants_it(preferring: Preferring) -> None:
    (usual,) = await preferring.developing.add_pages(noise(1))
    assert usual.width == 1600
    preferring.prefer(longest=2000, quality=80)
    (longer,) = await preferring.developing.add_pages(noise(2))
    assert longer.width == 2000
    preferring.prefer(longest=2000, quality=40)
    (coarser,) = await preferring.developing.add_pages(noise(3))
    assert coarser.width == 2000
    assert coarser.size < longer.size * 0.8
    preferring.prefer(longest=2000, quality=80, most=200_000)
    (lighter,) = await preferring.developing.add_pages(noise(4))
    assert lighter.size <= 200_000


async def test_a_picture_that_is_prepared_stays_as_it_is_when_the_desk_wants_others(preferring: Preferring) -> None:
    developing = preferring.developing
    (made,) = await developing.add_pages(noise(1))
    before = await developing.jpeg(made.id)
    preferring.prefer(longest=800, quality=40)
    assert await developing.add_pages(noise(1)) == [made]
    read = await developing.page(Origin(source=made.id), "scan.png", Wanted.STACK, codes=True)
    assert read.picture == made
    assert await developing.jpeg(made.id) == before
    turned = await developing.edit(made.id, Edits(turn=90))
    assert turned.height == 800


async def test_what_an_old_setting_left_behind_is_not_what_a_new_row_names(preferring: Preferring) -> None:
    """The row of a picture that nothing named is gone, its file not yet."""
    (made,) = await preferring.developing.add_pages(noise(1))
    await preferring.database.write(lambda conn: conn.execute("delete from picture"))
    preferring.prefer(longest=800, quality=40)
    (anew,) = await preferring.developing.add_pages(noise(1))
    assert (anew.id, anew.width) == (made.id, 800)
    assert len(await preferring.developing.jpeg(anew.id)) == anew.size


async def test_the_same_bytes_twice_at_once_are_one(developing: Developing, tmp_path: Path) -> None:
    first, second = await asyncio.gather(developing.add_pages(photo(), "a.jpg"), developing.add_pages(photo(), "b.jpg"))
    assert first == second
    assert len(kept(tmp_path)) == 2


async def test_the_same_pixels_with_other_facts_are_the_same_picture(developing: Developing, tmp_path: Path) -> None:
    """Sent again by a phone that wrote other words into it. What came in a second time is not kept."""
    first = await developing.add_pages(photo(), "first.jpg")
    assert await developing.add_pages(photo(comment=b"sent again"), "second.jpg") == first
    assert kept(tmp_path) == [f"{first[0].id}.jpg", f"{first[0].id}.original"]


async def test_a_picture_that_is_edited_is_made_of_the_original_each_time(developing: Developing) -> None:
    (picture,) = await developing.add_pages(photo(), "note.jpg")
    assert is_red(await corner(developing, picture.id, 0, 0))
    turned = await developing.edit(picture.id, Edits(turn=90))
    assert (turned.width, turned.height, turned.name) == (300, 400, "note.jpg")
    assert is_red(await corner(developing, turned.id, 1, 0))
    turned_on = await developing.edit(turned.id, Edits(turn=180))
    assert (turned_on.width, turned_on.height) == (400, 300)
    assert is_red(await corner(developing, turned_on.id, 1, 1))
    assert await developing.edits(turned_on.id) == Edits(turn=180)
    assert await developing.edit(turned_on.id, Edits()) == picture
    assert len({picture.id, turned.id, turned_on.id}) == 3


async def test_a_page_of_a_file_can_be_edited_too(developing: Developing) -> None:
    made = await developing.add_pages(pages(2), "stack.tif")
    cut = await developing.edit(made[1].id, Edits(crop=(0, 0, 1, 0.5)))
    assert (cut.width, cut.height) == (60, 40)


async def test_it_is_seen_small_before_it_is_made_and_taken_in_once(developing: Developing, tmp_path: Path) -> None:
    seen = await developing.glimpse(photo(), 40)
    assert (seen.width, seen.height, len(seen.rgb)) == (40, 30, 3600)
    (picture,) = await developing.add_pages(photo(), "note.jpg")
    small = await developing.pixels(picture.id, 40)
    assert (small.width, small.height) == (40, 30)
    assert len(kept(tmp_path)) == 2


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "empty"),
        (b"a name and an address", "format"),
        (b"\0\1\2", "not_a_picture"),
        (photo()[:3000], "unreadable"),
        (b"%PDF-1.7", "unreadable"),
    ],
    ids=["empty", "text", "nothing", "half", "broken"],
)
async def test_what_is_refused_leaves_nothing_behind(developing: Developing, tmp_path: Path, source: bytes, code: str) -> None:
    assert (await refusal(developing, source)).code == code
    with pytest.raises(PictureError, match=code):
        await developing.glimpse(source, 40)
    assert kept(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders and no /dev")
async def test_what_is_no_file_is_refused_and_not_waited_for(developing: Developing, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "zero.jpg").symlink_to("/dev/zero")
    sources = [tmp_path / "pipe.jpg", tmp_path / "zero.jpg", tmp_path, tmp_path / "gone.jpg"]
    refused = await asyncio.gather(*(refusal(developing, source) for source in sources))
    assert [error.code for error in refused] == ["not_a_file", "not_a_file", "not_a_file", "not_opened"]
    assert [error.values["name"] for error in refused] == [source.name for source in sources]


async def test_a_picture_whose_file_is_gone_is_said_and_comes_back_with_its_file(developing: Developing, tmp_path: Path) -> None:
    (picture,) = await developing.add_pages(photo(), "note.jpg")
    for file in (tmp_path / "data" / "pictures").rglob("*.jpg"):
        file.unlink()
    with pytest.raises(StoreError, match="io"):
        await developing.pixels(picture.id, 40)
    with pytest.raises(StoreError, match="io"):
        await developing.edits(PictureId("0" * 64))
    assert await developing.add_pages(photo(), "note.jpg") == [picture]
    assert (await developing.pixels(picture.id, 40)).width == 40


async def test_after_the_end_nothing_is_taken_in(developing: Developing, tmp_path: Path) -> None:
    await developing.close()
    with pytest.raises(StoreError, match="closed"):
        await developing.add_pages(photo(), "note.jpg")
    assert kept(tmp_path) == []
