"""The prepared pictures of a form as a row of thumbnails: choose one with a click or the arrows, take one out with Delete."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QListWidget, QListWidgetItem, QWidget

from zendera_desk.domain.report import Picture
from zendera_desk.gui import icons
from zendera_desk.gui.format import visible
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.words import tr

THUMBNAIL: Final = 48
"""Pixels: the longer side of a thumbnail."""

_CELL: Final = QSize(THUMBNAIL + 10, THUMBNAIL + 8)


class Ticket:
    """The place of a file that is on its way to become a picture, or several."""

    def __init__(self, name: str, *, alone: bool) -> None:
        self.name, self.alone = name, alone
        """Alone: no other was given with it. It is shown large as soon as it is there."""
        self.image: QImage | None = None
        """Small, once it was seen."""


class PictureStrip(QListWidget):
    """Emits `chosen(Picture | None)` when another picture is current, and `unwanted(Picture)` when one shall go."""

    chosen = Signal(object)
    unwanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Pictures"))
        self.setObjectName("pictures")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setViewMode(QListView.ViewMode.ListMode)
        self.setMovement(QListView.Movement.Static)
        self.setIconSize(QSize(THUMBNAIL, THUMBNAIL))
        self.setUniformItemSizes(True)
        self.setFixedHeight(_CELL.height() + 14)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setStyleSheet("QListWidget { background: transparent; }")  # an empty strip is no box
        self.currentItemChanged.connect(lambda now, _before: self.chosen.emit(self._of(now)))

    def pictures(self) -> tuple[Picture, ...]:
        return tuple(picture for row in range(self.count()) if (picture := self._of(self.item(row))) is not None)

    def current(self) -> Picture | None:
        return self._of(self.currentItem())

    def show_pictures(self, pictures: tuple[Picture, ...]) -> None:
        """Shows these instead, without tickets; the chosen one stays chosen if it is still there."""
        if pictures == self.pictures():
            for row in reversed(range(self.count())):
                if self._of(self.item(row)) is None:
                    self.takeItem(row)
            return
        before = self.current()
        self.clear()
        for picture in pictures:
            self._put(picture, self.count())
        self.setCurrentRow(pictures.index(before) if before in pictures else 0)

    def expect(self, ticket: Ticket) -> None:
        """Keeps a place at the end."""
        item = QListWidgetItem(icons.icon("image"), "")
        item.setData(Qt.ItemDataRole.UserRole, ticket)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setSizeHint(_CELL)
        words = tr("{name} is being prepared", name=visible(ticket.name) or tr("Pasted picture"))
        item.setToolTip(plain_tip(words))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        self.addItem(item)
        self.glimpse(ticket)

    def glimpse(self, ticket: Ticket) -> None:
        """It was seen meanwhile. As bright as it will be: it only cannot be chosen yet."""
        row = self._row_of(ticket)
        if row is not None and ticket.image is not None:
            self.item(row).setIcon(_icon(ticket.image))

    def fill(self, ticket: Ticket, pictures: Sequence[Picture]) -> None:
        """Puts the pictures in the place that was kept for them, or at the end."""
        row = self.forget(ticket)
        row = self.count() if row is None else row
        for number, picture in enumerate(pictures):
            self._put(picture, row + number)
        if pictures and (ticket.alone or self.current() is None):
            self.setCurrentRow(row)

    def forget(self, ticket: Ticket) -> int | None:
        """Gives the place up. Returns which it was."""
        row = self._row_of(ticket)
        if row is not None:
            self.takeItem(row)
        return row

    def take_out(self, picture: Picture) -> None:
        for row in range(self.count()):
            if self._of(self.item(row)) == picture:
                self.takeItem(row)
                return

    def add(self, picture: Picture) -> None:
        """At the end."""
        self._put(picture, self.count())

    def exchange(self, before: Picture, after: Picture) -> bool:
        """Puts another picture in its place, chosen if it was. False when it is not here."""
        for row in range(self.count()):
            if self._of(self.item(row)) == before:
                if after in self.pictures():
                    self.takeItem(row)
                    return True
                chosen = self.currentRow() == row
                icon = self.item(row).icon()
                with QSignalBlocker(self):
                    self.takeItem(row)
                    self._put(after, row)
                    self.item(row).setIcon(icon)
                    if chosen:
                        self.setCurrentRow(row)
                if chosen:
                    self.chosen.emit(after)
                return True
        return False

    def show_thumbnail(self, picture: Picture, image: QImage) -> None:
        """Fills in what was decoded meanwhile; the picture may be gone by now."""
        for row in range(self.count()):
            item = self.item(row)
            if self._of(item) == picture:
                item.setIcon(_icon(image))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.current()
        if current is not None and event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.unwanted.emit(current)
            return
        super().keyPressEvent(event)

    def _row_of(self, ticket: Ticket) -> int | None:
        return next((row for row in range(self.count()) if self.item(row).data(Qt.ItemDataRole.UserRole) is ticket), None)

    def _put(self, picture: Picture, row: int) -> None:
        item = QListWidgetItem(icons.icon("image"), "")
        item.setData(Qt.ItemDataRole.UserRole, picture)
        item.setSizeHint(_CELL)
        item.setToolTip(plain_tip(f"{name_of(picture)}\n{picture.width} × {picture.height}, {max(1, picture.size // 1000)} kB"))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, name_of(picture))
        self.insertItem(row, item)

    @staticmethod
    def _of(item: QListWidgetItem | None) -> Picture | None:
        picture = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return picture if isinstance(picture, Picture) else None


def _icon(image: QImage) -> QIcon:
    """The same for what cannot be chosen: Qt would make it pale."""
    pixmap = QPixmap.fromImage(image)
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Disabled)
    return icon


def name_of(picture: Picture) -> str:
    return visible(picture.name) or tr("Pasted picture")
