"""What a report about a difference says: the products and what the feed says of each, for Zendera's dispatchers to read.

They work for another company, so it is in the language that the account is written to in, not in that of this desk.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from zendera_desk.domain import mending
from zendera_desk.domain.board import Board, Finding, Product
from zendera_desk.domain.outbox import Entry
from zendera_desk.domain.quoting import LANGUAGES
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind

_STOPS: Final[dict[StopKind, tuple[str, ...]]] = {
    StopKind.PICKUP: ("Pickup", "Henting", "Afhentning", "Upphämtning", "Sækja"),
    StopKind.DELIVERY: ("Delivery", "Levering", "Levering", "Leverans", "Afhending"),
}
_FINDINGS: Final[dict[Finding, tuple[str, ...]]] = {
    Finding.PENDING: (
        *("still pending", "fortsatt ikke registrert", "stadig ikke registreret"),
        *("fortfarande inte registrerad", "enn óafgreitt"),
    ),
    Finding.PENDING_AGAIN: (
        *("completed, then pending again", "fullført, så åpen igjen", "fuldført, så åben igen"),
        *("slutförd, sedan öppen igen", "lokið, síðan opið aftur"),
    ),
    Finding.NEVER_SEEN: ("never registered", "aldri registrert", "aldrig registreret", "aldrig registrerad", "aldrei skráð"),
    Finding.NOT_READY: ("not ready", "ikke klar", "ikke klar", "inte klar", "ekki tilbúið"),
    Finding.REMOVED: ("removed", "fjernet", "fjernet", "borttagen", "fjarlægt"),
    Finding.REMOVED_AFTER_COMPLETED: (
        *("removed after completed", "fjernet etter fullført", "fjernet efter fuldført"),
        *("borttagen efter slutförd", "fjarlægt eftir að því lauk"),
    ),
    Finding.COMPLETED_AGAINST_REPORT: (
        *("completed, although we reported otherwise", "fullført, selv om vi meldte noe annet", "fuldført, selv om vi meldte noget andet"),
        *("slutförd, fast vi rapporterade annat", "lokið, þótt við höfum tilkynnt annað"),
    ),
    Finding.UNKNOWN_WORD: ("unknown status", "ukjent status", "ukendt status", "okänd status", "óþekkt staða"),
}


def words(shown: Board, stop: StopKind, fed_until: datetime | None, language: str) -> str:
    """ "Delivery: EUR-pallet P-4 still pending; Sofa 12 removed." "" where nothing differs there."""
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    parts = [f"{name} {_FINDINGS[finding][place]}" for name, finding in _found(shown, stop, fed_until)]
    return f"{_STOPS[stop][place]}: {'; '.join(parts)}." if parts else ""


def draft(said: str, stop: StopKind, first: Draft | None = None) -> Draft:
    """A report of its own; or, with the correction of a `first` report, that one with these words, and none of what was sent with it."""
    if first is None:
        return Draft(status=Status.OTHER, stop=stop, comment=said)
    return msgspec.structs.replace(
        first, status=Status.OTHER, comment=_after(first.comment, said), pictures=(), signee="", contactless=False
    )


def added(there: Draft, said: str, stop: StopKind, report: Entry | None) -> Draft | None:
    """What is being typed already, with these words at its end, once; None where that is about something else."""
    bound = there.corrects or there.instead_of
    if (there.stop is not stop and not mending.only_pictures(there)) or (bound is not None and (report is None or bound != report.id)):
        return None
    if said in there.comment:
        return there
    return msgspec.structs.replace(there, stop=stop, comment=_after(there.comment, said))


def _after(comment: str, said: str) -> str:
    """A sentence of its own."""
    before = comment.rstrip()
    ended = before if not before or before[-1] in ".:;!?…" else f"{before}."
    return f"{ended} {said}".strip()


def _found(shown: Board, stop: StopKind, fed_until: datetime | None) -> Iterator[tuple[str, Finding]]:
    for product in shown.products:
        spot = product.at(stop)
        if spot.finding is not None and spot.counts(fed_until):
            yield _name(product), spot.finding


def _name(product: Product) -> str:
    number = product.number or product.barcode or (str(product.product_id) if product.product_id is not None else "")
    return " ".join(part for part in (product.name, number) if part) or "?"
