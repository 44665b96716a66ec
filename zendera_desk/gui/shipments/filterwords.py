"""What a view of one's own shows, in words: in the tip of its chip, in its empty list, and in the bar where it is put together."""

from typing import Final

from zendera_desk.domain.views import Due, Filter
from zendera_desk.gui import labels
from zendera_desk.gui.format import visible
from zendera_desk.gui.words import mark, tr

LONGEST: Final = 30
"""Letters of a name."""
_DUES: Final = {
    Due.LATE: mark("Before today"),
    Due.TODAY: mark("Today"),
    Due.TOMORROW: mark("Tomorrow"),
    Due.WEEK: mark("In 7 days"),
}


def due(value: Due) -> str:
    return tr(_DUES[value])


def cod(value: bool) -> str:
    return tr("With COD") if value else tr("Without COD")


def conditions(wanted: Filter) -> list[str]:
    """One by one, without the fixed view that they narrow."""
    parts = []
    if wanted.words:
        parts.append(tr("“{words}”", words=visible(wanted.words)))
    if wanted.phase is not None:
        parts.append(labels.phase(wanted.phase).text)
    parts += [visible(text) for text in (wanted.service, wanted.place) if text]
    if wanted.due is not None:
        parts.append(tr("delivery {day}", day=due(wanted.due).lower()))
    if wanted.cod is not None:
        parts.append(cod(wanted.cod))
    return parts


def filter_words(wanted: Filter) -> str:
    """ "To report · 5000-5299 · With COD"."""
    return " · ".join([labels.view(wanted.view), *conditions(wanted)])


def suggested(wanted: Filter) -> str:
    """A name for it: the first thing that makes it a view of its own."""
    first = wanted.words or next(iter(conditions(wanted)), labels.view(wanted.view))
    return first[:LONGEST].strip()
