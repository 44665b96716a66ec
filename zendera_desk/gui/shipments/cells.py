"""What a row of the shipments table answers to Qt, worded once when it is read: a repaint asks seven times for each visible cell."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon

from zendera_desk.domain.ids import OrderId
from zendera_desk.domain.views import ShipmentLine
from zendera_desk.gui.columns import COLUMNS, Align, differing, marks, tip, told
from zendera_desk.gui.icons import icon
from zendera_desk.gui.labels import Label
from zendera_desk.gui.widgets.plain import plain_tip

# Plain integers: comparing with a Qt enum in data() costs more than all the rest of it.
DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_DECORATION: Final = int(Qt.ItemDataRole.DecorationRole)
_TOOL_TIP: Final = int(Qt.ItemDataRole.ToolTipRole)
ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)
_ACCESSIBLE: Final = int(Qt.ItemDataRole.AccessibleTextRole)
ORDER_ROLE: Final = int(Qt.ItemDataRole.UserRole)
"""The order id of the row, as a whole Python integer."""
LINE_ROLE: Final = ORDER_ROLE + 1
"""The `ShipmentLine` of the row, or None while it is not read yet."""
MARKS_ROLE: Final = ORDER_ROLE + 2
"""The marks of the state, or of what differs, for the delegate that paints them."""

_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
ALIGNMENTS: Final = tuple(_RIGHT if column.align is Align.RIGHT else _LEFT for column in COLUMNS)
KEYS: Final = tuple(column.key for column in COLUMNS)
STATE: Final = KEYS.index("state")
DIFFERING: Final = KEYS.index("differing")
WIDTH: Final = len(COLUMNS)


class Row(NamedTuple):
    line: ShipmentLine | None
    texts: tuple[str, ...]
    marks: tuple[Label, ...]
    differing: tuple[Label, ...] = ()

    def marks_in(self, column: int) -> tuple[Label, ...]:
        return self.marks if column == STATE else self.differing if column == DIFFERING else ()


GONE: Final = Row(None, ("",) * WIDTH, ())
"""An id whose row the store no longer has: shown empty, and not asked for again."""


def worded(line: ShipmentLine, now: datetime) -> Row:
    return Row(line, tuple(column.text(line, now) for column in COLUMNS), marks(line, now), differing(line))


def counted_down(row: Row, line: ShipmentLine, now: datetime) -> Row:
    """A second later: of a row that is held the state reads otherwise, and nothing else. A morning's shipments are accepted at once, and
    worded whole each second they would keep the window from a click."""
    found = marks(line, now)
    return row._replace(texts=(*row.texts[:STATE], told(found), *row.texts[STATE + 1 :]), marks=found)


def unread(order_id: OrderId, column: int, role: int) -> object:
    """A row that is not read yet shows its number, so that nothing jumps when the rest comes."""
    if role == ORDER_ROLE:
        return order_id
    return str(order_id) if role in {DISPLAY, _ACCESSIBLE} and column == 0 else None


def _tip(_order_id: OrderId, row: Row, column: int) -> str | None:
    return plain_tip(tip(row.line, KEYS[column], row.texts[column])) if row.line else None


def _decoration(_order_id: OrderId, row: Row, column: int) -> QIcon | None:
    return icon(found[0].icon, found[0].tone) if (found := row.marks_in(column)) else None


ANSWERS: Final[dict[int, Callable[[OrderId, Row, int], object]]] = {
    DISPLAY: lambda _order_id, row, column: row.texts[column],
    ALIGNMENT: lambda _order_id, _row, column: ALIGNMENTS[column],
    _DECORATION: _decoration,
    _TOOL_TIP: _tip,
    _ACCESSIBLE: lambda _order_id, row, column: row.texts[column],
    ORDER_ROLE: lambda order_id, _row, _column: order_id,
    LINE_ROLE: lambda _order_id, row, _column: row.line,
    MARKS_ROLE: lambda _order_id, row, column: row.marks_in(column),
}
"""What is answered at all. Everything else Qt asks (fonts, brushes, check marks) is turned away by the first line of data()."""
