"""A page that stands in the place of the list for a while: its title, the way back, and what it shows."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zendera_desk.gui.icons import icon
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr


class Page(QWidget):
    left = Signal()
    """Back, or Esc."""

    def __init__(self, name: str, title: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.content = content
        back = named(QPushButton(icon("chevron-left"), tr("Back")), f"{name}Back", tr("Back"), role="quiet")
        back.clicked.connect(self.left)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.left)
        head = QHBoxLayout()
        head.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 0)
        head.setSpacing(2 * SPACE)
        head.addWidget(back)
        head.addWidget(PlainLabel(title, role="heading"))
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addLayout(head)
        layout.addWidget(content, 1)
