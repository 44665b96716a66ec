"""The window that is shown when the real one cannot be: the data folder cannot be used. Nothing is deleted, and it says where it is."""

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow

from zendera_desk.domain.errors import StoreError
from zendera_desk.gui import labels
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.words import tr


class TroubleWindow(QMainWindow):
    def __init__(self, error: StoreError, folder: Path) -> None:
        super().__init__()
        self.setObjectName("trouble")
        self.setWindowTitle("Zendera Desk")
        self.setAccessibleName("Zendera Desk")
        self.resize(640, 400)
        self._closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        leave = QAction(tr("Quit"), self)
        leave.setShortcuts([QKeySequence("Ctrl+Q"), QKeySequence(Qt.Key.Key_Escape)])
        leave.triggered.connect(self.close)
        self.addAction(leave)  # for its keys: a button alone does not listen for them
        text = tr("{sentence}\n\nYour data is in {folder}. Nothing was changed there.", sentence=labels.error(error), folder=folder)
        state = EmptyState("database", tr("The shipments cannot be opened"), parent=self)
        state.tell("database", tr("The shipments cannot be opened"), text, [leave], Tone.BAD)
        self.setCentralWidget(state)
        self.setWindowModality(Qt.WindowModality.NonModal)

    async def shown(self) -> None:
        """Shows it and returns when the person has closed it."""
        self.show()
        await self._closed
        self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if not self._closed.done():
            self._closed.set_result(None)
