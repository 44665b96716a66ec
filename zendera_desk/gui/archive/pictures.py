"""The pictures that were sent with a shipment's reports: all in a row, the chosen one large, and a copy of it for a mail or a claim."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from zendera_desk.domain.archives import SentPicture
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Picture
from zendera_desk.gui import labels
from zendera_desk.gui.format import when
from zendera_desk.gui.images import image_of
from zendera_desk.gui.report.viewer import PictureViewer
from zendera_desk.gui.shipment.history import what
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.picture_strip import THUMBNAIL, PictureStrip, name_of
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import tr
from zendera_desk.reading import ArchiveDesk

_NAMED_SO: Final = ".jpg"


class SentPictures(QWidget):
    """Reads nothing before it is looked at."""

    saved = Signal(str)
    """Where a copy of a picture lies now."""
    failed = Signal(object)
    """DeskError: no copy could be made."""

    def __init__(self, desk: ArchiveDesk, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sentPictures")
        self._desk, self._spawn = desk, spawn
        self._order: OrderId | None = None
        self._read: OrderId | None = None
        self._sent: Sequence[SentPicture] = ()
        self.strip = PictureStrip(self)
        self.viewer = PictureViewer(self)
        self._about = Statement(tr("Chosen picture"), "chosenPicture", self)
        self._save = named(QPushButton(tr("Save a copy…"), self), "savePicture", tr("Save a copy…"))
        self._empty = EmptyState(
            "image",
            tr("No pictures"),
            tr("None were sent with the reports of this shipment, or their time for keeping was over."),
            parent=self,
        )
        self._lay_out()
        self.strip.chosen.connect(self._show_current)
        self._save.clicked.connect(self._ask_where)

    def open(self, order: OrderId | None) -> None:
        self._order = order
        if self.isVisible():
            self._ask()

    # Inside

    def _lay_out(self) -> None:
        body = QWidget(self)
        row = QHBoxLayout()
        row.setSpacing(2 * SPACE)
        row.addWidget(self._about, 1)
        row.addWidget(self._save)
        column = QVBoxLayout(body)
        column.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self.strip)
        column.addLayout(row)
        column.addWidget(self.viewer, 1)
        self._body = body
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(body)
        self.setFocusProxy(self.strip)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def _ask(self) -> None:
        if self._order is not None and self._order != self._read:
            self._read = self._order
            self._spawn(self._show(self._order), "pictures of a shipment")

    async def _show(self, order: OrderId) -> None:
        sent = await self._desk.sent_pictures(order)
        if order != self._order or not isValid(self):
            return
        self._sent = ()
        self.strip.show_pictures(())  # of the shipment before
        self._sent = sent
        self.strip.show_pictures(tuple(each.picture for each in sent))
        self._stack.setCurrentWidget(self._body if sent else self._empty)
        for picture in dict.fromkeys(each.picture for each in sent):
            self._spawn(self._show_small(picture), "show a thumbnail")

    async def _show_small(self, picture: Picture) -> None:
        try:
            image = await self._image(picture, round(THUMBNAIL * self.devicePixelRatioF()))
        except DeskError:
            return  # where it is looked at, the reason stands
        if isValid(self):
            self.strip.show_thumbnail(picture, image)

    def _show_current(self, _picture: Picture | None) -> None:
        sent = self._current()
        self.viewer.show_image(None)
        self._save.setEnabled(sent is not None)
        if sent is not None:
            self._about.say("image", self._words(sent))
            self._spawn(self._show_large(sent), "show a picture")

    async def _show_large(self, sent: SentPicture) -> None:
        try:
            image = await self._image(sent.picture, None)
        except DeskError as error:
            if isValid(self) and self._current() == sent:
                self._about.say("triangle-alert", f"{name_of(sent.picture)}: {labels.error(error)}", Tone.WARN)
                self._save.setEnabled(False)
            return
        if isValid(self) and self._current() == sent:
            self.viewer.show_image(image)

    async def _image(self, picture: Picture, longest: int | None) -> QImage:
        return image_of(await self._desk.picture_pixels(picture.id, longest))

    def _current(self) -> SentPicture | None:
        """By its place: one picture may have gone with two reports."""
        row = self.strip.currentRow()
        return self._sent[row] if 0 <= row < len(self._sent) else None

    def _words(self, sent: SentPicture) -> str:
        entry, now, zone = sent.entry, self._desk.now(), self._desk.zone
        state = labels.entry_state(entry.state, entry.next_at, now, entry.code, entry.seen_by).text
        parts = (name_of(sent.picture), what(entry), when(entry.event_at or entry.made_at, now, zone), state, entry.made_by, entry.desk)
        return " · ".join(part for part in parts if part)

    def _ask_where(self) -> None:
        """Opened, not executed: a nested loop would lose the wake-ups of everything else."""
        sent = self._current()
        if sent is None:
            return
        name = Path(sent.picture.name).stem or tr("picture")
        dialog = QFileDialog(self, tr("Save a copy of the picture"), f"{sent.entry.order_id} {name}{_NAMED_SO}", f"JPEG (*{_NAMED_SO})")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(_NAMED_SO)
        dialog.fileSelected.connect(lambda chosen: self._spawn(self.save(sent, Path(chosen)), "save a picture"))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def save(self, sent: SentPicture, path: Path) -> None:
        try:
            await self._desk.save_picture(sent.picture.id, path)
        except DeskError as error:
            self.failed.emit(error)
        else:
            self.saved.emit(str(path))
