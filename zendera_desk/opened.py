"""An open data folder and at most one open account: opening and closing, keys, the line, settings and what is kept of it all.

What a person does with the shipments stands on this, in desk.py.
"""

import asyncio
import importlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from zendera_desk import settings
from zendera_desk.credentials import Keys
from zendera_desk.domain.access import check_base_url, check_key
from zendera_desk.domain.archives import Archived, ArchiveFacts, WouldGo
from zendera_desk.domain.changes import Changes, FeedAdvanced, LinkChanged
from zendera_desk.domain.copies import Copy, CopyKind, CopyLine, CopyState, Notice
from zendera_desk.domain.errors import DeskError, StoreError
from zendera_desk.domain.ids import AccountId, PictureId
from zendera_desk.domain.limits import Limits
from zendera_desk.domain.views import Account
from zendera_desk.engine.clock import Clock, SystemClock
from zendera_desk.engine.copying import Copying
from zendera_desk.engine.indexing import Indexing
from zendera_desk.engine.keeping import Keeping
from zendera_desk.engine.retry import SETTLE
from zendera_desk.engine.supervise import Supervisor
from zendera_desk.settings import Settings
from zendera_desk.store import accounts, afresh, care, retention
from zendera_desk.store import outbox as outbox_store
from zendera_desk.store.database import Database
from zendera_desk.store.retention import Leaving

if TYPE_CHECKING:
    from zendera_desk.api.client import ZenderaClient
    from zendera_desk.engine.archiving import Archiving
    from zendera_desk.engine.developing import Developing
    from zendera_desk.engine.engine import Engine
    from zendera_desk.engine.finding import Finding
    from zendera_desk.engine.link import OpenClient
    from zendera_desk.mending import Mending
    from zendera_desk.paper import Paper

CLOSING_PATIENCE: Final = timedelta(seconds=5)
"""How long closing waits for the answer to what is in flight."""


class Opened:
    """Made by `open`, ended by `close`."""

    def __init__(
        self, folder: Path, database: Database, preferred: Settings, keys: Keys, clock: Clock, zone: tzinfo, open_client: "OpenClient"
    ) -> None:
        self.folder = folder
        self.settings = preferred
        self.changes = Changes()
        self.zone = zone
        self.account: Account | None = None
        self._database = database
        self._keys = keys
        self._clock = clock
        self._open_client = open_client
        self.engine: Engine | None = None
        self.connecting = False
        """The account is shown, and its line is still to be made: there is no telling yet whether it has a key."""
        self.keeping = Keeping(folder, database, clock, self.changes, lambda: self.settings)
        self.copying = Copying(folder, database, clock, self.changes, zone)
        self.archive: ArchiveFacts | None = None
        """It is an archive that is read in (reading.py): nothing can be written or sent."""
        self._upkeep = Supervisor(clock, self.changes)
        """Of what goes on whatever account is open."""
        self._by_hand = False
        self._changing = asyncio.Lock()
        """Of whoever makes a line, or ends it: there is one at most."""
        self._deciding = asyncio.Lock()
        """What may be sent is looked up and then written: a key that is pressed twice must find what the first press wrote."""
        self.indexing = Indexing(database, self._upkeep.spawn)

    @cached_property
    def developing(self) -> "Developing":
        from zendera_desk.engine.developing import Developing  # noqa: PLC0415 (the list does without: a start loads it afterwards)

        return Developing(self.folder, self._database, self._clock.now, preferred=lambda: self.settings)

    @cached_property
    def archiving(self) -> "Archiving":
        from zendera_desk.engine.archiving import Archiving  # noqa: PLC0415 (as above)

        return Archiving(self.folder, self._database, self._clock, self.changes, self.keeping.compact)

    @cached_property
    def finding(self) -> "Finding":
        from zendera_desk.engine.finding import Finding  # noqa: PLC0415 (as above)

        return Finding(self._database)

    @cached_property
    def paper(self) -> "Paper":
        from zendera_desk.paper import Paper  # noqa: PLC0415 (as above)

        return Paper(
            self._database,
            self.developing,
            self.finding,
            self._clock,
            self.changes,
            account=lambda: self.account,
            preferred=lambda: self.settings,
            change_settings=self.change_settings,
            make_way=self.keeping.make_way,
        )

    @cached_property
    def mending(self) -> "Mending":
        from zendera_desk.mending import Mending  # noqa: PLC0415 (as above)

        return Mending(
            self._database,
            self._clock,
            self.changes,
            self.zone,
            account=lambda: self.account,
            preferred=lambda: self.settings,
            make_way=self.keeping.make_way,
            deciding=self._deciding,
        )

    @classmethod
    async def open(
        cls,
        folder: Path,
        preferred: Settings,
        *,
        zone: tzinfo,
        keys: Keys | None = None,
        clock: Clock | None = None,
        open_client: "OpenClient | None" = None,
        by_hand: bool = False,
    ) -> Self:
        """Opens the folder's database and makes right what an abrupt end left behind. Raises StoreError.

        `by_hand`: the engine does nothing by itself until `go_online`; a test calls its steps and never goes online.
        """
        clock = clock or SystemClock()
        hold = timedelta(seconds=preferred.hold_seconds)
        try:
            database = await _open_database(folder, clock.now(), hold)
        except StoreError as error:
            if error.code != "damaged":
                raise
            # It was noted that a row cannot be read: this time every row is, and the file is mended.
            database = await _open_database(folder, clock.now(), hold)
        desk = cls(folder, database, preferred, keys or Keys(), clock, zone, open_client or _open_client)
        desk._by_hand = by_hand
        desk.indexing.soon()
        if not by_hand:
            desk._keep_up()
        return desk

    async def close(self) -> None:
        """Settles what is in flight, then ends everything. What is unsent is on disk."""
        self.connecting = False
        self.keeping.close()
        self.copying.stop()
        if "archiving" in vars(self):
            self.archiving.close()
        self.indexing.stop()
        async with self._changing:
            await self._stop_engine()
        await self._upkeep.close()
        await self.copying.close()
        if "developing" in vars(self):
            await self.developing.close()
        await self._database.close()

    # Account and line

    async def accounts(self) -> list[Account]:
        """Those that stay; a passing one is only for the run that named it."""
        return [account for account in await self._database.read(accounts.everyone) if not account.passing]

    async def test_account(self, base_url: str, key: str) -> None:
        """One call with this address and key. Raises LinkError, SettingsError or CredentialError, saying what is wrong.

        With those of the open account it is a call like any other: it is counted, and while Zendera wants none, none is made.
        """
        engine = self.engine
        if engine is not None and engine.link.is_reached_by(check_base_url(base_url), check_key(key)):
            await engine.test()
            return
        client = await self._open_client(base_url, key, _ignore)
        try:
            await client.export_page(1, 1)
        finally:
            await client.aclose()

    async def add_account(self, name: str, base_url: str, key: str, keep_key: bool = True) -> Account:
        """Stores the account, its key in the system keyring (or for this session only), and opens it. Raises CredentialError."""
        account = Account(id=AccountId(secrets.token_hex(8)), name=name.strip(), base_url=check_base_url(base_url))
        await self._remember_key(account.id, key, keep_key)
        await self._database.write(accounts.save, account, self.now())
        await self.open_account(account, key)
        return account

    async def open_passing_account(self, name: str, base_url: str, key: str) -> Account:
        """As `show_passing_account`, with its line."""
        account = await self.show_passing_account(name, base_url, key)
        await self.connect()
        return account

    async def show_passing_account(self, name: str, base_url: str, key: str) -> Account:
        """An account given on the command line: the same rows as in an earlier run with this address, the key in memory only."""
        base_url = check_base_url(base_url)
        account = await self._database.read(accounts.with_address, base_url)
        if account is None:
            account = Account(id=AccountId(secrets.token_hex(8)), name=name, base_url=base_url, passing=True)
            await self._database.write(accounts.save, account, self.now())
        self._keys.hold(account.id, key)
        await self.show_account(account)
        return account

    async def open_stored_account(self, account: Account) -> None:
        """Opens an account with the key that the keyring has. Raises CredentialError; without a key the account opens blocked."""
        await self.show_account(account)
        await self.connect()

    async def show_account(self, account: Account) -> None:
        """What is on disk can be seen. Neither the keyring nor the line to Zendera is waited for: `connect` makes it."""
        async with self._changing:
            await self._stop_engine()
            self.account, self.connecting = account, True
        self.changes.publish(LinkChanged())

    async def connect(self) -> None:
        """Makes the line of the account that is shown, with the key that is held or that the keyring has.

        Raises CredentialError, and DeskError("key_missing"): the account stays as it is shown.
        """
        account = self.account
        if account is None or not self.connecting:
            return
        try:
            key = await self._keys.read(account.id)
            async with self._changing:
                if self._is_still_wanted(account):
                    if key is None:
                        raise DeskError("key_missing", account=account.name)
                    await self._open_account(account, key)
        finally:
            if self._is_still_wanted(account):
                self.connecting = False
                self.changes.publish(LinkChanged(), FeedAdvanced(0))

    def _is_still_wanted(self, account: Account) -> bool:
        """The keyring may have waited for its password, and meanwhile somebody entered the key, or opened another account."""
        return self.account is account and self.connecting

    async def open_account(self, account: Account, key: str) -> None:
        async with self._changing:
            await self._open_account(account, key)

    async def _open_account(self, account: Account, key: str) -> None:
        from zendera_desk.engine.engine import Engine  # noqa: PLC0415 (the list does without: a start loads it afterwards)

        await self._stop_engine()
        self.account = account
        engine = Engine(
            account,
            key,
            database=self._database,
            clock=self._clock,
            changes=self.changes,
            open_client=self._open_client,
            read_picture=self._jpeg,
            desks_on_key=self.settings.desks_on_key,
            certainty=self.settings.certainty,
        )
        await engine.start()
        self.engine, self.connecting = engine, False
        if not self._by_hand:
            engine.run()
        self.changes.publish(LinkChanged(), FeedAdvanced(0))

    def go_online(self) -> None:
        """From now on the engine does by itself what is due. Until then what is on disk can be seen and nothing leaves."""
        if self._by_hand:
            self._by_hand = False
            self._keep_up()
            if self.engine is not None:
                self.engine.run()

    async def replace_key(self, key: str, keep_key: bool = True) -> None:
        """Another key for the open account; whatever waited for it goes on. Raises CredentialError."""
        if self.account is None:
            return
        await self._remember_key(self.account.id, key, keep_key)
        if self.engine is None:
            await self.open_account(self.account, key)
        else:
            await self.engine.replace_key(key)

    def refresh(self) -> None:
        """Looks at everything at once: export, outbox, questions and feed."""
        if self.engine is not None:
            self.engine.wake_all()

    def hurry(self) -> None:
        """Closing waits no longer for the answer to what is in flight: it will be asked about at the next start."""
        if self.engine is not None:
            self.engine.outbox.hurry()

    async def recognised(self) -> int:
        """How many of the account's own reports Zendera has shown us: after twenty its silence means something."""
        return 0 if self.account is None else await self._database.read(outbox_store.recognised, self.account.id)

    # Settings, and what is kept

    async def change_settings(self, changed: Settings) -> None:
        """Goes on with these settings and saves them. Raises StoreError when they cannot be saved; they count all the same."""
        before, self.settings = self.settings, changed
        if self.engine is not None:
            self.engine.prefer(desks_on_key=changed.desks_on_key, certainty=changed.certainty)
        self.keeping.prefer(before, changed)
        await asyncio.to_thread(settings.save, self.folder, changed)

    async def leaving(self, proofs_days: int, shipments_days: int) -> Leaving:
        """How much would go for good with these retention settings."""
        return await self._database.read(retention.leaving, retention.before(self.now(), proofs_days, shipments_days))

    async def copies(self) -> list[CopyLine]:
        """Every copy of the database, the newest first."""
        return await self.copying.lines()

    async def copy_state(self) -> CopyState:
        return await self.copying.state()

    async def make_copy(self) -> Copy:
        """Makes a copy of the database now. Raises StoreError."""
        return await self.copying.make(CopyKind.BY_HAND)

    async def may_be_archived(self, until: datetime) -> WouldGo:
        """The shipments of the open account that are done, and were left alone since."""
        return WouldGo() if self.account is None else await self.archiving.would_go(self.account.id, until)

    async def make_archive(self, until: datetime) -> Archived:
        """Takes them out into a file of their own (`archiving.progress`, `archiving.cancel`). Raises StoreError."""
        if self.account is None:
            return Archived()
        return await self.archiving.make(self.account.id, until, made_by=self.settings.made_by, desk=self.settings.desk)

    async def notices(self) -> list[Notice]:
        """What a person must still be told about the database: that it was mended, or that an older one came back."""
        return await self._database.read(care.notices)

    async def see_notice(self, notice: int) -> None:
        """A person has read it."""
        await self._database.write(care.seen, notice, self.now())

    def now(self) -> datetime:
        return self._clock.now()

    # Inside

    def _keep_up(self) -> None:
        self.keeping.when_asked = self._upkeep.loop("keeping", self.keeping.step).wake
        self._upkeep.loop("copying", self.copying.step)
        self._upkeep.loop("archiving", self.archiving.step)
        self.paper.reading.when_asked = self._upkeep.loop("paper", self.paper.reading.step).wake
        self.paper.watching.when_asked = self._upkeep.loop("watched folder", self.paper.watching.step).wake

    async def _jpeg(self, picture: PictureId) -> bytes:
        return await self.developing.jpeg(picture)

    async def _remember_key(self, account: AccountId, key: str, keep_key: bool) -> None:
        if keep_key:
            await self._keys.keep(account, key)
        else:
            self._keys.hold(account, key)

    async def _stop_engine(self) -> None:
        if self.engine is not None:
            await self.engine.stop(CLOSING_PATIENCE)
            self.engine = None

    @property
    def _who(self) -> dict[str, str]:
        """By whom, and where, something is done: for the log."""
        return {"by": self.settings.made_by, "desk": self.settings.desk}


async def _open_database(folder: Path, now: datetime, hold: timedelta) -> Database:
    """With what an abrupt end left behind made right."""
    database = await Database.open(folder, now)
    try:
        await database.write(afresh.recover, now, now + hold, now + SETTLE)
    except BaseException:
        await database.close()
        raise
    return database


async def _open_client(base_url: str, key: str, on_limits: Callable[[Limits], None]) -> "ZenderaClient":
    # httpx is loaded in a thread, when the window is there: it takes a third of what the rest of a start takes.
    client = await asyncio.to_thread(importlib.import_module, "zendera_desk.api.client")
    opened: ZenderaClient = await client.ZenderaClient.open(base_url, key, on_limits=on_limits)
    return opened


def _ignore(_limits: Limits) -> None:
    """A test of an account spends nobody's budget: it has none yet."""
