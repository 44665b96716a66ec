"""Where the tail stands, in words under the feed: it never looks up to date when it is not.

While it catches up with much, there is a bar, and a button that leaves the rest for later.
"""

from datetime import datetime, timedelta, tzinfo
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from zendera_desk.domain.views import FeedCursor
from zendera_desk.gui import format as shown
from zendera_desk.gui import labels
from zendera_desk.gui.tokens import SPACE, Tone
from zendera_desk.gui.widgets.named import named
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import tr

MUCH: Final = 500
"""Changes: with less it has caught up before anybody could read how many they are."""
_TOLD: Final = timedelta(hours=24)
"""So long the line under the feed tells of a gap, and of what cannot be read; the mark among the rows stays."""
_PARTS: Final = 1000
_WAITS: Final = frozenset({"offline", "connection_refused", "connect_timeout", "timeout", "reset", "busy", "server"})
"""Codes of what goes over by itself: nothing blocks it."""


class CursorLine(QWidget):
    stop_asked = Signal()
    go_on_asked = Signal()

    def __init__(self, zone: tzinfo | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone or shown.local_zone()
        self._catching_up = False
        self._said = Statement(tr("Feed state"), "feedState", self, role="small", wrap=True)
        self._bar = named(QProgressBar(self), "feedProgress", tr("Catching up"))
        self.button = named(QPushButton(self), "feedCatchUp", role="quiet")
        """Stops, or goes on: whoever lays this out has a place for it."""
        self.button.clicked.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE, 0, SPACE)
        column.setSpacing(SPACE)
        column.addWidget(self._bar)
        column.addWidget(self._said, 1, Qt.AlignmentFlag.AlignVCenter)
        self.show_cursor(FeedCursor(), None)

    def _ask(self) -> None:
        if self._catching_up:
            self.stop_asked.emit()
        else:
            self.go_on_asked.emit()

    def show_cursor(self, cursor: FeedCursor, now: datetime | None) -> None:
        self._said.say(*said(cursor, self._zone, now))
        self.setToolTip(plain_tip(labels.code(cursor.code)))
        self._catching_up = cursor.catching_up and not cursor.stopped
        much = cursor.catching_up and (cursor.read >= MUCH or (cursor.about or 0) >= MUCH)
        self._bar.setVisible(much)
        self._bar.setUpdatesEnabled(False)  # else a new value is painted at once, and all else that is due in the window with it
        with QSignalBlocker(self._bar):
            self._bar.setRange(0, _PARTS if cursor.about else 0)
            if cursor.about:
                self._bar.setValue(_PARTS * cursor.read // cursor.about)
        self._bar.setUpdatesEnabled(True)
        self.button.setVisible(much or cursor.stopped)
        self.button.setText(tr("Go on") if cursor.stopped else tr("Stop"))
        self.button.setAccessibleName(tr("Go on catching up") if cursor.stopped else tr("Stop catching up"))
        self.button.setToolTip("" if cursor.stopped else tr("Leaves the rest for later: nothing is lost"))


def said(cursor: FeedCursor, zone: tzinfo, now: datetime | None) -> tuple[str, str, Tone | None]:
    """Icon, words and tone. The worst comes first: what does not move (in few words: what to do stands in the window), then a gap."""
    until = tr("up to date until {time}", time=_clock(cursor.up_to_date_at, zone, now)) if cursor.up_to_date_at else ""
    if cursor.code:
        why = labels.short_code(cursor.code)
        first = why if cursor.code in _WAITS else tr("Blocked: {why}", why=why)
        return "triangle-alert", _joined(first, _again(cursor, zone, now), until), Tone.WARN
    if cursor.stopped:
        return "pause", _joined(tr("Catching up is stopped"), _how_far(cursor), until), Tone.WARN
    if cursor.waits_until is not None:
        why = tr("Waiting until {time}: the hour's calls are used up", time=_clock(cursor.waits_until, zone, now))
        return "hourglass", _joined(why, _how_far(cursor) if cursor.catching_up else "", until), Tone.WARN
    if cursor.catching_up:
        return "loader-circle", _joined(tr("Catching up"), _how_far(cursor)), Tone.INFO
    read = tr("Up to date at {time}", time=_clock(cursor.up_to_date_at, zone, now)) if cursor.up_to_date_at else ""
    gap = tr("gap possible at {time}", time=_clock(cursor.gap_at, zone, now, "%H:%M")) if _is_told(cursor.gap_at, now) else ""
    unreadable = tr("unreadable at {time}", time=_clock(cursor.unreadable_at, zone, now, "%H:%M"))
    missing = _joined(gap, unreadable if _is_told(cursor.unreadable_at, now) else "")
    if missing:
        return "triangle-alert", _joined(read, missing), Tone.WARN
    return ("check", read, None) if read else ("hourglass", tr("Not read yet"), None)


def _is_told(moment: datetime | None, now: datetime | None) -> bool:
    return moment is not None and (now is None or now - moment < _TOLD)


def _how_far(cursor: FeedCursor) -> str:
    if cursor.about is not None:
        return tr("{read} of about {about}", read=shown.count(cursor.read), about=shown.count(cursor.about))
    return tr("{n} change(s) read", n=cursor.read) if cursor.read else ""


def _again(cursor: FeedCursor, zone: tzinfo, now: datetime | None) -> str:
    return tr("again at {time}", time=_clock(cursor.waits_until, zone, now)) if cursor.waits_until else ""


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _clock(moment: datetime | None, zone: tzinfo, now: datetime | None, of_today: str = "%H:%M:%S") -> str:
    """With its day where that is not today."""
    if moment is None:
        return ""
    here = moment.astimezone(zone)
    today = now is None or now.astimezone(zone).date() == here.date()
    return f"{here:{of_today}}" if today else f"{here:%d.%m. %H:%M}"
