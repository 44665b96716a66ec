"""What a start loads before the list is painted: each module more is waited for, every morning."""

import subprocess
import sys
from typing import Final

import pytest

LOADED: Final = """
import sys
from zendera_desk import cli, later
later.put_off()
from zendera_desk.gui import qtload
qtload.load_qt()
from zendera_desk import app
print(*(name for name, module in sys.modules.items() if module and getattr(module, "__spec__", None)))  # else it was put off
"""


@pytest.fixture(scope="module")
def loaded() -> list[str]:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.split()


@pytest.mark.parametrize(
    "later",
    [
        # libraries
        "PySide6.QtNetwork", "httpx", "keyring", "PIL", "pi_heif", "zxingcpp", "pypdfium2", "uvicorn",
        "ssl", "_ssl", "hashlib", "_hashlib", "secrets", "asyncio.sslproto",
        # the core
        "zendera_desk.api.client", "zendera_desk.paper", "zendera_desk.engine.paper", "zendera_desk.engine.watching",
        "zendera_desk.engine.developing",
        "zendera_desk.mending", "zendera_desk.store.mending", "zendera_desk.simulator",
        # the other views
        "zendera_desk.gui.report", "zendera_desk.gui.shipment.panel", "zendera_desk.gui.feed.panel", "zendera_desk.gui.outbox",
        "zendera_desk.gui.paper", "zendera_desk.gui.bulk", "zendera_desk.gui.widgets.palette", "zendera_desk.gui.settings",
    ],
)  # fmt: skip
def test_the_list_does_not_wait_for_what_it_does_without(later: str, loaded: list[str]) -> None:
    assert "zendera_desk.gui.shipments.panel" in loaded  # what it does wait for
    assert [name for name in loaded if name == later or name.startswith(f"{later}.")] == []
