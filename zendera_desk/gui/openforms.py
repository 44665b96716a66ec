"""The forms in which reports are typed, of which the window has its own, the lane another, and the grid is a third.

No two may write one draft, and nothing may come back from the outbox, or move to another shipment, under somebody's hands: so the
window's form is closed before, and what is typed anywhere is on disk. It is closed first and written down then: between the two no
key can come.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QWidget

from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.rules import Problem

if TYPE_CHECKING:
    from zendera_desk.gui.report.panel import ReportPanel


class OpenForms:
    """`built` gives those of these views that are there, `shown` is the shipment below the list, `bring` brings its report to the front."""

    def __init__(self, built: Callable[..., list[Any]], shown: Callable[[], OrderId | None], bring: Callable[[OrderId], None]) -> None:
        self._built, self._shown, self._bring = built, shown, bring
        self._caret: QWidget | None = None

    async def write_down(self) -> bool:
        """What is typed anywhere is on disk. False: the disk refuses."""
        return all([await view.flush() for view in self._built("report", "paper", "bulk")])

    async def write_reports_down(self) -> bool:
        """As far as another form may read it. The grid is left alone: somebody may be in the middle of a cell."""
        return all([await view.flush() for view in self._built("report", "paper")])

    async def let_go(self, only: OrderId | None = None) -> OrderId | None:
        """Closes the window's form, or only if it is of this shipment, and writes down what is typed anywhere.

        Returns whose it was. Raises DeskError, and then the form is as it was: being_sent, form_not_saved.
        """
        closed = None
        for report in self._own():
            if report.order is not None and only in {None, report.order}:
                if report.is_sending:
                    raise DeskError("being_sent")
                self._caret = QApplication.focusWidget() if report.isAncestorOf(QApplication.focusWidget() or report) else None
                closed = report.order
                report.open(None)
        if not await self.write_down():
            self.take_up(closed)
            raise DeskError("form_not_saved")
        return closed

    def take_up(self, order: OrderId | None) -> None:
        """Shows the form again, as it is on disk, with the caret where it was: unless the person opened another shipment meanwhile."""
        for report in self._own():
            if order is not None and report.order is None and order == self._shown():
                report.open(order)
                if self._caret is not None and self._caret.isVisible():
                    self._caret.setFocus()
        self._caret = None

    def open(self, order: OrderId) -> None:
        """Brings the report of the shipment to the front, to be typed in."""
        self._caret = None
        self._bring(order)

    async def step_aside(self) -> None:
        """A form of the same shipment opens elsewhere. This one is read again when it is opened."""
        for report in self._own():
            report.open(None)
            await report.flush()

    def stop_waiting(self) -> None:
        """Sends that wait for their pictures do not go any more."""
        for view in self._built("report", "paper"):
            view.stop_waiting()

    def show_problems(self, order: OrderId, problems: list[Problem]) -> None:
        for view in self._built("report", "paper"):  # each knows whether it has sent
            view.show_problems(order, problems)

    def _own(self) -> "list[ReportPanel]":
        return self._built("report")
