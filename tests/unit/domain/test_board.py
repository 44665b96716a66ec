"""The colli board: what the product feed says beside what was reported, whatever order the changes came in."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.domain.board import GRACE, Acknowledgement, Board, Finding, Known, all_completed, board, in_force
from zendera_desk.domain.feed import ProductChange, ProductStatus
from zendera_desk.domain.ids import AccountId, EntryId, OrderId
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import Parcel, StopKind

NOON = datetime(2026, 6, 11, 12, 0, tzinfo=UTC)
BIG = 2**60 + 1
PARCELS = tuple(Parcel(product_id=BIG + place, internal_number="PROD-PALLET-EUR", name=f"Pallet {place}") for place in range(5))
LATER = NOON + GRACE + timedelta(hours=1)
PICKUP, DELIVERY = StopKind


def says(
    status: ProductStatus, product: int = 0, *, minute: int = 0, stop: StopKind | None = DELIVERY, word: str = "", late: int = 0
) -> ProductChange:
    """`late`: minutes from the moment in which it happened to that in which it was known here."""
    at = NOON + timedelta(minutes=minute)
    known_at = at + timedelta(minutes=late)
    return ProductChange(at=at, product_id=BIG + product, stop=stop, status=status, status_word=word or status.value, known_at=known_at)


def numbered(number: str, status: ProductStatus = ProductStatus.COMPLETED) -> ProductChange:
    return ProductChange(at=NOON, product_number=number, stop=DELIVERY, status=status, status_word=status.value)


def reported(status: Status, *, stop: StopKind = DELIVERY, state: State = State.SENT, at: datetime = NOON, number: int = 1) -> Entry:
    return Entry(
        id=EntryId(number),
        account=AccountId("nordlys"),
        order_id=OrderId(1),
        kind=Kind.REPORT,
        state=state,
        stop=stop,
        status=status,
        made_at=at,
        ended_at=at,
        next_at=at,
    )


def findings(made: Board, stop: StopKind = DELIVERY) -> list[Finding | None]:
    return [product.at(stop).finding for product in made.products]


def test_what_agrees_is_no_finding() -> None:
    made = board(PARCELS, [says(ProductStatus.COMPLETED, place) for place in range(5)], [reported(Status.COMPLETE)])
    assert findings(made) == [None] * 5
    assert made.differs_from() is None
    assert not made.differs(LATER)


def test_complete_was_sent_and_two_of_five_are_still_pending() -> None:
    changes = [says(ProductStatus.COMPLETED, place) for place in range(3)] + [says(ProductStatus.PENDING, 3)]
    made = board(PARCELS, changes, [reported(Status.COMPLETE)])
    assert findings(made) == [None, None, None, Finding.PENDING, Finding.NEVER_SEEN]
    assert [made.found(DELIVERY, each, LATER) for each in (Finding.PENDING, Finding.NEVER_SEEN)] == [1, 1]


def test_what_the_feed_does_not_say_yet_is_no_difference_until_it_is_known_to_be_complete_long_enough() -> None:
    made = board(PARCELS, [], [reported(Status.COMPLETE)])
    assert made.differs_from() == NOON + GRACE
    assert not made.differs(None)
    assert not made.differs(NOON + GRACE - timedelta(seconds=1))
    assert made.differs(NOON + GRACE)


def test_only_what_zendera_took_was_reported() -> None:
    for state in State:
        made = board(PARCELS[:1], [], [reported(Status.COMPLETE, state=state)])
        assert (made.delivery is not None) == (state in {State.SENT, State.CONFIRMED}), state


def test_the_last_report_of_a_stop_stands_for_it() -> None:
    made = board(PARCELS[:1], [], [reported(Status.COMPLETE), reported(Status.OTHER, number=2), reported(Status.COMPLETE, stop=PICKUP)])
    assert made.delivery is not None
    assert made.delivery.status is Status.OTHER
    assert findings(made) == [None]
    assert findings(made, PICKUP) == [Finding.NEVER_SEEN]


def test_removed_after_completed_is_told_from_removed_and_from_pending_again() -> None:
    first = says(ProductStatus.COMPLETED)
    assert findings(board(PARCELS[:1], [first, says(ProductStatus.REMOVED, minute=1)], [])) == [Finding.REMOVED_AFTER_COMPLETED]
    assert findings(board(PARCELS[:1], [says(ProductStatus.REMOVED, minute=1)], [])) == [Finding.REMOVED]
    assert findings(board(PARCELS[:1], [first, says(ProductStatus.PENDING, minute=1)], [])) == [Finding.PENDING_AGAIN]
    assert findings(board(PARCELS[:1], [first, says(ProductStatus.PENDING, minute=-1)], [])) == [None], "it was pending before"


def test_a_completed_product_contradicts_that_no_one_was_there_but_not_that_it_was_damaged() -> None:
    completed = [says(ProductStatus.COMPLETED)]
    assert findings(board(PARCELS[:1], completed, [reported(Status.NO_ONE_THERE)])) == [Finding.COMPLETED_AGAINST_REPORT]
    assert findings(board(PARCELS[:1], completed, [reported(Status.CANNOT_HANDLE)])) == [Finding.COMPLETED_AGAINST_REPORT]
    assert findings(board(PARCELS[:1], completed, [reported(Status.DAMAGE)])) == [None]


def test_what_zendera_was_told_about_since_is_dealt_with_and_what_happens_after_is_not() -> None:
    removed = [says(ProductStatus.COMPLETED), says(ProductStatus.REMOVED, minute=10)]
    after, before = NOON + timedelta(minutes=20), NOON + timedelta(minutes=5)
    assert findings(board(PARCELS[:1], removed, [reported(Status.OTHER, at=after)])) == [None]
    assert findings(board(PARCELS[:1], removed, [reported(Status.OTHER, at=before)])) == [Finding.REMOVED_AFTER_COMPLETED]
    assert findings(board(PARCELS[:1], removed, [reported(Status.COMPLETE, at=after)])) == [Finding.REMOVED_AFTER_COMPLETED]


def test_only_what_was_known_here_when_it_was_reported_is_told_whatever_the_clock_of_this_desk_says() -> None:
    fast = NOON + timedelta(hours=3)  # what the desk's clock says at noon
    removed = [says(ProductStatus.COMPLETED), msgspec.structs.replace(says(ProductStatus.REMOVED, minute=10), known_at=fast)]
    told, unknowing = reported(Status.OTHER, at=fast + timedelta(minutes=1)), reported(Status.OTHER, at=fast - timedelta(minutes=1))
    assert findings(board(PARCELS[:1], removed, [told])) == [None]
    assert findings(board(PARCELS[:1], removed, [unknowing])) == [Finding.REMOVED_AFTER_COMPLETED]


NAMELESS = Parcel(name="Sofa")


@pytest.mark.parametrize(
    ("parcels", "shared", "expected"),
    [
        ((NAMELESS,), (), [Finding.CANNOT_TELL]),
        ((Parcel(internal_number="A"),), (), [Finding.NEVER_SEEN]),
        ((Parcel(internal_number="A"),), ("A",), [Finding.CANNOT_TELL]),
        ((Parcel(internal_number="A", barcode="B"),), ("A",), [Finding.NEVER_SEEN]),
        ((Parcel(internal_number="A"), Parcel(internal_number="A")), (), [Finding.CANNOT_TELL] * 2),
        ((Parcel(internal_number="A"), Parcel(product_id=BIG, internal_number="A")), (), [Finding.NEVER_SEEN] * 2),
        ((Parcel(product_id=BIG),), ("",), [Finding.NEVER_SEEN]),
    ],
)
def test_what_no_change_can_name_has_a_word_of_its_own_and_never_counts(
    parcels: tuple[Parcel, ...], shared: tuple[str, ...], expected: list[Finding]
) -> None:
    made = board(parcels, [], [reported(Status.COMPLETE)], Known(shared=frozenset(shared)))
    assert findings(made) == expected
    assert made.differs(LATER) == (Finding.NEVER_SEEN in expected)
    assert (made.differs_from() is None) == (Finding.NEVER_SEEN not in expected)


def test_what_no_change_can_name_is_so_whether_it_was_reported_or_not() -> None:
    assert findings(board((NAMELESS,), [], [])) == [Finding.CANNOT_TELL]
    assert findings(board(PARCELS[:1], [], [])) == [None]


def acknowledged(made: Board, *, undoes: bool = False) -> Acknowledgement:
    return Acknowledgement(stop=DELIVERY, at=LATER, marks=tuple(made.marks(DELIVERY, LATER)), undoes=undoes)


def test_what_a_person_knows_of_does_not_count_until_it_is_another_or_they_take_it_back() -> None:
    changes, entries = [says(ProductStatus.NOT_READY), says(ProductStatus.COMPLETED, 1)], [reported(Status.COMPLETE)]
    first = board(PARCELS[:2], changes, entries)
    known = acknowledged(first)
    quiet = board(PARCELS[:2], changes, entries, Known(acknowledged=(known,)))
    assert (quiet.differs(LATER), quiet.differs_from(), quiet.acknowledged(DELIVERY)) == (False, None, 1)
    assert findings(quiet) == findings(first), "it is still shown"
    more = [*changes, says(ProductStatus.REMOVED, 1, minute=1)]
    other = board(PARCELS[:2], more, entries, Known(acknowledged=(known,)))
    assert (other.differs(LATER), other.acknowledged(DELIVERY)) == (True, 1), "what is new is not known"
    again = [*changes, says(ProductStatus.NOT_READY, minute=1)]
    assert board(PARCELS[:2], again, entries, Known(acknowledged=(known,))).differs(LATER), "it happened once more"
    taken_back = Known(acknowledged=(known, acknowledged(first, undoes=True)))
    assert board(PARCELS[:2], changes, entries, taken_back).differs(LATER)


def test_undo_takes_back_the_newest_that_is_in_force() -> None:
    one, two = (Acknowledgement(stop=DELIVERY, at=NOON, marks=(mark,)) for mark in "ab")
    back = Acknowledgement(stop=DELIVERY, at=NOON, undoes=True)
    assert in_force([one, two], DELIVERY) == [one, two]
    assert in_force([one, two, back], DELIVERY) == [one]
    assert in_force([one, two, back, back, back], DELIVERY) == []
    assert in_force([one, two], PICKUP) == []


def test_all_is_completed_when_it_was_said_of_every_product_by_whatever_name() -> None:
    parcels = (Parcel(product_id=BIG), Parcel(internal_number="A"), Parcel(barcode="370000"))
    said = [says(ProductStatus.COMPLETED), numbered("A"), numbered("370000")]
    assert all_completed(parcels, said)
    assert not all_completed(parcels, said[:2])
    assert not all_completed((*parcels, NAMELESS), said)
    assert not all_completed((), [])


def test_a_word_that_is_not_known_is_shown_as_it_came_and_bears_nothing_out() -> None:
    made = board(PARCELS[:1], [says(ProductStatus.UNKNOWN, word="BEAMED")], [reported(Status.COMPLETE)])
    assert made.products[0].delivery.word == "BEAMED"
    assert findings(made) == [Finding.UNKNOWN_WORD]
    assert findings(board(PARCELS[:1], [says(ProductStatus.UNKNOWN, word="BEAMED")], [])) == [None]


def test_ids_beyond_2_to_the_53_are_told_apart() -> None:
    made = board(PARCELS[:2], [says(ProductStatus.COMPLETED, 1)], [reported(Status.COMPLETE)])
    assert findings(made) == [Finding.NEVER_SEEN, None]


def test_a_number_matches_by_internal_number_then_by_barcode_and_never_one_of_several_kinds() -> None:
    kinds = (Parcel(internal_number="A", barcode="B"), Parcel(internal_number="B"), Parcel(barcode="370000"))
    made = board(kinds, [numbered("B"), numbered("370000")], [])
    assert [product.delivery.status for product in made.products] == [None, ProductStatus.COMPLETED, ProductStatus.COMPLETED]
    ambiguous = board(PARCELS, [numbered("PROD-PALLET-EUR")], [])
    assert [product.delivery.status for product in ambiguous.products[:5]] == [None] * 5
    assert not ambiguous.products[5].planned, "it is shown, beside the five"


def test_a_product_that_the_order_does_not_have_has_a_line_of_its_own() -> None:
    stranger = ProductChange(at=NOON, product_id=7, product_number="X", stop=PICKUP, status=ProductStatus.REMOVED, status_word="REMOVED")
    made = board(PARCELS[:1], [stranger], [])
    assert (made.products[1].product_id, made.products[1].number, made.products[1].planned) == (7, "X", False)
    assert findings(made, PICKUP) == [None, None], "that it was removed is why the order has it no more"


def test_what_is_said_again_later_was_known_from_the_first_time_on() -> None:
    first, again = (says(ProductStatus.REMOVED, stop=PICKUP, late=late) for late in (0, 600))
    told = reported(Status.OTHER, stop=PICKUP, at=NOON + timedelta(minutes=5))
    assert findings(board(PARCELS[:1], [again], [told]), PICKUP) != [None], "nobody could know of it"
    for changes in ([first, again], [again, first]):
        assert findings(board(PARCELS[:1], changes, [told]), PICKUP) == [None]


changes_of_a_day = st.lists(
    st.builds(
        says,
        st.sampled_from(ProductStatus),
        st.integers(0, 5),
        minute=st.integers(0, 4),
        stop=st.sampled_from([*StopKind, None]),
        word=st.sampled_from(["", "BEAMED", "LOST"]),
        late=st.sampled_from([-10, 0, 600]),
    ),
    max_size=14,
)
reports_of_a_day = st.lists(
    st.builds(reported, st.sampled_from(Status), stop=st.sampled_from(StopKind), number=st.integers(1, 9)), max_size=3
)


@given(changes_of_a_day, reports_of_a_day, st.randoms(use_true_random=False), st.integers(0, 3))
def test_any_order_of_the_same_changes_however_often_repeated_ends_in_the_same_board(
    changes: list[ProductChange], reports: list[Entry], rng: object, repeats: int
) -> None:
    other = changes + changes[:repeats]
    rng.shuffle(other)  # type: ignore[attr-defined]
    assert board(PARCELS, other, reports) == board(PARCELS, changes, reports)


@given(changes_of_a_day, reports_of_a_day)
def test_every_change_that_names_a_stop_is_on_the_board(changes: list[ProductChange], reports: list[Entry]) -> None:
    made = board(PARCELS, changes, reports)
    named = {(change.product_id, change.stop) for change in changes if change.stop is not None}
    shown = {(product.product_id, stop) for product in made.products for stop in StopKind if product.at(stop).status is not None}
    assert shown == named
