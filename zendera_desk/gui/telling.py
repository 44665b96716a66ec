"""What the window says by itself: banners that stay until the trouble is mended or seen, toasts that go."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from zendera_desk.domain.changes import Change, LoopFailed, Trouble
from zendera_desk.domain.errors import CredentialError, DeskError, PictureError, StoreError
from zendera_desk.domain.views import Connection, DeskStatus
from zendera_desk.gui import labels
from zendera_desk.gui.format import visible
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.banner import Banners
from zendera_desk.gui.widgets.toast import Toast, ToastStrip
from zendera_desk.gui.words import tr

_NAMED: Final = 3
"""Files in one banner."""


class Telling:
    """`ask_key` shows where the key is entered, `mend` opens the desk anew so that the file is mended."""

    def __init__(
        self, banners: Banners, toasts: ToastStrip, now: Callable[[], datetime], ask_key: Callable[[], None], mend: Callable[[], None]
    ) -> None:
        self._banners, self._toasts, self._now = banners, toasts, now
        self._ask_key, self._mend = ask_key, mend
        self._untaken: dict[str, dict[str, str]] = {}

    def say(self, text: str, undo: Callable[[], None] | None = None, until: datetime | None = None) -> None:
        """One sentence for a while; with `undo` a button, until `until` a countdown."""
        if undo is None or until is None:
            self._toasts.tell(Toast(text=text))
            return
        lasts = max(0.0, (until - self._now()).total_seconds())
        self._toasts.tell(Toast(text=text, icon="hourglass", tone=Tone.INFO, action=tr("Undo"), act=undo, lasts=lasts, counts=True))

    def trouble(self, error: DeskError) -> None:
        """One that belongs to no row; it stays until it is seen. One with the key brings the way to mend it along."""
        if isinstance(error, CredentialError) or error.code == "key_missing":
            self._banners.tell("key", labels.error(error), Tone.BAD, action=tr("Enter the key"), act=self._ask_key)
        elif isinstance(error, StoreError) and error.code == "damaged":
            self._banners.tell("damaged", labels.error(error), Tone.BAD, action=tr("Restart to mend"), act=self._mend, closable=False)
        elif isinstance(error, PictureError):
            self._not_taken(error)
        else:
            self._banners.tell(error.code, labels.error(error))

    def _not_taken(self, error: PictureError) -> None:
        """Files of the watched folder: one is said in full, several are counted. The paper page names each that was refused.

        What may be taken another time stands nowhere else, since it lies in the folder and comes again: it is named here.
        """
        key = "not_taken_yet" if error.may_pass else "not_taken"
        untaken = self._untaken[key] = self._untaken.get(key, {}) if key in self._banners.keys() else {}  # noqa: SIM118 (a method)
        untaken[words := labels.error(error)] = visible(str(error.values.get("name", "")))
        if len(untaken) > 1 and error.may_pass:
            names = ", ".join([*untaken.values()][:_NAMED]) + (", …" if len(untaken) > _NAMED else "")
            words = tr("{n} file(s) cannot be taken in now, and are tried again by themselves: {names}", n=len(untaken), names=names)
        elif len(untaken) > 1:
            words = tr("{n} file(s) were not taken in. The paper page says which, and why (Ctrl+P).", n=len(untaken))
        self._banners.tell(key, words)

    def on_change(self, change: Change) -> None:
        match change:
            case Trouble(error=error):
                self.trouble(error)
            case LoopFailed(error=StoreError() as error):
                self.trouble(error)
            case LoopFailed(name=name):
                self._banners.tell(f"loop-{name}", tr("Something went wrong inside ({name}). It is tried again by itself.", name=name))
            case _:
                pass

    def link(self, status: DeskStatus) -> None:
        """One notice while nothing can be sent until somebody mends something. A line that is merely down mends itself."""
        if status.code == "key_missing":
            self._banners.clear("link")  # said with the way to mend it when the account was opened
        elif status.connection is Connection.BLOCKED:
            words = labels.code(status.code)
            self._banners.tell("link", words, Tone.BAD, action=tr("Replace the key"), act=self._ask_key, closable=False)
        elif status.connection is Connection.TROUBLE:
            self._banners.tell("link", labels.code(status.code), Tone.BAD, closable=False)
        else:
            self._banners.clear("link")
        if status.connection is Connection.ONLINE:
            self._banners.clear("key")
