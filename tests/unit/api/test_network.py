"""Everything between this PC and Zendera that is not Zendera: portals, proxies, certificates, worn-out connections, two kinds of
addresses. For each what it means for a send; the words for it are tested with the window (gui/settings/test_link_words.py)."""

import asyncio
import gzip
import itertools
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from support.answering import EMPTY_PAGE, Reply, Server, answer, raw, serving
from zendera_desk.api.client import ZenderaClient
from zendera_desk.api.transport import Timeouts
from zendera_desk.domain.errors import LinkCode, LinkError
from zendera_desk.engine.retry import VERDICTS, Verdict

KEY = "zk_canary_0c41aa92"
DATA = Path(__file__).parent / "data"
PATIENT = Timeouts(connect=10, read=20, write=20, whole_read=60, whole_send=60)
QUICK = Timeouts(connect=0.3, read=0.2, write=1, whole_read=0.5, whole_send=0.5)
PAYLOAD = b'{"orderId":1,"comment":"' + b"x" * 3_000_000 + b'"}'


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving(Server()) as served:
        yield served


async def nothing() -> None:
    pass


async def trouble(url: str, payload: bytes = b"{}", timeouts: Timeouts = PATIENT) -> LinkError:
    client = await ZenderaClient.open(url, KEY, timeouts=timeouts)
    with pytest.raises(LinkError) as caught:
        await client.report(payload, nothing)
    await client.aclose()
    assert KEY not in str(caught.value)
    return caught.value


class TestInTheMiddle:
    """Hotels, offices, scanners."""

    @pytest.mark.parametrize(
        ("reply", "verdict"),
        [
            (answer(200, b"<html>Room number?"), Verdict.UNCLEAR),
            (answer(302, Location="http://login.hotel.example/"), Verdict.BLOCKED),
            (answer(511, b"<html>Sign in"), Verdict.UNCLEAR),
            (answer(407, Proxy_Authenticate="Basic"), Verdict.NOT_RECEIVED),
            (answer(413), Verdict.REFUSED),
            (answer(451), Verdict.REFUSED),
        ],
        ids=["portal", "redirecting portal", "511", "proxy", "too large", "451"],
    )
    async def test_what_answers_for_zendera_is_told_from_it(self, server: Server, reply: Reply, verdict: Verdict) -> None:
        server.reply = reply
        error = await trouble(server.url)

        assert VERDICTS[error.code] is verdict

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    async def test_neither_key_nor_report_ever_follows_a_redirect(self, server: Server, status: int) -> None:
        async with serving(Server()) as elsewhere:
            for location in (elsewhere.url, f"//127.0.0.1:{elsewhere.port}/api/v1/exported-order/update"):
                server.reply = answer(status, Location=location)
                assert (await trouble(server.url)).code is LinkCode.REDIRECT

            assert elsewhere.connections == 0
            assert [request.split(b" ")[0] for request in server.requests] == [b"POST", b"POST"]

    @pytest.mark.parametrize("status", [302, 401, 403, 407, 502])
    async def test_a_proxy_that_does_not_connect_is_no_send(self, server: Server, monkeypatch: pytest.MonkeyPatch, status: int) -> None:
        monkeypatch.setenv("HTTPS_PROXY", f"http://clerk:pass%20word@127.0.0.1:{server.port}")
        server.reply = answer(status, b"<html>no", Location="http://login.hotel.example/")
        error = await trouble("https://app.zendera.example/api/")

        assert error.code is LinkCode.PROXY
        assert VERDICTS[error.code] is Verdict.NOT_RECEIVED
        assert KEY.encode() not in b"".join(server.requests)
        assert b"proxy-authorization: basic y2xlcms6cgfzcyb3b3jk" in server.requests[0].lower()

    async def test_a_proxy_that_answers_instead_of_zendera_is_found_out(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        """It says 200 to the CONNECT and goes on in plain text."""
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.port}")
        server.reply = raw(b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        error = await trouble("https://app.zendera.example/api/")

        assert VERDICTS[error.code] in {Verdict.BLOCKED, Verdict.NOT_RECEIVED}
        assert KEY.encode() not in b"".join(server.requests)


class TestCertificates:
    @pytest.mark.parametrize(
        ("file", "trusted", "code"),
        [
            ("localhost.pem", False, LinkCode.TLS),
            ("other_host.pem", True, LinkCode.TLS_HOST),
            ("expired.pem", True, LinkCode.TLS_DATE),
            ("not_yet_valid.pem", True, LinkCode.TLS_DATE),
        ],
    )
    async def test_a_certificate_that_does_not_hold_is_explained(
        self, monkeypatch: pytest.MonkeyPatch, file: str, trusted: bool, code: LinkCode
    ) -> None:
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(DATA / file))
        async with serving(Server(), _tls(file)) as server:
            error = await trouble(f"https://localhost:{server.port}/api/")

            assert server.requests == []
        assert error.code is code
        assert VERDICTS[code] is Verdict.BLOCKED

    @pytest.mark.parametrize(
        "greeting",
        [
            b"\x15\x03\x01\x00\x02\x02\x46",
            b"\x16\x03\x01\x00\x2e\x02\x00\x00\x2a\x03\x01" + b"r" * 32 + b"\x00\x00\x2f\x00\x00\x02\xff\x01",
            b"HTTP/1.1 400 speak plainly\r\n\r\n",
        ],
        ids=["only older versions", "answers in TLS 1.0", "plain HTTP"],
    )
    async def test_a_server_that_encrypts_in_an_old_way_or_not_at_all_is_refused(self, greeting: bytes) -> None:
        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(10_000)
            writer.write(greeting)
            await writer.drain()
            writer.close()

        async with await asyncio.start_server(greet, "127.0.0.1", 0) as listener:
            error = await trouble(f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}/")

        assert error.code is LinkCode.TLS_SPOKEN
        assert VERDICTS[error.code] is Verdict.BLOCKED


class TestFrames:
    @pytest.mark.parametrize(
        ("reply", "code"),
        [
            (raw(b"HTTP/1.1 200 OK\r\n\r\n"), LinkCode.BROKEN_ANSWER),
            (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} "), LinkCode.BROKEN_ANSWER),
            (raw(b"<html>HTTP/0.9</html>"), LinkCode.RESET),
            (raw(b"<html>HTTP/0.9\r\n</html>\r\n\r\n"), LinkCode.BROKEN_ANSWER),
            (raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"), LinkCode.BROKEN_ANSWER),
            (raw(b"HTTP/1.1 200 OK\r\n" + b"X-Flood: 1\r\n" * 10_000 + b"Content-Length: 2\r\n\r\n{}"), LinkCode.BROKEN_ANSWER),
            (raw(b"HTTP/1.1 200 OK\r\nX-Endless: " + b"x" * 1_000_000), LinkCode.BROKEN_ANSWER),
            (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 60_000 + b"0\r\n\r\n"), LinkCode.TOO_LARGE),
            *((answer(200, gzip.compress(b"{}"), Content_Encoding=way), LinkCode.BROKEN_ANSWER) for way in ("br", "deflate", "zstd")),
        ],
        ids=["nothing", "two lengths", "HTTP/0.9", "lines", "101", "header flood", "endless header", "crumbs", "br", "deflate", "zstd"],
    )
    async def test_an_answer_in_a_broken_frame_is_unclear(self, server: Server, reply: Reply, code: LinkCode) -> None:
        server.reply = reply
        error = await trouble(server.url)

        assert error.code is code
        assert VERDICTS[code] is Verdict.UNCLEAR

    async def test_an_export_that_ends_before_it_begins_is_not_an_empty_one(self, server: Server) -> None:
        """Else every shipment would be gone from the feed, and every unclear accept would have arrived."""
        server.reply = raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        client = await ZenderaClient.open(server.url, KEY)
        with pytest.raises(LinkError, match="broken_answer"):
            await client.export_page(1)
        await client.aclose()

    async def test_interim_answers_are_passed_over(self, server: Server) -> None:
        server.reply = raw(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 50 + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        client = await ZenderaClient.open(server.url, KEY)
        await client.report(b"{}", nothing)
        await client.aclose()

    async def test_a_head_that_drips_is_given_up_in_time(self, server: Server) -> None:
        async def drip(writer: asyncio.StreamWriter) -> None:
            for sign in itertools.cycle(b"X-Drip: 1\r\n"):
                if writer.is_closing():
                    return
                writer.write(b"%c" % sign)
                await writer.drain()
                await asyncio.sleep(0.02)

        server.reply = drip
        began = monotonic()

        assert (await trouble(server.url, timeouts=QUICK)).code is LinkCode.TIMEOUT
        assert monotonic() - began < 5

    async def test_yes_to_half_a_report_is_no_yes(self) -> None:
        """httpcore reads the answer of whoever stops listening in the middle of the request."""

        async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readexactly(100)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            await writer.drain()
            writer.close()

        async with await asyncio.start_server(hangs_up, "127.0.0.1", 0) as listener:
            error = await trouble(f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/", PAYLOAD)

        assert VERDICTS[error.code] is Verdict.UNCLEAR

    @pytest.mark.parametrize(
        ("said", "wait"), [("120", 120), ("Thu, 11 Jun 2026 14:02:00 GMT", 120), ("-5", None), ("soon", None), ("9" * 15, 86_400)]
    )
    async def test_when_to_come_back_is_told_by_the_senders_clock(self, server: Server, said: str, wait: int | None) -> None:
        """This PC's may be years off."""
        server.reply = answer(429, Retry_After=said, Date="Thu, 11 Jun 2026 14:00:00 GMT")
        error = await trouble(server.url)

        assert VERDICTS[error.code] is Verdict.LIMITED
        assert error.retry_after == (None if wait is None else timedelta(seconds=wait))


class TestConnections:
    async def test_a_server_that_closes_idle_connections_makes_no_send_unclear(self, server: Server) -> None:
        """It says nothing of closing, and closes after every answer: of 200 sends on kept connections 96 were unclear."""
        server.reply = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}")
        client = await ZenderaClient.open(server.url, KEY)
        for _ in range(200):
            await client.report(b"{}", nothing)
        await client.aclose()

        assert len(server.requests) == 200

    async def test_what_is_left_of_an_answer_answers_nobody_elses_question(self, server: Server) -> None:
        other = b'{"shipments":[{"orderId":666}]}'
        second = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(other), other)
        server.reply = raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(EMPTY_PAGE), EMPTY_PAGE) + second, close=False)
        client = await ZenderaClient.open(server.url, KEY)
        pages = [await client.export_page(1) for _ in range(3)]
        await client.aclose()

        assert [page.rows for page in pages] == [(), (), ()]

    async def test_a_kept_connection_on_which_more_came_than_was_asked_for_is_not_used_again(self, server: Server) -> None:
        page, other = (b'{"changes":[],"nextPage":{"paginationToken":"%s"}}' % token for token in (b"ours", b"another's"))
        for unasked in (b"\x1f\x8b rubbish", b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(other), other)):
            server.reply = raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page) + unasked, close=False)
            client = await ZenderaClient.open(server.url, KEY)
            tokens = [(await client.feed_page(token="t")).token for _ in range(3)]
            await client.aclose()

            assert tokens == ["ours"] * 3

    async def test_an_address_of_the_newer_kind_is_reached(self) -> None:
        server = Server()
        try:
            listener = await asyncio.start_server(server.talk, "::1", 0)
        except OSError:
            pytest.skip("this machine has no IPv6")
        async with listener:
            client = await ZenderaClient.open(f"http://[::1]:{listener.sockets[0].getsockname()[1]}/api/", KEY)
            assert (await client.export_page(1)).rows == ()
            await client.aclose()

    @pytest.mark.parametrize("silent", [False, True], ids=["refused", "silent"])
    async def test_a_broken_newer_address_costs_a_moment_only(self, server: Server, monkeypatch: pytest.MonkeyPatch, silent: bool) -> None:
        """The name has both kinds of addresses, and the way to the newer one is broken, as in many offices."""
        with _dead_end(server.port, silent=silent):
            loop = asyncio.get_running_loop()
            right = loop.getaddrinfo

            async def both(host: Any, port: Any, **kwargs: Any) -> Any:  # noqa: ANN401
                if host not in {"localhost", b"localhost"}:
                    return await right(host, port, **kwargs)
                stream = (socket.SOCK_STREAM, 6, "")
                return [(socket.AF_INET6, *stream, ("::1", server.port, 0, 0)), (socket.AF_INET, *stream, ("127.0.0.1", server.port))]

            monkeypatch.setattr(loop, "getaddrinfo", both)
            server.reply = answer(200, b"{}")
            client = await ZenderaClient.open(f"http://localhost:{server.port}/api/", KEY)
            began = monotonic()
            await client.report(b"{}", nothing)
            await client.aclose()

        assert (0.2 if silent else 0) < monotonic() - began < 3
        assert len(server.requests) == 1, "whoever is reached second gets it once"

    async def test_a_name_that_is_refused_at_each_of_its_addresses_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        loop = asyncio.get_running_loop()
        with socket.socket() as one, socket.socket() as other:  # bound and not listening
            one.bind(("127.0.0.1", 0))
            other.bind(("127.0.0.2", 0))

            async def both(_host: Any, _port: Any, **_kwargs: Any) -> Any:  # noqa: ANN401
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", each.getsockname()) for each in (one, other)]

            monkeypatch.setattr(loop, "getaddrinfo", both)
            error = await trouble("http://localhost:1/")
        assert error.code is LinkCode.CONNECTION_REFUSED


@contextmanager
def _dead_end(port: int, *, silent: bool) -> Iterator[None]:
    """The port refuses at ::1, or nobody answers there."""
    try:
        listening = socket.create_server(("::1", port), family=socket.AF_INET6, backlog=0)
    except OSError:
        pytest.skip("this machine has no IPv6")
    callers: list[socket.socket] = []
    if silent:
        for _ in range(4):  # until the queue of those who wait is full
            caller = socket.socket(socket.AF_INET6)
            caller.setblocking(False)
            caller.connect_ex(("::1", port))
            callers.append(caller)
    else:
        listening.close()
    try:
        yield
    finally:
        for each in (*callers, listening):
            each.close()


def _tls(file: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(DATA / file)
    return context
