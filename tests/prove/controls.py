"""Wrong programs, each with the story in which it must be caught, and by what: being caught by chance, for something else, proves
nothing about its figure. The right program must be well in the same story.
"""

import threading
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, Generic, TypeVar

from prove.harness import Caught, Result

Story = TypeVar("Story")

SEEDS: Final = 3
"""In one of these stories it must be caught."""


class Controls(Generic[Story]):
    """`right` plays a story, `wrong` does with a wrong program, until something of the kind that is to be caught was seen."""

    def __init__(
        self,
        stories: Mapping[str, tuple[Story, str]],
        right: Callable[[int, Story], Result],
        wrong: Callable[[int, Story, str, str], Result],
    ) -> None:
        self._stories, self._wrong = stories, wrong
        self._right = cache(lambda seed, story: not right(seed, story).bad)
        self._one_at_a_time = threading.Lock()

    def caught(self, name: str) -> Caught | None:
        story, kind = self._stories[name]
        for seed in range(SEEDS):
            if kind in self._wrong(seed, story, name, kind).bad and self._is_well(seed, story):
                return Caught(seed + 1, (kind,))
        return None

    def _is_well(self, seed: int, story: Story) -> bool:
        """Played once for all wrong programs of a story, also where several are played beside each other."""
        with self._one_at_a_time:
            return self._right(seed, story)
