"""`python -m prove --minutes 30 --report FILE`: simulated days until the time or the seeds are over, and one line of JSON a figure."""

import argparse
import json
import sys
from pathlib import Path

from prove.campaign import run


def main() -> int:
    parser = argparse.ArgumentParser(prog="prove", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100_000, help="histories at most")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--report", type=Path, help="what was found so far is written here, and a later run goes on from it")
    asked = parser.parse_args()
    figures = run(asked.seeds, asked.minutes, asked.processes, asked.report)
    for figure in figures:
        sys.stdout.write(json.dumps(figure) + "\n")
    return 0 if all(figure["bad"] == 0 and figure["control_caught"] for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
