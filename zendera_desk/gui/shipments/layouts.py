"""The columns of each view: which, how wide, in which order, and by which the rows are sorted. Remembered for each view by itself."""

import base64

import msgspec


class Layouts:
    """Each a state that the table saved, and not looked into here."""

    def __init__(self, first: bytes) -> None:
        """`first`: of a view that nobody has changed yet."""
        self._first = first
        self._by_view: dict[str, bytes] = {}

    def note(self, view: str, state: bytes) -> None:
        self._by_view[view] = state

    def of(self, view: str, first: bytes = b"") -> bytes:
        """`first`: what a view of one's own was made with."""
        return self._by_view.get(view) or first or self._first

    def saved(self) -> bytes:
        return msgspec.json.encode({view: base64.b64encode(state).decode() for view, state in self._by_view.items()})

    def restore(self, saved: bytes) -> bool:
        """False, and nothing changed, where it cannot be read."""
        try:
            read = msgspec.json.decode(saved, type=dict[str, str])
            self._by_view = {view: base64.b64decode(state, validate=True) for view, state in read.items()}
        except (msgspec.MsgspecError, ValueError):
            return False
        return True
