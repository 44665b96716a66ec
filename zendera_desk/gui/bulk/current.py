"""The current row in sentences: its time in full, what is wrong or asked, Zendera's answer, and the draft the shipment has of its own."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo

from zendera_desk.domain.bulk import BulkRow, draft_of
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.times import ReadTime, read_time
from zendera_desk.gui.bulk import words
from zendera_desk.gui.bulk.foot import RowLine
from zendera_desk.gui.bulk.sheet import Sheet
from zendera_desk.gui.format import visible
from zendera_desk.gui.widgets.time_field import TimeField, full_value
from zendera_desk.gui.words import tr


class CurrentRow:
    def __init__(
        self, line: RowLine, sheet: Sheet, now: Callable[[], datetime], zone: tzinfo, planned: Callable[[OrderId], date | None]
    ) -> None:
        self._line, self._sheet, self._now, self._zone, self._planned = line, sheet, now, zone, planned

    def show(self, row: BulkRow | None, *, tried: bool) -> None:
        self._line.setVisible(row is not None)
        if row is None:
            return
        sheet, order_id = self._sheet, row.order_id
        known, entry = sheet.known.get(order_id), sheet.entries.get(order_id)
        own = words.own_draft(known.draft) if known is not None and known.draft is not None else ""
        answer = entry.answer if entry is not None and entry.state is State.REFUSED else ""
        note = tr("Answer: “{words}”", words=visible(answer)) if answer else self._time_of(row)
        problems = words.worth_saying(sheet.problems.get(order_id, ()), tried=tried)
        title = tr("Order {order}", order=order_id)
        self._line.tell(title, note, own, problems, sheet.confirmed.get(order_id, frozenset()))

    def echo(self, field: TimeField) -> None:
        """While a time is being typed: what is understood."""
        self._line.note.setText(field.echo() or tr("1430 · y1430 yesterday · d1430 planned day · t now"))

    def _time_of(self, row: BulkRow) -> str:
        match read_time(draft_of(self._sheet.shared, row).time, self._now(), self._zone, self._planned(row.order_id)):
            case ReadTime(at=at):
                return full_value(at, self._zone)
            case _:
                return ""
