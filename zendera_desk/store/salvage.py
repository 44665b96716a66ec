"""What can still be read from an old file and is missing in the new one, brought over row by row.

A shipment that was accepted after the last copy is offered by Zendera no more: the old file is the only place where it is.
So everything is tried, and no row is trusted more than it must be: what cannot be read is counted and passed over, an
original that is no JSON is left, an entry goes through legal moves alone to the state it had, and its payload keeps the
hash that it is checked by before every send. What both files have, the old file has newer.
"""

import contextlib
import json
import sqlite3
from collections import defaultdict
from pathlib import Path
from typing import Final

from zendera_desk.domain.bulk import BulkRow
from zendera_desk.domain.ids import AccountId, OrderId
from zendera_desk.domain.outbox import LEGAL, State
from zendera_desk.domain.report import Draft
from zendera_desk.store import board, feed, projection, search
from zendera_desk.store.bringing import Bringing, Key, Saved, is_a, without_id
from zendera_desk.store.database import transaction
from zendera_desk.store.entries import COLUMNS, to_entry
from zendera_desk.store.oldfile import Reader, opened

PLAIN: Final = (
    *("set_aside", "picture", "acknowledgement", "feed_change", "feed_cursor", "feed_broken", "timeline_event", "timeline_read", "upload"),
    *("feed_gap", "watched_folder", "watched_file", "own_view", "archiving"),
)
"""Tables whose rows say for themselves whether they are there already. Of the cursor the new file's stays: what lies between
is read from Zendera again, and each change is stored once."""
LEFT: Final = frozenset(
    {"walk", "seen_beside", "retention", "legal_move", "care", "notice", "shipment_number", "page_number", "page_match"}
    | {"board_due", "search_words", "search_way", "search_due", "recent_search", "tally", "numbered", "archive", "archived_picture"}
)
"""Tables that are made anew, or that say something about the file alone."""

_FORMS: Final = {
    "draft": ("content", Draft, "account, order_id"),
    "bulk_draft": ("shared", Draft, "account"),
    "bulk_row": ("content", BulkRow, "account, order_id"),
}
"""Tables of what a person typed: the column with it, what it is read as, and what makes a row the same row."""
_OWN_COLUMNS: Final = frozenset(
    {"id", "account", "order_id", "kind", "payload", "sha256", "state", "closed_at", "purged_at", "draft", "corrects", "instead_of"}
)
"""Of an entry: what is frozen, what moves decide, and what retention alone writes."""


def bring_over(old: Path, new: sqlite3.Connection, workshop: Path, *, only_what_left: bool) -> Saved:
    """`only_what_left`: without drafts and without entries that had not left. An old file that cannot be read at all gives nothing."""
    saved = Saved(counts={})
    with contextlib.ExitStack() as ending:
        found = ending.enter_context(opened(old, new, workshop))
        if found is None:
            return saved
        reader = Reader(found)
        with transaction(new):
            _Salvage(reader, new, saved).everything(only_what_left=only_what_left)
        saved.unread += reader.unread
        saved.counts = {name: count for name, count in saved.counts.items() if count}
    return saved


class _Salvage(Bringing):
    def everything(self, *, only_what_left: bool) -> None:
        self._saved.generation = self._old.value("select generation from care")
        self._drop_unreadable()  # of the copy: the old file may have them as they were written
        self._accounts()
        self._calls()
        self._shipments()
        newest = self._new.execute("select ifnull(max(id), 0) from feed_change").fetchone()[0]
        for table in PLAIN:
            brought = self._plain(table)
            if table == "feed_change":
                self._saved.counts["feed"] = brought
        self._drop_unreadable()
        self._match(newest)
        self._paper()
        self._entries(only_what_left=only_what_left)
        self._of_entries()
        if not only_what_left:
            self._drafts()
        self._drop_sent_drafts()
        for account, order_id in self._touched:
            projection.refresh(self._new, AccountId(account), [OrderId(order_id)])

    def _drop_unreadable(self) -> None:
        """No board could be looked at with them, and so nothing be brought on to where it stands."""
        for table, row in board.unreadable(self._new):
            self._new.execute(f"delete from {table} where rowid = ?", (row,))
            self._saved.unread += 1

    # What stands by itself

    def _accounts(self) -> None:
        for row in self._rows("account"):
            self._insert("account", dict(row))
            self._try("update account set silent_until = max(silent_until, ?) where id = ?", (row["silent_until"], row["id"]))

    def _calls(self) -> None:
        """The hour's calls are spent, whichever file knows of them."""
        newest = self._new.execute("select max(at) from call").fetchone()[0] or 0
        for row in self._rows("call"):
            if row["at"] > newest:
                self._insert("call", dict(row))

    def _plain(self, table: str) -> int:
        """Without its number where that is only counted up: the new file counts for itself."""
        counted = "id" in self._columns(table) and table != "picture"
        brought = 0
        for row in self._rows(table):
            values = {name: row[name] for name in row.keys() if not (counted and name == "id")}  # noqa: SIM118 (a Row has no other way)
            brought += self._insert(table, values)
        return brought

    def _match(self, newest: int) -> None:
        """Whose the changes after the `newest` are that was here before, by what is here now; and those here, of shipments that came."""
        brought = self._new.execute("select id from feed_change where id > ?", (newest,)).fetchall()
        self._touched |= feed.find_anew(self._new, [row["id"] for row in brought])
        for account, order_id in tuple(self._touched):
            feed.match(self._new, AccountId(account), OrderId(order_id))
        for row in self._new.execute("select account, order_id from acknowledgement union select account, order_id from board_due"):
            self._touched.add((row["account"], row["order_id"]))

    # Shipments

    def _shipments(self) -> None:
        versions = self._missing_versions()
        parcels = defaultdict(list)
        for row in self._rows("parcel"):
            if (key := (row["account"], row["order_id"])) in versions:
                parcels[key].append(dict(row))
        for row in self._rows("shipment"):
            if found := versions.pop((row["account"], row["order_id"]), None):
                self._put_shipment(dict(row), found, parcels[row["account"], row["order_id"]])
        for (account, order_id), found in versions.items():  # its row is lost, what Zendera said of it is not
            first, last = found[0]["seen_at"], found[-1]["seen_at"]
            listed = {"id": 0, "account": account, "order_id": order_id, "seen_at": first, "changed_at": last, "touched_at": last}
            self._put_shipment(listed, found, parcels[account, order_id])

    def _missing_versions(self) -> dict[Key, list[dict[str, object]]]:
        known = {
            (row["account"], row["order_id"], row["version"])
            for row in self._new.execute("select account, order_id, version from shipment_version")
        }
        missing: dict[Key, list[dict[str, object]]] = defaultdict(list)
        for row in self._rows("shipment_version"):
            if (row["account"], row["order_id"], row["version"]) in known:
                continue
            if (
                isinstance(row["version"], int)
                and isinstance(row["order_id"], int)
                and _is_json(row["original"])
                and _is_json(row["differences"])
            ):
                missing[row["account"], row["order_id"]].append(dict(row))
            else:
                self._saved.unread += 1
        for found in missing.values():
            found.sort(key=lambda version: int(str(version["version"])))
        return missing

    def _put_shipment(self, row: dict[str, object], versions: list[dict[str, object]], parcels: list[dict[str, object]]) -> None:
        account, order_id, old_id = str(row["account"]), int(str(row["order_id"])), int(str(row["id"]))
        newest = int(str(versions[-1]["version"]))
        listed = {name: value for name, value in row.items() if name not in {"id", "entry_id", "version"}}
        with self._together() as done:
            present = self._new.execute(
                "select id, version from shipment where account = ? and order_id = ?", (account, order_id)
            ).fetchone()
            if present is None:
                self._insert("shipment", {**listed, "version": newest}, strict=True)
            elif present["version"] < newest:
                assigned = ", ".join(f"{name} = :{name}" for name in listed)
                self._new.execute(
                    f"update shipment set {assigned}, version = {newest} where account = :account and order_id = :order_id", listed
                )
            for version in versions:
                self._insert("shipment_version", version, strict=True)
            if parcels:
                self._new.execute("delete from parcel where account = ? and order_id = ?", (account, order_id))
            for parcel in parcels:
                self._insert("parcel", parcel)
            self._put_words(account, order_id, old_id)
            done()
            self._touched.add((account, order_id))
            self._count("shipments")

    def _put_words(self, account: str, order_id: int, old_id: int) -> None:
        row = self._new.execute("select * from shipment where account = ? and order_id = ?", (account, order_id)).fetchone()
        listed = (
            row[name] for name in ("order_number", "reference", "pickup_city", "delivery_name", "delivery_postal_code", "delivery_city")
        )
        words = (self._old.words(old_id) if old_id else "") or search.spelled(AccountId(account), (str(order_id), *listed))
        search.put_words(self._new, row["id"], words)
        # What was read out of the originals is made anew from them: a flipped letter of a number would name another shipment.
        self._new.execute("delete from shipment_number where account = ? and order_id = ?", (account, order_id))

    # Paper

    def _paper(self) -> None:
        """With its ids: a page names its stack by them. What it names itself is found out anew; where it is, once all else is here."""
        for table in ("stack", "stack_file", "page"):
            for row in self._rows(table):
                with self._together() as done:
                    self._put_paper(table, dict(row))
                    done()
                    if table == "page" and row["assigned"] is not None:
                        self._touched.add((row["account"], row["assigned"]))

    def _put_paper(self, table: str, row: dict[str, object]) -> None:
        if table == "page":
            row = self._page(row)
        keys = ("stack", "place") if table == "stack_file" else ("id",)
        assigned = ", ".join(f"{name} = excluded.{name}" for name in row if name not in keys)
        names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        self._new.execute(f"insert into {table} ({names}) values ({marks}) on conflict ({', '.join(keys)}) do update set {assigned}", row)

    def _page(self, row: dict[str, object]) -> dict[str, object]:
        """Also where its stack, its file or its picture can be read no more: the page itself is what must not be lost."""
        self._new.execute(
            """insert into stack (id, account, name, arrived_at)
            values (:stack, :account, '', (select coalesce(max(arrived_at), 0) from stack)) on conflict do nothing""",
            row,
        )
        self._new.execute(
            """insert into stack_file (stack, place, account, name, source) values (:stack, :file, :account, '', :source)
            on conflict do nothing""",
            row,
        )
        if row["picture_id"] and not self._new.execute("select 1 from picture where id = :picture_id", row).fetchone():
            return row | {"picture_id": None, "state": "waiting"}
        return row

    # Entries, and what hangs on them

    def _entries(self, *, only_what_left: bool) -> None:
        stays_refused = self._stays_refused() if only_what_left else frozenset()
        for row in self._rows("entry"):
            with self._together() as done:
                if (entry := self._same_entry(row)) is None:
                    if only_what_left and row["state"] in {State.HELD, State.DUE}:
                        continue
                    entry = self._insert_entry(row)
                    self._count("entries")
                if row["id"] not in stays_refused:
                    self._bring_on(entry, row)
                to_entry(self._new.execute(f"select {COLUMNS} from entry where id = ?", (entry,)).fetchone())
                done()
                self._ids[row["id"]] = entry
                self._touched.add((row["account"], row["order_id"]))

    def _stays_refused(self) -> frozenset[int]:
        """Those that gave way to one that is not brought, and that the copy knows as they were before."""
        newer = (row for row in self._rows("entry") if row["state"] in {State.HELD, State.DUE} and not self._same_entry(row))
        gave_way = {row["instead_of"] for row in newer if "instead_of" in row.keys()}  # noqa: SIM118 (as below)
        known = (row for row in self._rows("entry") if row["id"] in gave_way and self._same_entry(row) is not None)
        return frozenset(row["id"] for row in known)

    def _same_entry(self, row: sqlite3.Row) -> int | None:
        """By its number and by what never changes: after somebody went back, a number may have been given twice."""
        found = self._new.execute(
            "select id from entry where id = ? and account = ? and order_id = ? and kind = ? and made_at = ?",
            (row["id"], row["account"], row["order_id"], row["kind"], row["made_at"]),
        ).fetchone()
        return None if found is None else int(found["id"])

    def _insert_entry(self, row: sqlite3.Row) -> int:
        """As it was when it was made. Its payload and its hash come as they are: it is checked again before it is sent."""
        values = {**dict(row), "state": State.HELD.value, "closed_at": None, "purged_at": None}
        if self._new.execute("select 1 from entry where id = ?", (row["id"],)).fetchone():
            del values["id"]
        if values["draft"] is not None and not is_a(Draft, values["draft"]):
            values["draft"] = None
        for older in {"corrects", "instead_of"} & values.keys():  # by the number that it has here; what could not be brought is not named
            values[older] = self._ids.get(row[older])
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        return int(self._new.execute(f"insert into entry ({names}) values ({marks}) returning id", values).fetchone()[0])

    def _bring_on(self, entry: int, row: sqlite3.Row) -> None:
        """Its values first: why it stood where it stood decides whether it may have been given up."""
        values = {name: row[name] for name in row.keys() if name not in _OWN_COLUMNS}  # noqa: SIM118 (a Row has no other way)
        assigned = ", ".join(f"{name} = :{name}" for name in values)
        self._new.execute(f"update entry set {assigned} where id = :entry and purged_at is null", {**values, "entry": entry})
        present = State(self._new.execute("select state from entry where id = ?", (entry,)).fetchone()[0])
        for state in _way(present, State(row["state"])):
            self._new.execute("update entry set state = ? where id = ?", (state.value, entry))

    def _of_entries(self) -> None:
        for row in self._rows("attempt"):
            if (entry := self._ids.get(row["entry_id"])) is not None:
                self._bring_attempt(row, entry)
        for row in self._rows("deed"):
            entry = self._ids.get(row["entry_id"])
            there = "select 1 from deed where entry_id = ? and at = ? and deed = ?"
            if entry is not None and not self._new.execute(there, (entry, row["at"], row["deed"])).fetchone():
                self._insert("deed", {**without_id(row), "entry_id": entry})
        for row in self._rows("entry_picture"):
            if (entry := self._ids.get(row["entry_id"])) is not None:
                self._insert("entry_picture", {**dict(row), "entry_id": entry})

    def _bring_attempt(self, row: sqlite3.Row, entry: int) -> None:
        present = self._new.execute(
            "select id, ended_at from attempt where entry_id = ? and started_at = ?", (entry, row["started_at"])
        ).fetchone()
        if present is None:
            self._insert("attempt", {**without_id(row), "entry_id": entry})
        elif present["ended_at"] is None and row["ended_at"] is not None:
            values = (row["ended_at"], row["code"], row["http_status"], row["answer"], present["id"])
            self._try("update attempt set ended_at = ?, code = ?, http_status = ?, answer = ? where id = ?", values)

    # Drafts

    def _drafts(self) -> None:
        """One that the copy has and the old file has not comes back: it may have been thrown away, it may have been damaged.

        Of a grid the rows that were not sent; what was sent has its form in its entry.
        """
        for table, (text, form, keys) in _FORMS.items():
            for row in self._rows(table):
                values = dict(row)
                if values.pop("entry_id", None) is None:
                    self._put_form(table, text, form, keys, values)
        self._new.execute(
            """insert into bulk_draft (account, saved_at, shared)
            select account, max(saved_at), '{}' from bulk_row where true group by account
            on conflict do nothing"""
        )

    def _put_form(self, table: str, text: str, form: type[object], keys: str, row: dict[str, object]) -> None:
        names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        if not is_a(form, row[text]):
            self._saved.unread += 1
        elif self._try(
            f"""insert into {table} ({names}) values ({marks}) on conflict ({keys}) do update
            set saved_at = excluded.saved_at, {text} = excluded.{text} where excluded.{text} <> {table}.{text}""",
            row,
        ) and isinstance(order_id := row.get("order_id"), int):
            key = (str(row["account"]), order_id)
            self._touched.add(key)
            self._typed.add((table, key))
            self._count("drafts")

    def _drop_sent_drafts(self) -> None:
        """The copy still has the form of what was sent after it was made. One that the old file has, too, is another one."""
        self._new.execute("delete from bulk_row where entry_id is not null")
        for table in ("draft", "bulk_row"):
            sent = self._new.execute(
                f"""select account, order_id from {table} t where exists (select 1 from entry e where e.account = t.account
                    and e.order_id = t.order_id and e.kind = 'report' and e.state <> 'taken_back' and e.made_at >= t.saved_at)"""
            ).fetchall()
            gone = {(row["account"], row["order_id"]) for row in sent if (table, (row["account"], row["order_id"])) not in self._typed}
            self._new.executemany(f"delete from {table} where account = ? and order_id = ?", sorted(gone))
            self._touched |= gone
        self._new.execute("delete from bulk_draft where account not in (select account from bulk_row)")


def _way(present: State, to: State) -> list[State]:
    """The shortest way of legal moves; none where there is no way, as from what is done. Over what was given up there is none."""
    ways: dict[State, list[State]] = {present: []}
    waiting = [present]
    while waiting:
        at = waiting.pop(0)
        if at is to:
            return ways[at]
        for following in LEGAL[at] if at is not State.DROPPED else ():
            if following not in ways:
                ways[following] = [*ways[at], following]
                waiting.append(following)
    return []


def _is_json(original: object) -> bool:
    """Also where the row is so damaged that it holds something else than bytes."""
    if not isinstance(original, bytes | str):
        return False
    text = original if isinstance(original, str) else original.decode("utf-8-sig", "replace")
    try:
        json.loads(text)  # as forgiving as the reading of what Zendera sends (api/values.py)
    except (ValueError, RecursionError):
        return False
    return True
