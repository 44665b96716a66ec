"""Wrong versions of the send protocol, each the real program with one decision changed: ten that were thought of before the first
line was written, and one for each figure that none of those ten moves.

A harness that does not catch them proves nothing.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from unittest import mock

import httpx

from zendera_desk import opened
from zendera_desk.api import client
from zendera_desk.api.transport import Crossing
from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.domain.feed import TimelineEvent
from zendera_desk.domain.ids import EntryId
from zendera_desk.domain.outbox import Entry, Kind, State
from zendera_desk.engine import budget, intake, retry, verify
from zendera_desk.engine import outbox as sending
from zendera_desk.engine.evidence import Sight
from zendera_desk.engine.retry import Verdict
from zendera_desk.store import afresh, calls, outbox, walks

Mutation = Callable[[contextlib.ExitStack], None]


def _requeue_at_restart(patches: contextlib.ExitStack) -> None:
    """What was sending when the process ended is simply sent again."""
    right = afresh.recover

    def recover(conn: sqlite3.Connection, now: datetime, *rest: Any) -> object:  # noqa: ANN401
        for row in conn.execute("select id from entry where state = 'sending'").fetchall():
            outbox.move(conn, row["id"], State.DUE, next_at=now)
        return right(conn, now, *rest)

    patches.enter_context(mock.patch.object(afresh, "recover", recover))


def _no_sending_mark(patches: contextlib.ExitStack) -> None:
    """The bytes leave first, and the mark is written with the outcome."""
    begin, write_outcome = outbox.begin, sending._write_outcome

    def look_only(conn: sqlite3.Connection, ids: Sequence[EntryId], *_rest: object) -> None:
        for entry_id in ids:
            found = outbox.entry(conn, entry_id)
            if found is None or found.state is not State.DUE:
                raise outbox.NotDueError

    def mark_late(conn: sqlite3.Connection, outcome: sending.Outcome, *rest: Any) -> None:  # noqa: ANN401
        begin(conn, outcome.ids, outcome.at)
        write_outcome(conn, outcome, *rest)

    ask_about = afresh._ask_about

    def ask_as_ever(*args: Any) -> None:  # noqa: ANN401
        with mock.patch.object(outbox, "begin", begin):
            ask_about(*args)

    patches.enter_context(mock.patch.object(outbox, "begin", look_only))
    patches.enter_context(mock.patch.object(afresh, "_ask_about", ask_as_ever))
    patches.enter_context(mock.patch.object(sending, "_write_outcome", mark_late))


def _any_200_is_sent(patches: contextlib.ExitStack) -> None:
    """Whatever answers 200 has understood us: the page of a hotel's network too."""

    async def send(self: client.ZenderaClient, path: str, payload: bytes, hook: client.Hook) -> None:
        await self._call(self._sends, "POST", path, Crossing(hook), payload=payload)

    patches.enter_context(mock.patch.object(client.ZenderaClient, "_send", send))


def _server_error_means_not_received(patches: contextlib.ExitStack) -> None:
    patches.enter_context(mock.patch.dict(retry.VERDICTS, {LinkCode.SERVER: Verdict.NOT_RECEIVED}))


def _no_settling(patches: contextlib.ExitStack) -> None:
    """Zendera is asked at once, while a send may still be on its way inside."""
    for module in (retry, intake, opened):
        patches.enter_context(mock.patch.object(module, "SETTLE", timedelta()))


def _failed_read_counts_as_absent(patches: contextlib.ExitStack) -> None:
    right = verify.Verify._look_at_timeline

    async def look(self: verify.Verify, entry: Entry) -> Sight:
        try:
            return await right(self, entry)
        except LinkError:
            return Sight.NOT_SHOWN

    patches.enter_context(mock.patch.object(verify.Verify, "_look_at_timeline", look))


def _one_read(patches: contextlib.ExitStack) -> None:
    """The first read that does not show it decides, though a timeline may be behind."""
    right = verify.Verify._look_at_timeline

    async def look(self: verify.Verify, entry: Entry) -> Sight:
        sight = await right(self, entry)
        if sight is Sight.NOT_SHOWN and entry.state is State.UNCLEAR and not entry.reads:
            long_ago = self._clock.now() - retry.BETWEEN_READS
            await self._database.write(outbox.move, entry.id, State.UNCLEAR, reads=1, last_read_at=long_ago)
        return sight

    patches.enter_context(mock.patch.object(verify.Verify, "_look_at_timeline", look))


def followed_redirect(patches: contextlib.ExitStack) -> None:
    """A followed 302 makes a GET of a POST, and that answers 200."""
    client_for, cross = client.client_for, Crossing.cross

    def follow(*args: Any, **kwargs: Any) -> httpx.AsyncClient:  # noqa: ANN401
        made = client_for(*args, **kwargs)
        made.follow_redirects = True
        made.event_hooks = {}
        return made

    async def cross_once(self: Crossing) -> None:
        if not self.crossed:
            await cross(self)

    patches.enter_context(mock.patch.object(client, "client_for", follow))
    patches.enter_context(mock.patch.object(Crossing, "cross", cross_once))


def _matched_by_counting(patches: contextlib.ExitStack) -> None:
    """As many events of the sort as we sent: one of them must be ours."""

    def look(entry: Entry, events: Iterable[TimelineEvent], entries: Iterable[Entry]) -> Sight:
        def alike(other: Entry) -> bool:
            return (other.kind, other.status, other.stop) == (entry.kind, entry.status, entry.stop) and 0 < other.id <= entry.id

        if entry.kind is Kind.FAIL:
            shown = sum(event.success is False for event in events)
        else:
            shown = sum(event.status == entry.status and event.location == entry.stop for event in events)
        return Sight.SHOWN if shown >= sum(alike(other) for other in entries) else Sight.NOT_SHOWN

    patches.enter_context(mock.patch.object(verify, "look", look))


def _fail_sent_again(patches: contextlib.ExitStack) -> None:
    """A fail that is not shown goes out again by itself: perhaps the second of five strikes."""
    right = verify.Verify._not_shown

    async def not_shown(self: verify.Verify, entry: Entry, now: datetime, *, certain: bool) -> None:
        if entry.kind is Kind.FAIL:
            await self._move(entry, State.DUE, next_at=now)
        else:
            await right(self, entry, now, certain=certain)

    patches.enter_context(mock.patch.object(verify.Verify, "_not_shown", not_shown))


def _held_forgotten_at_restart(patches: contextlib.ExitStack) -> None:
    """What a person decided and the hold kept is gone after a crash."""
    right = afresh.recover

    def recover(conn: sqlite3.Connection, *rest: Any) -> object:  # noqa: ANN401
        for row in conn.execute("select id from entry where state = 'held'").fetchall():
            outbox.move(conn, row["id"], State.TAKEN_BACK)
        return right(conn, *rest)

    patches.enter_context(mock.patch.object(afresh, "recover", recover))


def _never_asked(patches: contextlib.ExitStack) -> None:
    """What is unclear stays unclear."""

    async def step(_verify: verify.Verify, _now: datetime) -> None:
        return None

    patches.enter_context(mock.patch.object(verify.Verify, "step", step))


def _no_lanes(patches: contextlib.ExitStack) -> None:
    """Whatever is due goes, also past an older one of its shipment."""
    patches.enter_context(mock.patch.object(outbox, "_FIRST_OF_ITS_LANE", "1"))


def _limit_forgotten_at_restart(patches: contextlib.ExitStack) -> None:
    patches.enter_context(mock.patch.object(calls, "silent_until", return_value=datetime.fromtimestamp(0, UTC)))


def _time_out_means_refused(patches: contextlib.ExitStack) -> None:
    patches.enter_context(mock.patch.dict(retry.VERDICTS, {LinkCode.TIMEOUT: Verdict.REFUSED}))


def _counts_by_clock_hour(patches: contextlib.ExitStack) -> None:
    """The budget starts again with each hour of the clock: twice the limit around it."""
    right = budget.Budget._forget

    def forget(self: budget.Budget, now: float) -> None:
        while self._calls and self._calls[0] // budget.HOUR < now // budget.HOUR:
            self._calls.popleft()
        right(self, now)

    patches.enter_context(mock.patch.object(budget.Budget, "_forget", forget))


def _calls_forgotten_at_restart(patches: contextlib.ExitStack) -> None:
    patches.enter_context(mock.patch.object(calls, "of_last_hour", return_value=[]))


def _unreadable_row_hides_nobody(patches: contextlib.ExitStack) -> None:
    """Whoever is not seen is gone, although a row of the walk could not be read."""
    patches.enter_context(mock.patch.object(walks._Behind, "may_be", return_value=False))


MUTANTS: Final[dict[str, Mutation]] = {
    "requeue at restart": _requeue_at_restart,
    "no sending mark": _no_sending_mark,
    "any 200 is sent": _any_200_is_sent,
    "5xx means not received": _server_error_means_not_received,
    "no settling": _no_settling,
    "failed read counts as absent": _failed_read_counts_as_absent,
    "one read": _one_read,
    "followed redirect": followed_redirect,
    "matched by counting": _matched_by_counting,
    "fail sent again": _fail_sent_again,
    "held forgotten at restart": _held_forgotten_at_restart,
    "never asked": _never_asked,
    "no lanes": _no_lanes,
    "limit forgotten at restart": _limit_forgotten_at_restart,
    "time-out means refused": _time_out_means_refused,
    "counts by clock hour": _counts_by_clock_hour,
    "calls forgotten at restart": _calls_forgotten_at_restart,
    "an unreadable row hides nobody": _unreadable_row_hides_nobody,
}

SEEN_AS: Final[dict[str, frozenset[str]]] = {
    "requeue at restart": frozenset({"doubled"}),
    "no sending mark": frozenset({"doubled"}),
    "any 200 is sent": frozenset({"falsely_sent"}),
    "5xx means not received": frozenset({"doubled"}),
    "no settling": frozenset({"doubled", "invariant"}),
    "failed read counts as absent": frozenset({"doubled", "invariant"}),
    "one read": frozenset({"doubled", "invariant"}),
    "followed redirect": frozenset({"falsely_sent"}),
    "matched by counting": frozenset({"falsely_sent"}),
    "fail sent again": frozenset({"doubled", "invariant"}),
    "held forgotten at restart": frozenset({"lost"}),
    "never asked": frozenset({"stuck"}),
    "no lanes": frozenset({"order"}),
    "limit forgotten at restart": frozenset({"in_window_after_restart"}),
    "time-out means refused": frozenset({"falsely_refused", "falsely_withdrawn"}),
    "counts by clock hour": frozenset({"over_limit"}),
    "calls forgotten at restart": frozenset({"over_limit"}),
    "an unreadable row hides nobody": frozenset({"falsely_sent"}),
}
"""By what each must be caught: being caught by chance, for something else, proves nothing about its figure."""


@contextlib.contextmanager
def mutated(name: str) -> Iterator[None]:
    """The program with this one decision changed; as it is for ""."""
    with contextlib.ExitStack() as patches:
        if name:
            MUTANTS[name](patches)
        yield
