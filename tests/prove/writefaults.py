"""The k-th write fails, for k = 1, 2, … until a scenario passes untouched: a full disk, and one that fails.

What runs is the real desk against the simulator in process, on a real folder; only below SQLite and below the program's own
files does a write fail (failingdisk.py). After each k the folder is looked at as it lies there: nothing may have been said to
be kept that is not in it. Then there is room again: the same wish works, and in the end everything has arrived once.
"""

import asyncio
import contextlib
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from unittest import mock

from prove.days import folder_root, quiet
from prove.failingdisk import FAULTS, FOR_GOOD, FailingDisk, Fault
from prove.harness import Caught, Harness, Result
from prove.scenarios import SCENARIOS, Place, Scenario, Stage
from prove.workplace import plain_desk, states
from zendera_desk.api.transport import Crossing
from zendera_desk.desk import Desk
from zendera_desk.domain.errors import DeskError, StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.report import Draft
from zendera_desk.engine import outbox as sending
from zendera_desk.store import database
from zendera_desk.store.database import FILE_NAME

ARRIVED: Final = frozenset({State.SENT, State.CONFIRMED})
MOST: Final = 2_000
"""Writes of a scenario, at most: it has to end."""


class _Trial:
    """One scenario with one k."""

    def __init__(self, scenario: Scenario, at: int, fault: Fault, result: Result, folder: Path) -> None:
        self._scenario = scenario
        self._at = at
        self._fault = fault
        self._result = result
        self._folder = folder
        self._disk = FailingDisk()
        self._place = Place(folder / "desk", self._disk)

    async def run(self) -> bool:
        """Whether it was untouched."""
        with self._disk.below():
            await self._scenario.prepare(self._place)
            with self._scenario.after():
                return await self._until_it_passes()

    async def _until_it_passes(self) -> bool:
        place, disk = self._place, self._disk
        stages = self._scenario.stages(place)
        arm = lambda: disk.arm(self._at, self._fault)  # noqa: E731
        if self._scenario.late:
            place.wire.on_answer = arm
        else:
            arm()
        refused = await self._do(stages)
        disk.heal()
        place.wire.on_answer = lambda: None
        failed, at_sync = disk.failed, disk.at_sync
        self._result.counts.update(writes=1, refused=refused is not None, failed=failed > 0)
        if refused is not None:
            self._says_why(refused)
        await self._look(at_sync=at_sync)
        if refused is not None and (again := await self._do(stages)) is not None:
            self._blame("refused_with_room", f"{again!r}")
        await self._to_the_end()
        return not failed

    async def _do(self, stages: list[Stage]) -> Exception | None:
        """Those that are left."""
        while stages:
            try:
                await stages[0]()
            except Exception as error:  # noqa: BLE001 (a person would be told, whatever it is)
                return error
            stages.pop(0)
        return None

    def _says_why(self, refused: Exception) -> None:
        if not isinstance(refused, StoreError):
            self._blame("wrong_words", f"{refused!r}")
        elif self._fault.full and refused.code not in self._true_words:
            self._blame("wrong_words", f"the disk is full, and it says {refused}")

    @property
    def _true_words(self) -> set[str]:
        """SQLite does not say why it could not make a file, and where there is room again a moment later nobody can tell any more."""
        return {"disk_full", "io"} if self._disk.at_new_file and self._fault.lasts < FOR_GOOD else {"disk_full"}

    async def _look(self, *, at_sync: bool) -> None:
        """At the folder as it lies there, as the next start would find it."""
        copy = self._folder / "copy"
        shutil.copytree(self._place.folder, copy, ignore=shutil.ignore_patterns("*-shm"))
        with contextlib.closing(sqlite3.connect(copy / FILE_NAME)) as conn:
            for words, holds in self._place.promises:
                if not holds(copy, conn):
                    self._blame("lie", f"it was said that {words}, and it is not so")
            for words in self._scenario.lies(self._place, conn):
                self._blame("torn", words)
        if self._place.opened:
            shown = {entry.id: entry.state.value for entry in await self._place.entries()}
            if (kept := states(copy / FILE_NAME)) != shown:
                self._result.counts["kept_though_refused"] += at_sync
                if not at_sync:
                    self._blame("lie", f"{shown} is shown, and the file has {kept}")
        desk = await plain_desk(copy, self._place.clock)
        await desk.close()
        shutil.rmtree(copy)

    async def _to_the_end(self) -> None:
        place = self._place
        try:
            await place.settle()
        except Exception as error:  # noqa: BLE001 (nothing may be wrong any more)
            self._blame("refused_with_room", f"{error!r}")
            return
        stuck = [entry for entry in await place.entries() if entry.state not in ARRIVED]
        if stuck:
            self._blame("stuck", f"{stuck}")
        arrived = Counter((each.kind, each.order_id) for each in place.simulator.ledger.applied())
        if arrived - place.wanted:
            self._blame("doubled", f"{arrived - place.wanted} too often")
        if place.wanted - arrived:
            self._blame("lost", f"{place.wanted - arrived} never arrived")
        if place.unmarked:
            self._blame("unmarked", f"bytes for {place.unmarked} left without a mark")
        await place.desk.close()

    def _blame(self, what: str, words: str) -> None:
        self._result.bad[what] += 1
        self._result.words.append(f"{self._scenario.__class__.__name__}, write {self._at} {self._fault}: {what}: {words}")


async def _sweep(name: str, fault: Fault, result: Result, until: str) -> None:
    for at in range(1, MOST):
        with tempfile.TemporaryDirectory(prefix="zendera-fault-", dir=folder_root()) as folder:
            if await _Trial(SCENARIOS[name](), at, fault, result, Path(folder)).run() or result.bad[until]:
                return
    result.bad["endless"] += 1


def sweep(scenario: str, fault: str, seed: int = 0, until: str = "") -> Result:
    """Every k of one scenario. `until`: it ends where this was bad."""
    result = Result(seed=seed)
    with quiet():
        asyncio.run(_sweep(scenario, FAULTS[fault], result, until))
    return result


# Wrong programs


def _ignores_a_failed_draft(patches: contextlib.ExitStack) -> None:
    right = Desk.save_draft

    async def save(self: Desk, order_id: OrderId, draft: Draft) -> None:
        with contextlib.suppress(DeskError):
            await right(self, order_id, draft)

    patches.enter_context(mock.patch.object(Desk, "save_draft", save))


def _says_held_before_the_commit(patches: contextlib.ExitStack) -> None:
    right = database.transaction

    @contextlib.contextmanager
    def transaction(connection: database.Connection) -> Iterator[None]:
        work = right(connection)
        work.__enter__()
        yield
        with contextlib.suppress(sqlite3.Error):
            work.__exit__(None, None, None)

    patches.enter_context(mock.patch.object(database, "transaction", transaction))


def _sends_without_a_mark(patches: contextlib.ExitStack) -> None:
    async def cross(self: Crossing) -> None:
        if self._before_first_byte is not None:
            with contextlib.suppress(StoreError):
                await self._before_first_byte()
        self.crossed = True

    patches.enter_context(mock.patch.object(Crossing, "cross", cross))


def _forgets_an_owed_outcome(patches: contextlib.ExitStack) -> None:
    right = sending.Outbox._note

    async def note(self: sending.Outbox, outcome: sending.Outcome, orders: frozenset[OrderId]) -> None:
        try:
            await right(self, outcome, orders)
        finally:
            self._owed.clear()

    patches.enter_context(mock.patch.object(sending.Outbox, "_note", note))


CONTROLS: Final[dict[str, tuple[Callable[[contextlib.ExitStack], None], str, str]]] = {
    "a draft that was not saved is ignored": (_ignores_a_failed_draft, "type a draft", "lie"),
    "success is said before the commit": (_says_held_before_the_commit, "accept a burst", "lie"),
    "sent though it could not be marked": (_sends_without_a_mark, "accept a burst", "unmarked"),
    "an owed outcome is forgotten": (_forgets_an_owed_outcome, "an answer arrives", "stuck"),
}
"""What is wrong, in which scenario it shows, and by what it must be caught."""


def caught(control: str) -> Caught | None:
    mutation, scenario, kind = CONTROLS[control]
    with contextlib.ExitStack() as patches:
        mutation(patches)
        bad = sweep(scenario, "full", until=kind).bad
    return Caught(1, tuple(sorted(bad))) if bad[kind] and not sweep(scenario, "full").bad else None


SWEEPS: Final = tuple((scenario, fault) for scenario in SCENARIOS for fault in FAULTS)


def run(seed: int) -> Result:
    return sweep(*SWEEPS[seed % len(SWEEPS)], seed)


HARNESS: Final = Harness(
    name="write_faults",
    run=run,
    figures={
        "write_faults_lies": ("lie", "torn", "wrong_words"),
        "write_faults_lost": ("lost", "stuck", "refused_with_room", "endless"),
        "write_faults_doubled_or_unmarked": ("doubled", "unmarked"),
    },
    controls=tuple(CONTROLS),
    caught=caught,
    assumptions=(
        "a full disk fails at writes and new files, a broken one at syncs, truncations, deletions and renames too",
        "a write that failed may have left half of what it was given",
        "what a sync refused may be in the file after a kill: then it is shown there, and not typed again",
    ),
    goal=len(SWEEPS),
    share=0.5,
)
