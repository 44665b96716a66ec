"""The line under the form: what became of the draft on the left, the buttons in their one place on the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from zendera_desk.gui import icons, style
from zendera_desk.gui.report.parts import object_name
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.plain import ElidedLabel
from zendera_desk.gui.words import tr


class ReportBar(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mark = ElidedLabel("", self, role="small")
        self.mark.setObjectName("draftMark")
        self.needs = ElidedLabel("", self, role="small")
        self.needs.setObjectName("needs")
        room = self.needs.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # else the buttons would move when something else is said
        self.needs.setSizePolicy(room)
        self.waiting = ElidedLabel("", self)
        self.waiting.setObjectName("waitingSend")
        self.cancel_send = self._button(tr("Cancel sending"), "", "quiet")
        self.cancel_send.setText(tr("Cancel"))
        self.bring_back = self._button(tr("Bring back"), "undo-2", "quiet")
        self.discard = self._button(tr("Discard draft"), "trash-2", "quiet")
        self.send_and_next = self._button(tr("Send and next"), "", "")
        self.send_and_next.setToolTip(tr("Send and go to the next shipment of the view (Ctrl+Enter)"))
        self.send = self._button(tr("Send"), "", "primary")
        self.send.setIcon(icons.icon("send", on_accent=True))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, SPACE + 2)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self.mark)
        layout.addWidget(self.waiting)
        layout.addWidget(self.cancel_send)
        layout.addWidget(self.bring_back)
        layout.addWidget(self.needs, 1)
        for button in (self.discard, self.send_and_next, self.send):
            layout.addWidget(button)
        self.bring_back.hide()
        self.say_waiting("")

    def say(self, words: str, *, trouble: bool = False, can_bring_back: bool = False) -> None:
        self.mark.setText(words)
        self.mark.setVisible(bool(words))
        self.mark.setProperty("tone", "bad" if trouble else None)
        style.set_role(self.mark, "" if trouble else "small")
        self.bring_back.setVisible(can_bring_back)

    def say_waiting(self, words: str, *, can_cancel: bool = False) -> None:
        """That a send waits for pictures, or why it waits no longer. It takes the place of what is needed."""
        self.waiting.setText(words)
        self.waiting.setProperty("tone", "info" if can_cancel else "warn")
        style.set_role(self.waiting, "")
        self.waiting.setVisible(bool(words))
        self.cancel_send.setVisible(can_cancel)
        self.needs.setVisible(not words)

    def _button(self, text: str, icon: str, role: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setIconSize(icons.BESIDE_WORDS)
        if icon:
            button.setIcon(icons.icon(icon))
        button.setProperty("role", role)
        button.setAccessibleName(text)
        button.setObjectName(object_name(text))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
