"""What the pictures of the open form suggest, put beside its fields: read once a picture, shown until taken, and never taken by itself.

What was taken says where it is from, as long as nobody types over it. That is told by comparing, not by remembering: it holds
after a restart too, and where the draft was kept, no word is about a photo.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import Final

from PySide6.QtCore import QObject, Signal

from zendera_desk.domain import suggestions
from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.ids import PictureId
from zendera_desk.domain.paper import PictureFacts
from zendera_desk.domain.report import Picture
from zendera_desk.domain.rules import Problem
from zendera_desk.domain.shipment import Coordinates
from zendera_desk.domain.suggestions import Known, PositionSuggestion, Source, TimeSuggestion
from zendera_desk.gui.format import visible, when
from zendera_desk.gui.report.form import ReportForm
from zendera_desk.gui.report.needs import FactsDesk
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.widgets.time_field import offset
from zendera_desk.gui.words import tr

TIME_KEY: Final = "Alt+T"
POSITION_KEY: Final = "Alt+P"


class PictureHints(QObject):
    learned = Signal()
    """More is known about the pictures than before: what is shown is to be shown again."""

    def __init__(self, desk: FactsDesk, spawn: Spawn, form: ReportForm, now: Callable[[], datetime], zone: tzinfo) -> None:
        super().__init__(form)
        self._desk, self._spawn, self._form, self._now, self._zone = desk, spawn, form, now, zone
        self._facts: dict[PictureId, PictureFacts] = {}
        self._asked: set[PictureId] = set()
        self._known: Known = ()
        self._time: TimeSuggestion | None = None
        self._position: PositionSuggestion | None = None
        form.offers["time"].taken.connect(self.take_time)
        form.offers["position"].taken.connect(lambda _choice: self.take_position())

    def show_for(self, pictures: Sequence[Picture], chosen: Picture | None) -> None:
        """The picture that is looked at counts first, then the others in their order."""
        for picture in pictures:
            if picture.id not in self._asked:
                self._asked.add(picture.id)
                self._spawn(self._learn(picture.id), "read what a picture says")
        order = sorted(pictures, key=lambda picture: picture != chosen)
        self._known = [(picture, self._facts[picture.id]) for picture in order if picture.id in self._facts]
        self._time = suggestions.suggested_time(self._known, self._now(), self._zone)
        self._position = suggestions.suggested_position(self._known)
        self._show_time()
        self._show_position()

    def notes(self, address: Coordinates | None) -> list[Problem]:
        """What is worth a note and stops nothing."""
        metres = suggestions.far_from(self._known, address)
        if metres is None:
            return []
        return [Problem(field="pictures", code="photo_far", blocks=False, values=(("distance", far(metres)),))]

    def take_time(self, choice: int = 0) -> None:
        if self._time is None or not self._form.offers["time"].has_choices:
            return
        if self._time.day is None:
            self._form.take({"time": self._time.texts(self._now(), self._zone)[choice]})
            return
        self._form.take({"time": suggestions.with_day(self._time.day, self._form.time.text(), self._now(), self._zone)})
        self._form.time.setFocus()  # the hour is still to be typed

    def take_position(self) -> None:
        if self._position is not None and self._form.offers["position"].has_choices:
            self._form.take(dict(zip(("latitude", "longitude"), self._position.texts, strict=True)))

    async def _learn(self, picture: PictureId) -> None:
        try:
            self._facts[picture] = await self._desk.picture_facts(picture)
        except DeskError:  # the picture says so itself, where it is shown; it is known by its name alone
            self._facts[picture] = PictureFacts()
        self.learned.emit()

    def _show_time(self) -> None:
        line, found = self._form.offers["time"], self._time
        if found is None:
            line.withdraw()
            return
        texts = found.texts(self._now(), self._zone)
        pinned = self._form.time.pinned()
        if pinned in texts or (found.day is not None and pinned.startswith(f"{found.day:%d.%m.%y} ") and self._form.time.echo()):
            self._say_taken("time", {"time"}, _origin(found.source, found.picture))
            return
        tip = tr("{key} puts it into the field", key=TIME_KEY)
        if found.day is not None:
            day = tr("{day} {origin}, without an hour", day=f"{found.day:%d.%m.%y}", origin=_origin(found.source, found.picture))
            line.offer(day, [tr("Use this day  {key}", key=TIME_KEY)], tip)
            return
        words = f"{when(found.moments[0], self._now(), self._zone)} {_origin(found.source, found.picture)}"
        if len(texts) > 1:
            line.offer(
                tr("{time} · the hour came twice, which is it?", time=words),
                [offset(moment.astimezone(self._zone)) for moment in found.moments],
                tip,
            )
        else:
            assumed = tr("{time} · this desk's zone", time=words) if found.zone_assumed else words
            line.offer(assumed, [tr("Use  {key}", key=TIME_KEY)], tip)

    def _show_position(self) -> None:
        line, found = self._form.offers["position"], self._position
        if found is None:
            line.withdraw()
            return
        texts = tuple(self._form.texts[name].text() for name in ("latitude", "longitude"))
        origin = _origin(Source.PHOTO, found.picture)
        if texts == found.texts:
            self._say_taken("position", {"latitude", "longitude"}, origin)
        else:
            words = f"{', '.join(found.texts)} {origin}"
            line.offer(words, [tr("Use  {key}", key=POSITION_KEY)], tr("{key} puts it into the fields", key=POSITION_KEY))

    def _say_taken(self, line: str, fields: set[str], origin: str) -> None:
        """It stands in the field already: by a person's own keys, or taken from here."""
        if fields & self._form.by_hand:
            self._form.offers[line].withdraw()
        else:
            self._form.offers[line].offer(origin, ())


def far(metres: float) -> str:
    if metres < 995:
        return tr("{metres} m", metres=round(metres / 10) * 10)
    return tr("{km} km", km=f"{metres / 1000:.1f}" if metres < 9_950 else f"{metres / 1000:.0f}")


def _origin(source: Source, picture: Picture) -> str:
    name = visible(picture.name)
    if source is Source.FILE_NAME:
        return tr("from the file name {name}", name=name)
    return tr("from the photo {name}", name=name) if name else tr("from the pasted photo")
