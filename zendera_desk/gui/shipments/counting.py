"""The numbers of the person's own views. No tally has them, so they are counted: in the background, beside every other reading, after
something changed, and the less often the longer it takes. The one that is shown needs no counting: the list says how long it is.
"""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

from PySide6.QtCore import QObject, QTimer

from zendera_desk.domain.ids import ViewId
from zendera_desk.domain.views import Length, OwnView
from zendera_desk.gui.spawn import Spawn
from zendera_desk.ownviews import OwnViews

_EVERY: Final = 3.0
"""Seconds from the end of one counting to the next, at least."""
_SHARE: Final = 20
"""Of the time that passes a twentieth is spent counting, at most."""


class Counting(QObject):
    """`tell` hears the numbers."""

    def __init__(self, views: OwnViews, spawn: Spawn, tell: Callable[[dict[ViewId, Length]], None], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._spawn, self._tell = views, spawn, tell
        self._views: list[OwnView] = []
        self._counting = self._wanted = False
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._go_on)

    def count(self, views: Sequence[OwnView]) -> None:
        """These, at once: they are new."""
        self._views = list(views)
        self._rest.stop()
        self.look()

    def look(self) -> None:
        """Something changed."""
        self._wanted = bool(self._views)
        self._go_on()

    def _go_on(self) -> None:
        if self._wanted and not self._counting and not self._rest.isActive():
            self._wanted, self._counting = False, True
            self._spawn(self._count(), "count the own views")

    async def _count(self) -> None:
        began, views = monotonic(), self._views
        try:
            numbers = await self._desk.counts([view.filter for view in views])
            self._tell({view.id: number for view, number in zip(views, numbers, strict=True)})
        finally:
            self._counting = False
            if views is self._views:
                self._rest.start(int(1000 * max(_EVERY, _SHARE * (monotonic() - began))))
            else:
                self._go_on()
