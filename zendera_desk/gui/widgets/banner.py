"""What stays until it is seen or mended: one line across the window for each trouble that belongs to no single row."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from zendera_desk.gui import icons
from zendera_desk.gui.announce import announce
from zendera_desk.gui.tokens import SPACE, Tone
from zendera_desk.gui.widgets.glyph import Glyph
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import tr

_ICONS = {
    Tone.NEUTRAL: "info",
    Tone.INFO: "info",
    Tone.GOOD: "circle-check",
    Tone.WARN: "triangle-alert",
    Tone.BAD: "circle-alert",
    Tone.ACCENT: "info",
}


class Banner(QFrame):
    """Icon, sentence, at most two actions, and a cross where it may be put away."""

    def __init__(
        self,
        text: str,
        tone: Tone = Tone.WARN,
        *,
        action: str = "",
        act: Callable[[], None] | None = None,
        other: str = "",
        act_other: Callable[[], None] | None = None,
        close: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.setProperty("tone", tone.value)
        self.setAccessibleName(text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, SPACE, SPACE, SPACE)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(Glyph(_ICONS[tone], tone, parent=self))
        self.label = PlainLabel(text, self, wrap=True)
        layout.addWidget(self.label, 1)
        for words, do in ((action, act), (other, act_other)):
            if words and do is not None:
                button = QPushButton(words, self)
                button.setProperty("role", "quiet")
                button.setAccessibleName(words)
                button.clicked.connect(lambda _on, do=do: do())
                layout.addWidget(button)
        if close is not None:
            cross = QToolButton(self)
            cross.setProperty("role", "quiet")
            cross.setIcon(icons.icon("x"))
            cross.setIconSize(QSize(icons.SIZE, icons.SIZE))
            cross.setAccessibleName(tr("Close"))
            cross.setToolTip(tr("Close"))
            cross.clicked.connect(lambda _on: close())
            layout.addWidget(cross)


class Banners(QWidget):
    """The banners of a window, one for each key; it takes no room when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._banners: dict[str, Banner] = {}
        self._texts: dict[str, tuple[str, Tone, str]] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        self._layout.setSpacing(SPACE)
        self.hide()

    def tell(
        self,
        key: str,
        text: str,
        tone: Tone = Tone.WARN,
        *,
        action: str = "",
        act: Callable[[], None] | None = None,
        other: str = "",
        act_other: Callable[[], None] | None = None,
        closable: bool = True,
    ) -> None:
        """Shows it, in place of the one with the same key. Saying the same again changes nothing and is not read out again."""
        if self._texts.get(key) == (text, tone, action):
            return
        self._remove(key)
        close = (lambda: self.clear(key)) if closable else None
        banner = Banner(text, tone, action=action, act=act, other=other, act_other=act_other, close=close, parent=self)
        self._banners[key], self._texts[key] = banner, (text, tone, action)
        self._layout.addWidget(banner)
        self.show()
        announce(self, text, urgent=tone is Tone.BAD)

    def clear(self, key: str) -> None:
        self._remove(key)
        self.setVisible(bool(self._banners))

    def keys(self) -> tuple[str, ...]:
        return tuple(self._banners)

    def _remove(self, key: str) -> None:
        self._texts.pop(key, None)
        banner = self._banners.pop(key, None)
        if banner is not None:
            self._layout.removeWidget(banner)
            banner.hide()
            banner.deleteLater()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.update()
