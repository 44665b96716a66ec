"""The calm end of the lane: what was sent, what was left, and the way back to each that was left."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from zendera_desk.domain.ids import PageId
from zendera_desk.gui.announce import announce
from zendera_desk.gui.paper import words
from zendera_desk.gui.paper.course import Course, Outcome, Step
from zendera_desk.gui.style import SPACE, Tone
from zendera_desk.gui.widgets.glyph import Glyph
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import ElidedLabel, PlainLabel
from zendera_desk.gui.words import tr

_WIDE: Final = 560


class Left(NamedTuple):
    """A document that was not sent."""

    key: PageId
    words: str
    icon: str
    tone: Tone


class Summary(QWidget):
    back_asked = Signal()
    """To the list."""
    paper_asked = Signal()
    again_asked = Signal(object)
    """PageId: this document once more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = Glyph("circle-check", Tone.GOOD, 36, self)
        self._title = named(PlainLabel("", self, role="title"), "laneSummary")
        self._text = PlainLabel("", self, role="muted", wrap=True)
        self._list = QWidget()
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(2)
        self.back = named(QPushButton(tr("Back to the list"), self), "backToTheList", tr("Back to the list"), role="primary")
        self.paper = named(QPushButton(tr("Back to the paper"), self), "backToThePaper", tr("Back to the paper"), role="quiet")
        self.back.clicked.connect(self.back_asked)
        self.paper.clicked.connect(self.paper_asked)
        self._lay_out()

    def tell_course(self, course: Course, lines: words.Lines, aside: int) -> None:
        left = [_left(step, lines) for step in course.steps if step.outcome is not Outcome.SENT]
        skipped = len([step for step in course.those(Outcome.SKIPPED) if step.order_id is not None])
        without = len([step for step in course.without_shipment if step.outcome is not Outcome.SENT])
        self.tell(len(course.those(Outcome.SENT)), skipped, without, aside, left)

    def tell(self, sent: int, skipped: int, without: int, aside: int, left: Sequence[Left]) -> None:
        done = sent > 0 and not left
        self._glyph.tell("circle-check" if sent else "info", Tone.GOOD if sent else None)
        self._title.setText(tr("{n} report(s) on the way", n=sent) if sent else tr("Nothing was sent"))
        parts = [tr("{n} skipped", n=skipped)] if skipped else []
        if without:
            parts.append(tr("{n} still without a shipment", n=without))
        if aside:
            parts.append(tr("{n} page(s) put aside", n=aside))
        self._text.setText(tr("That was the last document.") if done and not parts else ", ".join(parts))
        self._text.setVisible(bool(self._text.text()))
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for each in left:
            self._rows.addWidget(self._row(each))
        self._scroll.setMaximumHeight(self._rows.sizeHint().height())  # no hole between the last of them and the buttons
        self._scroll.setVisible(bool(left))
        announce(self, f"{self._title.text()}. {self._text.text()}")

    def _row(self, left: Left) -> QWidget:
        row = QFrame(self._list)
        row.setProperty("role", "card")
        layout = QHBoxLayout(row)
        layout.setContentsMargins(2 * SPACE, 2, SPACE, 2)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(Glyph(left.icon, left.tone, 16, row))
        layout.addWidget(ElidedLabel(left.words, row), 1)
        again = named(QPushButton(tr("Back to it"), row), "backToIt", tr("Back to {document}", document=left.words), role="quiet")
        again.clicked.connect(_asking(self.again_asked.emit, left.key))
        layout.addWidget(again)
        return row

    def _lay_out(self) -> None:
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._list)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.paper)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        column = QWidget(self)
        column.setMaximumWidth(_WIDE)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(2 * SPACE)
        inside.addStretch(2)
        inside.addWidget(self._glyph, alignment=centre)
        for label in (self._title, self._text):
            label.setAlignment(centre)
            inside.addWidget(label)
        inside.addSpacing(2 * SPACE)
        inside.addWidget(self._scroll, 6)
        inside.addSpacing(2 * SPACE)
        inside.addLayout(buttons)
        inside.addStretch(3)
        layout = QHBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(column, 100)
        layout.addStretch(1)
        self.setFocusProxy(self.back)


def _asking(ask: Callable[[PageId], None], key: PageId) -> Callable[[], None]:
    return lambda: ask(key)


def _left(step: Step, lines: words.Lines) -> Left:
    where = words.pages_title(step.document, step.stack_name)
    if step.order_id is None:
        label = words.document_label(step.document, lines)
        return Left(step.key, f"{label.text} · {where}", label.icon, label.tone)
    return Left(step.key, f"{words.shipment_title(step.order_id, lines)} · {where}", "package", Tone.NEUTRAL)
