"""What the columns say, and what is said of a state."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Kind, State
from zendera_desk.domain.report import Status
from zendera_desk.domain.standing import may_accept, may_fail
from zendera_desk.domain.views import Phase, ShipmentLine
from zendera_desk.gui.columns import COLUMNS, Align, field, marks, next_step, state, tip, why_not
from zendera_desk.gui.shipments.failbar import strikes

NOW = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)
LINE = ShipmentLine(
    order_id=OrderId(2**62),
    reference="A-77",
    pickup_city="Oslo",
    delivery_name="Kari Nordmann",
    delivery_postal_code="0123",
    delivery_city="Bergen",
    colli=3,
    weight_kg=120.5,
    cod_amount=Decimal(1250),
    cod_currency="NOK",
    seen_at=NOW,
)


def said(line: ShipmentLine, key: str) -> str:
    return next(column.text(line, NOW) for column in COLUMNS if column.key == key)


def changed(line: ShipmentLine, **more: object) -> ShipmentLine:
    return ShipmentLine(**{name: getattr(line, name) for name in line.__struct_fields__} | more)


def test_a_row_says_where_it_goes_with_its_postcode_as_text() -> None:
    assert said(LINE, "to") == "Oslo → 0123 Bergen"


def test_an_end_that_zendera_left_out_is_seen_as_a_gap() -> None:
    assert said(changed(LINE, delivery_postal_code="", delivery_city=""), "to") == "Oslo → –"


def test_an_id_beyond_32_bits_is_whole() -> None:
    assert said(LINE, "order") == "4611686018427387904"


def test_numbers_are_right_aligned() -> None:
    assert {column.key for column in COLUMNS if column.align is Align.RIGHT} == {"colli", "weight", "cod"}


def test_direction_characters_in_a_name_are_made_visible() -> None:
    assert "⟨U+202E⟩" in said(changed(LINE, delivery_name="\u202egnp.exe"), "receiver")


def test_a_failed_shipment_says_which_of_five() -> None:
    assert state(changed(LINE, phase=Phase.FAILED, strikes=2), NOW) == "failed 2 of 5"


def test_a_corrected_shipment_says_what_was_corrected() -> None:
    line = changed(LINE, phase=Phase.CORRECTED, changed=("delivery.address.postal_code",))
    assert state(line, NOW) == "corrected: delivery postcode"


def test_several_corrections_are_counted_and_all_in_the_tip() -> None:
    line = changed(LINE, phase=Phase.CORRECTED, changed=("delivery.address.city", "parcels[0].weight_kg", "delivery.earliest"))
    assert state(line, NOW) == "corrected: delivery city and 2 more"
    assert "parcel weight, delivery earliest time" in tip(line, "state", state(line, NOW))


def test_a_field_without_a_word_of_ours_stays_readable() -> None:
    assert field("dangerousGoods.un_number") == "un number"


def test_what_is_held_counts_down() -> None:
    line = changed(LINE, phase=Phase.ACCEPTING, entry_kind=Kind.ACCEPT, entry_state=State.HELD, entry_next_at=NOW + timedelta(seconds=7.2))
    assert state(line, NOW).split(" · ")[1].replace("\u202f", " ") == "held 8 s"


def test_a_draft_stands_beside_the_state_with_an_icon() -> None:
    found = marks(changed(LINE, phase=Phase.EXCEPTION, exception=Status.DAMAGE, has_draft=True), NOW)
    assert [mark.text for mark in found] == ["damage", "draft"]
    assert all(mark.icon for mark in found)


def test_the_fail_that_was_corrected_is_no_news_beside_the_correction() -> None:
    line = changed(LINE, phase=Phase.CORRECTED, changed=("delivery.address.city",), entry_kind=Kind.FAIL, entry_state=State.SENT)
    assert state(line, NOW) == "corrected: delivery city"


def test_the_fail_that_zendera_does_not_show_is_said_beside_a_correction_too() -> None:
    fail = {"entry_kind": Kind.FAIL, "entry_state": State.SENT, "entry_code": "no_evidence"}
    assert state(changed(LINE, phase=Phase.CORRECTED, **fail), NOW) == "corrected · sent, not shown"


@pytest.mark.parametrize("phase", [Phase.ACCEPTING, Phase.ACCEPTED, Phase.FAILED, Phase.GONE, Phase.DELIVERED])
def test_only_what_zendera_waits_for_can_be_answered(phase: Phase) -> None:
    assert may_fail(LINE)
    assert not may_fail(changed(LINE, phase=phase))
    assert may_fail(changed(LINE, phase=phase, entry_code="still_offered"))


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ({"phase": Phase.FAILED, "strikes": 1, "entry_state": State.HELD}, "has not left yet"),
        ({"phase": Phase.FAILED, "strikes": 1, "entry_state": State.SENT}, "Failed by mistake?"),
        ({"phase": Phase.FAILED, "strikes": 5, "entry_state": State.SENT}, "last strike"),
        ({"phase": Phase.GONE}, "offers it no longer"),
        ({"phase": Phase.NEW, "entry_state": State.REFUSED}, "refused"),
        ({"phase": Phase.ACCEPTED, "entry_state": State.NEEDS_PERSON}, "You decide"),
        ({"phase": Phase.DELIVERED, "entry_state": State.SENT, "entry_code": "no_evidence"}, "You decide"),
    ],
)
def test_what_stands_still_says_what_moves_it_on(values: dict[str, object], part: str) -> None:
    step = next_step(changed(LINE, **values))
    assert step is not None
    assert part in step.text
    assert part in tip(changed(LINE, **values), "state", "")


def test_what_goes_on_by_itself_has_no_such_sentence() -> None:
    assert next_step(LINE) is None
    assert next_step(changed(LINE, phase=Phase.ACCEPTED, entry_state=State.SENT)) is None


def test_why_it_cannot_be_accepted_is_said_only_when_it_cannot() -> None:
    assert why_not(LINE, Kind.ACCEPT) == ""
    assert why_not(changed(LINE, phase=Phase.ACCEPTING), Kind.ACCEPT) == "The accept is on its way."
    assert why_not(changed(LINE, phase=Phase.DELIVERED), Kind.ACCEPT) == "It is accepted already."
    assert "offers it no longer" in why_not(changed(LINE, phase=Phase.GONE), Kind.ACCEPT)


def test_the_fail_before_an_order_went_is_no_news_beside_its_going() -> None:
    assert state(changed(LINE, phase=Phase.GONE, entry_kind=Kind.FAIL, entry_state=State.SENT), NOW) == "gone from the feed"


@pytest.mark.parametrize(
    ("used", "words"),
    [
        ([1], "Failed 1 of 5. This is strike 2 of 5 for 4611686018427387904."),
        ([0, 0, 3], "3 shipments: strikes 1, 1, 4 of 5."),
        ([0] * 9 + [3], "10 shipments: strikes 1 (9 times), 4 (1 time) of 5."),
        ([4], "Failed 4 of 5. This is strike 5 of 5 for 4611686018427387904. After the last one Zendera stops offering the order."),
    ],
)
def test_the_fail_bar_counts_strikes_for_one_and_for_many(used: list[int], words: str) -> None:
    assert strikes([changed(LINE, strikes=number) for number in used]) == words


def test_a_mistaken_fail_can_be_accepted_after_all_until_the_last_strike() -> None:
    failed = changed(LINE, phase=Phase.FAILED, strikes=1, entry_kind=Kind.FAIL, entry_state=State.SENT)
    assert may_accept(failed)
    assert not may_fail(failed)
    assert not may_accept(changed(failed, entry_state=State.HELD))
    assert not may_accept(changed(failed, strikes=5))
