"""What Zendera answered that it took, and does not show: nothing moves it on but a person, or Zendera showing it after all."""

import sqlite3
from typing import Final

from zendera_desk.domain.ids import AccountId

ANSWERED_ANEW: Final = """(e.kind <> 'report' and exists (
    select 1 from entry newer where newer.account = e.account and newer.order_id = e.order_id and newer.id > e.id
        and newer.kind <> 'report' and newer.state not in ('refused', 'taken_back', 'dropped')))"""
"""An order is accepted or failed by its last answer, as in `domain.standing`: those before it ask nothing of a person any more."""

UNSHOWN: Final = "e.state = 'sent' and e.code in ('no_evidence', 'still_offered')"
"""As `Entry.is_unshown`."""


def count(conn: sqlite3.Connection, account: AccountId) -> int:
    """How many of them a person must look at."""
    row = conn.execute(f"select count(*) from entry e where e.account = ? and {UNSHOWN} and not {ANSWERED_ANEW}", (account,))
    return int(row.fetchone()[0])
