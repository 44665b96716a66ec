"""Where deliveries go, as it is typed."""

import pytest

from zendera_desk.domain.destinations import destinations


def fits(text: str, postcode: str, city: str = "") -> bool:
    where = destinations(text)
    codes = any(each.first <= postcode < each.beyond and (" " in postcode) == each.blank for each in where.codes)
    return codes or city in where.cities


@pytest.mark.parametrize(
    ("typed", "inside", "outside"),
    [
        ("5003", ["5003"], ["5004", "500", "15003"]),
        ("50", ["5000", "5003", "5099"], ["4999", "5100"]),
        ("5000-5299", ["5000", "5100", "5299"], ["4999", "5300"]),
        ("5299 – 5000", ["5100"], ["5300"]),
        ("50-52", ["5000", "5299"], ["5300"]),
        ("11120-11499", ["11120", "111 20", "114 99", "11499"], ["11110", "111 10", "115 00"]),
        ("111 20", ["11120", "111 20"], ["111 21"]),
        ("0151, 60", ["0151", "6003"], ["0152", "5003"]),
    ],
)
def test_postcodes_are_meant_from_their_beginning_and_between(typed: str, inside: list[str], outside: list[str]) -> None:
    assert [each for each in inside if not fits(typed, each)] == []
    assert [each for each in outside if fits(typed, each)] == []


def test_a_city_is_meant_however_its_capitals_are_written() -> None:
    for written in ("ÅLESUND", "Ålesund", "ålesund"):
        assert fits("ålesund, 5003", "6002", written)
    assert fits("mo i rana", "8602", "Mo I Rana")
    assert not fits("Oslo", "0151", "Osløy")


def test_commas_without_anything_between_mean_nothing() -> None:
    assert destinations(" , ,") == ((), ())
