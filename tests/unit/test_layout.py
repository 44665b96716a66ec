"""Rules of this tree that no linter knows: what hangs, slows down or opens a hole without any test of behaviour noticing.

Import contracts are import-linter's (pyproject.toml); what stands here is about calls, names and files.
"""

import ast
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = sorted((ROOT / "zendera_desk").rglob("*.py"))
WINDOW = [path for path in PROGRAM if path.is_relative_to(ROOT / "zendera_desk" / "gui")]

MODAL = {
    "QMessageBox": {"question", "information", "warning", "critical", "about", "aboutQt"},
    "QFileDialog": {"getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory", "getOpenFileUrl", "getOpenFileUrls"},
    "QInputDialog": {"getText", "getInt", "getDouble", "getItem", "getMultiLineText"},
    "QColorDialog": {"getColor"},
    "QFontDialog": {"getFont"},
}
NESTED = {"exec", "exec_", "processEvents", "asyncSlot", "asyncClose"}
"""Each spins Qt's loop inside a coroutine, which loses the wake-ups of other tasks for good, or runs work that nobody supervises."""

SIZES = {"module": 400, "function": 40}


def trees(paths: list[Path]) -> Iterator[tuple[str, ast.Module]]:
    for path in paths:
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"), path.name)


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str, str]]:
    """Every call with what stands before the last dot, as far as it is a name, and the name called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Attribute(value=ast.Name(id=owner), attr=name):
                    yield node, owner, name
                case ast.Attribute(value=ast.Attribute(attr=owner), attr=name):
                    yield node, owner, name
                case ast.Attribute(attr=name):
                    yield node, "", name
                case ast.Name(id=name):
                    yield node, "", name


def test_tasks_are_started_by_the_supervisor_alone() -> None:
    homes = {
        "zendera_desk/engine/supervise.py",
        "zendera_desk/gui/loop.py",
        "zendera_desk/engine/engine.py",  # at the end it waits for one of two, and lets both go in the same breath
        "zendera_desk/simulator/running.py",  # a loop of its own in a thread of its own, with one task that it keeps
    }
    loose = [
        f"{file}:{call.lineno} {name}"
        for file, tree in trees(PROGRAM)
        if file not in homes
        for call, owner, name in calls(tree)
        if name in {"create_task", "ensure_future"} and owner not in {"group", "tasks"}
    ]
    assert not loose, "a task that nobody keeps may vanish with its exception: start it through engine/supervise.py"


def test_no_nested_qt_loop() -> None:
    nested = [
        f"{file}:{call.lineno} {owner}.{name}"
        for file, tree in trees([*WINDOW, ROOT / "zendera_desk" / "app.py"])
        if file != "zendera_desk/gui/loop.py"
        for call, owner, name in calls(tree)
        if name in NESTED or name in MODAL.get(owner, ())
    ]
    assert not nested, "it loses the wake-ups of other tasks: use open() and its `finished` (gui/report/pane.py)"


def test_text_from_outside_meets_plain_labels_only() -> None:
    home = "zendera_desk/gui/widgets/plain.py"
    rich = [
        f"{file}:{call.lineno} {name}"
        for file, tree in trees(WINDOW)
        if file != home
        for call, _, name in calls(tree)
        if name in {"QLabel", "setTextFormat", "setHtml"}
    ]
    assert not rich, "QLabel guesses rich text and loads file: images: use PlainLabel of gui/widgets/plain.py"


def test_no_file_names_a_registry_or_a_machine() -> None:
    """What is in the tree works on any machine, and says nothing about the one it was written on."""
    hosts = r"py[p]i\.org|pythonhoste[d]|npmj[s]|deb\.debia[n]|debia[n]\.org|ubunt[u]\.com/ubuntu|index-url|extra-index|find-links"
    paths = r"/wor[k]/|/root/|/home/(?!clerk)[a-z]+/|/opt/(wheel[s]|pyp[i])|pyen[v]|C:\\Users\\(?!clerk)"
    told = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in tracked()
        if path != Path(__file__)
        for found in [re.search(rf"{hosts}|{paths}", path.read_text(encoding="utf-8", errors="replace"))]
        if found
    ]
    assert not told


def tracked() -> list[Path]:
    """The files that are part of the project; none in an unpacked source archive, or on a machine without git."""
    if shutil.which("git") is None:
        return []
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 (the developer's own git)
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix not in {".png", ".jpg", ".jpeg", ".ico", ".icns", ".qm"}]


def test_every_module_says_what_it_is_for() -> None:
    silent = [file for file, tree in trees(PROGRAM) if not ast.get_docstring(tree)]
    assert not silent


def test_nothing_is_called_a_manager() -> None:
    vague = [
        f"{file}:{node.lineno} {node.name}"
        for file, tree in trees(PROGRAM)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and re.search(r"(Manager|Controller|Helper|Utils?|Handler)$", node.name)
    ]
    assert not vague, "the name of a class is a word of the desk"


def test_sizes_are_reported() -> None:
    """No limit that fails: what grew is printed (`-rP` or the report), and a reader decides. Three times the size does fail."""
    modules: dict[str, int] = {}
    functions: dict[str, int] = {}
    for file, tree in trees(PROGRAM):
        modules[file] = (ROOT / file).read_text(encoding="utf-8").count("\n")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                functions[f"{file}:{node.lineno} {node.name}"] = (node.end_lineno or node.lineno) - node.lineno + 1
    for kind, sizes in (("module", modules), ("function", functions)):
        large = sorted(((size, name) for name, size in sizes.items() if size > SIZES[kind]), reverse=True)
        print(f"{len(sizes)} {kind}s, median {statistics.median(sizes.values()):.0f} lines, over {SIZES[kind]}:")
        for size, name in large:
            print(f"  {size:5} {name}")
        assert not [name for size, name in large if size > 3 * SIZES[kind]], "that wants to be two"


BLOCKED = """
import sys
for name in ("PySide6", "shiboken6", "qasync"):
    sys.modules[name] = None  # as if it were not installed
import pytest
plugins = ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:pytest-qt"]
sys.exit(pytest.main(["--collect-only", "-q", *plugins, "tests/unit", "tests/property"]))
"""


def test_unit_tests_load_without_pyside() -> None:
    """With Qt out of reach every unit test can be collected, so nothing that they import needs it."""
    done = subprocess.run([sys.executable, "-c", BLOCKED], cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "test_unit_tests_load_without_pyside" in done.stdout


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("loose task", "asyncio.create_task(work())"),
        ("nested loop", "dialog.exec()"),
        ("nested loop", "QMessageBox.question(self, 'Sure?', 'Sure?')"),
        ("rich label", "QLabel(text)"),
    ],
)
def test_the_rules_above_see_what_they_forbid(rule: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lint that sees nothing is worse than none: each rule is shown its own sin."""
    folder = tmp_path / "zendera_desk" / "gui"
    folder.mkdir(parents=True)
    (folder / "sin.py").write_text(f'"""A sin."""\n{code}\n', encoding="utf-8")
    (tmp_path / "zendera_desk" / "app.py").write_text('"""Nothing."""\n', encoding="utf-8")
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    monkeypatch.setitem(globals(), "PROGRAM", [folder / "sin.py"])
    monkeypatch.setitem(globals(), "WINDOW", [folder / "sin.py"])
    check = {
        "loose task": test_tasks_are_started_by_the_supervisor_alone,
        "nested loop": test_no_nested_qt_loop,
        "rich label": test_text_from_outside_meets_plain_labels_only,
    }[rule]
    with pytest.raises(AssertionError):
        check()
