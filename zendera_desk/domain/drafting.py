"""From what stands in the form to what it means: `compose` reads a draft and gives the report, or says what is in the way.

Nothing is guessed. What cannot be read is a problem beside its field; what is readable but odd is asked; what was assumed
is noted. The same function serves the form while a person types and the desk when it sends, so that they cannot disagree.
"""

import re
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Final

import msgspec

from zendera_desk.domain.report import CannotHandle, Complete, Damage, Draft, NoOneThere, Other, Price, Report, Status
from zendera_desk.domain.rules import Problem, Rules, missing
from zendera_desk.domain.shipment import Coordinates, Shipment, StopKind
from zendera_desk.domain.times import ReadTime, TimeTrouble, read_time

BLOCKING: Final = (
    "time_empty",
    "time_unreadable",
    "time_no_hour",
    "time_no_such_time",
    "time_no_such_day",
    "time_no_planned_day",
    "time_dst_gap",
    "time_far_away",
    "evidence_missing",
    "exception_short",
    "position_half",
    "position_unreadable",
    "position_range",
    "position_zero",
    "cost_unreadable",
    "cost_ambiguous",
    "currency_missing",
    "currency_unknown",
)
"""Problems that stop sending until they are mended."""

ASKS: Final = (
    *("time_future", "time_before_order", "cannot_handle", "already_shown"),
    *("already_reported", "report_on_its_way", "row_refused"),  # of a row among many, where nobody looks at each
)
"""Problems that a person must confirm; `desk.send_report` is given the codes that were."""

NOTES: Final = ("time_pc_clock", "time_dst_first", "time_dst_second", "photo_far")
"""Things worth saying beside the field. They stop nothing."""

SHORTEST_EXCEPTION: Final = 10
"""Characters that a reason for missing evidence must have: enough for words, too many for a slip."""

EXCEPTION_WORDS: Final = "no proof available: "
"""What stands before the exception in the comment that Zendera's dispatchers read."""

CURRENCIES: Final = frozenset(
    re.findall(
        r"[A-Z]{3}",
        """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC
    CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR
    ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
    MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE
    SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER
    ZAR ZMW ZWG
    """,
    )
)
"""ISO 4217, the money that people pay with (no metals, funds or tests)."""

_DEGREES: Final = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{1,15})?")
_PAIR: Final = re.compile(
    r"\s*(?P<latitude>[+-]?[0-9]{1,3}[.,][0-9]+)\s*[,;\s]\s*(?P<longitude>[+-]?[0-9]{1,3}[.,][0-9]+)\s*"
    r"|\s*(?P<whole_latitude>[+-]?[0-9]{1,3})(?:\s*;\s*|,\s+|\s+)(?P<whole_longitude>[+-]?[0-9]{1,3})\s*"
)
_AMOUNT: Final = re.compile(r"(?P<whole>[0-9]{1,3}(?:(?P<group>[ .,'])[0-9]{3})+|[0-9]{1,9})(?:(?P<mark>[.,])(?P<cents>[0-9]{1,2}))?")
_KINDS: Final[dict[Status, type[Report]]] = {
    Status.COMPLETE: Complete,
    Status.DAMAGE: Damage,
    Status.NO_ONE_THERE: NoOneThere,
    Status.OTHER: Other,
    Status.CANNOT_HANDLE: CannotHandle,
}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Composed(msgspec.Struct, frozen=True, kw_only=True):
    """The report is there unless a problem blocks. What is left of `problems` is then to be asked or noted."""

    report: Report | None
    problems: tuple[Problem, ...]

    def open_asks(self, confirmed: frozenset[str]) -> tuple[Problem, ...]:
        """What a person has not confirmed yet."""
        return tuple(problem for problem in self.problems if asks(problem.code) and problem.code not in confirmed)


def asks(code: str) -> bool:
    return code in ASKS


def compose(
    draft: Draft, *, now: datetime, zone: tzinfo, rules: Rules, shipment: Shipment | None = None, made_first_at: datetime | None = None
) -> Composed:
    """What the draft means. `now` is aware; `made_first_at` is when the order was first seen: nothing happened before that."""
    problems: list[Problem] = []
    at = _time(read_time(draft.time, now, zone, planned_day(shipment, draft.stop, zone)), now, zone, made_first_at, problems)
    comment = _evidence(draft, rules, problems)
    position = _position(draft.latitude, draft.longitude, problems)
    price = _price(draft.cost, draft.currency, problems)
    if draft.status is Status.CANNOT_HANDLE:
        problems.append(Problem(field="status", code="cannot_handle", blocks=False))
    if at is None or any(problem.blocks for problem in problems):
        return Composed(report=None, problems=tuple(problems))
    return Composed(report=_report(draft, at, comment, position, price), problems=tuple(problems))


def planned_day(shipment: Shipment | None, kind: StopKind, zone: tzinfo) -> date | None:
    """The day of the stop, for `d1430`; None when the order has no time window there."""
    if shipment is None:
        return None
    stop = shipment.stop(kind)
    planned = stop.earliest or stop.latest
    return planned.astimezone(zone).date() if planned else None


def split_position(text: str) -> tuple[str, str] | None:
    """Both halves of a pasted position such as `59.91, 10.75`; None when it is not a pair."""
    found = _PAIR.fullmatch(text)
    if found is None:
        return None
    return found["latitude"] or found["whole_latitude"], found["longitude"] or found["whole_longitude"]


def clean(text: str) -> str:
    """Without what no letter is: control characters, and halves of letters that cannot be written as JSON."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _time(read: ReadTime | TimeTrouble, now: datetime, zone: tzinfo, seen_at: datetime | None, problems: list[Problem]) -> datetime | None:
    if isinstance(read, TimeTrouble):
        problems.append(Problem(field="time", code=f"time_{read.code}"))
        return None
    problems.extend(Problem(field="time", code=code, blocks=False) for code in NOTES if code.removeprefix("time_") in read.assumed)
    if read.at > now:
        problems.append(Problem(field="time", code="time_future", blocks=False))
    # It existed before we first saw it, so on that day nobody is asked; the day before is odd.
    if seen_at is not None and read.at.astimezone(zone).date() < seen_at.astimezone(zone).date():
        problems.append(Problem(field="time", code="time_before_order", blocks=False))
    return read.at


def _evidence(draft: Draft, rules: Rules, problems: list[Problem]) -> str:
    """The comment as it is sent: with the exception at its end, where evidence is missing and a person said why."""
    comment = clean(draft.comment)
    absent = missing(rules, draft)
    exception = " ".join(clean(draft.exception).split())
    if not absent:
        return comment
    if len(exception) >= SHORTEST_EXCEPTION:
        return "\n".join(filter(None, (comment, EXCEPTION_WORDS + exception)))
    problems.extend(Problem(field=group[0], code="evidence_missing", values=(("any_of", ",".join(group)),)) for group in absent)
    if exception:
        problems.append(Problem(field="exception", code="exception_short", values=(("least", str(SHORTEST_EXCEPTION)),)))
    return comment


def _position(latitude: str, longitude: str, problems: list[Problem]) -> Coordinates | None:
    halves = latitude.strip(), longitude.strip()
    if not halves[1] and (pair := split_position(halves[0])):
        halves = pair
    if not any(halves):
        return None
    if not all(halves):
        problems.append(Problem(field="longitude" if halves[0] else "latitude", code="position_half"))
        return None
    fields = ("latitude", 90.0), ("longitude", 180.0)
    degrees = []
    for text, (field, most) in zip(halves, fields, strict=True):
        if not _DEGREES.fullmatch(text):
            problems.append(Problem(field=field, code="position_unreadable"))
        elif abs(value := float(text.replace(",", "."))) > most:
            problems.append(Problem(field=field, code="position_range", values=(("most", f"{most:.0f}"),)))
        else:
            degrees.append(value)
    if len(degrees) < 2:
        return None
    if degrees == [0.0, 0.0]:  # off the coast of Ghana: what broken devices say
        problems.append(Problem(field="latitude", code="position_zero"))
        return None
    return Coordinates(latitude=degrees[0], longitude=degrees[1])


def _price(cost: str, currency: str, problems: list[Problem]) -> Price | None:
    if not cost.strip():
        return None
    amount = _amount(cost, problems)
    code = currency.strip().upper()
    if not code:
        problems.append(Problem(field="currency", code="currency_missing"))
    elif code not in CURRENCIES:
        problems.append(Problem(field="currency", code="currency_unknown"))
    elif amount is not None:
        return Price(amount=amount, currency=code)
    return None


def _amount(text: str, problems: list[Problem]) -> Decimal | None:
    found = _AMOUNT.fullmatch(" ".join(text.split()))  # split() knows the no-break spaces of spreadsheets
    if found is None or (found["group"] and found["group"] == found["mark"]) or _mixed(found):
        problems.append(Problem(field="cost", code="cost_unreadable"))
        return None
    whole = found["whole"]
    if found["group"] in {".", ","} and not found["mark"] and whole.count(found["group"]) == 1:
        # "1.250" is one thousand to a Norwegian and one and a quarter to a spreadsheet.
        problems.append(Problem(field="cost", code="cost_ambiguous"))
        return None
    return Decimal(re.sub(r"[^0-9]", "", whole) + (f".{found['cents']}" if found["cents"] else ""))


def _mixed(found: re.Match[str]) -> bool:
    """Groups parted in two ways, such as `1.250 000`."""
    return len(set(re.findall(r"[^0-9]", found["whole"]))) > 1


def _report(draft: Draft, at: datetime, comment: str, position: Coordinates | None, price: Price | None) -> Report:
    kind = _KINDS[draft.status]
    report = kind(stop=draft.stop, at=at, comment=comment, pictures=draft.pictures, position=position, price=price)
    if isinstance(report, Complete):
        signee = " ".join(clean(draft.signee).split())
        return msgspec.structs.replace(report, signee=signee, contactless=draft.contactless)
    return report
