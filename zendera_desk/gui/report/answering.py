"""A form that answers an earlier entry of its shipment: which, what is said about that on top, and what goes to other shipments.

It says so until it is sent or discarded; which entry it is stands in the draft, so that it outlives the program.
"""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.views import OpenShipment
from zendera_desk.gui import labels
from zendera_desk.gui.format import visible, when
from zendera_desk.gui.mend.target import TargetPicker
from zendera_desk.gui.paper.picker import FindsShipments
from zendera_desk.gui.report.pane import PicturePane
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.words import tr

_MOST: Final = 3
"""Finds that are shown: the picture stays in sight above them."""


def notes(opened: OpenShipment | None, draft: Draft, now: datetime, zone: tzinfo) -> list[Problem]:
    """Why this form is there, with Zendera's words where it was refused."""
    entry = opened.draft_of if opened is not None else None
    if entry is None or entry.id not in {draft.corrects, draft.instead_of}:
        return []
    if entry.id == draft.corrects:
        values = (("time", when(entry.event_at or entry.made_at, now, zone)),)
        return [Problem(field="status", code="corrects", blocks=False, values=values)]
    words = visible(entry.answer) or (labels.short_code(entry.code) if entry.code else tr("no reason was given"))
    return [Problem(field="status", code="refused_before", blocks=False, values=(("words", words),))]


class MovingOut(QObject):
    """Pictures of the form, or all of it, go to another shipment, which is asked for under the pictures."""

    asked = Signal(object, object, object)
    """OrderId of the form; picture ids (frozenset), or None for everything; and the OrderId of the other shipment."""

    def __init__(self, desk: FindsShipments, spawn: Spawn, pane: PicturePane, order: Callable[[], OrderId | None], form: QWidget) -> None:
        super().__init__(form)
        self._pane, self._order = pane, order
        self.target = TargetPicker(desk, spawn, pane, most=_MOST)
        pane.add_below(self.target)
        self.target.asking.connect(pane.make_room)
        self.picture = QAction(tr("Move picture to another shipment…"), form)
        self.everything = QAction(tr("Move everything to another shipment…"), form)
        self.picture.setShortcut(QKeySequence("Ctrl+M"))
        self.everything.setShortcut(QKeySequence("Ctrl+Shift+M"))
        for action, begin in ((self.picture, self._begin_picture), (self.everything, self._begin_everything)):
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(begin)
            form.addAction(action)
        pane.add_to_menu(self.picture, self.everything)

    def _begin_picture(self) -> None:
        order, picture = self._order(), self._pane.strip.current()
        if order is not None and picture is not None:
            going = frozenset({picture.id})
            self.target.ask(tr("To which shipment does this picture belong?"), order, lambda to: self.asked.emit(order, going, to))

    def _begin_everything(self) -> None:
        order = self._order()
        if order is not None:
            self.target.ask(tr("To which shipment does all of this belong?"), order, lambda to: self.asked.emit(order, None, to))
