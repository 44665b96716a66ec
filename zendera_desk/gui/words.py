"""Every text for a person goes through `tr`, from the first line on: five languages come.

All texts share one context, because the same word should be translated once. Texts are written in English, with named
values in braces. Where a number decides the form, it is given as `n`, and English writes its two forms in place:

    tr("{n} shipment(s) accepted", n=count)
    tr("{n} (entry needs|entries need) you", n=count)
    tr("Retry at {time}", time=when(entry.next_at, now))

Other languages have their own number of forms; there Qt's translator picks the form, and the marks are not needed.

There are no translations yet. Whoever makes them must know: a text in a table is wrapped in `mark`, so that it can be found
although `tr` gets a variable later, and `pyside6-lupdate` alone does not find the texts. It takes the enclosing class for
the context, and sees neither `mark` nor `n`. So the literals of `tr(` and `mark(` have to be written first, by their syntax
tree, as lines of `QT_TRANSLATE_NOOP("ZenderaDesk", "…")` (`QT_TRANSLATE_N_NOOP` where `n` is given) to a C++ file that it reads.

Before there is an application, and without a translator, the English source is what is shown.
"""

import re
from typing import Final

from PySide6.QtCore import QCoreApplication

CONTEXT: Final = "ZenderaDesk"

_FORMS: Final = re.compile(r"\(([^()|]*)\|([^()|]*)\)")


def mark(text: str) -> str:
    """The text itself: says to extraction that it will be translated where it is used."""
    return text


def tr(text: str, /, n: int | None = None, **values: object) -> str:
    """The text in the person's language, with `n` and the named values put in. Values are never translated or interpreted."""
    if n is None:
        made = QCoreApplication.translate(CONTEXT, text)
        return made.format(**values) if values else made
    made = QCoreApplication.translate(CONTEXT, text, None, n)
    return _numbered(made, n).format(n=n, **values)


def _numbered(text: str, n: int) -> str:
    if "(" not in text:
        return text
    return _FORMS.sub(lambda found: found[1 if n == 1 else 2], text.replace("(s)", "(|s)"))
