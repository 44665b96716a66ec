"""The person's own views beside the list: made of what is in sight, renamed, changed, moved, deleted, each with a way back.

It shows no shipments: which view is wanted leaves as a signal, and the list beside it answers. What is told comes with the way back,
or None.
"""

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import NamedTuple

import msgspec
from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.ids import ViewId
from zendera_desk.domain.views import Filter, Length, OwnView, Wanted
from zendera_desk.gui.format import visible
from zendera_desk.gui.icons import icon
from zendera_desk.gui.shipments.counting import Counting
from zendera_desk.gui.shipments.filterwords import suggested
from zendera_desk.gui.shipments.ownactions import OwnActions
from zendera_desk.gui.shipments.ownrow import OwnRow
from zendera_desk.gui.shipments.vieweditor import ViewEditor
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.words import tr


class Sight(NamedTuple):
    """What is in sight: the view, what is looked for in it, and the columns of the table."""

    wanted: Wanted
    text: str
    columns: bytes


class OwnViews(QObject):
    shown = Signal(object)
    """A person wants this `OwnView`, or it reads differently now."""
    asked = Signal()
    """That was by a key, a menu or the palette: the list may be out of sight."""
    gone = Signal(object)
    """The one that is shown is there no more; it was made of this fixed view."""
    editing = Signal(object)
    """One is put together, and has this `Filter` so far; None: no more, and nothing came of it."""
    told = Signal(str, object)

    def __init__(self, desk: Desk, spawn: Spawn, in_sight: Callable[[], Sight], panel: QWidget) -> None:
        super().__init__(panel)
        self._desk, self._spawn, self._in_sight, self._panel = desk, spawn, in_sight, panel
        self._views: list[OwnView] = []
        self._current: ViewId | None = None
        does = {
            "keepView": self.keep,
            "changeView": self.change,
            "moveViewLeft": lambda: self._move(-1),
            "moveViewRight": lambda: self._move(1),
            "deleteView": self._delete,
        }
        self.actions = OwnActions(does, self._show_from_afar, panel)

    # What the first look at the list does without

    @cached_property
    def row(self) -> OwnRow:
        row = OwnRow(self._panel)
        row.chosen.connect(self._show)
        row.menu_wanted.connect(self._offer)
        return row

    @cached_property
    def editor(self) -> ViewEditor:
        editor = ViewEditor(self._panel)
        editor.changed.connect(self.editing)
        editor.keep_asked.connect(lambda view, name, wanted: self._spawn(self._keep(view, name, wanted), "keep a view"))
        editor.cancelled.connect(self.cancel)
        return editor

    @cached_property
    def button(self) -> QPushButton:
        button = named(QPushButton(icon("plus"), "", self._panel), "keepAsView", tr("Keep as a view…"), role="quiet")
        button.setToolTip(plain_tip(tr("Keep what is shown as a view of your own (Ctrl+Shift+K)")))
        button.clicked.connect(self.keep)
        return button

    @cached_property
    def _counting(self) -> Counting:
        return Counting(self._desk.views, self._spawn, self.row.tell, self)

    # What the list says

    def reload(self) -> None:
        self._spawn(self._read(), "own views")

    def leave(self) -> None:
        """A fixed one is shown."""
        self._choose(None)

    def look(self) -> None:
        """The numbers may be others."""
        self._counting.look()

    def say_length(self, number: int, *, more: bool) -> None:
        """Of the one that is shown."""
        if self._current is not None:
            self.row.tell({self._current: Length(number, more)})

    # What a person does

    def keep(self) -> None:
        sight = self._in_sight()
        wanted = sight.wanted if isinstance(sight.wanted, Filter) else Filter(view=sight.wanted)
        words = " ".join(filter(None, (wanted.words, " ".join(sight.text.split()))))
        self._spawn(self._edit(None, msgspec.structs.replace(wanted, words=words)), "a new view")

    def change(self) -> None:
        if (view := self._known(self._current)) is not None:
            self._spawn(self._edit(view, view.filter), "change a view")

    def cancel(self) -> None:
        """What is put together is put away; nothing was kept."""
        if "editor" in vars(self) and self.editor.isVisible():
            self.editor.close_bar()
            self.editing.emit(None)

    async def _edit(self, view: OwnView | None, wanted: Filter) -> None:
        services = await self._desk.views.services()
        self.editor.open_for(view, suggested(wanted) if view is None else view.name, wanted, services)

    async def _keep(self, view: OwnView | None, name: str, wanted: Filter) -> None:
        views = self._desk.views
        if view is None:
            kept = await views.make(name, wanted, self._in_sight().columns)
            words = tr("Kept as the view “{name}”.", name=visible(name))

            async def undo() -> None:
                await views.remove(kept.id)
        else:
            kept = msgspec.structs.replace(view, name=name, filter=wanted)
            await views.put(kept)
            words = tr("The view “{name}” was changed.", name=visible(name))

            async def undo() -> None:
                await views.put(view)

        self.editor.close_bar()
        await self._read()
        self.shown.emit(kept)
        self._tell(words, undo, tr("Undone: the views are as they were."))

    def _move(self, by: int) -> None:
        if (place := self._place(self._current)) is not None and 0 <= place + by < len(self._views):
            self._spawn(self._move_to(self._views[place], place, place + by), "move a view")

    async def _move_to(self, view: OwnView, before: int, after: int) -> None:
        await self._desk.views.move(view.id, after)
        words = tr("The view “{name}” was moved.", name=visible(view.name))
        self._tell(words, lambda: self._desk.views.move(view.id, before), tr("Undone: the views are as they were."))

    def _delete(self) -> None:
        if (place := self._place(self._current)) is not None:
            self._spawn(self._remove(self._views[place], place), "delete a view")

    async def _remove(self, view: OwnView, place: int) -> None:
        await self._desk.views.remove(view.id)
        words = tr("The view “{name}” was deleted.", name=visible(view.name))
        self._tell(words, lambda: self._desk.views.put(view, place), tr("The view “{name}” is back.", name=visible(view.name)))

    def _tell(self, words: str, back: Callable[[], Awaitable[None]], undone: str) -> None:
        async def undo() -> bool:
            await back()
            self.told.emit(undone, None)
            return True

        self.told.emit(words, undo)

    # Inside

    async def _read(self) -> None:
        views = await self._desk.views.everyone()
        if views == self._views:
            return
        before = self._known(self._current)
        self._views = views
        self.actions.renew(views)
        self.row.show_views(views, self.actions.keys)
        self._counting.count(views)
        now = self._known(self._current)
        if before is not None and now is None:
            self.cancel()
            self.gone.emit(before.filter.view)
        elif now is not None and now != before:
            self.shown.emit(now)
        self._follow()

    def _show(self, view: ViewId) -> None:
        if view != self._current and (found := self._known(view)) is not None:
            self._choose(view)
            self.shown.emit(found)

    def _show_from_afar(self, view: ViewId) -> None:
        self.asked.emit()
        self._show(view)

    def choose(self, view: OwnView) -> None:
        """This is shown now."""
        self._choose(view.id)

    def _choose(self, view: ViewId | None) -> None:
        self._current = view
        if "row" in vars(self):
            self.row.choose(view)
        self._follow()

    def _follow(self) -> None:
        self.actions.follow(self._place(self._current), len(self._views))

    def _known(self, view: ViewId | None) -> OwnView | None:
        return next((each for each in self._views if each.id == view), None)

    def _place(self, view: ViewId | None) -> int | None:
        return next((place for place, each in enumerate(self._views) if each.id == view), None)

    def _offer(self, view: ViewId, point: QPoint) -> None:
        """What can be done with a view is done with the one that is shown, so that a person sees what it is done to."""
        self._show(view)
        menu = QMenu(self._panel)
        menu.addActions(self.actions.deeds[1:])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(point)
