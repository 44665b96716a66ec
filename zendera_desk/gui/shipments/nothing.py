"""What stands in the list when there is nothing in it: a sentence for each view, for a search, and for the first read."""

from typing import Final, NamedTuple, Protocol

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from zendera_desk.domain.views import Filter, View, Wanted
from zendera_desk.gui.shipments.filterwords import filter_words
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.words import mark, tr


class Nothing(NamedTuple):
    icon: str
    title: str
    text: str


_VIEWS: Final = {
    View.TO_ACCEPT: Nothing("inbox", mark("Nothing to accept"), mark("New shipments appear here by themselves.")),
    View.TO_REPORT: Nothing("truck", mark("Nothing to report"), mark("Accepted shipments stand here until each stop is reported.")),
    View.NEEDS_ME: Nothing(
        "circle-check", mark("Nothing needs you"), mark("What Zendera refused, and what only you can decide, comes here.")
    ),
    View.DIFFERENCES: Nothing(
        "circle-check", mark("Nothing differs"), mark("Where the product feed does not fit what was reported, the shipment comes here.")
    ),
    View.TODAY: Nothing("calendar", mark("Nothing happened today yet"), mark("What comes, changes or is sent today stands here.")),
    View.ALL: Nothing("package", mark("No shipments yet"), mark("They appear here once Zendera has marked some for export.")),
}
READING: Final = Nothing("hourglass", mark("Reading the shipments"), "")


class HasArchives(Protocol):
    async def has_archives(self) -> bool: ...


class NothingHere(EmptyState):
    """In the place of the rows. Where shipments lie in archives, a search that found none says so, and leads there."""

    archives_asked = Signal()

    def __init__(self, desk: HasArchives, spawn: Spawn, parent: QWidget) -> None:
        super().__init__("inbox", "", parent=parent)
        self._desk, self._spawn = desk, spawn
        self._shown, self._sought = READING, ""
        self._has_archives = False
        self._told: tuple[Nothing, bool] | None = None
        self._archives = QAction(tr("Archives…"), self)
        self._archives.triggered.connect(self.archives_asked)
        self.hide()

    def say(self, shown: Nothing, text: str) -> None:
        """`text`: what was searched for, or ""."""
        if self.isHidden():
            return
        self._shown, self._sought = shown, text
        self._tell()
        if text:
            self._spawn(self._look_for_archives(), "look for archives")

    async def _look_for_archives(self) -> None:
        self._has_archives = await self._desk.has_archives()
        self._tell()

    def _tell(self) -> None:
        """At once with what was known last: a button that comes a moment later with each key would flicker.

        The same is not told again: the button is made anew with each telling, and whoever is about to press it would lose it.
        """
        leads_on = bool(self._sought) and self._has_archives
        if self._told == (self._shown, leads_on):
            return
        self._told = (self._shown, leads_on)
        icon, title, text = self._shown
        if leads_on:
            self.tell(icon, title, tr("Looked everywhere but in the archives. Esc clears the search."), [self._archives])
        else:
            self.tell(icon, title, text)


def nothing(view: Wanted, text: str) -> Nothing:
    """In the person's words. A search that finds nothing says where it looked: everywhere."""
    if text:
        where = tr("Looked in the numbers, names, places, phones, barcodes, comments and signees of all shipments. Esc clears the search.")
        return Nothing("search", tr("Nothing found for “{text}”", text=text), where)
    if isinstance(view, Filter):
        return Nothing("list-filter", tr("Nothing in this view"), filter_words(view))
    found = _VIEWS[view]
    return Nothing(found.icon, tr(found.title), tr(found.text))
