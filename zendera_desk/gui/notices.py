"""What a person is told about the data file, in the window, until they have read it."""

from datetime import datetime, tzinfo
from functools import partial
from typing import Final, Protocol

from zendera_desk.domain.copies import Doubt, Notice
from zendera_desk.gui.format import when
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.widgets.banner import Banners
from zendera_desk.gui.words import mark, tr

_HAPPENED: Final[dict[Doubt, str]] = {
    Doubt.DAMAGED: mark("The data on this PC was damaged."),
    Doubt.MISSING: mark("The data of this PC was gone."),
    Doubt.WENT_BACK: mark("You went back to an earlier copy."),
    Doubt.PUT_BACK: mark("Somebody put an older data file in the place of the last one. Drafts may be older than what you typed."),
    Doubt.CUT_SHORT: mark(
        "The program was ended abruptly, and what was done last could not be read. Drafts may be older than what you typed."
    ),
    Doubt.MOVED: mark("The data file was copied here from elsewhere, or put back."),
}
_SAVED: Final = (
    ("shipments", mark("{n} shipment(s)")),
    ("entries", mark("{n} send(s)")),
    ("drafts", mark("{n} draft(s)")),
)


class NoticeDesk(Protocol):
    """What of the desk this needs."""

    zone: tzinfo

    async def notices(self) -> list[Notice]: ...
    async def see_notice(self, notice: int) -> None: ...
    def now(self) -> datetime: ...


async def tell_notices(desk: NoticeDesk, banners: Banners, spawn: Spawn) -> None:
    """Each as a line across the window, which stays until the person says that they have read it."""
    for notice in await desk.notices():
        key = f"notice-{notice.id}"

        def read(number: int, key: str) -> None:
            banners.clear(key)
            spawn(desk.see_notice(number), "note that a notice was read")

        tone = Tone.INFO if notice.doubt is Doubt.WENT_BACK else Tone.WARN
        words = sentence(notice, desk.now(), desk.zone)
        banners.tell(key, words, tone, action=tr("I have read this"), act=partial(read, notice.id, key), closable=False)


def sentence(notice: Notice, now: datetime, zone: tzinfo) -> str:
    """What happened, what is in the file's place, what was saved, what is asked about, and where the old file is."""
    copied = "" if notice.copy_at is None else when(notice.copy_at, now, zone)
    parts = [tr(_HAPPENED[notice.doubt])]
    if notice.doubt is Doubt.WENT_BACK and copied:
        parts = [tr("You went back to the copy of {time}.", time=copied)]
    elif notice.doubt in {Doubt.DAMAGED, Doubt.MISSING}:
        parts.append(
            tr("A copy of {time} is in its place.", time=copied) if copied else tr("There was no copy, so a new file is in its place.")
        )
    elif copied:
        parts.append(tr("It is a copy of {time}.", time=copied))
    if saved := [tr(words, n=notice.saved[name]) for name, words in _SAVED if notice.saved.get(name)]:
        parts.append(tr("Brought over from the old file: {what}.", what=", ".join(saved)))
    if notice.unread:
        parts.append(tr("Some of it could not be read: look through what you did since then."))
    if notice.asked:
        parts.append(tr("Zendera is asked about {n} open send(s) before anything more is sent.", n=notice.asked))
    if notice.aside:
        parts.append(tr("The old file is kept in the data folder, in {folder}.", folder=notice.aside))
    return " ".join(parts)
