"""Which changes of the feed are shown: the scope as chips, a text, and stop and status in a menu.

What narrows is always said in words under the field: a filter that is forgotten makes a feed look quiet that is not.
"""

from typing import Final

import msgspec
from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from zendera_desk.domain.feed import ProductStatus
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.tailing import FeedFilter
from zendera_desk.domain.views import FeedScope
from zendera_desk.gui import icons, labels
from zendera_desk.gui.format import visible
from zendera_desk.gui.style import SPACE, Tone
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import ElidedLabel
from zendera_desk.gui.words import tr

_PAUSE_MS: Final = 250
"""After the last key: a word typed fast is one search."""
_SCOPES: Final = (FeedScope.ORDER, FeedScope.ALL, FeedScope.UNMATCHED)
_STATUSES: Final = (ProductStatus.PENDING, ProductStatus.COMPLETED, ProductStatus.REMOVED, ProductStatus.NOT_READY, ProductStatus.UNKNOWN)


class FilterBar(QWidget):
    """`wanted` is what is chosen; `changed` says that it is something else now."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wanted = FeedFilter()
        self._scopes = {scope: named(QPushButton(self), f"scope{scope.value.title()}", role="chip") for scope in _SCOPES}
        self._text = named(_TextField(self), "feedText", tr("Find in the feed"))
        self._menu = named(QMenu(self), "feedFilterMenu", tr("Stop and status"))
        self._stops: dict[StopKind | None, QAction] = {}
        self._statuses: dict[ProductStatus, QAction] = {}
        self._button = named(QToolButton(self), "feedFilter", tr("Stop and status"), role="quiet")
        self._narrowed = QWidget(self)
        self._words = named(ElidedLabel("", self._narrowed, role="small"), "feedFilterWords")
        self._clear = named(QToolButton(self._narrowed), "feedFilterClear", tr("Show everything again"), role="quiet")
        self._typed = QTimer(self, interval=_PAUSE_MS, singleShot=True)
        self._fill_menu()
        self._lay_out()
        self._connect()
        self._tell()

    def set_order(self, order_id: OrderId | None) -> None:
        """The shipment that is open, for "This order"."""
        self._choose(order_id=order_id, quiet=self.wanted.scope is not FeedScope.ORDER)

    def choose(self, wanted: FeedFilter) -> None:
        """As it was when the window was closed. The order is the one that is open."""
        self._choose(scope=wanted.scope, stop=wanted.stop, statuses=wanted.statuses, text=wanted.text)

    def clear(self) -> None:
        """Only what narrows; the scope stays."""
        self._choose(stop=None, statuses=frozenset(), text="")

    def _choose(self, *, quiet: bool = False, **values: object) -> None:
        wanted = msgspec.structs.replace(self.wanted, **values)
        if wanted == self.wanted:
            return
        self.wanted = wanted
        self._tell()
        if not quiet:
            self.changed.emit()

    def _tell(self) -> None:
        wanted = self.wanted
        self._scopes[wanted.scope].setChecked(True)
        self._stops[wanted.stop].setChecked(True)
        for status, action in self._statuses.items():
            action.setChecked(status in wanted.statuses)
        if self._text.text().strip() != wanted.text:
            self._text.setText(wanted.text)
            self._typed.stop()
        in_menu = bool(wanted.stop or wanted.statuses)
        self._button.setIcon(icons.icon("list-filter", Tone.ACCENT if in_menu else None))
        words = filter_words(wanted)
        self._button.setAccessibleDescription(words)
        self._words.setText(words)
        self._words.setAccessibleName(words)
        self._narrowed.setVisible(wanted.is_narrow)

    def _search(self) -> None:
        self._choose(text=self._text.text().strip())

    def _toggle(self, status: ProductStatus, on: bool) -> None:
        self._choose(statuses=self.wanted.statuses | {status} if on else self.wanted.statuses - {status})

    def _fill_menu(self) -> None:
        """Stops of which one holds, statuses of which any may."""
        group = QActionGroup(self)
        for stop in (None, StopKind.PICKUP, StopKind.DELIVERY):
            action = self._menu.addAction(tr("Both stops") if stop is None else labels.stop(stop).text)
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _checked, chosen=stop: self._choose(stop=chosen))
            self._stops[stop] = action
        self._menu.addSeparator()
        for status in _STATUSES:
            action = self._menu.addAction(labels.product_status(status).text)
            action.setCheckable(True)
            action.triggered.connect(lambda checked, chosen=status: self._toggle(chosen, checked))
            self._statuses[status] = action
        self._menu.addSeparator()
        self._menu.addAction(tr("Show everything again"), self.clear)

    def _lay_out(self) -> None:
        chips, fields = QHBoxLayout(), QHBoxLayout()
        group = QButtonGroup(self)
        for scope, chip in self._scopes.items():
            chip.setText(labels.feed_scope(scope))
            chip.setAccessibleName(tr("Feed: {scope}", scope=chip.text()))
            chip.setCheckable(True)
            group.addButton(chip)
            chips.addWidget(chip)
        chips.addStretch()
        self._text.setPlaceholderText(tr("Product, place or shipment"))
        self._button.setIconSize(icons.BESIDE_WORDS)
        self._button.setToolTip(tr("Stop and status"))
        self._clear.setIcon(icons.icon("x"))
        self._clear.setToolTip(tr("Show everything again"))
        fields.addWidget(self._text, 1)
        fields.addWidget(self._button)
        narrowed = QHBoxLayout(self._narrowed)
        narrowed.setContentsMargins(SPACE, 0, 0, 0)
        narrowed.addWidget(self._words, 1)
        narrowed.addWidget(self._clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        for row in (chips, fields):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(SPACE)
            column.addLayout(row)
        column.addWidget(self._narrowed)

    def _connect(self) -> None:
        for scope, chip in self._scopes.items():
            chip.clicked.connect(lambda _checked, chosen=scope: self._choose(scope=chosen))
        self._typed.timeout.connect(self._search)
        self._text.textChanged.connect(lambda _text: self._typed.start())
        self._text.done.connect(self._search)
        self._clear.clicked.connect(self.clear)
        # popup, not setMenu: a menu that runs a loop of its own would stop the desk's.
        self._button.clicked.connect(lambda: self._menu.popup(self._button.mapToGlobal(QPoint(0, self._button.height() + 2))))


class _TextField(QLineEdit):
    done = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMaxLength(100)
        self.returnPressed.connect(self.done)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.done.emit()
        else:
            super().keyPressEvent(event)


def filter_words(wanted: FeedFilter) -> str:
    """What of stop and status is let through, and the text: "Delivery · not ready, removed · “PALLET”"."""
    statuses = ", ".join(labels.product_status(status).text for status in _STATUSES if status in wanted.statuses)
    text = tr("“{text}”", text=visible(wanted.text)) if wanted.text else ""
    stop = labels.stop(wanted.stop).text if wanted.stop else ""
    return " · ".join(part for part in (stop, statuses, text) if part)


def pack(wanted: FeedFilter) -> bytes:
    """For the settings: the order that was open is not part of it."""
    return msgspec.json.encode(msgspec.structs.replace(wanted, order_id=None))


def unpack(packed: bytes) -> FeedFilter:
    """What cannot be read is a filter that lets everything through."""
    try:
        return msgspec.json.decode(packed, type=FeedFilter)
    except msgspec.MsgspecError:
        return FeedFilter()
