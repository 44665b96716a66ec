"""Documents over a real socket: which addresses may take a picture's bytes, and that the key never goes along to another one."""

import asyncio
import traceback
from collections.abc import AsyncIterator

import msgspec
import pytest

from support.answering import Reply, Server, answer, reset, serving, silence
from zendera_desk.api import documents, wire
from zendera_desk.api.client import ZenderaClient
from zendera_desk.api.transport import Timeouts
from zendera_desk.domain.access import PRODUCTION
from zendera_desk.domain.errors import LinkCode, LinkError, UploadAddressError
from zendera_desk.domain.uploads import Offer

KEY = "zk_canary_71c04e8b"
PATIENT = Timeouts(connect=10, read=20, write=20, pool=5, whole_read=60, whole_send=60)
JPEG = b"\xff\xd8\xff" + b"pixels" * 40_000
OFFER = {"document_id": "d-1", "upload_url": "https://storage.example/u?sig=1", "download_url": "https://files.example/d-1.jpg"}


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving(Server()) as served:
        yield served


@pytest.fixture
async def storage() -> AsyncIterator[Server]:
    """Another place than the account's: another port of this PC."""
    async with serving(Server()) as served:
        served.reply = answer(200)
        yield served


@pytest.fixture
async def client(server: Server) -> AsyncIterator[ZenderaClient]:
    opened = await ZenderaClient.open(server.url, KEY, timeouts=PATIENT)
    yield opened
    await opened.aclose()


async def nothing() -> None:
    pass


def place(storage: Server) -> str:
    return f"http://127.0.0.1:{storage.port}/bucket/u-1?sig=abc"


async def offered(server: Server, client: ZenderaClient, body: bytes) -> Offer:
    server.reply = answer(200, body)
    return await client.new_document("jpg")


async def refused(client: ZenderaClient, url: str) -> LinkError:
    with pytest.raises(LinkError) as caught:
        await client.upload(url, JPEG, nothing)
    assert KEY not in "".join(traceback.format_exception(caught.value))
    return caught.value


# The offer


@pytest.mark.parametrize(
    "answered",
    [
        OFFER,
        {"documentId": "d-1", "uploadUrl": OFFER["upload_url"], "downloadUrl": OFFER["download_url"], "expires": 900},
        {"document": OFFER},
    ],
    ids=["as documented", "in camel case", "wrapped"],
)
async def test_an_offer_is_read_in_every_likely_spelling(server: Server, client: ZenderaClient, answered: object) -> None:
    server.reply = answer(
        200, msgspec.json.encode({"document_id": "d", "upload_url": f"{server.url}u", "download_url": "https://f.example/"})
    )
    await client.new_document("jpg")
    assert server.requests[0].startswith(b"POST /api/v1/documents ")
    assert server.requests[0].endswith(b'{"extension":"jpg"}')
    assert documents.read_offer(msgspec.json.encode(answered)) == msgspec.convert(OFFER, Offer)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"document_id":"d-1","upload_url":"https://x.example/"}'])
async def test_what_is_no_offer_is_not_zenderas_answer(server: Server, client: ZenderaClient, body: bytes) -> None:
    with pytest.raises(LinkError) as caught:
        await offered(server, client, body)
    assert caught.value.code is LinkCode.NOT_ZENDERA


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///c:/x", "https://", "ftp://files.example/x", "x" * 5000])
async def test_a_link_that_is_no_web_address_is_not_taken(server: Server, client: ZenderaClient, link: str) -> None:
    body = msgspec.json.encode({"document_id": "d", "upload_url": f"{server.url}u", "download_url": link})
    with pytest.raises(UploadAddressError):
        await offered(server, client, body)


# Where bytes may go


@pytest.mark.parametrize(
    "url",
    [
        "https://storage.example/u?X-Sig=a%2Fb&n=1",
        "https://storage.example:443/u",
        "https://s3.eu-north-1.amazonaws.com/bucket/u",
        "https://app.zenderatms.com/api/uploads/u",
    ],
)
def test_a_public_place_over_https_may_take_bytes(url: str) -> None:
    documents.check_upload_url(url, PRODUCTION)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "ftp://storage.example/u",
        "http://storage.example/u",
        "http://app.zenderatms.com/api/u",
        "https://storage.example:8443/u",
        "https://storage.example:0/u",
        "https://storage.example:99999/u",
        "https://user@storage.example/u",
        "https://user:secret@storage.example/u",
        "https://storage.example\\@10.0.0.1/u",
        "https://storage.example/u#part",
        "https://storage.example/a b",
        "https://storage.example/\r\nX: y",
        "https://stor\u00e4ge.example/u",
        "https://localhost/u",
        "https://printer/u",
        "https://nas.local/u",
        "https://vault.internal/u",
        "https://10.0.0.1/u",
        "https://192.168.1.1/u",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/u",
        "https://127.1/u",
        "https://2130706433/u",
        "https://0x7f.0.0.0x1/u",
        "https://[::1]/u",
        "https://[fd00::1]/u",
        "https://storage.example/" + "a" * 10_000,
    ],
)
def test_no_other_place_may(url: str) -> None:
    with pytest.raises(UploadAddressError) as caught:
        documents.check_upload_url(url, PRODUCTION)
    assert len(caught.value.words) <= 81


def test_an_account_on_this_pc_may_name_places_on_this_pc_alone() -> None:
    account = "http://127.0.0.1:8000/api/"
    documents.check_upload_url("http://localhost:9000/u", account)
    for url in ("http://10.0.0.1:9000/u", "https://storage.example/u", "http://storage.example/u"):
        with pytest.raises(UploadAddressError):
            documents.check_upload_url(url, account)


async def test_a_place_that_may_not_take_bytes_is_not_even_connected_to(client: ZenderaClient) -> None:
    with pytest.raises(UploadAddressError):
        await client.upload("http://192.0.2.1/u", JPEG, nothing)


# The bytes


async def test_the_bytes_go_whole_and_as_what_they_are(client: ZenderaClient, storage: Server) -> None:
    await client.upload(place(storage), JPEG, nothing)
    (request,) = storage.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"PUT /bucket/u-1?sig=abc HTTP/1.1")
    assert b"content-type: image/jpeg" in head.lower()
    assert body == JPEG


async def test_the_key_never_goes_to_another_place_than_the_accounts(client: ZenderaClient, server: Server, storage: Server) -> None:
    for status in (200, 401, 403, 500):
        storage.reply = answer(status, b"who are you", WWW_Authenticate="apikey")
        await asyncio.gather(client.upload(place(storage), JPEG, nothing), return_exceptions=True)
    assert len(storage.requests) == 4
    sent = b"".join(storage.requests).lower()
    assert KEY.encode() not in sent
    assert b"authorization" not in sent
    server.reply = answer(200, b"{}")
    await client.acknowledge(b'{"create":[]}', nothing)  # the same client, so that the canary could have sung
    assert KEY.encode() in server.requests[0]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_bytes_follow_no_redirect(client: ZenderaClient, server: Server, storage: Server, status: int) -> None:
    storage.reply = answer(status, Location=server.url)
    assert (await refused(client, place(storage))).code is LinkCode.REDIRECT
    assert not server.requests


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (answer(403, b"<Error><Code>AccessDenied</Code></Error>"), LinkCode.FORBIDDEN),
        (answer(503), LinkCode.SERVER),
        (answer(200, b"x" * 100_000), LinkCode.TOO_LARGE),
        (reset, LinkCode.RESET),
        (silence, LinkCode.TIMEOUT),
    ],
    ids=["refused", "fault", "far too long", "reset", "silent"],
)
async def test_what_a_storage_answers_means_what_it_means_everywhere(server: Server, storage: Server, reply: Reply, code: LinkCode) -> None:
    client = await ZenderaClient.open(server.url, KEY, timeouts=Timeouts(read=0.3, whole_upload=5))
    storage.reply = reply
    assert (await refused(client, place(storage))).code is code
    await client.aclose()


async def test_an_upload_has_a_patience_of_its_own(server: Server, storage: Server) -> None:
    client = await ZenderaClient.open(server.url, KEY, timeouts=Timeouts(whole_upload=0.2))
    storage.reply = silence
    assert (await refused(client, place(storage))).code is LinkCode.TIMEOUT
    await client.aclose()


async def test_nothing_leaves_when_it_could_not_be_noted(client: ZenderaClient, storage: Server) -> None:
    async def full() -> None:
        raise OSError("the disk is full")

    with pytest.raises(LinkError) as caught:
        await client.upload(place(storage), JPEG, full)
    assert caught.value.code is LinkCode.NOT_WRITTEN
    assert not storage.requests


async def test_what_a_storage_says_of_limits_is_not_taken_for_zenderas(server: Server, storage: Server) -> None:
    heard: list[object] = []
    client = await ZenderaClient.open(server.url, KEY, timeouts=PATIENT, on_limits=heard.append)
    storage.reply = answer(200, X_RateLimit_Remaining="0")
    await client.upload(place(storage), JPEG, nothing)
    await client.aclose()
    assert not heard


# Placeholders


HASH, OTHER = "ab" * 32, "cd" * 32
FROZEN = b'{"comment":"%b","pod":{"pictures":["zendera-desk-picture:%b","zendera-desk-picture:%b"]}}'


def test_links_take_the_place_of_their_placeholders_and_of_nothing_else() -> None:
    typed = rb"\"pictures\":[\"zendera-desk-picture:" + HASH.encode() + rb"\"]"
    frozen = FROZEN % (typed, HASH.encode(), OTHER.encode())
    whole = wire.with_links(frozen, {HASH: 'https://x/"\u00e5', OTHER: "https://y/"})
    assert whole == b'{"comment":"' + typed + '","pod":{"pictures":["https://x/\\"\u00e5","https://y/"]}}'.encode()


def test_a_payload_without_placeholders_stays_as_it_is_byte_for_byte() -> None:
    for frozen in (b'{"create":[{"orderId":1}]}', b'{"pod":{"pictures":["/9j/4AAQ"]}}', b'{"pictures":[]}'):
        assert wire.with_links(frozen, {}) == frozen


@pytest.mark.parametrize("links", [{}, {HASH: "https://x/"}, {HASH: "https://x/", OTHER: "https://y/", "ef" * 32: "https://z/"}])
def test_links_of_other_pictures_than_the_payloads_are_refused(links: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="link"):
        wire.with_links(FROZEN % (b"", HASH.encode(), OTHER.encode()), links)
