"""How pictures are prepared and how they travel. What counts is what is prepared from now on; sent bytes never change."""

from typing import Final

from PySide6.QtCore import QObject, Signal

from zendera_desk.domain.preparing import LONGEST, MOST, QUALITY
from zendera_desk.domain.views import Account
from zendera_desk.gui.settings.rows import MegabyteField, NumberField, Rows
from zendera_desk.gui.widgets.choice import ChoiceField
from zendera_desk.gui.widgets.plain import PlainLabel
from zendera_desk.gui.words import mark, tr
from zendera_desk.settings import Settings, bounds

_WAYS: Final = (("inline", mark("Inside the report")), ("links", mark("As links")))


class PictureRows(QObject):
    changed = Signal(object)
    """Settings by name: dict[str, object]."""

    def __init__(self, settings: Settings, account: Account | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._by, self._account = settings.pictures_by, account
        self._way: ChoiceField | None = None
        if account is not None:
            ways = [(code, tr(words)) for code, words in _WAYS]
            self._way = ChoiceField("sendPictures", ways, self._by.get(account.id, "inline"))
            self._way.currentIndexChanged.connect(lambda _index: self._travel())
        self._longest = NumberField("longestSide", settings.picture_longest, *bounds("picture_longest"), tr(" px"))
        self._longest.setSingleStep(100)
        self._quality = NumberField("jpegQuality", settings.picture_quality, *bounds("picture_quality"))
        self._quality.setSingleStep(5)
        self._most = MegabyteField("greatestSize", settings.picture_most, *bounds("picture_most"))
        self._longest.valueChanged.connect(lambda pixels: self.changed.emit({"picture_longest": pixels}))
        self._quality.valueChanged.connect(lambda quality: self.changed.emit({"picture_quality": quality}))
        self._most.valueChanged.connect(lambda _tenths: self.changed.emit({"picture_most": self._most.size_in_bytes}))

    def lay_into(self, rows: Rows) -> None:
        rows.section(tr("Pictures"))
        if self._way is not None:
            rows.add(tr("Send pictures"), self._way, tr("As links, they are uploaded first. What is on its way stays as it is."))
        of_side = tr(
            "Usual: {usual}. Small print is hard to read below {low}; more than {high} only takes longer to send.",
            usual=LONGEST,
            low=1200,
            high=2400,
        )
        rows.add(tr("Longest side"), self._longest, of_side)
        of_quality = tr("Usual: {usual}. Writing frays below 60; above 90 a picture gets heavier and shows nothing more.", usual=QUALITY)
        rows.add(tr("JPEG quality"), self._quality, of_quality)
        of_size = tr(
            "Usual: {usual} MB. A picture that would be larger gets a lower quality, then fewer pixels.", usual=f"{MOST / 1_000_000:.1f}"
        )
        rows.add(tr("Greatest size"), self._most, of_size)
        note = tr("These three count for what is added or changed from now on. Pictures that are prepared already stay as they are.")
        rows.add_note(PlainLabel(note, role="small", wrap=True))

    def _travel(self) -> None:
        if self._account is not None and self._way is not None:
            self._by = {**self._by, self._account.id: self._way.currentData()}
            self.changed.emit({"pictures_by": self._by})
