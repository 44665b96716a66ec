"""Zendera Desk: the office end of Zendera's order export, as a desktop program.

The map, each layer importing only what stands to its right (checked by import-linter):

    __main__ > cli > app | doctor > tour > gui | simulator > desk > engine >
    api | store | pictures | credentials > settings > logs | disk > domain | resources

A person's wish goes from a widget's signal through one method of `desk`, which writes intent (drafts, outbox) and
nothing else. The `engine` talks to Zendera by itself and writes what Zendera said. After each commit a change is
published, and the views read again. See the module docstrings for why each part is as it is.
"""

__version__ = "0.1.0"

READ_PICTURES = "read-pictures"
"""The hidden command with which the program starts itself, to have pictures decoded where a crash costs nothing (pictures/serve.py)."""
