import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageStat

from unit.pictures.made import BLACK, BLUE, RED, WHITE, corners, encoded, near, picture_of, worked
from zendera_desk.domain.paper import Edits
from zendera_desk.pictures import edits as editing

PENCIL = ((205, 205, 208), (232, 230, 225))
YELLOW_COPY = ((190, 180, 130), (235, 225, 160))
PINK_CARBON = ((200, 150, 180), (240, 190, 200))
DARK_PHOTO = ((80, 80, 85), (120, 118, 110))


def note(ink: tuple[int, int, int], paper: tuple[int, int, int]) -> tuple[Image.Image, Image.Image]:
    """A written note with the grain of a cheap camera, and where its ink is."""
    written = Image.new("L", (600, 400), 0)
    draw, chance = ImageDraw.Draw(written), random.Random(7)
    for line in range(14):
        draw.text((20, 10 + line * 27), "".join(chance.choice("abdegklnorstv 0123") for _ in range(40)), fill=255, font_size=24)
    page = Image.composite(Image.new("RGB", written.size, ink), Image.new("RGB", written.size, paper), written)
    grain = Image.effect_noise(written.size, 5).convert("RGB")
    return ImageChops.add(page, grain, 1, -128), written


def levels(page: Image.Image, written: Image.Image) -> tuple[float, float]:
    """How bright the ink and the paper are, in the mean."""
    grey = page.convert("L")
    ink = ImageStat.Stat(grey, written.point([0] * 201 + [255] * 55)).mean[0]
    return ink, ImageStat.Stat(grey, written.point([255] + [0] * 255)).mean[0]


@pytest.mark.parametrize("faint", [PENCIL, YELLOW_COPY, PINK_CARBON, DARK_PHOTO], ids=["pencil", "yellow copy", "carbon", "dark photo"])
def test_faint_writing_becomes_darker_and_its_paper_white(faint: tuple[tuple[int, int, int], tuple[int, int, int]]) -> None:
    page, written = note(*faint)
    ink, paper = levels(page, written)
    for brightness, times in ((30, 2.0), (60, 3.0), (100, 3.5)):
        new_ink, new_paper = levels(editing.apply(page, Edits(brightness=brightness)), written)
        assert new_paper > 225
        assert new_paper - new_ink > times * (paper - ink)


def test_what_is_too_dark_becomes_lighter_and_nothing_is_lost() -> None:
    page, written = note((30, 30, 30), (90, 90, 90))
    ink, paper = levels(page, written)
    lighter = levels(editing.apply(page, Edits(brightness=-100)), written)
    assert lighter[1] > 1.5 * paper
    assert lighter[1] - lighter[0] > 0.9 * (paper - ink)


def test_no_change_is_no_change_at_all() -> None:
    page, _ = note(*PENCIL)
    assert editing.apply(page, Edits()) is page
    assert editing.apply(page, Edits(turn=360, crop=(0, 0, 1, 1))).tobytes() == page.tobytes()


@given(st.integers(-1000, 1000), st.sampled_from(["L", "RGB"]))
def test_a_brighter_spot_never_ends_darker(brightness: int, mode: str) -> None:
    ramp = Image.linear_gradient("L").resize((8, 256)).convert(mode)
    seen = editing.apply(ramp, Edits(brightness=brightness)).convert("L")
    column = [seen.getpixel((4, y)) for y in range(256)]
    assert column == sorted(column)


@pytest.mark.parametrize(
    ("turn", "size", "red", "blue"),
    [
        (0, (64, 32), (4, 4), (60, 28)),
        (90, (32, 64), (28, 4), (4, 60)),
        (180, (64, 32), (60, 28), (4, 4)),
        (270, (32, 64), (4, 60), (28, 4)),
    ],
)
def test_a_turn_is_clockwise(turn: int, size: tuple[int, int], red: tuple[int, int], blue: tuple[int, int], tmp_path: Path) -> None:
    picture = picture_of(worked(tmp_path / "file", encoded(corners(), "PNG"), edits=Edits(turn=turn)))
    assert picture.size == size
    assert near(picture.getpixel(red), RED, 40)
    assert near(picture.getpixel(blue), BLUE, 40)


def test_what_stays_is_cut_out_of_the_turned_picture(tmp_path: Path) -> None:
    done = worked(tmp_path / "file", encoded(corners(), "PNG"), edits=Edits(turn=90, crop=(0.5, 0.0, 1.0, 0.25)))
    picture = picture_of(done)
    assert picture.size == (16, 16)
    assert near(picture.getpixel((8, 8)), RED, 40)


def test_a_turn_counts_on_top_of_how_the_phone_was_held(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    source = encoded(corners().transpose(Image.Transpose.ROTATE_90), quality=95, exif=exif)
    picture = picture_of(worked(tmp_path / "file", source, edits=Edits(turn=180)))
    assert picture.size == (64, 32)
    assert near(picture.getpixel((60, 28)), RED, 40)


def test_a_small_part_of_a_large_picture_is_as_sharp_as_the_picture(tmp_path: Path) -> None:
    large = Image.new("RGB", (4000, 3000), WHITE)
    large.paste(BLACK, (2000, 1500, 2001, 3000))  # one pixel wide
    done = worked(tmp_path / "file", encoded(large, quality=95, subsampling=0), edits=Edits(crop=(0.4, 0.5, 0.6, 0.6)))
    picture = picture_of(done)
    assert picture.size == (800, 300)
    assert near(picture.getpixel((400, 150)), BLACK, 90)
    assert near(picture.getpixel((404, 150)), WHITE, 30)


def test_a_part_is_no_larger_than_asked(tmp_path: Path) -> None:
    source = encoded(Image.new("RGB", (4000, 3000), WHITE))
    done = worked(tmp_path / "file", source, edits=Edits(crop=(0.25, 0.25, 0.75, 0.75)), longest=1000)
    assert (done.width, done.height) == (1000, 750)


sides = st.floats(allow_nan=True, allow_infinity=True)


@given(st.tuples(sides, sides, sides, sides), st.sampled_from([0, 90, 180, 270, -90, 7]), st.integers(1, 60), st.integers(1, 60))
def test_whatever_is_cropped_something_stays(crop: tuple[float, float, float, float], turn: int, width: int, height: int) -> None:
    edits = Edits(crop=crop, turn=turn)
    left = editing.apply(Image.new("L", (width, height)), edits)
    assert 1 <= left.width <= max(width, height)
    assert 1 <= left.height <= max(width, height)
    assert editing.needed((width, height), edits, 100) >= 100
