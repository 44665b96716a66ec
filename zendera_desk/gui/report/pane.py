"""The picture side of the form: the chosen picture large, all of them as a strip, and what became of those that were refused."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import PictureId
from zendera_desk.domain.report import Picture
from zendera_desk.domain.rules import Problem
from zendera_desk.gui import icons, labels
from zendera_desk.gui.format import visible
from zendera_desk.gui.images import image_of
from zendera_desk.gui.report.intake import carried, may_carry
from zendera_desk.gui.report.parts import Beside
from zendera_desk.gui.report.viewer import PictureViewer
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.widgets.picture_strip import THUMBNAIL, PictureStrip, Ticket
from zendera_desk.gui.widgets.plain import PlainLabel, plain_tip
from zendera_desk.gui.words import tr
from zendera_desk.pictures import Pixels

_PATIENCE = 1_000
"""Milliseconds before work is worth a progress line."""
_REFUSALS = 3
"""Shown one under the other; all of them are in the tool tip. More would push each other out of sight."""


_ENDINGS = ("jpg", "jpeg", "png", "webp", "heic", "heif", "tif", "tiff", "pdf")
"""Shown by the file dialog. What a file is, its content tells."""


class PicturePane(QWidget):
    """Emits `given(list)` for pictures to take in, `changed()` when the strip is another one by a person's hand."""

    given = Signal(object)
    changed = Signal()
    removed = Signal(object)
    """A person took a picture out; the pictures as they were before."""
    cancelled = Signal()

    def __init__(
        self, picture_pixels: Callable[[PictureId, int | None], Awaitable[Pixels]], spawn: Spawn, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._picture_pixels, self._spawn = picture_pixels, spawn
        self._folder = ""
        self._refused: list[str] = []
        self.viewer = PictureViewer(self)
        self.strip = PictureStrip(self)
        self.add = QPushButton(icons.icon("image-plus"), tr("Add pictures"), self)
        self.remove = QPushButton(icons.icon("trash-2"), tr("Remove picture"), self)
        self.beside = Beside(self)
        self.refusals = PlainLabel("", self, wrap=True)
        self._progress = QProgressBar(self)
        self._count = PlainLabel("", self, role="small")
        self._cancel = QPushButton(tr("Cancel"), self)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE)
        self._build()
        self._connect()
        self._show_current(None)

    def pictures(self) -> tuple[Picture, ...]:
        return self.strip.pictures()

    def show_pictures(self, pictures: tuple[Picture, ...]) -> None:
        """Another form's pictures: refusals of the one before go."""
        self._say_refused("")
        self.strip.show_pictures(pictures)
        self._dress(pictures)

    def landed(self, ticket: Ticket, pictures: Sequence[Picture]) -> None:
        """Puts in what is not there yet; a file that brings nothing new is said, too."""
        here = {picture.id for picture in self.pictures()}
        new = list({picture.id: picture for picture in pictures if picture.id not in here}.values())
        self.strip.fill(ticket, new)
        if not new:
            self._tell(ticket.name, tr("This picture is already there."))
            return
        if ticket.image is not None:
            self.strip.show_thumbnail(new[0], ticket.image)
        self._dress(new[0 if ticket.image is None or new[0] != pictures[0] else 1 :])
        self.changed.emit()

    def tell_refused(self, name: str, error: DeskError) -> None:
        """Stays until the next pictures are added or the form is another one."""
        self._tell(name, labels.error(error))

    def _tell(self, name: str, words: str) -> None:
        named = visible(name) or tr("Pasted picture")
        line = words if name and named in words else f"{named}: {words}"
        self._say_refused("\n".join((*self._refused, line)))

    def show_problems(self, problems: Sequence[Problem], confirmed: frozenset[str]) -> None:
        self.beside.tell(problems, confirmed)

    def show_progress(self, done: int, of: int) -> None:
        if of == 0:
            self._patience.stop()
            self._show_working(False)
            return
        if not self._patience.isActive() and self._count.isHidden():
            self._patience.start()
        self._progress.setMaximum(of)
        self._progress.setValue(done)
        self._count.setText(tr("Preparing picture {number} of {all}", number=min(done + 1, of), all=of))

    def paste(self) -> bool:
        """Takes what the clipboard has, if that is a picture or a file."""
        taken = carried(QGuiApplication.clipboard().mimeData())
        if taken:
            self._give(taken)
        return bool(taken)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if may_carry(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        taken = carried(event.mimeData())
        if taken:
            event.setDropAction(Qt.DropAction.CopyAction)  # never a move: the file stays where it lies
            event.accept()
            self._give(taken)

    def choose_files(self) -> None:
        """Opened, not executed: a nested loop would lose the wake-ups of everything else."""
        dialog = QFileDialog(self, tr("Add pictures"), self._folder, f"{tr('Pictures')} ({_wildcards()})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._chosen_files)
        dialog.open()

    def _chosen_files(self, names: list[str]) -> None:
        files: list[Path | bytes | QImage] = [Path(name) for name in names]
        if names:
            self._folder = str(Path(names[0]).parent)
        self._give(files)

    def _give(self, taken: list[Path | bytes | QImage]) -> None:
        self._say_refused("")
        self.given.emit(taken)

    def _take_out(self, picture: Picture | None) -> None:
        if picture is not None:
            before = self.pictures()
            self.strip.take_out(picture)
            self.changed.emit()
            self.removed.emit(before)

    def _dress(self, pictures: Sequence[Picture]) -> None:
        for picture in pictures:
            self._spawn(self._show_thumbnail(picture), "show a thumbnail")

    async def _show_thumbnail(self, picture: Picture) -> None:
        image = await self._image(picture, round(THUMBNAIL * self.devicePixelRatioF()))
        if image is not None:
            self.strip.show_thumbnail(picture, image)

    async def _show_large(self, picture: Picture) -> None:
        image = await self._image(picture, None)
        if self.strip.current() == picture:
            self.viewer.show_image(image)

    async def _image(self, picture: Picture, longest: int | None) -> QImage | None:
        try:
            return image_of(await self._picture_pixels(picture.id, longest))
        except DeskError as error:
            self.tell_refused(picture.name, error)
            return None

    def _show_current(self, picture: Picture | None) -> None:
        self.remove.setEnabled(picture is not None)
        self._stack.setCurrentIndex(0 if picture is None else 1)
        if picture is None:
            self.viewer.show_image(None)
        else:
            self._spawn(self._show_large(picture), "show a picture")

    def _say_refused(self, text: str) -> None:
        self._refused = text.split("\n") if text else []
        more = len(self._refused) - _REFUSALS
        shown = self._refused if more <= 0 else [*self._refused[:_REFUSALS], tr("and {n} more", n=more)]
        self.refusals.setText("\n".join(shown))
        self.refusals.setToolTip(plain_tip(text))
        self.refusals.setVisible(bool(text))

    def _show_working(self, on: bool) -> None:
        for widget in (self._progress, self._count, self._cancel):
            widget.setVisible(on)

    def _build(self) -> None:
        self._empty = EmptyState("image-plus", tr("No pictures yet"), tr("Drop, paste or add them here."), parent=self)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.viewer)
        self.refusals.setProperty("tone", "bad")
        self.refusals.setAccessibleName(tr("Refused pictures"))
        self._cancel.setProperty("role", "quiet")
        self.remove.setProperty("role", "quiet")
        for button, name in ((self.add, "addPictures"), (self.remove, "removePicture"), (self._cancel, "cancelPictures")):
            button.setObjectName(name)
            button.setIconSize(icons.BESIDE_WORDS)
            button.setAccessibleName(button.text())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        actions = QVBoxLayout()
        actions.setSpacing(SPACE)
        actions.addWidget(self.add)
        actions.addWidget(self.remove)
        row = QHBoxLayout()
        row.setSpacing(2 * SPACE)
        row.addWidget(self.strip, 1)
        row.addLayout(actions)
        working = QHBoxLayout()
        for widget, stretch in ((self._count, 0), (self._progress, 1), (self._cancel, 0)):
            working.addWidget(widget, stretch)
        self._show_working(False)
        self.refusals.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 2 * SPACE, SPACE, 2 * SPACE)
        layout.setSpacing(2 * SPACE)
        layout.addLayout(self._stack, 1)
        layout.addLayout(row)
        layout.addWidget(self.beside)
        layout.addWidget(self.refusals)
        layout.addLayout(working)

    def _connect(self) -> None:
        self.add.clicked.connect(self.choose_files)
        self.remove.clicked.connect(lambda: self._take_out(self.strip.current()))
        self.strip.unwanted.connect(self._take_out)
        self.strip.chosen.connect(self._show_current)
        self._cancel.clicked.connect(self.cancelled)
        self._patience.timeout.connect(lambda: self._show_working(True))
        paste = QAction(tr("Paste picture"), self)
        paste.triggered.connect(self.paste)
        for widget in (self._empty, self.strip):
            widget.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
            widget.addAction(paste)


def _wildcards() -> str:
    """In small and capital letters: some systems tell them apart."""
    return " ".join(f"*.{ending}" for each in _ENDINGS for ending in (each, each.upper()))
