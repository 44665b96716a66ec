"""What is done to the chosen picture: crop, brightness, and a signature cut out of it or drawn. One line under the picture says how.

One thing at a time. Enter does it, Esc leaves it, and whatever else is chosen meanwhile leaves it, too.
"""

from enum import Enum, auto
from typing import Final

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QWidget

from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.paper import Edits
from zendera_desk.domain.report import Picture
from zendera_desk.gui import icons, style
from zendera_desk.gui.images import image_of
from zendera_desk.gui.report.marquee import Marquee
from zendera_desk.gui.report.needs import RetouchDesk
from zendera_desk.gui.report.pad import Pad
from zendera_desk.gui.report.retouch import Retouch
from zendera_desk.gui.report.viewer import PictureViewer
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr

_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_HELD: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier


class Tool(Enum):
    CROP = auto()
    BRIGHTNESS = auto()
    SIGNATURE = auto()
    PAD = auto()


class PictureTools(QWidget):
    signed = Signal(object)
    """QImage: what was drawn."""
    changed = Signal()
    """Another tool is in hand, or none."""

    def __init__(
        self, viewer: PictureViewer, pad: Pad, retouch: Retouch, desk: RetouchDesk, spawn: Spawn, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._viewer, self._pad, self._retouch, self._desk, self._spawn = viewer, pad, retouch, desk, spawn
        self.tool: Tool | None = None
        self._picture: Picture | None = None
        self._base: Picture | None = None
        """The picture without any brightness of its own, on which a new one is tried."""
        self._previewed: int | None = None
        self._previewing = False
        self._came_from: QWidget | None = None
        self.marquee = Marquee(viewer)
        viewer.resized.connect(self.marquee.follow)
        self.words = PlainLabel("", self, role="small")
        self.slider = named(QSlider(Qt.Orientation.Horizontal, self), "brightness", tr("Brightness"))
        self.slider.setRange(-100, 100)
        self.slider.setPageStep(10)
        self.slider.setProperty("ownKeys", True)
        self._value = PlainLabel("", self, role="small")
        self._value.setMinimumWidth(self._value.fontMetrics().horizontalAdvance("+100"))
        self.draw = self._button(tr("Draw it"), "drawIt", "quiet")
        self.clear = self._button(tr("Clear"), "clearPad", "quiet")
        self.cancel = self._button(tr("Leave it"), "leaveTool", "quiet")
        self.keep = self._button(tr("Crop"), "keepTool", "")
        self._lay_out()
        self._connect()
        self.hide()

    def show_for(self, picture: Picture | None) -> None:
        """Another picture is looked at."""
        if picture != self._picture:
            self.leave()
            self._picture = picture

    def in_order_of_tab(self) -> list[QWidget]:
        return [self.marquee, self._pad, self.slider, self.draw, self.clear, self.cancel, self.keep]

    def crop(self) -> None:
        self._begin(Tool.CROP, tr("Drag over what stays."), tr("Crop"))

    def brightness(self) -> None:
        self._begin(Tool.BRIGHTNESS, tr("Brightness"), tr("Keep"))

    def signature(self) -> None:
        """Cut out of the picture; where there is none, it can only be drawn."""
        if self._picture is None:
            self.sign()
        else:
            self._begin(Tool.SIGNATURE, tr("Drag over the signature, or draw it."), tr("Add signature"))

    def sign(self) -> None:
        self._begin(Tool.PAD, tr("Sign with the mouse or a finger."), tr("Add signature"))

    def leave(self) -> None:
        """Nothing was done."""
        if self.tool is Tool.BRIGHTNESS and self._previewed is not None:
            self._viewer.end_preview()
        self._end()

    def do(self) -> None:
        tool, picture = self.tool, self._picture
        part = self.marquee.part()
        match tool:
            case Tool.CROP if picture is not None and part is not None:
                self._retouch.crop(picture, part)
            case Tool.SIGNATURE if picture is not None and part is not None:
                self._retouch.take_part(picture, part)
            case Tool.BRIGHTNESS if picture is not None and self._base is not None:
                self._retouch.brighten(picture, self.slider.value())
            case Tool.PAD if (drawn := self._pad.picture()) is not None:
                self.signed.emit(drawn)
            case _:
                return  # nothing is chosen yet
        self._end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Esc of whatever the tool is used with, before the form or the window get them."""
        if not isinstance(event, QKeyEvent) or event.modifiers() & _HELD or event.key() not in {*_ENTER, Qt.Key.Key_Escape}:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in _ENTER:
            self.do()
        else:
            self.leave()
        return True

    def _begin(self, tool: Tool, words: str, keep: str) -> None:
        if tool is not Tool.PAD and (self._picture is None or self._retouch.is_changing(self._picture)):
            return  # what is being made will lie otherwise than what is in sight
        self.leave()
        self._came_from = self.window().focusWidget()
        self.tool, self._base, self._previewed = tool, None, None
        self.words.setText(words)
        self.keep.setText(keep)
        self.keep.setAccessibleName(keep)
        for widget in (self.slider, self._value):
            widget.setVisible(tool is Tool.BRIGHTNESS)
        self.draw.setVisible(tool is Tool.SIGNATURE)
        self.clear.setVisible(tool is Tool.PAD)
        self.keep.setEnabled(tool is not Tool.BRIGHTNESS)
        self.show()
        self.changed.emit()
        if tool is Tool.BRIGHTNESS:
            self.slider.setFocus(Qt.FocusReason.OtherFocusReason)
            self._spawn(self._read_brightness(), "read how bright a picture was made")
        elif tool is Tool.PAD:
            self._pad.clear()
            self._pad.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.marquee.begin(whole=tool is Tool.CROP)

    def _end(self) -> None:
        if self.tool is None:
            return
        self.tool = None
        inside = self.window().focusWidget() in {self.marquee, self.slider, self._pad, *self.findChildren(QWidget)}
        self.marquee.end()
        self.hide()
        self.changed.emit()
        if inside and self._came_from is not None and self._came_from.isVisible():
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        self._came_from = None

    # Brightness, tried on the screen before it is made

    async def _read_brightness(self) -> None:
        order, picture = self._retouch.order, self._picture
        if picture is None:
            return
        try:
            edits = await self._desk.picture_edits(picture.id)
            plain = msgspec.structs.replace(edits, brightness=0)
            base = picture if edits == plain else await self._desk.edit_picture(picture.id, plain)
        except DeskError as error:
            self._retouch.refused.emit(order, picture, error)
            return
        if picture != self._picture or self.tool is not Tool.BRIGHTNESS:
            return
        self.slider.blockSignals(True)
        self.slider.setValue(edits.brightness)
        self.slider.blockSignals(False)
        self._say_value(edits.brightness)
        self._base = base
        self.keep.setEnabled(True)

    def _slid(self, value: int) -> None:
        self._say_value(value)
        if self._base is not None and not self._previewing:
            self._spawn(self._preview(), "show another brightness")

    async def _preview(self) -> None:
        """One at a time; while one is being made, only the newest wish counts."""
        self._previewing = True
        order, picture = self._retouch.order, self._picture
        try:
            while self.tool is Tool.BRIGHTNESS and self._base is not None and self._previewed != self.slider.value():
                base, value = self._base, self.slider.value()
                pixels = await self._desk.picture_pixels(base.id, self._viewer.pixels_in_sight(), Edits(brightness=value))
                if not self._tries(base):
                    return
                self._previewed = value
                self._viewer.preview(image_of(pixels))
        except DeskError as error:
            if picture is not None:
                self._retouch.refused.emit(order, picture, error)
        finally:
            self._previewing = False

    def _tries(self, base: Picture) -> bool:
        return self.tool is Tool.BRIGHTNESS and self._base == base

    def _say_value(self, value: int) -> None:
        self._value.setText(f"{value:+d}" if value else "0")

    def _button(self, text: str, name: str, role: str) -> QPushButton:
        button = named(QPushButton(text, self), name, text)
        style.set_role(button, role)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setIconSize(icons.BESIDE_WORDS)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE + 2)
        row.addWidget(self.words)
        row.addWidget(self.slider, 1)
        row.addWidget(self._value)
        row.addStretch(0)
        for button in (self.draw, self.clear, self.cancel, self.keep):
            row.addWidget(button)

    def _connect(self) -> None:
        for widget in (self.marquee, self.slider, self._pad):
            widget.installEventFilter(self)
        self.slider.valueChanged.connect(self._slid)
        self.draw.clicked.connect(self.sign)
        self.clear.clicked.connect(self._pad.clear)
        self.cancel.clicked.connect(self.leave)
        self.keep.clicked.connect(self.do)
