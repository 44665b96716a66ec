"""What is said about the form: each problem beside its field, when it is worth saying, and what is needed before it may be sent."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from PySide6.QtCore import Qt

from zendera_desk.domain.drafting import Composed, compose
from zendera_desk.domain.report import Draft
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.views import OpenShipment
from zendera_desk.gui.report import answering
from zendera_desk.gui.report.form import FIELDS
from zendera_desk.gui.report.hints import PictureHints
from zendera_desk.gui.report.needs import ReportDesk, ReportSettings, first_empty, still_needed
from zendera_desk.gui.report.page import ReportPage
from zendera_desk.gui.report.pickup import PickupFirst
from zendera_desk.gui.words import tr

_AFTER_A_TRY: Final = frozenset({"time_empty", "evidence_missing", "exception_short"})
"""Problems of a form that is merely not filled in yet: said when a person tries to send it, not before."""
_SAID_BY_THE_ECHO: Final = frozenset({"time_pc_clock", "time_dst_first", "time_dst_second"})


class Review:
    """Remembers, of the form that is open, what was looked at, tried and confirmed, and what the desk said about it."""

    def __init__(
        self, desk: ReportDesk, settings: ReportSettings, page: ReportPage, hints: PictureHints, pickup: PickupFirst, zone: tzinfo
    ) -> None:
        self._desk, self._settings, self._page, self._hints, self._pickup, self._zone = desk, settings, page, hints, pickup, zone
        self.begin()

    def begin(self) -> None:
        """Another form, or an empty one."""
        self.passed: set[str] = set()
        self.confirmed: frozenset[str] = frozenset()
        self.tried = False
        self.from_desk: list[Problem] = []

    def edited(self, field: str) -> None:
        """What was confirmed or refused was about the form as it stood before."""
        self.passed.discard(field)
        about_all = {"cannot_handle", "already_shown"} if field == "status" else set()
        self.confirmed -= {code for code in self.confirmed if code.startswith(f"{field}_") or code in about_all}
        self.from_desk = []

    def confirm(self, codes: frozenset[str], on: bool) -> None:
        self.confirmed = self.confirmed | codes if on else self.confirmed - codes

    def look(self, opened: OpenShipment | None, draft: Draft, *, something_typed: bool) -> Composed:
        """Reads the form and says what is worth saying now."""
        page = self._page
        composed = compose(
            draft,
            now=self._desk.now(),
            zone=self._zone,
            rules=self._settings.rules,
            shipment=opened.shipment if opened is not None else None,
            made_first_at=opened.line.seen_at if opened is not None else None,
        )
        codes = {problem.code for problem in composed.problems}
        page.form.show_exception(bool(page.form.texts["exception"].text()) or (self.tried and "evidence_missing" in codes))
        shown = [problem for problem in composed.problems if self._worth_saying(problem)]
        shown += [problem for problem in self.from_desk if problem.code not in codes]
        shown += answering.notes(opened, draft, self._desk.now(), self._zone)
        self._pickup.show_for(page.status.choice(), page.stop.choice())
        self._hints.show_for(page.pane.pictures(), page.pane.strip.current())
        shown += self._hints.notes(opened.shipment.stop(page.stop.choice()).address.coordinates if opened is not None else None)
        page.form.show_problems([problem for problem in shown if problem.field != "pictures"], self.confirmed)
        page.pane.show_problems([problem for problem in shown if problem.field == "pictures"], self.confirmed)
        needs = still_needed(self._settings.rules, draft)
        page.bar.needs.setText(tr("Needed: {list}", list=needs) if needs else "")
        page.bar.discard.setEnabled(something_typed)
        return composed

    def focus_on(self, problems: Sequence[Problem]) -> None:
        """The first of them: its field, or the box that confirms it."""
        order = ("status", *FIELDS, "pictures")
        first = min(problems, key=lambda problem: order.index(problem.field) if problem.field in order else -1)
        line = self._page.form.beside.get(first.field)
        if not first.blocks and line is not None and line.anyway.isVisible():
            line.anyway.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._focus(first.field)

    def focus_first_empty(self, draft: Draft) -> None:
        self._focus(first_empty(self._settings.rules, draft))

    def _focus(self, field: str) -> None:
        page = self._page
        widget = page.pane.add if field == "pictures" else page.form.fields.get({"position": "latitude"}.get(field, field))
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _worth_saying(self, problem: Problem) -> bool:
        if problem.code in _SAID_BY_THE_ECHO:
            return False
        return self.tried or (problem.code not in _AFTER_A_TRY and (problem.field in self.passed or problem.field == "status"))
