"""What can be done with the person's own views, once for keys, menus and the palette of commands."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from zendera_desk.domain.ids import ViewId
from zendera_desk.domain.views import OwnView, View
from zendera_desk.gui.format import visible
from zendera_desk.gui.icons import icon
from zendera_desk.gui.words import mark, tr

KEEP: Final = "keepView"
_DEEDS: Final = {
    KEEP: (mark("Keep as a view…"), "plus", "Ctrl+Shift+K"),
    "changeView": (mark("Change this view…"), "pencil", ""),
    "moveViewLeft": (mark("Move this view left"), "chevron-left", ""),
    "moveViewRight": (mark("Move this view right"), "chevron-right", ""),
    "deleteView": (mark("Delete this view"), "trash-2", ""),
}
_LAST_KEY: Final = 9


class OwnActions(QObject):
    def __init__(self, does: Mapping[str, Callable[[], None]], show: Callable[[ViewId], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._panel, self._show = parent, show
        self.deeds = [self._made(name, tr(text), icon_name, key, does[name]) for name, (text, icon_name, key) in _DEEDS.items()]
        self.views: list[QAction] = []
        self.keys: dict[ViewId, str] = {}
        parent.addActions(self.deeds)
        self.follow(None, 0)

    def all(self) -> list[QAction]:
        return [*self.views, *self.deeds]

    def follow(self, place: int | None, number: int) -> None:
        """`place` of the one that is shown, among so many; None: it is none of one's own."""
        for action in self.deeds[1:]:
            action.setEnabled(place is not None)
        if place is not None:
            self._named("moveViewLeft").setEnabled(place > 0)
            self._named("moveViewRight").setEnabled(place < number - 1)

    def renew(self, views: Sequence[OwnView]) -> None:
        """An action that shows each. The first few have keys, after those of the fixed views: anywhere in the window."""
        for action in self.views:
            self._panel.window().removeAction(action)
            action.deleteLater()
        free = [f"Ctrl+{number}" for number in range(len(View) + 1, _LAST_KEY + 1)]
        self.keys = {view.id: key for view, key in zip(views, free, strict=False)}
        self.views = [self._showing(view) for view in views]
        self._panel.window().addActions(self.views)

    def _showing(self, view: OwnView) -> QAction:
        words = tr("Show “{view}”", view=visible(view.name).replace("&", "&&"))
        return self._made(f"showOwnView{view.id}", words, "list-filter", self.keys.get(view.id, ""), lambda: self._show(view.id))

    def _named(self, name: str) -> QAction:
        return next(action for action in self.deeds if action.objectName() == name)

    def _made(self, name: str, words: str, icon_name: str, key: str, does: Callable[[], None]) -> QAction:
        action = QAction(icon(icon_name), words, self._panel)
        action.setObjectName(name)
        if key:
            action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(lambda _checked=False: does())
        return action
