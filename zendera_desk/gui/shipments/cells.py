"""What a row of the shipments table says, worded once when it is read: it is painted many times."""

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
LINE_ROLE: Final = int(Qt.ItemDataRole.UserRole)
"""The `ShipmentLine` of the row, or None while it is not read yet."""

_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
ALIGNMENTS: Final = tuple(_RIGHT if column.align is Align.RIGHT else _LEFT for column in COLUMNS)
KEYS: Final = tuple(column.key for column in COLUMNS)
STATE: Final = KEYS.index("state")
DIFFERING: Final = KEYS.index("differing")
ACTIONS: Final = KEYS.index("actions")
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
    """A second later: of a row that is held the state reads otherwise, and nothing else."""
    found = marks(line, now)
    return row._replace(texts=(*row.texts[:STATE], told(found), *row.texts[STATE + 1 :]), marks=found)


def unread(order_id: OrderId) -> Row:
    """A row that is not read yet shows its number, so that nothing jumps when the rest comes."""
    return Row(None, (str(order_id), *GONE.texts[1:]), ())


def _tip(row: Row, column: int) -> str | None:
    return plain_tip(tip(row.line, KEYS[column], row.texts[column])) if row.line else None


def _decoration(row: Row, column: int) -> QIcon | None:
    return icon(found[0].icon, found[0].tone) if (found := row.marks_in(column)) else None


ANSWERS: Final[dict[int, Callable[[Row, int], object]]] = {
    DISPLAY: lambda row, column: row.texts[column],
    ALIGNMENT: lambda _row, column: ALIGNMENTS[column],
    _DECORATION: _decoration,
    _TOOL_TIP: _tip,
    _ACCESSIBLE: lambda row, column: row.texts[column],
    LINE_ROLE: lambda row, _column: row.line,
}
"""What is answered at all. Everything else Qt asks (fonts, brushes, check marks) is turned away by the first line of data()."""
