"""One measured thing beside its floor, and whether that is good enough."""

from typing import NamedTuple


class Figure(NamedTuple):
    name: str
    value: float
    floor: float
    aim: float
    of: str = "ratio"
    """What the aim is about: `ratio` or `value`."""
    least: bool = False
    """The aim is the least that will do, and not the most."""

    def line(self) -> dict[str, object]:
        ratio = self.value / self.floor if self.floor else None
        judged = self.value if self.of == "value" else ratio
        met = judged is not None and (judged >= self.aim if self.least else judged <= self.aim)
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "floor": round(self.floor, 3),
            "ratio": None if ratio is None else round(ratio, 2),
            "aim": self.aim,
            "met": met,
        }
