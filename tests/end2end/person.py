"""A person at the desk, for the tests: sees what a screen reader tells, types on the keyboard, presses buttons by name."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from end2end.stage import PATIENCE, Process, found

DRIVER = Path(__file__).with_name("atspi_driver.py")


class Person:
    """Every method waits until what it names is there. `at` is the program the person looks at."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = dict(env)
        self._driver = subprocess.Popen(
            ["/usr/bin/python3", "-Wignore::DeprecationWarning", str(DRIVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=self._env,
        )
        self._program: Process | None = None

    def sit_down(self, program: Process) -> None:
        self._program = program

    def leave(self) -> None:
        assert self._driver.stdin
        self._driver.stdin.close()
        self._driver.wait(PATIENCE)
        assert self._driver.stdout
        self._driver.stdout.close()

    def sees(self, name: str, *, role: str = "", inside: str = "", patience: float = PATIENCE) -> None:
        self._ask("wait_for", name=name, role=role, inside=inside, patience=patience)

    def reads(self, name: str, pattern: str = "", *, role: str = "", patience: float = PATIENCE) -> str:
        """The text of a field or status, once it matches."""
        return str(self._ask("reads", name=name, role=role, pattern=pattern, patience=patience))

    def presses(self, name: str, *, role: str = "", inside: str = "") -> None:
        self._ask("press", name=name, role=role, inside=inside)

    def chooses(self, name: str, option: str) -> None:
        """In a combo box: opens it and types how the option begins."""
        self._ask("press", name=name, role="combo box")
        self.writes(option)
        self.keys("Return")
        self._ask("reads", name=name, role="combo box", pattern=f"^{_escaped(option)}$")

    def checks(self, name: str) -> None:
        if not self._ask("checked", name=name):
            self._ask("press", name=name)

    def finds(self, table: str, *texts: str, patience: float = PATIENCE) -> None:
        """Rows with these texts in a cell."""
        self._ask("find_rows", name=table, texts=texts, patience=patience)

    def selects(self, table: str, *texts: str) -> None:
        """The rows that have one of these texts in a cell, and no others."""
        self._ask("select_rows", name=table, texts=texts)

    def goes_to(self, name: str, *, role: str = "") -> None:
        self._ask("focus", name=name, role=role)

    def types(self, name: str, text: str, *, role: str = "") -> None:
        """Key by key, in place of what stands there: a field set from outside would not tell the program that a person typed."""
        self.goes_to(name, role=role)
        self.keys("ctrl+a")
        self.writes(text)
        self._ask("reads", name=name, role=role, pattern=f"(?s)^{_escaped(text)}$")

    def writes(self, text: str) -> None:
        """Key by key, wherever the caret stands, 40 ms apart (xdotool waits half of what it is told): faster keys are a scanner's."""
        self._on_the_keyboard("type", "--delay", "80", "--", text)

    def scans(self, code: str) -> None:
        """With a hand scanner, which ends with Enter."""
        self._on_the_keyboard("type", "--delay", "4", "--", f"{code}\n")

    def keys(self, *chords: str) -> None:
        """Names of X: "ctrl+Return", "Escape", "a"."""
        self._on_the_keyboard("key", "--delay", "20", "--", *chords)

    def pictures_from(self, *files: Path) -> None:
        """In Qt's own file dialog, which is used where the desktop has none: by the field where a name is typed."""
        names = str(files[0]) if len(files) == 1 else " ".join(f'"{file}"' for file in files)
        self._ask("set_text", name="File name:", role="text", text=names)
        self._ask("press", name="Open", role="push button")
        self._ask("gone", name="File name:", role="text")

    def _on_the_keyboard(self, *arguments: str) -> None:
        subprocess.run([found("xdotool"), *arguments], env=self._env, check=True, timeout=PATIENCE)

    def _ask(self, what: str, **values: object) -> Any:  # noqa: ANN401 (JSON)
        assert self._program
        assert self._driver.stdin
        assert self._driver.stdout
        print(json.dumps({"do": what, "pid": self._program.pid, **values}), file=self._driver.stdin, flush=True)
        answer = json.loads(self._driver.stdout.readline() or '{"error": "the driver died"}')
        if "error" in answer:
            raise AssertionError(f"{what} {values}: {answer['error']}{self._surroundings(what)}")
        return answer["ok"]

    def _surroundings(self, what: str) -> str:
        """For the message of a test that fails: what there was instead, or what the program said when it died."""
        assert self._program
        if not self._program.running():
            return f"\n{self._program.name} has ended:\n{self._program.err.read_text(encoding='utf-8')[-3000:]}"
        return "" if what == "names" else f"\nshown: {self._ask('names')}"


def _escaped(text: str) -> str:
    return "".join(character if character.isalnum() else f"\\{character}" for character in text)
