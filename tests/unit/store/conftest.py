from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.store.office import opened
from zendera_desk.store.database import Connection


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[Connection]:
    with opened(tmp_path) as connection:
        yield connection
