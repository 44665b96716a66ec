"""The picture side of the form: the chosen picture large, all of them as a strip, and what became of those that were refused."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QHBoxLayout, QProgressBar, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import PictureId
from zendera_desk.domain.report import Picture
from zendera_desk.domain.rules import Problem
from zendera_desk.gui import icons, labels
from zendera_desk.gui.format import visible
from zendera_desk.gui.images import image_of
from zendera_desk.gui.report.intake import carried, may_carry
from zendera_desk.gui.report.needs import RetouchDesk
from zendera_desk.gui.report.pad import Pad
from zendera_desk.gui.report.parts import Beside
from zendera_desk.gui.report.retouch import Retouch
from zendera_desk.gui.report.tools import PictureTools, Tool
from zendera_desk.gui.report.viewer import PictureViewer
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.widgets.picture_strip import THUMBNAIL, PictureStrip, Ticket
from zendera_desk.gui.widgets.plain import PlainLabel, plain_tip
from zendera_desk.gui.words import tr

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
    removed = Signal(object, int)
    """A person took a picture out; its place was this."""
    exchanged = Signal(object, object)
    """A person changed a picture; the one that stands in its place."""
    cancelled = Signal()

    def __init__(self, desk: RetouchDesk, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._spawn = desk, spawn
        self._folder = ""
        self._refused: list[str] = []
        self.viewer = PictureViewer(self)
        self.pad = Pad(self)
        self.retouch = Retouch(desk, spawn, self)
        self.tools = PictureTools(self.viewer, self.pad, self.retouch, desk, spawn, self)
        self.strip = PictureStrip(self)
        self.add = QPushButton(icons.icon("image-plus"), tr("Add pictures"), self)
        self.remove = QPushButton(icons.icon("trash-2"), tr("Remove picture"), self)
        self.sign = QPushButton(icons.icon("signature"), tr("Signature…"), self)
        self.beside = Beside(self)
        self.refusals = PlainLabel("", self, wrap=True)
        self._working = QFrame(self)
        self._progress = QProgressBar(self._working)
        self._count = PlainLabel("", self._working, role="small")
        self._cancel = QPushButton(tr("Cancel"), self._working)
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

    def show_ahead(self, image: QImage) -> None:
        """The first picture of the draft that is on its way here, before that has been read."""
        self._stack.setCurrentIndex(1)
        self.viewer.show_image(image)

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

    def exchange(self, before: Picture, after: Picture) -> None:
        """A person changed it. Where nothing came of that, it is shown again as it is."""
        if before == after or not self.put_in_place(before, after):
            if self.strip.current() == before:
                self._show_current(before)
            return
        self.exchanged.emit(before, after)

    def put_in_place(self, before: Picture, after: Picture) -> bool:
        """False when the one before is not here."""
        if not self.strip.exchange(before, after):
            return False
        self._dress([after])
        self.changed.emit()
        return True

    def take_in(self, pictures: Sequence[Picture], instead_of: PictureId | None = None) -> None:
        """More that belong here: at the end, or in the place of one, if that is still here. What is here already stays where it is."""
        here = {picture.id: picture for picture in self.pictures()}
        if instead_of is not None:
            if instead_of in here:
                self.put_in_place(here[instead_of], pictures[0])
            return
        new = [picture for picture in pictures if picture.id not in here]
        for picture in new:
            self.strip.add(picture)
        if new:
            self._dress(new)
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
            self._working.hide()
            return
        if not self._patience.isActive() and self._working.isHidden():
            self._patience.start()
        self._progress.setMaximum(of)
        self._progress.setValue(done)
        self._count.setText(tr("Preparing picture {number} of {all}", number=min(done + 1, of), all=of))

    def add_to_menu(self, *actions: QAction) -> None:
        for widget in (self._empty, self.strip):
            widget.addActions(actions)

    def add_below(self, widget: QWidget) -> None:
        """Something that is asked about the picture that is shown."""
        self._column.addWidget(widget)

    def make_room(self, on: bool) -> None:
        """While something is asked below, the picture stays in sight, and the row of all of them gives way."""
        self._all.setVisible(not on)

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
            place = self.pictures().index(picture)
            self.strip.take_out(picture)
            self.changed.emit()
            self.removed.emit(picture, place)

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
            return image_of(await self._desk.picture_pixels(picture.id, longest))
        except DeskError as error:
            self.tell_refused(picture.name, error)
            return None

    def _show_current(self, picture: Picture | None) -> None:
        self.remove.setEnabled(picture is not None)
        self.tools.show_for(picture)
        self._show_page()
        if picture is None:
            self.viewer.show_image(None)
        else:
            self._spawn(self._show_large(picture), "show a picture")

    def _show_page(self, *_rows: object) -> None:
        page = self.viewer if self.strip.count() else self._empty  # also while the first of them is being prepared
        self._stack.setCurrentWidget(self.pad if self.tools.tool is Tool.PAD else page)
        self._working.raise_()

    def _turn(self, degrees: int) -> None:
        if (picture := self.strip.current()) is not None:
            self.retouch.turn(picture, degrees)

    def _restore(self) -> None:
        if (picture := self.strip.current()) is not None:
            self.retouch.restore(picture)

    def _say_refused(self, text: str) -> None:
        self._refused = text.split("\n") if text else []
        more = len(self._refused) - _REFUSALS
        shown = self._refused if more <= 0 else [*self._refused[:_REFUSALS], tr("and {n} more", n=more)]
        self.refusals.setText("\n".join(shown))
        self.refusals.setToolTip(plain_tip(text))
        self.refusals.setVisible(bool(text))

    def _show_working(self) -> None:
        self._working.show()
        self._working.raise_()

    def _build(self) -> None:
        self._stack = QStackedLayout()
        self._empty = EmptyState("image-plus", tr("No pictures yet"), tr("Drop, paste or add them here."), parent=self)
        for page in (self._empty, self.viewer, self.pad):
            self._stack.addWidget(page)
        self.viewer.add_tool(tr("Crop"), "crop", self.tools.crop, tr("Crop (Alt+C)"))
        self.viewer.add_tool(tr("Brightness"), "sun", self.tools.brightness, tr("Brightness (Alt+B)"))
        self.viewer.add_tool(tr("As it came"), "undo-2", self._restore, tr("As it came: neither turned, cropped nor brightened"))
        self.refusals.setProperty("tone", "bad")
        self.refusals.setAccessibleName(tr("Refused pictures"))
        self._name_buttons()
        self._all = self._row_of_all()
        self._working.setProperty("role", "card")
        working = QHBoxLayout(self._working)
        working.setContentsMargins(2 * SPACE, 2, 2, 2)
        for widget, stretch in ((self._count, 0), (self._progress, 1), (self._cancel, 0)):
            working.addWidget(widget, stretch)
        self._working.hide()
        self.refusals.hide()
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 2 * SPACE, SPACE, 2 * SPACE)
        layout.setSpacing(2 * SPACE)
        large = QGridLayout()
        large.addLayout(self._stack, 0, 0)
        # Over the picture: below it, it would take room, and the list above would move with each picture that is dropped.
        large.addWidget(self._working, 0, 0, Qt.AlignmentFlag.AlignBottom)
        layout.addLayout(large, 1)
        for part in (self.tools, self._all, self.beside, self.refusals):
            layout.addWidget(part)

    def _name_buttons(self) -> None:
        for button in (self.remove, self.sign, self._cancel):
            button.setProperty("role", "quiet")
        named = {"addPictures": self.add, "removePicture": self.remove, "addSignature": self.sign, "cancelPictures": self._cancel}
        for name, button in named.items():
            button.setObjectName(name)
            button.setIconSize(icons.BESIDE_WORDS)
            button.setAccessibleName(button.text())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _row_of_all(self) -> QWidget:
        """All pictures, and what is done with them."""
        actions = QGridLayout()
        actions.setSpacing(SPACE)
        actions.addWidget(self.add, 0, 0)
        actions.addWidget(self.sign, 0, 1)
        actions.addWidget(self.remove, 1, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        every = QWidget(self)
        row = QHBoxLayout(every)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * SPACE)
        row.addWidget(self.strip, 1)
        row.addLayout(actions)
        return every

    def _connect(self) -> None:
        self.add.clicked.connect(self.choose_files)
        self.remove.clicked.connect(lambda: self._take_out(self.strip.current()))
        self.strip.unwanted.connect(self._take_out)
        self.sign.clicked.connect(self.tools.signature)
        self.tools.changed.connect(self._show_page)
        self.tools.changed.connect(lambda: self.viewer.show_tools(self.tools.tool is None))
        self.tools.signed.connect(lambda image: self._give([image]))
        self.viewer.turned.connect(self._turn)
        self.strip.chosen.connect(self._show_current)
        for rows in (self.strip.model().rowsInserted, self.strip.model().rowsRemoved):
            rows.connect(self._show_page)
        self._cancel.clicked.connect(self.cancelled)
        self._patience.timeout.connect(self._show_working)
        paste = QAction(tr("Paste picture"), self)
        paste.triggered.connect(self.paste)
        for widget in (self._empty, self.strip):
            widget.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.add_to_menu(paste)


def _wildcards() -> str:
    """In small and capital letters: some systems tell them apart."""
    return " ".join(f"*.{ending}" for each in _ENDINGS for ending in (each, each.upper()))
