"""The one style of the program: Qt's Fusion, which makes every text widget plain before it shows its first letter.

Qt guesses whether a text is rich and then loads what it names: `<img src=file:…>` in a consignee's name, a tool tip, a
message. Each widget is polished once, before it is laid out, and for tool tips even before they get their text; so here,
in one place, the guess is turned off for labels of every origin, also those that Qt makes itself (tool tips of models,
rows of forms, message boxes), and text fields stop taking rich text from the clipboard.

Here too a button learns that Enter presses it as Space does: by itself Qt teaches that only to those in dialogs.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QProxyStyle, QPushButton, QTextEdit, QWidget


class Fusion(QProxyStyle):
    def __init__(self) -> None:
        super().__init__("Fusion")

    def polish(self, thing: QWidget | QApplication | QPalette | Qt.GlobalColor | QColor, /) -> None:
        if isinstance(thing, QLabel):
            thing.setTextFormat(Qt.TextFormat.PlainText)
        elif isinstance(thing, QTextEdit):
            thing.setAcceptRichText(False)
        elif isinstance(thing, QPushButton):
            thing.setAutoDefault(True)
        super().polish(thing)
