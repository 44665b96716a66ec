"""SQLite's log after an abrupt end: whether a part of it that was whole once is not read any more.

SQLite reads the log up to the first frame whose checksum is wrong, and is silent about the rest: after a kill that is where a
transaction was being written. But where a bit of an older frame has flipped, transactions that were committed are gone without
a word, and what they had sent would be sent again. So it is looked for commits behind the place where SQLite stopped. A power
cut in the middle of a commit can look the same: then it is asked once too often.
"""

from pathlib import Path
from typing import Final, Literal

_HEAD: Final = 32
_FRAME_HEAD: Final = 24
_WORD: Final = 0xFFFFFFFF


def is_cut_short(database: Path) -> bool:
    """Of a database that a connection has begun to read, and nobody has written to since. (sqlite.org/walformat.html)"""
    try:
        index = database.with_name(f"{database.name}-shm").read_bytes()[:48]
        with database.with_name(f"{database.name}-wal").open("rb") as log:
            head = log.read(_HEAD)
            if len(head) < _HEAD:
                return False
            if not _is_sound(head):
                return bool(log.read(1))
            length = _FRAME_HEAD + int.from_bytes(head[8:12], "big")
            whole_frames = (database.with_name(f"{database.name}-wal").stat().st_size - _HEAD) // length
            for place in range(_frames_read(index), whole_frames):
                log.seek(_HEAD + place * length)
                frame = log.read(_FRAME_HEAD)
                if frame[8:16] == head[16:24] and any(frame[4:8]):  # of this log, and the last of a transaction
                    return True
    except OSError:
        pass
    return False


def _frames_read(index: bytes) -> int:
    """Up to where SQLite reads the log, as its index says, in the machine's own order of bytes; the version says which that is."""
    in_little = index[:4] == (3007000).to_bytes(4, "little")
    return int.from_bytes(index[16:20], "little" if in_little else "big")


def _is_sound(head: bytes) -> bool:
    order: Literal["big", "little"] = "big" if head[3] & 1 else "little"
    first = second = 0
    for start in range(0, 24, 8):
        first = (first + int.from_bytes(head[start : start + 4], order) + second) & _WORD
        second = (second + int.from_bytes(head[start + 4 : start + 8], order) + first) & _WORD
    return head[24:32] == first.to_bytes(4, "big") + second.to_bytes(4, "big")
