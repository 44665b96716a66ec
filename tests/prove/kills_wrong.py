"""Wrong versions of the real program, for the stories of kills: what one decides differently after a kill, and what only shows
there. Imported in the program's process, when its window is there (httpx).

A harness that does not catch them proves nothing.
"""

import contextlib
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from unittest import mock

import msgspec
from PySide6.QtCore import QLockFile

from prove import starts_child
from prove.mutants import MUTANTS, Mutation
from zendera_desk import desk
from zendera_desk.api.payloads import rfc3339
from zendera_desk.domain.ids import EntryId, PictureId
from zendera_desk.domain.outbox import Entry, State
from zendera_desk.engine import outbox as sending
from zendera_desk.gui import instance
from zendera_desk.gui.report import keeper
from zendera_desk.gui.report.panel import ReportPanel
from zendera_desk.store import afresh, entering, outbox


def _saved_on_leaving(patches: contextlib.ExitStack) -> None:
    """A draft is written when the form is left, or the program closed properly."""
    patches.enter_context(
        mock.patch.object(ReportPanel, "_keep", lambda panel: panel._keeper._pending.update({panel._order: panel.draft()}))
    )


def _saved_every_five_seconds(patches: contextlib.ExitStack) -> None:
    patches.enter_context(mock.patch.object(keeper, "DELAY", 5_000))


def _in_state(conn: sqlite3.Connection, state: State) -> list[Entry]:
    rows = conn.execute("select id from entry where state = ?", (state.value,)).fetchall()
    return [found for row in rows if (found := outbox.entry(conn, row["id"])) is not None]


def _unclear_is_believed(patches: contextlib.ExitStack) -> None:
    """Whatever left before the kill will have arrived."""
    right = afresh.recover

    def recover(conn: sqlite3.Connection, *rest: Any) -> object:  # noqa: ANN401
        recovered = right(conn, *rest)
        for entry in _in_state(conn, State.UNCLEAR):
            outbox.move(conn, entry.id, State.CONFIRMED, seen_by="timeline", code="")
        return recovered

    patches.enter_context(mock.patch.object(afresh, "recover", recover))


def _sending_is_taken_back(patches: contextlib.ExitStack) -> None:
    """What had no answer is given back to its form."""
    right = afresh.recover

    def recover(conn: sqlite3.Connection, now: datetime, *rest: Any) -> object:  # noqa: ANN401
        for entry in _in_state(conn, State.SENDING):
            outbox.move(conn, entry.id, State.DUE, next_at=now)
            outbox.take_back(conn, [entry.id], now)
        return right(conn, now, *rest)

    patches.enter_context(mock.patch.object(afresh, "recover", recover))


def _sending_is_entered_anew(patches: contextlib.ExitStack) -> None:
    """What had no answer is left to be asked about, and a copy of it goes out."""
    right = afresh.recover

    def recover(conn: sqlite3.Connection, now: datetime, *rest: Any) -> object:  # noqa: ANN401
        for found in _in_state(conn, State.SENDING):
            given = {name: getattr(found, name) for name in set(entering.NewEntry.__struct_fields__) & set(Entry.__struct_fields__)}
            given |= {"payload": outbox.payload(conn, found.id), "event_at": found.event_at and found.event_at + timedelta(milliseconds=1)}
            new = entering.NewEntry(**given)
            entering.add_all(conn, found.account, [new], now=now, held_until=now, made_by=found.made_by, desk=found.desk)
        return right(conn, now, *rest)

    patches.enter_context(mock.patch.object(afresh, "recover", recover))


def _waiting_is_forgotten(patches: contextlib.ExitStack) -> None:
    """What had not left is not said to anybody, and a person will decide it again."""
    right = afresh.recover

    def recover(conn: sqlite3.Connection, *rest: Any) -> object:  # noqa: ANN401
        for entry in [*_in_state(conn, State.HELD), *_in_state(conn, State.DUE)]:
            outbox.move(conn, entry.id, State.TAKEN_BACK)
        return right(conn, *rest)

    patches.enter_context(mock.patch.object(afresh, "recover", recover))


def _sending_is_held_again(patches: contextlib.ExitStack) -> None:
    """A move that the states' rules do not know: the program starts after every end but this one."""
    right = afresh.recover

    def recover(conn: sqlite3.Connection, now: datetime, hold_ends: datetime, *rest: Any) -> object:  # noqa: ANN401
        for entry in _in_state(conn, State.SENDING):
            outbox.move(conn, entry.id, State.HELD, next_at=hold_ends)
        return right(conn, now, hold_ends, *rest)

    patches.enter_context(mock.patch.object(afresh, "recover", recover))


def _nothing_is_recovered(patches: contextlib.ExitStack) -> None:
    """What was sending stays so: nobody asks about it, and nothing behind it goes."""
    patches.enter_context(mock.patch.object(afresh, "recover", return_value=[]))


def _dated_when_it_leaves(patches: contextlib.ExitStack) -> None:
    """The bytes are made of what was decided when their turn comes."""
    right = sending._read_payloads

    def read(conn: sqlite3.Connection, ids: Sequence[EntryId]) -> tuple[dict[EntryId, bytes], list[EntryId]]:
        sound, damaged = right(conn, ids)
        return {entry_id: _dated(payload, datetime.now(UTC)) for entry_id, payload in sound.items()}, damaged

    patches.enter_context(mock.patch.object(sending, "_read_payloads", read))


def _dated(payload: bytes, now: datetime) -> bytes:
    document: dict[str, Any] = msgspec.json.decode(payload)
    for said in document.values():
        if isinstance(said, dict) and "date" in said:
            said["date"] = rfc3339(now)
    return msgspec.json.encode(document)


def _pictures_of_the_first(patches: contextlib.ExitStack) -> None:
    """What was prepared last is kept at hand, and nobody looks which it was."""
    kept: list[bytes] = []
    right = desk.Desk.picture_jpeg

    async def picture_jpeg(self: desk.Desk, picture: PictureId) -> bytes:
        if not kept:
            kept.append(await right(self, picture))
        return kept[0]

    patches.enter_context(mock.patch.object(desk.Desk, "picture_jpeg", picture_jpeg))


def _dead_lock_counts(patches: contextlib.ExitStack) -> None:
    """A lock is a file that is there, whoever made it."""

    class Lock(QLockFile):
        def __init__(self, path: str) -> None:
            super().__init__(path)
            self._is_there = Path(path).exists()

        def tryLock(self, timeout: int = 0) -> bool:
            return not self._is_there and super().tryLock(timeout)

    patches.enter_context(mock.patch.object(instance, "QLockFile", Lock))


WRONG: Final[dict[str, Mutation]] = {
    "a draft is saved when the form is left": _saved_on_leaving,
    "a draft is saved every five seconds": _saved_every_five_seconds,
    "what was unclear is believed at a restart": _unclear_is_believed,
    "what was sending is taken back at a restart": _sending_is_taken_back,
    "what was sending is entered anew at a restart": _sending_is_entered_anew,
    "what waited is forgotten at a restart": _waiting_is_forgotten,
    "what was sending is held again at a restart": _sending_is_held_again,
    "nothing is recovered at a restart": _nothing_is_recovered,
    "a report is dated when it leaves": _dated_when_it_leaves,
    "every report has the first one's pictures": _pictures_of_the_first,
    "the lock of one that was killed counts": _dead_lock_counts,
    "the store is left open": starts_child.WRONG["the store is left open"],
    **{name: MUTANTS[name] for name in ("requeue at restart", "no sending mark", "any 200 is sent", "no lanes")},
}
