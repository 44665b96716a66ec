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
"""Ours: the SHA-256, in hex, of the picture's bytes as they came in."""

INT64_MAX: Final = 2**63 - 1
"""The largest id that SQLite and Qt hold. A row of Zendera's that exceeds it is set aside, not rounded."""
