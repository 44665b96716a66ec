"""What the tests of the form share: a desk of paper, with drafts in a dict and a disk that can be full, and a person's keys."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from zendera_desk import pictures
from zendera_desk.domain.errors import PictureError, StoreError
from zendera_desk.domain.ids import OrderId, PictureId
from zendera_desk.domain.paper import Edits, PictureFacts
from zendera_desk.domain.report import Draft, Picture
from zendera_desk.domain.shipment import Address, CashOnDelivery, Shipment, Stop, StopKind
from zendera_desk.domain.suggestions import KnownName
from zendera_desk.domain.views import EntryStory, OpenShipment, Phase, ShipmentLine
from zendera_desk.gui.report import ReportPanel
from zendera_desk.pictures import Pixels
from zendera_desk.pictures.edits import apply
from zendera_desk.pictures.prepare import prepare
from zendera_desk.pictures.screen import to_screen

Until = Callable[[Callable[[], object]], Awaitable[None]]
Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
FIRST, SECOND = OrderId(12345), OrderId(2**53 + 1)
DRAFT = Draft(time="21.11.26 14:30", signee="Kari", comment="At the gate", currency="NOK")


OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 21, 14, 31, 20, tzinfo=OSLO)


class PaperDesk:
    def __init__(self) -> None:
        self.drafts: dict[OrderId, Draft] = {}
        self.saves: list[OrderId] = []
        self.cod: CashOnDelivery | None = None
        self.disk_full = False
        self.may_load = asyncio.Event()
        self.may_load.set()
        self.may_prepare = asyncio.Event()
        self.may_prepare.set()
        self._jpegs: dict[PictureId, bytes] = {}
        self.at_work: list[str] = []
        self.later: dict[str, asyncio.Event] = {}
        self.pages = 1
        self.warmed = 0
        self.facts = PictureFacts()
        self.names: tuple[KnownName, ...] = ()
        self.currency = ""
        self.stories: list[EntryStory] = []
        self.phase = Phase.NEW
        self.made_of: dict[PictureId, tuple[PictureId, Edits]] = {}
        self.edits: list[Edits] = []
        self.tried: list[int] = []
        self.unwritable: set[OrderId] = set()
        self.may_edit = asyncio.Event()
        self.may_edit.set()
        self.broken = False
        self.our_own: Exception | None = None
        """What is raised instead of an answer about a picture, as nobody foresaw it."""
        self.failing: set[str] = set()
        """The names of the pictures it is raised for; none of them: for all."""
        self.address = Address()

    def now(self) -> datetime:
        return NOW

    async def shipment(self, order_id: OrderId) -> OpenShipment | None:
        await self.may_load.wait()
        delivery = Stop(kind=StopKind.DELIVERY, earliest=NOW - timedelta(days=1), address=self.address)
        return OpenShipment(
            line=ShipmentLine(order_id=order_id, seen_at=NOW - timedelta(hours=6), phase=self.phase),
            shipment=Shipment(order_id=order_id, delivery=delivery, cash_on_delivery=self.cod),
            original=b"{}",
            versions=(),
            draft=self.drafts.get(order_id),
        )

    async def save_draft(self, order_id: OrderId, draft: Draft) -> None:
        if self.disk_full or order_id in self.unwritable:
            raise StoreError("disk_full")
        self.drafts[order_id] = draft
        self.saves.append(order_id)

    async def discard_draft(self, order_id: OrderId) -> None:
        self.drafts.pop(order_id, None)

    async def add_pictures(self, order_id: OrderId, new: Sequence[Picture]) -> None:
        draft = self.drafts.get(order_id, Draft())
        both = {picture.id: picture for picture in (*draft.pictures, *new)}
        await self.save_draft(order_id, msgspec.structs.replace(draft, pictures=tuple(both.values())))

    async def exchange_picture(self, order_id: OrderId, before: PictureId, after: Picture) -> None:
        draft = self.drafts[order_id]
        changed = tuple(after if picture.id == before else picture for picture in draft.pictures)
        await self.save_draft(order_id, msgspec.structs.replace(draft, pictures=changed))

    async def add_pages(self, source: Path | bytes, name: str = "") -> list[Picture]:
        self.at_work.append(name)
        await self.may_prepare.wait()
        if name in self.later:
            await self.later[name].wait()
        if self.our_own is not None and (name in self.failing or not self.failing):
            raise self.our_own
        content = await asyncio.to_thread(lambda: b"".join(pictures.pieces(source)))
        prepared = await asyncio.to_thread(prepare, content)
        found = [PictureId(f"{pictures.picture_id(content)}{page}") for page in range(self.pages)]
        self._jpegs |= dict.fromkeys(found, prepared.jpeg)
        return [Picture(id=id_, name=name, width=prepared.width, height=prepared.height, size=len(prepared.jpeg)) for id_ in found]

    async def glimpse(self, source: Path | bytes, longest: int) -> Pixels:
        content = await asyncio.to_thread(lambda: b"".join(pictures.pieces(source)))
        prepared = await asyncio.to_thread(prepare, content)
        return await asyncio.to_thread(to_screen, prepared.jpeg, longest)

    async def picture_edits(self, picture: PictureId) -> Edits:
        return self.made_of.get(picture, (picture, Edits()))[1]

    async def edit_picture(self, picture: PictureId, edits: Edits) -> Picture:
        await self.may_edit.wait()
        if self.our_own is not None:
            raise self.our_own
        if self.broken:
            raise PictureError("unreadable")
        self.edits.append(edits)
        source = self.made_of.get(picture, (picture, Edits()))[0]
        id_ = PictureId(f"{source}{edits}") if edits != Edits() else source
        self.made_of[id_] = (source, edits)
        with Image.open(BytesIO(self._jpegs[source])) as opened:
            self._jpegs[id_] = jpeg_of(apply(opened, edits))
        with Image.open(BytesIO(self._jpegs[id_])) as made:
            return Picture(id=id_, name="", width=made.width, height=made.height, size=len(self._jpegs[id_]))

    async def picture_pixels(self, picture: PictureId, longest: int | None = None, edits: Edits | None = None) -> Pixels:
        if picture not in self._jpegs:
            raise StoreError("io")
        if edits is not None:
            self.tried.append(edits.brightness)
        return await asyncio.to_thread(to_screen, self._jpegs[picture], longest)

    async def picture_facts(self, picture: PictureId) -> PictureFacts:
        return self.facts

    async def names_at(self, _shipment: Shipment, stop: StopKind) -> tuple[KnownName, ...]:
        return self.names if stop is StopKind.DELIVERY else ()

    async def history(self, _order_id: OrderId) -> list[EntryStory]:
        return self.stories

    async def last_currency(self) -> str:
        return self.currency

    def warm_pictures(self) -> None:
        self.warmed += 1


def jpeg(colour: str) -> bytes:
    return jpeg_of(Image.new("RGB", (400, 300), colour))


def jpeg_of(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def focus() -> str:
    widget = QApplication.focusWidget()
    return widget.objectName() if widget is not None else ""


def type_(text: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), text)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def button(panel: ReportPanel, name: str) -> QPushButton:
    (found,) = [each for each in panel.findChildren(QPushButton) if each.accessibleName() == name]
    return found


def click(panel: ReportPanel, name: str) -> None:
    QTest.mouseClick(button(panel, name), Qt.MouseButton.LeftButton)


def sends(panel: ReportPanel) -> list[tuple[OrderId, Draft, frozenset[str], bool]]:
    heard: list[tuple[OrderId, Draft, frozenset[str], bool]] = []
    panel.send_asked.connect(lambda *said: heard.append(said))
    return heard


def drop(panel: ReportPanel, *files: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    offered = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    event = QDropEvent(QPoint(5, 5), offered, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    panel.pane.dropEvent(event)
    assert event.dropAction() is Qt.DropAction.CopyAction
