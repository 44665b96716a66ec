"""The day, played by itself through the real widgets: `zendera-desk --demo --tour DIR`.

It is what a person does, with keys and clicks, against the embedded simulator; at the end the simulator's ledger is
compared with what was done, and numbered screenshots are left. A difference, a stall-proof timeout or an unexpected
trouble on screen makes it fail: the exit code is 1 and the reason is printed.
"""

from zendera_desk.tour.day import play

__all__ = ["play"]
