"""Only what is plainly a number or an address becomes a call or a mail."""

import pytest

from zendera_desk.gui.shipment.links import mailto, tel


@pytest.mark.parametrize(
    ("phone", "link"),
    [
        ("+47 22 33 44 55", "tel:+4722334455"),
        ("(022) 33-44.55", "tel:022334455"),
        ("0046 8 123 456", "tel:+468123456"),
        ("112", "tel:112"),
    ],
)
def test_a_number_can_be_called_however_it_is_written(phone: str, link: str) -> None:
    assert tel(phone) == link


@pytest.mark.parametrize(
    "phone", ["", "12", "ring Kari", "+47 22334455;ext=9", "22334455,,1234#", "*21*900#", "1" * 30, "٣٣٤٤٥٥", "tel:112", "112\n113a"]
)
def test_what_is_no_plain_number_cannot_be_called(phone: str) -> None:
    assert tel(phone) is None


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("kari@nordlys.example", "mailto:kari@nordlys.example"),
        (" kari+gods@nord-lys.example ", "mailto:kari%2Bgods@nord-lys.example"),
        ("kåre@nordlys.example", "mailto:k%C3%A5re@nordlys.example"),
    ],
)
def test_an_address_can_be_written_to(address: str, link: str) -> None:
    assert mailto(address) == link


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kari",
        "kari@nordlys",
        "a@b.example, c@d.example",
        "a@b.example?attach=/etc/passwd",
        "a@b.example?cc=x@y.example",
        "a@b.example&body=x",
        "Kari <a@b.example>",
        "a%0ab@b.example",
        "a@b.example\nbcc:c@d.example",
        "file:///etc/passwd@b.example",
        "a\u202e@b.example",
    ],
)
def test_what_could_carry_more_than_an_address_cannot_be_written_to(address: str) -> None:
    assert mailto(address) is None
