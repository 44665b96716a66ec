"""Many histories on all cores, and the figures that come of them."""

import json
import multiprocessing
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from multiprocessing.pool import Pool
from pathlib import Path
from time import monotonic
from typing import Any, Final, NamedTuple

from prove.days import Assumptions, Result, live_through
from prove.mutants import MUTANTS, SEEN_AS, mutated

FIGURES: Final = {
    "simulated_days_lost": ("lost",),
    "simulated_days_doubled": ("doubled",),
    "simulated_days_falsely_sent": ("falsely_sent",),
    "simulated_days_falsely_refused_or_withdrawn": ("falsely_refused", "falsely_withdrawn"),
    "simulated_days_stuck": ("stuck",),
    "simulated_days_out_of_order": ("order",),
    "simulated_days_over_the_limit": ("over_limit", "in_window", "in_window_after_restart"),
    "simulated_days_invariants": ("invariant", "failed", "spinning"),
}
"""What is counted under which name."""

CONTROL_SEEDS: Final = 120
"""A wrong version must be caught within so many histories."""
WORDS_KEPT: Final = 40

Figure = dict[str, Any]


class Caught(NamedTuple):
    after: int
    """Histories."""
    by: tuple[str, ...]
    """What was bad, by its name in judge.py."""


def caught(mutant: str, seeds: int = CONTROL_SEEDS) -> Caught | None:
    """When the harness says that this version is wrong, and that the right one is not; None: never."""
    for seed in range(seeds):
        with mutated(mutant):
            bad = live_through(seed, whole=False).bad
        if SEEN_AS[mutant] & bad.keys() and not live_through(seed).bad:
            return Caught(seed + 1, tuple(sorted(bad)))
    return None


def assumptions(assumed: Assumptions) -> list[str]:
    return [
        f"a send takes effect at most {assumed.late:.0f} s after its attempt ended",
        f"a timeline is at most {assumed.stale:.0f} s behind, the export never",
        "only this desk answers for these orders, and nobody withdraws one; another desk may report on them",
        "a person decides by what Zendera's dispatcher sees",
        f"the clock is set wrong by at most {assumed.clock:.0f} s; the machine may sleep",
        "what SQLite has committed stays (proven apart, with simulated power cuts)",
        f"of the calls up to {assumed.fault:.0%} go wrong; at each write and call the process dies with {assumed.crash:.0%}",
    ]


def run(seeds: int, minutes: float, processes: int = 2, report: Path | None = None, assumed: Assumptions = Assumptions()) -> list[Figure]:  # noqa: B008 (frozen)
    """Controls first, then histories from where `report` ended. A figure's controls are the wrong programs that it caught, and when."""
    ends = monotonic() + 60 * minutes
    done = _read(report)
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        controls = dict(zip(MUTANTS, pool.imap(caught, MUTANTS), strict=True))
        for result in _histories(pool, done["next"], seeds, ends):
            _add(done, result)
            if report is not None and done["next"] % 100 == 0:
                report.write_text(json.dumps(done, indent=1))
    if report is not None:
        report.write_text(json.dumps(done | {"controls": controls, "assumptions": asdict(assumed)}, indent=1))
    figures = [_figure(name, kinds, done, controls, assumed) for name, kinds in FIGURES.items()]
    missed = [mutant for mutant, found in controls.items() if found is None]
    return [*figures, {"name": "simulated_days_wrong_programs", "runs": len(controls), "bad": len(missed), "control_caught": not missed}]


def _figure(name: str, kinds: Sequence[str], done: dict[str, Any], controls: dict[str, Caught | None], assumed: Assumptions) -> Figure:
    by = {mutant: found.after for mutant, found in controls.items() if found is not None and set(found.by) & set(kinds)}
    return {
        "name": name,
        "runs": done["next"],
        "bad": sum(done["bad"].get(kind, 0) for kind in kinds),
        "control_caught": bool(by),
        "controls": by,
        "assumptions": assumptions(assumed),
    }


def _histories(pool: Pool, first: int, seeds: int, ends: float) -> Iterator[Result]:
    """In the order of their seeds, a small batch at a time, so that it can end in time."""
    batch = 40
    for start in range(first, seeds, batch):
        if monotonic() > ends:
            return
        yield from pool.imap(live_through, range(start, min(start + batch, seeds)), chunksize=2)


def _read(report: Path | None) -> dict[str, Any]:
    if report is not None and report.exists():
        found: dict[str, Any] = json.loads(report.read_text())
        return {key: found[key] for key in ("next", "bad", "counts", "bad_seeds", "words")}
    return {"next": 0, "bad": {}, "counts": {}, "bad_seeds": [], "words": []}


def _add(done: dict[str, Any], result: Result) -> None:
    done["next"] = result.seed + 1
    done["bad"] = dict(Counter(done["bad"]) + result.bad)
    done["counts"] = dict(Counter(done["counts"]) + result.counts)
    if result.bad:
        done["bad_seeds"].append(result.seed)
        done["words"] = (done["words"] + [f"seed {result.seed}: {words}" for words in result.words[:3]])[-WORDS_KEPT:]
