import pytest

from zendera_desk.domain.comments import MOST, cleaned
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.rules import DEFAULT, groups_of, missing, needed, with_groups
from zendera_desk.domain.shipment import StopKind

PICKUP, DELIVERY = StopKind.PICKUP, StopKind.DELIVERY


def test_a_rule_can_be_another_at_one_of_the_stops() -> None:
    rules = with_groups(dict(DEFAULT), Status.COMPLETE, PICKUP, ())
    assert groups_of(rules, Status.COMPLETE, PICKUP) == ()
    assert groups_of(rules, Status.COMPLETE, DELIVERY) == DEFAULT["COMPLETE"]
    assert needed(rules, Draft(stop=PICKUP)) == ()
    assert missing(rules, Draft(stop=DELIVERY)) == (("signee", "contactless"),)
    assert {key: rule for key, rule in rules.items() if "COMPLETE" not in key} == {
        key: rule for key, rule in DEFAULT.items() if key != "COMPLETE"
    }


@pytest.mark.parametrize("stop", list(StopKind))
def test_a_rule_that_is_again_the_same_at_both_stops_is_said_once(stop: StopKind) -> None:
    other = with_groups(dict(DEFAULT), Status.DAMAGE, stop, (("comment",),))
    assert other != DEFAULT
    assert with_groups(other, Status.DAMAGE, stop, DEFAULT["DAMAGE"]) == DEFAULT


def test_ready_comments_are_lines_without_what_is_empty() -> None:
    assert cleaned("  Left  at door \n\n\tCalled\n") == ("Left at door", "Called")
    assert len(cleaned("\n".join(str(number) for number in range(20)))) == MOST
    assert len(cleaned("x" * 999)[0]) == 300
