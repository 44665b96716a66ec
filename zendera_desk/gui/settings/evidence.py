"""Which evidence a report needs at this desk: for each status, at each of the two stops, chosen in plain words."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from zendera_desk.domain.report import Status
from zendera_desk.domain.rules import DEFAULT, Groups, Rules, groups_of, with_groups
from zendera_desk.domain.shipment import StopKind
from zendera_desk.gui import labels
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.choice import ChoiceField
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import mark, tr

_WORDS: Final = {
    "signee": mark("who signed"),
    "contactless": mark("contactless"),
    "pictures": mark("a picture"),
    "comment": mark("a comment"),
    "position": mark("the position"),
}
_ANYWHERE: Final[Sequence[Groups]] = (
    (),
    (("comment",),),
    (("pictures",),),
    (("pictures", "comment"),),
    (("pictures",), ("comment",)),
    (("pictures",), ("position",)),
)
_SIGNED: Final[Sequence[Groups]] = (
    (("signee",),),
    (("signee", "contactless"),),
    (("signee", "pictures"),),
    (("signee", "contactless"), ("pictures",)),
    (("signee",), ("pictures",)),
)
"""Only where somebody signs."""


def in_words(groups: Groups) -> str:
    """ "who signed or contactless, and a picture"; every group must be met, by any one of its fields."""
    if not groups:
        return tr("nothing")
    parts = [f" {tr('or')} ".join(tr(_WORDS[field]) if field in _WORDS else field for field in group) for group in groups]
    return f", {tr('and')} ".join(parts)


class EvidenceRules(QWidget):
    changed = Signal(object)
    """Rules, whole."""

    def __init__(self, rules: Rules, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("What a report needs"))
        self._rules = rules
        self._fields = {(status, stop): self._field(status, stop) for status in Status for stop in StopKind}
        self._reset = named(QPushButton(tr("As at first")), "resetEvidence", tr("What a report needs: as at first"))
        self._reset.clicked.connect(self._start_again)
        self._lay_out()
        self._show()
        self.setFocusProxy(self._fields[Status.COMPLETE, StopKind.PICKUP])

    def _field(self, status: Status, stop: StopKind) -> ChoiceField:
        now = groups_of(self._rules, status, stop)
        offered = [*(_SIGNED if status is Status.COMPLETE else ()), *_ANYWHERE]
        offered += [groups for groups in (now,) if groups not in offered]  # of a file that was written by hand
        words = [(_code(groups), in_words(groups)) for groups in offered]
        name = f"{labels.report_status(status).text}, {labels.stop(stop).text}"
        field = ChoiceField(f"evidence{status.name.title().replace('_', '')}{stop.name.title()}", words, _code(now))
        field.setAccessibleName(name)
        field.currentIndexChanged.connect(lambda _index: self._choose(status, stop, field.currentData()))
        return field

    def _choose(self, status: Status, stop: StopKind, code: str) -> None:
        self._take(with_groups(self._rules, status, stop, _groups(code)))

    def _start_again(self) -> None:
        self._take(dict(DEFAULT))
        self._show()

    def _take(self, rules: Rules) -> None:
        if rules != self._rules:
            self._rules = rules
            self._reset.setEnabled(rules != DEFAULT)
            self.changed.emit(rules)

    def _show(self) -> None:
        for (status, stop), field in self._fields.items():
            with QSignalBlocker(field):
                field.setCurrentIndex(field.findData(_code(groups_of(self._rules, status, stop))))
        self._reset.setEnabled(self._rules != DEFAULT)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(3 * SPACE)
        grid.setVerticalSpacing(SPACE)
        for column, stop in enumerate(StopKind, start=1):
            grid.addWidget(PlainLabel(labels.stop(stop).text, role="muted"), 0, column)
            grid.setColumnStretch(column, 1)
        for row, status in enumerate(Status, start=1):
            grid.addWidget(PlainLabel(labels.report_status(status).text, role="muted"), row, 0)
            for column, stop in enumerate(StopKind, start=1):
                grid.addWidget(self._fields[status, stop], row, column)
        grid.addWidget(PlainLabel(tr("What is missing can be sent all the same, with the reason typed."), role="small", wrap=True), 6, 1)
        row_of_reset = QGridLayout()
        row_of_reset.setColumnStretch(0, 1)
        row_of_reset.addWidget(self._reset, 0, 1)
        grid.addLayout(row_of_reset, 6, 2)


def _code(groups: Groups) -> str:
    return ";".join(",".join(group) for group in groups)


def _groups(code: str) -> Groups:
    return tuple(tuple(group.split(",")) for group in code.split(";")) if code else ()
