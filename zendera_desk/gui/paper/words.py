"""What is said of pages, documents and stacks: the same words in the strip, beside the page and in the lane. No widgets."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final

from zendera_desk.domain.errors import PictureError
from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.numbers import candidates
from zendera_desk.domain.paper import Code, Document, Page, PageState, Stack
from zendera_desk.domain.spelling import normal
from zendera_desk.domain.views import ShipmentLine
from zendera_desk.gui import labels
from zendera_desk.gui.format import visible, when
from zendera_desk.gui.labels import Label
from zendera_desk.gui.tokens import Tone
from zendera_desk.gui.words import mark, tr

Lines = Mapping[OrderId, ShipmentLine]
"""The shipments that pages belong to, as far as they are known."""

_KINDS: Final = {
    "code128": "Code 128",
    "code39": "Code 39",
    "itf": "ITF",
    "ean": "EAN",
    "qr": "QR",
    "datamatrix": "Data Matrix",
    "pdf417": "PDF417",
    "text": mark("Text"),
}
_LONGEST: Final = 40
"""Characters of a code: a QR code may hold a page of text."""


def order_name(order: OrderId, lines: Lines) -> str:
    """The number a person knows it by."""
    line = lines.get(order)
    return visible(line.order_number) if line is not None and line.order_number else str(order)


def consignee(order: OrderId, lines: Lines) -> str:
    line = lines.get(order)
    if line is None:
        return ""
    return visible(line.delivery_name) or visible(line.delivery_city)


def shipment_title(order: OrderId, lines: Lines) -> str:
    """ "NL-26-48100 · Byggmakker Sandnes · 4306 Sandnes"."""
    line = lines.get(order)
    if line is None:
        return str(order)
    place = " ".join(part for part in (line.delivery_postal_code, line.delivery_city) if part)
    parts = (line.order_number or str(line.order_id), line.delivery_name, place)
    return " · ".join(visible(part) for part in parts if part)


def document_label(document: Document, lines: Lines) -> Label:
    """Whose it is, or what is missing to know it."""
    filed = next((page.filed for page in document.pages if page.filed is not None), None)
    if document.is_separator:
        return Label(tr("Separator"), "circle-minus", Tone.NEUTRAL)
    if filed is not None and not document.is_open:
        return Label(order_name(filed, lines), "circle-check", Tone.GOOD)
    if document.order_id is not None:
        return Label(order_name(document.order_id, lines), "package-check", Tone.GOOD)
    return _without_shipment(document)


def _without_shipment(document: Document) -> Label:
    if any(page.state is PageState.WAITING for page in document.pages):
        return Label(tr("Waiting"), "loader", Tone.INFO)
    if document.candidates:
        return Label(tr("{n} shipment(s)?", n=len(document.candidates)), "circle-question-mark", Tone.WARN)
    if document.is_unread:
        return Label(tr("Not read"), "triangle-alert", Tone.WARN)
    return Label(tr("No shipment"), "circle-dashed", Tone.WARN)


def document_detail(document: Document, lines: Lines) -> str:
    """The second line under a document: who gets it, or what a person can do."""
    filed = next((page.filed for page in document.pages if page.filed is not None), None)
    if filed is not None and not document.is_open:
        return " · ".join(part for part in (tr("in its form"), consignee(filed, lines)) if part)
    owner = document.order_id or filed
    if owner is not None:
        return consignee(owner, lines)
    if document.candidates:
        return " · ".join(order_name(order, lines) for order in document.candidates)
    return tr("seen before") if any(page.seen_before for page in document.pages) else ""


def code_words(code: Code) -> str:
    """ "Code 128 70312345"."""
    text = visible(code.text)
    return f"{tr(_KINDS.get(code.kind, code.kind))} {text if len(text) <= _LONGEST else text[:_LONGEST] + '…'}"


def read_words(page: Page, lines: Lines) -> str:
    """What was found on the page and where that leads, or why there is nothing."""
    if page.state is PageState.WAITING:
        return tr("This page has not been read yet.")
    if page.state is PageState.UNREADABLE:
        return labels.error(PictureError(page.code or "unreadable"))
    if page.separator:
        return tr("A sheet that only parts documents. It is not sent.")
    said = []
    if page.codes:
        said.append(" · ".join(code_words(code) for code in page.codes[:3]))
    if page.matches:
        said.append("→ " + ", ".join(order_name(order, lines) for order in page.matches))
    elif page.codes:
        said.append(tr("→ no shipment here has this"))
    else:
        said.append(tr("No code found on this page."))
    return " ".join(said)


def page_title(page: Page, name: str = "") -> str:
    """ "scan_0421.pdf, page 21"; a photo has no page number worth saying."""
    return tr("{name}, page {number}", name=visible(page.name or name) or tr("Pasted"), number=page.number)


def pages_title(document: Document, stack_name: str = "") -> str:
    """ "scan_0421.pdf, page 21-22"."""
    first, last = document.pages[0], document.pages[-1]
    if first is last or first.name != last.name:
        return page_title(first, stack_name)
    name = visible(first.name or stack_name) or tr("Pasted")
    return tr("{name}, page {first}-{last}", name=name, first=first.number, last=last.number)


def matched_by(document: Document, lines: Lines) -> str:
    """How it is known whose the document is. A person's word stands above what is read."""
    if any(page.assigned is not None for page in document.pages):
        return tr("chosen by hand")
    page = next((page for page in document.pages if document.order_id in page.matches), None)
    if page is None or document.order_id is None:
        return ""
    code = _leading(page.codes, document.order_id, lines)
    return tr("matched by {code}", code=code_words(code)) if code is not None else tr("matched by what is read on it")


def _leading(codes: Sequence[Code], order: OrderId, lines: Lines) -> Code | None:
    """The one that says a number of the shipment; or the only one that can say any, which may be that of a parcel."""
    line = lines.get(order)
    own = {str(order)} if line is None else {str(order), normal(line.order_number), normal(line.reference)}
    may = {code: set(candidates(code)) for code in codes}
    saying = [code for code, numbers in may.items() if numbers & own] or [code for code, numbers in may.items() if numbers]
    bars = [code for code in saying if code.kind != "text"] or saying
    sure = len(bars) == 1 or bool(bars and may[bars[0]] & own)
    return bars[0] if sure else None


def stack_words(stack: Stack, found: Sequence[Document], now: datetime, zone: tzinfo) -> str:
    """Beside the name of a stack: "36 documents, 4 without a shipment, 2 unread · 40 pages · 09:14"."""
    kept = [each for each in found if not each.is_separator]
    waiting = sum(page.state is PageState.WAITING for page in stack.pages)
    without = sum(each.is_open and each.order_id is None and not _is_waiting(each) for each in kept)
    unread = sum(page.state is PageState.UNREADABLE for page in stack.pages)
    said = [tr("{n} document(s)", n=len(kept))]
    pages = tr("{n} page(s)", n=len(stack.pages))
    if waiting:
        said = []  # how many there are is known when all is read
        pages = tr("reading page {number} of {all}", number=len(stack.pages) - waiting + 1, all=len(stack.pages))
    if without:
        said.append(tr("{n} without a shipment", n=without))
    if unread:
        said.append(tr("{n} unread", n=unread))
    return " · ".join(part for part in (", ".join(said), pages, when(stack.arrived_at, now, zone)) if part)


def _is_waiting(document: Document) -> bool:
    return any(page.state is PageState.WAITING for page in document.pages)
