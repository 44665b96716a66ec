"""The way back: to a copy by a person's wish, and from a spoilt file by itself. The desk goes on, and nothing is sent twice."""

import os
import stat

import pytest

from end2end.desk import DeskProgram, SmallZendera
from end2end.person import Person
from zendera_desk.store.database import FILE_NAME

pytestmark = [pytest.mark.end2end, pytest.mark.timeout(180)]


def open_copies(person: Person) -> None:
    person.keys("ctrl+k")
    person.writes("Copies")
    person.keys("Return")
    person.sees("Make a copy now")


def test_going_back_and_a_spoilt_file_cost_nothing_that_zendera_knows_of(desk: DeskProgram, zendera: SmallZendera, person: Person) -> None:
    first, second, *others = zendera.orders()
    before = os.umask(0)
    try:
        program = desk.start()
    finally:
        os.umask(before)
    person.sit_down(program)
    person.selects("Shipments", str(first))
    person.presses("Accept", role="push button")
    zendera.wait_for("accept", first)

    open_copies(person)
    person.presses("Make a copy now")
    person.finds("List of copies", "by hand")
    person.keys("Escape")
    person.selects("Shipments", str(second))
    person.presses("Accept", role="push button")
    zendera.wait_for("accept", second)

    open_copies(person)
    person.selects("List of copies", "by hand")
    person.presses("Go back to this copy…")
    person.presses("Go back")
    person.presses("I have read this")
    person.keys("ctrl+5")
    person.finds("Shipments", str(first), str(second), *map(str, others))
    open_modes = {path: stat.S_IMODE(path.stat().st_mode) for path in desk.data.rglob("*") if not path.is_symlink()}
    assert {path.name for path, mode in open_modes.items() if mode & 0o077 and path.name != "settings.json"} == set()

    program.kill()
    (desk.data / FILE_NAME).write_bytes(b"spoilt " * 9000)
    program = desk.start()
    person.sit_down(program)
    person.presses("I have read this")
    person.keys("ctrl+5")
    person.finds("Shipments", str(first), str(second), *map(str, others))
    assert program.end() == 0
    assert sorted(row["orderId"] for row in zendera.ledger("accept")) == sorted((first, second))
    assert zendera.doubled() == []
