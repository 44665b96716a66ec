"""The floor that the program's start is measured against: the least that shows a PySide6 window with something painted."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget


class Bare(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        print("painted", flush=True)
        if "--stay" not in sys.argv:
            QTimer.singleShot(0, QApplication.quit)


app = QApplication(sys.argv)
app.setStyle("Fusion")
window = Bare()
window.resize(1280, 800)
window.show()
sys.exit(app.exec())
