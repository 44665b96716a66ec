"""What the window does when a person mends something: first what is typed is on disk, then one wish to the desk, then one sentence.

The form is let go before, because what is mended may be what it shows: it reads again what became of it.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from zendera_desk.desk import Desk
from zendera_desk.domain.board import Board
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import EntryId, OrderId, PictureId
from zendera_desk.domain.mending import Moved
from zendera_desk.domain.report import Draft
from zendera_desk.domain.shipment import StopKind
from zendera_desk.gui import labels
from zendera_desk.gui.mend.offers import Mend
from zendera_desk.gui.openforms import OpenForms
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.words import tr


class MendWishes:
    """`say` tells one sentence; with a call it can be undone by that, by its button or by Ctrl+Z. The call tells whether it was."""

    def __init__(
        self, desk: Desk, spawn: Spawn, forms: OpenForms, say: Callable[[str, Callable[[], Awaitable[bool]] | None], None]
    ) -> None:
        self._desk, self._spawn, self._forms, self._say = desk, spawn, forms, say

    def mend(self, mend: Mend, entry: EntryId, to: OrderId | None) -> None:
        self._spawn(self._begun(lambda: self._mend(mend, entry, to)), "mend a report")

    def move_form(self, order: OrderId, draft: Draft, pictures: frozenset[PictureId] | None, to: OrderId) -> None:
        """Of the form that is open: these pictures, or with None everything."""
        self._spawn(self._begun(lambda: self._move(order, draft, pictures, to)), "move a form")

    def report_missing(self, order: OrderId, stop: StopKind) -> None:
        """Begins the report of what the product feed does not bear out there."""
        self._spawn(self._begun(lambda: self._report_missing(order, stop)), "report what is missing")

    def see_difference(self, order: OrderId, stop: StopKind, shown: Board, fed_until: datetime | None) -> None:
        """What differs there on the board that was shown needs nothing to be done."""
        self._spawn(self._see_difference(order, stop, shown, fed_until), "see a difference")

    async def _see_difference(self, order: OrderId, stop: StopKind, shown: Board, fed_until: datetime | None) -> None:
        place = labels.stop(stop).text
        try:
            done = await self._desk.differences.acknowledge(order, stop, shown, fed_until)
        except DeskError as error:
            self._say(labels.error(error), None)
            return

        async def undo() -> bool:
            undone = await self._desk.differences.undo(order, stop)
            self._say(tr("{order}, {stop}: what differs counts again.", order=order, stop=place.lower()), None)
            return undone

        if done:
            self._say(tr("{order}, {stop}: looked at, nothing to do. Zendera was told nothing.", order=order, stop=place.lower()), undo)
        else:
            self._say(tr("Nothing differs there any more."), None)

    async def _report_missing(self, order: OrderId, stop: StopKind) -> OrderId:
        shown = await self._desk.shipment(order)
        if shown is None:
            raise DeskError("not_here")
        return await self._desk.mending.report_missing(order, stop, *await self._desk.board(shown))

    async def _mend(self, mend: Mend, entry: EntryId, to: OrderId | None) -> OrderId | None:
        mending = self._desk.mending
        if mend is Mend.CORRECT:
            return await mending.correct(entry)
        if mend is Mend.ANEW:
            return await mending.send_anew(entry)
        if to is None:
            return None
        if mend is Mend.MOVE:
            moved = await mending.move_report(entry, to)
            undone = tr("The report is a draft of {order} again. Nothing was sent.", order=moved.source)
            self._tell(tr("The report is a draft of {order} now. Nothing was sent.", order=to), moved, undone)
        else:
            moved = await mending.meant_for_another(entry, to)
            undone = tr("The two drafts that were begun are gone again.")
            self._tell(tr("Two drafts were begun, here and at {order}. Look at each and send it.", order=to), moved, undone)
        return None

    async def _move(self, order: OrderId, draft: Draft, pictures: frozenset[PictureId] | None, to: OrderId) -> None:
        if pictures is None:
            moved = await self._desk.mending.move_draft(order, draft, to)
            undone = tr("Everything is in the form of {order} again.", order=order)
            self._tell(tr("Everything in the form was moved to {order}.", order=to), moved, undone)
        else:
            moved = await self._desk.mending.move_pictures(order, draft, pictures, to)
            undone = tr("{n} picture(s) moved back to {order}.", n=len(pictures), order=order)
            self._tell(tr("{n} picture(s) moved to {order}.", n=len(pictures), order=to), moved, undone)

    def _tell(self, words: str, moved: Moved, undone: str) -> None:
        async def undo() -> bool:
            was_undone = await self._with_forms(lambda: self._desk.mending.undo(moved))
            if was_undone:
                self._say(undone, None)
            return was_undone

        self._say(words, undo if moved.undoable else None)

    async def _begun(self, wish: Callable[[], Awaitable[OrderId | None]]) -> None:
        await self._with_forms(wish)

    async def _with_forms(self, wish: Callable[[], Awaitable[OrderId | None]]) -> bool:
        """False where it could not be done, which is said."""
        open_next = was_open = None
        try:
            was_open = await self._forms.let_go()
            open_next = await wish()
        except DeskError as error:
            self._say(labels.error(error), None)
            return False
        finally:
            if open_next is None:
                self._forms.take_up(was_open)
        if open_next is not None:
            self._forms.open(open_next)
        return True
