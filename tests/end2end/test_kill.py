"""kill -9 at any moment, again and again: in the end Zendera has what the person did, all of it and once."""

import random

import pytest

from end2end.desk import DeskProgram, SmallZendera
from end2end.person import Person
from end2end.stage import Process, wait
from zendera_desk.store import inspect

pytestmark = [pytest.mark.end2end, pytest.mark.timeout(600)]

SETTLED = 300.0
"""Seconds: what may or may not have arrived is asked about three minutes after it was sent."""


def decide(person: Person, order: int, kind: str) -> None:
    person.finds("Shipments", str(order))
    person.selects("Shipments", str(order))
    match kind:
        case "accept":
            person.presses("Accept", role="push button")
        case "fail":
            person.presses("Fail", role="push button")
            person.sees("Fail with this reason")
            person.writes("No capacity")
            person.presses("Fail with this reason")
        case _:
            person.goes_to("Shipments")
            person.keys("o")
            person.types("Time", "t")
            person.types("Comment", "Left with the neighbour", role="text")
            person.presses("Send", role="push button")


def on_disk(desk: DeskProgram, program: Process, entries: int) -> None:
    """From the moment the entry is committed it is a promise; before that nobody was told anything."""
    wait(lambda: dict(inspect.facts(desk.data).counts).get("entry", 0) >= entries, "the entry to be on disk", program)


def die_after(program: Process, seconds: float) -> None:
    """Kills it then, wherever it stands: held, on its way, or answered. The moment is what this test is about."""
    with pytest.raises(AssertionError, match="waited"):
        wait(lambda: not program.running(), "the moment to kill it", patience=seconds)
    program.kill()


def test_nothing_is_lost_and_nothing_is_doubled(desk: DeskProgram, zendera: SmallZendera, person: Person) -> None:
    chance = random.Random(7)
    first, second, third, fourth, fifth, *_ = zendera.orders()
    decided = [(first, "accept"), (second, "fail"), (third, "accept"), (first, "report"), (fourth, "accept"), (fifth, "fail")]
    zendera.dawdle(1.5)  # so that some deaths fall between the send and its answer
    for number, (order, kind) in enumerate(decided, start=1):
        program = desk.start()
        person.sit_down(program)
        person.finds("Shipments")
        person.goes_to("Shipments")
        person.keys("ctrl+5")
        decide(person, order, kind)
        on_disk(desk, program, number)
        die_after(program, chance.uniform(0.0, 3.5))

    zendera.hurry()
    program = desk.start()
    person.sit_down(program)
    for order, kind in decided:
        zendera.wait_for(kind, order, patience=SETTLED)
    person.reads("Outbox summary", r"^(?!.*(held|waiting|sending|unclear))", patience=SETTLED)
    assert sorted((row["orderId"], row["kind"]) for row in zendera.ledger()) == sorted(decided)
    assert zendera.doubled() == []


def test_what_was_typed_is_there_after_a_kill(desk: DeskProgram, zendera: SmallZendera, person: Person) -> None:
    order = zendera.orders()[0]
    program = desk.start()
    person.sit_down(program)
    decide(person, order, "accept")
    zendera.wait_for("accept", order)
    person.goes_to("Shipments")
    person.keys("ctrl+5")
    person.selects("Shipments", str(order))
    person.goes_to("Shipments")
    person.keys("d")
    person.types("Comment", "Corner crushed, wet underneath", role="text")
    die_after(program, 1.2)  # a draft is on the disk within a second of the last key

    person.sit_down(desk.start())
    person.goes_to("Shipments")
    person.keys("ctrl+5")
    person.finds("Shipments", str(order))
    person.selects("Shipments", str(order))
    person.goes_to("Shipments")
    person.keys("d")
    person.reads("Comment", "^Corner crushed, wet underneath$", role="text")
