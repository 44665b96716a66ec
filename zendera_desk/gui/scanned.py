"""What comes of a scan: the page that is shown may want it, else it opens the shipment that it names. Nothing typed is touched."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.paper import Code
from zendera_desk.domain.scans import bare, kind_of
from zendera_desk.gui.format import visible
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.toast import Toast, ToastStrip
from zendera_desk.gui.words import tr


@runtime_checkable
class TakesScans(Protocol):
    """A page on which a scan means something of its own."""

    def take_scan(self, text: str) -> bool:
        """False: it is for the window after all."""


class Scanned:
    """`open_one` opens a shipment, `find` shows in the list what a text finds, `page` is what is shown now."""

    def __init__(
        self,
        desk: Desk,
        spawn: Spawn,
        toasts: ToastStrip,
        *,
        open_one: Callable[[OrderId], None],
        find: Callable[[str], None],
        page: Callable[[], QWidget | None],
    ) -> None:
        self._desk, self._spawn, self._toasts = desk, spawn, toasts
        self._open_one, self._find, self._page = open_one, find, page
        self._scans = 0

    def take(self, text: str) -> None:
        page = self._page()
        if isinstance(page, TakesScans) and page.take_scan(text):
            return
        self._scans += 1
        self._spawn(self._look(text, self._scans, page), "find what was scanned")

    async def _look(self, text: str, scan: int, page: QWidget | None) -> None:
        found = await self._desk.find_by_codes([Code(kind=kind_of(text), text=text)])
        if scan != self._scans:
            return  # another was scanned meanwhile, and that is what the person looks at now
        number = bare(text)
        shown = visible(number)
        if len(found) == 1 and self._page() is not page:  # the person went elsewhere meanwhile, and stays there
            words = tr("Scanned {number}: shipment {order}", order=found[0], number=shown)
            self._tell(words, tr("Open it"), lambda: self._open_one(found[0]))
        elif len(found) == 1:
            self._open_one(found[0])
            words = tr("Shipment {order} is open: scanned {number}", order=found[0], number=shown)
            self._toasts.tell(Toast(text=words, icon="package", tone=Tone.INFO, lasts=3))
        elif found:
            words = tr("{n} shipments have {number}", n=len(found), number=shown)
            self._tell(words, tr("Show them"), lambda: self._find(number))
        else:
            words = tr("No shipment here has {number}", number=shown)
            self._tell(words, tr("Copy"), lambda: QGuiApplication.clipboard().setText(number))

    def _tell(self, words: str, action: str, act: Callable[[], None]) -> None:
        self._toasts.tell(Toast(text=words, icon="triangle-alert", tone=Tone.WARN, action=action, act=act, lasts=10))
