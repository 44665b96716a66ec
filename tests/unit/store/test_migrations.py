"""From every released schema to the newest, and back to what was where that does not work out.

A released schema is what its numbered migrations make: a new migration is tested here without a word being added.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from unit.store.office import ACCOUNT, NOON, arrive, bring, enter, opened, shipment, write
from zendera_desk.domain.copies import CopyKind
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import State
from zendera_desk.domain.report import Draft, Status
from zendera_desk.store import backups, drafts, migrating
from zendera_desk.store.database import FILE_NAME, Database

MIGRATIONS = migrating.migrations()
NEWEST = MIGRATIONS[-1][0]


def migrate_with(monkeypatch: pytest.MonkeyPatch, *more: str) -> None:
    monkeypatch.setattr(migrating, "migrations", lambda: [*MIGRATIONS, *((NEWEST + place, script) for place, script in enumerate(more, 1))])


def facts(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What the file has of the tables that every schema has, in the columns of the first."""
    with closing(sqlite3.connect(path)) as conn:
        return {
            "shipments": conn.execute("select account, order_id, version, seen_at from shipment order by order_id").fetchall(),
            "originals": conn.execute("select order_id, version, original from shipment_version order by order_id, version").fetchall(),
            "entries": conn.execute("select id, order_id, kind, state, payload, sha256, made_at from entry order by id").fetchall(),
            "drafts": conn.execute("select order_id, content from draft order by order_id").fetchall(),
        }


def fill(folder: Path) -> None:
    with opened(folder) as conn:
        arrive(conn, *(shipment(number) for number in range(1, 6)))
        bring(conn, enter(conn, 1), State.CONFIRMED)
        bring(conn, enter(conn, 2), State.UNCLEAR)
        write(conn, drafts.save, ACCOUNT, OrderId(3), Draft(status=Status.OTHER, comment="by the gate"), NOON)


def schema(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as conn:
        return set(conn.execute("select name, sql from sqlite_master where name not like 'search_index%' and sql is not null"))


@pytest.mark.parametrize("released", [number for number, _ in MIGRATIONS])
async def test_every_released_schema_becomes_the_newest_with_all_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, released: int
) -> None:
    """A table or index that came later is there, and what was in the file still is."""
    with monkeypatch.context() as then:
        then.setattr(migrating, "migrations", lambda: MIGRATIONS[:released])
        await (await Database.open(tmp_path)).close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as conn:
        conn.execute("insert into account (id, name, base_url, made_at) values ('a', 'Nordlys', 'https://example.com/api/', 1)")
        conn.execute("insert into shipment (account, order_id, version, seen_at, changed_at, touched_at) values ('a', 1, 1, 1, 1, 1)")
        conn.execute("insert into shipment_version (account, order_id, version, seen_at, original) values ('a', 1, 1, 1, x'7b7d')")
        conn.execute(
            "insert into entry (account, order_id, kind, made_at, next_at, payload, sha256) values ('a', 1, 'accept', 1, 1, x'61', 'h')"
        )
        conn.execute("insert into draft (account, order_id, saved_at, content) values ('a', 1, 1, '{}')")
        conn.commit()
    before = facts(tmp_path / FILE_NAME)
    await (await Database.open(tmp_path)).close()
    assert facts(tmp_path / FILE_NAME) == before
    await (await Database.open(tmp_path / "fresh")).close()
    assert schema(tmp_path / FILE_NAME) == schema(tmp_path / "fresh" / FILE_NAME)


async def test_a_migration_runs_once_with_a_copy_of_what_was_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path)
    before = facts(tmp_path / FILE_NAME)
    migrate_with(monkeypatch, "create table more (a);\ninsert into more values (1);", "alter table more add column b;")
    for _ in range(2):
        store = await Database.open(tmp_path)
        assert await store.read(lambda conn: conn.execute("select count(*), count(b) from more").fetchone()[:]) == (1, 0)
        await store.close()
    (copy,) = backups.copies(tmp_path)
    assert copy.kind is CopyKind.BEFORE_UPDATE
    assert facts(copy.path) == before == facts(tmp_path / FILE_NAME)
    with closing(backups.open_copy(copy.path)) as conn:
        assert conn.execute("pragma user_version").fetchone()[0] == NEWEST


@pytest.mark.parametrize(
    "broken",
    [
        ("create table more (a);\ncreate table more (b);",),
        ("create table more (a);", "update shipment set version = null;"),
        ("update entry set payload = x'00';",),
    ],
)
async def test_a_migration_that_fails_leaves_the_database_as_it_was_and_a_copy_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: tuple[str, ...]
) -> None:
    fill(tmp_path)
    before, drawn = facts(tmp_path / FILE_NAME), schema(tmp_path / FILE_NAME)
    with monkeypatch.context() as newer:
        migrate_with(newer, *broken)
        with pytest.raises(StoreError, match="not_updated"):
            await Database.open(tmp_path)
    assert facts(tmp_path / FILE_NAME) == before
    assert schema(tmp_path / FILE_NAME) == drawn
    assert [facts(copy.path) for copy in backups.copies(tmp_path)] == [before]
    store = await Database.open(tmp_path)  # the program that was there before goes on with it
    assert await store.read(lambda conn: conn.execute("select doubt from care").fetchone()[0]) == ""
    await store.close()


async def test_without_room_for_the_copy_nothing_is_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path)
    before = facts(tmp_path / FILE_NAME)
    migrate_with(monkeypatch, "create table more (a);")
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda _path: type("Usage", (), {"free": 1000})())
    with pytest.raises(StoreError, match="disk_full"):
        await Database.open(tmp_path)
    assert facts(tmp_path / FILE_NAME) == before
