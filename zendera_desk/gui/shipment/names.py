"""Names that other programs gave to references and metadata, as words: "customerReference" is "Customer reference".

The name as it came stands in the tip of its caption, and among all fields.
"""

import re
from typing import Final

_WORD_ENDS: Final = re.compile(r"[\s_\-.]+|(?<=[a-z0-9æøåäöðþ])(?=[A-ZÆØÅÄÖÐÞ])|(?<=[A-Z])(?=[A-Z][a-z])")
_ABBREVIATION: Final = range(2, 4)
"""Letters: what is this short and in capitals is one, such as PO or COD."""


def in_words(name: str) -> str:
    """A name that is words already is left as it is."""
    if " " in name.strip():
        return name.strip()
    words = [word for word in _WORD_ENDS.split(name) if word]
    said = " ".join(word if word.isupper() and len(word) in _ABBREVIATION else word.lower() for word in words)
    return said[:1].upper() + said[1:]
