"""Finds the files that come with the program: the icons, and the drawings of the style sheet.

One function for the three ways the program lies on a disk: a checkout (beside the package), an installation (inside the
package, put there by the build) and a frozen program (below PyInstaller's unpacked folder).
"""

import sys
from functools import cache
from pathlib import Path


@cache
def _root() -> Path:
    package = Path(__file__).parent
    frozen = getattr(sys, "_MEIPASS", None)
    places = [Path(frozen) / "zendera_desk" / "resources"] if frozen else []
    places += [package / "resources", package.parent / "resources"]
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError("the program's resources are missing; looked in " + ", ".join(map(str, places)))


def resource(*parts: str) -> Path:
    """The path of a file or folder of `resources`. It need not exist."""
    return _root().joinpath(*parts)
