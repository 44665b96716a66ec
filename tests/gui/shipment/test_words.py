"""What the pages of the open shipment say, as rows of words."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from zendera_desk.domain.feed import ProductStatus, TimelineEvent
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Deed, Entry, Kind, State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import Address, Parcel, StopKind
from zendera_desk.domain.views import Attempt, Difference, Done, EntryStory, FeedLine, ReportedPicture, Shown, Timeline, Version
from zendera_desk.gui.shipment.history import Typed, corrected, history, history_rows, history_text
from zendera_desk.gui.shipment.names import in_words
from zendera_desk.gui.shipment.parcels import measures, parcel_rows
from zendera_desk.gui.shipment.rows import Row
from zendera_desk.gui.shipment.stops import address_lines

NOW = datetime.now(UTC).astimezone().replace(hour=14, minute=32, second=0, microsecond=0)


def texts(rows: list[Row]) -> list[list[str]]:
    return [[cell.text.strip() for cell in row] for row in rows]


def story(kind: Kind, state: State, ago: int, *attempts: Attempt, **more: object) -> EntryStory:
    made = NOW - timedelta(minutes=ago)
    known = {"id": EntryId(ago), "account": AccountId("a"), "order_id": OrderId(1), "made_by": "Kari", "desk": "front"}
    return EntryStory(entry=Entry(**{**known, "kind": kind, "state": state, "made_at": made, "next_at": made, **more}), attempts=attempts)


@pytest.mark.parametrize(
    ("deed", "state", "words"), [(Deed.ARRIVED, State.CONFIRMED, "decided: it arrived"), (Deed.DROP, State.DROPPED, "dropped it")]
)
def test_the_history_shows_who_settled_what_zendera_did_not_show(deed: Deed, state: State, words: str) -> None:
    seen_by = "person" if state is State.CONFIRMED else ""
    sent = story(Kind.REPORT, state, 90, status=Status.COMPLETE, stop=StopKind.DELIVERY, seen_by=seen_by)
    settled = msgspec.structs.replace(sent, done=(Done(entry=EntryId(90), at=NOW, deed=deed, by="Ola", desk="back"),))
    rows = texts(history_rows(history([settled], [], NOW)))
    assert rows[1] == ["14:32", words, "", "", "Ola · back"]
    assert "confirmed" not in rows[0][2]


def test_an_address_stands_as_on_an_envelope_without_what_is_missing() -> None:
    assert address_lines(Address(line1="Strandgaten 14", postal_code="0123", city="Oslo")) == "Strandgaten 14\n0123 Oslo"


def test_a_parcel_shows_all_it_has_and_a_row_for_each_thing_its_metadata_says() -> None:
    parcel = Parcel(
        product_id=2**62,
        internal_number="PROD-1",
        name="Pallet",
        quantity=2,
        weight_kg=120.5,
        length_cm=120,
        width_cm=80,
        metadata=(("batch", "B-1"),),
        contributor_metadata=(("shelf", "R12"),),
    )
    rows = texts(parcel_rows([parcel]))
    assert rows[0] == ["Pallet", "2", "120.5", "120 × 80 × –", "", "", "PROD-1"]
    assert [row[:2] for row in rows[1:]] == [["Product id", str(2**62)], ["Batch", "B-1"], ["Shelf", "R12"]]


def test_a_parcel_without_any_measure_says_none() -> None:
    assert measures(Parcel()) == ""


def test_history_is_newest_first_with_every_try_and_zenderas_words() -> None:
    failed = story(
        Kind.FAIL,
        State.REFUSED,
        30,
        Attempt(entry=EntryId(30), started_at=NOW - timedelta(minutes=29), ended_at=NOW, code="timeout"),
        Attempt(entry=EntryId(30), started_at=NOW - timedelta(minutes=20), ended_at=NOW, code="refused", http_status=422, answer="closed"),
        words="Unknown postal code",
        strike=2,
        answer="Order is closed",
    )
    reported = story(Kind.REPORT, State.SENT, 5, status=Status.DAMAGE, stop=StopKind.DELIVERY, words="wet")
    rows = texts(history_rows(history([failed, reported], [Version(number=1, seen_at=NOW - timedelta(hours=2))], NOW)))
    assert [row[1] for row in rows] == [
        "Damage, delivery: wet",
        "Fail (strike 2 of 5): Unknown postal code",
        "try 2, 14:12:00 to 14:32:00",
        "try 1, 14:03:00 to 14:32:00",
        "Exported by Zendera",
    ]
    assert rows[1][3:] == ["Order is closed", "Kari · front"]
    assert rows[2][2].endswith("(422)")
    assert rows[2][3] == "closed"


def test_history_says_who_decided_what_and_what_zendera_shows() -> None:
    """Both sides of a dispute, in the order in which it happened."""

    def ago(minutes: int) -> datetime:
        return NOW - timedelta(minutes=minutes)

    tries = tuple(Attempt(entry=EntryId(60), started_at=ago(at), ended_at=ago(at), code=code) for at, code in ((59, "timeout"), (20, "")))
    done = (Done(entry=EntryId(60), at=ago(21), deed=Deed.SEND_AGAIN, by="Kari", desk="front"),)
    report = {"status": Status.COMPLETE, "stop": StopKind.DELIVERY, "seen_by": "timeline", "twice": (ago(50), ago(20))}
    pictures = (ReportedPicture(name="door.jpg", linked=True, uploaded_at=ago(60)), ReportedPicture(name="receipt.pdf"))
    told = msgspec.structs.replace(story(Kind.REPORT, State.CONFIRMED, 60, *tries, **report), done=done, pictures=pictures)
    ours = TimelineEvent(status="COMPLETE", location="DELIVERY", at=ago(61), noted_at=ago(20))
    strike = TimelineEvent(type="EVENT_TYPE_ORDER_EXPORTED", success=False, failure_reason="No capacity", noted_at=ago(90))
    timeline = Timeline(
        read_at=NOW, shown=(Shown(event=strike, first_seen_at=NOW), Shown(event=ours, first_seen_at=NOW, entry=EntryId(60)))
    )
    rows = texts(history_rows(history([told], [], NOW, timeline)))
    assert [(row[0], row[1], row[4]) for row in rows] == [
        ("14:12", "complete, delivery (happened 13:31)", "Zendera"),
        ("13:32", "Complete, delivery, 2 pictures", "Kari · front"),
        ("", "seen on Zendera's timeline", ""),
        ("14:12", "try 2, 14:12:00 to 14:12:00", ""),
        ("14:12", "noted 13:42 and 14:12", "Zendera"),
        ("14:11", "decided: send again", "Kari · front"),
        ("13:33", "try 1, 13:33:00 to 13:33:00", ""),
        ("13:32", "picture 1: door.jpg", ""),
        ("", "picture 2: receipt.pdf", ""),
        ("13:02", "Export failed", "Zendera"),
    ]


def test_a_try_without_a_noted_end_is_not_called_answered() -> None:
    open_try = Attempt(entry=EntryId(1), started_at=NOW)
    rows = texts(history_rows(history([story(Kind.ACCEPT, State.UNCLEAR, 1, open_try)], [], NOW)))
    assert rows[1][2] == "no answer noted"


def test_the_strip_says_what_the_last_version_changed() -> None:
    first = Version(number=1, seen_at=NOW - timedelta(hours=3))
    change = Difference(field="delivery.address.postal_code", old="0000", new="5003")
    second = Version(number=2, seen_at=NOW - timedelta(minutes=30), differences=(change,))
    assert corrected([first, second], NOW) == "Changed by Zendera 14:02: delivery postcode 0000 → 5003"
    assert corrected([first], NOW) == ""


def test_the_strip_names_three_changes_and_counts_the_rest() -> None:
    changes = tuple(Difference(field=f"x.field_{number}", old="", new="a") for number in range(5))
    assert corrected([Version(number=2, seen_at=NOW, differences=changes)], NOW).endswith("field 2 – → a and 2 more")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("customerReference", "Customer reference"),
        ("DELIVERY_NOTE_NUMBER", "Delivery note number"),
        ("poNumber", "Po number"),
        ("PONumber", "PO number"),
        ("EDI", "EDI"),
        ("lineWithANote", "Line with a note"),
        ("kjøreØnske", "Kjøre ønske"),
        ("Kundens ref. NR", "Kundens ref. NR"),
        ("batch", "Batch"),
    ],
)
def test_names_of_other_programs_are_said_in_words(name: str, words: str) -> None:
    assert in_words(name) == words


def test_the_product_feed_and_a_draft_stand_in_the_history_and_all_of_it_can_be_handed_on() -> None:
    change = FeedLine(
        id=1,
        at=NOW - timedelta(minutes=5),
        product_id=7,
        product_number="P-4",
        product_name="EUR-pallet",
        stop=StopKind.DELIVERY,
        status=ProductStatus.REMOVED,
        status_word="REMOVED",
    )
    typed = Typed(NOW - timedelta(minutes=1), Draft(status=Status.DAMAGE))
    events = history([], [Version(number=1, seen_at=NOW - timedelta(hours=2))], NOW, changes=[change], typed=typed)
    assert texts(history_rows(events))[:2] == [
        ["14:31", "Damage, delivery", "draft, not sent", "", ""],
        ["14:27", "EUR-pallet P-4, delivery", "removed", "", "Product feed"],
    ]
    lines = history_text(events).splitlines()
    assert lines[0] == "Time\tWhat\tState\tAnswer\tBy"
    assert lines[2].endswith("14:27:00 " + (NOW.tzname() or "") + "\tEUR-pallet P-4, delivery\tremoved\t\tProduct feed")
