"""What the helper process does for one job: a file is looked at, or a page is decoded once and made into all that is wanted of it."""

from typing import assert_never

from PIL import Image

from zendera_desk.domain import printed
from zendera_desk.domain.errors import PictureError
from zendera_desk.domain.paper import Code, Edits
from zendera_desk.pictures import codes, formats, pages, pixels
from zendera_desk.pictures.jobs import Answer, Job, Open, Opened, Work, Worked
from zendera_desk.pictures.prepare import lighter


def do(job: Job) -> Answer:
    """Can run in several threads at once. Raises PictureError or MemoryError, and nothing else whatever the file's bytes are."""
    try:
        with open(job.path, "rb") as file:  # noqa: PTH123 (a name from a pipe, not a path that is worked on)
            kind = formats.kind_of(file.read(formats.LOOKED_AT))
        match job:
            case Open():
                count, found = pages.look(job.path, kind)
                return Opened(kind=kind, pages=count, facts=found)
            case Work():
                return _worked(job, kind)
            case _:
                assert_never(job)
    except (PictureError, MemoryError):  # others may have had the memory: it is tried again alone (helper.py)
        raise
    except Exception as error:  # hostile bytes make decoders raise nearly anything; each of it means the same to a person
        raise PictureError("unreadable", words=str(error)) from error


def _worked(job: Work, kind: str) -> Worked:
    longest = max(job.longest * job.jpeg, codes.LONGEST * job.codes, job.pixels, 1)
    sheet = pages.sheet(job.path, kind, job.page, longest, job.edits, text=job.codes)
    jpeg, width, height = b"", 0, 0
    picture = None
    if job.jpeg:
        picture = sheet.decoded.seen(job.longest, job.edits)
        jpeg, (width, height) = lighter(picture, job.quality, job.most)
    shown = _shown(job, sheet, picture)
    read = (*_codes(sheet.decoded, job.edits), *printed.words(sheet.text)) if job.codes else ()
    return Worked(
        jpeg=jpeg,
        width=width,
        height=height,
        codes=read,
        separator=codes.is_separator(read),
        rgb=shown.tobytes(),
        rgb_width=shown.width,
        rgb_height=shown.height,
    )


def _codes(decoded: pixels.Decoded, edits: Edits) -> tuple[Code, ...]:
    return codes.read_codes(decoded.unscaled(edits), lambda: decoded.coloured(edits))


def _shown(job: Work, sheet: pages.Sheet, picture: Image.Image | None) -> Image.Image:
    """Made of the picture that is sent where that is large enough: it is nearly done."""
    if not job.pixels:
        return Image.new("RGB", (0, 0))
    if picture is None or job.longest < job.pixels:
        picture = sheet.decoded.seen(job.pixels, job.edits)
    return pixels.fit(picture, job.pixels).convert("RGB")
