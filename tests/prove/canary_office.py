"""An office with persons called like nobody else, in every place that a name can get to, whose days pass.

Everything that happens is the program's own: the desk's methods, and the steps of its loops.
"""

import base64
import contextlib
import io
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
from PIL import Image

from prove.harness import Result
from zendera_desk.api.client import ZenderaClient
from zendera_desk.credentials import Keys
from zendera_desk.desk import Desk
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.limits import Limits
from zendera_desk.domain.outbox import State
from zendera_desk.domain.report import Draft, Picture, Status
from zendera_desk.domain.views import Filter, View, Written
from zendera_desk.settings import Settings, save
from zendera_desk.simulator.server import Simulator
from zendera_desk.simulator.world import Order, World
from zendera_desk.store.database import FILE_NAME

BASE: Final = "https://zendera.invalid/api/"
PAPER: Final = timedelta(days=30)
"""So long after its time a shipment may still be reported, whatever the settings say."""
BEFORE_HOLIDAYS: Final = 600
"""Changes of the feed."""
AFTERWARDS: Final = timedelta(days=3)
"""The program is open so long once everything is over: copies follow one after the other."""


class Clock:
    """Begins at the machine's time, because files on disk have it; then it is moved."""

    def __init__(self) -> None:
        self.began = datetime.now(UTC).replace(microsecond=0)
        self.passed = timedelta()

    def now(self) -> datetime:
        return self.began + self.passed

    def monotonic(self) -> float:
        return 1000.0 + self.passed.total_seconds()

    def move(self, **duration: float) -> datetime:
        self.passed += timedelta(**duration)
        return self.now()


class Names:
    """One that must be gone and one that must stay. In small letters and digits, long enough not to be there by chance."""

    def __init__(self, rng: random.Random) -> None:
        self.gone = f"Zq{rng.getrandbits(48):012x}"
        self.stays = f"Yk{rng.getrandbits(48):012x}"
        self.phone = f"+47{rng.randrange(10**11, 10**12)}"

    def traces(self) -> tuple[bytes, ...]:
        """However it is written: as it is, folded by the full-text index (which may keep the start of a word elsewhere), in UTF-16,
        in base64 at each of its three places."""
        tail = self.gone[4:].lower()
        packed = (base64.b64encode(b" " * shift + tail.encode())[4:-4] for shift in range(3))
        return (tail.encode(), self.phone[-9:].encode(), tail.encode("utf-16-le"), *packed)


class Office:
    """A data folder, a Zendera, and what a person does there. Each step is the program's."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.rng = random.Random(seed)
        self.folder = folder
        self.clock = Clock()
        self.names = Names(self.rng)
        self.world = World(seed, clock=self.clock.now, shipments=self.rng.randint(6, 30), history=self.rng.randint(0, 20))
        self.simulator = Simulator(self.world)
        self.counts: Counter[str] = Counter()
        proofs = self.rng.choice((1, 2, 7, 20))
        self.days = proofs, proofs + self.rng.choice((1, 3, 10))
        self.desk: Desk
        self.refused: OrderId | None = None
        """Its report is answered with Zendera's words, and dropped."""
        self.kept: OrderId
        """Its draft is never sent."""
        self.unreported: list[OrderId] = []
        """Accepted, and then nobody ever says what became of them."""
        self.unreadable: int

    async def live(self) -> tuple[Result, list[str]]:
        """What is found while the program is open, as a thief of the disk would find it, and what is missing then."""
        async with self._open() as self.desk:
            await self._work()
            there = set(self.look().bad)
            if not {"name_in_copies", "name_in_pictures"} <= there or not there & {"name_in_database", "name_in_wal"}:
                raise AssertionError(f"the name never got to where it should be gone from: {there}")
            await self._open_for(timedelta(days=max(self.days) + 2), busy=40)
            missing = await self.what_waits_for_its_report()
            await self._holidays()
            await self._open_for(AFTERWARDS, busy=0)
            return self.look(), [*missing, *await self.what_must_stay()]

    async def _holidays(self) -> None:
        """The name comes once more, and then nothing does until it is over everywhere.

        In an index whose rows come and go without order some are moved to make room for others, and leave a trace of themselves in
        pages that others keep in use. Of so many it is certain: a program that only deletes is always found out.
        """
        self._a_busy_feed(BEFORE_HOLIDAYS, self.names.gone, share=0.9)
        await self._step("tail")
        self.clock.passed = max(self.clock.passed + timedelta(days=max(self.days)), self._over() - self.clock.began)
        self._a_busy_feed(BEFORE_HOLIDAYS // 4)

    async def _open_for(self, days: timedelta, *, busy: int) -> None:
        until = self.clock.now() + days
        while self.clock.now() < until:
            self.clock.move(hours=self.rng.uniform(20, 23))
            self._a_busy_feed(self.rng.randint(0, busy))
            await self._a_day_of_the_loops()
            self.counts["days"] += 1

    def _over(self) -> datetime:
        """When the last name may go: that of a shipment that nobody ever reports."""
        return max(filter(None, map(_planned, self.world.orders.values()))) + max(timedelta(days=max(self.days)), PAPER)

    @contextlib.asynccontextmanager
    async def _open(self) -> AsyncIterator[Desk]:
        async def open_client(base_url: str, key: str, on_limits: Callable[[Limits], None]) -> ZenderaClient:
            return await ZenderaClient.open(base_url, key, on_limits=on_limits, transport=httpx.ASGITransport(self._zendera))

        proofs, shipments = self.days
        preferred = Settings(made_by="Kari", desk="front", keep_proofs_days=proofs, keep_shipments_days=shipments)
        save(self.folder, preferred)
        desk = await Desk.open(
            self.folder,
            preferred,
            zone=ZoneInfo("Europe/Oslo"),
            keys=Keys(find=lambda: ()),
            clock=self.clock,
            open_client=open_client,
            by_hand=True,
        )
        try:
            await desk.open_passing_account("Nordlys", BASE, "simulator-key")
            yield desk
        finally:
            await desk.close()

    async def _zendera(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        """Refuses what is about the refused order in words that quote who it is for."""
        body = (await receive()).get("body", b"")
        if self.refused and str(self.refused).encode() in body and scope["path"].endswith("/update"):
            words = f'{{"message": "{self.names.gone} ({self.names.phone}) has moved"}}'.encode()
            await send({"type": "http.response.start", "status": 422, "headers": [(b"content-type", b"application/json")]})
            await send({"type": "http.response.body", "body": words})
            return

        async def again() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        await self.simulator(scope, again, send)

    # A day's work

    async def _work(self) -> None:
        self._put_names_into_the_world()
        await self._step("intake")
        self.world.withdraw(self.unreadable)
        orders = await self.desk.shipment_ids(View.ALL)
        orders.remove(self.kept)
        failed, reported, self.refused, taken_back, discarded, *others = orders
        self.unreported = [self.refused, taken_back, discarded, *others]
        await self.desk.accept([order_id for order_id in (*orders, self.kept) if order_id != failed])
        await self.desk.fail([failed], f"{self.names.gone} has moved, call {self.names.phone}")
        await self._answered()
        paper = await self._picture(self.names.gone)
        await self._type(reported, paper)
        await self._maybe_copied()
        await self._send(reported, paper)
        await self._send(self.refused, paper)
        await self._answered()
        for line in await self.desk.outbox():
            if line.entry.state is State.REFUSED:
                await self.desk.drop(line.entry.id)
        await self._take_one_back(taken_back, paper)
        await self._type(discarded, paper)
        await self._maybe_copied()
        await self.desk.discard_draft(discarded)
        await self.desk.views.make(self.names.stays, Filter(words=self.names.stays), b"")
        await self.desk.save_draft(self.kept, self._draft(self.names.stays, await self._picture(self.names.stays)))
        self.world.withdraw(failed)  # else it would be offered for good
        with contextlib.suppress(DeskError):
            await self.desk.add_picture(self.folder / f"{self.names.gone}.txt")
        await self._maybe_copied()

    def _put_names_into_the_world(self) -> None:
        """Receiver, phone, instructions, a field that nobody knows, an unreadable row, changes of the feed known and unknown."""
        name, phone = self.names.gone, self.names.phone
        everyone = list(self.world.orders.values())
        self.kept = OrderId(everyone.pop(self.rng.randrange(len(everyone))).order_id)
        for order in self.rng.sample(everyone, 3):
            delivery: dict[str, Any] = order.shipment["delivery"]  # type: ignore[assignment]
            delivery |= {"name": f"{name} Hansen", "instructions": f"Ring {name}", "doorKeeper": name}
            delivery["contact"] = {"firstName": name, "lastName": name.lower(), "phoneNumber": phone, "emailAddress": f"{name}@example.com"}
            for parcel in order.parcels():
                parcel["name"] = f"Sofa for {name}"
        self.unreadable = self.world.add_shipments(1)[0]
        self.world.orders[self.unreadable].shipment |= {"orderId": "none", "delivery": {"name": name}}
        product = self.rng.choice(everyone).parcels()[0]["orderProductId"]
        stamp = str(int(self.clock.now().timestamp() * 1000))
        change = {"timestamp": stamp, "locationType": "DELIVERY", "productStatusAtLocation": "PENDING", "signedBy": name}
        self.world._publish(change | {"orderProductId": product, "orderLocationInternalNumber": name})
        self.world._publish(change | {"orderProductId": "99999001"})
        self.world._publish({"timestamp": name, "signedBy": phone})
        self._a_busy_feed(300, name)

    def _a_busy_feed(self, count: int, name: str = "", share: float = 0.1) -> None:
        """Changes of products that nobody here knows, at places called by all kinds of names; `share` of them by the name."""
        for _each in range(count):
            place = name if name and self.rng.random() < share else f"{self.rng.getrandbits(64):x}"
            self.world._publish(
                {
                    "timestamp": str(int(self.clock.now().timestamp() * 1000) + self.rng.randrange(-9_000_000, 0)),
                    "orderProductId": str(90_000_000 + self.rng.randrange(1_000_000)),
                    "orderProductInternalNumber": f"{self.rng.getrandbits(32):08x}{place * self.rng.randint(1, 60)}",
                    "orderLocationInternalNumber": place * self.rng.randint(1, 12),
                    "locationType": "DELIVERY",
                    "productStatusAtLocation": "PENDING",
                }
            )

    async def _picture(self, name: str) -> Picture:
        """With the name in its EXIF, its file name, and written on it."""
        side = self.rng.randint(60, 200)
        image = Image.new("RGB", (side, side), (self.rng.randrange(256), 120, 90))
        exif = Image.Exif()
        exif[0x010E] = f"Signed by {name}"
        exif[0x013B] = name
        made = io.BytesIO()
        image.save(made, "JPEG", exif=exif)
        path = self.folder.parent / f"{name}.jpg"
        path.write_bytes(made.getvalue())
        return await self.desk.add_picture(path)

    def _draft(self, name: str, *papers: Picture) -> Draft:
        phone = self.names.phone if name == self.names.gone else ""
        return Draft(status=Status.COMPLETE, time="t", signee=name, comment=f"Left with {name} {phone}", pictures=papers)

    async def _type(self, order_id: OrderId, paper: Picture) -> None:
        """Letter by letter, or nearly: a row that grows makes others move."""
        whole = self._draft(self.names.gone, paper)
        for length in range(0, len(whole.comment), self.rng.randint(3, 12)):
            part = Draft(signee=whole.signee, comment=whole.comment[:length] * self.rng.randint(1, 40), pictures=whole.pictures)
            await self.desk.save_draft(order_id, part)
        await self.desk.save_draft(order_id, whole)

    async def _send(self, order_id: OrderId, paper: Picture) -> Written:
        draft = self._draft(self.names.gone, paper)
        sent = await self.desk.send_report(order_id, draft, frozenset({"time_future", "time_before_order"}))
        if not isinstance(sent, Written):
            local = self.clock.now().astimezone(ZoneInfo("Europe/Oslo")) - timedelta(minutes=1)
            timed = Draft(**{name: getattr(draft, name) for name in draft.__struct_fields__} | {"time": f"{local:%d%m %H%M}"})
            sent = await self.desk.send_report(order_id, timed, frozenset({"time_future", "time_before_order"}))
        if not isinstance(sent, Written) or not sent.entries:
            raise AssertionError(f"the report was not taken: {sent}")
        return sent

    async def _take_one_back(self, order_id: OrderId, paper: Picture) -> None:
        sent = await self._send(order_id, paper)
        await self.desk.take_back(sent.entries)
        await self.desk.discard_draft(order_id)

    async def _answered(self) -> None:
        """Sent, and seen on Zendera's side."""
        self.clock.move(seconds=15)
        for name in ("outbox", "intake", "verify", "tail"):
            await self._step(name)
        self.clock.move(minutes=10)
        for name in ("intake", "verify", "tail"):
            await self._step(name)

    async def _maybe_copied(self) -> None:
        """The copies of the hour."""
        self.clock.move(minutes=self.rng.uniform(61, 90))
        await self.desk.copying.step(self.clock.now())

    async def _a_day_of_the_loops(self) -> None:
        for name in ("intake", "outbox", "verify", "tail"):
            await self._step(name)
        for _turn in range(40):  # each turn is a minute or more: it comes to rest long before
            due = await self.desk.keeping.step(self.clock.now())
            await self.desk.copying.step(self.clock.now())
            if due is None or due - self.clock.now() > timedelta(minutes=10):
                return
            self.clock.move(minutes=6)

    async def _step(self, name: str) -> None:
        engine = self.desk.engine
        if engine is not None:
            await getattr(engine, name).step(self.clock.now())

    # What is found

    def look(self) -> Result:
        result = Result(seed=0, counts=self.counts)
        traces = self.names.traces()
        for path in sorted(self.folder.rglob("*")):
            if not path.is_file():
                continue
            content = path.read_bytes().lower()
            self.counts["files"] += 1
            self.counts["bytes"] += len(content)
            if self.names.gone.lower() in path.name.lower() or any(trace.lower() in content for trace in traces):
                result.bad[_place(path.relative_to(self.folder))] += 1
                result.words.append(f"the name is in {path.relative_to(self.folder)}")
        return result

    async def what_waits_for_its_report(self) -> list[str]:
        """What of it is not there any more, though its time is not long past."""
        there = set(await self.desk.shipment_ids(View.ALL))
        young = (order for order in self.unreported if (until := _planned(self.world.orders[order])) and self.clock.now() < until + PAPER)
        return [f"{order}, which waits for its report" for order in young if order not in there]

    async def what_must_stay(self) -> list[str]:
        missing = []
        opened = await self.desk.shipment(self.kept)
        if opened is None or opened.draft is None or opened.draft.signee != self.names.stays:
            missing.append("the draft")
        else:
            for picture in opened.draft.pictures:
                with contextlib.suppress(DeskError):
                    await self.desk.picture_jpeg(picture.id)
                    continue
                missing.append("its picture")
        if [view.name for view in await self.desk.views.everyone()] != [self.names.stays]:
            missing.append("the view that a person made")
        entries = await self.desk._database.read(lambda conn: conn.execute("select purged_at, sha256, made_by from entry").fetchall())
        self.counts["entries"] += len(entries)
        self.counts["purged"] += sum(row["purged_at"] is not None for row in entries)
        if not entries or any(len(row["sha256"]) != 64 or row["made_by"] != "Kari" for row in entries):
            missing.append("the audit")
        return missing


def _planned(order: Order) -> datetime | None:
    """The end of its time at the delivery, as the simulator wrote it."""
    delivery = order.shipment["delivery"]
    latest = delivery.get("latest") if isinstance(delivery, dict) else None
    return datetime.fromisoformat(latest) if isinstance(latest, str) else None


PLACES: Final = {"copies": "name_in_copies", "pictures": "name_in_pictures", "logs": "name_in_logs"}


def _place(path: Path) -> str:
    if path.parts[0] == FILE_NAME:
        return "name_in_database"
    if path.parts[0].startswith(FILE_NAME):
        return "name_in_wal"
    return PLACES.get(path.parts[0], "name_elsewhere")
