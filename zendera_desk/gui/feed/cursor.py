"""Where the tail stands, in one line under the feed: it never looks up to date when it is not."""

from datetime import datetime, tzinfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from zendera_desk.domain.views import FeedCursor
from zendera_desk.gui import format as shown
from zendera_desk.gui import labels
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.plain import plain_tip
from zendera_desk.gui.widgets.statement import Statement
from zendera_desk.gui.words import tr


class CursorLine(QWidget):
    def __init__(self, zone: tzinfo | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone or shown.local_zone()
        self._said = Statement(tr("Feed state"), "feedState", role="small", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._said, 1, Qt.AlignmentFlag.AlignVCenter)
        self.show_cursor(FeedCursor())

    def show_cursor(self, cursor: FeedCursor) -> None:
        self._said.say(*said(cursor, self._zone))
        self.setToolTip(plain_tip(labels.code(cursor.code)))


def said(cursor: FeedCursor, zone: tzinfo) -> tuple[str, str, Tone | None]:
    """Icon, words and tone. The worst comes first: what does not move (in few words: what to do stands in the window), then a gap."""
    read = tr("Up to date at {time}", time=_clock(cursor.up_to_date_at, zone)) if cursor.up_to_date_at else ""
    if cursor.code:
        until = tr("up to date until {time}", time=_clock(cursor.up_to_date_at, zone)) if cursor.up_to_date_at else ""
        return "triangle-alert", " · ".join(part for part in (labels.short_code(cursor.code), until) if part), Tone.WARN
    if cursor.gap_at is not None:
        gap = tr("a gap is possible at {time}", time=_clock(cursor.gap_at, zone, day=True))
        return "triangle-alert", " · ".join(part for part in (read or tr("Catching up"), gap) if part), Tone.WARN
    if cursor.catching_up:
        return "loader-circle", tr("Catching up…"), Tone.INFO
    return ("check", read, None) if read else ("hourglass", tr("Not read yet"), None)


def _clock(moment: datetime | None, zone: tzinfo, *, day: bool = False) -> str:
    if moment is None:
        return ""
    here = moment.astimezone(zone)
    return f"{here:%d.%m. %H:%M}" if day else f"{here:%H:%M:%S}"
