"""The order in which Tab goes through a window whose parts are not built in that order."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_through(*parts: QWidget) -> None:
    """One part after the other; inside each the order stays as it is."""
    stops = [stop for part in parts for stop in _stops(part)]
    for one, other in pairwise(stops):
        QWidget.setTabOrder(one, other)


def _stops(part: QWidget) -> Iterator[QWidget]:
    each: QWidget | None = part
    while each is not None:
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and (each is part or part.isAncestorOf(each)):
            yield each
        each = each.nextInFocusChain()
        if each is part:
            return
