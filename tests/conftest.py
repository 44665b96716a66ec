"""What holds for every test: settled surroundings, and a log that warns only where the test says so.

A test that expects a warning or an error in the log names it: `@pytest.mark.expected_log("part of the message", …)`. Each
text must then really appear, and nothing else at that level may.
"""

import logging
import os
from collections.abc import Iterator

import hypothesis
import pytest

from support.day import HandClock
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.simulator.world import World

# Settled before anything reads them: a test passes alike on every machine, at every hour.
for name in ("ZENDERA_API_KEY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
    os.environ.pop(name, None)
    os.environ.pop(name.lower(), None)

# The same examples every time: a red run is reproduced by running it again. `HYPOTHESIS_PROFILE=search` looks further.
hypothesis.settings.register_profile("desk", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("search", max_examples=5_000, deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "desk"))


@pytest.fixture(autouse=True)
def _only_expected_logs(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    expected = [text for mark in request.node.iter_markers("expected_log") for text in mark.args]
    seen = [record.getMessage() for phase in ("setup", "call") for record in caplog.get_records(phase) if record.levelno >= logging.WARNING]
    surprises = [message for message in seen if not any(text in message for text in expected)]
    assert not surprises, f"logged without @pytest.mark.expected_log: {surprises}"
    missing = [text for text in expected if not any(text in message for message in seen)]
    assert not missing, f"expected in the log and not seen: {missing}"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def simulator(clock: HandClock) -> Iterator[RunningSimulator]:
    """Zendera with six shipments, over a real socket, on the clock that the test moves."""
    with RunningSimulator(World(7, clock=clock.now, shipments=6, history=0)) as running:
        yield running
