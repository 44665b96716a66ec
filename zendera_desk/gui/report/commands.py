"""What can be done in the open form by a key from inside its fields: one QAction each, so that the palette lists the same."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from zendera_desk.domain.report import Status
from zendera_desk.gui import labels
from zendera_desk.gui.icons import icon
from zendera_desk.gui.report.hints import POSITION_KEY, TIME_KEY, PictureHints
from zendera_desk.gui.report.pane import PicturePane
from zendera_desk.gui.report.templates import ReadyComments
from zendera_desk.gui.words import mark, tr

_COMMANDS: Final = {
    "takeTime": (mark("Use the suggested time"), "clock", TIME_KEY),
    "takePosition": (mark("Use the suggested position"), "map-pin", POSITION_KEY),
    "insertComment": (mark("Insert a ready comment…"), "message-square", "Ctrl+Space"),
    "turnPictureLeft": (mark("Turn the picture left"), "rotate-ccw", "Alt+L"),
    "turnPictureRight": (mark("Turn the picture right"), "rotate-cw", "Alt+R"),
    "cropPicture": (mark("Crop the picture"), "crop", "Alt+C"),
    "brightenPicture": (mark("Brightness of the picture"), "sun", "Alt+B"),
    "takeSignature": (mark("Signature…"), "signature", "Alt+G"),
}


def form_commands(
    form: QWidget, pane: PicturePane, hints: PictureHints, ready: ReadyComments, choose: Callable[[Status], None]
) -> Sequence[QAction]:
    """Their keys count while the focus is in the form."""
    does: dict[str, Callable[[], None]] = {
        "takeTime": hints.take_time,
        "takePosition": hints.take_position,
        "insertComment": ready.ask,
        "turnPictureLeft": lambda: pane.viewer.turn_by_hand(-90),
        "turnPictureRight": lambda: pane.viewer.turn_by_hand(90),
        "cropPicture": pane.tools.crop,
        "brightenPicture": pane.tools.brightness,
        "takeSignature": pane.tools.signature,
    }
    made = []
    for place, status in enumerate(Status, start=1):
        words = labels.report_status(status)
        text = tr("Report: {status}", status=words.text)
        made.append(_made(form, f"choose{place}", text, words.icon, f"Alt+{place}", partial(choose, status)))
    for name, (text, picture, key) in _COMMANDS.items():
        made.append(_made(form, name, tr(text), picture, key, does[name]))
    return made


def _made(form: QWidget, name: str, text: str, picture: str, key: str, do: Callable[[], None]) -> QAction:
    action = QAction(icon(picture), text, form)
    action.setObjectName(name)
    action.setShortcut(QKeySequence(key))
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    action.triggered.connect(lambda _checked=False: do())
    form.addAction(action)
    return action
