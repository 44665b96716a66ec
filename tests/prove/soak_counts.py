"""What is counted in the evening of a day of soak: all that a program must not have more of each day."""

import asyncio
import ctypes
import gc
import os
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel

from prove.qtclock import CLOCKWORK
from prove.virtual import VirtualLoop
from zendera_desk.store.database import FILE_NAME


def measured(loop: VirtualLoop, folder: Path) -> dict[str, int]:
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    objects = sum(len(each.findChildren(QObject)) + 1 for each in (QApplication.instance(), *QApplication.topLevelWidgets()) if each)
    inside_labels = sum(len(each.findChildren(QObject)) for each in QApplication.allWidgets() if isinstance(each, QLabel))
    return {
        "rss_kb": int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024,
        "blocks": sys.getallocatedblocks(),
        "files": _files(folder),
        "tasks": len(asyncio.all_tasks(loop)),
        "threads": threading.active_count(),
        "timers": CLOCKWORK.active(),
        "waits": sum(not handle.cancelled() for handle in loop._scheduled),  # type: ignore[attr-defined]
        "qobjects": objects - inside_labels,  # where Qt makes a document when it shows one first, which may be on any day
        "widgets": len(QApplication.allWidgets()),
        "windows": len(QApplication.topLevelWidgets()),
        **_stored(folder),
    }


def _files(folder: Path) -> int:
    """Open descriptors, without those of the database's main file: SQLite keeps one that a connection has closed, for the next one,
    as long as another holds a lock (unixUnusedFd). A connection that is left open is counted by its descriptor of the log."""
    database = str((folder / FILE_NAME).resolve())
    return sum(_target(each) != database for each in Path("/proc/self/fd").iterdir())


def _target(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:  # that of the listing itself
        return ""


def _stored(folder: Path) -> dict[str, int]:
    """Sizes in KB: of the database with what only its log has yet, of that log, and of what is in it as Zendera and the person gave it."""
    with closing(sqlite3.connect(f"file:{folder / FILE_NAME}?mode=ro", uri=True)) as connection:
        given = connection.execute(
            """select (select total(length(original)) from shipment_version) + (select total(length(payload)) from entry)
            + (select total(length(original)) from feed_change) + 100 * (select count(*) from entry)"""
        ).fetchone()[0]
        pages, page = (connection.execute(f"pragma {name}").fetchone()[0] for name in ("page_count", "page_size"))
    wal = folder / f"{FILE_NAME}-wal"
    return {
        "db_kb": pages * page // 1024,
        "wal_kb": wal.stat().st_size // 1024 if wal.exists() else 0,
        "given_kb": int(given) // 1024,
    }
