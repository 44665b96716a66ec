"""Send was pressed while pictures were still being prepared: it waits for them, and goes by itself when all of them are there.

Whatever turns out otherwise than the person saw it ends the waiting: a picture is refused or left out, the form is changed or
left. Then nothing is sent and everything stays in the draft; to press Send again is cheaper than a report that cannot be undone.
"""

from PySide6.QtCore import QObject, Signal

from zendera_desk.gui.report.bar import ReportBar
from zendera_desk.gui.words import tr


class WaitingSend(QObject):
    due = Signal(bool)
    """All are there. Whether the next shipment shall follow."""

    def __init__(self, bar: ReportBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bar = bar
        self._then_next: bool | None = None
        bar.cancel_send.clicked.connect(lambda _checked: self.end())

    @property
    def is_on(self) -> bool:
        return self._then_next is not None

    def begin(self, pictures: int, then_next: bool) -> None:
        self._then_next = then_next
        self._say(pictures)

    def show_left(self, pictures: int) -> None:
        """So many are still to come."""
        if self._then_next is None:
            return
        if pictures:
            self._say(pictures)
            return
        then_next = self._then_next
        self.end()
        self.due.emit(then_next)

    def end(self, why: str = "") -> bool:
        """Nothing is waited for any more; `why` stays in sight. Says whether anything was."""
        was_on, self._then_next = self.is_on, None
        if was_on or not why:
            self._bar.say_waiting(why)
        return was_on

    def _say(self, pictures: int) -> None:
        self._bar.say_waiting(tr("Sending when {n} (picture is|pictures are) ready", n=pictures), can_cancel=True)
