"""The pictures of the form on their way into it: given, prepared, changed, taken out and brought back.

Each goes to the shipment that it was given to. If another one's form is open by then, it goes into the draft on disk, by itself: that
draft may be open in another form, where somebody types.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from zendera_desk.domain.changes import PicturesArrived
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft, Picture
from zendera_desk.gui.report.begun import Begun, of_pictures
from zendera_desk.gui.report.intake import PictureIntake
from zendera_desk.gui.report.keeper import DraftKeeper
from zendera_desk.gui.report.needs import ReportDesk
from zendera_desk.gui.report.pane import PicturePane
from zendera_desk.gui.report.waiting import WaitingSend
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.picture_strip import Ticket
from zendera_desk.gui.words import tr


class ArrivingPictures(QObject):
    """`order` says whose form is open, and `is_read` whether its draft is in it; what goes to others is kept by `keeper`."""

    undoable = Signal(object, str)
    """The call that takes back what a person did to a picture, and what that was, in words."""
    told = Signal(str)

    def __init__(
        self,
        desk: ReportDesk,
        spawn: Spawn,
        pane: PicturePane,
        waiting: WaitingSend,
        keeper: DraftKeeper[OrderId, Draft | Begun],
        order: Callable[[], OrderId | None],
        is_read: Callable[[], bool],
    ) -> None:
        super().__init__(pane)
        self._desk, self._spawn, self._pane, self._waiting, self._keeper = desk, spawn, pane, waiting, keeper
        self._order, self._is_read = order, is_read
        self._intake = PictureIntake(desk.add_pages, desk.glimpse, spawn, self)
        self._connect()

    def show(self, pictures: tuple[Picture, ...]) -> None:
        """Of the form that is open now; those that are still on their way to it keep their places."""
        self._pane.show_pictures(pictures)
        for ticket in self._intake.on_their_way(self._order()):
            self._pane.strip.expect(ticket)

    def coming(self) -> int:
        """Pictures that are being prepared or changed."""
        order = self._order()
        return len(self._intake.on_their_way(order)) + self._pane.retouch.at_work(order)

    def arrived(self, change: PicturesArrived) -> None:
        """On disk already, by another form."""
        if change.order_id == self._order():
            self._pane.take_in(change.pictures, change.instead_of)

    def _give(self, sources: Sequence[Path | bytes | QImage]) -> None:
        if (order := self._order()) is not None:
            self._intake.take(order, sources)

    def _landed(self, order: OrderId, ticket: Ticket, pictures: Sequence[Picture]) -> None:
        if order == self._order():
            self._pane.landed(ticket, pictures)
        else:
            self._put_elsewhere(order, tuple(pictures))

    def _exchanged(self, order: OrderId | None, before: Picture, after: Picture) -> None:
        """Into a form that was left and opened again, and is still being read, it comes with the draft."""
        if order == self._order() and self._is_read():
            self._pane.exchange(before, after)
            self._count_coming()
        elif order is not None and before != after:
            self._exchange_elsewhere(order, before, after)

    def _cut_out(self, order: OrderId | None, picture: Picture) -> None:
        if order == self._order():
            self._pane.take_in((picture,))
            self._count_coming()
        elif order is not None:
            self._put_elsewhere(order, (picture,))

    def _refused(self, order: OrderId, ticket: Ticket, error: DeskError) -> None:
        self._pane.strip.forget(ticket)
        if order == self._order():
            self._waiting.end(tr("Not sent: a picture was refused."))
        self._pane.tell_refused(self._named(order, ticket.name), error)

    def _unchanged(self, order: OrderId | None, picture: Picture, error: DeskError) -> None:
        if order == self._order():
            self._waiting.end(tr("Not sent: a picture could not be changed."))
        self._pane.tell_refused(self._named(order, picture.name), error)

    def _named(self, order: OrderId | None, name: str) -> str:
        """Of another shipment than the one that is open, with its number."""
        return name if order == self._order() else tr("{name} (order {order})", name=name, order=order)

    def _left_out(self, order: OrderId, ticket: Ticket) -> None:
        self._pane.strip.forget(ticket)
        if order == self._order():
            self._waiting.end(tr("Not sent: pictures were left out."))

    def _count_coming(self) -> None:
        self._waiting.show_left(self.coming())

    # Into drafts that are not in sight

    def _put_elsewhere(self, order: OrderId, pictures: tuple[Picture, ...]) -> None:
        self._keeper.keep(order, of_pictures(pictures).after(self._keeper.pending(order)))
        self._keeper.hurry()

    def _exchange_elsewhere(self, order: OrderId, before: Picture, after: Picture) -> None:
        """A draft that is gone by now was sent as it was seen, or discarded."""
        pending = self._keeper.pending(order)
        if isinstance(pending, Draft):
            changed = tuple(after if picture == before else picture for picture in pending.pictures)
            self._keeper.keep(order, msgspec.structs.replace(pending, pictures=changed))
        else:
            self._spawn(self._desk.exchange_picture(order, before.id, after), "put a changed picture into its draft")

    # Taking back

    def _offer_removed(self, picture: Picture, place: int) -> None:
        """It comes back to its place among those that are there then."""
        if (order := self._order()) is None:
            return

        def back() -> None:
            here = self._pane.pictures()
            if order != self._order():
                self._put_elsewhere(order, (picture,))
            elif picture not in here:
                self.show((*here[:place], picture, *here[place:]))
                self._pane.changed.emit()

        self.undoable.emit(back, tr("Picture removed"))

    def _offer_exchanged(self, before: Picture, after: Picture) -> None:
        if (order := self._order()) is None:
            return

        def back() -> None:
            if order != self._order():
                self._exchange_elsewhere(order, after, before)
            elif not self._pane.put_in_place(after, before):
                self.told.emit(tr("This picture was changed again or removed since, so it stays as it is."))

        self.undoable.emit(back, tr("Picture changed"))

    def _connect(self) -> None:
        pane, intake = self._pane, self._intake
        pane.given.connect(self._give)
        pane.cancelled.connect(intake.cancel)
        pane.removed.connect(self._offer_removed)
        pane.exchanged.connect(self._offer_exchanged)
        pane.retouch.made.connect(self._exchanged)
        pane.retouch.cut_out.connect(self._cut_out)
        pane.retouch.refused.connect(self._unchanged)
        intake.expected.connect(lambda order, ticket: pane.strip.expect(ticket) if order == self._order() else None)
        intake.seen.connect(lambda _order, ticket: pane.strip.glimpse(ticket))
        intake.left_out.connect(self._left_out)
        intake.ready.connect(self._landed)
        intake.refused.connect(self._refused)
        intake.progress.connect(pane.show_progress)
        intake.progress.connect(lambda _done, _of: self._count_coming())
