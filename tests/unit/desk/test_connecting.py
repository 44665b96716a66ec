"""An account is shown first and connected then: neither a keyring that waits for its password nor Zendera keeps anybody from the list."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from support.day import Day, HandClock
from zendera_desk.credentials import SERVICE, Keyring, Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.changes import Change, FeedAdvanced, LinkChanged
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.views import Connection, View
from zendera_desk.settings import Settings
from zendera_desk.simulator.running import RunningSimulator

SHIPMENTS = 6
"""Of the simulator of these tests."""


class Locked:
    """A keyring that answers when somebody has typed its password."""

    def __init__(self) -> None:
        self.keys: dict[tuple[str, str], str] = {}
        self.asked = threading.Event()
        self.unlocked = threading.Event()

    def get_password(self, service: str, username: str, /) -> str | None:
        self.asked.set()
        assert self.unlocked.wait(10)
        return self.keys.get((service, username))

    def set_password(self, service: str, username: str, password: str, /) -> None:
        self.keys[service, username] = password

    def found(self) -> tuple[Keyring, ...]:
        return (self,)


class Morning(NamedTuple):
    desk: Desk
    keyring: Locked
    key: str


@pytest.fixture
async def morning(day: Day, tmp_path: Path, clock: HandClock, simulator: RunningSimulator) -> AsyncIterator[Morning]:
    """The next start on what a day has left on disk; the account stays, and its key is in the keyring."""
    assert day.desk.account is not None
    keyring = Locked()
    keyring.unlocked.set()
    day.desk._keys = Keys(keyring.found)
    await day.desk.add_account("Nordlys, kept", simulator.base_url, simulator.key)
    assert day.desk.engine is not None
    await day.desk.engine.intake.step(clock.now())
    await day.desk.close()
    keyring.asked.clear()
    keyring.unlocked.clear()
    desk = await Desk.open(tmp_path, Settings(), zone=ZoneInfo("Europe/Oslo"), keys=Keys(keyring.found), clock=clock, by_hand=True)
    yield Morning(desk, keyring, simulator.key)
    keyring.unlocked.set()
    await desk.close()


async def connecting(morning: Morning) -> "asyncio.Task[None]":
    """It waits for the keyring."""
    await morning.desk.show_account((await morning.desk.accounts())[0])
    task = asyncio.create_task(morning.desk.connect())
    assert await asyncio.to_thread(morning.keyring.asked.wait, 10)
    return task


async def test_what_is_on_disk_is_there_while_the_keyring_waits_for_its_password(morning: Morning) -> None:
    desk = morning.desk
    task = await connecting(morning)
    assert len(await desk.shipment_ids(View.ALL)) == SHIPMENTS
    status = await desk.status()
    assert (status.connection, status.code) == (Connection.STARTING, "")
    assert status.views[View.ALL] == SHIPMENTS
    assert (await desk.watch.cursor()).code == ""
    morning.keyring.unlocked.set()
    await task
    assert desk.engine is not None
    assert not desk.connecting


async def test_that_the_keyring_has_no_key_is_said_when_it_was_asked(morning: Morning) -> None:
    task = await connecting(morning)
    told: list[Change] = []
    morning.desk.changes.subscribe(told.append)
    morning.keyring.keys.clear()
    morning.keyring.unlocked.set()
    with pytest.raises(DeskError, match="key_missing"):
        await task
    assert told == [LinkChanged(), FeedAdvanced(0)]
    status = await morning.desk.status()
    assert (status.connection, status.code) == (Connection.BLOCKED, "key_missing")
    assert (await morning.desk.watch.cursor()).code == "key_missing"
    assert len(await morning.desk.shipment_ids(View.ALL)) == SHIPMENTS


async def test_a_key_that_was_entered_while_the_keyring_waited_is_the_one_that_counts(morning: Morning) -> None:
    desk, keyring = morning.desk, morning.keyring
    task = await connecting(morning)
    await desk.replace_key("entered-meanwhile", keep_key=False)
    assert desk.account is not None
    entered = desk.engine
    assert entered is not None
    keyring.keys[SERVICE, desk.account.id] = morning.key
    keyring.unlocked.set()
    await task
    assert desk.engine is entered
    assert desk.engine.link.is_reached_by(desk.account.base_url, "entered-meanwhile")


async def test_a_key_that_is_entered_while_the_line_is_being_made_leaves_one_line(morning: Morning) -> None:
    task = await connecting(morning)
    morning.desk.go_online()
    morning.keyring.unlocked.set()
    await asyncio.gather(morning.desk.replace_key(morning.key, keep_key=False), task)
    await asyncio.sleep(0)
    assert sorted(task.get_name() for task in asyncio.all_tasks() if task.get_name() in {"intake", "tail"}) == ["intake", "tail"]


async def test_connecting_again_changes_nothing(morning: Morning) -> None:
    morning.keyring.unlocked.set()
    await morning.desk.open_stored_account((await morning.desk.accounts())[0])
    engine = morning.desk.engine
    assert engine is not None
    await morning.desk.connect()
    assert morning.desk.engine is engine


async def test_a_line_that_is_made_after_going_online_runs_by_itself(morning: Morning) -> None:
    task = await connecting(morning)
    morning.desk.go_online()
    morning.keyring.unlocked.set()
    await task
    assert morning.desk.engine is not None
    async with asyncio.timeout(10):
        while (await morning.desk.status()).connection is not Connection.ONLINE:  # noqa: ASYNC110 (as a person looks)
            await asyncio.sleep(0.02)
