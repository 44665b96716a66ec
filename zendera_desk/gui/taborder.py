"""The order in which Tab goes through a window whose parts are not built in that order.

Not read from Qt by `nextInFocusChain`: PySide takes what that returns for a child of what it was asked of. When the wrapper of that one
goes, all below is dead that Python did not make itself, as the actions of a menu, though Qt's objects live.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


@runtime_checkable
class Ordered(Protocol):
    """A part that is gone through in another order than its children were made in."""

    def in_order_of_tab(self) -> Iterable[QWidget]:
        """Parts of it. What it does not name comes after them."""
        ...


def tab_through(*parts: QWidget) -> None:
    """One part after the other."""
    seen: set[QWidget] = set()
    for one, other in pairwise(stop for part in parts for stop in _stops(part, seen)):
        QWidget.setTabOrder(one, other)


def _stops(part: QWidget, seen: set[QWidget]) -> Iterator[QWidget]:
    if part in seen:
        return
    seen.add(part)
    if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield part
    named = part.in_order_of_tab() if isinstance(part, Ordered) else ()
    children = (child for child in part.children() if isinstance(child, QWidget) and not child.isWindow())
    for each in (*named, *children):
        yield from _stops(each, seen)
