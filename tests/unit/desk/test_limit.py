"""Inside the wait of a limit no byte leaves, however long ago the call began that would send it: its connection may just stand now.

In each of these another call hears the 429 at exactly the moment that matters, by being made there.
"""

import asyncio

import pytest

from support.day import Day
from unit.desk.test_hardening import accepted, report, sent_to, state_of
from zendera_desk.api.client import Hook, ZenderaClient
from zendera_desk.api.network import AsyncioBackend
from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.domain.feed import FeedPage
from zendera_desk.domain.outbox import State
from zendera_desk.domain.views import Connection
from zendera_desk.engine.link import Endpoint as Line
from zendera_desk.engine.link import Waiting
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault

WAIT = 120
OVER = {"seconds": WAIT * 1.1 + 1}
"""With what chance may add."""


async def hear_the_limit(day: Day) -> None:
    day.simulator.faults.add(Fault.LIMIT, endpoint=Endpoint.EXPORT, times=1, seconds=WAIT)
    with pytest.raises(LinkError) as refused:
        await day.engine.link.call(Line.EXPORT, lambda client: client.export_page(1, 1))
    assert refused.value.code is LinkCode.LIMIT


def when_connected(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next connection but the one that hears of it stands only after another call met the limit."""
    connect = AsyncioBackend.connect_tcp
    waiting = [True]

    async def slowly(self: AsyncioBackend, *given: object, **named: object) -> object:
        if waiting:
            waiting.clear()
            await hear_the_limit(day)
        return await connect(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(AsyncioBackend, "connect_tcp", slowly)


async def test_a_report_that_was_still_connecting_when_the_limit_was_met_stays_due(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = await accepted(day)
    entry = await report(day, ids[0])
    left = day.engine.link.calls_left()
    when_connected(day, monkeypatch)
    await day.send()
    assert not sent_to(day, Endpoint.UPDATE)
    story = await day.desk.story(entry.id)
    assert (story.entry.state, story.entry.attempts, story.attempts) == (State.DUE, 0, ())
    assert day.engine.link.calls_left() >= left - 1, "what was not made is not counted"
    assert (await day.desk.status()).connection is Connection.LIMITED
    await day.send(**OVER)
    assert await state_of(day, entry) is State.SENT
    assert sent_to(day, Endpoint.UPDATE) == 1


async def test_accepts_that_were_still_connecting_when_the_limit_was_met_stay_due(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    await day.walk()
    await day.desk.accept((await day.ids())[:3])
    when_connected(day, monkeypatch)
    await day.send()
    assert not sent_to(day, Endpoint.STATUS)
    assert {entry.state for entry in await day.entries()} == {State.DUE}
    await day.send(**OVER)
    assert {entry.state for entry in await day.entries()} == {State.SENT}
    assert sent_to(day, Endpoint.STATUS) == 1


async def test_a_limit_met_between_the_mark_and_the_first_byte_takes_the_mark_back(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = await accepted(day)
    entry = await report(day, ids[0])
    send = ZenderaClient.report

    async def met_after_the_mark(client: ZenderaClient, payload: bytes, begin: Hook) -> None:
        async def begin_and_meet() -> None:
            await begin()
            assert await state_of(day, entry) is State.SENDING
            await hear_the_limit(day)

        await send(client, payload, begin_and_meet)

    with monkeypatch.context() as once:
        once.setattr(ZenderaClient, "report", met_after_the_mark)
        await day.send()
    assert not sent_to(day, Endpoint.UPDATE)
    back = (await day.desk.story(entry.id)).entry
    assert (back.state, back.code, back.ever_unclear) == (State.DUE, LinkCode.NOT_WRITTEN, False)
    await day.send(**OVER)
    assert await state_of(day, entry) is State.SENT


async def test_a_read_that_was_still_connecting_when_the_limit_was_met_is_not_made(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = await accepted(day)
    when_connected(day, monkeypatch)
    with pytest.raises(Waiting):
        await day.engine.link.call(Line.TIMELINE, lambda client: client.timeline(ids[0]))
    assert not sent_to(day, Endpoint.TIMELINE)


async def test_a_read_on_a_kept_connection_asks_too_before_it_writes(day: Day) -> None:
    await day.tail()
    before = sent_to(day, Endpoint.FEED)

    async def after_the_limit(client: ZenderaClient) -> FeedPage:
        await hear_the_limit(day)
        return await client.feed_page(since=day.clock.now())

    with pytest.raises(Waiting):
        await day.engine.link.call(Line.FEED, after_the_limit)
    assert sent_to(day, Endpoint.FEED) == before


async def test_many_that_connect_at_once_while_the_limit_is_met_all_wait(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three lanes: the first answer is a 429, and the two beside it have no connection yet."""
    ids = await accepted(day, 3)
    entries = [await report(day, order_id) for order_id in ids]
    day.simulator.faults.add(Fault.LIMIT, endpoint=Endpoint.UPDATE, times=1, seconds=WAIT)
    connect, limited = AsyncioBackend.connect_tcp, asyncio.Event()
    day.desk.changes.subscribe(lambda _change: limited.set() if day.engine.link.connection is Connection.LIMITED else None)
    first = [True]

    async def one_first(self: AsyncioBackend, *given: object, **named: object) -> object:
        if first:
            first.clear()
        else:
            await limited.wait()
        return await connect(self, *given, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as once:
        once.setattr(AsyncioBackend, "connect_tcp", one_first)
        await day.send()
    assert sent_to(day, Endpoint.UPDATE) == 1
    assert [await state_of(day, entry) for entry in entries] == [State.DUE] * 3
    await day.send(**OVER)
    assert [await state_of(day, entry) for entry in entries] == [State.SENT] * 3
    assert sent_to(day, Endpoint.UPDATE) == 4


async def test_how_many_calls_an_hour_are_allowed_is_known_after_a_restart(day: Day) -> None:
    """Who knew of no limit would make several calls at once before the first answer says it."""
    day.simulator.zendera.limit.limit = 80
    await day.walk()
    assert day.engine.link.budget.limit == 80
    await day.restart()
    assert day.engine.link.budget.limit == 80
