"""A Zendera whose product feed has a million changes, all there at once: what a desk finds that was away for a long time.

In a process of its own (`python -m bench.longfeed`), so that it takes none of the program's time. The changes are those of the shipments
that `stored.py` makes, one of each in turn: most by the product's id, some by its number alone, some of products of other carriers.
The pages lie ready before the first is asked for: Zendera is another machine, and how long ours takes to make one is not the desk's time.
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from bench import stored
from zendera_desk.simulator.answers import Answer, Request
from zendera_desk.simulator.endpoints import Zendera
from zendera_desk.simulator.ledger import Ledger
from zendera_desk.simulator.running import RunningSimulator
from zendera_desk.simulator.world import World

KEY: Final = "bench-key"
SPAN: Final = timedelta(hours=20)
"""Within the first look back of a desk that never followed the feed."""
_NUMBER_ALONE: Final = 10
_STRANGER: Final = 20
"""Every so manieth."""


class LongFeed(World):
    def __init__(self, shipments: int, changes: int) -> None:
        super().__init__(shipments=0, history=0)
        self._shipments = shipments
        self._count = changes
        self._pool = [drawn.shipment.parcels for drawn in stored.drawn(min(shipments, stored.POOL))]
        self._began = int((datetime.now(UTC) - SPAN).timestamp() * 1000)
        self._step = SPAN.total_seconds() * 1000 / max(1, changes)

    def changes(self, start: int, count: int) -> list[dict[str, Any]]:
        return [self._made(number) for number in range(start, min(start + count, self._count))]

    def change_count(self) -> int:
        return self._count

    def first_change_since(self, milliseconds: int) -> int:
        return 0 if milliseconds <= self._began else self._count

    def _made(self, number: int) -> dict[str, Any]:
        turn, shipment = divmod(number, self._shipments)
        parcels = self._pool[shipment % len(self._pool)]
        parcel = parcels[turn // 4 % len(parcels)]
        copy = shipment // stored.POOL
        stop, status = stored.STAGES[turn % 4]
        product, label = (parcel.product_id or 0) + copy * stored.PRODUCTS, f"{parcel.internal_number}{f'-{copy}' if copy else ''}"
        if number % _STRANGER == 1:
            product, label = 3 * 10**17 + number, f"OTHER-{number}"
        return {
            "orderProductId": "" if number % _NUMBER_ALONE == 0 else str(product),
            "orderProductInternalNumber": label,
            "orderLocationId": str(91_000 + shipment),
            "orderLocationInternalNumber": f"LOC-{91_000 + shipment}",
            "locationType": stop,
            "productStatusAtLocation": status,
            "timestamp": str(self._began + round(number * self._step)),
        }


class _Ready(Zendera):
    def __init__(self, world: LongFeed, page: int) -> None:
        super().__init__(world, Ledger(), key=KEY, limit=1_000_000)
        self.feed_page = page
        self._pages = {self.token(start) if start else "": self._page(start) for start in range(0, world.change_count(), page)}

    def answer(self, request: Request) -> Answer:
        """The first page for whoever has no token."""
        ready = self._pages.get(request.query.get("pagination_token", "")) if request.path.endswith("/status-feed") else None
        if ready is None or self._access(request) is not None:
            return super().answer(request)
        self.limit.take()
        return Answer(status=200, body=ready, headers=(("content-type", "application/json"), *self.limit.headers()))

    def _page(self, start: int) -> bytes:
        end = min(start + self.feed_page, self.world.change_count())
        following = {"hasNextPage": end < self.world.change_count(), "paginationToken": self.token(end)}
        return msgspec.json.encode({"changes": self.world.changes(start, self.feed_page), "nextPage": following})


@contextlib.contextmanager
def zendera(shipments: int, changes: int, page: int) -> Iterator[str]:
    """Its address."""
    command = [sys.executable, "-m", "bench.longfeed", *map(str, (shipments, changes, page))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}) as child:
        assert child.stdout
        try:
            yield json.loads(child.stdout.readline())["base_url"]
        finally:
            child.send_signal(signal.SIGTERM)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    for name in ("shipments", "changes", "page"):
        options.add_argument(name, type=int)
    chosen = options.parse_args()
    world = LongFeed(chosen.shipments, chosen.changes)
    simulator = RunningSimulator(world, key=KEY)
    simulator.app.zendera = _Ready(world, chosen.page)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda _signal, _frame: ended.set())
    with simulator:
        print(json.dumps({"base_url": simulator.base_url}), flush=True)
        while not ended.wait(0.5):
            pass


if __name__ == "__main__":
    main()
