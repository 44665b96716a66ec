"""The pages of the window: the work, and what stands in its place for a while, with its title and the way back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from zendera_desk.gui.icons import BESIDE_WORDS, icon
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
        back.setIconSize(BESIDE_WORDS)
        back.clicked.connect(self.left)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.left)
        head = QHBoxLayout()
        head.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 0)
        head.setSpacing(2 * SPACE)
        head.addWidget(back)
        self._title = PlainLabel(title, role="heading")
        head.addWidget(self._title)
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addLayout(head)
        layout.addWidget(content, 1)
        self.setFocusProxy(content)

    def rename(self, title: str) -> None:
        self._title.setText(title)
        self.setAccessibleName(title)


class Pages(QStackedWidget):
    """Pages that were added stay; one that was shown in passing is deleted when another takes its place."""

    left = Signal()
    """A person wants back from one of them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._staying: list[QWidget] = []

    def add_staying(self, page: QWidget) -> None:
        self._staying.append(page)
        self.addWidget(page)

    def framed(self, name: str, title: str, content: QWidget) -> Page:
        """The content with its title and the way back."""
        page = Page(name, title, content, self)
        page.left.connect(self.left)
        return page

    def show_staying(self, page: QWidget) -> None:
        self.setCurrentWidget(page)
        self._drop_passing()

    def show_passing(self, page: QWidget) -> None:
        self._drop_passing()
        self.addWidget(page)
        self.setCurrentWidget(page)
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_passing(self) -> None:
        for place in reversed(range(self.count())):
            page = self.widget(place)
            if page is not None and page not in self._staying:
                self.removeWidget(page)
                page.deleteLater()
