import pytest

from zendera_desk.domain.access import check_base_url, check_key
from zendera_desk.domain.errors import CredentialError, SettingsError

KEY = "zk_canary_6f1d"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://app.zenderatms.com/api/", "https://app.zenderatms.com/api/"),
        ("  https://APP.zenderatms.com/api ", "https://app.zenderatms.com/api/"),
        ("staging.zenderatms.com/api", "https://staging.zenderatms.com/api/"),
        ("https://gateway.example:8443", "https://gateway.example:8443/"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
        ("http://127.9.9.9/x", "http://127.9.9.9/x/"),
        ("http://localhost:1/api/", "http://localhost:1/api/"),
        ("http://[::1]:8080/api", "http://[::1]:8080/api/"),
    ],
)
def test_an_address_gets_one_spelling(text: str, url: str) -> None:
    assert check_base_url(text) == url
    assert check_base_url(url) == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://",
        "ftp://app.zenderatms.com/",
        "https://app zenderatms.com/",
        "https://app.zenderatms.com/api?x=1",
        "https://app.zenderatms.com/api#x",
        "https://app.zenderatms.com:99999/",
        "https://app.zenderatms.com/\x00",
        "https://[::1/",
        "javascript:alert(1)",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_address_is_said_to_be_none(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        check_base_url(text)
    assert caught.value.code == "bad_url"


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(SettingsError) as caught:
        check_base_url(f"https://user:{KEY}@app.zenderatms.com/")
    assert caught.value.code == "bad_url"
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["http://app.zenderatms.com/api/", "http://127.0.0.1.example/", "http://127.1/", "http://0.0.0.0/", "http://localhost.example/"]
)
def test_plain_http_is_for_this_machine_alone(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        check_base_url(text)
    assert caught.value.code == "plain_http"


def test_a_key_loses_the_blanks_around_it() -> None:
    assert check_key(f"  {KEY}\r\n") == KEY


@pytest.mark.parametrize("text", ["", "  ", f"apikey {KEY}", f"{KEY}\n{KEY}", f"{KEY}\x00", f"{KEY}é", f"{KEY}\u200b"])
def test_a_key_that_is_none_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(CredentialError) as caught:
        check_key(text)
    assert caught.value.code == "bad_key"
    assert KEY not in repr(caught.value)
