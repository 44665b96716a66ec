"""What paper costs, beside what it would cost at least on the same machine in the same run: `./dev bench paper`.

Each group of figures has a process of its own, so that none finds what another left: memory, threads, warm caches. One JSON object
a line, a figure each, goes to paper-bench-results.json below a first line with the machine's facts: seconds of another machine, or
of one that did other things meanwhile, say nothing. `--where` tells on stderr what the interface was at whenever it stood still;
its figures do not count.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from bench.figure import Figure

ROOT: Final = Path(__file__).parents[2]
GROUPS: Final = ("preparing", "dropping", "keying", "stack", "recognising")


def group(name: str, chosen: argparse.Namespace) -> Iterator[Figure]:
    """Imported when it is measured: what one needs would be in the memory of the others."""
    match name:
        case "preparing":
            from bench import preparing  # noqa: PLC0415 (as above)

            yield from preparing.figures()
        case "dropping":
            from bench import dropping  # noqa: PLC0415 (as above)

            yield from dropping.figures(chosen.turns, where=chosen.where)
        case "keying":
            from bench import keying  # noqa: PLC0415 (as above)

            yield from keying.figures(where=chosen.where)
        case "stack":
            from bench import stack  # noqa: PLC0415 (as above)

            yield from stack.figures(chosen.turns)
        case _:
            from bench import recognising  # noqa: PLC0415 (as above)

            yield from recognising.figures(chosen.pages)


def machine() -> dict[str, object]:
    """What the figures were taken on, and how busy it was with other things before."""
    libraries = ("PySide6-Essentials", "Pillow", "zxing-cpp", "pypdfium2")
    return {
        "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": [round(each, 2) for each in os.getloadavg()] if hasattr(os, "getloadavg") else None,
        "screen": os.environ.get("QT_QPA_PLATFORM", "xcb" if os.environ.get("DISPLAY") else ""),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in libraries},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def in_its_own_process(name: str, arguments: list[str], say: Callable[[str], None]) -> int:
    command = [sys.executable, "-m", "bench.paper", "--alone", name, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout
        for line in child.stdout:
            say(line.rstrip("\n"))
        return child.wait()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("groups", nargs="*", metavar="GROUP", help=f"only these: {', '.join(GROUPS)}")
    options.add_argument("--turns", type=int, default=5, help="of what is measured as a whole; the middle one, or the best, counts")
    options.add_argument("--pages", type=int, default=200, help="recognised of each kind")
    options.add_argument("--results", type=Path, default=ROOT / "paper-bench-results.json")
    options.add_argument("--where", action="store_true", help="tell what the interface was at when it stood still")
    options.add_argument("--alone", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.alone:
        for figure in group(chosen.alone, chosen):
            print(json.dumps(figure.line()), flush=True)
        return 0
    if unknown := set(chosen.groups) - set(GROUPS):
        options.error(f"no such figures: {', '.join(sorted(unknown))}")
    lines = [json.dumps({"machine": machine()})]

    def say(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    arguments = ["--turns", str(chosen.turns), "--pages", str(chosen.pages), *(["--where"] if chosen.where else [])]
    failed = [name for name in chosen.groups or GROUPS if in_its_own_process(name, arguments, say)]
    chosen.results.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if failed:
        print(f"Not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
