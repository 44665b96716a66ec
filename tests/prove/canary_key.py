"""The key that must be nowhere: the real program with a real key, everything going wrong, and then every byte looked through.

Looked through is all that the program wrote or said (data folder with logs, copies and crash reports, home, temporary files,
its words on the screen, `doctor`), what is to be seen of it from outside (its arguments), and what its children were given.
"""

import base64
import contextlib
import functools
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from prove.harness import Caught, Result
from prove.program import TESTS, Program, environment
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.simulator.world import World

PATIENCE: Final = 40.0
KINDS: Final = (
    "key_in_logs",
    "key_in_crash_reports",
    "key_in_copies",
    "key_in_data",
    "key_said",
    "key_in_arguments",
    "key_handed_down",
    "key_elsewhere",
)
PEM: Final = TESTS / "unit" / "api" / "data" / "localhost.pem"


class Scene(NamedTuple):
    """What is wrong around the program. `typed`: how the key was pasted."""

    trouble: str
    zendera: str = "well"
    typed: str = "{key}"
    ends: tuple[int, ...] = (0,)
    """Its exit code, where it is a sign that the trouble really came."""
    arguments: tuple[str, ...] = ()


SCENES: Final = (
    Scene("errors", arguments=("--verbose",)),
    Scene("a native crash", ends=(-11,)),
    Scene("a child"),
    Scene("nothing", zendera="refuses the key"),
    Scene("nothing", zendera="shows a certificate that nobody trusts"),
    Scene("an abort", ends=(-6,)),
    Scene("nothing", typed=" {key} \n", arguments=("--verbose",)),
    Scene("nothing", typed="{key}\x01", ends=(2,)),
    Scene("nothing", zendera="is not there"),
)


class Stage:
    """A folder, a key, and a Zendera, for one start of the program and the commands after it."""

    def __init__(self, place: Path, seed: int, scene: Scene) -> None:
        self.place = place
        self.scene = scene
        self.key = f"canary{random.Random(seed).getrandbits(80):020x}"
        self.env = environment(place) | {"ZENDERA_API_KEY": scene.typed.format(key=self.key)}
        self.seen: dict[str, bytes] = {}
        """What was seen from outside, by the kind of trouble it would be."""

    def play(self, wrong: str) -> None:
        with _zendera(self.scene, self.key) as base_url:
            told = ["-m", "prove.canary_child", self.scene.trouble, wrong, "--data-dir", str(self.place / "data"), "--base-url", base_url]
            program = Program([*told, *self.scene.arguments], self.place, self.env)
            self._look_at(program)
            ended = program.wait(PATIENCE)
        if ended not in self.scene.ends and not wrong:
            raise AssertionError(f"{self.scene}: ended with {ended}: {program.err.read_text('utf-8', 'replace')[-2000:]}")
        if self.scene.ends[0] < 0 and not (self.place / "data" / "logs" / "crash.txt").read_text().strip():
            raise AssertionError(f"{self.scene}: nothing was written about the crash")
        if self.scene.trouble == "errors" and not wrong:
            self._it_all_went_wrong()
        if self.scene.trouble == "a child" and not (self.place / "child.environ").exists():
            raise AssertionError(f"{self.scene}: no child was started")
        self._ask_the_commands()

    def _it_all_went_wrong(self) -> None:
        """And there is a copy: what was not there, no key could be in."""
        told = (self.place / "data" / "logs" / "desk.log").read_text("utf-8")
        missing = [words for words in ("a slot failed", "a task failed", "a destructor failed", "a subscriber failed") if words not in told]
        if missing or not list((self.place / "data" / "copies").glob("desk-*")):
            raise AssertionError(f"not in the log: {missing}")

    def _look_at(self, program: Program) -> None:
        with contextlib.suppress(OSError):
            self.seen["key_in_arguments"] = Path(f"/proc/{program._child.pid}/cmdline").read_bytes()

    def _ask_the_commands(self) -> None:
        """Doctor after all that; and addresses with the key inside: what a person is told then may be shown to anybody."""
        commands = [["doctor", "--data-dir", str(self.place / "data")]]
        if self.scene.ends == (2,):
            addresses = (
                f"https://{self.key}@zendera.invalid/",
                f"https://zendera.invalid/?key={self.key}",
                f"http://zendera.invalid/{self.key}",
            )
            commands += [["--help"], *(["--base-url", address] for address in addresses)]
        for number, arguments in enumerate(commands):
            done = subprocess.run(
                [sys.executable, "-m", "zendera_desk", *arguments],
                env=self.env,
                cwd=self.place,
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
            (self.place / f"command-{number}.out").write_bytes(done.stdout + done.stderr)

    def look(self, result: Result) -> None:
        traces = self._traces()
        for path in sorted(self.place.rglob("*")):
            if path.is_file():
                self._count(result, _kind(path.relative_to(self.place)), path.read_bytes(), path.name, traces)
                result.counts["key_files"] += 1
        for kind, content in self.seen.items():
            self._count(result, kind, content, kind, traces)

    def _count(self, result: Result, kind: str, content: bytes, name: str, traces: tuple[bytes, ...]) -> None:
        if any(trace in content for trace in traces):
            result.bad[kind] += 1
            result.words.append(f"{self.scene}: the key is in {name}")

    def _traces(self) -> tuple[bytes, ...]:
        key = self.key
        packed = (base64.b64encode(b" " * shift + key.encode())[4:-4] for shift in range(3))
        return (key.encode(), quote(key, safe="").encode(), key.encode("utf-16-le"), key.encode().hex().encode(), *packed)


_PLACES: Final = (
    ("data/logs/crash", "key_in_crash_reports"),
    ("data/logs/", "key_in_logs"),
    ("data/copies/", "key_in_copies"),
    ("data/", "key_in_data"),
    ("child.environ", "key_handed_down"),
    ("child.arguments", "key_in_arguments"),
    ("program.", "key_said"),
    ("command-", "key_said"),
    ("", "key_elsewhere"),
)
"""What it is called by where it is found; the first that fits."""


def _kind(path: Path) -> str:
    return next(kind for start, kind in _PLACES if path.as_posix().startswith(start))


@contextlib.contextmanager
def _zendera(scene: Scene, key: str) -> Iterator[str]:
    match scene.zendera:
        case "is not there":
            yield "http://127.0.0.1:9/api/"
            return
        case "refuses the key":
            running = RunningSimulator(World(3, shipments=4, history=4), key="another")
        case "shows a certificate that nobody trusts":
            running = RunningSimulator(World(3, shipments=4, history=4), key=key, certificate=(PEM, PEM))
        case _:
            running = RunningSimulator(World(3, shipments=4, history=4), key=key)
    with running:
        yield running.base_url


def live_through(seed: int, wrong: str = "", scene: Scene | None = None) -> Result:
    result = Result(seed=seed)
    with tempfile.TemporaryDirectory(prefix="zendera-canary-key-", ignore_cleanup_errors=True) as name:
        stage = Stage(Path(name), seed, scene or SCENES[seed % len(SCENES)])
        stage.play(wrong)
        stage.look(result)
    result.counts["keys"] += 1
    return result


WRONG: Final[dict[str, tuple[Scene, str]]] = {
    "the key is logged": (SCENES[2], "key_in_logs"),
    "crash reports have values": (SCENES[0], "key_in_crash_reports"),
    "children inherit the key": (SCENES[2], "key_handed_down"),
    "children are given the key": (SCENES[2], "key_in_arguments"),
    "the key is in a repr": (SCENES[0], "key_said"),
    "the key is in the settings": (SCENES[3], "key_in_data"),
}
"""When each wrong program shows, and as what."""


@functools.cache
def right(scene: Scene) -> Result:
    """The program as it is."""
    return live_through(0, "", scene)


def caught(control: str) -> Caught | None:
    scene, kind = WRONG[control]
    bad = live_through(0, control, scene).bad
    return Caught(1, tuple(sorted(bad))) if kind in bad and not right(scene).bad else None
