"""One shipment to which everything happened that can: all of it stands in its history, in the order of time, and all of it is copied."""

from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from support.day import Day, HandClock, day_in
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft, Status
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.views import View, Written
from zendera_desk.gui.shipment.panel import ShipmentPanel
from zendera_desk.gui.spawn import Spawn
from zendera_desk.simulator.answers import Endpoint
from zendera_desk.simulator.faults import Kind as Fault
from zendera_desk.simulator.running import RunningSimulator

Until = Callable[[Callable[[], object]], Awaitable[None]]


@pytest.fixture
async def day(tmp_path: Path, clock: HandClock, simulator: RunningSimulator) -> AsyncIterator[Day]:
    async with day_in(tmp_path, clock, simulator) as day:
        assert day.desk.account is not None
        await day.desk.change_settings(msgspec.structs.replace(day.desk.settings, pictures_by={day.desk.account.id: "links"}))
        yield day


async def failed_corrected_and_accepted(day: Day) -> OrderId:
    order = (await day.ids(View.TO_ACCEPT))[0]
    await day.desk.fail([order], "Unknown postal code")
    await day.send()
    await day.ask(minutes=5)
    day.simulator.world.correct(order, "Unknown postal code")
    day.clock.move(minutes=5)
    await day.walk()
    await day.desk.accept([order])
    await day.send()
    return order


async def reported_with_a_picture(day: Day, order: OrderId) -> None:
    """Its answer is lost, and Zendera is asked whether it arrived."""
    out = BytesIO()
    Image.new("RGB", (60, 40)).save(out, "JPEG")
    picture = await day.desk.add_picture(out.getvalue(), "doorstep.jpg")
    day.clock.move(hours=1)
    await day.tail()
    draft = Draft(time="11.06.26 10:05", status=Status.COMPLETE, signee="Ola", comment="At the door", currency="NOK", pictures=(picture,))
    written = await day.desk.send_report(order, draft)
    assert isinstance(written, Written), written
    await day.send()
    await day.engine.uploading.step(day.clock.now())
    day.simulator.faults.add(Fault.APPLY_CLOSE, endpoint=Endpoint.UPDATE, times=1)
    await day.send(seconds=0)
    await day.tail(minutes=1)
    await day.ask(minutes=4)


async def contradicted_and_looked_at(day: Day, order: OrderId) -> None:
    day.simulator.world.move(order, 0, "DELIVERY", "REMOVED")
    await day.tail(minutes=20)
    shown = await day.desk.shipment(order)
    assert shown is not None
    assert await day.desk.differences.acknowledge(order, StopKind.DELIVERY, *await day.desk.board(shown))
    day.clock.move(minutes=1)
    await day.desk.differences.undo(order, StopKind.DELIVERY)


async def test_everything_that_happened_to_a_shipment_is_one_timeline_and_can_be_copied(
    day: Day, show: Callable[[ShipmentPanel], ShipmentPanel], spawn: Spawn, until: Until
) -> None:
    order = await failed_corrected_and_accepted(day)
    await reported_with_a_picture(day, order)
    await contradicted_and_looked_at(day, order)
    day.clock.move(minutes=1)
    await day.desk.save_draft(order, Draft(status=Status.DAMAGE, comment="Perhaps wet"))
    panel = show(ShipmentPanel(day.desk, spawn, QLabel("the report form")))
    panel.open(order)
    panel.go_to("history")
    await until(lambda: panel._history.table.rows.rows)
    panel._history.copy_all()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert [(parts[1].strip(), parts[2]) for parts in lines if len(parts) > 2] == [
        ("What", "State"),
        ("Damage, delivery", "draft, not sent"),
        ("Differences, delivery", "counts again"),
        ("1 difference looked at, delivery", "nothing to do"),
        ("Carton, large PROD-CARTON-L-00004-1, delivery", "removed"),
        ("complete, delivery (happened 08:05)", "on the timeline, ours"),
        ("Carton, large PROD-CARTON-L-00004-1, delivery", "delivered"),
        ("Tube, rolled goods PROD-TUBE-00004-2, delivery", "delivered"),
        ("Complete, delivery: At the door, 1 picture", "confirmed"),
        ("try 1, 10:10:44 to 10:10:44", "connection broke off"),
        ("picture 1: doorstep.jpg", "uploaded"),
        ("order exported", "on the timeline"),
        ("Carton, large PROD-CARTON-L-00004-1, pickup", "pending"),
        ("Tube, rolled goods PROD-TUBE-00004-2, pickup", "pending"),
        ("Accept", "sent"),
        ("try 1, 09:10:33 to 09:10:33", "answered"),
        ("4 values changed by Zendera", "changed"),
        ("delivery postcode", "0150 → 5068"),
        ("delivery city", "Oslo → Bergen"),
        ("delivery latitude", "59.914779 → 60.3727"),
        ("delivery longitude", "10.73751 → 5.3534"),
        ("Export failed", "strike, ours"),
        ("Fail (strike 1 of 5): Unknown postal code", "confirmed"),
        ("try 1, 09:00:22 to 09:00:22", "answered"),
        ("Exported by Zendera", "arrived"),
    ]
    assert lines[1][0] == "Thu 11.06.2026 10:37:44 UTC", "whole dates, for a mail or a claim"
    assert {parts[4] for parts in lines[1:] if len(parts) > 4} == {"Kari · front", "Product feed", "Zendera"}
