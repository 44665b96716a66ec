"""Words of a page's own text that may be numbers of shipments: a note is full of numbers that are none.

Dates, amounts, measures, postal codes and phone numbers are known by their shape and by the words beside them. What could as well
be one of them counts only after a word that says that it is an order, a reference or the like.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from zendera_desk.domain.paper import Code
from zendera_desk.domain.spelling import normal

SHORTEST_WORD: Final = 6
LONGEST: Final = 100
MOST_WORDS: Final = 1000
"""Of one page that are looked up; a page of a price list has more, and names no shipment."""


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DATED: Final = re.compile(r"\d{1,4}[./\-:]\d{1,2}(?:[./\-:](?:\d{4}|\d{1,2}))?(?:[T ]?\d{1,2}[:.]?\d{2}.*)?")
_AMOUNT: Final = re.compile(
    r"[+\-−]?[\d.,'’]+(?:[,.]?-|%|[€$£]|NOK|SEK|DKK|ISK|EUR|USD|GBP|KR|KGS?|G|T|MM|CM|M[23³²]?|L|LDM|STK?|PCS|PLL|KOLLI)?"
    r"|(?:NOK|SEK|DKK|ISK|EUR|USD|GBP|KR\.?|[€$£])[\d.,'’\-]+"
)
_POSTAL: Final = re.compile(r"(?:N|NO|S|SE|DK|D|DE|FI|FIN|IS|PL|NL|LT|LV|EE|F|FR|B|BE|A|AT|I|IT|CZ)\d{3,5}|\d{4}[A-Z]{2}")
_PHONE: Final = re.compile(r"\d{6,8}|0\d{6,}|(?:45|46|47|49)\d{8,10}|354\d{7}|358\d{7,10}")
"""Digits that also are somebody's phone number in the countries of the North; those of six are as often a date."""
_PHONE_WORDS: Final = _listed(
    "TLF TEL TELEFON TELEPHONE PHONE PH MOB MOBIL MOBILE MOBILTLF SIMI SÍMI FAX CONTACT KONTAKT VAKT RING CALL GSM SMS T M"
)
_MEASURES: Final = _listed(
    "NOK SEK DKK ISK EUR USD GBP KR KRONER SUM TOTAL TOTALT BELØP BELOPP BELOB BELØB AMOUNT PRIS PRICE MVA MOMS VAT KG KGS GR LBS CM MM M "
    "M3 LDM VOLUM VOLUME VEKT VIKT VÆGT WEIGHT KONTO ACCOUNT IBAN ORG ORGNR CVR KID DATO DATUM DATE DAGS ADR UN"
)
_NUMBER_WORDS: Final = _listed(
    "NR NO NUMMER NUMBER NÚMER ORDRE ORDER ORDRENR ORDERNR ORDERNO ORDRENUMMER ORDERNUMMER PÖNTUN REF REFERANSE REFERENCE REFERENS REFNR "
    "SENDING SENDINGSNR SENDINGSNUMMER SÄNDNING SENDELSE FORSENDELSE SHIPMENT CONSIGNMENT KONSIGNASJON FRAKTBREV FRAKTBREVNR FRAKTSEDEL "
    "FØLGESEDDEL PAKKSEDDEL KOLLI KOLLINR PARCEL PAKKE PAKKENR SSCC BARCODE STREKKODE TRACKING SPORING SPORINGSNR CMR AWB ID ORDERID "
    "SHIPMENTID PO"
)


def words(text: str) -> tuple[Code, ...]:
    """Words of a PDF's own text that may be numbers of shipments, each once.

    A word of digits alone that could be a phone number or the like counts only after a word that says what it is.
    """
    found: dict[str, None] = {}
    for line in text.splitlines():
        parts = [part for part in re.split(r"[\s:;=|\"'<>{}\[\]]+", line) if part]
        for place, part in enumerate(parts):
            word = part.strip(".,#*?!()/")
            before, after = parts[max(0, place - 3) : place], parts[place + 1 : place + 2]
            if may_be_number(word) and _stands_as_number(word, part, before, after):
                found[word] = None
    return tuple(Code(kind="text", text=word) for word in list(found)[:MOST_WORDS])


def has_digit(text: str) -> bool:
    return any(letter in "0123456789" for letter in text)


def may_be_number(word: str) -> bool:
    """By its own shape: not a date, a time, an amount, a measure, a postal code, or a phone number with its country."""
    number = normal(word)
    if not SHORTEST_WORD <= len(number) <= LONGEST or not has_digit(number) or "@" in number:
        return False
    shown = unicodedata.normalize("NFKC", word).upper()
    if number.isdigit():
        is_spaced = any(letter.isspace() for letter in shown.strip())
        is_abroad = shown.startswith("00") and len(number) < 18
        return not (is_spaced or is_abroad or shown[0] in "+-−" or _DATED.fullmatch(shown) or _is_day(number))
    return not (_DATED.fullmatch(shown) or _AMOUNT.fullmatch(shown) or _POSTAL.fullmatch(number) or number.startswith("+"))


def _is_day(digits: str) -> bool:
    """Six or eight digits that are a day of our time, written without points."""
    forms = {6: ("%d%m%y", "%y%m%d"), 8: ("%d%m%Y", "%Y%m%d")}.get(len(digits), ())
    return digits.isascii() and any(_is_day_as(digits, form) for form in forms)


def _is_day_as(digits: str, form: str) -> bool:
    try:
        return 2000 <= datetime.strptime(digits, form).year <= 2059  # noqa: DTZ007 (a day has no zone)
    except ValueError:
        return False


def _stands_as_number(word: str, part: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """By the words beside it. `part` is the word with what was stripped from it."""
    said = [normal(other).strip(".,#/*") for other in before]
    nearest = said[-1] if said else ""
    if any(other in _PHONE_WORDS for other in said[-2:]) or nearest in _MEASURES or part.startswith(("+", "(+", "(0")):
        return False
    if not normal(word).isdigit():
        return True
    if after and normal(after[0]).strip(".,") in _MEASURES:
        return False
    is_grouped = any(normal(other).isdigit() for other in (*before[-1:], *after))
    if is_grouped or _PHONE.fullmatch(normal(word)):
        return any(other in _NUMBER_WORDS for other in said[-2:]) and not (after and normal(after[0]).isdigit())
    return True
