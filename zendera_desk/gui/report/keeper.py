"""Keeps what is typed on disk: within half a second of each key, one save at a time, and tried again while the disk refuses."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from zendera_desk.domain.errors import DeskError
from zendera_desk.gui.spawn import Spawn

Place = TypeVar("Place")
Form = TypeVar("Form")

DELAY: Final = 250
"""Milliseconds from the first unsaved key to the save. Not from the last: who types without a pause is saved all the same. What was typed
is promised to be on disk within a second, also on a disk that stands still for half of it."""

AGAIN: Final = 3_000
"""Milliseconds until a refused save is tried again by itself."""


class DraftKeeper(QObject, Generic[Place, Form]):
    """`save` gets None for a draft that shall be gone. What is pending is remembered with its place, such as an order, whatever is open."""

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, save: Callable[[Place, Form | None], Awaitable[None]], spawn: Spawn, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._save, self._spawn = save, spawn
        self._pending: dict[Place, Form | None] = {}
        self._one_at_a_time = asyncio.Lock()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hurry)

    def keep(self, order: Place, draft: Form | None) -> None:
        self._pending[order] = draft
        if not self._timer.isActive() or self._timer.interval() != DELAY:
            self._timer.start(DELAY)

    def pending(self, order: Place) -> Form | None:
        """What the disk does not have yet, such as while it is full."""
        return self._pending.get(order)

    def hurry(self) -> None:
        """Saves what is pending, soon; `saved` or `failed` says when."""
        self._spawn(self._flush(), "save the draft")

    async def _flush(self) -> None:
        await self.flush()

    def forget(self, order: Place) -> None:
        """It became something else, and shall not come back as a draft."""
        self._pending.pop(order, None)

    async def flush(self, only: Place | None = None) -> bool:
        """Saves what is pending, now. False when something could not be saved, or, with `only`, when that could not; it stays pending
        and is tried again. One that cannot be written is in no other's way."""
        self._timer.stop()
        failed = set[Place]()
        async with self._one_at_a_time:
            for order, draft in tuple(self._pending.items()):
                try:
                    await self._save(order, draft)
                except DeskError as error:
                    failed.add(order)
                    self._timer.start(AGAIN)
                    self.failed.emit(error)
                    continue
                if self._pending.get(order) is draft:  # else it was typed on meanwhile
                    self._pending.pop(order, None)
                self.saved.emit(order)
        return not failed if only is None else only not in failed
