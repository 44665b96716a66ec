"""A day at the desk, through the program as a process: what a person does with keyboard and names is what Zendera has."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from end2end.desk import DeskProgram, SmallZendera
from end2end.person import Person

pytestmark = [pytest.mark.end2end, pytest.mark.timeout(180)]


def picture(path: Path, colour: str) -> Path:
    Image.new("RGB", (640, 480), colour).save(path, "JPEG")
    return path


def test_accept_fail_and_complete_arrive_as_they_were_typed(
    desk: DeskProgram, zendera: SmallZendera, person: Person, tmp_path: Path
) -> None:
    accepted, failed, *others = zendera.orders()
    program = desk.start()
    person.sit_down(program)
    person.finds("Shipments", *map(str, zendera.orders()))
    assert zendera.ledger() == [], "something was sent that no person decided"

    person.selects("Shipments", str(accepted))
    person.presses("Accept", role="push button")
    person.selects("Shipments", str(failed))
    person.presses("Fail", role="push button")
    person.sees("Fail with this reason")
    person.writes("Unknown postal code: Ålesund")
    person.presses("Fail with this reason")
    zendera.wait_for("accept", accepted)
    assert zendera.wait_for("fail", failed)["summary"]["failureReason"].startswith("Unknown postal code: Ålesund")

    person.goes_to("Shipments")
    person.keys("ctrl+5")
    person.selects("Shipments", str(accepted))
    person.goes_to("Shipments")
    person.keys("c")
    person.types("Time", "t")
    person.types("Signee", "Kari Åsen")
    person.types("Comment", "Left at the ramp (100 % dry)", role="text")
    person.presses("Add pictures", role="push button")
    person.pictures_from(picture(tmp_path / "page one.jpg", "white"), picture(tmp_path / "two.jpg", "navy"))
    person.presses("Send", role="push button")

    report = zendera.wait_for("report", accepted)["summary"]
    assert (report["status"], report["location"]) == ("COMPLETE", "DELIVERY")
    assert (report["signeeName"], report["comment"], report["isContactless"]) == ("Kari Åsen", "Left at the ramp (100 % dry)", False)
    assert len(report["pictures"]) == 2
    assert abs(datetime.fromisoformat(report["date"]) - datetime.now(UTC)) < timedelta(minutes=2)
    assert {row["orderId"] for row in zendera.ledger()}.isdisjoint(others)
    assert len(zendera.ledger()) == 3
    assert program.end() == 0
