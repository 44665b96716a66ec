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
print(*(name for name, module in sys.modules.items() if module and type(module).__name__ != "_Later"))  # else it was put off
"""
ASKED: Final = """
from zendera_desk.gui import qtload
qtload.load_qt()
from PySide6.QtCore import QObject, QTimer
try:
    QObject().setObjectName([])
except TypeError as error:
    print(error)
print(QTimer.setInterval.__doc__)
import PySide6.support.signature.lib.enum_sig as lately
print(lately.HintingEnumerator.__name__)
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
        "shibokensupport.signature.parser", "shibokensupport.signature.mapping", "shibokensupport.signature.lib.pyi_generator",
        "ssl", "_ssl", "hashlib", "_hashlib", "secrets", "asyncio.sslproto", "pickle", "typing_extensions", "msgspec.inspect",
        # the core
        "zendera_desk.api.client", "zendera_desk.paper", "zendera_desk.engine.paper", "zendera_desk.engine.watching",
        "zendera_desk.engine.developing",
        "zendera_desk.domain.suggestions", "zendera_desk.domain.filenames", "zendera_desk.engine.remembering",
        "zendera_desk.mending", "zendera_desk.store.mending", "zendera_desk.simulator",
        "zendera_desk.wishes", "zendera_desk.api.wire", "zendera_desk.api.values", "zendera_desk.store.entering",
        "zendera_desk.store.shipment_view", "zendera_desk.bulk", "zendera_desk.engine.archiving", "zendera_desk.engine.finding",
        "zendera_desk.engine.engine", "zendera_desk.engine.link", "zendera_desk.domain.drafting", "zendera_desk.store.projection",
        "zendera_desk.store.drafts", "zendera_desk.store.board", "zendera_desk.store.feed", "zendera_desk.store.timeline",
        # the other views
        "zendera_desk.gui.report", "zendera_desk.gui.shipment.panel", "zendera_desk.gui.feed.panel", "zendera_desk.gui.outbox",
        "zendera_desk.gui.paper", "zendera_desk.gui.bulk", "zendera_desk.gui.widgets.palette", "zendera_desk.gui.settings",
    ],
)  # fmt: skip
def test_the_list_does_not_wait_for_what_it_does_without(later: str, loaded: list[str]) -> None:
    assert "zendera_desk.gui.shipments.panel" in loaded  # what it does wait for
    assert [name for name in loaded if name == later or name.startswith(f"{later}.")] == []


def test_qt_says_what_is_wrong_with_an_argument_by_what_it_loads_then() -> None:
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, timeout=60, check=True)
    wrong, interval, lately = done.stdout.rstrip().rsplit("\n", 2)
    assert "PySide6.QtCore.QObject.setObjectName(list)" in wrong  # what was given
    assert "Supported signatures" in wrong  # what it takes
    assert interval == "setInterval(self, msec: int, /) -> None"
    assert lately == "HintingEnumerator"
