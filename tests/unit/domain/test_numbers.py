"""One spelling for a number, and which shipment a page names."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.numbers import candidates, is_doubtful, named, numbers_of
from zendera_desk.domain.paper import Code
from zendera_desk.domain.printed import words
from zendera_desk.domain.shipment import CashOnDelivery, Parcel, Shipment
from zendera_desk.domain.spelling import normal

SSCC = "370704810001300008"
A, B = OrderId(48100013), OrderId(48100026)


def code(text: str, kind: str = "code128") -> Code:
    return Code(kind=kind, text=text)


def known(*shipments: Shipment) -> dict[str, list[OrderId]]:
    """As the store's table has it."""
    found: dict[str, list[OrderId]] = {}
    for shipment in shipments:
        for number in numbers_of(shipment):
            found.setdefault(number, []).append(shipment.order_id)
    return found


def shipment(order_id: int, *references: str, barcode: str = "", number: str = "") -> Shipment:
    return Shipment(
        order_id=OrderId(order_id),
        order_number=number,
        references=tuple(("reference", value) for value in references),
        parcels=(Parcel(barcode=barcode),),
    )


@pytest.mark.parametrize("text", ["A-77123", "a 77123", "Ａ‑７７１２３", "a–77 123\n", "]C1A77123", "(A)77123", "A\u200b77123\x1d"])
def test_however_a_number_is_written_it_is_the_same(text: str) -> None:
    assert normal(text) == "A77123"


@given(st.text())
def test_what_is_normal_stays_as_it_is(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@pytest.mark.parametrize("stored", [SSCC, f"00{SSCC}", f"(00){SSCC}", f"]C100{SSCC}", f"(00) {SSCC[:9]} {SSCC[9:]}"])
@pytest.mark.parametrize("read", [SSCC, f"00{SSCC}", f"(00){SSCC}", f"]C100{SSCC}", f"]d200{SSCC}\x1d400A-1"])
def test_a_parcel_is_found_by_its_sscc_however_either_side_writes_it(stored: str, read: str) -> None:
    found = known(shipment(A, barcode=stored), shipment(B, barcode="370704810002600005"))
    assert named([code(read)], found) == (A,)


@pytest.mark.parametrize(
    "read",
    [
        "(02)07038010000010(37)12(400)PO-441200",
        "]C102070380100000103712\x1d400PO-441200",
        "(00)999999999999999994(400)PO-441200",
        "(401)PO-441200",
        "\x1d3102001234400PO-441200",
    ],
)
def test_a_reference_within_a_gs1_code_names_its_shipment(read: str) -> None:
    assert named([code(read, "datamatrix")], known(shipment(A, "PO-441200"))) == (A,)


@pytest.mark.parametrize("read", ["(420)441200", "(10)441200", "(3102)441200", "(37)441200", "]C1420441200"])
def test_a_weight_a_batch_or_a_postal_code_within_a_gs1_code_names_nobody(read: str) -> None:
    assert named([code(read)], known(shipment(A, "441200"))) == ()


def test_all_numbers_of_a_shipment_find_it_but_not_what_is_paid_under() -> None:
    one = Shipment(
        order_id=A,
        order_number="NL-26-00131",
        references=(("customer", "A-77123"), ("purchase order", "PO 441200"), ("note", "urgent delivery"), ("short", "A-77")),
        parcels=(Parcel(barcode=SSCC, internal_number="PROD-9-131-1"), Parcel()),
        cash_on_delivery=CashOnDelivery(amount=Decimal(10), reference="COD-0013199"),
    )
    assert numbers_of(one) == {"48100013", "NL2600131", "A77123", "PO441200", SSCC, "PROD91311"}


def test_a_short_barcode_counts_only_if_it_is_a_whole_order_id() -> None:
    found = known(shipment(412, "1234"), shipment(77, "A-1"))
    assert named([code("412")], found) == (OrderId(412),)
    assert named([code("1234")], found) == ()
    assert named([code("0412")], found) == ()
    assert named([code("412", "text")], found) == ()


def test_a_barcode_that_two_shipments_share_names_both() -> None:
    found = known(shipment(A, "K-500100"), shipment(B, "k500100"))
    assert named([code("K-500100", "code39")], found) == (A, B)


def test_two_barcodes_that_name_different_shipments_name_both() -> None:
    assert set(named([code(str(A)), code(str(B))], known(shipment(A), shipment(B)))) == {A, B}


def test_a_shared_number_does_not_spoil_one_that_is_the_shipments_own() -> None:
    found = known(shipment(A, "K-500100"), shipment(B, "K-500100"))
    assert named([code("K-500100"), code(str(B))], found) == (B,)


def test_a_product_code_on_the_goods_does_not_speak_against_the_shipments_own_number() -> None:
    found = known(shipment(A), shipment(B, barcode="7038010000010"))
    assert named([code("7038010000010", "ean"), code(str(A))], found) == (A,)
    assert named([code("7038010000010", "ean")], found) == (B,)


def test_american_product_codes_are_found_with_and_without_their_zero() -> None:
    assert named([code("0012345678905"[-13:], "ean")], known(shipment(A, barcode="012345678905"))) == (A,)


def test_a_link_in_a_qr_code_names_a_shipment_only_where_no_barcode_does() -> None:
    found = known(shipment(A), shipment(B))
    link = code(f"https://spor.example/s?id={A}&lang=nb", "qr")
    assert named([link], found) == (A,)
    assert named([link, code(str(B))], found) == (B,)


def test_words_count_only_where_no_barcode_does_and_one_shipment_at_a_time() -> None:
    found = known(shipment(A, number="NL-26-00131"), shipment(B, number="NL-26-00262"))
    page = words("Ordre: NL-26-00131\nKunde Solbakken")
    assert named(page, found) == (A,)
    assert named([*page, code(str(B))], found) == (B,)
    assert named(words("NL-26-00131 og NL-26-00262"), found) == ()


@pytest.mark.parametrize(
    "line", ["Ordrenr. 48100013", "Ordre nr: 48100013", "REF 48100013,", "Order no. (48100013)", '{"order": "48100013", "phone": "22"}']
)
def test_a_bare_number_counts_after_a_word_that_says_what_it_is(line: str) -> None:
    assert named(words(line), known(shipment(A))) == (A,)


@pytest.mark.parametrize(
    "line", ["48100013", "Tlf 48100013", "Kari 48100013", "NOK 48100013", "48100013 kg", "+48100013", "Ordre tlf 48100013"]
)
def test_a_bare_number_that_could_be_a_phone_number_counts_for_nothing(line: str) -> None:
    assert named(words(line), known(shipment(A))) == ()


def test_words_are_in_doubt_beside_a_barcode_that_leads_nowhere_and_nothing_else_is() -> None:
    found = known(shipment(A, "A-700123"))
    word, unknown, goods = code("A-700123", "text"), code("NL-77-0001"), code("7038010009457", "ean")
    assert named([word, unknown], found) == (A,)
    assert is_doubtful([word, unknown], found)
    assert not is_doubtful([word], found)
    assert not is_doubtful([word, goods, code("https://example.com", "qr")], found)
    assert not is_doubtful([word, unknown, code("A-700123")], found)
    assert not is_doubtful([unknown], found)


digits = st.text("0123456789", min_size=8, max_size=8).filter(lambda text: text[0] != "0")
phones = st.builds(
    lambda text, form: form.format(text, text[:2], text[2:4], text[4:6], text[6:], text[:3], text[3:5], text[5:]),
    digits,
    st.sampled_from(["{0}", "{1} {2} {3} {4}", "+47{0}", "+47 {1} {2} {3} {4}", "0047{0}", "0046 70-{5} {6} {7}", "070-{5} {6} {7}",
                     "070{0}", "{5}-{6}-{7}", "+45 {0}", "(+47) {0}", "{1}{2} {3}{4}", "+354 {5} {0}"]),
)  # fmt: skip
postal_codes = st.builds(
    lambda number, form: form.format(number, number[:3], number[3:]),
    st.text("0123456789", min_size=5, max_size=5),
    st.sampled_from(["{0}", "{1} {2}", "SE-{0}", "S-{1} {2}", "NO-{1}{2}", "DK-{1}1", "N-{0}", "FI-{0}", "{1}1 AB", "D-{0}"]),
)
dates = st.builds(
    lambda day, form: day.strftime(form),
    st.dates(date(2001, 1, 1), date(2058, 12, 31)),
    st.sampled_from(["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d", "%d/%m-%Y", "%d/%m-%y", "%d%m%Y", "%Y%m%d", "%d%m%y", "%y%m%d", "%d-%m-%Y",
                     "%Y-%m-%dT12:30:00", "%d.%m.%Y 14.30", "%d.%m.%y,"]),
)  # fmt: skip
amounts = st.builds(
    lambda amount, form: form.format(amount),
    st.integers(1, 99_999_999),
    st.sampled_from(["{0},00", "{0}.50", "NOK {0}", "NOK{0},-", "kr {0}", "kr. {0},00", "{0} kr", "{0},-", "{0:,}", "{0:,}.00", "-{0}",
                     "{0} NOK", "{0}kg", "{0} kg", "€{0}", "{0} %", "Sum {0}", "MVA {0}"]),
)  # fmt: skip


@given(st.lists(st.one_of(phones, postal_codes, dates, amounts), min_size=1, max_size=6), st.sampled_from([" ", "\n", "  ", "\t"]))
def test_no_phone_number_postal_code_date_or_amount_names_a_shipment(texts: list[str], between: str) -> None:
    """Even where a shipment has the very same digits for a number."""
    everything = between.join(texts)
    stolen = {normal(part) for text in texts for part in (text, *text.split())} | {
        normal(part.strip(".,+(")) for part in everything.split()
    }
    found = {number: [A] for number in stolen}
    assert named(words(everything), found) == ()


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_can_be_looked_through(text: str) -> None:
    for word in words(text):
        assert normal(word.text) in candidates(word)


@given(st.text(max_size=150), st.sampled_from(["code128", "code39", "itf", "ean", "qr", "datamatrix", "pdf417", "text"]))
def test_only_what_is_equal_is_ever_looked_up(text: str, kind: str) -> None:
    """Each number looked up is a part of the code as it was read: nothing is made up."""
    whole = normal(text.replace("\x1d", ""))
    for number in candidates(code(text, kind)):
        assert number in whole or number in normal(text) or kind in {"qr", "datamatrix", "pdf417"}


@given(st.integers(10_000, 10**18), st.integers(10_000, 10**18))
def test_a_page_never_names_a_shipment_of_another_number(mine: int, other: int) -> None:
    found = known(shipment(other, f"A-{other}", barcode=str(other)))
    assert named([code(str(mine))], found) == ((OrderId(other),) if mine == other else ())
