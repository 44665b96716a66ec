"""The pages of the open shipment by key, from anywhere in the window: the form needs none, as Enter in the list leads there."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from zendera_desk.gui.icons import icon
from zendera_desk.gui.words import mark, tr

_KEYS: Final = {
    "details": (mark("Details of the shipment"), "info", "Ctrl+I"),
    "colli": (mark("Colli of the shipment"), "package-check", "Ctrl+B"),
    "history": (mark("History of the shipment"), "clock", "Ctrl+T"),
    "fields": (mark("All fields of the shipment"), "database", "Ctrl+J"),
}


def page_actions(panel: QWidget, go_to: Callable[[str], None]) -> list[QAction]:
    """For the palette, too."""
    made = []
    for name, (text, drawing, key) in _KEYS.items():
        action = QAction(icon(drawing), tr(text), panel)
        action.setObjectName(f"show{name.title()}")
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(partial(go_to, name))
        panel.addAction(action)
        made.append(action)
    return made
