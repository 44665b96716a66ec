"""The rows of the outbox: grouped, in a lasting order, changed in place."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from PySide6.QtCore import QModelIndex, Qt

from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import LEGAL, Entry, Kind, State, Why
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.uploads import Uploading
from zendera_desk.domain.views import Attempt, EntryStory, OutboxLine, Shown, Timeline
from zendera_desk.gui.outbox import sentences
from zendera_desk.gui.outbox.model import SHIPMENT, STATE, WHAT, WHEN, WHY, OutboxModel
from zendera_desk.gui.outbox.offers import OFFERS, Offer, offers

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 21, 13, 31, 10, tzinfo=UTC)


def line(number: int, state: State, *, foreign: bool = False, kind: Kind = Kind.ACCEPT, **values: object) -> OutboxLine:
    entry = Entry(
        id=EntryId(number),
        account=AccountId("nordlys"),
        order_id=OrderId(2**40 + number),
        kind=kind,
        state=state,
        **{"made_at": NOW - timedelta(minutes=5), "next_at": NOW + timedelta(seconds=8), "made_by": "Kari", "desk": "kontor-2", **values},
    )
    return OutboxLine(entry=entry, account_name="Nordlys", order_number=f"N-{number}", delivery_name="Ola", foreign=foreign)


def model_of(*lines: OutboxLine) -> OutboxModel:
    model = OutboxModel(lambda: NOW, OSLO)
    model.show(lines)
    return model


def shown(model: OutboxModel) -> list[object]:
    rows = [(model.line(row), model.index(row, 0).data()) for row in range(model.rowCount())]
    return [found.entry.id if found else words for found, words in rows]


def test_what_needs_a_person_stands_first_and_what_is_done_last() -> None:
    model = model_of(
        line(1, State.CONFIRMED),
        line(2, State.HELD),
        line(3, State.NEEDS_PERSON),
        line(4, State.SENT),
        line(5, State.REFUSED),
        line(6, State.UNCLEAR),
    )
    assert shown(model) == ["Needs you  2", 3, 5, "On its way  2", 2, 6, "Sent, not confirmed yet  1", 4, "Done  1", 1]


def test_a_change_of_state_does_not_shuffle_the_rows_on_their_way() -> None:
    model = model_of(line(1, State.DUE), line(2, State.DUE), line(3, State.HELD))
    touched: list[str] = []
    model.rowsInserted.connect(lambda *_: touched.append("in"))
    model.rowsRemoved.connect(lambda *_: touched.append("out"))
    model.show([line(1, State.SENDING), line(2, State.UNCLEAR), line(3, State.DUE)])
    assert shown(model) == ["On its way  3", 1, 2, 3]
    assert not touched


def test_what_goes_through_moves_down_and_the_rest_stays() -> None:
    model = model_of(line(1, State.SENDING), line(2, State.DUE))
    model.show([line(1, State.SENT), line(2, State.SENDING), line(3, State.HELD)])
    assert shown(model) == ["On its way  2", 2, 3, "Sent, not confirmed yet  1", 1]
    model.show([])
    assert model.rowCount() == 0


def test_only_rows_that_differ_are_told() -> None:
    model = model_of(line(1, State.DUE), line(2, State.DUE))
    told: list[int] = []
    model.dataChanged.connect(lambda first, _last: told.append(first.row()))
    model.show([line(1, State.DUE), line(2, State.SENDING)])
    assert told == [0, 2], "the group's number, and the one entry"


def test_an_entry_of_another_account_is_shown_and_offers_nothing() -> None:
    foreign = line(1, State.REFUSED, foreign=True)
    assert offers(foreign) == frozenset()
    model = model_of(foreign)
    assert shown(model) == ["On its way  1", 1]
    assert "Nordlys" in model.index(1, WHY).data()
    assert model.index(1, WHEN).data() == ""


@pytest.mark.parametrize(
    ("offer", "to"),
    [
        (Offer.TAKE_BACK, State.TAKEN_BACK),
        (Offer.DROP, State.DROPPED),
        (Offer.RETRY, State.DUE),
    ],
)
def test_nothing_is_offered_that_would_be_no_legal_move(offer: Offer, to: State) -> None:
    offering = [state for state, what in OFFERS.items() if offer in what]
    assert offering
    assert all(to in LEGAL[state] or state is to for state in offering)


def test_every_state_has_its_offers() -> None:
    assert set(OFFERS) == set(State)


@pytest.mark.parametrize(
    ("state", "wait", "words"),
    [
        (State.HELD, 8, "goes out in 8\u202fs"),
        (State.HELD, 0, "goes out now"),
        (State.DUE, 60, "next try 14:32:10"),
        (State.DUE, -1, "goes out next"),
        (State.UNCLEAR, 180, "asks Zendera 14:34:10"),
        (State.NEEDS_PERSON, 0, "waits for you"),
    ],
)
def test_the_next_step_is_said_with_its_time(state: State, wait: int, words: str) -> None:
    model = model_of(line(1, state, next_at=NOW + timedelta(seconds=wait)))
    assert model.index(1, WHEN).data() == words


def test_a_second_tells_only_what_counts_down() -> None:
    model = model_of(line(1, State.HELD), line(2, State.REFUSED), line(3, State.SENT))
    told: list[QModelIndex] = []
    model.dataChanged.connect(lambda first, _last: told.append(first))
    assert model.tick()
    assert [(index.row(), index.column()) for index in told] == [(3, WHEN)]
    assert not model_of(line(2, State.REFUSED)).tick()


def test_sent_is_not_called_confirmed() -> None:
    model = model_of(line(1, State.SENT))
    assert model.index(1, STATE).data() == "sent"
    assert model.index(1, WHY).data() == "not confirmed yet"


def test_an_unclear_entry_says_once_that_zendera_is_asked() -> None:
    model = model_of(line(1, State.UNCLEAR, next_at=NOW))
    assert [model.index(1, column).data() for column in (STATE, WHEN)] == ["unclear", "asks Zendera now"]


def test_zenderas_words_stand_alone_where_the_state_says_refused() -> None:
    model = model_of(line(1, State.REFUSED, code="refused", answer="Unknown location"))
    assert model.index(1, WHY).data() == "“Unknown location”"


def test_the_tip_of_when_says_when_and_by_whom_it_was_made() -> None:
    model = model_of(line(1, State.HELD))
    said = model.index(1, WHEN).data(Qt.ItemDataRole.ToolTipRole)
    assert "Kari at kontor-2" in said
    assert "goes out in" in said


def test_a_report_is_called_by_status_and_stop() -> None:
    model = model_of(line(1, State.HELD, kind=Kind.REPORT, status=Status.NO_ONE_THERE, stop=StopKind.PICKUP))
    assert model.index(1, WHAT).data() == "No one there · Pickup"
    assert model.index(1, SHIPMENT).data() == f"{2**40 + 1}  Ola"


def test_zenderas_words_are_shown_as_plain_text() -> None:
    model = model_of(line(1, State.REFUSED, code="refused", answer="<b>no</b>\u202e"))
    assert "<b>no</b>⟨U+202E⟩" in model.index(1, WHY).data()
    assert "<b>" not in model.index(1, WHY).data(Qt.ItemDataRole.ToolTipRole)


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"reads": 2, "last_read_at": NOW}, "looked 2 times, last at 14:31:10"),
        ({"reads": 1, "last_read_at": NOW}, "looked 1 time, last"),
        ({"reads": 0}, "could not be read"),
        ({"code": Why.MAY_NOT_READ}, "may not read"),
        ({"code": Why.CANNOT_READ, "http_status": 404}, "could not be read"),
    ],
)
def test_what_zendera_shows_is_never_more_than_was_read(values: dict[str, object], part: str) -> None:
    assert part in sentences.zendera_shows(line(1, State.NEEDS_PERSON, **values), NOW, OSLO)


def test_what_zendera_shows_for_the_order_stands_beside_what_we_sent() -> None:
    ours = TimelineEvent(status="COMPLETE", location="DELIVERY", at=NOW)
    theirs = TimelineEvent(type="EVENT_TYPE_ORDER_EXPORTED", success=False, failure_reason="No <b>room</b>")
    timeline = Timeline(read_at=NOW, shown=(Shown(event=theirs, first_seen_at=NOW), Shown(event=ours, first_seen_at=NOW, entry=EntryId(1))))
    decided = msgspec.structs.replace(
        line(1, State.NEEDS_PERSON, kind=Kind.REPORT, event_at=NOW, attempts=1), pictures=2, timeline=timeline
    )
    assert sentences.we_sent(decided, NOW, OSLO).splitlines()[-3:] == [
        "Said to have happened 14:31",
        "With 2 pictures",
        "Tried once until 14:26:10",
    ]
    assert sentences.zendera_shows(decided, NOW, OSLO).splitlines()[1:] == [
        "For this order it shows:",
        "· order exported, failed: “No <b>room</b>”",
        "· 14:31 complete, delivery (from this desk)",
    ]


def test_what_is_there_twice_needs_a_person_until_they_know() -> None:
    doubled = line(1, State.CONFIRMED, seen_by="timeline", twice=(NOW - timedelta(minutes=8), NOW))
    known = line(2, State.CONFIRMED, seen_by="timeline", twice=(NOW - timedelta(days=1), NOW), twice_seen_at=NOW)
    assert shown(model_of(doubled, known)) == ["Needs you  1", 1, "Done  1", 2]
    assert offers(doubled) == {Offer.SEEN}
    assert offers(known) == frozenset()
    assert sentences.state(doubled.entry).text == "shown twice"
    assert "twice: 14:23:10 and 14:31:10" in sentences.zendera_shows(doubled, NOW, OSLO).lower().replace("noted ", "")


def test_a_damaged_entry_can_only_be_dropped() -> None:
    assert offers(line(1, State.REFUSED, code=Why.DAMAGED)) == {Offer.DROP}


def test_the_details_name_every_attempt() -> None:
    refused = line(1, State.REFUSED, code="refused", answer="Unknown location", words="Left with the porter")
    tries = (Attempt(entry=EntryId(1), started_at=NOW, code="timeout"), Attempt(entry=EntryId(1), started_at=NOW, http_status=422))
    text = sentences.details(refused, EntryStory(entry=refused.entry, attempts=tries), OSLO)
    assert str(2**40 + 1) in text
    assert "Left with the porter" in text
    assert "Unknown location" in text
    assert text.count("Attempt:") == 2
    assert "HTTP 422" in text


def test_beside_a_decision_stands_what_zendera_answered_and_what_a_walk_saw() -> None:
    refused = line(1, State.NEEDS_PERSON, code="refused", answer="Order is closed", ever_unclear=True)
    assert sentences.zendera_shows(refused, NOW, OSLO).splitlines() == [
        "It still offers the order, so the accept has not arrived.",
        "It answered: “Order is closed”",
    ]
    unread = line(2, State.NEEDS_PERSON, code="cannot_read")
    assert sentences.zendera_shows(unread, NOW, OSLO) == "Zendera could not be read since then."


def waits_for_pictures(**values: object) -> OutboxLine:
    due = line(1, State.DUE, kind=Kind.REPORT, status=Status.DAMAGE, stop=StopKind.DELIVERY)
    return msgspec.structs.replace(due, pictures=3, uploading=Uploading(**{"done": 1, "of": 3, **values}))


def test_a_report_that_waits_for_its_pictures_says_how_far_they_are() -> None:
    model = model_of(waits_for_pictures())
    assert model.index(1, WHY).data() == "uploading pictures, 2 of 3"
    assert model.index(1, WHEN).data() == "goes out after them"


def test_an_upload_that_failed_says_why_and_when_it_is_tried_again_and_nothing_about_the_report() -> None:
    found = waits_for_pictures(code="timeout", next_at=NOW + timedelta(seconds=20))
    model = model_of(found)
    assert model.index(1, WHY).data() == "uploading pictures, 2 of 3 · the last try failed: no answer in time"
    assert model.index(1, WHEN).data() == "next try 14:31:30"
    assert "arrived" not in sentences.reason(found)


def test_where_pictures_may_not_be_uploaded_it_says_what_to_do() -> None:
    words = sentences.reason(waits_for_pictures(code=Why.MAY_NOT_UPLOAD, answer="Insufficient permissions"))
    assert "let them be sent inside the report" in words
    assert "take back" in words
    assert "Insufficient permissions" in words
    assert Offer.TAKE_BACK in offers(waits_for_pictures(code=Why.MAY_NOT_UPLOAD))
