"""A document whose shipment is not known, in the lane: its pages left, one question right. Enter goes on.

It also stands in for the form where the form's shipment turned out to be the wrong one.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.paper import Document, Page
from zendera_desk.gui import icons, labels
from zendera_desk.gui.images import image_of
from zendera_desk.gui.paper import words
from zendera_desk.gui.paper.ahead import Ahead
from zendera_desk.gui.paper.picker import ShipmentPicker
from zendera_desk.gui.report.viewer import PictureViewer
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr


class Asking(QWidget):
    picked = Signal(object)
    """OrderId."""
    left = Signal()
    """Esc."""
    aside_asked = Signal()

    def __init__(self, desk: Desk, spawn: Spawn, ahead: Ahead, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spawn, self._ahead = spawn, ahead
        self._pages: Sequence[Page] = ()
        self._place = 0
        self.viewer = PictureViewer(self)
        self._title = PlainLabel(tr("Which shipment is this?"), self, role="title")
        self._read = PlainLabel("", self, role="muted", wrap=True)
        self._read.setObjectName("whatWasRead")
        self.picker = ShipmentPicker(desk, spawn, self)
        self.free = QWidget(self)
        """What is empty under the question."""
        self._number = PlainLabel("", self, role="small")
        self.aside = named(QPushButton(icons.icon("trash-2"), tr("Put aside"), self), "putDocumentAside", tr("Put aside"), role="quiet")
        self.aside.setIconSize(icons.BESIDE_WORDS)
        self.aside.setToolTip(tr("These pages belong to no shipment (Ctrl+Delete). They can be brought back."))
        self._lay_out()
        self.picker.picked.connect(self.picked)
        self.picker.left.connect(self.left)
        self.aside.clicked.connect(self.aside_asked)
        for key, does in (("Ctrl+Del", self.aside_asked.emit), ("PgDown", lambda: self._turn(1)), ("PgUp", lambda: self._turn(-1))):
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(does)

    def show_document(self, document: Document, lines: words.Lines, offered: Sequence[OrderId], title: str) -> None:
        self._pages = [page for page in document.pages if page.picture is not None]
        self._title.setText(title)
        first = next((page for page in document.pages if page.codes), document.pages[0])
        self._read.setText(words.read_words(first, lines))
        self.picker.offer(offered)
        self._place = 0
        self._turn(0)

    def _turn(self, by: int) -> None:
        self._place = min(max(0, self._place + by), max(0, len(self._pages) - 1))
        several = len(self._pages) > 1
        self._number.setText(tr("Page {number} of {all} (Page Down)", number=self._place + 1, all=len(self._pages)) if several else "")
        if self._pages:
            page = self._pages[self._place]
            self._spawn(self._show_page(page), "show a page")
        else:
            self.viewer.show_image(None)

    async def _show_page(self, page: Page) -> None:
        if page.picture is None:
            return
        try:
            image = image_of(await self._ahead.pixels(page.picture.id))
        except DeskError as error:
            self._read.setText(labels.error(error))
            return
        if self._pages and self._pages[self._place].id == page.id:
            self.viewer.show_image(image)

    def _lay_out(self) -> None:
        left = QWidget(self)
        picture = QVBoxLayout(left)
        picture.setContentsMargins(3 * SPACE, 2 * SPACE, SPACE, 2 * SPACE)
        picture.addWidget(self.viewer, 1)
        picture.addWidget(self._number)
        right = QWidget(self)
        question = QVBoxLayout(right)
        question.setContentsMargins(4 * SPACE, 8 * SPACE, 4 * SPACE, 2 * SPACE)
        question.setSpacing(3 * SPACE)
        question.addWidget(self._title)
        question.addWidget(self._read)
        question.addWidget(self.picker)
        question.addWidget(self.free, 1)
        below = QHBoxLayout()
        below.addWidget(self.aside)
        below.addStretch(1)
        question.addLayout(below)
        halves = QSplitter(Qt.Orientation.Horizontal, self)
        halves.setChildrenCollapsible(False)
        halves.addWidget(left)
        halves.addWidget(right)
        halves.setSizes([500, 500])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(halves)
        self.setFocusProxy(self.picker)
