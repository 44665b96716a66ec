"""A report that was sent, and what comes after it: the next shipment of the view, if that was wished; its form again, if it came back."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication

from zendera_desk.domain.ids import EntryId, OrderId
from zendera_desk.gui.shipments.panel import ShipmentsPanel
from zendera_desk.gui.words import tr


class Following:
    """`built` gives those of these views that are there, `report_on` brings a shipment's form, `say` tells a sentence."""

    def __init__(
        self,
        shipments: ShipmentsPanel,
        built: Callable[..., list[Any]],
        report_on: Callable[[OrderId], None],
        bring: Callable[[OrderId], None],
        say: Callable[[str], None],
    ) -> None:
        self._shipments, self._built, self._report_on, self._bring, self._say = shipments, built, report_on, bring, say
        self._next: dict[OrderId, OrderId | None] = {}
        """After shipments whose reports are being sent, where that was wished; None: that was the last of its view."""

    def note(self, order: OrderId, *, then_next: bool) -> None:
        self._next.pop(order, None)
        if then_next:
            self._next[order] = self._shipments.next_after(order)

    def sent(self, order: OrderId, entries: tuple[EntryId, ...]) -> None:
        goes_on = order in self._next
        following = self._next.pop(order, None)
        if any(paper.sent(order, entries) for paper in self._built("paper")):
            return
        for report in self._built("report"):
            focus = QApplication.focusWidget()
            still_there = report.order == order and focus is not None and report.isAncestorOf(focus)
            report.sent(order)
            if goes_on and still_there:  # else the person has gone elsewhere while it was written down, and stays there
                self._go_on(following)

    def restored(self, order: OrderId, entries: tuple[EntryId, ...]) -> None:
        if not any(paper.restored(entries) for paper in self._built("paper")):
            self._bring(order)  # the list chooses its row as soon as the view has it again

    def _go_on(self, order: OrderId | None) -> None:
        if order is None:
            self._say(tr("That was the last one of this view."))
            self._shipments.focus_list()
        else:
            self._report_on(order)
