"""Zendera as a process that real programs talk to: the simulator, its troubles by line's weather, and its dispatchers."""

import json
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx

from prove.program import KEY, Program, environment

Row = dict[str, Any]

LATE: Final = 0.9
STALE: Final = 1.2
"""Seconds; the settle time is 1.8 here, two reads are 1.2 apart (kills_child.py)."""


class Zendera:
    """`zendera-desk simulate` as a process, its troubles, and its dispatchers: who is told of a failed order corrects it."""

    def __init__(self, place: Path, seed: int, shipments: int) -> None:
        folder = place / "zendera"
        folder.mkdir()
        arguments = [
            "simulate",
            "--still",
            "--quiet",
            "--key",
            KEY,
            "--limit",
            "1000000",
            "--seed",
            str(seed),
            "--shipments",
            str(shipments),
        ]
        self._program = Program(["-m", "zendera_desk", *arguments], folder, environment(folder))
        told = when(lambda: self._program.out.read_text("utf-8"), 20.0, "the simulator starts")
        self.base_url, self.control_url = (str(json.loads(told)[name]) for name in ("base_url", "control_url"))
        self._control = httpx.Client(base_url=self.control_url, trust_env=False)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._control.close()
        self._program.kill()

    def orders(self) -> list[int]:
        return [int(order) for order in self._get("world")["orders"]]

    def ledger(self) -> list[Row]:
        rows: list[Row] = self._get("ledger")["applied"]
        return rows

    def sends(self, endpoint: str) -> int:
        """How many have come in, whatever became of them."""
        return len(self._get(f"requests?endpoint={endpoint}")["requests"])

    def well(self) -> None:
        self._control.delete("faults").raise_for_status()

    def troubled(self, rng: random.Random) -> None:
        """One line's weather; of several faults that fit a call the first that its chance picks works."""
        self.well()
        for kind, endpoint, details in rng.sample(TROUBLES, k=rng.randrange(2, 6)):
            self.fault(kind, endpoint, **({"times": None} | details))

    def answers(self, endpoint: str, fault: str, times: int | None = None) -> None:
        """To what comes in there; nothing else happens from now on."""
        self.well()
        self.fault(fault, endpoint, times=times, seconds=20)

    def fault(self, kind: str, endpoint: str | None, **details: object) -> None:
        self._control.post("faults", json={"kind": kind, "endpoint": endpoint, **details}).raise_for_status()

    def _get(self, path: str) -> Row:
        found: Row = self._control.get(path).raise_for_status().json()
        return found

    def _live(self) -> None:
        """What happens late there happens when its clock is moved."""
        with httpx.Client(base_url=self.control_url, trust_env=False) as control:
            while not self._over.wait(0.05):
                control.post("clock", json={"seconds": 0}).raise_for_status()
                for order, facts in control.get("world").raise_for_status().json()["orders"].items():
                    if facts["strikes"] > facts["corrections"]:
                        control.post("corrections", json={"orderId": int(order), "reason": "time window"}).raise_for_status()


TROUBLES: Final[tuple[tuple[str, str | None, Row], ...]] = (
    *((kind, endpoint, {"chance": 0.25}) for kind in ("apply_close", "close", "midway", "truncated") for endpoint in ("status", "update")),
    ("apply_close", "update", {"chance": 0.25, "reset": True}),
    ("apply_error", "status", {"chance": 0.3, "status": 503}),
    ("apply_error", "update", {"chance": 0.3, "status": 500}),
    ("refuse", "status", {"chance": 0.3, "status": 503}),
    ("refuse", "update", {"chance": 0.2, "status": 422}),
    ("html", "update", {"chance": 0.2}),
    ("empty", "status", {"chance": 0.2}),
    ("late", "update", {"chance": 0.3, "seconds": LATE}),
    ("late", "status", {"chance": 0.3, "seconds": LATE}),
    ("slow", "update", {"chance": 0.4, "seconds": 0.6}),
    ("slow", "status", {"chance": 0.4, "seconds": 0.6}),
    ("slow", "update", {"chance": 0.1, "seconds": 5}),
    ("drip", "status", {"chance": 0.2, "seconds": 1}),
    ("limit", None, {"times": 1, "seconds": 1}),
    ("close", None, {"times": 12}),
    ("refuse", "timeline", {"chance": 0.3, "status": 500}),
    ("stale", "timeline", {"chance": 0.5, "seconds": STALE}),
    ("broken_rows", "export", {"chance": 0.2}),
    ("changing_total", "export", {"chance": 0.2}),
)
"""`close` for all is an outage of a dozen calls."""


def when(look: Callable[[], object], patience: float, what: str) -> Any:  # noqa: ANN401
    """What `look` returns once it is something true. Raises TimeoutError."""
    end = time.monotonic() + patience
    while not (found := look()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {patience:.0f} s for it: {what}")
        time.sleep(0.01)
    return found
