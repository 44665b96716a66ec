"""`python -m prove --minutes 30 --report FILE`: all harnesses, or those that are named, and one line of JSON a figure."""

import argparse
import json
import os
import sys
from pathlib import Path

from prove.campaign import MODULES, Figure, harnesses, run


def main() -> int:
    parser = argparse.ArgumentParser(prog="prove", description=__doc__)
    parser.add_argument("harness", nargs="*", metavar="HARNESS", help=f"of {', '.join(MODULES)}; all if none is named")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--report", type=Path, default=Path("prove-report.json"), help="kept up to date; a later campaign goes on from it")
    asked = parser.parse_args()
    if unknown := set(asked.harness) - set(MODULES):
        parser.error(f"no such harness: {', '.join(sorted(unknown))}")
    return 0 if run(harnesses(asked.harness or MODULES), asked.minutes, asked.processes, asked.report, _say) else 1


def _say(figure: Figure) -> None:
    sys.stdout.write(json.dumps(figure) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
