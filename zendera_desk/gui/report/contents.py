"""What stands in the parts of the form, as one draft; and a draft, shown in them."""

import msgspec

from zendera_desk.domain.report import Draft
from zendera_desk.gui.report.arriving import ArrivingPictures
from zendera_desk.gui.report.page import ReportPage


class Contents:
    def __init__(self, page: ReportPage, pictures: ArrivingPictures) -> None:
        self._page, self._pictures = page, pictures
        self._answers = Draft()
        """Of the draft that was shown: which entry it corrects, or takes the place of. No field says so."""

    def draft(self) -> Draft:
        page = self._page
        draft = page.form.draft(page.status.choice(), page.stop.choice(), page.pane.pictures())
        return msgspec.structs.replace(
            draft, corrects=self._answers.corrects, instead_of=self._answers.instead_of, collected=page.cash.collected.isChecked()
        )

    def show(self, draft: Draft, but: frozenset[str] = frozenset()) -> None:
        """`but`: fields that stay as they are, because somebody types in them."""
        page = self._page
        page.status.choose(draft.status)
        page.stop.choose(draft.stop)
        self._answers = draft
        if "collected" not in but:
            page.cash.collected.setChecked(draft.collected)
        page.form.show_draft(draft, but)
        self._pictures.show(draft.pictures)
