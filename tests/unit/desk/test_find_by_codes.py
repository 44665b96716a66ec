"""From the codes of a page to the shipments at the desk."""

from support.day import Day
from zendera_desk.domain.ids import AccountId
from zendera_desk.domain.paper import Code
from zendera_desk.store import numbers


async def test_a_page_finds_its_shipment_by_any_of_its_numbers(day: Day) -> None:
    await day.walk()
    order_id, other = (await day.ids())[:2]
    opened = await day.desk.shipment(order_id)
    assert opened is not None
    one = opened.shipment
    printed = [str(order_id), one.order_number, one.reference, f"(00){one.parcels[0].barcode}", one.parcels[0].internal_number]
    for text in printed:
        assert await day.desk.find_by_codes([Code(kind="code128", text=text)]) == (order_id,), text
    assert set(await day.desk.find_by_codes([Code(kind="qr", text=str(order_id)), Code(kind="qr", text=str(other))])) == {order_id, other}
    assert await day.desk.find_by_codes([Code(kind="code128", text="NOBODYS-1")]) == ()
    assert await day.desk.find_by_codes([]) == ()


async def test_what_came_from_an_older_file_is_found_after_a_restart(day: Day) -> None:
    await day.walk()
    order_id = (await day.ids())[0]
    account = AccountId(day.engine.account.id)
    for one in await day.ids():
        await day.desk._database.write(numbers.forget, account, one)
    await day.restart()
    assert await day.desk.find_by_codes([Code(kind="code128", text=str(order_id))]) == (order_id,)
    assert await day.desk._database.read(numbers.unindexed, account) == []
