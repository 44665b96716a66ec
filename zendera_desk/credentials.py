"""The API key, in the system's keyring and nowhere else.

Only the keyrings that guard a secret with the person's login are used, by name: whatever else the keyring library finds
(nothing, a null one, plain-text files) is refused, because a key in a file is a key in a backup. Where there is no good
keyring the key can be held in memory for this session.

A keyring may show a prompt and wait for a person, so each call runs in a thread of its own with a time limit. The thread
is a daemon and no pool's, because a prompt that nobody answers must not keep the program from ending.

The key never stands in a repr, a log or an exception: errors of the libraries below are named by their class alone, since
their words may quote what they were given.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, Protocol, TypeVar

from zendera_desk.domain.access import check_key
from zendera_desk.domain.errors import CredentialError
from zendera_desk.domain.ids import AccountId

SERVICE: Final = "Zendera Desk"
"""What the entry is called in the system's own password program."""

GOOD: Final = {
    "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Manager",
    "keyring.backends.macOS.Keyring": "macOS Keychain",
    "keyring.backends.SecretService.Keyring": "Secret Service",
    "keyring.backends.libsecret.Keyring": "Secret Service (libsecret)",
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
    "keyring.backends.kwallet.DBusKeyringKWallet4": "KWallet 4",
}
"""The keyrings that may have the key, by class, with the name people know."""

PATIENCE: Final = timedelta(seconds=60)
"""For a read and a write alike: either may ask a person to unlock the keyring, who has to find the prompt and type."""

LOOK: Final = timedelta(seconds=10)
"""For naming the keyring, which asks nobody."""

_CODES: Final = {
    "NoKeyringError": "no_keyring",
    "SecretServiceNotAvailableException": "no_keyring",
    "KeyringLocked": "locked",
    "LockedException": "locked",
    "PromptDismissedException": "denied",
    "PasswordSetError": "denied",
    "PasswordDeleteError": "denied",
}
"""By class name, so that the libraries need not be imported to name their errors."""

_Result = TypeVar("_Result")


class Keyring(Protocol):
    """The part of a keyring backend that is used here."""

    def get_password(self, service: str, username: str, /) -> str | None: ...
    def set_password(self, service: str, username: str, password: str, /) -> None: ...


def system_keyrings() -> tuple[Keyring, ...]:
    """The good keyrings of this system, best first. Raises CredentialError("no_keyring").

    It imports and may ask D-Bus: not for the interface thread.
    """
    import keyring  # noqa: PLC0415 (80 to 100 ms, and only a thread pays them)
    from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415 (as above)

    found = keyring.get_keyring()
    members: Sequence[Keyring] = found.backends if isinstance(found, ChainerBackend) else (found,)
    good = tuple(member for member in members if _class_of(member) in GOOD)
    if not good:
        raise CredentialError("no_keyring", found=", ".join(map(_class_of, members)))
    return good


class Keys:
    """One key for each account. `find` gives the keyrings to use; it is called in the thread, on each call."""

    def __init__(self, find: Callable[[], tuple[Keyring, ...]] = system_keyrings, patience: timedelta = PATIENCE) -> None:
        self._find = find
        self._patience = patience
        self._held: dict[AccountId, str] = {}
        # One call at a time: two would show two prompts for the same keyring.
        self._turn = asyncio.Lock()

    def __repr__(self) -> str:
        return f"Keys(held={len(self._held)})"

    async def read(self, account: AccountId) -> str | None:
        """The account's key: the one held for this session, else the keyring's; None when there is none."""
        held = self._held.get(account)
        if held is not None:
            return held
        return await self._ask(lambda: _read(self._find(), account))

    async def keep(self, account: AccountId, key: str) -> None:
        """Writes the key to the keyring and reads it back: some keyrings take a secret and lose it."""
        key = check_key(key)
        await self._ask(lambda: _keep(self._find(), account, key))
        self._held.pop(account, None)

    def hold(self, account: AccountId, key: str) -> None:
        """Keeps the key in memory until the program ends: "this session only"."""
        self._held[account] = check_key(key)

    async def describe(self) -> str:
        """The keyring's name, for `doctor`."""
        try:
            found = await _in_thread(self._find, LOOK)
        except CredentialError as error:
            return f"none ({error})"
        return ", ".join(GOOD.get(_class_of(keyring), _class_of(keyring)) for keyring in found)

    async def _ask(self, work: Callable[[], _Result]) -> _Result:
        async with self._turn:
            return await _in_thread(work, self._patience)


def _read(keyrings: tuple[Keyring, ...], account: AccountId) -> str | None:
    for keyring in keyrings:
        key = keyring.get_password(SERVICE, account)
        if key is not None:
            return key
    return None


def _keep(keyrings: tuple[Keyring, ...], account: AccountId, key: str) -> None:
    best = keyrings[0]
    best.set_password(SERVICE, account, key)
    if best.get_password(SERVICE, account) != key:
        raise CredentialError("broken", keyring=_class_of(best))


async def _in_thread(work: Callable[[], _Result], limit: timedelta) -> _Result:
    """Runs `work` in a thread of its own. After `limit` the thread is left to itself and CredentialError("too_slow") raised."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[_Result] = loop.create_future()

    def settle(settler: Callable[[], None]) -> None:
        if not done.done():  # else too late: nobody waits any more
            settler()

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 (whatever a backend raises becomes one named error)
            named = _named(error)
            settler: Callable[[], None] = lambda: done.set_exception(named)  # noqa: E731 (two one-liners side by side)
        else:
            settler = lambda: done.set_result(result)  # noqa: E731 (as above)
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, settler)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        async with asyncio.timeout(limit.total_seconds()):
            return await done
    except TimeoutError:
        raise CredentialError("too_slow") from None


def _named(error: BaseException) -> CredentialError:
    """Our name for a library's error, found by its class or its causes'. Not chained: the original's words may quote the key."""
    if isinstance(error, CredentialError):
        return error
    names: list[str] = []
    link: BaseException | None = error
    while link is not None and len(names) < 8:
        names.append(type(link).__name__)
        link = link.__cause__
    code = next((_CODES[name] for name in names if name in _CODES), "broken")
    return CredentialError(code, cause=names[0])


def _class_of(keyring: Keyring) -> str:
    return f"{type(keyring).__module__}.{type(keyring).__qualname__}"
