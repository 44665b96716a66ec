"""What happened to the data file is said in the window until it was read."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, tzinfo

import pytest
from PySide6.QtWidgets import QPushButton

from zendera_desk.domain.copies import Doubt, Notice
from zendera_desk.gui.notices import sentence, tell_notices
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.banner import Banners

NOW = datetime(2026, 6, 11, 12, 30, tzinfo=UTC)
MORNING = NOW.replace(hour=8, minute=0)
Until = Callable[[Callable[[], object]], Awaitable[None]]


class Office:
    zone: tzinfo = UTC

    def __init__(self, *told: Notice) -> None:
        self.told = list(told)

    async def notices(self) -> list[Notice]:
        return list(self.told)

    async def see_notice(self, notice: int) -> None:
        self.told = [each for each in self.told if each.id != notice]

    def now(self) -> datetime:
        return NOW


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (
            Notice(
                at=NOW, doubt=Doubt.DAMAGED, copy_at=MORNING, aside="damaged-1", saved={"shipments": 12, "drafts": 1}, unread=2, asked=3
            ),
            (
                "The data on this PC was damaged. A copy of 08:00 is in its place. Brought over from the old file: 12 shipments, 1 draft."
                " Some of it could not be read: look through what you did since then."
                " Zendera is asked about 3 open sends before anything more is sent. The old file is kept in the data folder, in damaged-1."
            ),
        ),
        (Notice(at=NOW, doubt=Doubt.MISSING), "The data of this PC was gone. There was no copy, so a new file is in its place."),
        (
            Notice(at=NOW, doubt=Doubt.WENT_BACK, copy_at=MORNING, asked=1),
            "You went back to the copy of 08:00. Zendera is asked about 1 open send before anything more is sent.",
        ),
        (
            Notice(at=NOW, doubt=Doubt.PUT_BACK, copy_at=MORNING),
            "Somebody put an older data file in the place of the last one. Drafts may be older than what you typed. It is a copy of 08:00.",
        ),
    ],
)
def test_it_says_what_happened_what_was_saved_and_what_comes_now(notice: Notice, words: str) -> None:
    assert sentence(notice, NOW, UTC) == words


@pytest.mark.parametrize("doubt", Doubt)
def test_every_cause_has_its_words(doubt: Doubt) -> None:
    assert sentence(Notice(at=NOW, doubt=doubt), NOW, UTC).endswith(".")


async def test_each_stays_until_it_was_read_and_is_then_told_no_more(
    spawn: Spawn, show: Callable[[Banners], Banners], until: Until
) -> None:
    office = Office(Notice(id=1, at=NOW, doubt=Doubt.DAMAGED), Notice(id=2, at=NOW, doubt=Doubt.WENT_BACK))
    banners = show(Banners())
    await tell_notices(office, banners, spawn)
    assert banners.keys() == ("notice-1", "notice-2")
    banners.findChildren(QPushButton)[0].click()
    await until(lambda: [notice.id for notice in office.told] == [2])
    assert banners.keys() == ("notice-2",)
