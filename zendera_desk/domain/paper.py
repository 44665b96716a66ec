"""Paper on its way to a report: pages of scans and photos, what could be read on them, and how they fall into documents.

A stack is what came in at once: one PDF, one TIFF, some photos, what a scanner put into the watched folder. Its pages stay in
their order. `documents` says which pages belong together and to which shipment; it is pure, so that every page that goes in
comes out, whatever was read and whatever a person changed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Final

import msgspec

from zendera_desk.domain.ids import OrderId, PageId, StackId
from zendera_desk.domain.report import Picture
from zendera_desk.domain.shipment import Coordinates
from zendera_desk.domain.spelling import normal

SEPARATOR: Final = "ZENDERA-DESK:NEW-DOCUMENT"
"""In the QR code of the separator sheet that the program prints."""
_SEPARATORS: Final = frozenset({normal(SEPARATOR), "PATCHT"})
"""Patch-T is four bars that scanners know themselves; software prints its name in a barcode beside them."""


class Edits(msgspec.Struct, frozen=True, kw_only=True):
    """What a person changed about a picture. Applied to the upright original, in this order, each time anew: nothing adds up."""

    turn: int = 0
    """Degrees clockwise: 0, 90, 180 or 270."""
    crop: tuple[float, float, float, float] | None = None
    """Left, top, right, bottom of what stays, as parts (0 to 1) of the turned picture."""
    brightness: int = 0
    """-100 to 100; above 0 makes faint writing darker and paper whiter, below 0 lightens what is too dark."""

    def turned(self, degrees: int) -> "Edits":
        """Further by quarters, clockwise, with what is cropped: the same part of the paper stays."""
        quarters = degrees // 90 % 4
        crop = self.crop
        for _ in range(quarters):
            crop = crop and (1 - crop[3], crop[0], 1 - crop[1], crop[2])
        return msgspec.structs.replace(self, turn=(self.turn + 90 * quarters) % 360, crop=crop)

    def cropped(self, part: tuple[float, float, float, float]) -> "Edits":
        """Down to a part of what is left by now."""
        left, top, right, bottom = self.crop or (0.0, 0.0, 1.0, 1.0)
        across, down = right - left, bottom - top
        return msgspec.structs.replace(
            self, crop=(left + part[0] * across, top + part[1] * down, left + part[2] * across, top + part[3] * down)
        )


class PictureFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says about when and where it was taken. Suggestions for a person; never sent by themselves."""

    taken: datetime | None = None
    """As its clock showed: naive, unless the file gives the offset."""
    position: Coordinates | None = None
    """Never 0,0, which is what broken devices say."""


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """A barcode or QR code, or a word of a PDF's own text (`kind` "text")."""

    kind: str
    """code128, code39, itf, ean, qr, datamatrix, pdf417, text."""
    text: str

    @property
    def may_be_a_shipments(self) -> bool:
        """It is not the code of goods, not the address of somebody's web page, not a separator's, and not merely printed."""
        return self.kind not in {"ean", "text"} and "://" not in self.text and not self.parts_documents

    @property
    def parts_documents(self) -> bool:
        """It is on separator sheets, and on stickers of the same use."""
        return self.kind != "text" and normal(self.text) in _SEPARATORS


class Cut(StrEnum):
    """Whether a page starts a document: by what is read on it, or because a person said so."""

    AUTO = "auto"
    STARTS = "starts"
    FOLLOWS = "follows"


class PageState(StrEnum):
    WAITING = "waiting"
    """Not looked at yet."""
    READ = "read"
    UNREADABLE = "unreadable"
    """No picture could be made of it, or looking for codes came to no end. `Page.code` says why."""
    DROPPED = "dropped"
    """A person put it aside. It keeps its place in the stack and can be brought back, but belongs to no document."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One side of paper, or one photo."""

    id: PageId
    stack: StackId
    number: int
    """Within the file it came from, from 1."""
    name: str
    """Of that file; "" for what was pasted."""
    state: PageState = PageState.WAITING
    code: str = ""
    """Of the trouble (domain/errors.py), when unreadable."""
    picture: Picture | None = None
    """Upright, prepared; None until it is."""
    codes: tuple[Code, ...] = ()
    separator: bool = False
    """A sheet that only parts documents, by what is read on it. A person who says anything else about it makes it a page again."""
    is_paper: bool = False
    """A person said so of it, whatever is read."""
    matches: tuple[OrderId, ...] = ()
    """Shipments that its codes name, as far as they are here."""
    doubtful: bool = False
    """Only printed words name them, and a barcode beside them names no shipment that is here."""
    assigned: OrderId | None = None
    """By a person; counts more than what is read."""
    cut: Cut = Cut.AUTO
    filed: OrderId | None = None
    """The shipment whose draft or report has it; it no longer waits."""
    edits: Edits = Edits()
    """What a person changed about its picture."""
    seen_before: bool = False
    """The same file was here before, in a stack that has been filed or in a form."""
    arrived_at: datetime

    @property
    def is_open(self) -> bool:
        """It waits for a person; a separator waits for nobody."""
        return self.state is not PageState.DROPPED and self.filed is None and not self.separator

    @property
    def is_unread(self) -> bool:
        """What it names is not known, neither from its codes nor from a person."""
        unseen = self.picture is None if self.state is PageState.DROPPED else self.state is not PageState.READ
        return unseen and self.assigned is None

    @property
    def names(self) -> tuple[OrderId, ...]:
        """The shipments it may belong to by what it says itself. A person's word stands above what is read; a doubtful one is none."""
        if self.separator:
            return ()
        if self.assigned is not None:
            return (self.assigned,)
        return () if self.doubtful else self.matches


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """Pages that belong together, in their order; never empty."""

    pages: tuple[Page, ...]
    order_id: OrderId | None = None
    candidates: tuple[OrderId, ...] = ()
    """Whose it may be, where a person has to say it: several are named, or one by words that a barcode stands against."""

    @property
    def is_separator(self) -> bool:
        return self.pages[0].separator

    @property
    def is_unread(self) -> bool:
        return any(page.state in {PageState.WAITING, PageState.UNREADABLE} for page in self.pages)

    @property
    def is_open(self) -> bool:
        """Something of it still waits for a person."""
        return any(page.is_open for page in self.pages)

    @property
    def sendable(self) -> tuple[Page, ...]:
        """What of it goes into a report: neither separators, nor pages of which there is no picture, nor what is filed already."""
        return tuple(page for page in self.pages if page.is_open and page.picture is not None)


class Stack(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What came in at once, as it lies here. `dict`: its documents are found once, whoever asks for them."""

    id: StackId
    name: str
    arrived_at: datetime
    pages: tuple[Page, ...]
    """All of them in their order, dropped ones in their places."""
    refused: tuple[tuple[str, str], ...] = ()
    """Files of it that were not taken: name and code of the trouble. Files in = files shown."""
    refused_values: tuple[dict[str, str | int], ...] = ()
    """What the sentence about each of `refused` tells: how many pages it has, which stack has it already."""

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        return documents(self.pages)


class PaperCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in the tray."""

    waiting: int = 0
    """Pages that are not looked at yet."""
    ready: int = 0
    """Documents whose shipment is known."""
    unmatched: int = 0
    """Documents without a shipment, or with several to choose from; those with a page that is not looked at yet are not counted."""
    unread: int = 0
    """Pages that could not be read."""


def counts(stacks: Iterable[Stack]) -> PaperCounts:
    pages = [page for stack in stacks for page in stack.pages if page.is_open]
    found = [document for stack in stacks for document in stack.documents if document.is_open]
    return PaperCounts(
        waiting=sum(page.state is PageState.WAITING for page in pages),
        ready=sum(document.order_id is not None for document in found),
        unmatched=sum(
            document.order_id is None and all(page.state is not PageState.WAITING for page in document.pages) for document in found
        ),
        unread=sum(page.state is PageState.UNREADABLE for page in pages),
    )


def documents(pages: Sequence[Page]) -> tuple[Document, ...]:
    """The pages of one stack, in their order, as documents; each page that is not dropped is in exactly one.

    What a person said counts before what is read: a page that STARTS always does, and one that FOLLOWS belongs to the last page
    before it that is neither a separator nor dropped, with whatever lies between. A separator stands alone. Any other page starts
    a document behind a separator; when it carries a separator's code itself; when it, or the page before it, could not be read (what
    is unread may name another shipment); when it names a shipment other than the document's, or several among which a person must
    choose; and when it carries a number that no shipment here has and no page of the document carries: it may be a shipment's that is
    not here yet. Else it follows.

    A dropped page belongs to no document and names no shipment, but it still stands where it stood: what it kept apart does not
    grow together by itself.
    """
    parts: list[_Part] = []
    for page in pages:
        at = _place(page, parts)
        if at == len(parts):
            parts.append(_Part())
        for after in parts[at + 1 :]:
            parts[at].join(after)
        del parts[at + 1 :]
        parts[at].add(page)
    kept = ([page for page in part.pages if page.state is not PageState.DROPPED] for part in parts)
    return tuple(_document(part) for part in kept if part)


class _Part:
    """Pages that belong together, as far as they are gone through; what each further page is held against is kept beside them."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.numbers: set[str] = set()
        self.can_be_followed = False
        self._said: tuple[OrderId, ...] = ()
        self._read: tuple[OrderId, ...] = ()

    def add(self, page: Page) -> None:
        self.pages.append(page)
        self.numbers |= _own_numbers(page)
        self.can_be_followed = self.can_be_followed or not (page.separator or page.state is PageState.DROPPED)
        if page.assigned is not None:
            self._said = self._said or page.names
        self._read = self._read or page.names

    def join(self, after: "_Part") -> None:
        for page in after.pages:
            self.add(page)

    @property
    def names(self) -> tuple[OrderId, ...]:
        """What they are about: a person's first word, else what the first page says that says anything."""
        return self._said or self._read


def _place(page: Page, parts: Sequence[_Part]) -> int:
    """The part that the page belongs to, together with all after it; the number of parts where it starts one."""
    if page.cut is Cut.FOLLOWS and not page.separator:
        return next((at for at in reversed(range(len(parts))) if parts[at].can_be_followed), len(parts))
    return len(parts) if not parts or page.cut is Cut.STARTS or _starts(page, parts[-1]) else len(parts) - 1


def _starts(page: Page, before: _Part) -> bool:
    last = before.pages[-1]
    if page.separator or last.separator or page.is_unread or last.is_unread or any(code.parts_documents for code in page.codes):
        return True
    if page.names:
        return len(page.names) > 1 or page.names != before.names
    own = _own_numbers(page)
    return bool(own) and not own <= before.numbers


def _own_numbers(page: Page) -> frozenset[str]:
    return frozenset(code.text for code in page.codes if code.may_be_a_shipments)


def _document(pages: Sequence[Page]) -> Document:
    part = _Part()
    for page in pages:
        part.add(page)
    if len(part.names) == 1:
        return Document(pages=tuple(pages), order_id=part.names[0])
    doubtful = next((page.matches for page in pages if page.doubtful and not page.separator), ())
    return Document(pages=tuple(pages), candidates=part.names or doubtful)
