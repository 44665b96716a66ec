"""What `./dev prove` says is what the harnesses found."""

import json
import sys
from pathlib import Path

import pytest

from prove import campaign, coin
from prove.campaign import MODULES, Figure, harnesses
from prove.harness import Harness

pytestmark = pytest.mark.prove


def played(harness: Harness, report: Path | None = None, minutes: float = 0.05) -> tuple[bool, dict[str, Figure]]:
    said: list[Figure] = []
    good = campaign.run([harness], minutes, 2, report, said.append)
    return good, {figure["name"]: figure for figure in said}


def test_a_campaign_says_its_figures_with_controls_and_assumptions() -> None:
    good, figures = played(coin.HARNESS)
    assert good
    lost = figures["coin_lost"]
    assert (lost["runs"], lost["bad"], lost["control_caught"]) == (30, 0, True)
    assert lost["controls"] == {"a hole in the pocket": 3}
    assert lost["assumptions"] == ["the table is flat"]
    assert lost["shown"] == {"heads": 0.5}


def test_one_bad_run_makes_the_campaign_fail(tmp_path: Path) -> None:
    good, figures = played(coin.harness(run=coin.run_badly, shown=len_of), tmp_path / "report.json")
    assert not good
    assert figures["coin_lost"]["bad"] == 1
    assert "seed 7: it fell off the table" in (tmp_path / "report.json").read_text("utf-8")


def test_what_is_bad_about_all_runs_together_makes_it_fail_under_a_name_of_its_own() -> None:
    good, figures = played(coin.harness(run=coin.run_badly, figures={"coin_lost": ("lost",)}, shown=len_of))
    assert not good
    assert figures["coin_lopsided"]["bad"] == 1


def test_a_control_that_is_not_caught_makes_the_campaign_fail() -> None:
    good, figures = played(coin.harness(caught=coin.missed))
    assert not good
    assert not figures["coin_lost"]["control_caught"]
    assert figures["coin_wrong_programs"]["missed"] == ["a hole in the pocket"]


def test_a_later_campaign_goes_on_from_the_report(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    played(coin.harness(goal=10), report)
    _, figures = played(coin.harness(caught=coin.missed), report)
    assert figures["coin_lost"]["runs"] == 30
    assert figures["coin_lost"]["control_caught"], "the first campaign had caught it"


def test_zeros_about_another_program_are_not_gone_on_from(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    played(coin.HARNESS, report)
    kept = json.loads(report.read_text("utf-8"))
    report.write_text(json.dumps(kept | {"fingerprint": "of another program"}), "utf-8")
    good, figures = played(coin.harness(caught=coin.missed), report)
    assert not good
    assert figures["coin_lost"]["runs"] == 30
    assert json.loads(report.with_suffix(".before.json").read_text("utf-8"))["fingerprint"] == "of another program"


@pytest.mark.skipif(sys.platform == "win32", reason="there a process cannot be asked to end")
def test_what_ends_a_campaign_leaves_no_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with pytest.raises(ValueError, match="the coin is gone"):
        played(coin.harness(run=coin.run_in_a_room))
    assert list(tmp_path.iterdir()) == []


def test_every_harness_has_controls_and_says_its_assumptions() -> None:
    for harness in harnesses(MODULES):
        assert harness.controls, harness.name
        assert harness.assumptions, harness.name


def len_of(counts: dict[str, int]) -> dict[str, int]:
    return {"kinds": len(counts)}
