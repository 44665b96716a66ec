"""What Qt itself has to say, brought into the log, where a warning fails a test."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_log = logging.getLogger("qt")

_LEVELS: Final = {
    "QtDebugMsg": logging.DEBUG,
    "QtInfoMsg": logging.INFO,
    "QtWarningMsg": logging.WARNING,
    "QtCriticalMsg": logging.ERROR,
    "QtFatalMsg": logging.CRITICAL,
}
_OF_THE_SCREEN: Final = ("This plugin does not support ",)
"""What the platform for screenless runs says of itself: true, and of no use to anybody."""


@contextmanager
def hear_qt() -> Iterator[None]:
    """Qt's messages go to the log "qt" instead of the console."""
    before = qInstallMessageHandler(_heard)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def _heard(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    level = logging.DEBUG if message.startswith(_OF_THE_SCREEN) else _LEVELS.get(kind.name, logging.WARNING)
    category = getattr(context, "category", None) or "default"
    _log.log(level, "%s%s", "" if category == "default" else f"{category}: ", message)
