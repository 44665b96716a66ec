"""The form on the real desk and its store: what is typed becomes an entry, and Undo makes it the form again."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from PySide6.QtWidgets import QWidget

from gui.shipments.office import Office, open_office, row
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.outbox import Deed, State
from zendera_desk.domain.report import Draft
from zendera_desk.domain.shipment import StopKind
from zendera_desk.domain.suggestions import KnownName
from zendera_desk.gui.report import ReportPanel
from zendera_desk.gui.spawn import Spawn
from zendera_desk.store import outbox, retention

Until = Callable[[Callable[[], object]], Awaitable[None]]
ORDER = OrderId(2**53 + 1)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as office:
        await office.arrive(row(ORDER))
        yield office


@pytest.fixture
async def panel(office: Office, spawn: Spawn, show: Callable[[QWidget], QWidget]) -> ReportPanel:
    made = ReportPanel(office.desk, spawn, office.desk.settings, zone=office.desk.zone)
    office.desk.changes.subscribe(made.on_change)
    show(made)
    return made


async def names(office: Office, order: OrderId) -> tuple[KnownName, ...]:
    found = await office.desk.shipment(order)
    assert found is not None
    return await office.desk.names_at(found.shipment, StopKind.DELIVERY)


async def accept(office: Office) -> None:
    written = await office.desk.accept([ORDER])
    for state in (State.DUE, State.SENDING, State.SENT, State.CONFIRMED):
        await office.desk._database.write(outbox.move, written.entries[0], state)


def jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (400, 300), "white").save(out, "JPEG")
    return out.getvalue()


async def filled_in(panel: ReportPanel, until: Until) -> Draft:
    panel.open(ORDER)
    await until(lambda: panel._opened is not None)
    panel.form.time.setText("1030")
    panel.form.time.settle()
    panel.form.texts["signee"].setText("Kari Nordmann")
    panel.pane.given.emit([jpeg()])
    await until(lambda: panel.draft().pictures and panel.pane.viewer.scene().sceneRect().width() == 400)
    return panel.draft()


async def test_a_report_is_sent_and_undo_brings_the_form_back_whole(office: Office, panel: ReportPanel, until: Until) -> None:
    await accept(office)
    draft = await filled_in(panel, until)
    asked: list[tuple[OrderId, Draft, frozenset[str]]] = []
    panel.send_asked.connect(lambda order, draft, confirmed, _next: asked.append((order, draft, confirmed)))
    panel.bar.send.click()
    await until(lambda: asked)
    written = await office.desk.send_report(*asked[0])
    assert not isinstance(written, list), written
    panel.sent(ORDER)
    found = await office.desk.shipment(ORDER)
    assert found is not None
    assert found.draft is None
    assert panel.draft() == Draft(currency="NOK")
    assert await office.desk.take_back(written.entries) == [ORDER]
    await until(lambda: panel.draft() == draft)


async def test_who_signed_here_before_is_offered_at_the_same_address_and_forgotten_with_their_proof(
    office: Office, panel: ReportPanel, until: Until
) -> None:
    await accept(office)
    draft = await filled_in(panel, until)
    written = await office.desk.send_report(ORDER, msgspec.structs.replace(draft, signee="per  hansen", cost="12", currency="SEK"))
    assert not isinstance(written, list), written
    await office.arrive(row(7), row(8, delivery={"name": "B", "address": {"address1": "Strandgaten 15", "postalCode": "5003"}}))
    known = [(each.name, each.times) for each in await names(office, OrderId(7))]
    assert known == [("Kari Nordmann", 0), ("per hansen", 1)]
    assert await names(office, OrderId(8)) == ()
    assert await office.desk.last_currency() == "SEK"
    for state in (State.DUE, State.SENDING, State.SENT, State.CONFIRMED):
        await office.desk._database.write(outbox.move, written.entries[0], state)
    late = office.clock.now() + timedelta(days=100)
    await office.desk._database.write(retention.note_closed, office.clock.now())
    limits = retention.before(late, 90, 0)
    over = await office.desk._database.read(retention.entries_over, limits)
    await office.desk._database.write(retention.purge_entries, over, limits, late)
    assert [each.name for each in await names(office, OrderId(7))] == ["Kari Nordmann"]
    assert await office.desk.last_currency() == ""


async def test_that_money_was_collected_stays_in_the_history_and_is_never_sent(office: Office, panel: ReportPanel, until: Until) -> None:
    await accept(office)
    draft = await filled_in(panel, until)
    written = await office.desk.send_report(ORDER, msgspec.structs.replace(draft, collected=True))
    assert not isinstance(written, list), written
    assert b"ollected" not in await office.desk.payload(written.entries[0])
    story = await office.desk.story(written.entries[0])
    assert [(done.deed, done.by) for done in story.done] == [(Deed.COLLECT, "Kari")]


async def test_a_report_that_was_taken_back_names_nobody(office: Office, panel: ReportPanel, until: Until) -> None:
    await accept(office)
    draft = msgspec.structs.replace(await filled_in(panel, until), signee="Per Hansen")
    assert await panel.flush()
    await office.desk.save_draft(ORDER, draft)  # as from a form: what is sent is on disk before
    written = await office.desk.send_report(ORDER, draft)
    assert not isinstance(written, list), written
    assert await office.desk.take_back(written.entries)
    assert [each.name for each in await names(office, ORDER)] == ["Kari Nordmann"]


async def test_a_shipment_that_is_not_ours_yet_is_refused_in_words_on_top(office: Office, panel: ReportPanel, until: Until) -> None:
    draft = await filled_in(panel, until)
    asked: list[OrderId] = []
    panel.send_asked.connect(lambda order, *_more: asked.append(order))
    panel.bar.send.click()
    await until(lambda: asked)
    problems = await office.desk.send_report(ORDER, draft)
    assert isinstance(problems, list)
    panel.show_problems(ORDER, problems)
    assert panel.form.beside["status"].isVisible()
    assert panel.draft() == draft
    found = await office.desk.shipment(ORDER)
    assert found is not None
    assert found.draft == draft
