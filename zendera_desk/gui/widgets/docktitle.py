"""The title of a dock: its name, and two buttons large enough to hit. Dragging it moves the dock, as with Qt's own."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QToolButton, QWidget

from zendera_desk.gui import icons
from zendera_desk.gui.tokens import SPACE
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr


class DockTitle(QWidget):
    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, SPACE, SPACE, 0)
        layout.setSpacing(0)
        layout.addWidget(PlainLabel(dock.windowTitle(), self, role="muted"), 1)
        loose = self._button("external-link", tr("Take out of the window"), "dockFloat")
        loose.clicked.connect(lambda: dock.setFloating(not dock.isFloating()))
        close = self._button("x", tr("Hide"), "dockHide")
        close.clicked.connect(dock.close)
        layout.addWidget(loose)
        layout.addWidget(close)

    def _button(self, icon: str, text: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setProperty("role", "quiet")
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(icons.SIZE, icons.SIZE))
        button.setAccessibleName(text)
        button.setToolTip(text)
        return button
