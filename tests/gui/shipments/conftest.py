"""The office that the tests of this folder sit in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gui.shipments.office import Office, open_office


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as office:
        yield office
