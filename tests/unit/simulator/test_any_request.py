"""Whatever is asked, the simulator answers: it must never be the simulator that a test stumbles over."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from zendera_desk.simulator.answers import Request
from zendera_desk.simulator.server import Simulator
from zendera_desk.simulator.world import World

MORNING = datetime(2026, 6, 11, 6, 0, tzinfo=UTC)
FIRST = 4_710_001
PATHS = st.one_of(
    st.sampled_from(
        [
            "/api/v1/orders/export",
            "/api/v1/orders/export/status",
            "/api/v1/exported-order/update",
            "/api/v1/order-products/status-feed",
            "/api/v1/documents",
            "/storage/doc-1-00001",
            f"/api/v2/orders/{FIRST}/external-updates",
            *(f"/_simulator/{name}" for name in ("ledger", "requests", "world", "faults", "shipments", "changes", "corrections")),
        ]
    ),
    st.text(max_size=30),
)
WORDS = st.sampled_from(["COMPLETE", "DAMAGE", "FAILED", "EXPORTED_SUCCESSFULLY", "PICKUP", "DELIVERY", "2026-06-11T14:30:00Z"])
KEYS = st.sampled_from(
    ["create", "orderId", "status", "location", "failureReason", "completeInfo", "date", "pod", "pictures", "kind", "extension"]
)
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.just(FIRST), st.floats(allow_nan=False), WORDS, st.text(max_size=10))
DOCUMENTS = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=20)
BODIES = st.one_of(st.binary(max_size=60), DOCUMENTS.map(lambda document: json.dumps(document).encode()))
QUERIES = st.dictionaries(
    st.sampled_from(["page", "perPage", "since", "pagination_token", "order", "endpoint"]), st.text(max_size=25), max_size=3
)


@given(method=st.sampled_from(["GET", "POST", "DELETE", "PUT"]), path=PATHS, query=QUERIES, body=BODIES)
def test_every_request_gets_an_answer_that_is_json(method: str, path: str, query: dict[str, str], body: bytes) -> None:
    simulator = Simulator(World(1, lambda: MORNING, shipments=2, history=3))
    headers = (("authorization", "apikey simulator-key"), ("content-type", "application/json"))

    answer = simulator.answer(Request(method=method, path=path, query=query, headers=headers, body=body, client=("127.0.0.1", 1)))

    assert 200 <= answer.status < 500
    json.loads(answer.body)
