"""Settings survive everything, and lose at most the one value that was wrong."""

import errno
import json
import os
import stat
from pathlib import Path

import msgspec
import pytest

from zendera_desk.domain.errors import StoreError
from zendera_desk.pictures.jobs import Work
from zendera_desk.settings import FILE, Settings, bounds, data_folder, load, save


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_desk_starts_with_the_defaults_and_nothing_is_wrong(tmp_path: Path) -> None:
    assert load(tmp_path) == (Settings(), None)


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    settings = Settings(
        language="nb",
        scheme="dark",
        hold_seconds=0,
        currency="DKK",
        rules={"COMPLETE/PICKUP": (("pictures", "comment"),)},
        desks_on_key=3,
        made_by="Kari Nordmann",
        desk="kontor-2",
        open_account="nordlys",
        window={"docks": "AAAA/w=="},
    )
    save(tmp_path, settings)
    assert load(tmp_path) == (settings, None)


def test_a_wrong_value_falls_back_alone_and_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"hold_seconds": 61, "scheme": "pink", "language": "da", "rules": null, "currency": "kr"}')
    settings, error = load(tmp_path)
    assert settings == Settings(language="da")
    assert error is not None
    assert error.values == {"fields": "scheme, hold_seconds, currency, rules"}


def test_a_picture_that_nobody_could_read_or_send_cannot_be_asked_for(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"picture_longest": 100, "picture_quality": 100, "picture_most": 90000000, "language": "da"}')
    settings, error = load(tmp_path)
    assert settings == Settings(language="da")
    assert error is not None
    assert error.values == {"fields": "picture_longest, picture_quality, picture_most"}


def test_usually_a_picture_is_asked_of_the_helper_process_as_it_would_be_by_itself() -> None:
    usual, work = Settings(), Work(path="")
    assert (usual.picture_longest, usual.picture_quality, usual.picture_most) == (work.longest, work.quality, work.most)


def test_the_bounds_of_a_number_are_those_that_are_checked(tmp_path: Path) -> None:
    for name in ("picture_longest", "picture_quality", "picture_most", "keep_proofs_days", "hold_seconds"):
        least, most = bounds(name)
        for value, fits in ((least, True), (most, True), (least - 1, False), (most + 1, False)):
            (tmp_path / FILE).write_text(json.dumps({name: value}))
            assert (load(tmp_path)[1] is None) is fits


@pytest.mark.expected_log("settings could not be read")
@pytest.mark.parametrize("broken", [b"", b"{", b"[1]", b"null", b"\xff\xfe{}", b'{"language": "nb"', b"\x00" * 40])
def test_a_broken_file_is_kept_aside_and_said(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / FILE).write_bytes(broken)
    settings, error = load(tmp_path)
    assert settings == Settings()
    assert error is not None
    aside = tmp_path / str(error.values["moved_to"])
    assert aside.name.startswith("settings.json.broken-")
    assert aside.read_bytes() == broken
    assert load(tmp_path) == (Settings(), None)


def test_keys_of_a_newer_version_are_written_back(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"language": "nb", "from_next_year": {"a": [1, 2.50]}}')
    settings, _ = load(tmp_path)
    save(tmp_path, msgspec.structs.replace(settings, language="sv"))
    assert json.loads((tmp_path / FILE).read_text())["from_next_year"] == {"a": [1, 2.5]}
    assert load(tmp_path)[0].language == "sv"


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_folder_and_file_are_for_this_person_alone(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "a" / "desk")
    save(folder, Settings())
    assert mode(folder) == 0o700
    assert mode(folder / FILE) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_folder_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir(mode=0o755)
    assert mode(data_folder(tmp_path / "desk")) == 0o700


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "desk").write_text("")
    with pytest.raises(StoreError) as caught:
        data_folder(tmp_path / "desk")
    assert caught.value.code == "io"


def test_without_a_given_folder_the_system_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "WIN_PD_OVERRIDE_LOCAL_APPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    assert data_folder().is_relative_to(tmp_path)


def test_a_full_disk_is_said_and_leaves_the_old_settings_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path, Settings(language="nb"))

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError) as caught:
        save(tmp_path, Settings(language="sv"))
    assert caught.value.code == "disk_full"
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert load(tmp_path)[0].language == "nb"


def test_each_change_is_a_new_settings_and_the_rules_are_not_shared() -> None:
    first, second = Settings(), Settings()
    first.rules.pop("COMPLETE")
    assert "COMPLETE" in second.rules
