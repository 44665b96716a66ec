"""The bottom line of the window: whether Zendera is reached, what is on its way, when it is looked next, how many calls are left.

Green is said only while the connection is online, the product feed comes and nothing is open: it means that Zendera has it, not that we
clicked.
"""

from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QElapsedTimer, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from zendera_desk.domain.outbox import OPEN, State
from zendera_desk.domain.views import Connection, DeskStatus
from zendera_desk.gui import format as shown
from zendera_desk.gui import labels
from zendera_desk.gui.icons import BESIDE_WORDS, icon
from zendera_desk.gui.style import ROW, SPACE
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import mark, tr

LOW: Final = 200
"""The last calls of the hour, which are left to sends: shown before they are used up."""

_COUNTED: Final = {
    State.NEEDS_PERSON: mark("{n} (needs|need) you"),
    State.REFUSED: mark("{n} refused"),
    State.UNCLEAR: mark("{n} unclear"),
    State.SENDING: mark("{n} sending"),
    State.HELD: mark("{n} held"),
    State.DUE: mark("{n} waiting"),
    State.SENT: mark("{n} sent, not confirmed yet"),
}
"""What must be seen first stands first."""

_UNREADABLE: Final = mark(
    "Zendera exported this in a form that this program does not know. It is kept as it came, it was not answered, and nothing else is "
    "held up by it. A click copies it, for Zendera's support."
)


class StatusLine(QWidget):
    outbox_asked = Signal()
    refresh_asked = Signal()
    unreadable_asked = Signal()
    """The orders that cannot be read, to be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusLine")
        self._status = DeskStatus()
        self._now: datetime | None = None
        self._since = QElapsedTimer()
        self._connection = Statement(tr("Connection"), "connection")
        self._outbox = named(QPushButton(), "outboxSummary", tr("Outbox summary"), role="quiet")
        self._unreadable = named(QPushButton(), "unreadableOrders", role="quiet")
        self._next = Statement(tr("Next check"), "nextCheck", role="muted")
        self._feed = Statement(tr("Feed pace"), "feedPace", role="muted")
        self._refresh = named(QPushButton(tr("Refresh")), "refresh", tr("Refresh"), role="quiet")
        self._budget = Statement(tr("Call budget"), "callBudget", role="muted")
        for button in (self._outbox, self._unreadable, self._refresh):
            button.setIconSize(BESIDE_WORDS)
        self._lay_out()
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tell_next)
        self._outbox.clicked.connect(self.outbox_asked)
        self._refresh.clicked.connect(self.refresh_asked)
        self._unreadable.clicked.connect(self.unreadable_asked)
        self._tell()

    def show_status(self, status: DeskStatus, now: datetime) -> None:
        """`now` is the desk's clock; from here on this line counts by itself until it is told again."""
        self._status = status
        self._now = now
        self._since.start()
        self._tell()

    def _tell(self) -> None:
        status = self._status
        label = labels.connection(status.connection, status.code)
        quiet = is_quiet(status)
        self._connection.say(label.icon, label.text, label.tone if quiet or status.connection is not Connection.ONLINE else Tone.NEUTRAL)
        why = labels.code(status.code) if status.code else ""
        self._connection.setToolTip(plain_tip("\n".join(part for part in (why, status.words) if part)))
        words, picture, tone = outbox_words(status)
        self._outbox.setText(words)
        self._outbox.setIcon(icon(picture, tone))
        self._outbox.setAccessibleDescription(words)
        self._outbox.setToolTip(tr("Show the outbox"))
        self._unreadable.setVisible(status.set_aside > 0)
        unread = tr("{n} order(s) cannot be read", n=status.set_aside)
        self._unreadable.setText(unread)
        self._unreadable.setAccessibleName(unread)
        left = max(0, status.calls_left)
        counted = status.connection is not Connection.STARTING and status.code != "key_missing"
        low = left <= LOW and counted
        text = tr("{left} of {limit} calls left this hour", left=shown.count(left), limit=shown.count(status.calls_limit))
        self._budget.say("gauge" if low else "", text if counted else "", Tone.WARN if low else None)
        self._budget.setToolTip(tr("The last {n} calls of an hour are kept for sending.", n=LOW) if low else "")
        still = _stands_still(status)
        self._feed.say("triangle-alert" if still else "", feed_words(status), Tone.WARN if still else None)
        self._feed.setToolTip(plain_tip(_why_feed(status)))
        self._tell_next()

    def _tell_next(self) -> None:
        self._next.say("", next_words(self._status, self._clock()))
        self._refresh.setEnabled(not self._status.checking)
        counting = self.isVisible() and self._counts_down()
        if counting is not self._second.isActive():
            self._second.start() if counting else self._second.stop()

    def _clock(self) -> datetime | None:
        return self._now + timedelta(milliseconds=self._since.elapsed()) if self._now is not None else None

    def _counts_down(self) -> bool:
        now, due = self._clock(), self._status.next_check_at
        return now is not None and due is not None and due > now and not self._status.checking

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell_next()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._second.stop()

    def _lay_out(self) -> None:
        self._refresh.setIcon(icon("refresh-cw"))
        self._refresh.setToolTip(tr("Look at Zendera now"))
        self._unreadable.setIcon(icon("triangle-alert", Tone.WARN))
        self._unreadable.setToolTip(plain_tip(tr(_UNREADABLE)))
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * SPACE, 0, 3 * SPACE, 0)
        row.setSpacing(2 * SPACE)
        row.addWidget(self._connection)
        row.addWidget(self._outbox)
        row.addWidget(self._unreadable)
        row.addStretch(1)
        row.addWidget(self._feed)
        row.addSpacing(SPACE)
        row.addWidget(self._next)
        row.addWidget(self._refresh)
        row.addSpacing(4 * SPACE)
        row.addWidget(self._budget)
        self.setFixedHeight(ROW + SPACE)


def is_quiet(status: DeskStatus) -> bool:
    """Zendera is reached, and nothing is open, unclear, refused, waiting for a person, shown twice, or sent and not shown at all; and
    what drivers do comes."""
    if status.connection is not Connection.ONLINE or status.feed_code:
        return False
    return not status.doubled and not status.unshown and not _open(status)


def _stands_still(status: DeskStatus) -> bool:
    """The product feed alone: where Zendera is not reached at all, that is said in its own place."""
    return status.connection is Connection.ONLINE and bool(status.feed_code)


def _open(status: DeskStatus) -> int:
    return sum(count for state, count in status.counts.items() if state in OPEN)


def outbox_words(status: DeskStatus) -> tuple[str, str, Tone | None]:
    """Words, icon and tone. What is sent and not yet seen at Zendera's side is said, and is not green."""
    counts = {**status.counts, State.SENT: status.counts.get(State.SENT, 0) - status.unshown}
    parts = [tr(words, n=counts[state]) for state, words in _COUNTED.items() if counts.get(state, 0) > 0]
    if status.unshown:
        asks = sum(counts.get(state, 0) > 0 for state in (State.NEEDS_PERSON, State.REFUSED))
        parts.insert(asks, tr("{n} sent without confirmation", n=status.unshown))
    if status.doubled:
        parts.insert(0, tr("{n} shown twice", n=status.doubled))
    if not parts:
        # Said of what is on disk here, which is known also while the connection is not.
        return tr("Nothing on its way"), "circle-check", Tone.GOOD if is_quiet(status) else None
    if any(status.counts.get(state) for state in (State.NEEDS_PERSON, State.REFUSED)):
        tone, picture = Tone.BAD, "hand"
    elif status.counts.get(State.UNCLEAR) or status.doubled or status.unshown:
        tone, picture = Tone.WARN, "circle-question-mark"
    else:
        tone, picture = Tone.INFO, "send"
    return " · ".join(parts), picture, tone


def closing_words(status: DeskStatus) -> str:
    """What is open when the window closes: what goes on by itself with the next start, and what waits for a person. "" if nothing."""
    parts = []
    if waiting := _open(status):
        parts.append(tr("{n} (send is|sends are) not done yet: kept on this PC, and going on when you open the desk again.", n=waiting))
    if status.unshown:
        words = tr("{n} (was|were) sent without confirmation: (it waits|they wait) for you in the outbox.", n=status.unshown)
        parts.append(words)
    return " ".join(parts)


def next_words(status: DeskStatus, now: datetime | None) -> str:
    if status.checking:
        return tr("checking…")
    if status.next_check_at is None or now is None:
        return ""
    wait = (status.next_check_at - now).total_seconds()
    return tr("next check {wait}", wait=shown.seconds(wait)) if wait > 0 else tr("checking…")


def feed_words(status: DeskStatus) -> str:
    """How often the product feed is looked at, or why it stands still; "" while it does not just follow."""
    if _stands_still(status):
        return tr("feed stands still: {why}", why=labels.short_code(status.feed_code))
    if status.feed_every is None or status.connection is not Connection.ONLINE:
        return ""
    return tr("feed every {wait}", wait=shown.seconds(status.feed_every.total_seconds()))


def _why_feed(status: DeskStatus) -> str:
    if _stands_still(status):
        return labels.code(status.feed_code)
    if not feed_words(status):
        return ""
    if status.feed_resting:
        return tr("The product feed is looked at less often while nobody is at the desk. A key or a click, and it is looked at once.")
    return tr("The product feed is looked at as often as the calls of this hour allow: more often while things happen.")
