"""What years in the store cost, beside what they would cost at least in the same run: `./dev bench scale`.

A store of 100,000 shipments is made once (`stored.py`), and each group of figures gets it, or a copy, in a process of its own. One JSON
object a line, a figure each, goes to scale-bench-results.json below a first line with the machine's facts. `--smaller` is a tenth of
everything: for looking whether it goes, not for figures.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from bench import stored
from bench.figure import Figure
from bench.paper import machine

ROOT: Final = Path(__file__).parents[2]
GROUPS: Final = ("startup", "finding", "listed", "clicks", "catchup", "stream", "drain", "idle")


class Size(msgspec.Struct, frozen=True):
    shipments: int = 100_000
    changes: int = 1_000_000
    page: int = 1_000
    reports: int = 2_000
    idle: float = 3600.0
    stream: float = 600.0
    """Seconds of fifty changes each."""
    starts: int = 25

    @property
    def name(self) -> str:
        return f"{self.shipments:,} shipments"


SMALLER: Final = Size(shipments=10_000, changes=50_000, reports=200, idle=30.0, stream=60.0, starts=3)


def group(name: str, folder: Path, size: Size) -> Iterator[Figure]:
    """Imported when it is measured: what one needs would be in the memory of the others."""
    match name:
        case "finding":
            from bench import finding  # noqa: PLC0415 (as above)

            yield from finding.figures(folder, size.name, 50)
        case "listed":
            from bench import listed  # noqa: PLC0415 (as above)

            yield from listed.figures(folder, size.name)
        case "clicks":
            from bench import clicks  # noqa: PLC0415 (as above)

            with tempfile.TemporaryDirectory() as place:
                yield from clicks.figures(Path(shutil.copytree(folder, Path(place) / "data")), size.name)
        case "catchup":
            from bench import catchup  # noqa: PLC0415 (as above)

            yield from catchup.figures(folder, size.shipments, size.changes, size.page)
        case "stream":
            from bench import stream  # noqa: PLC0415 (as above)

            yield from stream.figures(size.stream)
        case "drain":
            from bench import drain  # noqa: PLC0415 (as above)

            yield from drain.figures(size.reports)
        case _:
            from bench import idle  # noqa: PLC0415 (as above)

            yield from idle.figures(folder, size.idle)


def command(name: str, folder: Path, size: Size) -> list[str]:
    if name == "startup":
        results = str(folder.parent / "startup.json")
        return [sys.executable, "-m", "bench.startup", "--folder", str(folder), "--starts", str(size.starts), "--results", results]
    return [sys.executable, "-m", "bench.scale", "--alone", name, "--folder", str(folder), "--size", msgspec.json.encode(size).decode()]


def in_its_own_process(line: list[str], say: Callable[[str], None]) -> int:
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout
        for said in child.stdout:
            say(said.rstrip("\n"))
        return child.wait()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("groups", nargs="*", metavar="GROUP", help=f"only these: {', '.join(GROUPS)}")
    options.add_argument("--smaller", action="store_true", help="a tenth of everything")
    options.add_argument("--idle", type=float, metavar="SECONDS", help="how long nothing is done, instead of an hour")
    options.add_argument("--folder", type=Path, help="a store that is there already, or is kept for the next time")
    options.add_argument("--results", type=Path, default=ROOT / "scale-bench-results.json")
    options.add_argument("--alone", help=argparse.SUPPRESS)
    options.add_argument("--size", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.alone:
        for figure in group(chosen.alone, chosen.folder, msgspec.json.decode(chosen.size, type=Size)):
            print(json.dumps(figure.line()), flush=True)
        return 0
    if unknown := set(chosen.groups) - set(GROUPS):
        options.error(f"no such figures: {', '.join(sorted(unknown))}")
    size = SMALLER if chosen.smaller else Size()
    if chosen.idle is not None:
        size = msgspec.structs.replace(size, idle=chosen.idle)
    lines = [json.dumps({"machine": machine()})]

    def say(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    with tempfile.TemporaryDirectory() as place:
        folder = chosen.folder or Path(place) / "store"
        if not folder.exists():
            stored.make(folder, size.shipments, 0)
        failed = [name for name in chosen.groups or GROUPS if in_its_own_process(command(name, folder, size), say)]
    chosen.results.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if failed:
        print(f"Not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
