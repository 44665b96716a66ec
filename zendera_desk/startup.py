"""What can be in the way before there is a window: somebody else at the data, data that cannot be used, a check that takes long.

The person is told in a window of its own, and says how to go on: where a program is started from, nobody reads its last line.
"""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Final, TypeVar

from zendera_desk import disk
from zendera_desk.domain.errors import StoreError
from zendera_desk.ending import Ending
from zendera_desk.engine.clock import SystemClock
from zendera_desk.gui.instance import Instance
from zendera_desk.store.database import FILE_NAME

PATIENCE: Final = 1.0
"""Seconds after which the person sees that the data is being checked: nobody shall look at nothing, and start it again."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


async def alone(instance: Instance, folder: Path, ending: Ending) -> int | None:
    """None: nobody else is at the data. Else this program's exit code: another one shows its window now, or the person gave up."""
    while not instance.is_first:
        if instance.is_held and instance.call_first():
            print("Zendera Desk is open already.", file=sys.stderr)
            return 0
        if not instance.try_again():
            error = StoreError("locked") if instance.is_held else disk.why_refused(folder / FILE_NAME)
            if not await _mended(error, folder, ending):
                return 1
    return None


async def opened(opening: Callable[[], Coroutine[object, object, T]], folder: Path, ending: Ending) -> T | None:
    """None: the data cannot be used, and the person has read that."""
    while True:
        try:
            return await patiently(opening())
        except StoreError as error:
            _log.error("the data folder cannot be used: %s", error)
            if not await _mended(error, folder, ending):
                return None


async def _mended(error: StoreError, folder: Path, ending: Ending) -> bool:
    """Whether to try again."""
    from zendera_desk.gui.trouble import TroubleWindow, Way  # noqa: PLC0415 (hardly ever)

    trouble = TroubleWindow(error, folder)
    ending.lead_to(trouble.close)
    way = await trouble.shown()
    ending.let_go()
    if way is Way.ASIDE:
        from zendera_desk.store import rescue  # noqa: PLC0415 (hardly ever)

        try:
            await patiently(asyncio.to_thread(rescue.start_afresh, folder, SystemClock().now()))
        except StoreError as failed:
            return await _mended(failed, folder, ending)
    return way is not Way.QUIT


async def went_back(folder: Path, copy: Path | None) -> StoreError | None:
    """Puts the copy in the place of the data, where that was asked for. What was in the way is said in the next window."""
    if copy is None:
        return None
    from zendera_desk.store import rescue  # noqa: PLC0415 (hardly ever)

    try:
        await patiently(asyncio.to_thread(rescue.go_back, folder, copy, SystemClock().now()))
    except StoreError as error:
        _log.error("the copy did not take the place of the data: %s", error)
        return error
    return None


async def patiently(work: Coroutine[object, object, T]) -> T:
    """With a window that says so, if it takes more than a second."""
    with contextlib.ExitStack() as shown:

        def show() -> None:
            from zendera_desk.gui.checking import CheckingWindow  # noqa: PLC0415 (hardly ever)

            shown.enter_context(CheckingWindow().shown())

        late = asyncio.get_running_loop().call_later(PATIENCE, show)
        try:
            return await work
        finally:
            late.cancel()
