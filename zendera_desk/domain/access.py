"""What an account is reached with: its address and its key, as a person types or pastes them."""

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from zendera_desk.domain.errors import CredentialError, SettingsError

PRODUCTION: Final = "https://app.zenderatms.com/api/"
STAGING: Final = "https://staging.zenderatms.com/api/"

LONGEST_KEY: Final = 1024
"""Windows keeps at most 2,560 bytes of UTF-16 in its keyring; no key comes near."""

_HOST: Final = re.compile(r"[0-9A-Za-z.:_-]+")
_USUAL_PORTS: Final = {"https": 443, "http": 80}


def check_base_url(text: str) -> str:
    """The address in one spelling, with a slash at its end. Raises SettingsError bad_url, or plain_http beyond this machine."""
    text = text.strip()
    if not text.isprintable() or " " in text:
        raise SettingsError("bad_url", url=text)
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (UnicodeError, ValueError):
        raise SettingsError("bad_url", url=text) from None
    if "@" in parts.netloc:  # it may hold a password, so the address is not repeated
        raise SettingsError("bad_url")
    if parts.scheme not in _USUAL_PORTS or not _HOST.fullmatch(host) or port == 0 or parts.query or parts.fragment:
        raise SettingsError("bad_url", url=text)
    if parts.scheme == "http" and not is_loopback(host):
        raise SettingsError("plain_http", url=text)
    place = f"[{host}]" if ":" in host else host
    if port is not None and port != _USUAL_PORTS[parts.scheme]:
        place += f":{port}"
    return f"{parts.scheme}://{place}{parts.path.rstrip('/')}/"


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_key(text: str) -> str:
    """The key without the blanks that copying adds. Raises CredentialError bad_key, which never repeats it.

    A key that is no valid header value would be printed by httpx, whole, in its exception: nothing unsendable gets that far.
    """
    key = text.strip()
    if not key or len(key) > LONGEST_KEY or not all("!" <= letter <= "~" for letter in key):
        raise CredentialError("bad_key")
    return key
