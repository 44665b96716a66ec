"""Pictures decoded ahead: once each, kept for a while, and tried again after a failure."""

import asyncio

import pytest

from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import PictureId
from zendera_desk.gui.paper.ahead import MOST, Ahead
from zendera_desk.gui.spawn import Spawn
from zendera_desk.pictures import Pixels

ONE = PictureId("one")


class Decoder:
    def __init__(self) -> None:
        self.asked: list[tuple[PictureId, int | None]] = []
        self.fails = False
        self.may = asyncio.Event()
        self.may.set()

    async def pixels(self, picture: PictureId, longest: int | None = None) -> Pixels:
        self.asked.append((picture, longest))
        await self.may.wait()
        if self.fails:
            raise StoreError("io")
        return Pixels(rgb=b"abc", width=1, height=1)


async def test_a_picture_that_was_foreseen_is_there_at_once_and_decoded_once(spawn: Spawn) -> None:
    decoder = Decoder()
    ahead = Ahead(decoder.pixels, spawn)
    decoder.may.clear()
    ahead.foresee([ONE])
    waiting = [asyncio.ensure_future(ahead.pixels(ONE)) for _each in range(2)]
    await asyncio.sleep(0)
    assert ahead.at_once(ONE) is None
    decoder.may.set()
    first, second = await asyncio.gather(*waiting)
    assert first is second is ahead.at_once(ONE)
    assert decoder.asked == [(ONE, None)]
    await ahead.pixels(ONE, 48)
    assert decoder.asked[1:] == [(ONE, 48)]


async def test_a_picture_that_failed_is_tried_again_when_somebody_looks_at_it(spawn: Spawn) -> None:
    decoder = Decoder()
    ahead = Ahead(decoder.pixels, spawn)
    decoder.fails = True
    with pytest.raises(StoreError):
        await ahead.pixels(ONE)
    decoder.fails = False
    assert (await ahead.pixels(ONE)).width == 1


async def test_only_the_last_few_are_kept(spawn: Spawn) -> None:
    decoder = Decoder()
    ahead = Ahead(decoder.pixels, spawn)
    for number in range(MOST + 2):
        await ahead.pixels(PictureId(str(number)))
    assert ahead.at_once(PictureId("0")) is None
    assert ahead.at_once(PictureId(str(MOST + 1))) is not None
