"""The helper process, real: whatever a file does to it costs that file alone, and nothing of it outlives the program."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from time import monotonic

import pytest

from unit.pictures import bench
from zendera_desk.domain.errors import PictureError, StoreError
from zendera_desk.pictures import child, frames
from zendera_desk.pictures.helper import Patience, PictureReader, Wanted
from zendera_desk.pictures.jobs import Open, Opened, Work, Worked

CANARY = "canary-4f1b"
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and /proc")

Readers = Callable[..., PictureReader]


@pytest.fixture
async def readers() -> AsyncIterator[Readers]:
    made: list[PictureReader] = []

    def make(command: list[str] | None = None, **patience: float) -> PictureReader:
        made.append(PictureReader(command or bench.command(), Patience(**patience)))
        return made[-1]

    yield make
    for reader in made:
        await reader.close()


async def refusal(reader: PictureReader, path: Path | str, wanted: Wanted = Wanted.GIVEN) -> str:
    with pytest.raises(PictureError) as refused:
        await reader.ask(Open(path=str(path)), wanted)
    return refused.value.code


async def until(condition: Callable[[], object]) -> None:
    end = monotonic() + 20
    while not condition():
        assert monotonic() < end, "never came true"
        await asyncio.sleep(0.005)


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # One that ended and that nobody has taken note of is gone too; nobody does where the first process is no init.
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


# Its life


async def test_it_starts_with_the_first_question_and_not_before(readers: Readers, tmp_path: Path) -> None:
    reader = readers(child.own_command())
    assert reader.pid is None
    path = bench.jpeg(tmp_path / "note.jpg")
    assert await reader.ask(Open(path=path), Wanted.SEEN) == Opened(kind="JPEG", pages=1)
    made = await reader.ask(Work(path=path, jpeg=True, pixels=20), Wanted.SEEN)
    assert (made.width, made.height, made.rgb_width, made.rgb_height, len(made.rgb)) == (40, 30, 20, 15, 900)


async def test_it_can_be_started_before_it_is_needed(readers: Readers) -> None:
    reader = readers()
    reader.warm()
    await until(lambda: reader.pid)
    first = reader.pid
    reader.warm()
    await reader.ask(Open(path="number"), Wanted.SEEN)
    assert reader.pid == first


async def test_it_ends_when_it_is_not_needed_and_comes_back_when_it_is(readers: Readers) -> None:
    reader = readers(idle=0.05)
    await reader.ask(Open(path="number"), Wanted.SEEN)
    await until(lambda: reader.pid is None)
    assert (await reader.ask(Open(path="number"), Wanted.SEEN)).kind == "1"


async def test_closing_ends_it_whatever_it_is_at_and_nothing_is_left_waiting(readers: Readers) -> None:
    reader = readers()
    asked = [asyncio.ensure_future(reader.ask(Open(path=path), Wanted.GIVEN)) for path in ("hang", "hang", "number")]
    reader.warm()
    await until(lambda: reader.pid)
    pid = reader.pid
    assert pid is not None
    began = monotonic()
    await reader.close()
    assert monotonic() - began < 1
    assert not is_there(pid)
    for outcome in await asyncio.gather(*asked, return_exceptions=True):
        assert isinstance(outcome, StoreError)
        assert outcome.code == "closed"
    with pytest.raises(StoreError, match="closed"):
        await reader.ask(Open(path="number"), Wanted.SEEN)


@posix
@pytest.mark.parametrize("doing", ["nothing", "hang", "hang-alone"])
def test_it_ends_with_its_input_whatever_a_decoder_is_doing(doing: str) -> None:
    with subprocess.Popen(bench.command(1), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin
        assert process.stdout
        assert frames.read_said(process.stdout) == frames.Ready()  # type: ignore[arg-type]
        if doing != "nothing":
            frames.write(process.stdin, frames.Asked(1, Open(path="/" + doing)))  # type: ignore[arg-type]
            frames.write(process.stdin, frames.Asked(2, Open(path="/hang")))  # type: ignore[arg-type]
        if doing == "hang-alone":
            assert process.stdout.read(1) == b"!"  # it is at it
        process.stdin.close()
        assert process.wait(20) in {0, 1}


@posix
def test_it_does_not_outlive_a_program_that_is_killed() -> None:
    program = """
        import asyncio, sys
        from unit.pictures import bench
        from zendera_desk.pictures.helper import *
        from zendera_desk.pictures.jobs import Open
        async def main():
            reader = PictureReader(bench.command())
            await reader.ask(Open(path="number"), Wanted.SEEN)
            print(reader.pid, flush=True)
            await reader.ask(Open(path="hang"), Wanted.SEEN)
        asyncio.run(main())
    """
    surroundings = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, env=surroundings) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        assert is_there(pid)
        process.kill()
    asyncio.run(until(lambda: not is_there(pid)))


@posix
async def test_a_key_for_the_whole_terminal_does_not_end_it(readers: Readers) -> None:
    reader = readers()
    await reader.ask(Open(path="number"), Wanted.SEEN)
    assert reader.pid
    os.kill(reader.pid, signal.SIGINT)
    assert (await reader.ask(Open(path="number"), Wanted.SEEN)).kind == "2"


@pytest.mark.expected_log("cannot be started")
async def test_a_pc_that_does_not_let_it_start_is_said_for_each_picture(readers: Readers, tmp_path: Path) -> None:
    reader = readers([str(tmp_path / "nowhere")])
    assert [await refusal(reader, "number") for _ in range(2)] == ["decoder_died", "decoder_died"]


async def test_one_that_dies_while_it_starts_keeps_nobody_waiting(readers: Readers) -> None:
    reader = readers([sys.executable, "-c", ""])
    assert await asyncio.gather(refusal(reader, "number"), refusal(reader, "number")) == ["decoder_died", "decoder_died"]


# What a file can do


@pytest.mark.parametrize(
    ("hostile", "code"),
    [
        pytest.param("crash", "decoder_died", marks=posix),
        ("hang", "too_slow"),
        ("hang-alone", "too_slow"),
        pytest.param("bomb", "no_memory", marks=posix),
        ("too-long", "decoder_died"),
        ("no-message", "decoder_died"),
        ("half", "decoder_died"),
        ("other-answer", "decoder_died"),
        ("mistake", "unreadable"),
    ],
)
async def test_a_hostile_file_costs_itself_alone(readers: Readers, tmp_path: Path, hostile: str, code: str) -> None:
    """Those at work beside it, before and after it, all have their answer."""
    reader = readers(job=1.5, alone=0.5)
    path = bench.jpeg(tmp_path / "note.jpg")
    around = [reader.ask(Work(path=path, pixels=10), Wanted.GIVEN) for _ in range(6)]
    asked = [*around[:1], refusal(reader, hostile), *around[1:]]
    first, refused, *others = await asyncio.gather(*asked)
    assert refused == code
    assert all(isinstance(answer, Worked) and len(answer.rgb) == 10 * 8 * 3 for answer in (first, *others))


async def test_pixels_that_are_fewer_than_they_say_are_no_answer(readers: Readers) -> None:
    """The window would read the memory behind them."""
    with pytest.raises(PictureError, match="decoder_died"):
        await readers().ask(Work(path="lying", pixels=1000), Wanted.SEEN)


@posix
async def test_a_signal_from_outside_costs_nothing_at_all(readers: Readers, tmp_path: Path) -> None:
    reader = readers(child.own_command())
    path = bench.jpeg(tmp_path / "note.jpg")
    await reader.ask(Open(path=path), Wanted.SEEN)
    for number in (signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT):
        before = reader.pid
        assert before
        os.kill(before, signal.SIGSTOP)
        asked = [asyncio.ensure_future(reader.ask(Work(path=path, jpeg=True), Wanted.GIVEN)) for _ in range(4)]
        await asyncio.sleep(0)  # the questions are on their way
        os.kill(before, number)
        os.kill(before, signal.SIGCONT)
        assert {answer.width for answer in await asyncio.gather(*asked)} == {40}
        assert reader.pid != before


async def test_what_is_wrong_with_a_file_is_said_as_the_decoder_said_it(readers: Readers, tmp_path: Path) -> None:
    (tmp_path / "note.gif").write_bytes(b"GIF89a")
    with pytest.raises(PictureError) as refused:
        await readers(child.own_command()).ask(Open(path=str(tmp_path / "note.gif")), Wanted.GIVEN)
    assert (refused.value.code, refused.value.values) == ("format", {"format": "GIF"})


async def test_a_file_that_vanished_is_unreadable(readers: Readers, tmp_path: Path) -> None:
    assert await refusal(readers(child.own_command()), tmp_path / "gone.jpg") == "unreadable"


async def test_a_path_that_is_no_text_is_refused(readers: Readers) -> None:
    reader = readers()
    assert await refusal(reader, "caf\udce9.jpg") == "unreadable"
    assert (await reader.ask(Open(path="number"), Wanted.SEEN)).kind == "1"


async def test_what_a_library_prints_spoils_no_answer_and_is_in_the_log(readers: Readers, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    assert (await readers().ask(Open(path="noise"), Wanted.SEEN)).pages == 1
    await until(lambda: all(f"picture process: {words}" in caplog.text for words in ("a library says hello", "and another")))


async def test_a_mistake_of_ours_is_in_the_log_without_what_it_quotes(readers: Readers, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    assert await refusal(readers(), "mistake") == "unreadable"
    await until(lambda: "KeyError" in caplog.text)
    assert "a name from the file" not in caplog.text


# Who comes first


async def test_what_is_looked_at_now_does_not_wait_for_paper_that_is_read(readers: Readers, tmp_path: Path) -> None:
    reader = readers()
    await reader.ask(Open(path="number"), Wanted.SEEN)
    gate = tmp_path / "gate.jpg"
    slow = [asyncio.ensure_future(reader.ask(Open(path=str(gate)), Wanted.STACK)) for _ in range(3)]
    behind = [asyncio.ensure_future(reader.ask(Open(path="number"), wanted)) for wanted in (Wanted.STACK, Wanted.AHEAD, Wanted.GIVEN)]
    await asyncio.sleep(0)  # they are asked first
    await reader.ask(Open(path="number"), Wanted.SEEN)
    assert not any(task.done() for task in (*slow, *behind))
    bench.jpeg(gate)
    await asyncio.gather(*slow)
    stack, ahead, given = [int(answer.kind) for answer in await asyncio.gather(*behind)]
    assert max(given, ahead) < stack  # the first two may go in one breath


async def test_what_nobody_wants_any_more_is_left_out(readers: Readers, tmp_path: Path) -> None:
    reader = readers()
    gate = tmp_path / "gate.jpg"
    await reader.ask(Open(path="number"), Wanted.SEEN)
    slow = [asyncio.ensure_future(reader.ask(Open(path=str(gate)), Wanted.STACK)) for _ in range(3)]
    unwanted = asyncio.ensure_future(reader.ask(Open(path="number"), Wanted.STACK))
    await asyncio.sleep(0)
    await reader.ask(Open(path="number"), Wanted.SEEN)
    unwanted.cancel()
    bench.jpeg(gate)
    await asyncio.gather(*slow)
    assert (await reader.ask(Open(path="number"), Wanted.STACK)).kind == "6"  # not 7: it was never asked
    assert unwanted.cancelled()


# What it has and may


async def test_it_inherits_no_key_and_loads_nothing_of_the_window(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZENDERA_API_KEY", CANARY)
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:{CANARY}@proxy")
    told = (await readers().ask(Open(path="about"), Wanted.SEEN)).kind
    assert CANARY not in told
    about = json.loads(told)
    assert about["modules"] == []
    set_there = {"LC_CTYPE", "PILLOW_BLOCKS_MAX"}  # the one by Python, the other by ourselves
    assert {name.upper() for name in about["environment"]} <= {*child._KEPT, *set_there}


def test_it_is_this_program_with_one_word(monkeypatch: pytest.MonkeyPatch) -> None:
    assert child.own_command() == [sys.executable, "-m", "zendera_desk", "read-pictures"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child.own_command() == [sys.executable, "read-pictures"]


def test_nobody_is_told_of_the_command() -> None:
    told = subprocess.run([sys.executable, "-m", "zendera_desk", "--help"], capture_output=True, text=True, check=True).stdout
    assert "doctor" in told
    assert child.COMMAND not in told


@pytest.mark.skipif(sys.platform != "linux", reason="macOS takes no limit of address space, Windows has other limits")
async def test_its_memory_is_limited_and_it_writes_no_files(readers: Readers) -> None:
    memory, files, cores = json.loads((await readers().ask(Open(path="limits"), Wanted.SEEN)).kind)
    assert 0 < memory[1] < 2**32
    assert (files, cores) == ([0, 0], [0, 0])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has its own limit, by a job")
def test_where_the_system_refuses_the_limit_the_process_ends_itself_when_it_has_used_too_much() -> None:
    program = """
import resource, time
def refuse(*_limit): raise ValueError("current limit exceeds maximum limit")
resource.setrlimit = refuse
from zendera_desk.pictures import limits
limits.MEMORY = limits._used() + 100_000_000  # what a process used at most, it has from the one that started it
limits.limit()
time.sleep(3 * limits.EVERY)
print("still there", flush=True)
full = b"x" * limits.MEMORY
time.sleep(60)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=50, check=False)
    assert (ended.stdout, ended.returncode) == ("still there\n", 1)


def test_a_second_try_has_more_time_than_the_first() -> None:
    assert Patience().alone > Patience().job
