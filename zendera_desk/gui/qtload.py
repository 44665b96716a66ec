"""Loads Qt for Python without the import hook that it brings along.

From its first module on, PySide6 reads the source of every module that is imported after it and keeps its lines: it looks
for those that ask for its snake_case names (`from __feature__ import …`), which nothing here does. That took 15 ms of a
start and 5 MB of memory when the list was painted, 10 MB at work. A frozen program has no sources and so no such search.
"""

import builtins


def load_qt() -> None:
    """To be called before anything else imports PySide6."""
    plain = builtins.__import__
    import PySide6.QtCore  # noqa: F401, PLC0415 (what it does to imports is the point)

    builtins.__import__ = plain
