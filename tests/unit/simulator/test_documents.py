"""The simulated Documents API: an address for one time, and links that lead to something."""

from datetime import timedelta

import httpx
import pytest

from zendera_desk.simulator.running import RunningSimulator

JPEG = b"\xff\xd8\xffpixels"


def ask(line: httpx.Client) -> dict[str, str]:
    answer = line.post("v1/documents", json={"extension": "jpg"})
    assert answer.status_code == 200
    offer: dict[str, str] = answer.json()
    return offer


def put(url: str, content: bytes = JPEG, **headers: str) -> int:
    return httpx.put(url, content=content, headers=headers, trust_env=False).status_code


def report(line: httpx.Client, running: RunningSimulator, link: str) -> httpx.Response:
    order = running.world.waiting()[0]
    running.world.accept(order)
    info = {"date": "2026-06-11T06:00:00Z", "comment": "", "pictures": [link]}
    return line.post("v1/exported-order/update", json={"orderId": order, "status": "DAMAGE", "location": "DELIVERY", "damageInfo": info})


def test_an_address_takes_bytes_once(line: httpx.Client, running: RunningSimulator) -> None:
    offer = ask(line)
    assert [put(offer["upload_url"]), put(offer["upload_url"])] == [200, 403]
    (document,) = running.ledger.documents()
    assert (document.document_id, document.size) == (offer["document_id"], len(JPEG))


def test_an_address_has_its_time(line: httpx.Client, running: RunningSimulator) -> None:
    offer = ask(line)
    running.world.advance(running.world.now() + timedelta(hours=1))
    assert put(offer["upload_url"]) == 403
    assert running.ledger.documents()[0].put_at is None


def test_the_storage_refuses_whoever_shows_it_a_key(line: httpx.Client, running: RunningSimulator) -> None:
    assert put(ask(line)["upload_url"], Authorization=f"apikey {running.key}") == 400


def test_a_link_leads_to_what_was_put_there(line: httpx.Client, running: RunningSimulator) -> None:
    offer = ask(line)
    put(offer["upload_url"])
    assert report(line, running, offer["download_url"]).status_code == 200
    (row,) = running.ledger.applied(kind="report")
    assert row.summary["pictures"] == [
        {"size": len(JPEG), "sha256": running.ledger.documents()[0].sha256, "document": offer["document_id"]}
    ]


@pytest.mark.parametrize("link", ["https://files.example/1.jpg", "the offer's"])
def test_a_report_with_a_link_that_leads_to_nothing_is_refused(line: httpx.Client, running: RunningSimulator, link: str) -> None:
    offer = ask(line)
    answer = report(line, running, link if link.startswith("https") else offer["download_url"])
    assert answer.status_code == 400
    assert not running.ledger.applied(kind="report")


@pytest.mark.parametrize("body", [{}, {"extension": "exe"}, {"extension": ["jpg"]}, {"extension": "jpg", "name": "x"}])
def test_a_document_of_another_kind_is_refused(line: httpx.Client, body: dict[str, object]) -> None:
    assert line.post("v1/documents", json=body).status_code == 400


def test_the_control_path_shows_what_was_put_where(line: httpx.Client, running: RunningSimulator) -> None:
    put(ask(line)["upload_url"])
    ask(line)
    rows = httpx.get(f"{running.control_url}documents", trust_env=False).json()["documents"]
    assert [row["put_at"] is not None for row in rows] == [True, False]
