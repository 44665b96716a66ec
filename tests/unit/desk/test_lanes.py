"""How many sends are under way at once: small ones as many as there are lanes, those with pictures in them fewer."""

import asyncio

import pytest

from support.day import Day
from unit.desk.test_hardening import accepted, report, state_of
from zendera_desk.api.client import Hook, ZenderaClient
from zendera_desk.domain.outbox import State
from zendera_desk.engine import outbox

LANES = 4
WIDE = 2


async def most_at_once(day: Day, monkeypatch: pytest.MonkeyPatch) -> int:
    """Of six reports that are all due."""
    monkeypatch.setattr(day.engine.outbox, "_lanes", asyncio.Semaphore(LANES))
    monkeypatch.setattr(day.engine.outbox, "_wide_lanes", asyncio.Semaphore(WIDE))
    entries = [await report(day, order_id) for order_id in await accepted(day, 6)]
    under_way, most, send = 0, 0, ZenderaClient.report

    async def counted(client: ZenderaClient, payload: bytes, begin: Hook) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.1)
        await send(client, payload, begin)
        under_way -= 1

    monkeypatch.setattr(ZenderaClient, "report", counted)
    await day.send()
    assert [await state_of(day, entry) for entry in entries] == [State.SENT] * 6
    return most


async def test_small_reports_use_all_lanes(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await most_at_once(day, monkeypatch) == LANES


async def test_reports_of_more_than_a_few_words_leave_room_on_a_narrow_line(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_AHEAD", 100)
    assert await most_at_once(day, monkeypatch) == WIDE
