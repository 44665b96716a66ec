"""The stage, the programs and the person; and after each test the search for the key in everything that was written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from end2end.desk import DeskProgram, SmallZendera, files_with_the_key
from end2end.person import Person
from end2end.stage import Stage


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.fixture
def zendera(stage: Stage, tmp_path: Path) -> Iterator[SmallZendera]:
    zendera = SmallZendera(stage, tmp_path, shipments=8)
    yield zendera
    zendera.close()


@pytest.fixture
def desk(stage: Stage, zendera: SmallZendera, tmp_path: Path) -> Iterator[DeskProgram]:
    desk = DeskProgram(stage, zendera, tmp_path)
    yield desk
    desk.close()
    assert not files_with_the_key(tmp_path), "the key is in a file"


@pytest.fixture
def person(stage: Stage) -> Iterator[Person]:
    person = Person(stage.env)
    yield person
    person.leave()
