"""What an error says of itself goes into logs, which nobody cleans of personal data."""

import pytest

from zendera_desk.domain.errors import LinkCode, LinkError, PictureError, StoreError


@pytest.mark.parametrize("code", [LinkCode.REFUSED, LinkCode.UNAUTHORISED, LinkCode.LIMIT, LinkCode.SERVER, LinkCode.NOT_ZENDERA])
def test_the_words_of_an_answer_are_kept_and_not_logged(code: LinkCode) -> None:
    error = LinkError(code, http_status=422, words="Kari Nordmann has moved")
    assert error.words == "Kari Nordmann has moved"
    assert "Kari" not in f"{error} {error!r}"
    assert "422" in str(error)


def test_words_about_the_line_are_logged() -> None:
    assert "no route" in str(LinkError(LinkCode.OFFLINE, words="no route to host"))
    assert "not gzip" in str(LinkError(LinkCode.BROKEN_ANSWER, http_status=200, words="not gzip"))


def test_the_name_of_a_file_is_kept_and_not_logged() -> None:
    error = PictureError("empty", name="Kari Nordmann.jpg")
    assert error.values["name"] == "Kari Nordmann.jpg"
    assert "Kari" not in f"{error} {error!r}"


def test_what_names_nobody_is_logged() -> None:
    assert str(StoreError("newer", found=9, known=1)) == "newer found=9 known=1"
