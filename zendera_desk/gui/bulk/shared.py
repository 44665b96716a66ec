"""What all rows of the grid share: stop, status, time, comment, contactless. The form's own fields, with the same keys."""

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from zendera_desk.domain.drafting import compose
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.rules import Problem, Rules
from zendera_desk.domain.shipment import StopKind
from zendera_desk.gui import labels
from zendera_desk.gui.report.forms import FORMS
from zendera_desk.gui.report.keys import FormKeys
from zendera_desk.gui.report.parts import Beside, CommentField, Segments
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.widgets.time_field import TimeField
from zendera_desk.gui.words import tr

_ABOUT_ALL = frozenset({"cannot_handle"})


class SharedFields(QWidget):
    """`edited` for what a person changed, never for what was loaded."""

    edited = Signal()
    send_asked = Signal()
    save_asked = Signal()
    left = Signal()
    confirmed = Signal(object, bool)
    """The codes that hold for all rows, and whether they are confirmed."""

    def __init__(self, now: Callable[[], datetime], zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now, self._zone = now, zone
        self._locked: Draft | None = None
        self.stop = Segments(tr("Stop"), list(StopKind), labels.stop, self)
        self.status = Segments(tr("Status"), list(Status), labels.report_status, self)
        self.time = named(TimeField(now, zone, self), "sharedTime", tr("Time for all"))
        self.time.setPlaceholderText("1430")
        self.comment = named(CommentField(self), "sharedComment", tr("Comment for all"))
        self.comment.setFixedHeight(self.comment.minimumSizeHint().height())
        self.contactless = named(QCheckBox(tr("Contactless"), self), "sharedContactless", tr("Contactless"))
        self.echo = named(PlainLabel("", self, role="small"), "sharedTimeEcho")
        self.own_time = PlainLabel("", self, role="small")
        self.own_comment = PlainLabel("", self, role="small")
        self.beside = Beside(self)
        self._lay_out()
        self._connect()
        self._show_status(Status.COMPLETE)
        self._say_time()

    def draft(self) -> Draft:
        """As it is kept: with the time spelled out."""
        return Draft(
            status=self.status.choice(),
            stop=self.stop.choice(),
            time=self.time.pinned(),
            comment=self.comment.toPlainText(),
            contactless=self.contactless.isChecked(),
        )

    def show_draft(self, draft: Draft) -> None:
        with QSignalBlocker(self):
            self.stop.choose(draft.stop)
            self.status.choose(draft.status)
            self.time.setText(draft.time)
            self.comment.setPlainText(draft.comment)
            self.contactless.setChecked(draft.contactless)
        self._show_status(draft.status)
        self._say_time()

    def lock(self, *, on: bool) -> None:
        """While it is being sent. Nothing is greyed, which would move the focus: what is chosen then is put back."""
        self._locked = self.draft() if on else None
        self.time.setReadOnly(on)
        self.comment.setReadOnly(on)

    def show_own(self, times: int, comments: int) -> None:
        """How many rows have their own instead."""
        self.own_time.setText(tr("{n} row(s) (has|have) another time", n=times) if times else "")
        self.own_comment.setText(tr("{n} row(s) (has|have) another comment", n=comments) if comments else "")

    def show_problems(self, rules: Rules, confirmed: frozenset[str]) -> list[Problem]:
        """What is wrong with what is shared. `d1430` is right here: each row has a planned day of its own."""
        draft = self.draft()
        found = compose(draft, now=self._now(), zone=self._zone, rules=rules).problems
        shown = [each for each in found if _is_shared(each, draft)]
        self.beside.tell([each for each in shown if each.code not in {"time_pc_clock", "time_dst_first", "time_dst_second"}], confirmed)
        wrong = any(each.blocks for each in shown)
        if bool(self.time.property("wrong")) != wrong:
            self.time.setProperty("wrong", wrong)
            self.time.style().unpolish(self.time)
            self.time.style().polish(self.time)
        return shown

    def in_order_of_tab(self) -> Sequence[QWidget]:
        return (*self.stop.buttons(), *self.status.buttons(), self.time, self.comment, self.contactless, self.beside.anyway)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(3 * SPACE)
        top.addWidget(self.stop)
        top.addWidget(self.status)
        top.addStretch(1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(3, 3)
        high = Qt.AlignmentFlag.AlignTop
        for column, text, field in ((0, tr("Time for all"), self.time), (2, tr("Comment for all"), self.comment)):
            label = PlainLabel(text, self, role="muted")
            label.setBuddy(field)
            label.setContentsMargins(SPACE, SPACE + 2, 0, 0)
            grid.addWidget(label, 0, column, high)
            grid.addWidget(field, 0, column + 1, 1, 1, high)
        grid.addWidget(self.contactless, 0, 4, high)
        notes = QHBoxLayout()
        notes.setSpacing(2 * SPACE)
        for note, stretch in ((self.echo, 0), (self.own_time, 1), (self.own_comment, 0)):
            notes.addWidget(note, stretch)
        grid.addLayout(notes, 1, 1, 1, 4)
        grid.addWidget(self.beside, 2, 1, 1, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 0)
        layout.setSpacing(2 * SPACE)
        layout.addLayout(top)
        layout.addLayout(grid)

    def _connect(self) -> None:
        self.stop.chosen.connect(lambda _stop: self._edited())
        self.status.chosen.connect(lambda _status: self._edited())
        self.time.textChanged.connect(lambda _text: self._say_time())
        self.time.textChanged.connect(lambda _text: self.edited.emit())
        self.comment.textChanged.connect(self.edited)
        self.contactless.toggled.connect(lambda _on: self._edited())
        self.beside.ticked.connect(self.confirmed)
        keys = FormKeys(self, lambda: False)
        keys.send_and_next.connect(self.send_asked)
        keys.save.connect(self.save_asked)
        keys.left.connect(self.left)

    def _edited(self) -> None:
        """A choice was made."""
        if self._locked is not None:
            self.stop.choose(self._locked.stop)
            self.status.choose(self._locked.status)
            with QSignalBlocker(self.contactless):
                self.contactless.setChecked(self._locked.contactless)
            return
        self._show_status(self.status.choice())
        self.edited.emit()

    def _show_status(self, status: Status) -> None:
        self.contactless.setVisible("contactless" in FORMS[status].fields)
        self.comment.setPlaceholderText(tr(FORMS[status].comment_hint))

    def _say_time(self) -> None:
        self.echo.setText(self.time.echo() or tr("1430 · y1430 yesterday · d1430 planned day · t now"))


def _is_shared(problem: Problem, draft: Draft) -> bool:
    if problem.code in _ABOUT_ALL:
        return True
    return problem.field == "time" and bool(draft.time.strip()) and problem.code != "time_no_planned_day"
