"""The fields of a report in one grid. The same fields serve all five statuses, so that switching loses nothing and native undo stays."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from typing import Final

import msgspec
from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from zendera_desk.domain.drafting import split_position
from zendera_desk.domain.report import Draft, Picture, Status
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.shipment import StopKind
from zendera_desk.gui.report.forms import FORMS
from zendera_desk.gui.report.offer import Offer
from zendera_desk.gui.report.parts import Beside, CommentField
from zendera_desk.gui.report.signee import SigneeField
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.plain import ElidedLabel, PlainLabel
from zendera_desk.gui.widgets.time_field import TimeField
from zendera_desk.gui.words import tr

FIELDS: Final = ("time", "signee", "contactless", "comment", "latitude", "longitude", "cost", "currency", "exception")
"""In the order of tab and Enter."""

_TEXTS: Final = ("signee", "latitude", "longitude", "cost", "currency", "exception")


class ReportForm(QWidget):
    """Emits `edited(field)` for what a person changed, never for what was loaded, and `passed(field)` when they leave a field."""

    edited = Signal(str)
    passed = Signal(str)
    confirmed = Signal(object, bool)

    def __init__(self, now: Callable[[], datetime], zone: tzinfo, currency: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._currency = currency
        self.time = TimeField(now, zone, self)
        self.comment = CommentField(self)
        self.contactless = QCheckBox(tr("Contactless"), self)
        self.signee = SigneeField(self)
        self.texts: dict[str, QLineEdit] = {name: self.signee if name == "signee" else QLineEdit(self) for name in _TEXTS}
        self.fields: dict[str, QWidget] = {"time": self.time, "comment": self.comment, "contactless": self.contactless, **self.texts}
        self.echo = PlainLabel("", self, role="small", wrap=True)
        self.echo.setObjectName("timeEcho")
        self.about_signee = ElidedLabel("", self, role="small")
        self.about_signee.setObjectName("aboutSignee")
        self.about_signee.hide()
        self.beside = {name: Beside(self) for name in ("status", "time", "signee", "comment", "latitude", "cost", "exception")}
        self.offers = {
            "time": Offer(tr("Suggested time"), "suggestedTime", self),
            "position": Offer(tr("Suggested position"), "suggestedPosition", self),
        }
        self.by_hand: set[str] = set()
        """Fields whose text a person typed since it was last filled in: where it came from is theirs to know."""
        self._taking = False
        self._labels: dict[str, PlainLabel] = {}
        self._build()
        self._name()
        self._connect()
        self.show_status(Status.COMPLETE)
        self.show_exception(False)

    # What stands in it

    def draft(self, status: Status, stop: StopKind, pictures: tuple[Picture, ...]) -> Draft:
        """As it is kept: with the time spelled out, so that it means the same tomorrow."""
        texts = {name: field.text() for name, field in self.texts.items()}
        filled = Draft(
            status=status,
            stop=stop,
            pictures=pictures,
            time=self.time.pinned(),
            comment=self.comment.toPlainText(),
            contactless=self.contactless.isChecked(),
        )
        return msgspec.structs.replace(filled, **texts)

    def show_draft(self, draft: Draft, but: frozenset[str] = frozenset()) -> None:
        """Fills in everything except `but`: what a person typed while it was loading stays theirs."""
        with QSignalBlocker(self):
            for name in FIELDS:
                if name not in but:
                    self._fill(name, getattr(draft, name) or (self._currency if name == "currency" else getattr(draft, name)))
        self.by_hand = set(but)
        self.show_status(draft.status)
        self.show_exception(bool(draft.exception))
        self.say_time_again()

    def show_status(self, status: Status) -> None:
        form = FORMS[status]
        for name in ("signee", "contactless"):
            self.fields[name].setVisible(name in form.fields)
        self._labels["signee"].setVisible("signee" in form.fields)
        self.comment.setPlaceholderText(tr(form.comment_hint))

    def show_exception(self, on: bool) -> None:
        """The line for "no proof available because…", which is there only when it is needed."""
        self.texts["exception"].setVisible(on)
        self._labels["exception"].setVisible(on)

    def show_planned(self, day: date | None) -> None:
        self.time.planned = day
        self.say_time_again()

    def show_problems(self, problems: Sequence[Problem], confirmed: frozenset[str]) -> None:
        wrong = {problem.field for problem in problems if problem.blocks}
        for name, line in self.beside.items():
            line.tell([problem for problem in problems if self._line_of(problem.field) == name], confirmed)
        for name, field in self.fields.items():
            if bool(field.property("wrong")) != (name in wrong):
                field.setProperty("wrong", name in wrong)
                field.style().unpolish(field)
                field.style().polish(field)

    def prefer_currency(self, currency: str) -> None:
        """What a cost is in where nothing is said; what a person typed stays."""
        field, before = self.texts["currency"], self._currency
        self._currency = currency
        if "currency" not in self.by_hand and not self.texts["cost"].text() and field.text() == before:
            with QSignalBlocker(field):
                field.setText(currency)

    def take(self, values: dict[str, str]) -> None:
        """What a person chose from a suggestion goes into the fields; native undo brings the old text back."""
        self._taking = True
        self.by_hand -= set(values)
        for name, text in values.items():
            field = self.fields[name]
            if isinstance(field, QLineEdit):
                _write(field, text)
        self._taking = False

    # How it is built

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        grid.setHorizontalSpacing(2 * SPACE)
        grid.setVerticalSpacing(SPACE)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(3, 2)
        grid.addWidget(self.beside["status"], 0, 0, 1, 4)
        self._row(grid, 1, "time", tr("Time"))
        grid.addWidget(self.echo, 2, 1, 1, 3)
        grid.addWidget(self.offers["time"], 3, 1, 1, 3)
        self._row(grid, 5, "signee", tr("Signee"))
        grid.addWidget(self.contactless, 5, 2, 1, 2)
        grid.addWidget(self.about_signee, 6, 1, 1, 3)
        self._row(grid, 8, "comment", tr("Comment"), wide=True)
        self._row(grid, 11, "latitude", tr("Latitude"), "longitude", tr("Longitude"))
        grid.addWidget(self.offers["position"], 12, 1, 1, 3)
        self._row(grid, 14, "cost", tr("Cost"), "currency", tr("Currency"))
        self._row(grid, 17, "exception", tr("No proof"), wide=True)
        grid.setRowStretch(8, 1)
        grid.setRowStretch(20, 1)  # what the comment does not need is left at the end, and the fields stay together

    def _row(
        self, grid: QGridLayout, row: int, name: str, text: str, second: str = "", second_text: str = "", *, wide: bool = False
    ) -> None:
        """A field with its label, perhaps a second pair, and the line for its problems under them."""
        label = self._label(name, text)
        tall = name == "comment"
        if tall:
            label.setContentsMargins(0, SPACE + 3, 0, 0)  # beside the first line of the text
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop if tall else Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.fields[name], row, 1, 1, 3 if wide else 1)
        if second:
            grid.addWidget(self._label(second, second_text), row, 2)
            grid.addWidget(self.fields[second], row, 3)
        grid.addWidget(self.beside[name], row + (3 if name == "time" else 2), 1, 1, 3)

    def _label(self, name: str, text: str) -> PlainLabel:
        label = PlainLabel(text, self, role="muted")
        label.setBuddy(self.fields[name])
        self._labels[name] = label
        return label

    def _name(self) -> None:
        names = {name: label.text() for name, label in self._labels.items()} | {"contactless": tr("Contactless")}
        for name, field in self.fields.items():
            field.setAccessibleName(names[name])
            field.setObjectName(name)
            field.setAcceptDrops(False)  # a file dropped on a field is a picture, not its path as text
        self.time.setPlaceholderText("1430")
        self.texts["latitude"].setPlaceholderText("59.91")
        self.texts["longitude"].setPlaceholderText("10.75")
        self.texts["cost"].setPlaceholderText("0.00")
        self.texts["currency"].setMaxLength(3)
        self.texts["exception"].setPlaceholderText(tr("No proof available because…"))

    def _connect(self) -> None:
        self.time.textChanged.connect(self.say_time_again)
        self.time.textEdited.connect(lambda _text: self._note_hand("time"))
        self.time.textChanged.connect(lambda: self.edited.emit("time"))
        self.comment.textChanged.connect(lambda: self.edited.emit("comment"))
        self.contactless.toggled.connect(lambda: self.edited.emit("contactless"))
        for name, text in self.texts.items():
            text.textEdited.connect(lambda _text, name=name: self._note_hand(name))
            text.textChanged.connect(lambda _text, name=name: self._typed(name))
        for field in self.fields.values():
            field.installEventFilter(self)
        for line in self.beside.values():
            line.ticked.connect(self.confirmed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.passed.emit(watched.objectName())
        return super().eventFilter(watched, event)

    def _line_of(self, field: str) -> str:
        """Two fields in a row share the line under it; what belongs to no field stands on top, so that it is never unseen."""
        line = {"contactless": "signee", "longitude": "latitude", "currency": "cost"}.get(field, field)
        return line if line in self.beside else "status"

    def _note_hand(self, name: str) -> None:
        if not self._taking:
            self.by_hand.add(name)

    def _typed(self, name: str) -> None:
        if name in {"latitude", "longitude"} and (pair := split_position(self.texts[name].text())):
            with QSignalBlocker(self):
                for half, text in zip(("latitude", "longitude"), pair, strict=True):
                    _write(self.texts[half], text)
            self.edited.emit("longitude" if name == "latitude" else "latitude")
        self.edited.emit(name)

    def _fill(self, name: str, value: str | bool) -> None:
        field = self.fields[name]
        if isinstance(field, QCheckBox):
            field.setChecked(bool(value))
        elif isinstance(field, CommentField):
            field.setPlainText(str(value))  # also when it is equal: native undo must not reach into another shipment
        elif isinstance(field, QLineEdit):
            field.setText(str(value))

    def say_time_again(self) -> None:
        self.echo.setText(self.time.echo() or tr("1430 · y1430 yesterday · d1430 planned day · 0611 1430 · t now"))


def _write(field: QLineEdit, text: str) -> None:
    """Replaces the text so that native undo can bring the old one back."""
    if field.text() != text:
        field.selectAll()
        field.insert(text)
