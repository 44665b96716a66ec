"""Opens an archive in a program of its own: it never comes near the shipments of today, and closing one keeps the other."""

import sys
from pathlib import Path

from PySide6.QtCore import QProcess


def open_beside(path: Path) -> None:
    started_as = [] if getattr(sys, "frozen", False) else ["-m", "zendera_desk"]
    QProcess.startDetached(sys.executable, [*started_as, "--archive", str(path)])
