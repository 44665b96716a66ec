"""Between pictures and a screen: plain pixels, both ways, so that the window needs no decoder of its own.

Qt's must not run in worker threads from Python: `QImageReader` holds a lock of Qt's while its `QBuffer` asks for the
interpreter's, and two of them at once stand still for ever, with the window (seen here with PySide6 6.11.3).
"""

from io import BytesIO

import msgspec

from zendera_desk.domain.errors import PictureError


class Pixels(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of three bytes a pixel, red first, without padding."""

    rgb: bytes
    width: int
    height: int


def to_screen(jpeg: bytes, longest: int | None = None) -> Pixels:
    """The pixels of a prepared picture, scaled down if `longest` says so. Raises PictureError: too_many_pixels, unreadable."""
    from zendera_desk.pictures import pixels  # noqa: PLC0415 (loads Pillow, which the start of the program must not wait for)

    try:
        with pixels.opened(BytesIO(jpeg), "JPEG") as lying:
            side = longest or max(lying.size)
            picture = pixels.decoded(lying, "JPEG", side).seen(side).convert("RGB")
    except PictureError:
        raise
    except Exception as error:  # a damaged copy makes the decoder raise nearly anything
        raise PictureError("unreadable", words=str(error)) from error
    return Pixels(rgb=picture.tobytes(), width=picture.width, height=picture.height)


def from_screen(rgba: bytes, width: int, height: int) -> bytes:
    """What was pasted as bare pixels (rows of four bytes, red first, no padding), as the PNG that `prepare` takes."""
    from zendera_desk.pictures import pixels  # noqa: PLC0415 (as above)

    return pixels.png(rgba, width, height)
