"""What stands in the list when there is nothing in it: a sentence for each view, for a search, and for the first read."""

from typing import Final, NamedTuple

from zendera_desk.domain.views import Filter, View, Wanted
from zendera_desk.gui.shipments.filterwords import filter_words
from zendera_desk.gui.words import mark, tr


class Nothing(NamedTuple):
    icon: str
    title: str
    text: str


_VIEWS: Final = {
    View.TO_ACCEPT: Nothing("inbox", mark("Nothing to accept"), mark("New shipments appear here by themselves.")),
    View.TO_REPORT: Nothing("truck", mark("Nothing to report"), mark("Accepted shipments stand here until each stop is reported.")),
    View.NEEDS_ME: Nothing(
        "circle-check", mark("Nothing needs you"), mark("What Zendera refused, and what only you can decide, comes here.")
    ),
    View.DIFFERENCES: Nothing(
        "circle-check", mark("Nothing differs"), mark("Where the product feed does not fit what was reported, the shipment comes here.")
    ),
    View.TODAY: Nothing("calendar", mark("Nothing happened today yet"), mark("What comes, changes or is sent today stands here.")),
    View.ALL: Nothing("package", mark("No shipments yet"), mark("They appear here once Zendera has marked some for export.")),
}
READING: Final = Nothing("hourglass", mark("Reading the shipments"), "")


def nothing(view: Wanted, text: str) -> Nothing:
    """In the person's words. A search that finds nothing says where it looked: everywhere."""
    if text:
        where = tr("Looked in the numbers, names, places, phones, barcodes, comments and signees of all shipments. Esc clears the search.")
        return Nothing("search", tr("Nothing found for “{text}”", text=text), where)
    if isinstance(view, Filter):
        return Nothing("list-filter", tr("Nothing in this view"), filter_words(view))
    found = _VIEWS[view]
    return Nothing(found.icon, tr(found.title), tr(found.text))
