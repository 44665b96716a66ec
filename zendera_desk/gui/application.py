"""Makes the application, before the rest of the program is imported: fonts are looked up meanwhile, which takes 12 ms of a start."""

import os
import sys
import threading

from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication

import zendera_desk


def made() -> QApplication:
    """The one that there is, or a new one: whoever asks keeps it."""
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    os.umask(0o077)  # what is made from here on is for this person alone, whoever makes it: Qt's lock file too
    QCoreApplication.setApplicationName("Zendera Desk")
    QCoreApplication.setApplicationVersion(zendera_desk.__version__)
    QGuiApplication.setDesktopFileName("zendera-desk")
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    # Numbers and dates are formatted by gui/format.py, alike everywhere: so Qt must not follow the system's habits beside it.
    QLocale.setDefault(QLocale.c())
    new = QApplication(sys.argv[:1])
    if sys.platform == "linux":  # where all fonts are looked through; whoever needs one sooner waits for this
        threading.Thread(target=QFontDatabase.families, name="fonts").start()
    return new
