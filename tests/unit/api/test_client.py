"""The client against a real socket: what every answer, and every way of getting none, means."""

import asyncio
import gzip
import logging
import socket
import ssl
import traceback
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from support.answering import EMPTY_PAGE, Reply, Server, answer, drip, raw, reset, serving, silence
from zendera_desk.api.client import ZenderaClient
from zendera_desk.api.transport import AT_ONCE, Timeouts
from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.limits import Limits
from zendera_desk.domain.outbox import Kind

KEY = "zk_canary_6f1d9b27"
DATA = Path(__file__).parent / "data"
PATIENT = Timeouts(connect=10, read=20, write=20, pool=0.2, whole_read=60, whole_send=60)
QUICK = Timeouts(connect=0.3, read=0.2, write=1, whole_read=0.5, whole_send=0.5)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving(Server()) as served:
        yield served


@pytest.fixture
async def client(server: Server) -> AsyncIterator[ZenderaClient]:
    opened = await ZenderaClient.open(server.url, KEY, timeouts=PATIENT)
    yield opened
    await opened.aclose()


async def nothing() -> None:
    pass


async def call(client: ZenderaClient, kind: Kind | None) -> None:
    if kind is None:
        await client.export_page(1)
    elif kind is Kind.REPORT:
        await client.report(b'{"orderId":1}', nothing)
    else:
        await client.acknowledge(b'{"create":[]}', nothing)


async def trouble(client: ZenderaClient, kind: Kind | None = None) -> LinkError:
    with pytest.raises(LinkError) as caught:
        await call(client, kind)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    return caught.value


class TestRequests:
    async def test_a_page_is_asked_for_as_documented(self, server: Server, client: ZenderaClient) -> None:
        await client.export_page(2, per_page=20)
        head = server.requests[0]

        assert head.startswith(b"GET /api/v1/orders/export?page=2&perPage=20 HTTP/1.1\r\n")
        assert f"\r\nAuthorization: apikey {KEY}\r\n".encode() in head

    async def test_a_documented_page_is_read(self, server: Server, client: ZenderaClient) -> None:
        server.reply = answer(200, (DATA / "export_documented.json").read_bytes())

        assert [row.shipment.order_id for row in (await client.export_page(1)).rows] == [12345]

    async def test_the_feed_is_asked_by_token_once_there_is_one(self, server: Server, client: ZenderaClient) -> None:
        server.reply = answer(200, (DATA / "feed_documented.json").read_bytes())
        since = datetime(2026, 6, 11, 14, 30, 0, 7999, tzinfo=UTC)
        await client.feed_page(since=since)
        page = await client.feed_page(since=since, token="a+b/c=&d")

        assert b"/api/v1/order-products/status-feed?since=1781188200007 " in server.requests[0]
        assert b"/status-feed?pagination_token=a%2Bb%2Fc%3D%26d " in server.requests[1]
        assert page.token == "b3BhcXVl"

    async def test_the_timeline_is_asked_by_order(self, server: Server, client: ZenderaClient) -> None:
        server.reply = answer(200, (DATA / "timeline_assumed.json").read_bytes())
        events = await client.timeline(OrderId(2**63 - 1))

        assert server.requests[0].startswith(b"GET /api/v2/orders/9223372036854775807/external-updates HTTP/1.1\r\n")
        assert len(events) == 2

    @pytest.mark.parametrize(
        ("kind", "path"), [(Kind.ACCEPT, b"/api/v1/orders/export/status"), (Kind.REPORT, b"/api/v1/exported-order/update")]
    )
    async def test_a_send_posts_exactly_its_payload(self, server: Server, client: ZenderaClient, kind: Kind, path: bytes) -> None:
        payload = b'{"x":"' + b"y" * 200_000 + b'"}'
        server.reply = answer(200)
        await (client.report if kind is Kind.REPORT else client.acknowledge)(payload, nothing)
        head, _, body = server.requests[0].partition(b"\r\n\r\n")

        assert head.startswith(b"POST " + path + b" HTTP/1.1\r\n")
        assert b"\r\nContent-Type: application/json" in head
        assert body == payload

    async def test_the_feed_keeps_its_connection_and_nothing_else_uses_one_twice(self, server: Server, client: ZenderaClient) -> None:
        server.reply = answer(200, b"{}")
        for _ in range(3):
            await client.feed_page(token="t")
        assert server.connections == 1

        for _ in range(3):
            await client.report(b"{}", nothing)
            await client.export_page(1)
            await client.timeline(OrderId(1))
        assert server.connections == 10

    async def test_no_more_than_a_few_calls_fly_at_once(self, server: Server, client: ZenderaClient) -> None:
        together: list[int] = []

        async def reply(writer: asyncio.StreamWriter) -> None:
            together.append(len(server.requests))
            await asyncio.sleep(0)
            await answer(200, b"{}")(writer)

        server.reply = reply
        await asyncio.gather(*(client.feed_page(token=f"{number}") for number in range(20)))

        assert len(together) == 20
        assert server.connections <= AT_ONCE

    async def test_a_large_page_is_read_too(self, server: Server, client: ZenderaClient) -> None:
        rows = b",".join(b'{"orderId": %d, "reference": "%s"}' % (number, b"x" * 500) for number in range(1, 201))
        server.reply = answer(200, b'{"shipments": [' + rows + b"]}")

        assert len((await client.export_page(1)).rows) == 200

    async def test_no_cookie_is_kept(self, server: Server, client: ZenderaClient) -> None:
        server.reply = answer(200, EMPTY_PAGE, Set_Cookie="session=1; Path=/")
        await client.export_page(1)
        await client.export_page(1)

        assert b"cookie" not in server.requests[1].lower()

    async def test_a_compressed_page_is_read(self, server: Server, client: ZenderaClient) -> None:
        server.reply = answer(200, gzip.compress(EMPTY_PAGE), Content_Encoding="gzip")

        assert (await client.export_page(1)).total == 0

    @pytest.mark.parametrize("body", [b"", b" \r\n", b"{}", b'{"updated": 1}', b"null", b"[]"])
    async def test_a_send_is_answered_by_any_json_or_by_nothing(self, server: Server, client: ZenderaClient, body: bytes) -> None:
        server.reply = answer(200, body)
        await client.acknowledge(b"{}", nothing)

        assert len(server.requests) == 1

    async def test_no_content_is_an_empty_page(self, server: Server, client: ZenderaClient) -> None:
        server.reply = raw(b"HTTP/1.1 204 No Content\r\n\r\n", close=False)

        assert (await client.export_page(1)).rows == ()
        assert await client.timeline(OrderId(1)) == ()
        assert (await client.feed_page(token="t")).changes == ()


class TestStatuses:
    @pytest.mark.parametrize("kind", [None, Kind.ACCEPT])
    @pytest.mark.parametrize(
        ("status", "code"),
        [
            *((status, LinkCode.REDIRECT) for status in (300, 301, 302, 303, 304, 307, 308)),
            (401, LinkCode.UNAUTHORISED),
            (403, LinkCode.FORBIDDEN),
            (407, LinkCode.PROXY),
            (429, LinkCode.LIMIT),
            *((status, LinkCode.REFUSED) for status in (400, 404, 405, 409, 410, 413, 415, 418, 422)),
            *((status, LinkCode.SERVER) for status in (408, 425, 500, 502, 503, 504, 599, 799)),
        ],
    )
    async def test_each_status_has_its_verdict(
        self, server: Server, client: ZenderaClient, status: int, code: LinkCode, kind: Kind | None
    ) -> None:
        server.reply = raw(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())
        error = await trouble(client, kind)

        assert (error.code, error.http_status) == (code, status)

    async def test_a_redirect_is_named_and_never_followed(self, server: Server, client: ZenderaClient) -> None:
        async with serving(Server()) as elsewhere:
            server.reply = answer(307, Location=f"http://localhost:{elsewhere.port}/login?next=x")
            error = await trouble(client, Kind.REPORT)

            assert (error.code, error.words) == (LinkCode.REDIRECT, "localhost")
            assert elsewhere.connections == 0
            assert len(server.requests) == 1

    @pytest.mark.parametrize("location", ["http://[::1", "", "/login", "foo:bar", "https://x:99999999/"])
    async def test_a_redirect_to_nowhere_is_still_a_redirect(self, server: Server, client: ZenderaClient, location: str) -> None:
        server.reply = answer(302, Location=location)

        assert (await trouble(client, Kind.REPORT)).code is LinkCode.REDIRECT

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b'{"error": "Invalid API key", "code": "AUTH_001"}', "Invalid API key (AUTH_001)"),
            (b'{"code": 5, "message": "order not found", "details": []}', "order not found (5)"),
            (b'{"error": {"message": "no", "code": "X"}}', "no (X)"),
            (b'{"detail": "unheard of"}', '{"detail": "unheard of"}'),
            (b"<html><style>p {}</style><title>502 Bad\nGateway</title>\x00\x1b[31m", "502 Bad Gateway [31m"),
            ("\u202edrowssap".encode(), "drowssap"),
            (b"x" * 5000, "x" * 300),
            (b"\xff\xfe", "\ufffd\ufffd"),
            (b"", ""),
        ],
    )
    async def test_zenderas_words_are_kept_short_and_plain(self, server: Server, client: ZenderaClient, body: bytes, words: str) -> None:
        server.reply = answer(422, body)

        assert (await trouble(client)).words == words

    @pytest.mark.parametrize("body", [f'{{"error": "bad key {KEY}"}}', f"<p>apikey {KEY}</p>", "x" * 290 + KEY])
    async def test_a_page_that_repeats_the_key_is_quoted_without_it(self, server: Server, client: ZenderaClient, body: str) -> None:
        for status in (401, 200):
            server.reply = answer(status, body.encode())
            error = await trouble(client)
            assert "zk_can" not in repr(error)
            assert "zk_can" not in error.words

    async def test_a_limit_says_when_to_come_back(self, server: Server, client: ZenderaClient) -> None:
        server.reply = answer(429, Retry_After="90")

        assert (await trouble(client)).retry_after == timedelta(seconds=90)

    async def test_an_error_page_may_be_broken_and_still_counts(self, server: Server, client: ZenderaClient) -> None:
        server.reply = raw(b"HTTP/1.1 401 X\r\nContent-Length: 100\r\n\r\nshort")
        assert (await trouble(client)).code is LinkCode.UNAUTHORISED

        server.reply = answer(403, b"x" * 1_000_000)
        assert (await trouble(client)).code is LinkCode.FORBIDDEN

    async def test_limits_are_told_with_every_answer_that_has_them(self, server: Server) -> None:
        told: list[Limits] = []
        client = await ZenderaClient.open(server.url, KEY, on_limits=told.append)
        server.reply = answer(200, EMPTY_PAGE, X_RateLimit_Remaining="7")
        await client.export_page(1)
        server.reply = answer(429, ratelimit_remaining="0")
        await trouble(client)
        server.reply = answer(200, EMPTY_PAGE)
        await client.export_page(1)
        await client.aclose()

        assert told == [Limits(remaining=7), Limits(remaining=0)]


class TestBadAnswers:
    @pytest.mark.parametrize("kind", [None, Kind.ACCEPT, Kind.REPORT])
    @pytest.mark.parametrize("body", [b"<html>Welcome to the hotel</html>", b"OK", b'{"shipments": [', b"\x00\x01"])
    async def test_two_hundred_with_something_else_is_not_zendera(
        self, server: Server, client: ZenderaClient, body: bytes, kind: Kind | None
    ) -> None:
        server.reply = answer(200, body)

        assert (await trouble(client, kind)).code is LinkCode.NOT_ZENDERA

    @pytest.mark.parametrize("body", [b"[]", b'"x"', b"null", b'{"hello": 1}'])
    async def test_json_that_is_no_page_is_not_zendera(self, server: Server, client: ZenderaClient, body: bytes) -> None:
        server.reply = answer(200, body)

        assert (await trouble(client)).code is LinkCode.NOT_ZENDERA

    @pytest.mark.parametrize("kind", [None, Kind.ACCEPT])
    @pytest.mark.parametrize(
        ("reply", "code"),
        [
            (raw(b""), LinkCode.RESET),
            (reset, LinkCode.RESET),
            (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), LinkCode.BROKEN_ANSWER),
            (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}"), LinkCode.BROKEN_ANSWER),
            (raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), LinkCode.BROKEN_ANSWER),
            (raw(b"HTTP/1.1 200 OK\r\nContent-Le"), LinkCode.RESET),
            (answer(200, b"not gzip", Content_Encoding="gzip"), LinkCode.BROKEN_ANSWER),
            (answer(200, gzip.compress(EMPTY_PAGE)[:-9], Content_Encoding="gzip"), LinkCode.BROKEN_ANSWER),
            (answer(200, EMPTY_PAGE, Content_Encoding="br"), LinkCode.BROKEN_ANSWER),
            (answer(200, b" " * (16 * 1024 * 1024 + 1)), LinkCode.TOO_LARGE),
        ],
        ids=[
            "closed",
            "reset",
            "cut",
            "cut chunks",
            "another protocol",
            "cut headers",
            "not gzip",
            "cut gzip",
            "brotli",
            "oversize",
        ],
    )
    async def test_an_answer_that_breaks_may_mean_that_it_was_received(
        self, server: Server, client: ZenderaClient, reply: Reply, code: LinkCode, kind: Kind | None
    ) -> None:
        server.reply = reply

        assert (await trouble(client, kind)).code is code
        assert len(server.requests) == 1

    @pytest.mark.parametrize("kind", [None, Kind.ACCEPT])
    @pytest.mark.parametrize(
        "reply",
        [silence, raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", close=False), drip],
        ids=["silence", "stuck", "drip"],
    )
    async def test_an_answer_that_does_not_end_is_given_up(self, server: Server, reply: Reply, kind: Kind | None) -> None:
        client = await ZenderaClient.open(server.url, KEY, timeouts=QUICK)
        server.reply = reply

        assert (await trouble(client, kind)).code is LinkCode.TIMEOUT
        await client.aclose()

    async def test_a_bomb_costs_nothing_but_an_error(self, server: Server, client: ZenderaClient) -> None:
        packing = zlib.compressobj(level=1, wbits=31)
        packed = b"".join(packing.compress(b" " * 1_000_000) for _ in range(200)) + packing.flush()
        server.reply = answer(200, packed, Content_Encoding="gzip")
        for kind in (None, Kind.REPORT):
            tracemalloc.start()
            assert (await trouble(client, kind)).code is LinkCode.TOO_LARGE
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert peak < 3 * 16 * 1024 * 1024, "of 200 MB no more than the cap was unpacked, and no more than that was moved at once"


class TestNoConnection:
    async def test_a_refused_connection(self) -> None:
        with socket.socket() as bound:  # bound and not listening: nobody else can take the port meanwhile
            bound.bind(("127.0.0.1", 0))
            client = await ZenderaClient.open(f"http://127.0.0.1:{bound.getsockname()[1]}/", KEY, timeouts=PATIENT)
            for kind in (None, Kind.ACCEPT):
                assert (await trouble(client, kind)).code is LinkCode.CONNECTION_REFUSED
            await client.aclose()

    async def test_a_name_that_does_not_resolve(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_PROXY", "*")
        client = await ZenderaClient.open("https://zendera.invalid/", KEY, timeouts=Timeouts(connect=10, whole_send=20))

        assert (await trouble(client, Kind.REPORT)).code is LinkCode.OFFLINE
        await client.aclose()

    async def test_a_certificate_that_nobody_vouches_for(self) -> None:
        async with serving(Server(), _tls()) as server:
            client = await ZenderaClient.open(f"https://localhost:{server.port}/", KEY, timeouts=PATIENT)

            assert (await trouble(client, Kind.ACCEPT)).code is LinkCode.TLS
            await client.aclose()
            assert server.requests == []

    @pytest.mark.parametrize(
        ("greeting", "code"),
        [
            (b"HTTP/1.1 400 speak plainly\r\n\r\n", LinkCode.TLS_SPOKEN),
            (b"", LinkCode.CONNECTION_REFUSED),
            (None, LinkCode.CONNECT_TIMEOUT),
        ],
    )
    async def test_a_handshake_that_comes_to_nothing(self, greeting: bytes | None, code: LinkCode) -> None:
        done = asyncio.Event()

        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1)
            if greeting is None:
                await reader.read()  # until the client gives up
            else:
                writer.write(greeting)
            writer.close()
            done.set()

        async with await asyncio.start_server(greet, "127.0.0.1", 0) as listener:
            port = listener.sockets[0].getsockname()[1]
            client = await ZenderaClient.open(f"https://127.0.0.1:{port}/", KEY, timeouts=Timeouts(connect=0.2))

            error = await trouble(client, Kind.ACCEPT)
            await client.aclose()
            await done.wait()
            assert error.code is code

    async def test_an_authority_of_the_systems_own_is_trusted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(DATA / "localhost.pem"))
        async with serving(Server(), _tls()) as server:
            client = await ZenderaClient.open(f"https://localhost:{server.port}/api", KEY)

            assert (await client.export_page(1)).total == 0
            await client.aclose()

    async def test_a_proxy_that_refuses_is_no_send(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.port}")
        monkeypatch.setenv("NO_PROXY", "")
        server.reply = answer(407)
        marks: list[str] = []

        async def mark() -> None:
            marks.append("sending")

        client = await ZenderaClient.open("https://app.zendera.example/api/", KEY, timeouts=PATIENT)
        with pytest.raises(LinkError) as caught:
            await client.report(b"{}", mark)
        await client.aclose()

        assert caught.value.code is LinkCode.PROXY
        assert marks == [], "the CONNECT to the proxy is not the request"
        assert server.requests[0].startswith(b"CONNECT app.zendera.example:443 ")
        assert KEY.encode() not in server.requests[0]

    async def test_a_proxy_that_hangs_up_is_no_send(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.port}")
        monkeypatch.setenv("NO_PROXY", "")
        client = await ZenderaClient.open("https://app.zendera.example/api/", KEY, timeouts=QUICK)
        for reply, code in ((raw(b""), LinkCode.PROXY), (silence, LinkCode.CONNECT_TIMEOUT)):
            server.reply = reply
            assert (await trouble(client, Kind.ACCEPT)).code is code
        await client.aclose()

    async def test_a_pool_whose_slots_leaked_is_replaced(self, server: Server, client: ZenderaClient) -> None:
        pool = client._reads._client._transport._pool  # type: ignore[attr-defined]
        pool._max_connections = 0

        assert (await trouble(client)).code is LinkCode.BUSY
        assert (await client.export_page(1)).total == 0


class TestTheFirstByte:
    async def test_the_hook_runs_on_a_standing_connection_and_before_the_first_byte(self, server: Server, client: ZenderaClient) -> None:
        seen: list[tuple[int, int]] = []

        async def mark() -> None:
            await client.export_page(1)  # by the time this is answered, a byte of the send would have been seen
            seen.append((server.connections, server.begun))

        await client.report(b"{}", mark)

        assert seen == [(2, 1)], "two connections stand, and only the read has begun"
        assert server.begun == 2

    async def test_a_hook_that_raises_sends_nothing(self, server: Server, client: ZenderaClient) -> None:
        disk_full = OSError("the disk is full")

        async def mark() -> None:
            raise disk_full

        for send in (client.report, client.acknowledge):
            with pytest.raises(LinkError) as caught:
                await send(b"{}", mark)
            assert caught.value.code is LinkCode.NOT_WRITTEN
            assert caught.value.__cause__ is disk_full
        await client.export_page(1)  # by the time this is answered, any byte of the sends would have been seen

        assert len(server.requests) == 1

    async def test_cancelling_in_the_hook_sends_nothing_and_passes_through(self, server: Server, client: ZenderaClient) -> None:
        entered = asyncio.Event()

        async def mark() -> None:
            entered.set()
            await asyncio.Event().wait()

        sending = asyncio.ensure_future(client.report(b"{}", mark))
        await entered.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        await client.export_page(1)

        assert len(server.requests) == 1

    async def test_cancelling_while_waiting_for_the_answer_passes_through(self, server: Server, client: ZenderaClient) -> None:
        received = asyncio.Event()

        async def reply(writer: asyncio.StreamWriter) -> None:
            received.set()
            await silence(writer)

        server.reply = reply
        sending = asyncio.ensure_future(client.report(b"{}", nothing))
        await received.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending

        server.reply = answer(200)
        await client.report(b"{}", nothing)

    async def test_an_app_in_process_is_announced_like_the_network(self) -> None:
        steps: list[str] = []

        async def app(
            scope: dict[str, object], receive: Callable[[], Awaitable[dict[str, bytes]]], send: Callable[[object], Awaitable[None]]
        ) -> None:
            message = await receive()
            steps.append(f"{scope['method']} {scope['path']} {message['body'].decode()}")
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})

        async def mark() -> None:
            steps.append("sending")

        async def refuse() -> None:
            raise OSError

        client = await ZenderaClient.open("http://localhost/api/", KEY, transport=httpx.ASGITransport(app))  # type: ignore[arg-type]
        await client.report(b'{"orderId":1}', mark)
        with pytest.raises(LinkError) as caught:
            await client.report(b"{}", refuse)
        await client.export_page(1)
        await client.aclose()

        assert caught.value.code is LinkCode.NOT_WRITTEN
        assert steps == ["sending", 'POST /api/v1/exported-order/update {"orderId":1}', "GET /api/v1/orders/export "]


class TestTheKey:
    async def test_it_is_in_no_log_and_no_text_of_ours(
        self, server: Server, client: ZenderaClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.NOTSET):
            await client.export_page(1)
            for reply in (reset, raw(b""), answer(401, KEY.encode()), answer(302, Location=f"https://{KEY}.example/"), answer(200, b"<p>")):
                server.reply = reply
                await trouble(client, Kind.REPORT)

        assert KEY not in caplog.text
        assert KEY not in repr(client)
        assert all(KEY.encode() in request for request in server.requests)

    async def test_our_errors_do_not_lead_to_the_request_that_holds_it(self, server: Server, client: ZenderaClient) -> None:
        server.reply = reset
        error = await trouble(client)

        assert error.__cause__ is None
        assert error.__context__ is None


def _tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(DATA / "localhost.pem")
    return context
