"""The store of years that the figures are measured on has the rows that the program would have written."""

from contextlib import closing
from pathlib import Path

import pytest

from bench import stored
from unit.store.office import opened, write
from zendera_desk.domain.views import Sort, View
from zendera_desk.store import database, find, listing, shipments

FEW = 40
OWN = {"seen_at", "changed_at", "touched_at", "missed", "phase", "entry_id", "to_accept", "to_report"}
"""Of a shipment: what happened since it came."""


def test_the_short_way_ends_in_the_rows_of_the_real_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "POOL", 15)
    monkeypatch.setattr(stored, "TO_ACCEPT", 5)
    monkeypatch.setattr(stored, "TO_REPORT", 10)
    stored.make(tmp_path / "short", FEW, 200)
    with opened(tmp_path / "real") as real, closing(database.open_writer(tmp_path / "short" / database.FILE_NAME)) as short:
        for each in stored.drawn(FEW):
            write(real, shipments.put, stored.ACCOUNT, [stored.arrived(each)], stored.NOW)
        for table in ("shipment", "shipment_version", "parcel", "shipment_number", "search_words"):
            names = [row["name"] for row in real.execute(f"pragma table_info({table})") if row["name"] not in OWN]
            statement = f"select {', '.join(names)} from {table} order by 1, 2, 3"  # noqa: S608
            rows = [[tuple(row) for row in conn.execute(statement)] for conn in (real, short)]
            assert rows[0] == rows[1], table
        assert [row[0] for row in short.execute("pragma integrity_check")] == ["ok"]
        assert listing.view_counts(short, stored.ACCOUNT, stored.NOW)[View.TO_REPORT] == 10
        for view in View:
            assert (
                len(listing.ids(short, stored.ACCOUNT, view, Sort.SEEN, True, stored.NOW))
                == listing.view_counts(short, stored.ACCOUNT, stored.NOW)[view]
            )
        for text in ("oslo", "880", "pallet"):
            found = [set(find.find(conn, stored.ACCOUNT, View.ALL, text, stored.NOW).ids) for conn in (real, short)]
            assert found[0] == found[1] != set()
        assert short.execute("select count(*) from feed_change where order_id is not null").fetchone()[0] == 200
