"""Which pages a reader of codes would read better if they were sharpened."""

import pytest
from PIL import Image, ImageFilter

from support.notes import facts, note
from zendera_desk.pictures.sharpness import is_blurred

SCAN = note(facts(11), 11, dpi=150, skew=3, noise=14, stamp=True).convert("L")


@pytest.mark.parametrize("turn", [0, 90])
def test_a_scan_is_sharp_also_askew_and_noisy(turn: int) -> None:
    assert not is_blurred(SCAN.rotate(turn, expand=True))


@pytest.mark.parametrize("faint", [1.0, 0.3])
@pytest.mark.parametrize(
    "blur",
    [ImageFilter.GaussianBlur(2), ImageFilter.BoxBlur((3, 0)), ImageFilter.BoxBlur((0, 3))],
    ids=["out of focus", "shaken across", "shaken along"],
)
def test_what_was_out_of_focus_or_shaken_either_way_is_blurred_however_faint(blur: ImageFilter.Filter, faint: float) -> None:
    seen = SCAN.filter(blur).point([round(255 - (255 - level) * faint) for level in range(256)])
    assert is_blurred(seen)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 2), (5, 5), (800, 1100)])
def test_a_page_without_anything_on_it_is_not_blurred(size: tuple[int, int]) -> None:
    assert not is_blurred(Image.new("L", size, 255))
