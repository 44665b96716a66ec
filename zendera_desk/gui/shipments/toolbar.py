"""The buttons beside the find field: each is an action of the selected rows, for the mouse."""

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from zendera_desk.domain.report import Status
from zendera_desk.gui.icons import icon
from zendera_desk.gui.shipments.actions import ShipmentActions
from zendera_desk.gui.words import tr


def toolbar(actions: ShipmentActions, parent: QWidget) -> tuple[QPushButton, ...]:
    accept = _button("accept", tr("Accept"), actions.accept, "primary", parent)
    return accept, _button("fail", tr("Fail"), actions.fail, "", parent), _report_button(actions, parent)


def _button(name: str, accessible: str, action: QAction, role: str, parent: QWidget) -> QPushButton:
    """A button that is its action: it fires it, and is enabled when it is."""
    button = QPushButton(action.text(), parent)
    button.setObjectName(name)
    button.setAccessibleName(accessible)
    button.setProperty("role", role)
    button.clicked.connect(action.trigger)
    follow = partial(_follow, button, action)
    action.changed.connect(follow)
    follow()
    return button


def _follow(button: QPushButton, action: QAction) -> None:
    button.setEnabled(action.isEnabled())
    button.setToolTip(action.toolTip())


def _report_button(actions: ShipmentActions, parent: QWidget) -> QPushButton:
    button = QPushButton(icon("chevron-down"), tr("Report"), parent)
    button.setObjectName("reportMenu")
    button.setAccessibleName(tr("Report"))
    button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    button.setIconSize(QSize(14, 14))
    menu = QMenu(button)
    menu.addActions([*actions.reports.values(), actions.report_many])
    # popup, not setMenu: a menu that runs a loop of its own would stop the desk's.
    button.clicked.connect(lambda: menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2))))
    first = actions.reports[Status.COMPLETE]
    button.setEnabled(first.isEnabled())
    first.enabledChanged.connect(button.setEnabled)
    return button
