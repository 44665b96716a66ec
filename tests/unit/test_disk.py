"""Files that are there in full or not at all, and what a killed program leaves of them."""

from pathlib import Path

from zendera_desk import disk


def test_halves_that_a_killed_program_left_are_gone_and_nothing_else_is(tmp_path: Path) -> None:
    disk.write_whole(tmp_path / "settings.json", b"{}")
    (tmp_path / "settings.json.x7k2.new").write_bytes(b'{"hold_sec')
    disk.forget_unfinished(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_a_folder_that_is_not_there_has_no_halves(tmp_path: Path) -> None:
    disk.forget_unfinished(tmp_path / "nowhere")
