"""How the parts of a report lie: stop and status on top, pictures left, form right, buttons below. No behaviour."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from zendera_desk.domain.report import Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.gui import labels
from zendera_desk.gui.report.bar import ReportBar
from zendera_desk.gui.report.cash import CashLine
from zendera_desk.gui.report.form import FIELDS, ReportForm
from zendera_desk.gui.report.needs import RetouchDesk
from zendera_desk.gui.report.offer import Offer
from zendera_desk.gui.report.pane import PicturePane
from zendera_desk.gui.report.parts import Segments
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.taborder import tab_through
from zendera_desk.gui.words import tr


class ReportPage(QWidget):
    def __init__(
        self,
        now: Callable[[], datetime],
        zone: tzinfo,
        currency: str,
        desk: RetouchDesk,
        spawn: Spawn,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.stop = Segments(tr("Stop"), list(StopKind), labels.stop, self)
        self.status = Segments(tr("Status"), list(Status), labels.report_status, self)
        self.cash = CashLine(self)
        self.pickup = Offer(tr("Pickup first"), "pickupFirst", self, icon="info")
        self.pickup.setContentsMargins(3 * SPACE, SPACE, 3 * SPACE, 0)
        self.form = ReportForm(now, zone, currency, self)
        self.pane = PicturePane(desk, spawn, self)
        self.bar = ReportBar(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._choices())
        layout.addWidget(self._halves(), 1)
        layout.addWidget(self.bar)
        self.setAcceptDrops(True)
        tab_through(self)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """The whole form takes pictures, wherever they are let go."""
        self.pane.dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.pane.dropEvent(event)

    def _choices(self) -> QHBoxLayout:
        top = QHBoxLayout()
        top.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        top.setSpacing(3 * SPACE)
        top.addWidget(self.stop)
        top.addWidget(self.status)
        top.addStretch(1)
        return top

    def _halves(self) -> QSplitter:
        column = QWidget(self)
        right = QVBoxLayout(column)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.cash)
        right.addWidget(self.pickup)
        right.addWidget(self.form, 1)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(column)
        halves = QSplitter(Qt.Orientation.Horizontal, self)
        halves.setChildrenCollapsible(False)
        halves.addWidget(self.pane)
        halves.addWidget(scroll)
        halves.setStretchFactor(0, 4)
        halves.setStretchFactor(1, 5)
        return halves

    def in_order_of_tab(self) -> list[QWidget]:
        """Choices, fields with their questions, buttons; pictures last, because Enter should lead from field to field to Send."""
        chain: list[QWidget] = [*self.stop.buttons(), *self.status.buttons(), self.form.beside["status"].anyway]
        for name in FIELDS:
            chain.append(self.form.fields[name])
            if name in self.form.beside:
                chain.append(self.form.beside[name].anyway)
        chain += [self.bar.send, self.bar.send_and_next, self.bar.discard, self.bar.bring_back]
        offers = (*self.form.offers.values(), self.pickup)
        chain += [self.cash.collected, *(button for offer in offers for button in offer.buttons)]  # not on the way of who types
        chain += [self.pane.strip, self.pane.add, self.pane.sign, self.pane.remove]
        return [*chain, *self.pane.viewer.buttons, *self.pane.tools.in_order_of_tab()]
