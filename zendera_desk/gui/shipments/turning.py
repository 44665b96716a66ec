"""From view to view, fixed or one's own: the chips, the list, the find field and the columns turn together.

While a view of one's own is put together the list shows what it will have; what was shown and looked for before comes back where
nothing came of it.
"""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from zendera_desk.desk import Desk
from zendera_desk.domain.views import Filter, OwnView, View, Wanted
from zendera_desk.gui.shipments.find import FindField
from zendera_desk.gui.shipments.layouts import Layouts
from zendera_desk.gui.shipments.model import ShipmentsModel
from zendera_desk.gui.shipments.ownviews import OwnViews, Sight
from zendera_desk.gui.shipments.table import ShipmentsTable
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.chips import ChipBar


class Turning(QObject):
    def __init__(
        self, desk: Desk, spawn: Spawn, model: ShipmentsModel, table: ShipmentsTable, fixed: ChipBar, field: FindField, panel: QWidget
    ) -> None:
        super().__init__(panel)
        self._model, self._table, self._fixed, self._field = model, table, fixed, field
        self._layouts = Layouts(table.save_state())
        self._name, self._wanted = View.TO_ACCEPT.value, model.wanted
        """Of the view that is turned to; while another is put together, still that."""
        self._put_by = ""
        """What was looked for before a view was made of it."""
        self.own = OwnViews(desk, spawn, self._in_sight, panel)
        self.own.shown.connect(self._to_own)
        self.own.gone.connect(self.to)
        self.own.editing.connect(self._show_edited)

    def to(self, view: View) -> None:
        self._fixed.choose(view)
        self.own.leave()
        self._turn(view.value, view)

    def answered(self) -> None:
        """The list knows how long it is."""
        if not self._model.text and self._model.wanted == self._wanted:
            self.own.say_length(self._model.found.count, more=self._model.found.more)

    def save_state(self) -> bytes:
        self._layouts.note(self._name, self._table.save_state())
        return self._layouts.saved()

    def restore_state(self, state: bytes) -> bool:
        return self._layouts.restore(state) and self._table.restore_state(self._layouts.of(self._name))

    def _to_own(self, view: OwnView) -> None:
        self._fixed.rest()
        self.own.choose(view)
        self._turn(view.id, view.filter, view.columns)

    def _turn(self, name: str, wanted: Wanted, columns: bytes = b"") -> None:
        """With the columns and the order that it was left with."""
        before, self._name, self._wanted = self._name, name, wanted
        if name != before:
            self.own.cancel()
            self._layouts.note(before, self._table.save_state())
        self._put_by = ""
        self._model.show_view(wanted)
        if name != before:
            self._table.restore_state(self._layouts.of(name, columns))

    def _in_sight(self) -> Sight:
        return Sight(self._wanted, self._field.text(), self._table.save_state())

    def _show_edited(self, wanted: Filter | None) -> None:
        if wanted is None:
            self._look_for(self._put_by)
            self._put_by = ""
            self._model.show_view(self._wanted)
        else:
            self._put_by = self._field.text() or self._put_by
            self._look_for("")
            self._model.show_view(wanted)

    def _look_for(self, text: str) -> None:
        self._field.setText(text)
        self._field.search_now()
