"""The program's own files are found the same way from a checkout, an installation and a frozen program."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import zendera_desk.resources as module
from zendera_desk.resources import resource

ASK = "from zendera_desk.resources import resource; print(resource('icons', 'truck.svg').read_text()[:4])"


def test_the_checkouts_files_are_found() -> None:
    assert resource("icons", "truck.svg").is_file()
    assert resource("icons") == Path(__file__).parents[2] / "resources" / "icons"


@pytest.mark.parametrize("frozen", [False, True])
def test_an_installed_or_frozen_program_finds_its_own(tmp_path: Path, frozen: bool) -> None:
    package = tmp_path / "zendera_desk"
    (package / "resources" / "icons").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "resources" / "icons" / "truck.svg").write_text("ours")
    code = tmp_path / "elsewhere" / "zendera_desk" if frozen else package
    code.mkdir(parents=True, exist_ok=True)
    (code / "__init__.py").touch()
    shutil.copy(module.__file__, code / "resources.py")
    bundle = f"import sys; sys._MEIPASS = {str(tmp_path)!r}; " if frozen else ""
    found = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(code.parent)!r}); {bundle}{ASK}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "ours"


def test_a_program_without_its_files_says_where_it_looked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "__file__", str(tmp_path / "zendera_desk" / "resources.py"))
    module._root.cache_clear()
    with pytest.raises(FileNotFoundError, match="looked in"):
        resource("icons")
    monkeypatch.undo()
    module._root.cache_clear()
