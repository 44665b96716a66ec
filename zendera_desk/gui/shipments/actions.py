"""What can be done with the selected rows, once for keys, menus, toolbar and the palette of commands.

The buttons painted in the rows cannot be seen by a screen reader; these are their equals. Single letters count only
while the list has the focus.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from zendera_desk.domain.outbox import Kind
from zendera_desk.domain.report import Status
from zendera_desk.domain.views import ShipmentLine
from zendera_desk.gui import labels
from zendera_desk.gui.columns import why_not
from zendera_desk.gui.icons import icon
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.words import mark, tr


class _Wording(NamedTuple):
    name: str
    text: str
    icon: str
    keys: tuple[str, ...]


_ACCEPT: Final = _Wording("acceptSelected", mark("Accept"), "check", ("A",))
_FAIL: Final = _Wording("failSelected", mark("Fail…"), "x", ("F",))
_OPEN: Final = _Wording("openSelected", mark("Open"), "panel-bottom", ("Return", "Enter"))
_REPORT_MANY: Final = _Wording("reportOnSelected", mark("Report on selected…"), "clipboard", ("B",))
_COPY: Final = _Wording("copyOrderNumbers", mark("Copy order number"), "copy", ("Ctrl+C",))
_COLUMNS: Final = _Wording("chooseColumns", mark("Columns and order…"), "settings", ("Ctrl+Shift+L",))
_FIND: Final = _Wording("findShipments", mark("Find in shipments"), "search", ("/",))
_REPORTS: Final = {
    Status.COMPLETE: ("reportComplete", mark("Report complete"), "C"),
    Status.DAMAGE: ("reportDamage", mark("Report damage"), "D"),
    Status.NO_ONE_THERE: ("reportNoOneThere", mark("Report no one there"), "N"),
    Status.OTHER: ("reportOther", mark("Report other"), "O"),
    Status.CANNOT_HANDLE: ("reportCannotHandle", mark("Report cannot handle"), "X"),
}


class ShipmentActions(QObject):
    def __init__(self, table: QWidget, *, read_only: bool = False) -> None:
        """`read_only`: in an archive there is nothing to accept, to fail or to report on."""
        super().__init__(table)
        self._read_only = read_only
        self.accept = _made(_ACCEPT, table)
        self.fail = _made(_FAIL, table)
        self.open = _made(_OPEN, table)
        self.copy = _made(_COPY, table)
        self.report_many = _made(_REPORT_MANY, table)
        self.columns = _made(_COLUMNS, table)
        """What the headers do for the mouse."""
        self.find = _made(_FIND, table)
        self.reports = {status: _made(_reporting(status), table) for status in Status}
        self.follow([])

    def all(self) -> list[QAction]:
        """In the order of a menu; the window puts the same objects in menu and palette."""
        answers = [] if self._read_only else self._answers
        return [*answers, self.open, self.copy, self.columns, self.find]

    @property
    def _answers(self) -> list[QAction]:
        return [self.accept, self.fail, *self.reports.values(), self.report_many]

    def follow(self, lines: Sequence[ShipmentLine | None]) -> None:
        """Enables what can be done with the selected rows. A row that is not read yet may be anything: the desk decides."""
        for action, wording, kind in ((self.accept, _ACCEPT, Kind.ACCEPT), (self.fail, _FAIL, Kind.FAIL)):
            possible = any(line is None or not why_not(line, kind) for line in lines)
            why = "" if possible or not lines else _why_not(lines, kind)
            action.setEnabled(possible)
            action.setToolTip(plain_tip(why or f"{tr(wording.text)} ({wording.keys[0]})"))
        for action in self.reports.values():
            # Also of one that is not accepted yet: what a driver says on the phone can be noted; the form says what is missing.
            # Of several at once it is the report on many, with that status.
            action.setEnabled(bool(lines))
        self.report_many.setEnabled(len(lines) > 1)
        self.report_many.setToolTip(plain_tip(tr("One report for all of them, with a row each for what differs (B)")))
        for action in self._answers if self._read_only else ():
            action.setEnabled(False)
        self.open.setEnabled(len(lines) == 1)
        self.copy.setEnabled(bool(lines))

    def fill(self, menu: QMenu) -> None:
        """The context menu of the rows. What cannot be done says why."""
        menu.setToolTipsVisible(True)
        if not self._read_only:
            menu.addActions([self.accept, self.fail])
            menu.addSeparator()
            menu.addActions([*self.reports.values(), self.report_many])
            menu.addSeparator()
        menu.addActions([self.open, self.copy])


def _why_not(lines: Sequence[ShipmentLine | None], kind: Kind) -> str:
    known = [line for line in lines if line is not None]
    return why_not(known[0], kind) if len(known) == 1 else tr("None of them waits for an accept or a fail.")


def _reporting(status: Status) -> _Wording:
    name, text, key = _REPORTS[status]
    return _Wording(name, text, labels.report_status(status).icon, (key,))


def _made(wording: _Wording, table: QWidget) -> QAction:
    action = QAction(icon(wording.icon), tr(wording.text), table)
    action.setObjectName(wording.name)
    action.setShortcuts([QKeySequence(key) for key in wording.keys])
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    table.addAction(action)
    return action
