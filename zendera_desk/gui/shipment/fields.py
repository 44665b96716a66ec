"""All fields of the original, also those this program does not know: nothing that Zendera sends is invisible."""

import asyncio
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from zendera_desk.gui.format import count
from zendera_desk.gui.shipment.original import Found, Original
from zendera_desk.gui.shipment.tree import FieldsTree
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.empty import EmptyState
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.widgets.searchfield import SearchField
from zendera_desk.gui.words import tr

_PAUSE_MS: Final = 200
"""After the last key: a word typed fast is one search."""


class AllFields(QWidget):
    copied = Signal(str)

    def __init__(self, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spawn = spawn
        self._original = Original(b"{}")
        self._asked = 0
        self._filter = SearchField(self)
        self._filter.setObjectName("filterFields")
        self._filter.setAccessibleName(tr("Filter fields"))
        self._filter.setPlaceholderText(tr("Name or value of a field"))
        self._filter.offer_clearing()
        self._typed = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._typed.timeout.connect(lambda: self._spawn(self._search(), "search the fields"))
        self._filter.textChanged.connect(lambda _text: self._typed.start())
        self._count = PlainLabel("", self, role="muted")
        self.tree = FieldsTree("allFields", tr("All fields"), self)
        self.tree.copied.connect(self.copied)
        self._nothing = EmptyState("search", tr("No field is like that"), tr("Names and values are looked through."), parent=self)
        self._lay_out()
        self.setFocusProxy(self.tree)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(2 * SPACE, 2 * SPACE, 3 * SPACE, 0)
        top.setSpacing(3 * SPACE)
        top.addWidget(self._filter, 1)
        top.addWidget(self._count)
        self._body = QStackedLayout()
        self._body.addWidget(self.tree)
        self._body.addWidget(self._nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addLayout(top)
        layout.addLayout(self._body, 1)

    async def read(self, written: bytes) -> tuple[Original, Found]:
        """Taken apart, and searched for what is typed, for `say`: in a thread, as nobody knows how large it is."""
        original = self._original if written == self._original.written else await asyncio.to_thread(Original, written)
        return original, await asyncio.to_thread(original.search, self._filter.text())

    def say(self, original: Original, found: Found) -> None:
        """What was shown already is left as it is."""
        if original is not self._original:
            self._original = original
            self._asked += 1
            self._show(found)

    async def _search(self) -> None:
        self._asked += 1
        asked = self._asked
        found = await asyncio.to_thread(self._original.search, self._filter.text())
        if asked == self._asked:
            self._show(found)

    def _show(self, found: Found) -> None:
        self.tree.say(found)
        self._body.setCurrentIndex(1 if found.searched and not found.number else 0)
        said = tr("{count} (field|fields)", n=found.number, count=count(found.number))
        self._count.setText(f"{said}, {tr('{n} not known to this program', n=found.unknown)}" if found.unknown else said)
