"""Files and pictures on their way into the tray: dropped, pasted or chosen. They go in as one stack, in the order they were given."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QPushButton, QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.errors import DeskError
from zendera_desk.gui.report.intake import carried
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr
from zendera_desk.pictures import from_screen

Source = Path | bytes | QImage

_PATIENCE: Final = 1_000
"""Milliseconds before work is worth a progress line."""
_ENDINGS: Final = ("pdf", "tif", "tiff", "jpg", "jpeg", "png", "webp", "heic", "heif")
"""Shown by the file dialog. What a file is, its content tells."""


class Incoming(QWidget):
    """The line that says that files are being taken in, there only when it takes long. What Cancel meets is kept as far as it came, and
    the rest is named among what was refused."""

    trouble = Signal(object)
    """DeskError: the folder cannot be watched."""

    def __init__(self, desk: Desk, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._spawn = desk, spawn
        self._folder = ""
        self._under_way: list[asyncio.Timeout] = []
        self._words = PlainLabel("", self, role="small")
        bar = QProgressBar(self)
        bar.setRange(0, 0)
        self.cancel = named(QPushButton(tr("Cancel"), self), "cancelTaking", tr("Cancel"), role="quiet")
        self.cancel.clicked.connect(self._stop)
        self._patience = QTimer(self, interval=_PATIENCE, singleShot=True)
        self._patience.timeout.connect(self.show)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * SPACE, 0, 3 * SPACE, 0)
        row.setSpacing(2 * SPACE)
        row.addWidget(self._words)
        row.addWidget(bar, 1)
        row.addWidget(self.cancel)
        self.hide()

    def take(self, sources: Sequence[Source]) -> None:
        if sources:
            self._spawn(self._take(sources), "take paper in")

    def paste(self) -> bool:
        """What the clipboard has, if that is a picture or a file."""
        taken = carried(QGuiApplication.clipboard().mimeData())
        self.take(taken)
        return bool(taken)

    def drop(self, event: QDropEvent) -> None:
        taken = carried(event.mimeData())
        if taken:
            event.setDropAction(event.dropAction().CopyAction)  # never a move: the file stays where it lies
            event.accept()
            self.take(taken)

    def choose_files(self) -> None:
        """Opened, not executed: a nested loop would lose the wake-ups of everything else."""
        wildcards = " ".join(f"*.{ending}" for each in _ENDINGS for ending in (each, each.upper()))
        dialog = QFileDialog(self.parentWidget(), tr("Add files"), self._folder, f"{tr('Scans and photos')} ({wildcards})")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _chosen(self, names: list[str]) -> None:
        if names:
            self._folder = str(Path(names[0]).parent)
        self.take([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Whatever is put into it from now on is taken in by itself."""
        dialog = QFileDialog(self.parentWidget(), tr("Watch a folder"), self._folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self._spawn(self._watch(Path(name)), "watch a folder"))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _watch(self, folder: Path) -> None:
        try:
            await self._desk.paper.watch(folder)
        except DeskError as error:
            self.trouble.emit(error)

    async def _take(self, sources: Sequence[Source]) -> None:
        scope = asyncio.timeout(None)
        self._under_way.append(scope)
        self._words.setText(tr("Taking in {n} file(s)", n=len(sources)))
        self._patience.start()
        try:
            async with scope:
                files = [await _png(source) if isinstance(source, QImage) else source for source in sources]
                await self._desk.paper.add(files, _name_of(files))
        except TimeoutError:
            if not scope.expired():
                raise
        finally:
            self._under_way.remove(scope)
            if not self._under_way:
                self._patience.stop()
                self.hide()

    def _stop(self) -> None:
        for scope in [each for each in self._under_way if each.when() is None]:  # once is enough
            scope.reschedule(asyncio.get_running_loop().time())


def _name_of(files: Sequence[Path | bytes]) -> str:
    """Of what came in at once; one file gives its own name."""
    names = [file.name for file in files if isinstance(file, Path)]
    return tr("{name} and {n} more", name=names[0], n=len(files) - 1) if names and len(files) > 1 else ""


async def _png(image: QImage) -> bytes:
    """The pixels are copied here, in some milliseconds; packing them takes long and is done in a thread."""
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return await asyncio.to_thread(from_screen, bytes(plain.constBits()), plain.width(), plain.height())
