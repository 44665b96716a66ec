"""Which shipments Zendera waits for an answer about: `may_accept` and `may_fail` (domain/standing.py) said to SQLite.

However many shipments there are, these are what came and was not answered yet. So whoever selected a hundred thousand is not asked
about each of them: these few are looked for among the selected.
"""

import sqlite3
from array import array
from typing import Final

from zendera_desk.domain.ids import AccountId
from zendera_desk.domain.outbox import Kind, State, Why
from zendera_desk.domain.standing import STRIKES
from zendera_desk.domain.views import Phase

_WAITING: Final = f"""
    select order_id from shipment indexed by shipment_to_accept where account = :account and to_accept = 1
    union
    select s.order_id from entry e indexed by entry_unshown
        cross join shipment s on s.account = e.account and s.order_id = e.order_id and s.entry_id = e.id
        where e.account = :account and e.state = 'sent' and e.code in ('no_evidence', 'still_offered') and e.code = '{Why.STILL_OFFERED}'"""
"""What the indexes are of is said letter by letter."""
_FAILED: Final = f"""
    union
    select s.order_id from shipment s indexed by shipment_phase cross join entry e on e.id = s.entry_id
        where s.account = :account and s.phase = '{Phase.FAILED}' and s.strikes < {STRIKES}
        and e.kind = '{Kind.FAIL}' and e.state in ('{State.SENT}', '{State.CONFIRMED}')"""


def answerable(conn: sqlite3.Connection, account: AccountId, kind: Kind) -> "array[int]":
    """Their order ids, in no order."""
    rows = conn.execute(_WAITING + (_FAILED if kind is Kind.ACCEPT else ""), {"account": account})
    return array("q", (row[0] for row in rows))
