"""Consignment notes that look like real ones, made anew from a seed: printed, signed, stamped, scanned badly or photographed.

No paper of real people may be in a program. Whoever needs pages (tests, the bench, the tour) makes them here.
"""

from support.notes.facts import Facts, facts
from support.notes.paper import note
from support.notes.stacks import pdf, separator, tiff

__all__ = ["Facts", "facts", "note", "pdf", "separator", "tiff"]
