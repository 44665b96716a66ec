"""The find field over the list: searches with each key. A search takes milliseconds, and one that is overtaken is dropped."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QWidget

from zendera_desk.gui import icons, style
from zendera_desk.gui.icons import icon
from zendera_desk.gui.style import SPACE
from zendera_desk.gui.widgets.searchfield import SearchField
from zendera_desk.gui.words import tr

_PAUSE: Final = 0
"""Milliseconds after the last key: what is pasted, or was typed while the window had something else to do, is one search."""
_HEAD: Final = icons.SIZE + 5 * SPACE
"""Pixels: the glass, and the sign that a click on it opens something. Painted, because a button would be waited for at the start."""
_TO_THE_LIST: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down})


class FindField(SearchField):
    wanted = Signal(str)
    """Search for this; "" shows all again."""
    left = Signal()
    """The person is done with the field: to the list."""
    taken = Signal()
    """The same, for what was found."""
    recent_wanted = Signal()
    """What was looked for before, to be given to `offer`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("find")
        self.setAccessibleName(tr("Find"))
        self.setPlaceholderText(tr("Find order, name, place, phone, reference, barcode, comment"))
        self.setMaxLength(200)
        self._keep_clear()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._search)
        self._searched = ""
        self._asked_with: str | None = None
        """The text there was when recent searches were asked for; None: nobody has."""
        self.setMouseTracking(True)
        self.textChanged.connect(lambda _text: self._pause.start())
        self.textChanged.connect(lambda _text: self._keep_clear())

    def _keep_clear(self) -> None:
        """Of the glass at its head, and of the key at its end while there is one."""
        self.setTextMargins(_HEAD - 2 * SPACE, 0, 0 if self.text() else 5 * SPACE, 0)

    def search_now(self) -> None:
        self._pause.stop()
        self._search()

    def _search(self) -> None:
        text = self.text().strip()
        if text != self._searched:
            self._searched = text
            self.wanted.emit(text)

    def offer(self, recent: Sequence[str]) -> None:
        """A menu of what was looked for before: a key or a click looks for it again."""
        asked_with, self._asked_with = self._asked_with, None
        if self.text() != asked_with:
            return  # it was typed on meanwhile, and the menu would take the keys
        menu = QMenu(self)
        menu.setAccessibleName(tr("Recent searches"))
        if not recent:
            menu.addAction(tr("Nothing was looked for yet")).setEnabled(False)
        for text in recent:
            action = menu.addAction(icon("clock"), text.replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, text=text: self.setText(text))
        menu.setMinimumWidth(self.width())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))
        menu.setActiveAction(menu.actions()[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and not self.text():
            self._ask_for_recent()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self.search_now()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in _TO_THE_LIST:
            self.search_now()
            self.taken.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and event.position().x() < _HEAD:
            self._ask_for_recent()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at_the_head = event.position().x() < _HEAD
        self.setCursor(Qt.CursorShape.PointingHandCursor if at_the_head else Qt.CursorShape.IBeamCursor)
        self.setToolTip(tr("Recent searches  {key}", key="↓") if at_the_head else "")
        super().mouseMoveEvent(event)

    def _ask_for_recent(self) -> None:
        self._asked_with = self.text()
        self.recent_wanted.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        icons.paint(painter, "search", None, QRect(2 * SPACE, 0, icons.SIZE, self.height()))
        self._paint_chevron(painter)
        if not self.text() and not self.hasFocus():
            self._paint_key(painter)
        painter.end()

    def _paint_chevron(self, painter: QPainter) -> None:
        """By hand: one more drawing to be read would be waited for at the start."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.token("muted"), 1.25, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        middle = QPointF(2.75 * SPACE + icons.SIZE + 2, self.height() / 2 + 0.5)
        painter.drawPolyline([middle + QPointF(-2.5, -1.25), middle + QPointF(0, 1.25), middle + QPointF(2.5, -1.25)])

    def _paint_key(self, painter: QPainter) -> None:
        """The key that leads here is shown while the field rests."""
        side = 18
        area = QRect(self.width() - side - 7, (self.height() - side) // 2, side, side)
        painter.setPen(style.token("line"))
        painter.setBrush(style.token("surface"))
        painter.drawRoundedRect(area.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(style.token("muted"))
        painter.setFont(style.font_small())
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, "/")
