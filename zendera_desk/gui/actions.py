"""What can be done in the window beside the list: one QAction each, put into the menu, the palette and the key table alike."""

from collections.abc import Callable
from typing import Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from zendera_desk.domain.views import View
from zendera_desk.gui import labels
from zendera_desk.gui.icons import icon
from zendera_desk.gui.words import mark, tr


class _Wording(NamedTuple):
    text: str
    icon: str
    keys: tuple[str, ...] = ()


_WINDOW: Final = {
    "findShipment": _Wording(mark("Find…"), "search", ("Ctrl+F",)),
    "commandPalette": _Wording(mark("All commands…"), "command", ("Ctrl+K",)),
    "undoSend": _Wording(mark("Undo"), "undo-2", ("Ctrl+Z",)),
    "refreshAll": _Wording(mark("Refresh"), "refresh-cw", ("F5", "Ctrl+R")),
    "showOutbox": _Wording(mark("Outbox"), "send", ("Ctrl+O",)),
    "paper": _Wording(mark("Paper…"), "clipboard", ("Ctrl+P",)),
    "showFeed": _Wording(mark("Product feed"), "panel-right", ("Ctrl+L",)),
    "copies": _Wording(mark("Copies…"), "copy"),
    "archives": _Wording(mark("Archives…"), "archive"),
    "preferences": _Wording(mark("Preferences…"), "settings", ("Ctrl+,",)),
    "addAccount": _Wording(mark("Add account…"), "plus"),
    "closeWindow": _Wording(mark("Quit"), "log-out", ("Ctrl+Q",)),
}


class WindowActions:
    """`does` gives what each action calls, by its name."""

    def __init__(self, window: QWidget, does: dict[str, Callable[[], None]], show_view: Callable[[View], None]) -> None:
        self.by_name = {name: _made(window, name, wording, does[name]) for name, wording in _WINDOW.items()}
        self.views = [_view_action(window, place, view, show_view) for place, view in enumerate(View, start=1)]

    def all(self) -> list[QAction]:
        return [*self.views, *self.by_name.values()]

    def __getitem__(self, name: str) -> QAction:
        return self.by_name[name]


def _made(window: QWidget, name: str, wording: _Wording, does: Callable[[], None]) -> QAction:
    action = QAction(icon(wording.icon), tr(wording.text), window)
    action.setObjectName(name)
    action.setShortcuts([QKeySequence(key) for key in wording.keys])
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.triggered.connect(lambda _checked=False: does())
    window.addAction(action)
    return action


def _view_action(window: QWidget, place: int, view: View, show_view: Callable[[View], None]) -> QAction:
    text = tr("Show “{view}”", view=labels.view(view))
    return _made(window, f"showView{place}", _Wording(text, "list-filter", (f"Ctrl+{place}",)), lambda: show_view(view))
