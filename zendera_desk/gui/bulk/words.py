"""The words of the grid: what a row waits for in a few of them, and in sentences where there is room."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from zendera_desk.domain.bulk import BulkRow, Pasted, draft_of
from zendera_desk.domain.drafting import NOTES
from zendera_desk.domain.report import Draft
from zendera_desk.domain.rules import Problem, Rules
from zendera_desk.domain.views import ShipmentLine
from zendera_desk.gui import labels
from zendera_desk.gui.bulk.sheet import Sheet
from zendera_desk.gui.format import visible
from zendera_desk.gui.labels import Label
from zendera_desk.gui.report.needs import first_empty
from zendera_desk.gui.style import Tone
from zendera_desk.gui.words import mark, tr

TITLES: Final = {
    "order": mark("Order"),
    "reference": mark("Ref"),
    "receiver": mark("Receiver"),
    "signee": mark("Signee"),
    "time": mark("Time"),
    "comment": mark("Comment"),
    "exception": mark("No proof"),
    "state": mark("State"),
}
_SHORT: Final = {
    "not_accepted_yet": mark("not accepted yet"),
    "already_reported": mark("reported before: send again?"),
    "report_on_its_way": mark("a report is on its way: send another?"),
    "row_refused": mark("refused"),
    "already_shown": mark("Zendera shows it already"),
    "time_future": mark("time to come?"),
    "time_before_order": mark("before the order came?"),
    "cannot_handle": mark("to be confirmed"),
    "exception_short": mark("say more about no proof"),
    "skipped_already_on_its_way": mark("already on its way"),
    "skipped_not_here": mark("no longer here"),
}
_NEEDS: Final = {
    "time": mark("needs the time"),
    "signee": mark("needs who signed"),
    "contactless": mark("needs who signed"),
    "pictures": mark("needs a picture"),
    "comment": mark("needs a comment"),
    "position": mark("needs the position"),
}
_TYPED_WRONG: Final = frozenset({"time_empty", "evidence_missing"})
"""What is merely not filled in yet: said quietly until somebody tries to send."""


def receiver(line: ShipmentLine) -> str:
    place = f"{line.delivery_postal_code} {line.delivery_city}".strip()
    return ", ".join(filter(None, (line.delivery_name, place)))


def state(sheet: Sheet, row: BulkRow, rules: Rules, now: datetime, *, tried: bool) -> Label:
    """Where the row stands, in a few words."""
    if row.entry is not None:
        entry = sheet.entries.get(row.order_id)
        if entry is None:
            return Label(tr("held"), "hourglass", Tone.INFO)
        return labels.entry_state(entry.state, entry.next_at, now, entry.code, entry.seen_by)
    if row.order_id not in sheet.known:
        return Label(tr("no longer here"), "circle-slash", Tone.BAD) if sheet.read else Label(tr("reading…"), "loader", Tone.NEUTRAL)
    return _in_the_way(sheet, row, rules, tried=tried) or Label(tr("ready"), "check", Tone.GOOD)


def _in_the_way(sheet: Sheet, row: BulkRow, rules: Rules, *, tried: bool) -> Label | None:
    problems = sheet.problems.get(row.order_id, ())
    blocking = [problem for problem in problems if problem.blocks]
    if wrong := [problem for problem in blocking if problem.code not in _TYPED_WRONG]:
        return Label(_short(wrong[0]), "circle-alert", Tone.BAD)
    if blocking:
        first = first_empty(rules, draft_of(sheet.shared, row))
        words = tr(_NEEDS.get(first, _NEEDS["comment"]))
        return Label(words, "circle-alert", Tone.BAD) if tried else Label(words, "circle-dashed", Tone.NEUTRAL)
    if asked := sheet.open_asks(row.order_id):
        refused = any(problem.code == "row_refused" for problem in asked)
        return Label(_short(asked[0]), "ban" if refused else "triangle-alert", Tone.BAD if refused else Tone.WARN)
    return None


def _short(problem: Problem) -> str:
    if problem.code in _SHORT:
        return tr(_SHORT[problem.code])
    return tr("time not clear") if problem.code.startswith("time_") else tr("please check")


def is_marked(problem: Problem, *, tried: bool) -> bool:
    """Whether its cell is marked as wrong: what is merely empty is not, before somebody tried to send."""
    return problem.blocks and (tried or problem.code not in _TYPED_WRONG)


def worth_saying(problems: Sequence[Problem], *, tried: bool) -> list[Problem]:
    """For the line under the grid. That a field is still empty is said in the row; the echo of the time says what was assumed."""
    return [problem for problem in problems if problem.code not in NOTES and (tried or problem.code not in _TYPED_WRONG)]


def own_draft(draft: Draft) -> str:
    """What stands in the draft that a shipment has of its own, on one line."""
    typed = (draft.time, draft.signee, draft.comment, draft.exception)
    parts = [labels.report_status(draft.status).text, *(" ".join(text.split()) for text in typed if text.strip())]
    if draft.pictures:
        parts.append(tr("{n} picture(s)", n=len(draft.pictures)))
    return " · ".join(parts)


def summary(sheet: Sheet) -> str:
    """ "12 ready · 2 not yet · 1 on its way"."""
    sent = sum(row.entry is not None for row in sheet.rows)
    ready = len(sheet.ready())
    parts = [tr("{n} ready", n=ready)] if ready else []
    if left := len(sheet.rows) - sent - ready:
        parts.append(tr("{n} not yet", n=left))
    if sent:
        parts.append(tr("{n} sent from here", n=sent))
    return " · ".join(parts)


def not_pasted(done: Pasted) -> str:
    """What of a paste found no place; "" when all of it did."""
    said = []
    if done.lines_over:
        first = visible(done.lines_over[0])[:40]
        said.append(tr("{n} line(s) found no row and (was|were) not pasted, from “{first}” on.", n=len(done.lines_over), first=first))
    if done.columns_over:
        said.append(tr("{n} column(s) had no place.", n=done.columns_over))
    if done.sent_over:
        said.append(tr("{n} row(s) (is|are) on (its|their) way already and stayed as (it was|they were).", n=done.sent_over))
    return " ".join(said)
