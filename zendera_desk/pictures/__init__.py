"""Pictures, bytes in and bytes out: read a file, make it the small upright JPEG that is sent, make its thumbnail.

No Qt, no folders, no state: every call can run in any thread, and all of it can move into a process of its own. Pillow is
loaded by the first picture, not by the start of the program (it costs 80 ms).
"""

from zendera_desk.pictures.files import MOST_BYTES, picture_id, read_file
from zendera_desk.pictures.prepare import Prepared, prepare, thumbnail
from zendera_desk.pictures.screen import Pixels, from_screen, to_screen

__all__ = ["MOST_BYTES", "Pixels", "Prepared", "from_screen", "picture_id", "prepare", "read_file", "thumbnail", "to_screen"]
