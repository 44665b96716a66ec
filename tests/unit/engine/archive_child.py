"""Makes an archive and kills itself at a stage of that: `python -m unit.engine.archive_child FOLDER STAGE DONE`."""

import asyncio
import signal
import sys
from pathlib import Path

from support.day import HandClock
from unit.engine.archive_office import ACCOUNT, AGE, SINCE
from zendera_desk.domain.changes import Changes
from zendera_desk.engine.archiving import Archiving
from zendera_desk.store.database import Database


async def main(folder: Path, stage: str, done: int) -> None:
    clock, changes = HandClock(), Changes()
    clock.move(days=AGE.days)
    database = await Database.open(folder, clock.now())
    program = Archiving(folder, database, clock, changes, _no_room)

    def told(_change: object) -> None:
        progress = program.progress
        if progress is not None and progress.stage == stage and progress.done >= done:
            signal.raise_signal(signal.SIGKILL)

    changes.subscribe(told)
    await program.make(ACCOUNT, clock.now() - SINCE)


async def _no_room() -> bool:
    return False


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
