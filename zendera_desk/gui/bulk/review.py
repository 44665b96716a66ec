"""What is in the way of a row: what the form would say of it, and what nobody sees who does not open each of fifteen shipments."""

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from typing import Final

from zendera_desk.domain.bulk import BulkRow, draft_of
from zendera_desk.domain.drafting import compose
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import OPEN, Kind, State
from zendera_desk.domain.report import Draft
from zendera_desk.domain.rules import Problem, Rules
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import OpenShipment, OutboxLine, Phase

_NOT_OURS_YET: Final = {Phase.NEW, Phase.CORRECTED, Phase.FAILED}
_DONE: Final = {StopKind.DELIVERY: {Phase.DELIVERED}, StopKind.PICKUP: {Phase.DELIVERED, Phase.PICKED_UP}}


class Reviewer:
    """`now`, `zone` and `rules` are asked for each time: they may change while the grid is open."""

    def __init__(self, now: Callable[[], datetime], zone: tzinfo, rules: Callable[[], Rules]) -> None:
        self._now, self._zone, self._rules = now, zone, rules
        self._under_way: set[tuple[OrderId, StopKind | None]] = set()

    def learn(self, lines: Iterable[OutboxLine]) -> None:
        """Which stops have a report on its way."""
        entries = (line.entry for line in lines)
        self._under_way = {
            (entry.order_id, entry.stop)
            for entry in entries
            if entry.kind is Kind.REPORT and entry.state in OPEN and entry.state is not State.REFUSED
        }

    def __call__(self, shared: Draft, row: BulkRow, opened: OpenShipment | None) -> tuple[Problem, ...]:
        draft = draft_of(shared, row)
        seen_at = None if opened is None else opened.line.seen_at.astimezone(self._zone)
        composed = compose(
            draft,
            now=self._now(),
            zone=self._zone,
            rules=self._rules(),
            shipment=None if opened is None else opened.shipment,
            made_first_at=None if seen_at is None else seen_at.replace(hour=0, minute=0, second=0, microsecond=0),
        )
        return (*self._standing(draft, opened), *composed.problems)

    def _standing(self, draft: Draft, opened: OpenShipment | None) -> tuple[Problem, ...]:
        if opened is None:
            return ()
        line, found = opened.line, []
        if line.phase in _NOT_OURS_YET:
            found.append(Problem(field="status", code="not_accepted_yet"))
        if line.phase is Phase.GONE:
            found.append(Problem(field="status", code="gone_from_feed", blocks=False))
        if (line.order_id, draft.stop) in self._under_way:
            found.append(Problem(field="status", code="report_on_its_way", blocks=False))
        elif line.phase in _DONE[draft.stop]:
            found.append(Problem(field="status", code="already_reported", blocks=False))
        return tuple(found)
