"""Compares three books at the end of a story: what the person was promised (kills_child.py), what the desk's file says, and what
the simulator's ledger has.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

OPEN: Final = frozenset({"held", "due", "sending", "unclear", "refused", "needs_person"})

Row = dict[str, Any]


class Books:
    def __init__(
        self, ledger: Sequence[Row], rows: Sequence[Row], notes: Sequence[Row], data: Path, blame: Callable[[str, str], None]
    ) -> None:
        self._ledger, self._rows, self._notes, self._data, self._blame = ledger, rows, notes, data, blame
        self._arrived: dict[int, list[Row]] = defaultdict(list)
        by_bytes = {row["sha256"]: row["id"] for row in rows if row["kind"] != "accept"}
        accepts = {row["order_id"]: row["id"] for row in rows if row["kind"] == "accept" and row["state"] not in {"taken_back", "dropped"}}
        for each in ledger:
            entry = accepts.get(each["orderId"]) if each["kind"] == "accept" else by_bytes.get(each["sha256"])
            if entry is None:
                self._blame("wrong_bytes", f"something arrived that no entry says: {each}")
            else:
                self._arrived[entry].append(each)

    def compare(self) -> None:
        for row in self._rows:
            self._entry(row, self._arrived[row["id"]])
        self._promises()
        self._order()

    def _entry(self, row: Row, arrived: list[Row]) -> None:
        facts = {name: value for name, value in row.items() if name != "payload"}
        if hashlib.sha256(row["payload"]).hexdigest() != row["sha256"]:
            self._blame("wrong_bytes", f"{facts} has not the bytes that were frozen")
        if len(arrived) > 1:
            self._blame("doubled", f"{facts} arrived {len(arrived)} times")
        if row["state"] in {"sent", "confirmed"} and not arrived:
            self._blame("falsely_sent", f"{facts} never arrived")
        if row["state"] in {"taken_back", "dropped", "refused"} and arrived and row["kind"] != "accept":
            self._blame("falsely_withdrawn", f"{facts} arrived")
        if row["state"] in OPEN:
            self._blame("stuck", f"{facts}")

    def _promises(self) -> None:
        """A decision that returned is in the file, as it was made; what is in the file was decided."""
        rows = {row["id"]: row for row in self._rows}
        decided: dict[int, Row] = {}
        begun: Row = {}
        undecided: list[Row] = []
        for note in self._notes:
            match note["what"]:
                case "decides":
                    begun = note
                    undecided.append(note)
                case "decided":
                    undecided.remove(begun)
                    decided |= dict.fromkeys(note["entries"], begun)
                case "took_back" if all(rows[entry]["state"] != "taken_back" for entry in note["entries"]):
                    self._blame("lost", f"{note} and {[rows[entry]['state'] for entry in note['entries']]}")
        for entry, note in decided.items():
            if entry not in rows:
                self._blame("lost", f"{note} was entry {entry}, which is not there")
        for row in self._rows:
            if row["state"] in {"taken_back", "dropped"} and not self._was_given_up(row):
                self._blame("lost", f"entry {row['id']} ({row['kind']} of {row['order_id']}) is {row['state']}, and nobody asked for it")
            note = decided.get(row["id"]) or next((each for each in undecided if _may_be(each, row)), None)
            if note is None or not _may_be(note, row):
                self._blame("invented", f"entry {row['id']} ({row['kind']} of {row['order_id']}) was decided by nobody")
            elif "report" in note:
                self._says_what_was_typed(note["report"], row)

    def _was_given_up(self, row: Row) -> bool:
        """By a person; or another report took its place, which says so."""
        if row["state"] == "taken_back":
            return any(note["what"] == "takes_back" and row["id"] in note["entries"] for note in self._notes)
        return row["code"] == "mended" or any(
            note["what"] == "says" and note["drop"] and note["entry"] == row["id"] for note in self._notes
        )

    def _says_what_was_typed(self, typed: Row, row: Row) -> None:
        for arrived in self._arrived[row["id"]]:
            said = arrived["summary"]
            files = [self._data / "pictures" / each[:2] / f"{each}.jpg" for each in typed["pictures"]]
            pictures = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
            same = (said["status"], said["location"], [each["sha256"] for each in said["pictures"]]) == (
                typed["status"],
                typed["stop"],
                pictures,
            )
            if not same or not said["comment"].startswith(typed["comment"]):
                self._blame("wrong_bytes", f"entry {row['id']}: typed {typed}, arrived {said}")

    def _order(self) -> None:
        last: dict[int, int] = {}
        entries = {each["number"]: entry for entry, rows in self._arrived.items() for each in rows}
        # What Zendera refused closes no lane: the next goes out, and this one perhaps later, when a person says so.
        refused = {row["order_id"] for row in self._rows if row["refusals"] or row["state"] == "dropped"}
        for each in self._ledger:
            entry = entries.get(each["number"], 0)
            if entry and entry < last.get(each["orderId"], 0) and each["orderId"] not in refused:
                self._blame("order", f"entry {entry} of {each['orderId']} arrived after {last[each['orderId']]}")
            last[each["orderId"]] = max(entry, last.get(each["orderId"], 0))


def _may_be(note: Row, row: Row) -> bool:
    return note["deed"] == row["kind"] and row["order_id"] in note["orders"]
