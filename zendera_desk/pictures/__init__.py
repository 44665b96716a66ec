"""Pictures: what files from outside become, without Qt, folders or state.

Two processes share this package. The program's side reads no file's inside: `files` takes it in, `formats` looks at its first bytes,
`helper` and `child` ask the other process. That one (`serve`, `limits`, `work`, and all that decodes) is the same program again, and
has the only Pillow, pi-heif, zxing-cpp and PDFium that ever see bytes from outside. `jobs` and `frames` are what lies between.
"""

from zendera_desk.pictures.files import MOST_BYTES, picture_id, pieces
from zendera_desk.pictures.prepare import Prepared, prepare, thumbnail
from zendera_desk.pictures.screen import Pixels, from_screen, to_screen

__all__ = ["MOST_BYTES", "Pixels", "Prepared", "from_screen", "picture_id", "pieces", "prepare", "thumbnail", "to_screen"]
