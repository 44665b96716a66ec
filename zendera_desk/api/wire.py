"""Zendera's JSON, both ways to the domain: what the rest of the program asks for, gathered from where it is made.

Reading is tolerant and never loses anything (`values` says how); writing is exact. The specification leaves much open:
the assumptions are in `shipments`, `feeds` and `payloads`, and nowhere else.
"""

from zendera_desk.api.feeds import read_feed, read_plain_feed, read_timeline
from zendera_desk.api.fields import Field, all_fields, differences
from zendera_desk.api.payloads import (
    accept_payload,
    fail_payload,
    join_acknowledgements,
    linked_payload,
    report_payload,
    with_links,
)
from zendera_desk.api.shipments import read_export, read_shipment
from zendera_desk.api.values import WireError

__all__ = [
    "Field",
    "WireError",
    "accept_payload",
    "all_fields",
    "differences",
    "fail_payload",
    "join_acknowledgements",
    "linked_payload",
    "read_export",
    "read_feed",
    "read_plain_feed",
    "read_shipment",
    "read_timeline",
    "report_payload",
    "with_links",
]
