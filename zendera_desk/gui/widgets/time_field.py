"""The field for a time typed short (`1430`, `y1430`, `t`), and the words that echo what was understood.

While a person types, the text is theirs. When they leave the field it is spelled out (`21.11.26 14:30`), so that it goes
on meaning the same when the form stays open past midnight or the draft is opened tomorrow.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from zendera_desk.domain.times import ReadTime, TimeTrouble, pinned, read_time, step
from zendera_desk.gui.words import mark, tr

STEP: Final = 5
"""Minutes, for the arrow keys."""

_DAYS: Final = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))
_MONTHS: Final = (
    mark("Jan"),
    mark("Feb"),
    mark("Mar"),
    mark("Apr"),
    mark("May"),
    mark("Jun"),
    mark("Jul"),
    mark("Aug"),
    mark("Sep"),
    mark("Oct"),
    mark("Nov"),
    mark("Dec"),
)
_SAID: Final = {
    "pc_clock": mark("from this PC's clock"),
    "dst_first": mark("before the clock goes back"),
    "dst_second": mark("after the clock went back"),
}
"""What was assumed and cannot be seen in the full value itself."""


class TimeField(QLineEdit):
    """`now` is asked anew at each reading; `planned` is the day of the stop, for `d1430`."""

    def __init__(self, now: Callable[[], datetime], zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now, self._zone = now, zone
        self.planned: date | None = None
        self.setMaxLength(40)

    def answer(self) -> ReadTime | TimeTrouble:
        return read_time(self.text(), self._now(), self._zone, self.planned)

    def pinned(self) -> str:
        """What is kept: the time spelled out, or what was typed where it cannot be read."""
        return pinned(self.text(), self._now(), self._zone, self.planned)

    def settle(self) -> None:
        """Spells the time out in the field itself; native undo brings the short form back."""
        self._replace(self.pinned())

    def echo(self) -> str:
        """The full value with its zone: "Sat 21 Nov 2026 14:30, UTC+1". Empty when the text is no time."""
        match self.answer():
            case ReadTime(at=at, assumed=assumed):
                said = [tr(_SAID[code]) for code in assumed if code in _SAID]
                return " · ".join([full_value(at, self._zone), *said])
            case _:
                return ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Up: STEP, Qt.Key.Key_Down: -STEP}
        minutes = ways.get(Qt.Key(event.key()))
        if minutes is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        self._replace(step(self.text(), minutes, self._now(), self._zone, self.planned))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # Another window in front is no leaving: the person comes back to a half-typed time.
        if event.reason() not in {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}:
            self.settle()
        super().focusOutEvent(event)

    def _replace(self, text: str) -> None:
        if text != self.text():
            self.selectAll()
            self.insert(text)


def full_value(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    seconds = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{tr(_DAYS[local.weekday()])} {local.day} {tr(_MONTHS[local.month - 1])} {local.year} {seconds}, {offset(local)}"


def offset(local: datetime) -> str:
    """How its clock stands to the world's: "UTC+1"."""
    minutes = (local.utcoffset() or timedelta()) // timedelta(minutes=1)
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")
