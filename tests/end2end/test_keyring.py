"""A real Secret Service: a D-Bus session of its own, gnome-keyring in it, and our code as a process beside it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.end2end, pytest.mark.skipif(sys.platform != "linux", reason="Secret Service is Linux's")]

CANARY = "canary-key-7c20"

UNLOCK = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 || exit 90; exec "$0" "$@"'
"""Starts and unlocks the keyring in the D-Bus session, then becomes the child."""

ROUND = """
import asyncio
from zendera_desk.credentials import Keys
from zendera_desk.domain.ids import AccountId

async def main():
    one, other = AccountId("nordlys"), AccountId("fjord")
    keys = Keys()
    print(await keys.describe())
    await keys.keep(one, "first")
    await keys.keep(other, "theirs")
    await keys.keep(one, "canary-key-7c20")
    later = Keys()
    assert await later.read(one) == "canary-key-7c20"
    assert await later.read(other) == "theirs"
    assert await later.read(AccountId("nobody")) is None

asyncio.run(main())
"""

NOBODY = """
import asyncio
from zendera_desk.credentials import Keys
from zendera_desk.domain.errors import CredentialError
from zendera_desk.domain.ids import AccountId

async def main():
    keys = Keys()
    try:
        await keys.keep(AccountId("nordlys"), "canary-key-7c20")
    except CredentialError as error:
        print(error.code)
    keys.hold(AccountId("nordlys"), "canary-key-7c20")
    assert await keys.read(AccountId("nordlys")) == "canary-key-7c20"
    print(await keys.describe())

asyncio.run(main())
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for part in (".cache", ".local/share/keyrings", "run"):
        (tmp_path / part).mkdir(parents=True, mode=0o700)
    (tmp_path / "run").chmod(0o700)
    return tmp_path


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    checkout = str(Path(__file__).parents[2])
    return {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"), "PYTHONPATH": checkout, "PYTHONWARNINGS": "error", **more}


def run(command: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_a_key_goes_into_a_real_secret_service_and_comes_back(home: Path) -> None:
    absent = [name for name in ("dbus-run-session", "gnome-keyring-daemon") if not shutil.which(name)]
    if absent and os.environ.get("CI") != "true":
        pytest.skip(f"not installed: {', '.join(absent)}")
    assert not absent, f"in CI the real keyring is tested; not installed: {', '.join(absent)}"
    done = run(["dbus-run-session", "--", "sh", "-c", UNLOCK, sys.executable, "-c", ROUND], environment(home))
    assert (done.returncode, done.stdout.strip()) == (0, "Secret Service"), done.stderr
    assert CANARY not in done.stdout + done.stderr
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any("keyrings" in path.parts for path in files), "the keyring wrote nothing: this was no real one"
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]


def test_without_a_keyring_the_key_stays_in_memory_and_the_program_says_so(home: Path) -> None:
    done = run([sys.executable, "-c", NOBODY], environment(home, DBUS_SESSION_BUS_ADDRESS=f"unix:path={home / 'run' / 'nobody'}"))
    assert done.returncode == 0, done.stderr
    code, described = done.stdout.splitlines()
    assert code == "no_keyring"
    assert described.startswith("none (no_keyring")
    assert not [path for path in home.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
