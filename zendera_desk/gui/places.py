"""Sizes and places of a window and its parts: as text for the settings, and back."""

import base64
import binascii
from typing import Final

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSplitter

from zendera_desk.gui.shipments.panel import ShipmentsPanel

FIRST: Final = (1280, 800)
FRAME: Final = (16, 48)
"""Room for edges and title bar, which nobody knows before the window is shown: without it they push the status line off a small screen."""
FEED_WIDTH: Final = 296


def states(window: QMainWindow, split: QSplitter, shipments: ShipmentsPanel, feed: bytes) -> dict[str, str]:
    """To come back to."""
    each = {
        "geometry": window.saveGeometry().data(),
        "docks": window.saveState().data(),
        "split": split.saveState().data(),
        "columns": shipments.save_state(),
        "feed": feed,
    }
    return {name: base64.b64encode(state).decode() for name, state in each.items()}


def restore(stored: dict[str, str], window: QMainWindow, split: QSplitter, dock: QDockWidget, shipments: ShipmentsPanel) -> None:
    """What is missing or cannot be read is as it was first."""
    if not window.restoreGeometry(_bytes(stored.get("geometry", ""))):
        room = window.screen().availableSize()
        window.resize(QSize(*FIRST).boundedTo(room))
        if room != room.expandedTo(QSize(*FIRST) + QSize(*FRAME)):
            window.setWindowState(Qt.WindowState.WindowMaximized)
    if not window.restoreState(_bytes(stored.get("docks", ""))):
        window.resizeDocks([dock], [FEED_WIDTH], Qt.Orientation.Horizontal)
    if not split.restoreState(_bytes(stored.get("split", ""))):
        split.setSizes([360, 360])
    shipments.restore_state(bytes(_bytes(stored.get("columns", "")).data()))


def bytes_of(text: str) -> bytes:
    return bytes(_bytes(text).data())


def _bytes(text: str) -> QByteArray:
    try:
        return QByteArray(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return QByteArray()
