"""The window that is there while the data is opened: after an end that was none it is checked, or a copy takes its place.

app.py shows it where that takes more than a second.
"""

import contextlib
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QProgressBar, QVBoxLayout, QWidget

from zendera_desk.gui.tokens import SPACE
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.words import tr


class CheckingWindow(QMainWindow):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("checking")
        self.setWindowTitle("Zendera Desk")
        self.setAccessibleName("Zendera Desk")
        self.resize(520, 300)
        text = tr("If the program did not come to its proper end the last time, the data is checked first. That can take a minute.")
        bar = named(QProgressBar(), "progress", tr("Progress"))
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        ground = QWidget(self)
        column = QVBoxLayout(ground)
        column.setContentsMargins(6 * SPACE, 0, 6 * SPACE, 6 * SPACE)
        column.addWidget(EmptyState("database", tr("Opening the data…"), text, parent=ground), 1)
        column.addWidget(bar)
        self.setCentralWidget(ground)
        self.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, on=False)

    @contextlib.contextmanager
    def shown(self) -> Iterator[None]:
        self.show()
        try:
            yield
        finally:
            self.hide()
            self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()  # it goes by itself; half a check is none
