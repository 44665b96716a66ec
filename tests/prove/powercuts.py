"""One seed is one power cut: the store at work on a disk that forgets what was not synced (platter.py), cut anywhere, then a start.

What runs is the program's own: how it opens, its pragmas, schema, migrations, transactions and the functions of its store, and
the next start is `Desk.open` on the files as the cut left them, in a real folder. What must be there is known from a database
in memory on which the same steps were done: all that had returned, and the one that was going on whole or not at all.
"""

import asyncio
import contextlib
import functools
import hashlib
import os
import random
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from unittest import mock
from zoneinfo import ZoneInfo

import apsw

from prove import storework
from prove.apswstore import opened_on
from prove.days import folder_root, quiet
from prove.harness import Caught, Harness, Result
from prove.platter import Platter, PlatterVFS, PowerCut
from prove.storework import SETTLE, START, Step, Work
from support.day import HandClock
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.copies import Doubt
from zendera_desk.settings import Settings
from zendera_desk.store import afresh, beside, care, database
from zendera_desk.store.database import FILE_NAME, Connection, Database

TABLES: Final = (
    "account",
    "shipment",
    "shipment_version",
    "parcel",
    "set_aside",
    "walk",
    "draft",
    "entry",
    "entry_picture",
    "attempt",
    "feed_change",
    "feed_cursor",
    "feed_broken",
    "call",
)
"""What the steps write."""
CUTS: Final = 40
"""Of one life: what runs goes on as if there had been none, and each is judged by itself."""
LATEST: Final = 1000
"""The last of them comes within so many writes, truncations, syncs, deletions and new files."""
SETTINGS: Final = Settings(made_by="Kari", desk="front")
NOW: Final = START + timedelta(days=1)
HOLD: Final = timedelta(seconds=SETTINGS.hold_seconds)

Content = dict[str, list[tuple[Any, ...]]]


class Wrong:
    """How the program, or its disk, differs from the right one; "" is the right one."""

    def __init__(self, name: str = "") -> None:
        self.lies = name == "the sync lies"
        self.marks_late = name == "sending is marked after the bytes left"
        self.cursor_apart = name == "feed rows and cursor in two transactions"
        self._synchronous = {"synchronous normal": "normal", "synchronous off": "off"}.get(name, "full")

    def told(self, statement: str) -> str:
        return statement.replace("synchronous = full", f"synchronous = {self._synchronous}")


CONTROLS: Final = {
    "synchronous normal": "lost",
    "synchronous off": "damaged",
    "the sync lies": "lost",
    "feed rows and cursor in two transactions": "torn",
    "sending is marked after the bytes left": "resent",
}
"""By what each must be caught."""


class Cut(NamedTuple):
    """One moment at which the power may have gone."""

    image: dict[str, bytes]
    """What the next start finds."""
    done: int
    """How many steps had returned by then."""
    in_doubt: Step | None
    wired: frozenset[int]
    """Entries whose bytes may have left, and whose outcome nobody had begun to write."""


class Judged(NamedTuple):
    cut: Cut
    may_be_found: tuple[Content, ...]
    """What had returned; the same with the step that was going on; and both after a start has written what it writes."""


class Life:
    """The program from its opening to the end of its power, and a database in memory that has all that returned, and nothing else."""

    def __init__(self, rng: random.Random, wrong: Wrong, start: str) -> None:
        self.cuts: list[Judged] = []
        self.steps: list[Step] = []
        self.counts: Counter[str] = Counter(from_nothing=not start)
        self._rng = rng
        self._wrong = wrong
        self._start = start
        self._known = _memory(start)
        self._unjudged: list[Cut] = []
        self._in_doubt: Step | None = None
        self._wired: set[int] = set()
        self._pages = rng.choice((10, 40, 1000))
        self._database: Database

    def live(self, folder: Path) -> None:
        self._database = Database(folder / FILE_NAME)
        files = lay(base(self._start) if self._start else {}, folder)
        platter = Platter(files, self._rng, self._rng.sample(range(1, LATEST), CUTS), self._cut, lies=self._wrong.lies)
        with closing(self._known), powered(platter, self._wrong.told):
            try:
                self._open()
                self._work(Work(self._rng, started=bool(self._start)))
            except PowerCut:
                self._judge()
            finally:
                platter.over = True
                self._close()
        self.counts.update(syncs=platter.syncs, operations=platter.operations)

    def _open(self) -> None:
        """Checkpoints come sooner than in the program, mostly, so that cuts meet them."""
        self._database._writer = care._open_looked_at(self._database.path.parent, NOW)
        self._database._uncounted = True
        os.truncate(self._database.path, 1)  # what is in it is on the platter, but it is looked at whether it is empty
        self._database._reader = database._open_reader(self._database.path)
        self._database._writer.execute(f"pragma wal_autocheckpoint = {self._pages}")

    def _close(self) -> None:
        """In the order of `Database.close`."""
        if self._database._reader is not None:
            self._database._reader.close()
        self._database._close_writer()
        self._database._reader = self._database._writer = None

    def _work(self, work: Work) -> None:
        if not self._start:
            self._do(work.first())
        while True:
            if self._rng.random() < 0.03:
                self._close()
                self._open()
            with self._somebody_reads() if self._rng.random() < 0.1 else contextlib.nullcontext():
                for _ in range(self._rng.randint(1, 4)):
                    self._do(work.step(_there(self._database._writer)))

    @contextlib.contextmanager
    def _somebody_reads(self) -> Iterator[None]:
        """A long list, while others write: no checkpoint gets past that."""
        reader = _there(self._database._reader)
        reader.execute("begin")
        reader.execute("select count(*) from entry")
        yield
        reader.execute("rollback")

    def _do(self, step: Step) -> None:
        self._judge()
        self._in_doubt = step
        self._wired = set() if step.frees == storework.ALL else self._wired - set(step.frees)
        if self._wrong.marks_late:
            self._wired |= set(step.leaves)
        for transaction in step.apart if step.apart and self._wrong.cursor_apart else (step.do,):
            self._database._run_write(transaction)
        self._judge()
        self._in_doubt = None
        self._wired |= set(step.leaves)
        self.steps.append(step)
        _replay(self._known, [step])

    def _cut(self, image: dict[str, bytes]) -> None:
        beside_it = self._database.path.with_name(beside.FILE)  # written whole or not at all, by itself
        if beside_it.exists():
            image[beside.FILE] = beside_it.read_bytes()
        self._unjudged.append(Cut(image, len(self.steps), self._in_doubt, frozenset(self._wired)))

    def _judge(self) -> None:
        """What may be found of those cuts that came since the last step had returned."""
        for cut in self._unjudged:
            may_be_found = [_rows(self._known), _rows_after(self._known, _recovered)]
            if cut.in_doubt is not None:
                may_be_found += [_rows_after(self._known, cut.in_doubt.do), _rows_after(self._known, cut.in_doubt.do, _recovered)]
            self.cuts.append(Judged(cut, tuple(may_be_found)))
        self._unjudged.clear()


@contextlib.contextmanager
def powered(platter: Platter, told: Callable[[str], str]) -> Iterator[None]:
    """Within, the program's databases are on this disk."""
    vfs = PlatterVFS(platter)
    try:
        with opened_on(vfs.name, told):
            yield
    finally:
        vfs.close()


@functools.lru_cache(maxsize=2)
def life(number: int, wrong_name: str) -> Life:
    rng = random.Random(number)
    one = Life(rng, Wrong(wrong_name), "" if rng.random() < 0.1 else "worked")
    with folder() as made, one_disk():
        one.live(made)
    return one


class _Start:
    """The next start, perhaps cut again, and what there is then."""

    def __init__(self, seed: int, wrong_name: str, made: Path) -> None:
        number, place = divmod(seed, CUTS)
        self._rng = random.Random(seed)
        self._wrong = Wrong(wrong_name)
        self._folder = made
        self._life = life(number, wrong_name)
        self._cut, self._may_be_found = self._life.cuts[place]
        self._result = Result(seed=seed, counts=Counter(self._life.counts) if place == 0 else Counter())

    def run(self) -> Result:
        image = self._cut.image
        if self._rng.random() < 0.3:
            image = self._cut_again(image)
        self._result.counts.update(commits=self._cut.done, in_doubt=self._cut.in_doubt is not None)
        for name in ("seen", "desk"):
            (self._folder / name).mkdir(mode=0o700)
            for file, content in image.items():
                (self._folder / name / file).write_bytes(content)
        self._compare(self._folder / "seen" / FILE_NAME)
        if self._result.bad:  # how a start mends a wreck is proven with flipped bits
            return self._result
        try:
            self._start(self._folder / "desk")
        except Exception as error:  # noqa: BLE001 (whatever it is, the person sees no window)
            self._blame("not_started", repr(error))
        else:
            self._look(self._folder / "desk" / FILE_NAME)
        return self._result

    def _cut_again(self, image: dict[str, bytes]) -> dict[str, bytes]:
        """In the middle of the start."""
        left: list[dict[str, bytes]] = []
        again = self._folder / "again"
        again.mkdir()
        platter = Platter(lay(image, again), self._rng, [self._rng.randint(1, 40)], left.append, lies=self._wrong.lies)
        started = Database(again / FILE_NAME)
        with powered(platter, self._wrong.told):
            try:
                started._writer = care._open_looked_at(again, NOW)
                started._run_write(_recovered)
            except PowerCut:
                self._result.counts["cut_at_start"] += 1
            except Exception as error:  # noqa: BLE001 (whatever it is, the person sees no window)
                self._blame("not_started", repr(error))
            finally:
                platter.over = True
                if started._writer is not None:
                    started._writer.close()
        if left and (again / beside.FILE).exists():
            left[0][beside.FILE] = (again / beside.FILE).read_bytes()
        return left[0] if left else image

    def _start(self, place: Path) -> None:
        """By the desk each tenth time, else by what the desk calls, without its threads: they cost more than all the rest."""
        if self._result.seed % 10 == 0:
            _runner().run(_started(place))
            return
        started = Database(place / FILE_NAME)
        started._writer = care.open_writer(place, NOW)
        try:
            started._run_write(_recovered)
        finally:
            started._close_writer()

    def _compare(self, path: Path) -> None:
        try:
            with closing(sqlite3.connect(path)) as conn:
                found = _rows(conn)
        except sqlite3.Error as error:
            if self._cut.done == 0 and "no such table" in str(error):
                return  # not even the tables were there
            self._blame("damaged", str(error))
            return
        if found in self._may_be_found:
            self._result.counts["whole"] += self._may_be_found.index(found) > 1
            return
        done = self._cut.done
        for length in reversed(range(done)):
            with closing(_memory(self._life._start)) as known:
                _replay(known, self._life.steps[:length])
                if found in {"": _rows(known), "recovered": _rows_after(known, _recovered)}.values():
                    self._blame("lost", f"{done - length} of {done} commits", done - length)
                    return
        self._blame("torn", f"after {done} commits, in {self._cut.in_doubt and self._cut.in_doubt.name}: neither before nor after")

    def _look(self, path: Path) -> None:
        """After the start."""
        with closing(sqlite3.connect(path)) as conn:
            try:
                words = [row[0] for row in conn.execute("pragma integrity_check")]
                conn.execute("insert into search_index(search_index) values ('integrity-check')")
                told = [row[0] for row in conn.execute("select content from notice")]
                # Frames of a commit reach the disk in any order: a cut in its middle can look as if a bit had flipped (store/log.py).
                too_careful = [words for words in told if Doubt.CUT_SHORT.value in words]
                self._result.counts["asked_too_often"] += len(too_careful)
                words += [words for words in told if words not in too_careful]
                if words != ["ok"]:
                    self._blame("damaged", str(words[:3]))
                for id_, state, payload, sha256 in conn.execute("select id, state, payload, sha256 from entry"):
                    if state == "sending" or (id_ in self._cut.wired and state in {"held", "due"}):
                        self._blame("resent", f"entry {id_} may have arrived and is {state}")
                    if hashlib.sha256(payload).hexdigest() != sha256:
                        self._blame("payload", f"of entry {id_}")
            except sqlite3.Error as error:
                self._blame("damaged", str(error))

    def _blame(self, what: str, words: str, count: int = 1) -> None:
        self._result.bad[what] += count
        self._result.words.append(f"{what}: {words}")


def _recovered(conn: Connection) -> None:
    """What a start writes."""
    afresh.recover(conn, NOW, NOW + HOLD, NOW + SETTLE)


def _there(conn: Connection | None) -> Connection:
    if conn is None:
        raise AssertionError("the database is not open")
    return conn


class _Undo(Exception):  # noqa: N818 (no fault)
    """Leaves a transaction without a trace, but for what was there within."""

    def __init__(self, rows: Content) -> None:
        self.rows = rows


async def _started(folder: Path) -> None:
    clock = HandClock()
    clock.jump(seconds=(NOW - clock.now()).total_seconds())
    desk = await Desk.open(folder, SETTINGS, zone=ZoneInfo("Europe/Oslo"), keys=Keys(find=lambda: ()), clock=clock, by_hand=True)
    await desk.close()


@functools.cache
def _runner() -> asyncio.Runner:
    return asyncio.Runner()


@functools.cache
def base(name: str) -> dict[str, bytes]:
    """A database and what lies beside it, as the plain program leaves them when it is closed: empty, or after a morning's work."""
    with folder() as made, one_disk():
        _runner().run(_started(made))
        if name:
            work = Work(random.Random(1), started=False)
            with closing(database.open_writer(made / FILE_NAME)) as conn:
                _replay(conn, [work.first()])
                for _ in range(60):
                    _replay(conn, [work.step(conn)])
        return {file: (made / file).read_bytes() for file in (FILE_NAME, beside.FILE)}


def lay(files: Mapping[str, bytes], where: Path) -> dict[str, bytes]:
    """What is beside the database goes to the real folder, which also has an empty file for its locks; the rest is returned."""
    for name in (FILE_NAME, beside.FILE):
        if name in files:
            (where / name).write_bytes(files[name] if name == beside.FILE else b"?")
    return {name: held for name, held in files.items() if name != beside.FILE}


def one_disk() -> contextlib.AbstractContextManager[object]:
    """A power cut does not give a file another number in its file system; writing it anew for the next start does."""
    return mock.patch.object(care, "number_of", return_value="1")


def _memory(name: str) -> sqlite3.Connection:
    held = bytearray(base(name)[FILE_NAME])
    held[18:20] = b"\x01\x01"  # a database in memory has no log
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.deserialize(bytes(held))
    conn.row_factory = sqlite3.Row
    return conn


def _replay(conn: sqlite3.Connection, steps: Sequence[Step]) -> None:
    for step in steps:
        with database.transaction(conn):
            step.do(conn)


def _rows_after(conn: sqlite3.Connection, *functions: Callable[[sqlite3.Connection], object]) -> Content:
    """As it would be; it is not done."""
    try:
        with database.transaction(conn):
            for function in functions:
                function(conn)
            raise _Undo(_rows(conn))
    except _Undo as undone:
        return undone.rows


def _rows(conn: sqlite3.Connection) -> Content:
    return {table: [tuple(row) for row in conn.execute(f"select * from {table}")] for table in TABLES}  # noqa: S608


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="zendera-cuts-", dir=folder_root()) as made:
        yield Path(made)


def cut(seed: int, wrong_name: str = "") -> Result:
    """The cut of this seed, and what the next start finds. Some cuts, one after the other, come from one life."""
    with quiet(), folder() as made, one_disk():
        return _Start(seed, wrong_name, made).run()


CONTROL_SEEDS: Final = 300
"""A wrong version must be caught within so many cuts."""


def caught(control: str) -> Caught | None:
    for seed in range(CONTROL_SEEDS):
        bad = cut(seed, control).bad
        if bad[CONTROLS[control]] and not cut(seed).bad:
            return Caught(seed + 1, tuple(sorted(bad)))
    return None


HARNESS: Final = Harness(
    name="power_cuts",
    run=cut,
    figures={
        "power_cuts_lost_commits": ("lost",),
        "power_cuts_torn_cursor_and_rows": ("torn",),
        "power_cuts_sent_again": ("resent",),
        "power_cuts_damaged": ("damaged", "payload", "not_started"),
    },
    controls=tuple(CONTROLS),
    caught=caught,
    assumptions=(
        "a sync that returned is on disk",
        "what was not synced is kept, dropped, reordered or torn at 512 bytes, where a sector may hold garbage",
        "bytes beside a write are not harmed (SQLite's powersafe overwrite)",
        "a name whose folder was not synced may be missing or still there",
        f"SQLite {apsw.sqlite_lib_version()} writes and SQLite {sqlite3.sqlite_version} starts again",
        "checkpoints come after 10, 40 or 1,000 pages",
    ),
    goal=1_000_000,
    share=2,
)
