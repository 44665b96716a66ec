"""How many unclear sends are decided without a person, and how soon: ordinary days, on which one call in a hundred goes wrong.

Half of the days belong to an account whose reports Zendera has shown before, half to a new one. A fail that Zendera does not
show is never sent again without a person, so the share cannot be 100 %.
"""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar, Final

from prove.days import HOUR, Assumptions, History, assumptions, folder_root, quiet
from prove.harness import Caught, Harness, Result
from prove.line import Weather
from zendera_desk.engine.verify import TRUSTED_AFTER

FAULTS: Final = 0.01
ORDINARY: Final = Assumptions(fault=FAULTS, crash=0.0, clock=0.0)
NEVER: Final = 1_000_000
STEP: Final = 30
"""Seconds: how finely times are told."""
SOON: Final = 30 * 60
"""Seconds within which what can be decided without a person must be, for nine in ten: Zendera may want to hear nothing meanwhile."""
SHARES: Final = {"known": 0.9, "new": 0.5}
"""Of the unclear reports of an account whose reports were recognised before, and of a new one: less would be a fault of ours."""
ENOUGH: Final = 20
"""Unclear reports that a share must be about."""


class OrdinaryDay(History):
    SHIPMENTS: ClassVar = (60, 70)

    def __init__(self, seed: int, folder: Path, trusted_after: int, faults: float) -> None:
        super().__init__(seed, ORDINARY, folder, whole=True)
        self._disk = 0.0
        self._per_page = 50
        self._trusted_after = trusted_after
        self._trouble_ends = self.time.elapsed + 1.5 * HOUR
        self._weather = Weather(chance=faults, late=ORDINARY.late, stale=ORDINARY.stale, until=self._trouble_ends)
        self.simulator.zendera.limit.limit = self.judge._limit = 1000


def run(seed: int, *, never_trusted: bool = False, faults: float = FAULTS) -> Result:
    whose = "new" if seed % 2 else "known"
    trusted_after = NEVER if never_trusted else {"known": 0, "new": TRUSTED_AFTER}[whose]
    with quiet(), tempfile.TemporaryDirectory(prefix="zendera-days-", dir=folder_root()) as folder:
        day = OrdinaryDay(seed, Path(folder), trusted_after, faults)
        result = day.run()
    for kind, seconds, to in day.judge.resolved:
        who = "person" if to == "needs_person" else "alone"
        result.counts[f"{whose} {kind} {who} {round(seconds / STEP) * STEP}"] += 1
    return result


def shown(counts: Counter[str]) -> dict[str, Any]:
    return {f"{kind}s of {whose} accounts": _facts(counts, f"{whose} {kind}") for whose in SHARES for kind in ("report", "accept", "fail")}


def _facts(counts: Counter[str], what: str) -> dict[str, Any]:
    alone, asked = _times(counts, f"{what} alone "), _times(counts, f"{what} person ")
    if not alone + asked:
        return {"unclear": 0}
    facts: dict[str, Any] = {"unclear": len(alone + asked), "without_a_person": round(len(alone) / len(alone + asked), 3)}
    return facts | ({"seconds_median": alone[len(alone) // 2], "seconds_90th": alone[len(alone) * 9 // 10]} if alone else {})


def _times(counts: Counter[str], beginning: str) -> list[int]:
    """In seconds, sorted."""
    found = ((int(key.removeprefix(beginning)), count) for key, count in counts.items() if key.startswith(beginning))
    return sorted(seconds for seconds, count in found for _ in range(count))


def overall(counts: Counter[str]) -> Counter[str]:
    bad: Counter[str] = Counter()
    for whose, share in SHARES.items():
        facts = _facts(counts, f"{whose} report")
        if facts["unclear"] >= ENOUGH:
            bad["unclear_left_to_a_person"] += facts["without_a_person"] < share
            bad["unclear_slow"] += facts.get("seconds_90th", 0) > SOON
    return +bad


CONTROLS: Final = ("always a person",)
CONTROL_SEEDS: Final = 20
MANY_FAULTS: Final = 0.1
"""The same shares are told from a tenth of the days."""


def caught(control: str) -> Caught | None:
    counts: Counter[str] = Counter()
    for seed in range(CONTROL_SEEDS):
        counts += run(seed, never_trusted=control == "always a person", faults=MANY_FAULTS).counts
        if "unclear_left_to_a_person" in overall(counts):
            return Caught(seed + 1, ("unclear_left_to_a_person",))
    return None


HARNESS: Final = Harness(
    name="unclear",
    run=run,
    figures={
        "unclear_left_to_a_person_or_decided_late": ("unclear_left_to_a_person", "unclear_slow"),
    },
    controls=tuple(CONTROLS),
    caught=caught,
    assumptions=(f"{FAULTS:.0%} of the calls go wrong, each in one of 30 ways", *assumptions(ORDINARY)[:3]),
    goal=2_000,
    share=0.5,
    shown=shown,
    overall=overall,
)
