"""A hand scanner is heard anywhere in the window: what it types never reaches a field, a button or a shortcut.

Each character is held back until it is known whether a scanner types (domain/scans.py): for 35 ms at most while it may be a person,
which nobody feels. Letting it through and taking it back is not enough, because "A" accepts a shipment as soon as it is through, and
because a field cannot take back one character without touching its undo history. What a person typed is then handed on, key by key and
in order; Qt looks for the shortcuts of such a key as it does for one that comes from the keyboard.

The times are those at which the keys were pressed, so a window that stood still takes no typing for a scan. Keys without a time,
dialogs and fields for secrets are left alone. The filter is on the native windows and not on the application: there it would be asked
about every event of every object, also of those half built, which PySide does not always survive.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from zendera_desk.domain.scans import GAP, SILENCE, Burst, Tail, is_number

_MARGIN: Final = 5
"""Milliseconds on top of those that decide: the clock of the keys and that of the timer tick apart."""
_ENDS: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab})
_NO_KEYS: Final = frozenset({Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock})
_CTRL: Final = Qt.KeyboardModifier.ControlModifier
_ALT: Final = Qt.KeyboardModifier.AltModifier
_META: Final = Qt.KeyboardModifier.MetaModifier
_GROUP_SEPARATOR: Final = "\x1d"
"""Between the parts of a GS1 code; a scanner types it as Ctrl+]."""
_SECRET: Final = Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData
_ELSEWHERE: Final = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.TouchBegin,
        QEvent.Type.FocusAboutToChange,
        QEvent.Type.FocusOut,
        QEvent.Type.Close,
        QEvent.Type.Hide,
        QEvent.Type.PlatformSurface,
    }
)
"""What must not overtake the keys that came before it."""


class _Held(NamedTuple):
    window: QWindow
    event: QKeyEvent


class Scanner(QObject):
    """`wanted` says whether there is anything to find; `prefix` is what the scanner was set to send before each code."""

    scanned = Signal(str)

    def __init__(self, parent: QObject, wanted: Callable[[], bool], prefix: Callable[[], str]) -> None:
        super().__init__(parent)
        self._wanted, self._prefix = wanted, prefix
        self._burst, self._tail = Burst(), Tail()
        self._held: list[_Held] = []
        self._takes_press = False
        self._down: set[int] = set()
        self._focus: QObject | None = None
        self._replaying = False
        self._looked = False
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._silent)

    def watch(self, window: QWidget) -> None:
        """Listens in this window, one of its own on the screen, as soon as and as often as it gets a native one."""
        window.installEventFilter(self)
        self._listen(window)

    def _listen(self, window: QWidget) -> None:
        native = window.windowHandle()
        if native is not None:
            native.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(watched, QWindow):
            if isinstance(event, QKeyEvent):
                return not self._replaying and self._key(watched, event)
            if kind in _ELSEWHERE:
                self._settle()
        elif kind is QEvent.Type.InputMethod:
            self._settle()  # what an input method composed does not come through the window
        elif kind in {QEvent.Type.WinIdChange, QEvent.Type.Show} and isinstance(watched, QWidget):
            self._listen(watched)
        return False

    # One key: Qt asks first whether it is a shortcut, then hands it on

    def _key(self, window: QWindow, event: QKeyEvent) -> bool:
        if event.type() is QEvent.Type.KeyRelease:
            return self._released(window, event)
        if event.type() is QEvent.Type.ShortcutOverride:
            self._takes_press = self._takes(event)
            event.setAccepted(self._takes_press)  # accepted: no shortcut is looked for
            return self._takes_press
        takes, self._takes_press = self._takes_press, False
        if not takes:
            return False
        if self._burst.text:
            self._held.append(_Held(window, event.clone()))
        else:
            self._down.add(_place(event))
        return True

    def _takes(self, event: QKeyEvent) -> bool:
        """Whether the key is held back or swallowed. All that came before it is settled, unless they belong together."""
        at, key = event.timestamp(), event.key()
        if key in _NO_KEYS:
            return False
        if key in _ENDS and not event.modifiers() & (_CTRL | _ALT | _META):
            mine = self._burst.follows(at)
            return (self._settle() and mine) or self._tail.has(at)
        character = self._character(event)
        if not self._burst.follows(at):
            self._settle()
            if not character or not self._may_listen():
                return False
        elif not character:
            self._settle()
            return False
        self._hold(character, at)
        return True

    def _character(self, event: QKeyEvent) -> str:
        """What the key would write, if a scanner could have pressed it."""
        text, held = event.text(), event.modifiers() & (_CTRL | _ALT | _META)
        if len(text) != 1 or event.isAutoRepeat() or not event.timestamp():
            return ""
        if text == _GROUP_SEPARATOR and self._burst.text:
            return text
        return text if text.isprintable() and held in (Qt.KeyboardModifier.NoModifier, _CTRL | _ALT) else ""  # both: AltGr

    def _may_listen(self) -> bool:
        if not self._wanted() or QApplication.activeModalWidget() is not None:
            return False
        focus = QApplication.focusWidget()
        return focus is None or not focus.inputMethodHints() & _SECRET

    def _hold(self, character: str, at: int) -> None:
        if not self._burst.text:
            self._focus = QGuiApplication.focusObject()
            if self._focus is not None:
                self._focus.installEventFilter(self)
        self._burst.add(character, at)
        self._looked = False
        self._timer.start((SILENCE if self._burst.is_scan else GAP) + _MARGIN)

    def _released(self, window: QWindow, event: QKeyEvent) -> bool:
        place = _place(event)
        if place in self._down:
            self._down.discard(place)
            return True
        if not any(_place(held.event) == place for held in self._held):
            return False
        self._held.append(_Held(window, event.clone()))
        return True

    # What it was

    def _silent(self) -> None:
        """A window that stood still hears its timer before the keys that came meanwhile: those are let in first."""
        if self._looked:
            self._settle()
        else:
            self._looked = True
            self._timer.start(0)

    def _settle(self) -> bool:
        """Decides about what is held: True if it was a scan. Otherwise it is handed on."""
        if not self._burst.text:
            return False
        self._timer.stop()
        if self._focus is not None and shiboken6.isValid(self._focus):
            self._focus.removeEventFilter(self)
        self._focus = None
        long_enough = self._burst.is_scan
        text, at = self._burst.end()
        held, self._held = self._held, []
        if not long_enough or (_writes() and not is_number(text)):
            self._hand_on(held)
            return False
        released = {_place(each.event) for each in held if each.event.type() is QEvent.Type.KeyRelease}
        self._down |= {_place(each.event) for each in held} - released
        text = text.removeprefix(self._prefix())
        if self._tail.begins(text, at) and text:
            self.scanned.emit(text)
        return True

    def _hand_on(self, held: list[_Held]) -> None:
        self._replaying = True
        try:
            for window, event in held:
                if shiboken6.isValid(window):
                    QCoreApplication.sendEvent(window, event)
        finally:
            self._replaying = False


def _place(event: QKeyEvent) -> int:
    """Of the key on the keyboard: with Shift it writes another character when it is released than when it was pressed."""
    return event.nativeScanCode() or int(event.key())


def _writes() -> bool:
    """Whether the focus is where text is written. A list may be that to Qt, but its letters are commands."""
    focus = QApplication.focusWidget()
    if focus is None or isinstance(focus, QAbstractItemView):
        return False
    return focus.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
