"""The person's own views, a chip each, in a row under the fixed ones. What does not fit is in a menu at its end, with its numbers."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from zendera_desk.domain.ids import ViewId
from zendera_desk.domain.views import Length, OwnView
from zendera_desk.gui.format import count, visible
from zendera_desk.gui.icons import icon
from zendera_desk.gui.shipments.filterwords import filter_words
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.chips import ChipBar
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.words import tr

_GAP: Final = SPACE // 2


class OwnRow(QWidget):
    chosen = Signal(object)
    menu_wanted = Signal(object, QPoint)
    """What can be done with this view: where on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = ChipBar(tr("Own views"), [], parent=self)
        self.bar.setObjectName("ownViews")
        self.bar.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.bar.chosen.connect(self.chosen)
        self._more = named(QPushButton(icon("chevron-down"), "", self), "moreViews", role="quiet")
        self._more.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._more.setIconSize(QSize(14, 14))
        self._more.clicked.connect(self._offer)
        self._more.hide()
        self._views: list[OwnView] = []
        self._lengths: dict[ViewId, Length] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 0)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self._more)
        self.hide()

    def show_views(self, views: Sequence[OwnView], keys: Mapping[ViewId, str]) -> None:
        """`keys`: the shortcuts of those that have one."""
        current = self.bar.current
        self._views = list(views)
        self.bar.set_choices([(view.id, visible(view.name)) for view in views])
        for view in views:
            chip = self.bar.chip(view.id)
            chip.setToolTip(plain_tip("\n".join(filter(None, (filter_words(view.filter), keys.get(view.id))))))
            chip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            chip.customContextMenuRequested.connect(
                lambda point, chip=chip, view=view: self.menu_wanted.emit(view.id, chip.mapToGlobal(point))
            )
        if any(view.id == current for view in views):
            self.bar.choose(current)
        self.tell({})
        self.setVisible(bool(views))

    def choose(self, view: ViewId | None) -> None:
        if view is None:
            self.bar.rest()
        else:
            self.bar.choose(view)
        self._fit()

    def tell(self, lengths: Mapping[ViewId, Length]) -> None:
        self._lengths.update(lengths)
        numbers: dict[object, int] = {view: length.number for view, length in self._lengths.items()}
        self.bar.tell(numbers, {view for view, length in self._lengths.items() if length.more})
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The chosen one is always seen; of the others as many as there is room for, from the left."""
        wide = {view.id: self.bar.chip(view.id).sizeHint().width() + _GAP for view in self._views}
        self._more.setText(tr("{n} more", n=len(wide)))
        room = self.width() - 4 * SPACE
        if sum(wide.values()) > room:
            room -= self._more.sizeHint().width() + 2 * SPACE + wide.get(self._current(), 0)
        else:
            wide = dict.fromkeys(wide, 0)
        hidden, full = 0, False
        for view in self._views:
            if view.id != self._current():
                full = full or wide[view.id] > room
                room -= wide[view.id]
            gone = full and view.id != self._current()
            self.bar.chip(view.id).setHidden(gone)
            hidden += gone
        self._more.setText(tr("{n} more", n=hidden))
        self._more.setAccessibleName(tr("{n} more own views", n=hidden))
        self._more.setVisible(hidden > 0)

    def _current(self) -> ViewId:
        return ViewId(str(self.bar.current))

    def _offer(self) -> None:
        menu = QMenu(self)
        for view in self._views:
            if self.bar.chip(view.id).isHidden():
                action = menu.addAction(f"{visible(view.name).replace('&', '&&')}\t{self._figure(view.id)}")
                action.triggered.connect(lambda _checked=False, view=view: self.chosen.emit(view.id))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 2)))

    def _figure(self, view: ViewId) -> str:
        length = self._lengths.get(view)
        return "" if length is None else f"{count(length.number)}{'+' if length.more else ''}"
