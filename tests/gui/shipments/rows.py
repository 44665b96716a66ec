"""Any rows, as the model asks for them."""

import asyncio
from array import array
from collections.abc import Sequence
from datetime import UTC, datetime

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import IdsPage, ShipmentLine, Sort, View
from zendera_desk.lists import Place

NOW = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)
BIG = 2**40


class Rows:
    """The two reads that the model is given, and what was asked of them."""

    def __init__(self, count: int) -> None:
        self.lines = {OrderId(BIG + number): line(number) for number in range(count)}
        self.now = NOW
        self.questions: list[tuple[View, str, Sort, bool]] = []
        self.parts: list[int] = []
        self.part_of_it = 0
        self.read: list[OrderId] = []
        self.answer_ids = asyncio.Event()
        self.answer_ids.set()

    async def part(self, view: View, text: str, sort: Sort, descending: bool, after: Place | None) -> IdsPage:
        self.questions.append((view, text, sort, descending))
        found = [order_id for order_id, one in self.lines.items() if text in one.delivery_name]
        found = found if sort is Sort.SEEN or not descending else found[::-1]
        await self.answer_ids.wait()
        first = int(after[0]) if after else 0
        last = first + (self.part_of_it or len(found))
        self.parts.append(first)
        return IdsPage(ids=array("q", found[first:last]), after=(last,) if last < len(found) else None, count=len(found))

    async def rows(self, ids: Sequence[OrderId]) -> list[ShipmentLine]:
        self.read.extend(ids)
        return [self.lines[order_id] for order_id in ids if order_id in self.lines]

    def change(self, number: int, **more: object) -> frozenset[OrderId]:
        self.lines[OrderId(BIG + number)] = line(number, **more)
        return frozenset({OrderId(BIG + number)})


def line(number: int, **more: object) -> ShipmentLine:
    return ShipmentLine(**{"order_id": OrderId(BIG + number), "delivery_name": f"Receiver {number}", "seen_at": NOW} | more)
