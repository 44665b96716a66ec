"""One errand at a time, shown in place: progress with seconds and Cancel while it runs, one sentence when it has ended."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from zendera_desk.domain.errors import DeskError
from zendera_desk.gui.settings.trial import trial_sentence
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import tr

_ICONS: Final = {Tone.GOOD: "circle-check", Tone.BAD: "triangle-alert", Tone.WARN: "triangle-alert"}


class Errand(QWidget):
    """Shows nothing until it is asked. A DeskError of the work becomes its sentence; the caller hears of it by `failed`."""

    busy_changed = Signal(bool)
    failed = Signal(object)
    """DeskError"""

    def __init__(self, spawn: Spawn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spawn = spawn
        self._task: asyncio.Task[object] | None = None
        self._doing = ""
        self._elapsed = 0
        self._asker: QWidget | None = None
        """What had the focus when it began: it is disabled meanwhile, and would lose it for good."""
        self._fell_on: QWidget | None = None
        """Where the focus went because of that, which nobody wished."""
        self._progress = QWidget()
        self._words = PlainLabel(role="muted")
        self._bar = named(QProgressBar(), "progress", tr("Progress"))
        self.cancel = named(QPushButton(tr("Cancel")), "cancel", tr("Cancel"), role="quiet")
        self._outcome = named(QFrame(), "outcomeNotice", role="notice")
        self._said = Statement(tr("Outcome"), "outcome", wrap=True)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._count)
        self._lay_out()
        self.cancel.clicked.connect(self._cancel)
        self.clear()

    @property
    def busy(self) -> bool:
        return not self._progress.isHidden()

    @property
    def outcome(self) -> str:
        return self._said.words

    def start(self, work: Callable[[], Awaitable[None]], name: str, doing: str) -> None:
        """`name` is for the log, `doing` for the person: "Asking Zendera…". A second errand is not started beside the first."""
        if not self.busy:
            self._begin(doing)
            self._spawn(self._run(work), name)

    def say(self, words: str, tone: Tone) -> None:
        self._said.say(_ICONS[tone], words, tone)
        self._outcome.setProperty("tone", tone.value)
        self._outcome.style().unpolish(self._outcome)
        self._outcome.style().polish(self._outcome)
        self._outcome.show()

    def clear(self) -> None:
        """Takes the last outcome away: what it was about has been changed."""
        self._said.say("", "")
        self._outcome.hide()

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        self._task = asyncio.current_task()
        cancelled_before = self._task.cancelling() if self._task else 0
        try:
            await work()
        except DeskError as error:
            self._end()
            self.say(trial_sentence(error), Tone.BAD)
            self.failed.emit(error)
        except asyncio.CancelledError:
            if self.cancel.isEnabled():
                raise  # the program is closing, nobody pressed Cancel
            if self._task and self._task.cancelling() > cancelled_before:
                self._task.uncancel()
            self._end()
            self.say(tr("Cancelled. Nothing was changed."), Tone.WARN)
        finally:
            self._end()

    def _cancel(self) -> None:
        if self._task is not None:
            self.cancel.setEnabled(False)
            self._task.cancel()

    def _begin(self, doing: str) -> None:
        self.clear()
        self._asker = self.window().focusWidget()
        self._doing, self._elapsed = doing, 0
        self._words.setText(doing)
        self.cancel.setEnabled(True)
        self._bar.setRange(0, 0)
        self._progress.show()
        self._second.start()
        self.busy_changed.emit(True)
        self._fell_on = self.window().focusWidget()

    def _end(self) -> None:
        if self.busy:
            self._task = None
            gone = self.window().focusWidget() not in {self._fell_on, self.cancel}
            self._second.stop()
            self._progress.hide()
            self._bar.setRange(0, 1)  # a hidden bar need not go on moving
            self.busy_changed.emit(False)
            if self._asker is not None and not gone and self._asker.isVisible():
                self._asker.setFocus(Qt.FocusReason.OtherFocusReason)

    def _count(self) -> None:
        self._elapsed += 1
        self._words.setText(f"{self._doing}  {self._elapsed} s")

    def _lay_out(self) -> None:
        self._bar.setTextVisible(False)
        row = QHBoxLayout(self._progress)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3 * SPACE)
        row.addWidget(self._words)
        row.addWidget(self._bar, 1)
        row.addWidget(self.cancel)
        self._progress.hide()
        inner = QVBoxLayout(self._outcome)
        inner.setContentsMargins(3 * SPACE, 2 * SPACE, 3 * SPACE, 2 * SPACE)
        inner.addWidget(self._said)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._progress)
        column.addWidget(self._outcome)
