"""Wrong versions of how answers are taken in, each the real program with one precaution left out.

A harness that does not catch them proves nothing.
"""

import contextlib
import re
from collections.abc import Callable, Iterator
from typing import Any, Final
from unittest import mock

import httpcore

from prove.hostile_heavy import MB
from prove.mutants import followed_redirect
from zendera_desk.api import answers, client, feeds, shipments, transport, values
from zendera_desk.api.transport import Crossing
from zendera_desk.domain.feed import FeedPage, NewChange
from zendera_desk.domain.shipment import Exported, ExportPage

Mutation = Callable[[contextlib.ExitStack], None]


def _any_200_is_sent(patches: contextlib.ExitStack) -> None:
    """Whatever answers 200 has understood us: the page of a hotel's network too."""

    async def send(self: client.ZenderaClient, path: str, payload: bytes, hook: client.Hook) -> None:
        await self._call(self._sends, "POST", path, Crossing(hook), payload=payload)

    patches.enter_context(mock.patch.object(client.ZenderaClient, "_send", send))


def _half_a_request_is_sent(patches: contextlib.ExitStack) -> None:
    """Whoever answers has heard everything."""
    init = Crossing.__init__

    def whole_at_once(self: Crossing, *args: Any) -> None:  # noqa: ANN401
        init(self, *args)
        self.whole = True

    patches.enter_context(mock.patch.object(Crossing, "__init__", whole_at_once))


def _nothing_is_an_answer(patches: contextlib.ExitStack) -> None:
    """A connection that ends after the head has said all there was to say."""
    patches.enter_context(mock.patch.object(answers, "_is_whole", return_value=True))


def _no_cap(patches: contextlib.ExitStack) -> None:
    right = answers._body
    patches.enter_context(mock.patch.object(answers, "_body", lambda response, _cap: right(response, 1 << 40)))


def _read_on_the_loop(patches: contextlib.ExitStack) -> None:
    """However much there is to read, it is read where everything else waits."""
    patches.enter_context(mock.patch.object(client, "_SMALL", 1 << 40))


def _quoted_at_length(patches: contextlib.ExitStack) -> None:
    """An error page is cleaned of its markup by looking for the end of each tag, again and again."""
    slow = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
    patches.enter_context(mock.patch.object(answers, "_MARKUP", slow))


def _as_many_as_there_are(patches: contextlib.ExitStack) -> None:
    """No bound on the values of a row and the rows of a page."""
    for name in ("_MOST_VALUES", "_MOST_TOKENS"):
        patches.enter_context(mock.patch.object(values, name, 1 << 40))
    patches.enter_context(mock.patch.object(shipments, "_MOST_ROWS", 1 << 40))
    patches.enter_context(mock.patch.object(feeds, "_MOST_CHANGES", 1 << 40))


def _a_bad_row_spoils_its_page(patches: contextlib.ExitStack) -> None:
    def read(body: bytes) -> ExportPage:
        envelope = values.members(body) if body.strip() else {}
        rows = values.rows(envelope.get("shipments", b"null"), 10_000)
        return ExportPage(rows=tuple(Exported(shipment=shipments.read_shipment(row), original=row) for row in rows))

    patches.enter_context(mock.patch.object(client.wire, "read_export", read))


def _a_bad_row_is_dropped(patches: contextlib.ExitStack) -> None:
    right = client.wire.read_feed

    def read(body: bytes) -> FeedPage:
        page = right(body)
        return FeedPage(changes=page.changes, token=page.token, has_next=page.has_next)

    patches.enter_context(mock.patch.object(client.wire, "read_feed", read))


def _ids_through_float(patches: contextlib.ExitStack) -> None:
    """As JavaScript reads them, and many libraries after it: right up to 2^53."""
    right = values.Node.id

    def rounded(self: values.Node) -> int | None:
        number = right(self)
        return None if number is None else int(float(number))

    patches.enter_context(mock.patch.object(values.Node, "id", rounded))


def _originals_rewritten(patches: contextlib.ExitStack) -> None:
    """The original is what was understood of it, written again."""
    right = feeds._change

    def change(original: bytes) -> NewChange:
        return right(original)._replace(original=original.strip(b"{}"))

    patches.enter_context(mock.patch.object(feeds, "_change", change))


def _the_rest_is_the_next_answer(patches: contextlib.ExitStack) -> None:
    """httpcore as it is: what came together with the end of one answer is the beginning of the next."""
    patches.enter_context(mock.patch.object(httpcore.AsyncHTTP11Connection, "has_expired", transport._is_worn_out))


def _a_decoder_that_raises(patches: contextlib.ExitStack) -> None:
    """The usual way: only what the library's documentation names is caught."""

    def decode(raw: bytes) -> object:
        try:
            return values._lenient.decode(raw.decode())
        except values.json.JSONDecodeError:
            raise values.WireError("not JSON") from None

    for module in (client, feeds, shipments, answers, values):
        patches.enter_context(mock.patch.object(module, "decode", decode))


WRONG: Final[dict[str, Mutation]] = {
    "any 200 is sent": _any_200_is_sent,
    "half a request is sent": _half_a_request_is_sent,
    "nothing is an answer": _nothing_is_an_answer,
    "redirects are followed": followed_redirect,
    "no cap on a body": _no_cap,
    "read on the loop": _read_on_the_loop,
    "markup looked for again and again": _quoted_at_length,
    "as many values as there are": _as_many_as_there_are,
    "a bad row spoils its page": _a_bad_row_spoils_its_page,
    "a bad row is dropped": _a_bad_row_is_dropped,
    "ids through float": _ids_through_float,
    "originals rewritten": _originals_rewritten,
    "the rest is the next answer": _the_rest_is_the_next_answer,
    "a decoder that raises": _a_decoder_that_raises,
}
SEEN_AS: Final = {
    "any 200 is sent": "falsely_sent",
    "half a request is sent": "falsely_sent",
    "nothing is an answer": "falsely_read",
    "redirects are followed": "strayed",
    "no cap on a body": "memory",
    "read on the loop": "stall",
    "markup looked for again and again": "stall",
    "as many values as there are": "memory",
    "a bad row spoils its page": "not_believed",
    "a bad row is dropped": "lost_row",
    "ids through float": "lost_row",
    "originals rewritten": "lost_row",
    "the rest is the next answer": "not_believed",
    "a decoder that raises": "crash",
}
"""What each must be bad by: one that is caught by chance proves nothing."""

HEAVY: Final = {
    "no cap on a body": ("bomb", 8 * MB, "export"),
    "read on the loop": ("usual rows", 4 * MB, "feed"),
    "markup looked for again and again": ("refused with markup", 60_000, "accept"),
    "as many values as there are": ("empty objects", 8 * MB, "accept"),
}
"""The answer, its size and the call by which those are caught that size alone brings to light."""


@contextlib.contextmanager
def wrong(name: str) -> Iterator[None]:
    with contextlib.ExitStack() as patches:
        WRONG[name](patches)
        yield
