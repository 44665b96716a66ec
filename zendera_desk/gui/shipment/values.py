"""A value of the shipment with its caption: can be marked, and copied by its button or its menu."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from zendera_desk.gui.icons import icon
from zendera_desk.gui.style import SPACE, set_role
from zendera_desk.gui.widgets.plain import ElidedLabel, PlainLabel, plain_tip
from zendera_desk.gui.words import tr

CAPTION = 128
"""Pixels: the captions of a page stand under each other."""
NARROW_CAPTION = 88
"""Pixels: where the page is narrow."""


_SMALL = "min-height: 18px; max-height: 18px; padding: 0 6px; margin: 0;"
"""As high as a line of words, so that a button beside them does not push them apart."""


class LineButton(QPushButton):
    """A quiet button that stands beside a value."""

    def __init__(self, drawing: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(icon(drawing), text, parent)
        self.setIconSize(QSize(18, 14))
        self.setProperty("role", "quiet")
        self.setStyleSheet(_SMALL)


class CopyButton(QToolButton):
    """Small and quiet; takes its room also while it is hidden, so that nothing moves under the mouse."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(icon("copy"))
        self.setIconSize(QSize(14, 14))
        self.setProperty("role", "quiet")
        self.setStyleSheet(_SMALL + "border: none;")
        self.setToolTip(tr("Copy"))
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()


class _Caption(PlainLabel):
    """Long ones have two lines. The tip says what it is called at Zendera, where that is something else."""

    def __init__(self, text: str, named: str, parent: QWidget) -> None:
        super().__init__(text, parent, role="muted", wrap=True)
        self.setFixedWidth(CAPTION)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        if named and named != text:
            self.setToolTip(plain_tip(f"{text}\n{named}"))


class Value(QWidget):
    """Hidden while it has nothing to say, unless `missing` says that something is missing.

    `beside`: a button for it, which always has room. `named`: what Zendera calls it, where the caption does not say it so.
    """

    copied = Signal(str)

    def __init__(
        self,
        caption: str,
        parent: QWidget | None = None,
        *,
        missing: str = "",
        role: str = "",
        beside: QWidget | None = None,
        named: str = "",
    ) -> None:
        super().__init__(parent)
        self._caption_text, self._missing, self._role = caption, missing, role
        self._text = ""
        self._caption = _Caption(caption, named, self)
        self._label = PlainLabel("", self, role=role, wrap=True) if beside is None else ElidedLabel("", self, role=role)
        self._label.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._label.customContextMenuRequested.connect(self._menu)
        if beside is None:
            self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._label.setAccessibleName(caption)
        self._copy = CopyButton(tr("Copy {what}", what=caption), self)
        self._copy.clicked.connect(self.copy)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 0, 1)
        row.setSpacing(SPACE)
        row.addWidget(self._caption, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._label, 1 if beside is None else 0)
        if beside is not None:
            row.addWidget(beside, alignment=Qt.AlignmentFlag.AlignTop)
            row.addStretch(1)
        row.addWidget(self._copy, alignment=Qt.AlignmentFlag.AlignTop)
        self.say("")

    @property
    def text(self) -> str:
        return self._text

    def set_caption_width(self, width: int) -> None:
        if self._caption.width() != width:
            self._caption.setFixedWidth(width)

    def say(self, text: str) -> None:
        self._text = text
        shown = text or self._missing
        self._label.setText(shown)
        self._label.setAccessibleDescription(shown)
        set_role(self._label, self._role if text else "muted")
        self.setVisible(bool(shown))

    def copy(self) -> None:
        if self._text:
            QGuiApplication.clipboard().setText(self._text)
            self.copied.emit(self._text)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._copy.setVisible(bool(self._text))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._copy.hide()

    def _menu(self, point: QPoint) -> None:
        menu = QMenu(self)
        marked = self._label.selectedText()
        if marked:
            menu.addAction(tr("Copy what is marked")).triggered.connect(lambda: QGuiApplication.clipboard().setText(marked))
        action = menu.addAction(icon("copy"), tr("Copy {what}", what=self._caption_text))
        action.setEnabled(bool(self._text))
        action.triggered.connect(self.copy)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._label.mapToGlobal(point))
