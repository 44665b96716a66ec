"""The key goes to a named keyring or to memory, in bounded time, and shows nowhere."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from datetime import timedelta

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.backends.chainer import ChainerBackend
from keyring.backends.SecretService import Keyring as SecretService
from keyring.errors import InitError, KeyringLocked, PasswordSetError

from zendera_desk.credentials import SERVICE, Keys, system_keyrings
from zendera_desk.domain.access import check_key
from zendera_desk.domain.errors import CredentialError
from zendera_desk.domain.ids import AccountId

NORDLYS = AccountId("nordlys")
CANARY = "canary-key-4f1b"


class Drawer:
    """A keyring in memory, with the faults that real ones have."""

    def __init__(self) -> None:
        self.secrets: dict[tuple[str, str], str] = {}
        self.fault: Exception | None = None
        self.forgetful = False
        self.open = threading.Event()
        self.open.set()

    def _enter(self) -> None:
        self.open.wait()
        if self.fault:
            raise self.fault

    def get_password(self, service: str, username: str) -> str | None:
        self._enter()
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._enter()
        if not self.forgetful:
            self.secrets[service, username] = password


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.fixture
def keys(drawer: Drawer) -> Keys:
    return Keys(lambda: (drawer,))


@pytest.fixture
def chosen_keyring() -> Iterator[None]:
    """Puts back whichever backend the keyring library had before."""
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


async def test_a_kept_key_is_read_back_under_the_service_name(keys: Keys, drawer: Drawer) -> None:
    await keys.keep(NORDLYS, f"  {CANARY}\n")
    assert drawer.secrets == {(SERVICE, "nordlys"): CANARY}
    assert await keys.read(NORDLYS) == CANARY


async def test_an_account_without_a_key_reads_none(keys: Keys) -> None:
    assert await keys.read(NORDLYS) is None


async def test_a_keyring_that_loses_what_it_took_is_broken(keys: Keys, drawer: Drawer) -> None:
    drawer.forgetful = True
    with pytest.raises(CredentialError) as caught:
        await keys.keep(NORDLYS, CANARY)
    assert caught.value.code == "broken"


async def test_a_key_for_this_session_never_touches_the_keyring(keys: Keys, drawer: Drawer) -> None:
    drawer.fault = AssertionError("asked")
    keys.hold(NORDLYS, CANARY)
    assert await keys.read(NORDLYS) == CANARY
    assert not drawer.secrets


async def test_a_key_kept_later_replaces_the_one_of_the_session(keys: Keys) -> None:
    keys.hold(NORDLYS, "session")
    await keys.keep(NORDLYS, CANARY)
    assert await keys.read(NORDLYS) == CANARY


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (KeyringLocked("dismissed"), "locked"),
        (PasswordSetError("Cancelled by user"), "denied"),
        (InitError("no bus"), "broken"),
        (OSError(f"said {CANARY}"), "broken"),
    ],
)
async def test_each_fault_of_a_keyring_has_one_code_and_none_quotes_the_key(
    keys: Keys, drawer: Drawer, fault: Exception, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    drawer.fault = fault
    with caplog.at_level(logging.DEBUG), pytest.raises(CredentialError) as caught:
        await keys.keep(NORDLYS, CANARY)
    assert caught.value.code == code
    assert CANARY not in f"{caught.value!r}{caught.value}{caught.value.__cause__!r}{caught.value.__context__!r}{caplog.text}"


async def test_the_cause_of_a_library_error_gives_the_code(keys: Keys, drawer: Drawer) -> None:
    class PromptDismissedException(Exception):  # noqa: N818 (the library's name is what is looked at)
        pass

    drawer.fault = InitError("Failed to create the collection")
    drawer.fault.__cause__ = PromptDismissedException()
    with pytest.raises(CredentialError) as caught:
        await keys.read(NORDLYS)
    assert caught.value.code == "denied"


async def test_a_prompt_that_nobody_answers_ends_in_too_slow_and_the_next_call_works(drawer: Drawer) -> None:
    keys = Keys(lambda: (drawer,), patience=timedelta(milliseconds=20))
    drawer.open.clear()
    with pytest.raises(CredentialError) as caught:
        await keys.read(NORDLYS)
    assert caught.value.code == "too_slow"
    drawer.open.set()
    assert await Keys(lambda: (drawer,)).read(NORDLYS) is None


async def test_the_loop_turns_while_a_keyring_waits_for_a_person(keys: Keys, drawer: Drawer) -> None:
    drawer.open.clear()
    reading = asyncio.ensure_future(keys.read(NORDLYS))
    for _ in range(100):
        await asyncio.sleep(0)
    assert not reading.done()
    drawer.open.set()
    assert await reading is None


async def test_a_second_keyring_is_read_too_but_never_written(drawer: Drawer) -> None:
    older = Drawer()
    older.secrets[SERVICE, NORDLYS] = CANARY
    keys = Keys(lambda: (drawer, older))
    assert await keys.read(NORDLYS) == CANARY
    await keys.keep(NORDLYS, "new")
    assert older.secrets[SERVICE, NORDLYS] == CANARY
    assert await keys.read(NORDLYS) == "new"


def test_keys_show_no_key(keys: Keys) -> None:
    keys.hold(NORDLYS, CANARY)
    assert CANARY not in repr(keys)


@pytest.mark.parametrize("typed", ["", "   ", "two words", "line\nbreak", "nøkkel", "tab\tbed", "nul\x00", "x" * 1025])
def test_what_cannot_be_a_key_is_refused_unquoted(typed: str) -> None:
    with pytest.raises(CredentialError) as caught:
        check_key(typed)
    assert caught.value.code == "bad_key"
    assert not caught.value.values


def test_the_blanks_of_a_copied_key_are_taken_off() -> None:
    assert check_key(f"\n {CANARY}\t") == CANARY


class PlainText(KeyringBackend):
    """As keyrings.alt has: it would put the key in a file."""

    priority = 9

    def get_password(self, service: str, username: str) -> str | None:
        raise NotImplementedError

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library finds a plain-text keyring and a Secret Service."""
    monkeypatch.setattr(ChainerBackend, "backends", [PlainText(), SecretService()])


@pytest.mark.usefixtures("chosen_keyring")
@pytest.mark.parametrize("refused", [fail.Keyring, null.Keyring, PlainText])
async def test_only_named_keyrings_may_have_the_key(refused: type[KeyringBackend]) -> None:
    keyring.set_keyring(refused())
    with pytest.raises(CredentialError) as caught:
        await Keys().keep(NORDLYS, CANARY)
    assert caught.value.code == "no_keyring"
    assert (await Keys().describe()).startswith("none (no_keyring")


@pytest.mark.usefixtures("chosen_keyring", "only")
def test_a_chain_of_keyrings_is_used_without_its_bad_members() -> None:
    keyring.set_keyring(ChainerBackend())
    assert [type(member) for member in system_keyrings()] == [SecretService]


@pytest.mark.usefixtures("chosen_keyring", "only")
async def test_the_keyring_is_described_by_the_name_people_know() -> None:
    keyring.set_keyring(ChainerBackend())
    assert await Keys().describe() == "Secret Service"
