"""What a person's wish becomes: the entry that is written and sent, or why there is none."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from zendera_desk.api import wire
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Kind
from zendera_desk.domain.report import Report
from zendera_desk.domain.standing import STRIKES, may_accept, may_fail
from zendera_desk.domain.views import Phase, ShipmentLine
from zendera_desk.store import entering

_REFERENCE_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters and digits that look alike: a dispatcher may read the reference out over the phone."""


def new_accept(order_id: OrderId) -> entering.NewEntry:
    return entering.NewEntry(order_id=order_id, kind=Kind.ACCEPT, payload=wire.accept_payload([order_id]))


def new_fail(line: ShipmentLine, reason: str) -> entering.NewEntry:
    reference = f"ZD-{''.join(secrets.choice(_REFERENCE_LETTERS) for _ in range(4))}"
    return entering.NewEntry(
        order_id=line.order_id,
        kind=Kind.FAIL,
        payload=wire.fail_payload(line.order_id, f"{reason} [{reference}]"),
        words=reason,
        reference=reference,
        strike=line.strikes + 1,
    )


class Frozen(NamedTuple):
    """The bytes of a report as they stay; where its pictures travel as links, also the SHA-256 of each JPEG."""

    payload: bytes
    links: tuple[str, ...] = ()


def freeze(order_id: OrderId, report: Report, jpegs: Sequence[bytes], *, by_links: bool) -> Frozen:
    """Megabytes to add up or to write down: call it in a thread."""
    if not by_links:
        return Frozen(wire.report_payload(order_id, report, jpegs))
    links = tuple(hashlib.sha256(jpeg).hexdigest() for jpeg in jpegs)
    return Frozen(wire.linked_payload(order_id, report, links), links)


def why_not(line: ShipmentLine, kind: Kind, last_strike_confirmed: bool) -> str:
    """Why a shipment cannot be accepted or failed now; "" when it can."""
    if may_accept(line) if kind is Kind.ACCEPT else may_fail(line):
        return "last_strike" if kind is Kind.FAIL and line.strikes + 1 >= STRIKES and not last_strike_confirmed else ""
    if line.phase is Phase.GONE:
        return "gone"
    if line.phase is Phase.FAILED:
        return "failed_waiting"
    return "already_on_its_way" if line.phase is Phase.ACCEPTING else "already_accepted"


def with_own_date(report: Report, used: set[datetime]) -> Report:
    """The report with a date that no other report of its order has: it is recognised by it on the timeline."""
    at = report.at
    while at in used:
        at += timedelta(milliseconds=1)
    return msgspec.structs.replace(report, at=at)
