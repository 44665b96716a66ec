"""What was usual before, put to hand in the form: who may sign at this stop, and the currency that was used last."""

from datetime import datetime, tzinfo

from PySide6.QtCore import QObject

from zendera_desk.domain.errors import DeskError
from zendera_desk.domain.shipment import Shipment, StopKind
from zendera_desk.domain.suggestions import KnownName
from zendera_desk.gui.format import visible
from zendera_desk.gui.report.form import ReportForm
from zendera_desk.gui.report.needs import NamesDesk, ReportSettings
from zendera_desk.gui.spawn import Spawn
from zendera_desk.gui.words import tr


class Habits(QObject):
    def __init__(self, desk: NamesDesk, spawn: Spawn, form: ReportForm, settings: ReportSettings, zone: tzinfo) -> None:
        super().__init__(form)
        self._desk, self._spawn, self._form, self._settings, self._zone = desk, spawn, form, settings, zone
        self._shown: tuple[Shipment | None, StopKind] = (None, StopKind.DELIVERY)
        form.signee.offered.connect(self._say)

    def show_for(self, shipment: Shipment | None, stop: StopKind) -> None:
        if (shipment, stop) == self._shown:
            return
        self._shown = (shipment, stop)
        self._form.signee.know(())
        if shipment is not None:
            self._spawn(self._learn(shipment, stop), "look who may sign")

    async def _learn(self, shipment: Shipment, stop: StopKind) -> None:
        """A habit that cannot be read is none: nothing is lost but a few keys."""
        try:
            names = await self._desk.names_at(shipment, stop)
            currency = await self._desk.last_currency()
        except DeskError:
            return
        if self._shown == (shipment, stop):
            self._form.prefer_currency(currency or self._settings.currency)
            self._form.signee.know(names)

    def _say(self) -> None:
        """Under the field: why the name that is offered, or stands there, is known; else which are."""
        field, line = self._form.signee, self._form.about_signee
        words = full = ""
        if not field.isHidden():
            known = field.offer or field.known()
            if known is not None:
                words = why(known, self._zone)
                full = f"{visible(known.name)}: {words}"
                if field.offer is not None:  # the name itself stands in the field already, for those who see it
                    words, full = f"{tr('Tab takes it')} · {words}", f"{full} · {tr('Tab takes it')}"
            elif field.hasFocus() and not field.text() and field.names:
                words = tr("↓ {names}", names=", ".join(visible(each.name) for each in field.names))
        line.setText(words)
        line.setVisible(bool(words))
        field.setAccessibleDescription(full or words)


def why(known: KnownName, zone: tzinfo) -> str:
    said = [tr("contact of the order")] if known.is_contact else []
    if known.last_at is not None:
        said.append(tr("used here {times}, last {day}", times=_times(known.times), day=_day(known.last_at, zone)))
    return ", ".join(said)


def _times(times: int) -> str:
    return tr("once") if times == 1 else tr("{times} times", times=times)


def _day(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%d.%m.}"
