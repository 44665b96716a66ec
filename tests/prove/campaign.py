"""All harnesses, each its share of the minutes, and the figures that come of it.

The report is a file that a later campaign goes on from, as long as it is about the same program: it carries a fingerprint of
what was proven and of what proves it.
"""

import hashlib
import importlib
import json
import multiprocessing
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from multiprocessing.pool import Pool
from pathlib import Path
from time import monotonic
from typing import Any, Final

from prove.harness import Caught, Harness, Result

MODULES: Final = (
    *("days", "doubles", "unclear", "canary", "hostile"),
    *("kills", "drafts", "starts", "soak", "powercuts", "writefaults", "bitflips"),
)
"""Those with a `HARNESS`, in the order in which they are played."""
WORDS_KEPT: Final = 40
SLICES: Final = 6
"""Every harness has its turn so many times: what is ended early has seen all of them."""

Figure = dict[str, Any]
Done = dict[str, Any]
ROOT: Final = Path(__file__).parents[2]


def harnesses(names: Sequence[str] = MODULES) -> list[Harness]:
    return [importlib.import_module(f"prove.{name}").HARNESS for name in names]


def run(chosen: Sequence[Harness], minutes: float, processes: int, report: Path | None, say: Callable[[Figure], None]) -> bool:
    """Controls first, then runs from where `report` ended. Says each figure; returns whether all are as they should be."""
    ends = monotonic() + 60 * minutes
    kept = _read(report)
    with multiprocessing.get_context("spawn").Pool(processes, _end_properly, maxtasksperchild=400) as pool:
        for harness in chosen:
            done = kept["harnesses"].setdefault(harness.name, _fresh())
            missing = [control for control in harness.controls if control not in done["controls"]]
            for control, found in zip(missing, _mapped(pool, harness, harness.caught, missing), strict=True):
                done["controls"][control] = None if found is None else found._asdict()
            _write(report, kept)
        for turn in range(SLICES):
            for place, harness in enumerate(chosen):
                _play(pool, harness, kept["harnesses"][harness.name], _turn_ends(chosen, place, ends, SLICES - turn))
                _write(report, kept)
        pool.close()
        pool.join()  # nobody is interrupted by SIGTERM who could have swallowed it
    good = True
    for harness in chosen:
        for figure in figures(harness, kept["harnesses"][harness.name]):
            good = good and not figure["bad"] and figure["control_caught"]
            say(figure)
    return good


def _end_properly() -> None:
    """A pool ends its processes by SIGTERM, also when one of its runs raised: they still put away their folders and programs."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def _turn_ends(chosen: Sequence[Harness], place: int, ends: float, turns_left: int) -> float:
    """What is left, divided among this round's harnesses that have not had their turn and the rounds to come."""
    now = monotonic()
    whole = sum(harness.share for harness in chosen)
    rest = sum(harness.share for harness in chosen[place:])
    return now + max(0.0, ends - now) * chosen[place].share / (rest + whole * (turns_left - 1))


def _play(pool: Pool, harness: Harness, done: Done, until: float) -> None:
    """At least one batch: a harness that got no time would be a zero about nothing."""
    batch = max(1, harness.at_once) * 2
    while done["next"] < harness.goal:
        seeds = range(done["next"], min(done["next"] + batch, harness.goal))
        began = monotonic()
        for result in _mapped(pool, harness, harness.run, seeds):
            _add(done, result)
        took = monotonic() - began
        if monotonic() + took >= until:
            return
        if took < 2:  # short runs: bigger batches keep all processes busy
            batch = min(batch * 2, 2_000)


def _mapped(pool: Pool, harness: Harness, function: Callable[[Any], Any], values: Sequence[Any]) -> Iterator[Any]:
    """In their order; one after the other where time or memory is measured."""
    if harness.at_once > 1:
        yield from pool.imap(function, values, chunksize=max(1, min(50, len(values) // (harness.at_once * 4))))
    else:
        for value in values:
            yield pool.apply(function, (value,))


def figures(harness: Harness, done: Done) -> list[Figure]:
    """One for each name; a kind of trouble that no figure knows gets one of its own."""
    bad = Counter(done["bad"]) + harness.overall(Counter(done["counts"]))
    controls = {name: Caught(found["after"], tuple(found["by"])) for name, found in done["controls"].items() if found is not None}
    missed = [name for name, found in done["controls"].items() if found is None]
    named = dict(harness.figures)
    known = {kind for kinds in named.values() for kind in kinds}
    named |= {f"{harness.name}_{kind}": (kind,) for kind in bad if kind not in known}
    rows = []
    for name, kinds in named.items():
        by = {control: found.after for control, found in controls.items() if set(found.by) & set(kinds)}
        row: Figure = {"name": name, "runs": done["next"], "bad": sum(bad[kind] for kind in kinds), "control_caught": bool(by)}
        rows.append(row | {"controls": by, "assumptions": list(harness.assumptions), "shown": harness.shown(Counter(done["counts"]))})
    wrong: Figure = {
        "name": f"{harness.name}_wrong_programs",
        "runs": len(done["controls"]),
        "bad": len(missed),
        "control_caught": not missed,
    }
    return [*rows, wrong | ({"missed": missed} if missed else {})]


def fingerprint() -> str:
    """Of the program and of what proves it."""
    digest = hashlib.sha256()
    for folder in ("zendera_desk", "tests/prove"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".sql"}:
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _fresh() -> Done:
    return {"next": 0, "bad": {}, "counts": {}, "bad_seeds": [], "words": [], "controls": {}}


def _read(report: Path | None) -> dict[str, Any]:
    new = {"fingerprint": fingerprint(), "began": _now(), "harnesses": {}}
    if report is None or not report.exists():
        return new
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    if found.get("fingerprint") == new["fingerprint"]:
        return found
    report.replace(report.with_suffix(".before.json"))  # zeros about another program say nothing about this one
    return new


def _write(report: Path | None, kept: dict[str, Any]) -> None:
    if report is not None:
        new = report.with_suffix(".new")
        new.write_text(json.dumps(kept | {"written": _now()}, indent=1), "utf-8")
        new.replace(report)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _add(done: Done, result: Result) -> None:
    done["next"] = result.seed + 1
    done["bad"] = dict(Counter(done["bad"]) + result.bad)
    done["counts"] = dict(Counter(done["counts"]) + result.counts)
    if result.bad:
        done["bad_seeds"] = (done["bad_seeds"] + [result.seed])[-1000:]
        done["words"] = (done["words"] + [f"seed {result.seed}: {words}" for words in result.words[:3]])[-WORDS_KEPT:]
