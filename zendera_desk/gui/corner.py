"""The upper right corner: whose account this is, and the menu with everything."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from zendera_desk.domain.paper import PaperCounts
from zendera_desk.domain.views import Account
from zendera_desk.gui.actions import WindowActions
from zendera_desk.gui.icons import BESIDE_WORDS, icon
from zendera_desk.gui.shipments.ownactions import OwnActions
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import ElidedLabel
from zendera_desk.gui.words import tr


class Corner(QWidget):
    def __init__(self, on_shipments: Sequence[QAction], actions: WindowActions, parent: QWidget | None = None, *, own: OwnActions) -> None:
        super().__init__(parent)
        self._account = named(ElidedLabel(role="muted"), "account", tr("Account"))
        self._menu = self._make_menu(on_shipments, actions, own)
        self._button = named(QPushButton(icon("menu"), ""), "mainMenu", tr("Main menu"), role="quiet")
        self._button.setToolTip(tr("Main menu"))
        # popup, not setMenu: a menu that runs a loop of its own would stop the desk's.
        self._button.clicked.connect(lambda: self._menu.popup(self._button.mapToGlobal(QPoint(0, self._button.height() + 2))))
        self._paper = named(QPushButton(icon("clipboard"), "", self), "paperCount", tr("Paper"), role="quiet")
        self._paper.setIconSize(BESIDE_WORDS)
        self._paper.setToolTip(tr("Paper that waits to be keyed (Ctrl+P)"))
        self._paper.clicked.connect(actions["paper"].trigger)
        self._paper.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(self._account)
        layout.addWidget(self._paper)
        layout.addWidget(self._button)

    def show_account(self, account: Account) -> None:
        """With "staging" where it is Zendera's staging system: nobody shall mistake one for the other."""
        staging = "staging" in account.base_url and "staging" not in account.name.lower()
        self._account.setText(tr("{account} (staging)", account=account.name) if staging else account.name)
        self._account.setToolTip(account.base_url)

    def show_paper(self, waiting: PaperCounts) -> None:
        """How many documents wait; nothing while none does."""
        number = waiting.ready + waiting.unmatched
        self._paper.setText(tr("Paper {n}", n=number))
        self._paper.setAccessibleName(self._paper.text())
        self._paper.setVisible(number + waiting.waiting > 0)

    def _make_menu(self, on_shipments: Sequence[QAction], actions: WindowActions, own: OwnActions) -> QMenu:
        menu = named(QMenu(self), "mainMenuList", tr("Main menu"))
        shipment = menu.addMenu(tr("Shipment"))
        shipment.addActions(list(on_shipments))
        view = menu.addMenu(tr("View"))
        view.aboutToShow.connect(lambda: _fill(view, actions, own))
        _fill(view, actions, own)
        menu.addSeparator()
        menu.addActions([actions["findShipment"], actions["commandPalette"], actions["undoSend"], actions["refreshAll"]])
        menu.addSeparator()
        menu.addActions([actions["preferences"], actions["copies"], actions["archives"], actions["addAccount"], actions["closeWindow"]])
        return menu


def _fill(view: QMenu, actions: WindowActions, own: OwnActions) -> None:
    """Each time it opens: a person's own views come and go."""
    view.clear()
    for part in (actions.views, own.views, own.deeds, [actions["showOutbox"], actions["paper"], actions["showFeed"]]):
        view.addActions(part)
        if part:
            view.addSeparator()
