"""A desk of its own for the tests: a screen, a window manager, a session bus, and the processes that play on it.

Everything is started here and ended here by its process id; nothing of the machine's own session is touched.
"""

import os
import re
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeVar

PATIENCE = 30.0
Found = TypeVar("Found")


def wait(look: Callable[[], Found | None], what: str, *needed: "Process", patience: float = PATIENCE) -> Found:
    """What `look` returns once it is something true. Ends early when a process that is needed for it has died."""
    end = time.monotonic() + patience
    while True:
        alive = all(process.running() for process in needed)
        if found := look():
            return found
        for process in needed:
            assert alive, f"{process.name} ended while waiting for {what}:\n{process.err.read_text(encoding='utf-8')[-3000:]}"
        assert time.monotonic() < end, f"waited {patience:.0f} s for {what}"
        time.sleep(0.02)


class Process:
    """A child whose stdout and stderr are kept in files, to be read while it runs and searched for secrets afterwards."""

    def __init__(self, name: str, command: Sequence[str], folder: Path, env: Mapping[str, str], hand_down: int | None = None) -> None:
        """`hand_down`: a descriptor that the child gets too."""
        self.name = name
        self.out = folder / f"{name}.out"
        self.err = folder / f"{name}.err"
        with self.out.open("ab") as out, self.err.open("ab") as err:
            self._child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=dict(env), cwd=folder,
                pass_fds=() if hand_down is None else (hand_down,),
            )  # fmt: skip
        self.pid = self._child.pid

    def wait_for_line(self, pattern: str) -> re.Match[str]:
        """Until stdout has a line that matches."""
        return wait(lambda: re.search(pattern, self.out.read_text(encoding="utf-8")), f"{self.name} to print {pattern!r}", self)

    def running(self) -> bool:
        return self._child.poll() is None

    def kill(self) -> None:
        """kill -9: it does not get to say goodbye."""
        self._child.kill()
        self._child.wait(PATIENCE)

    def end(self) -> int:
        """Asks it to end, waits, returns its exit code. One that does not want to is killed, and that is an error."""
        if self.running():
            self._child.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        try:
            return self._child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


class Stage:
    """An X server, a window manager (keys go to the window that has the focus) and a D-Bus session."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[Process] = []
        # A home of its own: no keyring, no settings and no fonts of the person who runs the tests.
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "QT_", "DBUS_", "WAYLAND_"))}
        runtime = folder / "runtime"
        for place in (folder / "home", runtime):
            place.mkdir(mode=0o700)
        self.env |= {
            "HOME": str(folder / "home"),
            "XDG_RUNTIME_DIR": str(runtime),
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "LANG": "C.UTF-8",
        }

    def __enter__(self) -> Self:
        self.env["DISPLAY"] = ":" + self._told("Xvfb", ["-displayfd", "{fd}", "-screen", "0", "1440x960x24", "-nolisten", "tcp"])
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self._told("dbus-daemon", ["--session", "--nofork", "--print-address={fd}"])
        self._processes.append(Process("openbox", [found("openbox"), "--sm-disable"], self._folder, self.env))
        # A window shown before the manager is there never gets the focus.
        wait(lambda: self._runs("xdotool", "get_desktop"), "the window manager", self._processes[-1])
        # A Norwegian keyboard: å and ø are keys of it, and need no remapping that the program might notice too late.
        assert self._runs("setxkbmap", "no")
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            process.end()

    def _runs(self, *command: str) -> bool:
        done = subprocess.run([found(command[0]), *command[1:]], env=self.env, capture_output=True, check=False, timeout=PATIENCE)
        return done.returncode == 0

    def _told(self, program: str, arguments: list[str]) -> str:
        """Starts a server that writes its address to a descriptor once it can be used, and returns the address."""
        reading, writing = os.pipe()
        command = [found(program), *(argument.format(fd=writing) for argument in arguments)]
        child = Process(program, command, self._folder, self.env, hand_down=writing)
        os.close(writing)
        self._processes.append(child)
        address = ""
        while not address.endswith("\n") and select.select([reading], [], [], PATIENCE)[0]:
            part = os.read(reading, 1_000).decode()
            if not part:
                break
            address += part
        os.close(reading)
        assert address, f"{program} did not start: {child.err.read_text(encoding='utf-8')}"
        return address.strip()


def found(program: str) -> str:
    place = shutil.which(program)
    assert place, f"{program} is needed: ./dev test installs it"
    return place
