"""The form of a report, open on a desk of paper."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from gui.report.paperdesk import FIRST, OSLO, PaperDesk, focus, jpeg
from zendera_desk.domain.shipment import CashOnDelivery
from zendera_desk.gui.report import ReportPanel
from zendera_desk.gui.spawn import Spawn
from zendera_desk.settings import Settings

Until = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.fixture
async def desk() -> PaperDesk:
    return PaperDesk()


@pytest.fixture
async def panel(desk: PaperDesk, spawn: Spawn, show: Callable[[QWidget], QWidget]) -> ReportPanel:
    made = ReportPanel(desk, spawn, Settings(), zone=OSLO)
    made.resize(1000, 460)
    show(made)
    return made


@pytest.fixture
def with_cod(desk: PaperDesk) -> PaperDesk:
    desk.cod = CashOnDelivery(amount=Decimal("1250.50"), currency="NOK", reference="A-77")
    return desk


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "note.jpg"
    path.write_bytes(jpeg("white"))
    return path


@pytest.fixture
async def form(panel: ReportPanel, until: Until) -> ReportPanel:
    """The panel with the first shipment open and loaded, the caret in its first field."""
    panel.open(FIRST)
    panel.focus_first_empty()
    await until(lambda: focus() == "time")
    return panel
