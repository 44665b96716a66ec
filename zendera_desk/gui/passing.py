"""Pages that come and go: the first run, another account, preferences, copies. Each is built when it is asked for.

What a person changes on them is saved here, and told to whoever puts it into effect.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from zendera_desk.desk import Desk
from zendera_desk.gui.pages import Pages
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.words import tr
from zendera_desk.settings import Settings

if TYPE_CHECKING:
    from zendera_desk.gui.settings.preferences import Preferences


class Passing:
    """`on_settings` is called with settings that a person changed, `on_account` when another account is open, `go_back` with the
    copy that a person goes back to."""

    def __init__(
        self,
        desk: Desk,
        spawn: Spawn,
        pages: Pages,
        *,
        on_settings: Callable[[Settings], None],
        on_account: Callable[[], None],
        start_demo: Callable[[], None],
        go_back: Callable[[Path], None],
    ) -> None:
        self._desk, self._spawn, self._pages = desk, spawn, pages
        self._on_settings, self._on_account = on_settings, on_account
        self._start_demo, self._go_back = start_demo, go_back

    def show_first_run(self) -> None:
        from zendera_desk.gui.settings.firstrun import FirstRun  # noqa: PLC0415 (hardly ever)

        first = FirstRun(self._desk, self._spawn, first=True)
        first.saved.connect(self._account_saved)
        first.demo_asked.connect(self._start_demo)
        self._pages.show_passing(first)

    def show_add_account(self) -> None:
        from zendera_desk.gui.settings.firstrun import FirstRun  # noqa: PLC0415 (hardly ever)

        form = FirstRun(self._desk, self._spawn, first=False)
        form.saved.connect(self._account_saved)
        form.left.connect(self._pages.left)
        self._pages.show_passing(form)

    def show_preferences(self) -> None:
        self._made_preferences()

    def ask_key(self) -> None:
        self._made_preferences().ask_key()

    def _made_preferences(self) -> "Preferences":
        from zendera_desk.gui.settings.preferences import Preferences  # noqa: PLC0415 (seldom)

        preferences = Preferences(self._desk, self._spawn)
        preferences.changed.connect(self._settings_changed)
        preferences.archives_asked.connect(self.show_archives)
        self._pages.show_passing(self._pages.framed("preferencesPage", tr("Preferences"), preferences))
        return preferences

    def show_copies(self) -> None:
        from zendera_desk.gui.settings.copies import Copies  # noqa: PLC0415 (seldom)

        copies = Copies(self._desk, self._spawn)
        copies.went_back.connect(lambda copy: self._go_back(copy.path))
        self._pages.show_passing(self._pages.framed("copiesPage", tr("Copies"), copies))

    def show_archives(self) -> None:
        from zendera_desk.gui.archive.beside import open_beside  # noqa: PLC0415 (seldom)
        from zendera_desk.gui.settings.archives import Archives  # noqa: PLC0415 (as above)

        archives = Archives(self._desk, self._spawn)
        archives.opened.connect(open_beside)
        self._pages.show_passing(self._pages.framed("archivesPage", tr("Archives"), archives))

    def _account_saved(self, _account: object) -> None:
        opened = self._desk.account.id if self._desk.account else ""
        self._settings_changed(msgspec.structs.replace(self._desk.settings, open_account=opened))
        self._on_account()

    def _settings_changed(self, settings: Settings) -> None:
        self._spawn(self._desk.change_settings(settings), "save the settings")
        self._on_settings(settings)
