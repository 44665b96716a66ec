"""The simulator alone, in the foreground: `zendera-desk simulate`, for integrators and for tests of the program as a process."""

import json
import secrets
import signal
import sys
import threading
from types import FrameType

from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.simulator.world import STILL, Tempo, World


def run(
    *,
    port: int = 0,
    seed: int = 1,
    shipments: int = 24,
    key: str | None = None,
    limit: int = 1000,
    pace: float = 1.0,
    still: bool = False,
    troubled: bool = False,
    quiet: bool = False,
) -> int:
    """Serves until Ctrl+C or SIGTERM. The first line on stdout is JSON with `base_url`, `key` and `control_url`.

    `still`: nothing happens by itself; the world moves by POST clock alone. Returns the exit code: 1 when the port is taken.
    """
    world = World(seed, shipments=shipments, tempo=STILL if still else Tempo(pace=pace, withdrawn=0.05))
    simulator = RunningSimulator(world, port=port, key=key or secrets.token_urlsafe(24), limit=limit, lively=not still, troubled=troubled)
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        simulator.start()
    except OSError as error:
        print(f"Port {port} cannot be used: {error.strerror}", file=sys.stderr)
        return 1
    else:
        _say(simulator, quiet=quiet)
        while not ended.wait(0.5):  # a wait without an end would not let Ctrl+C through on Windows
            pass
        simulator.stop()
        return 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(simulator: RunningSimulator, *, quiet: bool) -> None:
    facts = {"base_url": simulator.base_url, "key": simulator.key, "control_url": simulator.control_url}
    print(json.dumps(facts), flush=True)
    if not quiet:
        print(f"A small Zendera listens. Its ledger: {simulator.control_url}ledger   Ctrl+C ends it.", file=sys.stderr, flush=True)
