"""The identities that run through every layer.

Zendera's ids are int64 from end to end. Qt's `Signal(int)` is 32-bit: signals that carry ids are declared `Signal(object)`.
"""

from typing import Final, NewType

AccountId = NewType("AccountId", str)
"""Ours: which Zendera organisation a row belongs to. Rows of different accounts never mix."""

OrderId = NewType("OrderId", int)
"""Zendera's `orderId`."""

EntryId = NewType("EntryId", int)
"""Ours: one entry of the outbox."""

PictureId = NewType("PictureId", str)
"""Ours: of a picture that is sent as it came, the SHA-256, in hex, of its bytes as they came in; of a page of a file, or of one that
a person changed, the SHA-256 of what it was made of (store/pictures.py)."""

StackId = NewType("StackId", int)
"""Ours: what of paper came in at once."""

PageId = NewType("PageId", int)
"""Ours: one page of a stack."""

ViewId = NewType("ViewId", str)
"""Ours: one view of a person's own."""

INT64_MAX: Final = 2**63 - 1
"""The largest id that SQLite and Qt hold. A row of Zendera's that exceeds it is set aside, not rounded."""
