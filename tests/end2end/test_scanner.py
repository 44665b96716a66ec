"""A hand scanner as X sends its keys, with the shortcuts of the real program in their way."""

import pytest

from end2end.desk import DeskProgram, SmallZendera
from end2end.person import Person

pytestmark = [pytest.mark.end2end, pytest.mark.timeout(180)]


def test_a_scan_in_the_list_opens_its_shipment_and_does_nothing_else(desk: DeskProgram, zendera: SmallZendera, person: Person) -> None:
    first, second, third, *_ = zendera.orders()
    program = desk.start()
    person.sit_down(program)
    person.finds("Shipments", str(first), str(second))
    person.selects("Shipments", str(first))
    person.goes_to("Shipments")
    person.scans("a1234f5678x")
    person.sees("No shipment here has a1234f5678x")
    person.scans(f"]C1400{second}")
    person.sees(f"Shipment {second} is open: scanned 400{second}")

    person.selects("Shipments", str(third))
    person.goes_to("Shipments")
    person.keys("a")
    zendera.wait_for("accept", third)
    assert [row["orderId"] for row in zendera.ledger()] == [third]
    assert program.end() == 0
