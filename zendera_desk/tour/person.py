"""A person's hands and eyes: keys and clicks into real widgets found by name, waiting until something is to be seen.

Events are Qt's own test events. Waiting is awaited, never a nested loop, so that the program lives on meanwhile.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Final, Protocol, TypeVar

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from zendera_desk.domain.ids import OrderId
from zendera_desk.gui.watchdog import Watchdog
from zendera_desk.gui.window import Window

PATIENCE: Final = 30.0
_LOOK: Final = 0.02
_SETTLE: Final = 0.25
"""Seconds before a picture: what is being painted shall be finished."""

W = TypeVar("W", bound=QWidget)


class TourFailed(Exception):  # noqa: N818 (what happened, in the words of the tour)
    """Something that a person would have expected did not come."""


class Seen(Protocol):
    def __call__(self) -> object: ...


class Person:
    def __init__(self, window: Window, folder: Path, watchdog: Watchdog, first_shot: int = 1) -> None:
        self.window = window
        self.shots = first_shot
        self._folder = folder
        self._watchdog = watchdog

    # Eyes

    async def sees(self, what: str, seen: Seen, patience: float = PATIENCE) -> None:
        """Waits until `seen()` is true. Raises TourFailed."""
        until = monotonic() + patience
        while not seen():
            if monotonic() > until:
                raise TourFailed(f"waited {patience:.0f} s and did not see {what}")
            await asyncio.sleep(_LOOK)

    async def picture(self, name: str) -> None:
        """A numbered screenshot of the window as it is."""
        await asyncio.sleep(_SETTLE)
        image = self.window.grab().toImage()
        self._watchdog.excuse()
        self._save(image, name)

    async def picture_of_screen(self, name: str) -> None:
        """The same with what lies over the window: menus, the command palette."""
        await asyncio.sleep(_SETTLE)
        window = self.window
        if QGuiApplication.platformName() == "offscreen" or not window.screen().geometry().contains(window.geometry()):
            await self.picture(name)  # of a screen too small for the window, a part would be seen
            return
        place = window.mapToGlobal(QPoint(0, 0)) - window.screen().geometry().topLeft()
        image = window.screen().grabWindow(0, place.x(), place.y(), window.width(), window.height()).toImage()
        self._watchdog.excuse()
        self._save(image, name)

    def find(self, kind: type[W], name: str, inside: QWidget | None = None) -> W:
        """The visible widget with this objectName. Raises TourFailed."""
        for widget in (inside or self.window).findChildren(kind, name):
            if widget.isVisible():
                return widget
        raise TourFailed(f"there is no visible {kind.__name__} called {name}")

    # Hands

    async def press(self, keys: str) -> None:
        """A key with its modifiers, such as "Ctrl+Return", to whatever has the focus."""
        key, modifiers = _key(keys)
        QTest.keyClick(self._focus(), key, modifiers)
        await asyncio.sleep(_LOOK)

    async def type(self, text: str, into: QWidget | None = None) -> None:
        if into is not None:
            await self.click(into)
        for letter in text:
            QTest.keyClicks(self._focus(), letter)
            await asyncio.sleep(0)

    async def click(self, widget: QWidget, at: QPoint | None = None, modifiers: Qt.KeyboardModifier | None = None) -> None:
        QTest.mouseClick(
            widget, Qt.MouseButton.LeftButton, modifiers or Qt.KeyboardModifier.NoModifier, widget.rect().center() if at is None else at
        )
        await asyncio.sleep(_LOOK)

    async def drop(self, files: Sequence[Path], onto: QWidget) -> None:
        """Files dragged in from the system's file manager and let go."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        centre, copy, left, plain = (
            onto.rect().center(),
            Qt.DropAction.CopyAction,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(onto, QDragEnterEvent(centre, copy, data, left, plain))
        QApplication.sendEvent(onto, QDropEvent(QPointF(centre), copy, data, left, plain))
        await asyncio.sleep(_LOOK)

    async def paste(self, image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        await self.press("Ctrl+V")

    # The list

    async def choose(self, orders: Sequence[OrderId]) -> None:
        """Clicks the rows, the first plainly and the others with Ctrl."""
        table, model = self.window.shipments.table, self.window.shipments.model
        for place, order in enumerate(orders):
            row = model.row_of(order)
            if row is None:
                raise TourFailed(f"order {order} is not in the list")
            index = model.index(row, 0)
            table.scrollTo(index)
            modifier = Qt.KeyboardModifier.ControlModifier if place else Qt.KeyboardModifier.NoModifier
            await self.click(table.viewport(), table.visualRect(index).center(), modifier)
        await self.sees("the chosen rows", lambda: set(self.window.shipments.selected()) == set(orders))

    def _focus(self) -> QWidget:
        widget = QApplication.focusWidget()
        if widget is None:
            raise TourFailed("nothing has the focus")
        return widget

    def _save(self, image: QImage, name: str) -> None:
        """Qt's writing of images belongs to no other thread than this one (PySide6 6.11.3 can stop the program there)."""
        image.save(str(self._folder / f"{self.shots:02}-{name}.png"))
        self._watchdog.excuse()
        self.shots += 1


def _key(keys: str) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    *names, last = keys.split("+")
    modifiers = Qt.KeyboardModifier.NoModifier
    for name in names:
        modifiers |= {
            "Ctrl": Qt.KeyboardModifier.ControlModifier,
            "Shift": Qt.KeyboardModifier.ShiftModifier,
            "Alt": Qt.KeyboardModifier.AltModifier,
        }[name]
    return Qt.Key[f"Key_{last}"], modifiers
