"""The comment field: as tall as its text, up to a bound, and nothing stands over its words."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QRect

from zendera_desk.gui.report import ReportPanel

Until = Callable[[Callable[[], object]], Awaitable[None]]
LONG = "Delivery: Armchair NM-3-2 removed after completed; Table top NM-3-3 completed, then pending again. " * 2


async def test_a_comment_grows_with_its_text_so_that_a_difference_is_read_whole(form: ReportPanel, until: Until) -> None:
    form.resize(820, 330)
    comment = form.form.comment
    await until(lambda: comment.height() == comment.minimumSizeHint().height())
    low = comment.height()

    comment.setPlainText(LONG)

    await until(lambda: comment.height() > low)
    comment.clear()
    await until(lambda: comment.height() == low)


async def test_a_very_long_comment_scrolls_and_pushes_no_field_out_of_sight(form: ReportPanel, until: Until) -> None:
    comment = form.form.comment
    comment.setPlainText("a line\n" * 4)
    asked = comment.minimumSizeHint().height()

    comment.setPlainText("a line\n" * 40)

    assert comment.minimumSizeHint().height() == asked


async def test_the_button_for_ready_comments_stands_beside_the_words(form: ReportPanel) -> None:
    comment = form.form.comment
    button = form._ready.button
    words = QRect(comment.viewport().pos(), comment.viewport().size())
    assert button.isVisible()
    assert not words.intersects(button.geometry())
