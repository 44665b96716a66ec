"""The same person in the grid of a report on many shipments: cells typed, pasted, filled down, cleared and undone, and what all
rows share. Imported in the program's process (drafts_child.py).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from random import Random
from typing import Any, Final

from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from prove.drafts_screen import Content
from zendera_desk.domain.bulk import CELLS, tidy
from zendera_desk.domain.ids import OrderId
from zendera_desk.gui.bulk.model import COLUMNS
from zendera_desk.gui.widgets.time_field import TimeField

LETTERS: Final = {"signee": "aelnors ", "time": "0123456789", "comment": "abcdefgh ", "exception": "abcdefgh "}
_LOOKS_UP: Final = (0.3, 1.6)
"""Seconds for which somebody looks up in the middle of a cell."""

Acts = Mapping[str, tuple[float, Callable[[], Awaitable[None]]]]
"""How often something is done, beside the others, and what it is."""
Press = Callable[[Callable[[], QWidget | None], Sequence[str]], Awaitable[None]]
"""Key by key into whatever the call gives; nothing when it gives nothing."""


class GridTypist:
    """`press` presses keys and notes what each made; `rest` waits, in seconds."""

    def __init__(self, window: Any, rng: Random, press: Press, rest: Callable[[float], Awaitable[None]]) -> None:  # noqa: ANN401
        self._window, self._rng, self._press, self._rest = window, rng, press, rest

    def enter(self, orders: Sequence[OrderId]) -> None:
        self._window.bulk.begin(orders, None)

    def resume(self) -> None:
        self._window.bulk.resume()

    def is_open(self) -> bool:
        """And its rows, as many as there are, are shown."""
        return bool(self._panel.isVisible()) and self._panel.model.rowCount() == len(self._panel.draft().rows)

    def has_rows(self) -> bool:
        return bool(self._panel.model.rowCount())

    @property
    def _panel(self) -> Any:  # noqa: ANN401 (imported when its module is: not before the list)
        return self._window.bulk.panel

    @property
    def _editor(self) -> QWidget | None:
        """The cell that is open. One that was left is hidden, and destroyed a moment later."""
        cells = self._panel.grid.viewport().findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return next((each for each in cells if each.objectName() in CELLS and not each.isHidden()), None)

    def on_screen(self) -> Content:
        """What a person sees: cells as they are kept, and in the one that is open what is typed in it."""
        panel, shared = self._panel, self._panel.shared
        return {
            "rows": {str(row.order_id): self._row(place) for place, row in enumerate(panel.draft().rows)},
            "shared": {
                "status": shared.status.choice(),
                "stop": shared.stop.choice(),
                "time": shared.time.pinned(),
                "comment": shared.comment.toPlainText(),
                "contactless": shared.contactless.isChecked(),
            },
        }

    def _row(self, place: int) -> dict[str, str]:
        model, current = self._panel.model, self._panel.grid.currentIndex()
        row = {name: str(model.index(place, COLUMNS.index(name)).data(Qt.ItemDataRole.EditRole)) for name in CELLS}
        if current.row() == place and (editor := self._editor) is not None:
            row[editor.objectName()] = tidy(editor.objectName(), _typed(editor))
        return row

    @property
    def acts(self) -> Acts:
        return {
            "cell": (50, self._type_into_a_cell),
            "type and stay": (0, self._type_and_stay),
            "paste": (8, self._paste),
            "fill down": (8, self._fill_down),
            "undo": (4, self._undo),
            "clear": (2, self._clear),
            "shared": (14, self._type_what_is_shared),
            "choose": (4, self._choose),
        }

    async def _type_into_a_cell(self) -> None:
        """And leave it by Enter, by Tab or by Esc; or look up before that, with the cell open."""
        name = self._stand_somewhere()
        await self._open_with(self._rng.choice(LETTERS[name].strip()))
        await self._press(lambda: self._editor, self._rng.choices(LETTERS[name], k=self._rng.randint(1, 10)))
        if self._rng.random() < 0.2:
            await self._rest(self._rng.uniform(*_LOOKS_UP))
        if (editor := self._editor) is not None:
            QTest.keyClick(editor, self._rng.choice((Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Escape)))

    async def _type_and_stay(self) -> None:
        """A word in a cell, a comment for all, and then a cell that is not left."""
        self._stand_somewhere("comment")
        await self._open_with("a")
        QTest.keyClick(self._editor or self._panel.grid, Qt.Key.Key_Return)
        await self._type_for_all("comment", 8)
        self._stand_somewhere("comment")
        await self._open_with("a")
        await self._press(lambda: self._editor, self._rng.choices(LETTERS["comment"], k=1_000))

    async def _open_with(self, letter: str) -> None:
        await self._press(lambda: self._editor or self._panel.grid, letter)

    def _stand_somewhere(self, name: str = "") -> str:
        """In a cell of this name, or in any."""
        grid = self._panel.grid
        name = name or self._rng.choice([name for name in CELLS if not grid.isColumnHidden(COLUMNS.index(name))])
        grid.setFocus(Qt.FocusReason.OtherFocusReason)
        grid.choose(self._rng.randrange(self._panel.model.rowCount()), name)
        return name

    async def _paste(self) -> None:
        self._stand_somewhere()
        lines = ["\t".join(f"{word} {self._rng.randrange(1000)}" for word in ("Vik", "Lie")) for _ in range(self._rng.randint(1, 3))]
        QGuiApplication.clipboard().setText("\r\n".join(lines))
        QTest.keyClick(self._panel.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    async def _fill_down(self) -> None:
        self._stand_somewhere()
        grid = self._panel.grid
        for row in range(grid.currentIndex().row(), self._panel.model.rowCount()):
            grid.selectionModel().select(grid.currentIndex().siblingAtRow(row), QItemSelectionModel.SelectionFlag.Select)
        QTest.keyClick(grid, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)

    async def _undo(self) -> None:
        self._panel.grid.undo()

    async def _clear(self) -> None:
        self._stand_somewhere()
        QTest.keyClick(self._panel.grid, Qt.Key.Key_Delete)

    async def _type_what_is_shared(self) -> None:
        await self._type_for_all(self._rng.choice(("time", "comment")), self._rng.randint(1, 8))

    async def _type_for_all(self, name: str, count: int) -> None:
        field = getattr(self._panel.shared, name)
        field.setFocus(Qt.FocusReason.TabFocusReason)
        if name == "time" and len(field.text()) > 10:
            field.selectAll()
        await self._press(lambda: field, self._rng.choices(LETTERS[name], k=count))

    async def _choose(self) -> None:
        shared = self._panel.shared
        self._rng.choice([*shared.status.buttons(), *shared.stop.buttons()]).click()
        if self._rng.random() < 0.3 and not shared.contactless.isHidden():
            shared.contactless.click()


def _typed(editor: QWidget) -> str:
    """A time means what its echo says."""
    if isinstance(editor, TimeField):
        return editor.pinned()
    if isinstance(editor, QPlainTextEdit):
        return editor.toPlainText()
    assert isinstance(editor, QLineEdit)
    return editor.text()
