"""The two programs that the tests play with: the desk, and a small Zendera that tells afterwards what really arrived."""

import json
import sys
from pathlib import Path
from typing import Any, Final

import httpx

from end2end.stage import Process, Stage, wait

KEY: Final = "canary-9d41c07b52ee"
"""The key of every test here: afterwards it is looked for in all that the programs wrote."""

Row = dict[str, Any]


class SmallZendera:
    """`zendera-desk simulate` as a process: nothing in it happens by itself."""

    def __init__(self, stage: Stage, folder: Path, shipments: int) -> None:
        command = [sys.executable, "-m", "zendera_desk", "simulate", "--still", "--quiet", "--key", KEY, "--shipments", str(shipments)]
        self.process = Process("simulator", command, folder, stage.env)
        told = json.loads(self.process.wait_for_line(r"\{.*\}").group())
        self.base_url = str(told["base_url"])
        self._control = httpx.Client(base_url=told["control_url"], trust_env=False)

    def close(self) -> None:
        self._control.close()
        assert self.process.end() == 0

    def orders(self) -> list[int]:
        """All that it knows, oldest first."""
        return [int(order) for order in self._get("world")["orders"]]

    def ledger(self, kind: str = "") -> list[Row]:
        """What took effect, oldest first."""
        rows: list[Row] = self._get("ledger")["applied"]
        return [row for row in rows if kind in {"", row["kind"]}]

    def doubled(self) -> list[int]:
        return list(self._get("ledger")["doubled"])

    def wait_for(self, kind: str, order: int, patience: float = 30.0) -> Row:
        def look() -> Row | None:
            return next((row for row in self.ledger(kind) if row["orderId"] == order), None)

        return wait(look, f"the {kind} of {order} to arrive", self.process, patience=patience)

    def dawdle(self, seconds: float) -> None:
        """Every send is applied at once and answered late: a desk that dies meanwhile cannot know whether it arrived."""
        for endpoint in ("status", "update"):
            self._control.post("faults", json={"kind": "slow", "endpoint": endpoint, "seconds": seconds, "times": None}).raise_for_status()

    def hurry(self) -> None:
        self._control.delete("faults").raise_for_status()

    def _get(self, path: str) -> Row:
        return self._control.get(path).raise_for_status().json()  # type: ignore[no-any-return]


class DeskProgram:
    """The program with one data folder, over any number of starts. Sends are held for a second only, so that tests are quick."""

    def __init__(self, stage: Stage, zendera: SmallZendera, folder: Path) -> None:
        self._stage = stage
        self._zendera = zendera
        self._folder = folder
        self._started: list[Process] = []
        self.data = folder / "data"
        self.data.mkdir(mode=0o700)
        (self.data / "settings.json").write_text(json.dumps({"hold_seconds": 1}), encoding="utf-8")

    def start(self) -> Process:
        command = [sys.executable, "-m", "zendera_desk", "--data-dir", str(self.data), "--base-url", self._zendera.base_url, "--lang", "en"]
        number = len(self._started) + 1
        self._started.append(Process(f"desk-{number}", command, self._folder, self._stage.env | {"ZENDERA_API_KEY": KEY}))
        return self._started[-1]

    def close(self) -> None:
        for process in self._started:
            if process.running():
                assert process.end() == 0, f"{process.name} did not end properly"


def files_with_the_key(folder: Path) -> list[Path]:
    """All that was written below the folder, but what the simulator printed: it tells its key on purpose."""
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "simulator.out" and KEY.encode() in path.read_bytes()]
