"""How large the picture is that is sent, where a desk wants nothing else: a page of paper can be read, and a slow line carries it."""

from typing import Final

LONGEST: Final = 1600
"""Pixels of its longer side. A sheet of A4 has 137 to the inch then."""
QUALITY: Final = 80
"""Of a JPEG, as libjpeg counts it."""
MOST: Final = 1_500_000
"""Bytes."""
