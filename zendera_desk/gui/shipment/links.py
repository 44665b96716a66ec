"""Telephone numbers and mail addresses from outside, made into something that may be handed to the operating system.

Nothing in a shipment is a link. A call or a mail starts only by a click on its button, and only from text that is nothing
but a number or an address: a "mailto:" could else carry a whole message, or files to attach.
"""

import re
from typing import Final
from urllib.parse import quote

_SEPARATORS: Final = re.compile(r"[\s().\-/\u00a0\u202f\u2010-\u2013]+")
_NUMBER: Final = re.compile(r"\+?[0-9]{3,17}")
_ADDRESS: Final = re.compile(r"[^\s@<>\"',;:?&%#\\/()\[\]]{1,64}@[^\W_](?:[\w.-]{0,250}[^\W_])?")


def tel(phone: str) -> str | None:
    """ "tel:+4722334455", or None where it is not plainly one number."""
    number = _SEPARATORS.sub("", phone.strip())
    if number.startswith("00"):
        number = "+" + number[2:]
    return f"tel:{number}" if _NUMBER.fullmatch(number) and number.isascii() else None


def mailto(address: str) -> str | None:
    """ "mailto:kari@nordlys.example", percent-encoded, or None where it is not plainly one address."""
    address = address.strip()
    if not _ADDRESS.fullmatch(address) or not address.isprintable() or "." not in address.rpartition("@")[2]:
        return None
    return f"mailto:{quote(address, safe='@')}"
