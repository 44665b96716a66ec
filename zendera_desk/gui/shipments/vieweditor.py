"""The bar where a view of one's own is named and narrowed. In place, no dialog: the list shows at once what the view will."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from zendera_desk.domain.views import Due, Filter, OwnView, Phase, View
from zendera_desk.gui import labels
from zendera_desk.gui.shipments import filterwords
from zendera_desk.gui.style import ROW, SPACE
from zendera_desk.gui.taborder import tab_through
from zendera_desk.gui.widgets.choice import ChoiceField
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr

_PAUSE: Final = 120
"""Milliseconds after the last key before the list follows."""
_LONGEST: Final = 200
_NARROW: Final = 6
"""Letters of a choice that can be read at least: what says nothing is called by its kind, which is short."""


class ViewEditor(QFrame):
    """`open_for` shows it; it stays until `close_bar`, so that nothing typed is gone where a view could not be kept."""

    changed = Signal(object)
    """The `Filter` as it stands."""
    keep_asked = Signal(object, str, object)
    """The view that is changed (None: a new one), its name, its `Filter`."""
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewEditor")
        self.setProperty("role", "notice")
        self._view: OwnView | None = None
        self._said = Filter()
        self._title = PlainLabel(role="strong")
        self.name = self._field("viewName", tr("Name of the view"), tr("Name of the view"), filterwords.LONGEST)
        self.words = self._field("viewWords", tr("Words"), tr("Words, as in Find"), _LONGEST)
        self.place = self._field("viewPlace", tr("Place"), tr("Postcode, city"), _LONGEST)
        self.place.setToolTip(tr("Postcodes, the beginnings of some, or cities: 5000-5299, 60, Oslo"))
        phases = [("", tr("State")), *((each.value, labels.phase(each).text.capitalize()) for each in Phase)]
        dues = [("", tr("Day")), *((each.value, filterwords.due(each)) for each in Due)]
        cods = [("", tr("COD")), *((word, filterwords.cod(word == "yes")) for word in ("yes", "no"))]
        self.view = self._choice("viewFrom", tr("From"), [(each.value, labels.view(each)) for each in View])
        self.phase = self._choice("viewState", tr("State"), phases)
        self.service = self._choice("viewService", tr("Carrier service"), [("", tr("Service"))])
        self.due = self._choice("viewDay", tr("Delivery day"), dues)
        self.cod = self._choice("viewCod", tr("Cash on delivery"), cods)
        self._keep = named(QPushButton(tr("Keep"), self), "keepThisView", tr("Keep this view"), role="primary")
        self._cancel = named(QPushButton(tr("Cancel"), self), "cancelView", tr("Cancel the view"))
        self._keep.clicked.connect(self._ask)
        self._cancel.clicked.connect(self.cancelled)
        self._pause = QTimer(self, interval=_PAUSE, singleShot=True)
        self._pause.timeout.connect(self._say)
        self.name.textChanged.connect(lambda text: self._keep.setEnabled(bool(text.strip())))
        self._lay_out()
        self.hide()

    def _field(self, name: str, accessible: str, hint: str, longest: int) -> QLineEdit:
        field = named(QLineEdit(self), name, accessible)
        field.setPlaceholderText(hint)
        field.setMaxLength(longest)
        field.setMinimumHeight(ROW)
        field.textChanged.connect(lambda _text: self._pause.start())
        return field

    def _choice(self, name: str, accessible: str, choices: list[tuple[str, str]]) -> ChoiceField:
        choice = named(ChoiceField(name, choices, ""), name, accessible)
        choice.setToolTip(accessible)
        choice.setMinimumHeight(ROW)
        choice.setMinimumContentsLength(_NARROW)
        choice.currentIndexChanged.connect(lambda _row: self._pause.start())
        return choice

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        self._keep.setMinimumHeight(ROW)
        self._cancel.setMinimumHeight(ROW)
        for line, parts in (
            (first, (self._title, self.name, self.words, self._keep, self._cancel)),
            (second, (self.view, self.place, self.due, self.phase, self.service, self.cod)),
        ):
            line.setSpacing(2 * SPACE)
            for part in parts:
                line.addWidget(part, 1 if isinstance(part, QLineEdit) else 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        layout.setSpacing(2 * SPACE)
        layout.addLayout(first)
        layout.addLayout(second)
        tab_through(self)

    def in_order_of_tab(self) -> list[QWidget]:
        conditions = (self.words, self.view, self.place, self.due, self.phase, self.service, self.cod)
        return [self.name, *conditions, self._keep, self._cancel]

    def open_for(self, view: OwnView | None, name: str, wanted: Filter, services: Sequence[str]) -> None:
        """`view`: the one that is changed; None: a new one. Its name is marked, so that typing replaces it."""
        self._view, self._said = view, wanted
        self._title.setText(tr("New view") if view is None else tr("Change view"))
        self.service.clear()
        for code in dict.fromkeys(["", *services, wanted.service]):
            self.service.addItem(code or tr("Service"), code)
        self.name.setText(name)
        self.words.setText(wanted.words)
        self.place.setText(wanted.place)
        for field in (self.words, self.place):
            field.setCursorPosition(0)
        _choose(self.view, wanted.view.value)
        _choose(self.phase, wanted.phase.value if wanted.phase else "")
        _choose(self.service, wanted.service)
        _choose(self.due, wanted.due.value if wanted.due else "")
        _choose(self.cod, "" if wanted.cod is None else "yes" if wanted.cod else "no")
        self._pause.stop()
        self.changed.emit(wanted)
        self.show()
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.name.selectAll()

    def filter(self) -> Filter:
        phase, due, cod = (str(each.currentData() or "") for each in (self.phase, self.due, self.cod))
        return Filter(
            view=View(self.view.currentData()),
            words=" ".join(self.words.text().split()),
            phase=Phase(phase) if phase else None,
            service=str(self.service.currentData() or ""),
            place=" ".join(self.place.text().split()),
            due=Due(due) if due else None,
            cod=None if not cod else cod == "yes",
        )

    def close_bar(self) -> None:
        self._pause.stop()
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape or (event.key() in _ENTER and self._cancel.hasFocus()):
            self.cancelled.emit()
        elif event.key() in _ENTER:
            self._ask()
        else:
            super().keyPressEvent(event)

    def _say(self) -> None:
        wanted = self.filter()
        if wanted != self._said:
            self._said = wanted
            self.changed.emit(wanted)

    def _ask(self) -> None:
        name = " ".join(self.name.text().split())
        if name:
            self.keep_asked.emit(self._view, name, self.filter())
        else:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)


_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


def _choose(field: ChoiceField, code: str) -> None:
    field.setCurrentIndex(max(0, field.findData(code)))
