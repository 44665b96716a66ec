"""What this program itself writes into a comment about an earlier report, in the language that the account is written to in.

Zendera's dispatchers work for another company: a comment that is half in their language and half in ours looks like a mistake.
"""

import re
from datetime import tzinfo
from typing import Final, NamedTuple

from zendera_desk.domain.outbox import Entry
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind

LANGUAGES: Final = ("en", "nb", "da", "sv", "is")
"""The one for everybody first."""


class Words(NamedTuple):
    correction: str
    """What a correction's comment begins with."""
    meant_for_another: str
    status: dict[Status, str]
    stop: dict[StopKind, str]


_REPORT: Final = "{moment:%d.%m. %H:%M} ({status}, {stop})"


def _words(correction: str, another: str, statuses: str, stops: str) -> Words:
    return Words(
        correction.format(report=_REPORT) + ": ",
        another.format(report=_REPORT) + ".",
        dict(zip(Status, statuses.split(", "), strict=True)),
        dict(zip(StopKind, stops.split(", "), strict=True)),
    )


_WORDS: Final[dict[str, Words]] = {
    "en": _words(
        "Correction of the report of {report}",
        "The report of {report} was meant for another shipment",
        "Complete, Damage, No one there, Other, Cannot handle",
        "pickup, delivery",
    ),
    "nb": _words(
        "Rettelse av meldingen fra {report}",
        "Meldingen fra {report} gjaldt en annen sending",
        "Fullført, Skade, Ingen til stede, Annet, Kan ikke håndteres",
        "henting, levering",
    ),
    "da": _words(
        "Rettelse af meldingen fra {report}",
        "Meldingen fra {report} gjaldt en anden forsendelse",
        "Fuldført, Skade, Ingen til stede, Andet, Kan ikke håndteres",
        "afhentning, levering",
    ),
    "sv": _words(
        "Rättelse av rapporten från {report}",
        "Rapporten från {report} gällde en annan försändelse",
        "Slutförd, Skada, Ingen på plats, Annat, Kan inte hanteras",
        "upphämtning, leverans",
    ),
    "is": _words(
        "Leiðrétting á tilkynningu frá {report}",
        "Tilkynningin frá {report} átti við aðra sendingu",
        "Lokið, Tjón, Enginn á staðnum, Annað, Ekki hægt að afgreiða",
        "sækja, afhending",
    ),
}


def words(language: str) -> Words:
    """English where the language is not known."""
    return _WORDS.get(language, _WORDS[LANGUAGES[0]])


def correction(first: Entry, zone: tzinfo, language: str) -> str:
    return _told(words(language).correction, first, zone, language)


def meant_for_another(first: Entry, zone: tzinfo, language: str) -> str:
    return _told(words(language).meant_for_another, first, zone, language)


def own_words(comment: str) -> str:
    """The comment without the quote that it begins with: a quote alone says nothing."""
    return _QUOTE.sub("", comment, count=1).strip()


def _told(said: str, first: Entry, zone: tzinfo, language: str) -> str:
    return said.format(
        moment=(first.event_at or first.made_at).astimezone(zone),
        status=words(language).status[first.status or Status.OTHER],
        stop=words(language).stop[first.stop or StopKind.DELIVERY],
    )


def _pattern(said: Words) -> str:
    """What a correction begins with in one language, and nothing that a person would write."""
    before, _, after = said.correction.partition(_REPORT)
    status, stop = ("|".join(map(re.escape, names.values())) for names in (said.status, said.stop))
    return rf"{re.escape(before)}\d\d\.\d\d\. \d\d:\d\d \((?:{status}), (?:{stop})\){re.escape(after.rstrip())}\s*"


_QUOTE: Final = re.compile("|".join(rf"\A{_pattern(said)}" for said in _WORDS.values()))
