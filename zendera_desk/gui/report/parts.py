"""Small parts of the form: a bar of choices, a comment that Enter leaves, and the line under a field."""

from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QPlainTextEdit, QPushButton, QSizePolicy, QWidget

from zendera_desk.domain.drafting import asks
from zendera_desk.domain.rules import Problem
from zendera_desk.gui import icons, labels, style
from zendera_desk.gui.labels import Label
from zendera_desk.gui.style import SPACE, Tone
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr

Choice = TypeVar("Choice")

_ICON: Final = 14
_CLOSE: Final = "padding: 0 7px;"
"""Stop and status stand in one line, also in the smallest window."""
_MOST_COMMENT: Final = 35 * SPACE
"""Pixels: eight lines, beyond which a comment scrolls instead of pushing the fields below it apart."""
_ASKED_LINES: Final = 4
"""So far a comment pushes; it takes more lines where there is room anyway."""


def object_name(text: str) -> str:
    """ "No one there" -> "noOneThere": the accessible name as an objectName."""
    first, *rest = text.split()
    return first.lower() + "".join(word.capitalize() for word in rest)


class Segments(QWidget, Generic[Choice]):
    """Exclusive choices side by side. One tab stop, the arrows move; a click leaves the caret where the person types."""

    chosen = Signal(object)

    def __init__(self, name: str, choices: Sequence[Choice], label: Callable[[Choice], Label], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setObjectName(object_name(name))
        self._choices = list(choices)
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for place, choice in enumerate(self._choices):
            words = label(choice)
            button = QPushButton(icons.icon(words.icon, words.tone), words.text, self)
            button.setIconSize(icons.BESIDE_WORDS)
            button.setStyleSheet(_CLOSE)
            button.setProperty("role", "chip")
            button.setCheckable(True)
            button.setAccessibleName(words.text)
            button.setObjectName(object_name(words.text))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._group.addButton(button, place)
            layout.addWidget(button)
        self._group.idToggled.connect(self._stop_at)
        self._group.button(0).setChecked(True)
        self._group.idClicked.connect(lambda place: self.chosen.emit(self._choices[place]))

    def _stop_at(self, place: int, on: bool) -> None:
        """Tab comes to the chosen one, from either side. Qt sees to that only after one of them had the focus."""
        self._group.button(place).setFocusPolicy(Qt.FocusPolicy.TabFocus if on else Qt.FocusPolicy.NoFocus)

    def buttons(self) -> list[QPushButton]:
        return self.findChildren(QPushButton)

    def choice(self) -> Choice:
        return self._choices[self._group.checkedId()]

    def choose(self, choice: Choice) -> None:
        """By the program: says nothing."""
        self._group.button(self._choices.index(choice)).setChecked(True)


class CommentField(QPlainTextEdit):
    """Two to many lines: as many as its text has, up to four, and more where there is room. Enter goes on to the next field as
    everywhere, so Shift+Enter makes the new line."""

    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setMaximumHeight(_MOST_COMMENT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._lines = 2
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._grow())

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().lineSpacing() * (self._lines + 1) + 4 * SPACE)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.fontMetrics().lineSpacing() * self._lines + 3 * SPACE)

    def leave_room(self, pixels: int) -> None:
        """At the end of each line, for what stands over the field."""
        self.setViewportMargins(0, 0, pixels, 0)

    def _grow(self) -> None:
        """The document of a plain text field counts its height in lines, those that it broke too."""
        lines = max(2, min(round(self.document().size().height()), _ASKED_LINES))
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.insertPlainText("\n")  # Qt's own Shift+Enter puts U+2028 into the text
            self.ensureCursorVisible()
            return
        super().keyPressEvent(event)


class Beside(QWidget):
    """What is to be said about a field, right under it. An ask has a box to tick; it stays ticked only while its problem is the same."""

    ticked = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._codes: frozenset[str] = frozenset()
        self._icon = PlainLabel("", self)
        self._words = PlainLabel("", self, wrap=True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.anyway = QCheckBox(tr("Send anyway"), self)
        self.anyway.setAccessibleName(tr("Send anyway"))
        self.anyway.setObjectName("sendAnyway")
        self.anyway.toggled.connect(lambda on: self.ticked.emit(self._codes, on))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, SPACE)
        layout.setSpacing(SPACE + 2)
        layout.addWidget(self._icon)
        layout.addWidget(self._words, 1)
        layout.addWidget(self.anyway)
        self.hide()

    def tell(self, problems: Sequence[Problem], confirmed: frozenset[str]) -> None:
        """Shows these; nothing when there are none."""
        self.setVisible(bool(problems))
        if not problems:
            return
        tone, icon = _look(problems)
        self._words.setText(" ".join(labels.problem(problem) for problem in problems))
        self._words.setProperty("tone", tone.value)
        style.set_role(self._words, "small" if tone is Tone.NEUTRAL else "")
        self._icon.setPixmap(icons.pixmap(icon, tone, _ICON, self.devicePixelRatioF()))
        self._codes = frozenset(problem.code for problem in problems if asks(problem.code))
        self.anyway.setVisible(bool(self._codes) and not any(problem.blocks for problem in problems))
        self.anyway.setAccessibleDescription(self._words.text())
        self.anyway.blockSignals(True)
        self.anyway.setChecked(bool(self._codes) and self._codes <= confirmed)
        self.anyway.blockSignals(False)


def _look(problems: Sequence[Problem]) -> tuple[Tone, str]:
    if any(problem.blocks for problem in problems):
        return Tone.BAD, "circle-alert"
    if any(asks(problem.code) or problem.code == "refused_before" for problem in problems):
        return Tone.WARN, "triangle-alert"
    return Tone.NEUTRAL, "info"
