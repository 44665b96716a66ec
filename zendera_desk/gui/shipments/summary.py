"""The words beside the views: how much is selected (colli, kilograms, cash to collect), else what a search found and where.

The sums are read from the store, because a selection may hold rows that nobody has looked at; of many in parts, until another selection
makes an end of it.
"""

from time import monotonic
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from zendera_desk.domain.views import IdsPage, Sum
from zendera_desk.gui.format import count, money, weight
from zendera_desk.gui.shipments.ids import Ids
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr
from zendera_desk.lists import Lists

_SETTLE: Final = 80
"""Milliseconds: with Shift and an arrow held down only the last selection is added up."""
_PART: Final = 4_000
_PATIENCE: Final = 1.0
"""Seconds after which it is said how far the adding up is."""


class Summary(PlainLabel):
    def __init__(self, lists: Lists, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(role="muted", parent=parent)
        self.setObjectName("summary")
        self.setAccessibleName(tr("Selected shipments"))
        self._lists, self._spawn = lists, spawn
        self._chosen = Ids()
        self._found: IdsPage | None = None
        self._searched = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE)
        self._settle.timeout.connect(lambda: self._spawn(self._add_up(), "sum of the selection"))

    def follow(self, chosen: Ids) -> None:
        """The rows that are selected now. Their number is said at once, their sums a moment later."""
        if chosen == self._chosen:
            return
        self._chosen = chosen
        self._say()
        if len(self._chosen) > 1:
            self._settle.start()
        else:
            self._settle.stop()

    def tell_found(self, found: IdsPage | None, *, searched: bool = True) -> None:
        """`searched`: by a text; else it is a view of which not all is shown."""
        self._found, self._searched = found, searched
        if len(self._chosen) < 2:
            self._say()

    async def _add_up(self) -> None:
        chosen, total, began = self._chosen, Sum(), monotonic()
        for first in range(0, len(chosen), _PART):
            total = await self._lists.total(chosen[first : first + _PART], total)
            if chosen is not self._chosen:
                return
            if monotonic() - began > _PATIENCE:
                self.setText(progress_words(min(first + _PART, len(chosen)), len(chosen)))
        self.setText(sum_words(total, len(chosen)))

    def _say(self) -> None:
        if len(self._chosen) > 1:
            self.setText(selected_words(len(self._chosen)))
        else:
            self.setText("" if self._found is None or not self._found.count else self._words(self._found))

    def _words(self, found: IdsPage) -> str:
        return found_words(found) if self._searched else newest_words(found)


def newest_words(found: IdsPage) -> str:
    return tr("The newest {count}. Narrow the view to see older ones.", count=count(found.count))


def selected_words(selected: int) -> str:
    return tr("{count} selected", count=count(selected))


def progress_words(done: int, selected: int) -> str:
    return " · ".join((selected_words(selected), tr("added up {percent} %", percent=100 * done // selected)))


def sum_words(total: Sum, selected: int) -> str:
    """ "12 selected · 31 colli · 1,204.5 kg · COD 2 400,00 NOK"."""
    parts = [selected_words(selected), tr("{count} colli", count=count(total.colli))]
    if total.weight_kg is not None:
        known = weight(total.weight_kg)
        parts.append(tr("{weight} kg", weight=known))
        if total.unweighed:
            parts.append(tr("{n} without weight", n=total.unweighed))
    if total.cod:
        amounts = " + ".join(money(amount, currency) for currency, amount in total.cod)
        parts.append(tr("COD {amounts}", amounts=amounts))
    return " · ".join(parts)


def found_words(found: IdsPage) -> str:
    """Where it was found: a shipment of last month is found in every view, and nobody should take it for work."""
    if found.more:
        return tr("The best {n}. Type more to find older ones.", n=found.count)
    elsewhere = found.count - found.here
    if not elsewhere:
        return tr("{n} found", n=found.count)
    return tr("{here} here, {elsewhere} in other views", here=count(found.here), elsewhere=count(elsewhere))
