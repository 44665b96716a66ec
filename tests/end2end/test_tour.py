"""`./dev demo` where there is no display: the scripted day plays to its end, which is the first thing that anybody sees of the program."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from end2end.stage import Stage

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(300)
def test_the_scripted_day_of_the_demo_plays_to_its_end(stage: Stage, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "zendera_desk", "--demo", "--tour", str(tmp_path)],
        env=stage.env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["problems"] == []
    assert done.returncode == 0
    assert len(list(tmp_path.glob("*.png"))) > 15
