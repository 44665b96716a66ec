"""The open shipment shows everything Zendera sent, and stays as it is while things change behind it."""

from collections.abc import Awaitable, Callable

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QPushButton, QScrollBar, QTableView, QToolButton, QTreeView

from gui.shipments.office import Office, row
from support.told import told
from zendera_desk.domain.feed import FeedPage, ProductStatus
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.domain.shipment import StopKind
from zendera_desk.gui.shipment.history import history_text
from zendera_desk.gui.shipment.panel import TABS, ShipmentPanel
from zendera_desk.gui.shipment.rows import Cell, Head, RowsTable
from zendera_desk.gui.spawn import Spawn
from zendera_desk.store import feed_evidence

Until = Callable[[Callable[[], object]], Awaitable[None]]
ONE = OrderId(1)


@pytest.fixture
async def panel(office: Office, show: Callable[[ShipmentPanel], ShipmentPanel], spawn: Spawn) -> ShipmentPanel:
    made = ShipmentPanel(office.desk, spawn, QLabel("the report form"))
    made.resize(900, 500)
    office.desk.changes.subscribe(made.on_change)
    return show(made)


def words(panel: ShipmentPanel) -> str:
    """All that can be read on the page."""
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def table(panel: ShipmentPanel, name: str) -> list[list[str]]:
    model = panel.findChild(QTableView, name).model()  # type: ignore[union-attr]
    return [[model.index(line, column).data() for column in range(model.columnCount())] for line in range(model.rowCount())]


def shown(tree: QTreeView) -> list[list[str]]:
    """The lines that can be read, from the top."""
    lines, index = [], tree.model().index(0, 0)
    while index.isValid():
        lines.append([index.siblingAtColumn(column).data() for column in range(3)])
        index = tree.indexBelow(index)
    return lines


async def opened(panel: ShipmentPanel, until: Until, order_id: OrderId = ONE) -> None:
    panel.open(order_id)
    await until(lambda: str(order_id) in words(panel))


async def test_with_nothing_open_it_says_so(panel: ShipmentPanel) -> None:
    assert "No shipment is open" in words(panel)


async def test_details_show_both_stops_contacts_service_and_money(panel: ShipmentPanel, office: Office, until: Until) -> None:
    cash = {"amount": 1250, "currency": "NOK", "reference": "KID 129"}
    await office.arrive(row(1, cashOnDelivery=cash, carrierService="Express"))
    await opened(panel, until)
    said = words(panel).replace("\u202f", " ")
    for expected in (
        "Nordlys Møbler AS",
        "Strandgaten 14\n5003 Bergen\nNorway",
        "Kari Nordmann",
        "+47 22 33 44 55",
        "kari@nordlys.example",
        "Express",
        "1 250.00 NOK",
        "KID 129",
        "no time window given",
        "A-1",
    ):
        assert expected in said
    assert table(panel, "parcels")[0][0] == "EUR-pallet"


async def test_a_call_starts_by_a_click_and_from_a_checked_number_only(panel: ShipmentPanel, office: Office, until: Until) -> None:
    class Telephone(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.calls: list[str] = []

        @Slot(QUrl)
        def dial(self, url: QUrl) -> None:
            self.calls.append(url.toString())

    telephone = Telephone()
    QDesktopServices.setUrlHandler("tel", telephone, "dial")
    await office.arrive(row(1))
    await opened(panel, until)
    [call] = [button for button in panel.findChildren(QPushButton) if button.accessibleName() == "Call Kari Nordmann"]
    assert telephone.calls == []
    QTest.mouseClick(call, Qt.MouseButton.LeftButton)
    assert telephone.calls == ["tel:+4722334455"]
    await office.arrive({**row(1), "delivery": {"contact": {"name": "Kari Nordmann", "phoneNumber": "ask at the gate"}}})
    await until(lambda: "ask at the gate" in words(panel))
    assert not call.isVisible()
    QDesktopServices.unsetUrlHandler("tel")


async def test_a_value_can_be_copied(panel: ShipmentPanel, office: Office, until: Until) -> None:
    await office.arrive(row(1))
    await opened(panel, until)
    copied = QSignalSpy(panel.copied)
    panel._details._delivery._name.copy()
    assert QGuiApplication.clipboard().text() == "Receiver 1"
    assert list(copied.at(0)) == ["Receiver 1"]


async def test_what_zendera_corrected_stands_over_the_pages(panel: ShipmentPanel, office: Office, until: Until) -> None:
    await office.arrive(row(1))
    await opened(panel, until)
    assert not panel._changed.isVisible()
    await office.arrive(row(1, carrierService="Express"))
    await until(panel._changed.isVisible)
    assert "service – → Express" in words(panel)


async def test_fields_that_nobody_knows_are_shown_and_marked(panel: ShipmentPanel, office: Office, until: Until) -> None:
    await office.arrive(row(1, dangerousGoods={"unNumber": "1203"}))
    await opened(panel, until)
    panel.show_tab("fields")
    tree = panel._fields.tree
    await until(lambda: tree.model().rowCount())
    QTest.keyClicks(panel._fields._filter, "unnumb")
    await until(lambda: len(shown(tree)) == 2)
    assert shown(tree) == [["dangerousGoods", "1 inside", ""], ["unNumber", "1203", "not known to this program"]]


async def test_history_and_colli_are_read_when_they_are_looked_at(panel: ShipmentPanel, office: Office, until: Until) -> None:
    await office.arrive(row(1))
    await opened(panel, until)
    assert table(panel, "history") == []
    panel.show_tab("history")
    await until(lambda: table(panel, "history"))
    await office.desk.accept([ONE])
    await until(lambda: [line[1] for line in table(panel, "history")] == ["Accept", "Exported by Zendera"])
    panel.show_tab("colli")
    await until(lambda: table(panel, "colli"))
    assert table(panel, "colli")[0][:3] == ["EUR-pallet", "PROD-1", "2"]


async def test_a_change_behind_it_keeps_page_scroll_and_tab(panel: ShipmentPanel, office: Office, until: Until) -> None:
    await office.arrive(row(1))
    await opened(panel, until)
    panel.resize(900, 260)
    bar = panel._details.verticalScrollBar()
    await until(lambda: bar.maximum() > 40)
    bar.setValue(40)
    await office.desk.save_draft(ONE, Draft(comment="wet"))
    await until(lambda: "draft" in words(panel))
    assert bar.value() == 40
    assert panel.tab == "details"


async def test_accept_and_fail_are_offered_while_zendera_waits_for_them(panel: ShipmentPanel, office: Office, until: Until) -> None:
    await office.arrive(row(1))
    await opened(panel, until)
    accepts, fails = QSignalSpy(panel.accept_asked), QSignalSpy(panel.fail_asked)
    QTest.mouseClick(panel._header.accept, Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel._header.fail, Qt.MouseButton.LeftButton)
    assert [list(accepts.at(0)), list(fails.at(0))] == [[[1]], [[1]]]
    await office.desk.accept([ONE])
    await until(lambda: not panel._header.accept.isVisible())
    assert "held" in words(panel)
    assert panel._header._second.isActive()
    panel.open(None)
    assert not panel._header._second.isActive()


async def test_a_failed_shipment_says_what_is_next_and_why_it_cannot_be_accepted(
    panel: ShipmentPanel, office: Office, until: Until
) -> None:
    await office.arrive(row(1))
    await office.desk.fail([ONE], "Missing data")
    await opened(panel, until)
    assert panel._header.accept.isVisible()
    assert not panel._header.accept.isEnabled()
    assert "has not left yet" in panel._header.accept.toolTip()
    assert "has not left yet" in words(panel)


async def test_names_of_references_are_words_and_their_own_name_is_in_the_tip(panel: ShipmentPanel, office: Office, until: Until) -> None:
    await office.arrive(row(1, references=[{"name": "purchaseOrderNumber", "value": "PO-1"}]))
    await opened(panel, until)
    (caption,) = [label for label in panel.findChildren(QLabel) if label.text() == "Purchase order number"]
    assert "purchaseOrderNumber" in caption.toolTip()


async def test_no_page_is_scrolled_sideways_in_the_smallest_window(panel: ShipmentPanel, office: Office, until: Until) -> None:
    address = {
        "name": "Kari",
        "phoneNumber": "+47 22 33 44 55",
        "emailAddress": "kari.nordmann.innkjop.og.transport@nordlys-mobler.example",
    }
    await office.arrive(row(1, delivery={"contact": address}))
    panel.resize(712, 400)
    await opened(panel, until)
    for name in ("details", "colli", "history", "fields"):
        panel.show_tab(name)
        page = panel._pages.currentWidget()
        bars = [bar for bar in page.findChildren(QScrollBar) if bar.orientation() == Qt.Orientation.Horizontal]
        assert bars
        assert all(bar.maximum() == 0 for bar in bars)


async def test_going_through_the_list_fast_ends_at_the_last(panel: ShipmentPanel, office: Office, until: Until) -> None:
    await office.arrive(*(row(order) for order in range(1, 9)))
    for order in range(1, 9):
        panel.open(OrderId(order))
    await until(lambda: "Receiver 8" in words(panel))
    assert panel.current == 8
    assert "Receiver 7" not in words(panel)


async def test_a_shipment_that_is_not_here_is_said_to_be_gone(panel: ShipmentPanel, until: Until) -> None:
    panel.open(OrderId(404))
    await until(lambda: "no longer here" in words(panel))


async def test_every_page_can_be_shown_by_name(panel: ShipmentPanel, office: Office, until: Until) -> None:
    await office.arrive(row(1))
    await opened(panel, until)
    for name in TABS:
        panel.show_tab(name)
        assert panel.tab == name
        assert panel._pages.currentIndex() == list(TABS).index(name)


async def test_the_whole_history_is_copied_as_text_by_its_button(panel: ShipmentPanel, office: Office, until: Until) -> None:
    await office.arrive(row(1))
    await opened(panel, until)
    panel.show_tab("history")
    copy = panel.findChild(QToolButton, "copyHistory")
    assert isinstance(copy, QToolButton)
    await until(copy.isEnabled)
    copied = QSignalSpy(panel.copied)
    copy.click()
    text = QGuiApplication.clipboard().text()
    assert text == history_text(panel._history._events)
    assert "Exported by Zendera\tarrived" in text
    assert copied.count() == 1


async def test_a_table_of_words_keeps_its_place_when_rows_come_at_the_end(show: Callable[[RowsTable], RowsTable]) -> None:
    one = show(RowsTable("some", "Some", (Head("A", 80), Head("B", 80))))
    one.show_rows([(Cell("1"), Cell("x")), (Cell("2"), Cell("y"))])
    one.setCurrentIndex(one.rows.index(1, 1))
    resets = QSignalSpy(one.rows.modelReset)
    one.show_rows([(Cell("1"), Cell("x")), (Cell("2"), Cell("z")), (Cell("3"), Cell("w"))])
    assert one.currentIndex().data() == "z"
    assert resets.count() == 0
    one.copy_row()
    assert QGuiApplication.clipboard().text() == "2\tz"


async def test_a_field_that_is_not_there_is_said(panel: ShipmentPanel, office: Office, until: Until) -> None:
    await office.arrive(row(1))
    await opened(panel, until)
    panel.show_tab("fields")
    await until(panel._fields.tree.model().rowCount)
    QTest.keyClicks(panel._fields._filter, "zzz")
    await until(lambda: "No field is like that" in words(panel))
    panel._fields._filter.clear()
    await until(lambda: "No field is like that" not in words(panel))


async def test_history_says_where_the_feed_was_cut_and_shows_the_rest_when_asked(
    panel: ShipmentPanel, office: Office, until: Until
) -> None:
    await office.arrive(row(1))
    account = office.desk.account
    assert account is not None
    changes = tuple(
        told(
            at=office.clock.move(seconds=1),
            product_id=2**60 + 1,
            product_number="PROD-1",
            stop=StopKind.PICKUP,
            status=ProductStatus.PENDING,
            status_word="PENDING",
        )
        for _ in range(1_050)
    )
    await office.desk._database.write(feed_evidence.take, account.id, FeedPage(changes=changes, token="1"), office.clock.now())
    await opened(panel, until)
    panel.show_tab("history")
    older = panel.findChild(QToolButton, "olderChanges")
    assert older is not None
    await until(older.isVisible)
    said = [line[1] for line in table(panel, "history")]
    assert sum("Older changes" in line for line in said) == 1
    assert "newest 1\u202f000" in history_text(panel._history._events)
    QTest.mouseClick(older, Qt.MouseButton.LeftButton)
    await until(lambda: not older.isVisible())
    assert len([line for line in table(panel, "history") if line[4] == "Product feed"]) == 1_050


async def test_the_pages_have_keys_and_esc_leads_back(panel: ShipmentPanel, office: Office, until: Until) -> None:
    await office.arrive(row(1))
    await opened(panel, until)
    panel.activateWindow()
    left = QSignalSpy(panel.left)
    for key, name in ((Qt.Key.Key_B, "colli"), (Qt.Key.Key_T, "history"), (Qt.Key.Key_J, "fields"), (Qt.Key.Key_I, "details")):
        QTest.keyClick(panel, key, Qt.KeyboardModifier.ControlModifier)
        assert panel.tab == name
    QTest.keyClick(panel, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert panel._colli.table.hasFocus()
    QTest.keyClick(panel._colli.table, Qt.Key.Key_Escape)
    assert left.count() == 1


async def test_a_page_that_is_turned_to_shows_nothing_of_the_shipment_before(panel: ShipmentPanel, office: Office, until: Until) -> None:
    await office.arrive(row(1), row(2))
    await opened(panel, until)
    panel.show_tab("colli")
    await until(lambda: table(panel, "colli"))
    panel.show_tab("details")
    panel.open(OrderId(2))
    await until(lambda: panel._shown is not None and panel._shown.line.order_id == OrderId(2))
    assert table(panel, "colli") == []
