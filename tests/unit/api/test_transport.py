"""Addresses, keys, proxies: what is decided before anything is connected."""

import logging

import httpx
import pytest

from zendera_desk.api.transport import KeyAuth, find_route
from zendera_desk.domain.errors import LinkCode, LinkError

KEY = "zk_canary_6f1d"


@pytest.mark.parametrize(
    ("url", "with_key"),
    [
        ("https://app.zenderatms.com/api/v1/orders/export", True),
        ("https://app.zenderatms.com:443/api/v1/x", True),
        ("http://app.zenderatms.com/api/v1/x", False),
        ("https://app.zenderatms.com:8443/api/v1/x", False),
        ("https://app.zenderatms.com.evil.example/api/v1/x", False),
        ("https://app.zenderatms.com/other", False),
        ("https://app.zenderatms.com/api/../other", False),
    ],
)
def test_the_key_goes_to_the_accounts_own_address_and_nowhere_else(url: str, with_key: bool) -> None:
    request = next(KeyAuth("https://app.zenderatms.com/api/", KEY).auth_flow(httpx.Request("GET", url)))

    assert request.headers.get("Authorization") == (f"apikey {KEY}" if with_key else None)


def test_the_systems_proxy_is_used_beyond_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    proxy = find_route("https://app.zenderatms.com/api/").proxy

    assert proxy is not None
    assert proxy.url == "http://proxy.example:3128"
    assert find_route("https://127.0.0.1:8443/").proxy is None


@pytest.mark.parametrize("malformed", ["http://[::1", "::::,app.zenderatms.com", "*"])
def test_a_malformed_no_proxy_harms_nothing(monkeypatch: pytest.MonkeyPatch, malformed: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", malformed)

    assert (find_route("https://app.zenderatms.com/api/").proxy is None) is (malformed != "http://[::1")


@pytest.mark.parametrize("setting", ["socks5://proxy.example:1080", "http://[::1", "gopher://x"])
def test_a_proxy_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", setting)

    with pytest.raises(LinkError) as caught:
        find_route("https://app.zenderatms.com/api/")
    assert caught.value.code is LinkCode.PROXY


def test_the_libraries_log_neither_addresses_nor_headers() -> None:
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert not logging.getLogger("httpcore.http11").isEnabledFor(logging.DEBUG)
