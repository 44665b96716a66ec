"""Ready comments: a menu at the caret, chosen by its digit or the arrows. Native undo takes out what went in."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QToolButton

from zendera_desk.gui import icons
from zendera_desk.gui.format import visible
from zendera_desk.gui.report.parts import CommentField
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.words import tr


class ReadyComments(QObject):
    """`comments` gives those for the status that is chosen, in their order."""

    def __init__(self, field: CommentField, comments: Callable[[], Sequence[str]]) -> None:
        super().__init__(field)
        self._field, self._comments = field, comments
        self.menu = QMenu(field)
        self.menu.setAccessibleName(tr("Ready comments"))
        self.button = named(QToolButton(field), "readyComments", tr("Ready comments"), role="quiet")
        self.button.setIcon(icons.icon("message-square"))
        self.button.setToolTip(tr("Ready comments (Ctrl+Space)"))
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setCursor(Qt.CursorShape.ArrowCursor)
        self.button.clicked.connect(self.ask)
        field.leave_room(self.button.sizeHint().width())
        field.resized.connect(self._place)

    def ask(self) -> None:
        self.menu.clear()
        for number, text in enumerate(self._comments(), start=1):
            action = self.menu.addAction(f"&{number}  {visible(text).replace('&', '&&')}")
            action.triggered.connect(lambda _checked=False, text=text: self.insert(text))
        if self.menu.isEmpty():
            self.menu.addAction(tr("None for this status; the preferences have them")).setEnabled(False)
        caret = self._field.cursorRect().bottomLeft() if self._field.hasFocus() else QPoint(0, 0)
        self.menu.popup(self._field.viewport().mapToGlobal(caret))

    def insert(self, text: str) -> None:
        cursor = self._field.textCursor()
        before = self._field.toPlainText()[: cursor.selectionStart()]
        cursor.beginEditBlock()  # by itself in the undo: what was typed before it stays
        cursor.insertText(text if not before or before[-1].isspace() else f" {text}")
        cursor.endEditBlock()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self) -> None:
        size = self.button.sizeHint()
        self.button.move(self._field.viewport().geometry().right() + 1, self._field.height() - size.height() - 3)
