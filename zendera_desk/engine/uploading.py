"""Uploads the pictures of reports that are due and whose account sends them as links; then the outbox finds the reports ready.

Each step is durable before the next: Zendera is asked for a document; its answer is noted; that the bytes leave is noted before the
first of them does; that they arrived is noted, and with it the link, for good. So a restart goes on where this ended. What is not
known to have arrived is begun anew with another document: an address takes bytes once only, and a document that nobody put anything
into, or whose link stands in no report, is seen by nobody at Zendera. Nothing here can double a picture in a report, because a
report names each picture by the one link that its row has, and nothing here makes an entry unclear, because nothing is reported yet.

An upload that cannot succeed puts its reports before a person. Where this key may not upload at all, or Zendera has no such call, only
this way is closed, and it is said: that an account sends its pictures inside the reports is a person's decision, never this program's.
"""

import asyncio
import hashlib
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

from zendera_desk.domain.changes import Changes, LinkChanged, OutboxChanged, ShipmentsChanged, Trouble
from zendera_desk.domain.errors import DeskError, LinkCode, LinkError, StoreError, UploadAddressError
from zendera_desk.domain.ids import AccountId, EntryId, PictureId
from zendera_desk.domain.outbox import Why
from zendera_desk.domain.uploads import MOST_REFUSALS, Offer, Upload, UploadState
from zendera_desk.engine import retry
from zendera_desk.engine.clock import Clock
from zendera_desk.engine.link import NO_SUCH_CALL, Endpoint, Link, Waiting
from zendera_desk.engine.retry import Verdict
from zendera_desk.engine.supervise import to_the_end
from zendera_desk.store import outbox, uploads
from zendera_desk.store.database import Connection, Database

AT_ONCE: Final = 2
"""Pictures that are under way at once: on a slow line more of them only wait for each other."""

LOOK_AGAIN: Final = 0.5
"""Seconds: while something is under way, this often it is looked at what else has become due."""

ReadPicture = Callable[[PictureId], Awaitable[bytes]]
"""The JPEG that is sent. Raises StoreError when its file is gone."""

_log = logging.getLogger(__name__)


class Uploading:
    def __init__(
        self, link: Link, database: Database, clock: Clock, changes: Changes, read_picture: ReadPicture, rng: random.Random
    ) -> None:
        self.on_linked: Callable[[], None] = _nobody
        """Called when a link stands: a report may be ready."""
        self._link = link
        self._account = link.account.id
        self._database = database
        self._clock = clock
        self._changes = changes
        self._read_picture = read_picture
        self._rng = rng
        self._lanes = asyncio.Semaphore(AT_ONCE)
        self._told = False
        """That this key may not upload: said once, until it may."""

    async def step(self, now: datetime) -> datetime | None:
        """Everything that is due, then the moment of the next try."""
        await self._link.notice_jump()
        await self._upload_all()
        return await self._next_at()

    async def recovered(self) -> None:
        """The line is back: what only waited for it is tried now."""
        await self._database.write(uploads.hurry, self._account, self._clock.now())

    async def _next_at(self) -> datetime | None:
        tries = await self._database.read(uploads.next_tries, self._account)
        closed_until = self._link.closed_until(Endpoint.DOCUMENTS)
        moments = [at if closed_until is None or state is UploadState.OFFERED else max(at, closed_until) for state, at in tries.items()]
        return min(moments, default=None)

    async def _upload_all(self) -> None:
        """Until nothing is due. What did not get through is not tried twice in one go: its time comes again."""
        running: dict[asyncio.Task[None], str] = {}
        tried: set[str] = set()
        troubles: list[Exception] = []
        async with asyncio.TaskGroup() as group:
            while True:
                for upload in await self._due(troubles):
                    if upload.sha256 not in tried:
                        tried.add(upload.sha256)
                        running[group.create_task(self._kept(upload, troubles))] = upload.sha256
                if not running:
                    break
                done, _ = await asyncio.wait(running, timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    del running[task]
        if troubles:
            raise troubles[0]

    async def _due(self, troubles: list[Exception]) -> list[Upload]:
        """Nothing where the file cannot be used: that must not cancel what is under way."""
        try:
            return await self._database.read(uploads.due, self._account, self._clock.now())
        except Exception as error:  # noqa: BLE001 (raised when what is under way has ended)
            troubles.append(error)
            return []

    async def _kept(self, upload: Upload, troubles: list[Exception]) -> None:
        """One that fails in a way nobody foresaw must not cancel those beside it."""
        try:
            async with self._lanes:
                await self._upload(upload)
        except Exception as error:  # noqa: BLE001 (raised when the others have ended)
            troubles.append(error)

    async def _upload(self, upload: Upload) -> None:
        offer = upload.offer
        if offer is None and self._link.closed_until(Endpoint.DOCUMENTS) is not None:
            return
        content = await self._sound(upload)
        if content is None:
            await self._give_up(upload, Why.DAMAGED, "")
            return
        offer = offer or await self._ask(upload)
        if offer is not None:
            await self._put(upload, offer, content)

    async def _sound(self, upload: Upload) -> bytes | None:
        """The JPEG, if it is still the one that the report was frozen with."""
        try:
            content = await self._read_picture(upload.picture)
        except StoreError as error:
            _log.error("a picture to upload is gone: %s", error)
            return None
        if await asyncio.to_thread(_sha256, content) != upload.sha256:
            _log.error("a picture to upload is not what it was")
            return None
        return content

    async def _ask(self, upload: Upload) -> Offer | None:
        """A place for the bytes, noted. An answer that is lost is asked for again: the document it told of stays unused."""
        try:
            offer = await self._link.call(Endpoint.DOCUMENTS, lambda client: client.new_document("jpg"))
        except Waiting:
            return None
        except UploadAddressError as error:
            await self._give_up(upload, Why.UPLOAD_ADDRESS, error.words)
            return None
        except LinkError as error:
            await self._not_offered(upload, error)
            return None
        self._told = False
        await to_the_end(self._database.write(uploads.offered, self._account, upload.sha256, offer))
        return offer

    async def _not_offered(self, upload: Upload, error: LinkError) -> None:
        if error.code is LinkCode.FORBIDDEN or error.http_status in NO_SUCH_CALL:
            await self._failed(upload, Why.MAY_NOT_UPLOAD, error.words, anew=True)
            if not self._told:
                self._told = True
                self._changes.publish(Trouble(DeskError(Why.MAY_NOT_UPLOAD)))
        elif retry.verdict(error) is Verdict.REFUSED:
            await self._give_up(upload, Why.UPLOAD_REFUSED, error.words)
        else:
            await self._failed(upload, error.code, error.words, anew=True)

    async def _put(self, upload: Upload, offer: Offer, content: bytes) -> None:
        async def begin() -> None:
            await self._database.write(uploads.begin, self._account, upload.sha256, offer)

        try:
            await self._link.lend(lambda client: client.upload(offer.upload_url, content, begin))
        except UploadAddressError as error:
            await self._give_up(upload, Why.UPLOAD_ADDRESS, error.words)
        except LinkError as error:
            await to_the_end(self._not_put(upload, error))
        else:
            await to_the_end(self._arrived(upload))

    async def _not_put(self, upload: Upload, error: LinkError) -> None:
        """What certainly did not leave goes to the same address again; with every other outcome the address is used up, or no good."""
        if isinstance(error.__cause__, uploads.NotOfferedError):
            return  # somebody else moved it on: it is looked at anew
        certain = retry.verdict(error) is Verdict.NOT_RECEIVED or error.code in _NEVER_LEFT
        refused = error.code in _REFUSED
        if refused and upload.refusals + 1 >= MOST_REFUSALS:
            await self._give_up(upload, Why.UPLOAD_REFUSED, error.words)
        else:
            await self._failed(upload, error.code, error.words, anew=not certain, refused=refused)

    async def _arrived(self, upload: Upload) -> None:
        await self._database.write(uploads.arrived, self._account, upload.sha256, self._clock.now())
        await self._publish(await self._waiting(upload))
        self.on_linked()

    async def _failed(self, upload: Upload, code: str, answer: str, *, anew: bool, refused: bool = False) -> None:
        next_at = self._clock.now() + retry.backoff(upload.attempts + 1, self._rng)
        await self._database.write(uploads.failed, upload, self._account, next_at, code, answer, anew=anew, refused=refused)
        await self._publish(await self._waiting(upload))

    async def _give_up(self, upload: Upload, code: str, answer: str) -> None:
        """Its reports are put before a person, unsent."""
        ids = await self._database.write(_refuse, self._account, upload.sha256, self._clock.now(), code, answer)
        await self._publish(ids)

    async def _waiting(self, upload: Upload) -> list[EntryId]:
        return await self._database.read(uploads.waiting, self._account, upload.sha256)

    async def _publish(self, ids: Sequence[EntryId]) -> None:
        entries = [await self._database.read(outbox.entry, entry_id) for entry_id in ids]
        orders = frozenset(entry.order_id for entry in entries if entry is not None)
        self._changes.publish(OutboxChanged(frozenset(ids)), ShipmentsChanged(orders), LinkChanged())


_NEVER_LEFT: Final = frozenset({LinkCode.TLS, LinkCode.TLS_HOST, LinkCode.TLS_DATE, LinkCode.TLS_SPOKEN})
"""A place without a certificate that holds has not seen a byte."""

_REFUSED: Final = frozenset({LinkCode.REFUSED, LinkCode.UNAUTHORISED, LinkCode.FORBIDDEN, LinkCode.REDIRECT})
"""Of the place of the bytes: mostly the address is used up or too old."""


def _nobody() -> None:
    """Until somebody wants to hear."""


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _refuse(conn: Connection, account: AccountId, sha256: str, now: datetime, code: str, answer: str) -> list[EntryId]:
    ids = uploads.waiting(conn, account, sha256)
    for entry_id in ids:
        outbox.refuse_unsent(conn, entry_id, now, code, answer)
    uploads.start_over(conn, account, sha256, now)
    return ids
