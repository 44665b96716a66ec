"""The views that a person made: kept in their order, each by itself."""

from pathlib import Path

from unit.store.office import ACCOUNT, NOON, opened, write
from zendera_desk.domain.ids import AccountId, ViewId
from zendera_desk.domain.views import Account, Due, Filter, OwnView, Phase, View
from zendera_desk.store import accounts, own_views
from zendera_desk.store.database import Connection

EVERYTHING = Filter(view=View.TO_REPORT, words="bring", phase=Phase.ACCEPTED, service="Express", place="50", due=Due.TODAY, cod=False)


def view(name: str, wanted: Filter = EVERYTHING) -> OwnView:
    return OwnView(id=ViewId(name.lower()), name=name, filter=wanted, columns=b"\x00\xffcolumns")


def put(conn: Connection, name: str, place: int | None = None) -> OwnView:
    made = view(name)
    write(conn, own_views.put, ACCOUNT, made, place)
    return made


def names(conn: Connection) -> list[str]:
    return [each.name for each in own_views.everyone(conn, ACCOUNT)]


def test_a_view_comes_back_whole_after_the_file_was_opened_again(tmp_path: Path) -> None:
    with opened(tmp_path) as conn:
        made = put(conn, "Mine")
    with opened(tmp_path) as conn:
        assert own_views.everyone(conn, ACCOUNT) == [made]


def test_new_ones_come_last_and_one_that_comes_back_stands_where_it_stood(conn: Connection) -> None:
    for name in ("A", "B", "C"):
        put(conn, name)
    write(conn, own_views.remove, ACCOUNT, ViewId("b"))
    assert names(conn) == ["A", "C"]
    put(conn, "B", 1)
    assert names(conn) == ["A", "B", "C"]


def test_a_changed_one_stays_where_it_is(conn: Connection) -> None:
    for name in ("A", "B", "C"):
        put(conn, name)
    write(conn, own_views.put, ACCOUNT, OwnView(id=ViewId("b"), name="Other"))
    assert names(conn) == ["A", "Other", "C"]


def test_one_is_moved_to_any_place(conn: Connection) -> None:
    for name in ("A", "B", "C"):
        put(conn, name)
    for place, expected in ((0, ["C", "A", "B"]), (1, ["A", "C", "B"]), (2, ["A", "B", "C"]), (9, ["A", "B", "C"])):
        write(conn, own_views.move, ACCOUNT, ViewId("c"), place)
        assert names(conn) == expected


def test_what_a_later_version_wrote_is_passed_over_and_stays(conn: Connection) -> None:
    put(conn, "A")
    conn.execute("insert into own_view values (?, 'later', 1, ?)", (ACCOUNT, '{"id":"later","name":"L","filter":{"view":"unheard of"}}'))
    put(conn, "B")
    assert names(conn) == ["A", "B"]
    write(conn, own_views.move, ACCOUNT, ViewId("b"), 0)
    assert names(conn) == ["B", "A"]
    assert conn.execute("select count(*) from own_view").fetchone()[0] == 3


def test_each_account_has_its_own(conn: Connection) -> None:
    other = AccountId("other")
    write(conn, accounts.save, Account(id=other, name="Other", base_url="https://other.example/api/"), NOON)
    put(conn, "A")
    assert own_views.everyone(conn, other) == []
    write(conn, own_views.remove, other, ViewId("a"))
    assert names(conn) == ["A"]
