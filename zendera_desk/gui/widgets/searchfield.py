"""A field that looks for what is typed: it is cleared by Esc, and by a cross at its end while there is something in it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolButton

from zendera_desk.gui.icons import icon
from zendera_desk.gui.words import tr


class SearchField(QLineEdit):
    def offer_clearing(self) -> None:
        """Not at once: where the field is seen first of all, nobody waits for the cross."""
        clear = QAction(icon("x"), tr("Clear"), self)
        clear.triggered.connect(self.clear)
        self.addAction(clear, QLineEdit.ActionPosition.TrailingPosition)
        clear.setVisible(bool(self.text()))  # not before: Qt shows the button of what it is given
        self.textChanged.connect(lambda text: clear.setVisible(bool(text)))
        self.textChanged.connect(lambda _text: centre_buttons(self))
        centre_buttons(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        centre_buttons(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


def centre_buttons(field: QLineEdit) -> None:
    """Qt does not count a style sheet's border and padding when it places them."""
    for button in field.findChildren(QToolButton):
        button.move(button.x(), (field.height() - button.height()) // 2)
