"""What a person does to the selected rows: accept, fail, report on, copy. Each wish leaves as a signal with plain data.

A key does it to as many as a morning brings. Of more, as after Ctrl+A in a list of years, hardly any can be answered: the store knows
which, and it is asked first, with the numbers. What takes only so many says how many.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Kind
from zendera_desk.domain.report import Status
from zendera_desk.domain.standing import may_accept, may_fail
from zendera_desk.gui.format import count
from zendera_desk.gui.shipments.confirm import Confirm
from zendera_desk.gui.shipments.failbar import FailBar
from zendera_desk.gui.shipments.ids import Ids
from zendera_desk.gui.shipments.model import ShipmentsModel
from zendera_desk.gui.shipments.selection import Selection
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.words import tr

MORNING: Final = 500
"""Selected rows. To more nothing is done by one key."""
AT_ONCE: Final = 2_000
"""Answers in one go."""
GRID: Final = 500
"""Rows of the report on many."""
COPIED: Final = 100_000
"""Order numbers on the clipboard: a megabyte."""
_PART: Final = 16_000
"""Selected rows that are looked through between two pictures."""


class Deeds(QObject):
    accept_asked = Signal(object)
    fail_asked = Signal(object, str, bool)
    report_asked = Signal(object, object)
    report_many_asked = Signal(object, object)
    told = Signal(str)
    """What could not be done, or not to all of them."""
    left = Signal()
    """A bar that was open is gone: to the list."""

    def __init__(
        self, desk: Desk, spawn: Spawn, model: ShipmentsModel, selection: Selection, place: Callable[[QWidget], None], panel: QWidget
    ) -> None:
        """`place` puts a bar under the list."""
        super().__init__(panel)
        self._desk, self._spawn, self._model, self._selection = desk, spawn, model, selection
        self._place, self._panel = place, panel

    # What the first look at the list does without: the first combo box of a program, as one of them has, takes 15 ms

    @cached_property
    def fail_bar(self) -> FailBar:
        bar = FailBar(self._panel)
        bar.fail_asked.connect(self.fail_asked)
        bar.closed.connect(self.left)
        self._place(bar)
        return bar

    @cached_property
    def confirm(self) -> Confirm:
        bar = Confirm(self._panel)
        bar.closed.connect(self.left)
        self._place(bar)
        return bar

    def forget(self) -> None:
        """Another account is open."""
        if "fail_bar" in vars(self):
            self.fail_bar.hide()
        self.reconsider()

    def reconsider(self) -> None:
        """Something else is selected: what was asked is about nothing any more."""
        if "confirm" in vars(self):
            self.confirm.hide()

    # Accept

    def accept(self) -> None:
        if self._selection.number() > MORNING:
            self._spawn(self._accept_many(self._selection.ids()), "what can be accepted")
            return
        ids = [each for each in self._selection.ids() if (line := self._model.line(each)) is None or may_accept(line)]
        if ids:
            self.accept_asked.emit(ids)

    async def _accept_many(self, chosen: Ids) -> None:
        fit = await self._fit(chosen, Kind.ACCEPT)
        if chosen != self._selection.ids():
            return
        if not fit:
            self.told.emit(tr("None of the {count} selected shipments can be accepted.", count=count(len(chosen))))
            return
        now, others = fit[:AT_ONCE], len(chosen) - len(fit)
        words = [tr("Accept {count} shipment(s)?", n=len(now), count=count(len(now)))]
        if len(now) < len(fit):
            words = [tr("Accept the first {count} of {all} shipments? One go takes no more.", count=count(len(now)), all=count(len(fit)))]
        if others:
            words.append(tr("{count} (other|others) cannot be accepted.", n=others, count=count(others)))
        self.confirm.ask(" ".join(words), tr("Accept {count}", count=count(len(now))), lambda: self.accept_asked.emit(now))

    # Fail

    def fail(self) -> None:
        if self._selection.number() > MORNING:
            self._spawn(self._fail_many(self._selection.ids()), "what can be failed")
        else:
            self.ask_failure(list(self._selection.ids()))

    def ask_failure(self, ids: Sequence[OrderId]) -> None:
        """Opens the bar for those of them that can be failed, with their strikes as they are on disk."""
        if ids:
            self._spawn(self._open_fail_bar(list(ids)), "read the strikes")

    def recount_strikes(self, ids: frozenset[OrderId]) -> None:
        if "fail_bar" in vars(self) and self.fail_bar.isVisible() and not ids.isdisjoint(self.fail_bar.ids):
            self._spawn(self._read_strikes(), "read the strikes")

    async def _fail_many(self, chosen: Ids) -> None:
        """The bar asks by itself: nothing is failed without a reason."""
        fit = await self._fit(chosen, Kind.FAIL)
        if chosen != self._selection.ids():
            return
        if not fit:
            self.told.emit(tr("None of the {count} selected shipments can be failed.", count=count(len(chosen))))
            return
        now, others = fit[:AT_ONCE], len(chosen) - len(fit)
        words = []
        if len(now) < len(fit):
            words = [tr("The first of {all}: one go takes no more.", all=count(len(fit)))]
        if others:
            words.append(tr("{count} (other|others) cannot be failed.", n=others, count=count(others)))
        await self._open_fail_bar(now, " ".join(words))

    async def _open_fail_bar(self, ids: list[OrderId], beyond: str = "") -> None:
        lines = [line for line in await self._desk.shipment_lines(ids) if may_fail(line)]
        if lines:
            self.reconsider()
            self.fail_bar.open_for(lines, beyond)

    async def _read_strikes(self) -> None:
        self.fail_bar.update_lines(await self._desk.shipment_lines(self.fail_bar.ids))

    async def _fit(self, chosen: Ids, kind: Kind) -> list[OrderId]:
        """Those of the selected that can be answered so, in the order of the list."""
        fit = frozenset(await self._desk.lists.answerable(kind))
        found: list[OrderId] = []
        for first in range(0, len(chosen) if fit else 0, _PART):
            found += [each for each in chosen[first : first + _PART] if each in fit]
            await asyncio.sleep(0)
        return found

    # Report and copy

    def report(self, status: Status | None) -> None:
        """None: on all of them at once, with a status that is chosen there."""
        chosen = self._selection.first(GRID + 1)
        if len(chosen) > GRID:
            words = tr("One report takes {most} shipments at most; {count} are selected.", most=GRID, count=count(self._selection.number()))
            deed = tr("Report on the first {count}", count=GRID)
            self.confirm.ask(words, deed, lambda: self.report_many_asked.emit(chosen[:GRID], status))
        elif status is not None and len(chosen) == 1:
            self.report_asked.emit(chosen[0], status)
        elif chosen:
            self.report_many_asked.emit(chosen, status)

    def copy(self) -> None:
        chosen = self._selection.first(COPIED)
        QGuiApplication.clipboard().setText("\n".join(map(str, chosen)))
        if (selected := self._selection.number()) > len(chosen):
            words = tr("The first {count} of {all} order numbers were copied. It takes no more.", count=count(COPIED), all=count(selected))
            self.told.emit(words)
