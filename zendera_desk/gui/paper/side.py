"""The chosen page, large, and what can be done with it: whose it is, what was read on it, and one button for each key."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId, PageId, PictureId
from zendera_desk.domain.paper import PageState
from zendera_desk.domain.report import Picture
from zendera_desk.gui import icons, labels
from zendera_desk.gui.images import image_of
from zendera_desk.gui.paper import words
from zendera_desk.gui.paper.ahead import Ahead
from zendera_desk.gui.paper.model import Leaf
from zendera_desk.gui.paper.picker import ShipmentPicker
from zendera_desk.gui.report.pad import Pad
from zendera_desk.gui.report.retouch import Retouch
from zendera_desk.gui.report.tools import PictureTools
from zendera_desk.gui.report.viewer import PictureViewer
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import ElidedLabel, PlainLabel
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import mark, tr

_BUTTONS: Final = (
    ("cut", "startHere", "", mark("Start here  S")),
    ("left", "turnPageLeft", "rotate-ccw", mark("Turn  L")),
    ("right", "turnPageRight", "rotate-cw", mark("Turn  R")),
    ("aside", "putAside", "trash-2", mark("Put aside  Del")),
)


class PageSide(QWidget):
    asked = Signal(str)
    """As the keys of the strip: "cut", "left", "right", "aside", or "bring_back", "again"."""
    picked = Signal(object)
    """OrderId: the chosen pages belong to it."""
    edited = Signal(object, object)
    """PageId, and the PictureId of how it is to look."""

    def __init__(self, desk: Desk, spawn: Spawn, ahead: Ahead, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spawn, self._ahead = spawn, ahead
        self._leaf: Leaf | None = None
        self._picture: PictureId | None = None
        self._pages: dict[PictureId, PageId] = {}
        self.viewer = PictureViewer(self)
        self.retouch = Retouch(desk, spawn, self)
        pad = Pad(self)
        pad.hide()  # nobody signs here
        self.tools = PictureTools(self.viewer, pad, self.retouch, desk, spawn, self)
        self._tool_buttons = [
            self.viewer.add_tool(tr("Crop"), "crop", self.tools.crop, tr("Crop (Alt+C)")),
            self.viewer.add_tool(tr("Brightness"), "sun", self.tools.brightness, tr("Brightness (Alt+B)")),
        ]
        self.tools.changed.connect(lambda: self.viewer.show_tools(self.tools.tool is None))
        self.viewer.turned.connect(lambda degrees: self.asked.emit("right" if degrees > 0 else "left"))
        self.retouch.made.connect(self._made)
        self._unseen = EmptyState("image", "", "", parent=self)
        self.title = ElidedLabel("", self, role="muted")
        self.title.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.state = Statement(tr("Belongs to"), "pageState", self, role="strong")
        self.read = PlainLabel("", self, role="small", wrap=True)
        self.read.setObjectName("whatWasRead")
        self.picker = ShipmentPicker(desk, spawn, self)
        self.picker.picked.connect(self.picked)
        self.buttons = {key: self._button(key, name, icon, tr(text)) for key, name, icon, text in _BUTTONS}
        self.bring_back = self._button("bring_back", "bringBack", "undo-2", tr("Bring back"))
        self.again = self._button("again", "readAgain", "refresh-cw", tr("Read again"))
        self._lay_out()
        self.show_leaf(None, {}, 0)

    def sizeHint(self) -> QSize:
        return QSize(400, 560)

    def show_leaf(self, leaf: Leaf | None, lines: words.Lines, number: int) -> None:
        """`number`: how many pages are selected."""
        other = leaf is None or self._leaf is None or leaf.page.id != self._leaf.page.id or leaf.document != self._leaf.document
        self._leaf = leaf
        self.setEnabled(leaf is not None)
        self._say(leaf, lines, number)
        if other:
            self.picker.offer(_likely(leaf))
        self._show_tools(leaf)
        wanted = leaf.page.picture.id if leaf is not None and leaf.page.picture is not None else None
        if wanted != self._picture or leaf is None:
            self._picture = wanted
            self._show_picture(leaf)

    def _say(self, leaf: Leaf | None, lines: words.Lines, number: int) -> None:
        if leaf is None:
            self.title.setText("")
            self.state.say("", "")
            self.read.setText("")
            return
        page = leaf.page
        self.title.setText(words.page_title(page) if number <= 1 else tr("{n} page(s) selected", n=number))
        whose = leaf.label.text if not leaf.detail else f"{leaf.label.text} · {leaf.detail}"
        self.state.say(leaf.label.icon, whose, leaf.label.tone)
        seen = " " + tr("This file was here before.") if page.seen_before else ""
        self.read.setText(words.read_words(page, lines) + seen)
        aside = page.state is PageState.DROPPED
        self.buttons["cut"].setText(tr("Join  S") if leaf.first else tr("Start here  S"))
        self.buttons["cut"].setToolTip(
            tr("Joins this page to the document before it") if leaf.first else tr("A new document starts with this page")
        )
        for button in self.buttons.values():
            button.setVisible(not aside)
        self.bring_back.setVisible(aside)
        self.again.setVisible(page.state is PageState.UNREADABLE)
        self.picker.setVisible(not aside)

    def _show_tools(self, leaf: Leaf | None) -> None:
        """What lies in a form is changed there, what is put aside not at all."""
        may = leaf is not None and leaf.page.filed is None and leaf.page.state is not PageState.DROPPED
        picture = leaf.page.picture if leaf is not None and may else None
        self.tools.show_for(picture)
        for button in self._tool_buttons:
            button.setEnabled(picture is not None)
        if leaf is not None and picture is not None:
            self._pages[picture.id] = leaf.page.id

    def _made(self, _order: object, before: Picture, after: Picture) -> None:
        page = self._pages.get(before.id)
        if page is not None and before.id != after.id:
            self.edited.emit(page, after.id)
        elif before.id == self._picture:
            self._show_picture(self._leaf)  # nothing came of it: as it is

    def _show_picture(self, leaf: Leaf | None) -> None:
        there = self._picture is not None
        self.viewer.setVisible(there)
        self._unseen.setVisible(not there)
        if self._picture is not None:
            self._spawn(self._load(self._picture), "show a page")
        elif leaf is None:
            self._unseen.tell("image", tr("No page is chosen"), "")
        elif leaf.page.state is PageState.UNREADABLE:
            self._unseen.tell("triangle-alert", tr("Not read"), tr("It stays here until somebody decides what becomes of it."))
        else:
            self._unseen.tell("loader", tr("Being read"), "")

    async def _load(self, picture: PictureId) -> None:
        try:
            image = image_of(await self._ahead.pixels(picture))
        except DeskError as error:
            if picture == self._picture:
                self.viewer.hide()
                self._unseen.show()
                self._unseen.tell("triangle-alert", tr("This page cannot be shown"), labels.error(error))
            return
        if picture == self._picture:
            self.viewer.show_image(image)

    def _button(self, key: str, name: str, icon: str, text: str) -> QPushButton:
        button = named(QPushButton(text, self), name, text.split("  ", maxsplit=1)[0], role="quiet")
        if icon:
            button.setIcon(icons.icon(icon))
            button.setIconSize(icons.BESIDE_WORDS)
        button.clicked.connect(_asking(self.asked.emit, key))
        return button

    def _lay_out(self) -> None:
        self.buttons["left"].setAccessibleName(tr("Turn page left"))
        self.buttons["right"].setAccessibleName(tr("Turn page right"))
        keys = QHBoxLayout()
        keys.setSpacing(SPACE)
        for button in (*self.buttons.values(), self.bring_back, self.again):
            keys.addWidget(button)
        keys.addStretch(1)
        below = QGridLayout()
        below.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        below.setVerticalSpacing(SPACE + 2)
        below.addWidget(self.state, 0, 0)
        below.addWidget(self.title, 0, 1)
        below.addWidget(self.read, 1, 0, 1, 2)
        below.addWidget(self.picker, 2, 0, 1, 2)
        below.addLayout(keys, 3, 0, 1, 2)
        below.setColumnStretch(0, 3)
        below.setColumnStretch(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.viewer, 1)
        layout.addWidget(self._unseen, 1)
        asked = QVBoxLayout()
        asked.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, 0)
        asked.addWidget(self.tools)
        layout.addLayout(asked)
        layout.addLayout(below)


def _asking(ask: Callable[[str], None], key: str) -> Callable[[], None]:
    return lambda: ask(key)


def _likely(leaf: Leaf | None) -> tuple[OrderId, ...]:
    """What the document names. One whose shipment is known offers it no more."""
    if leaf is None or leaf.document.order_id is not None:
        return ()
    return leaf.document.candidates
