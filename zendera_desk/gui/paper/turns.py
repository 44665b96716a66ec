"""Steps that take a moment, one after the other: none is lost, and who asks for another meanwhile can be told that it is one too many."""

import asyncio
from collections.abc import Callable, Coroutine

from zendera_desk.gui.spawn import Spawn

Step = Coroutine[object, object, None]


class Turns:
    def __init__(self, spawn: Spawn, at_rest: Callable[[], None]) -> None:
        """`at_rest` is called when the last of them has ended."""
        self._spawn = spawn
        self._at_rest = at_rest
        self._one_at_a_time = asyncio.Lock()
        self._due = 0

    @property
    def under_way(self) -> bool:
        """Also while the first has not begun."""
        return self._due > 0

    def take(self, step: Step, name: str) -> None:
        self._due += 1
        self._spawn(self._taken(step), name)

    async def _taken(self, step: Step) -> None:
        try:
            async with self._one_at_a_time:
                await step
        finally:
            self._due -= 1
            if not self._due:
                self._at_rest()
