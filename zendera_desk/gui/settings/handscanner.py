"""The hand scanner: what it sends before each code, and a field that tells what a scan was taken for.

In that field a scan opens nothing. What arrives as letters in it came too slowly for a scan, and that is said as well: a scanner that
is set to pause between its keys looks like a person.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QLineEdit
from shiboken6 import isValid

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.paper import Code
from zendera_desk.domain.scans import GAP, SHORTEST, bare, kind_of
from zendera_desk.gui.announce import announce
from zendera_desk.gui.format import visible
from zendera_desk.gui.settings.rows import Rows
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import tr

_PAUSE: Final = 600
"""Milliseconds after the last letter, until it is said that it was typed."""
LONGEST_PREFIX: Final = 8


class ScanDesk(Protocol):
    """What of the desk this calls."""

    async def find_by_codes(self, codes: Sequence[Code]) -> tuple[OrderId, ...]: ...


class HandScanner(QObject):
    prefix_chosen = Signal(str)

    def __init__(self, prefix: str, desk: ScanDesk, spawn: Spawn, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._spawn = desk, spawn
        self._scans = 0
        self._prefix = named(QLineEdit(prefix, maxLength=LONGEST_PREFIX), "scannerPrefix")
        self._prefix.setPlaceholderText(tr("none"))
        self._field = named(QLineEdit(), "tryScanner")
        self._field.setPlaceholderText(tr("Click here, then scan a label"))
        self._answer = Statement(tr("What it was taken for"), "scanAnswer", wrap=True)
        self._pause = QTimer(self, interval=_PAUSE, singleShot=True)
        self._prefix.editingFinished.connect(lambda: self.prefix_chosen.emit(self._prefix.text()))
        self._field.textEdited.connect(lambda _text: self._pause.start())
        self._pause.timeout.connect(self._tell_typed)

    def lay_into(self, rows: Rows) -> None:
        hint = tr("What the scanner sends before each code. Those that mark the kind of code, such as ]C1, are known without it.")
        rows.add(tr("Scanner prefix"), self._prefix, hint)
        rows.add(tr("Try the scanner"), self._field, tr("Says what a scan was taken for. Here it opens no shipment."))
        rows.add_note(self._answer)
        self._answer.hide()

    def take_scan(self, text: str) -> bool:
        """What was scanned, if it is tried just now."""
        if not self._field.hasFocus():
            return False
        self._pause.stop()
        self._field.clear()
        self._scans += 1
        self._spawn(self._look(text, self._scans), "try a scan")
        return True

    async def _look(self, text: str, scan: int) -> None:
        found = await self._desk.find_by_codes([Code(kind=kind_of(text), text=text)])
        if scan != self._scans or not isValid(self):  # another was scanned meanwhile, or somebody left
            return
        number = visible(bare(text))
        if len(found) == 1:
            self._say("circle-check", tr("A scan of {number}: shipment {order}.", number=number, order=found[0]), Tone.GOOD)
        elif found:
            self._say("circle-check", tr("A scan of {number}: {n} shipments have it.", number=number, n=len(found)), Tone.GOOD)
        else:
            words = tr("A scan of {number}: no shipment here has it. What does not stand on the label is the prefix.", number=number)
            self._say("info", words, Tone.INFO)

    def _tell_typed(self) -> None:
        text = self._field.text()
        if not text:
            return
        words = tr(
            "“{text}” was typed, not scanned: a scanner sends {least} characters or more, less than {gap} ms apart. If it was scanned,"
            " switch off the pause between characters in the scanner.",
            text=visible(text),
            least=SHORTEST,
            gap=GAP,
        )
        self._say("triangle-alert", words, Tone.WARN)

    def _say(self, icon: str, words: str, tone: Tone) -> None:
        self._answer.say(icon, words, tone)
        self._answer.show()
        announce(self._answer, words)
