"""SQLite's log after an abrupt end: whether a part of it that was whole once is not read any more.

SQLite reads the log up to the first frame whose checksum is wrong, and is silent about the rest: after a kill that is where a
transaction was being written. But where a bit of an older frame has flipped, transactions that were committed are gone without
a word, and what they had sent would be sent again. So it is looked for commits behind the place where SQLite stopped. A power
cut in the middle of a commit can look the same: then it is asked once too often.
"""

import sqlite3
from pathlib import Path
from typing import Final, Literal

_HEAD: Final = 32
_FRAME_HEAD: Final = 24
_WORD: Final = 0xFFFFFFFF


def is_cut_short(connection: sqlite3.Connection, database: Path) -> bool:
    """Of a database that nobody has written to since it was opened. (sqlite.org/walformat.html)

    How far SQLite reads the log is asked of a checkpoint. SQLite's index of the log says it too, but that file must not be
    opened: closing it would take SQLite's locks from it, and the next program that looks at the database would cut the index
    short under this one, which is a bus error here.
    """
    frames_read = int(connection.execute("pragma wal_checkpoint (passive)").fetchone()[1])
    try:
        with database.with_name(f"{database.name}-wal").open("rb") as log:
            head = log.read(_HEAD)
            if len(head) < _HEAD:
                return False
            if not _is_sound(head):
                return bool(log.read(1))
            length = _FRAME_HEAD + int.from_bytes(head[8:12], "big")
            whole_frames = (database.with_name(f"{database.name}-wal").stat().st_size - _HEAD) // length
            for place in range(max(0, frames_read), whole_frames):
                log.seek(_HEAD + place * length)
                frame = log.read(_FRAME_HEAD)
                if frame[8:16] == head[16:24] and any(frame[4:8]):  # of this log, and the last of a transaction
                    return True
    except OSError:
        pass
    return False


def _is_sound(head: bytes) -> bool:
    order: Literal["big", "little"] = "big" if head[3] & 1 else "little"
    first = second = 0
    for start in range(0, 24, 8):
        first = (first + int.from_bytes(head[start : start + 4], order) + second) & _WORD
        second = (second + int.from_bytes(head[start + 4 : start + 8], order) + first) & _WORD
    return head[24:32] == first.to_bytes(4, "big") + second.to_bytes(4, "big")
