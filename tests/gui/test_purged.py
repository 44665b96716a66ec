"""An entry whose details are gone says so, wherever it is shown: an empty place would look like nothing was ever there."""

from datetime import UTC, datetime, timedelta

import pytest

from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import Attempt, EntryStory, OutboxLine
from zendera_desk.gui import labels
from zendera_desk.gui.outbox import sentences
from zendera_desk.gui.shipment.history import history, history_rows

MADE = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)
GONE = MADE + timedelta(days=90)
WORDS = "details removed on 10.06.2026 by the retention setting"


def entry(kind: Kind = Kind.REPORT, state: State = State.CONFIRMED, purged_at: datetime | None = GONE) -> Entry:
    return Entry(
        id=EntryId(1),
        account=AccountId("nordlys"),
        order_id=OrderId(12345),
        kind=kind,
        state=state,
        stop=StopKind.DELIVERY if kind is Kind.REPORT else None,
        status=Status.COMPLETE if kind is Kind.REPORT else None,
        made_at=MADE,
        made_by="Kari",
        next_at=MADE,
        ended_at=MADE,
        attempts=1,
        seen_by="timeline" if state is State.CONFIRMED else "",
        purged_at=purged_at,
    )


def test_the_history_says_when_the_details_went_and_still_tells_what_was_done() -> None:
    tried = Attempt(entry=EntryId(1), started_at=MADE, ended_at=MADE, http_status=200)
    rows = history_rows(history([EntryStory(entry=entry(), attempts=(tried,))], [], GONE + timedelta(days=1)))
    told = [[cell.text for cell in row] for row in rows]
    assert "Complete, delivery" in told[0]
    assert "Kari" in told[0]
    assert told[1][1].strip() == WORDS
    assert any("try 1" in row[1] for row in told)


@pytest.mark.parametrize("state", [State.CONFIRMED, State.TAKEN_BACK, State.DROPPED])
def test_the_outbox_says_it_too_and_so_do_copied_details(state: State) -> None:
    line = OutboxLine(entry=entry(state=state), account_name="Nordlys")
    assert WORDS in sentences.why(line)
    assert f"D{WORDS[1:]}." in sentences.reason(line)
    assert f"D{WORDS[1:]}." in sentences.details(line, None, UTC)


def test_what_is_whole_and_what_had_no_details_says_nothing() -> None:
    assert labels.purged(entry(purged_at=None)) == ""
    assert labels.purged(entry(kind=Kind.ACCEPT)) == ""
