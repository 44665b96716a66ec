"""What retention promises of the database holds in the archives too: a name that has gone is in no byte of any of them."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.day import HandClock
from unit.engine.archive_office import ACCOUNT, AGE, DONE, JPEG, SINCE, Office, fill
from zendera_desk.domain.changes import Changes
from zendera_desk.engine.archiving import Archiving
from zendera_desk.engine.keeping import Keeping
from zendera_desk.settings import Settings
from zendera_desk.store import archives, archiving, purged_copies, retention
from zendera_desk.store.database import Database

SAID = (b"Signee ", b"Comment ", b"comment ", b"Thank you", JPEG, b"signature.jpg")
"""What a proof says, in each form in which it lies in a file."""
NAMES = (b"Consignee ", b"consignee ")


class Kept:
    def __init__(self, office: Office, database: Database) -> None:
        self.office = office
        self.settings = Settings(keep_proofs_days=0, keep_shipments_days=0)
        self.database = database
        self.keeping = Keeping(office.folder, database, office.clock, Changes(), lambda: self.settings)
        self.archiving = Archiving(office.folder, database, office.clock, Changes(), self.keeping.compact)

    async def archive(self) -> Path:
        await self.archiving.make(ACCOUNT, self.office.clock.now() - SINCE)
        return self.office.archive

    async def keep(self, *, proofs: int = 0, shipments: int = 0) -> None:
        """For so many days from now on, until all that has to go is gone."""
        before, self.settings = self.settings, Settings(keep_proofs_days=proofs, keep_shipments_days=shipments)
        self.keeping.prefer(before, self.settings)
        self.keeping._acted = -1e9
        for _each in range(8):
            await self.keeping.step(self.office.clock.move(seconds=61))


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Kept]:
    clock = HandClock()
    fill(tmp_path, clock)
    database = await Database.open(tmp_path, clock.now())
    kept = Kept(Office(tmp_path, clock), database)
    yield kept
    kept.keeping.close()
    await database.close()


def said_in(path: Path, texts: tuple[bytes, ...]) -> list[bytes]:
    data = path.read_bytes()
    return [text for text in texts if text in data]


async def test_a_name_that_went_before_is_in_no_byte_of_an_archive(kept: Kept) -> None:
    """The proofs had gone on the day before; the archive is made from what is left."""
    await kept.keep(proofs=90)
    path = await kept.archive()
    assert said_in(path, SAID) == []
    assert said_in(path, NAMES) == list(NAMES)


async def test_a_proof_goes_from_the_archive_on_the_day_it_would_have_gone(kept: Kept) -> None:
    path = await kept.archive()
    assert len(said_in(path, SAID)) == len(SAID)
    await kept.keep(proofs=AGE.days + 2)
    assert len(said_in(path, SAID)) == len(SAID)
    kept.office.clock.move(days=3)
    await kept.keep(proofs=AGE.days + 2)
    assert said_in(path, SAID) == []
    facts = archives.look(path)
    assert facts.shipments == len(DONE)
    with contextlib.closing(archives.opened(path)) as conn:
        assert conn.execute("select count(*) from entry where length(sha256) = 64 and made_by = 'Kari'").fetchone()[0] == len(DONE)
        assert conn.execute("select count(*) from archived_picture").fetchone()[0] == 0


async def test_an_archive_whose_shipments_are_all_over_goes_as_a_file(kept: Kept) -> None:
    path = await kept.archive()
    await kept.keep(proofs=AGE.days - 10, shipments=AGE.days - 10)
    assert not path.exists()
    assert archives.archives(kept.office.folder) == []
    everywhere = b"".join(file.read_bytes() for file in kept.office.folder.rglob("*") if file.is_file())
    assert b"Consignee 7" not in everywhere
    assert b"Signee 7" not in everywhere


async def test_in_the_database_nothing_of_what_was_taken_out_is_left_between_the_rows(kept: Kept) -> None:
    """The space is given back at once, and with it the last bytes of every name."""
    size = kept.database.path.stat().st_size
    await kept.archive()
    data = kept.database.path.read_bytes()
    assert [text for text in (b"Consignee 7", b"Signee 7", b"Comment 7", b"comment 7") if text in data] == []
    assert kept.database.path.stat().st_size < size
    assert not await kept.database.read(retention.is_owed)


async def test_an_archive_that_is_still_being_taken_out_is_left_to_that(kept: Kept) -> None:
    path = await kept.archive()
    await kept.database.write(archiving.note, path.name, kept.office.clock.now() - SINCE)
    await kept.keep(proofs=90)
    assert len(said_in(path, SAID)) == len(SAID)
    await kept.archiving.step(kept.office.clock.now())
    await kept.keep(proofs=89)
    assert said_in(path, SAID) == []


async def test_one_whose_purging_is_stopped_is_as_it_was(kept: Kept) -> None:
    path = await kept.archive()
    before = path.read_bytes()
    kept.keeping.close()
    await kept.keeping._next_archive(retention.before(kept.office.clock.now(), 90, 0), kept.office.clock.now())
    assert path.read_bytes() == before
    assert not (path.parent / purged_copies.WORK).exists()


async def test_a_damaged_one_goes_when_all_of_it_is_over_and_not_before(kept: Kept) -> None:
    path = await kept.archive()
    path.write_bytes(path.read_bytes()[:30_000])
    await kept.keep(proofs=90)
    assert path.exists()
    kept.office.clock.move(days=31)
    await kept.keep(proofs=89)
    assert not path.exists()
