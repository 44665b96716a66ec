"""A row that the disk has changed: it is named, it is mended where Zendera says it again, and the others do not suffer."""

import pytest

from support.day import Day
from zendera_desk.domain.errors import StoreError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.report import Draft
from zendera_desk.domain.views import View
from zendera_desk.store.database import Connection


async def damage(day: Day, order_id: OrderId, statement: str) -> None:
    def run(conn: Connection) -> None:
        conn.execute(statement, (order_id,))

    await day.desk._database.write(run)


@pytest.mark.expected_log("was damaged on disk and is taken in anew")
async def test_a_damaged_shipment_that_is_still_offered_is_taken_in_anew_and_spoils_no_other(day: Day) -> None:
    await day.walk()
    first = (await day.ids(View.TO_ACCEPT))[0]
    whole = await day.desk.shipment(first)
    assert whole is not None
    await damage(day, first, "update shipment_version set original = x'7b226f72646572' where order_id = ?")
    day.simulator.world.add_shipments(3)
    await day.walk()
    mended = await day.desk.shipment(first)
    assert mended is not None
    assert mended.original == whole.original
    assert len(await day.ids(View.TO_ACCEPT)) == 9
    await day.walk()
    again = await day.desk.shipment(first)
    assert again is not None
    assert [version.number for version in again.versions] == [1, 2], "mended once"


@pytest.mark.expected_log("the database is damaged")
@pytest.mark.parametrize(
    "statement",
    [
        "update shipment_version set original = x'7b226f72646572' where order_id = ?",
        "update shipment_version set differences = '[[1' where order_id = ?",
        "update shipment_version set seen_at = 9000000000000000000 where order_id = ?",
        "update shipment set phase = 'nev' where order_id = ?",
        "update shipment set changed = '[' where order_id = ?",
        "update shipment set cod_amount = '1x0' where order_id = ?",
        "update draft set content = '{' where order_id = ?",
    ],
)
async def test_a_row_that_cannot_be_read_is_named_and_the_others_open(day: Day, statement: str) -> None:
    await day.walk()
    damaged, sound = (await day.ids())[:2]
    await day.desk.save_draft(damaged, Draft(comment="Not yet"))
    await damage(day, damaged, statement)
    with pytest.raises(StoreError, match=f"damaged .*{damaged}"):
        await day.desk.shipment(damaged)
    assert await day.desk.shipment(sound) is not None
