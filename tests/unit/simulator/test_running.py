"""The simulator as a server in its thread: it starts, lives, goes away, comes back, and leaves nothing behind."""

import json
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from zendera_desk.simulator.delivery import Connections
from zendera_desk.simulator.faults import Kind
from zendera_desk.simulator.running import RunningSimulator, demo
from zendera_desk.simulator.world import Tempo, World


def get(simulator: RunningSimulator, path: str, timeout: float = 5) -> httpx.Response:
    headers = {"Authorization": f"apikey {simulator.key}"}
    return httpx.get(simulator.base_url + path, headers=headers, trust_env=False, timeout=timeout)


def test_it_accepts_connections_when_start_returns(world: World) -> None:
    with RunningSimulator(world) as simulator:
        assert simulator.port > 0
        assert get(simulator, "v1/orders/export").json()["total"] == 8


def test_after_the_end_no_thread_is_left_and_nobody_answers(world: World) -> None:
    before = threading.active_count()
    with RunningSimulator(world, lively=True) as simulator:
        get(simulator, "v1/orders/export")

    assert threading.active_count() == before
    with pytest.raises(httpx.ConnectError):
        get(simulator, "v1/orders/export")


def test_it_comes_back_on_the_same_port_with_the_same_world(world: World) -> None:
    simulator = RunningSimulator(world)
    simulator.start()
    first_url = simulator.base_url
    world.accept(world.waiting()[0])
    simulator.stop()
    simulator.stop()

    with simulator:
        assert simulator.base_url == first_url
        assert get(simulator, "v1/orders/export").json()["total"] == 7


def test_a_port_that_is_taken_is_an_os_error(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        RunningSimulator(world, port=taken.getsockname()[1]).start()


def test_starting_twice_is_a_mistake(running: RunningSimulator) -> None:
    with pytest.raises(RuntimeError):
        running.start()


def test_a_lively_world_follows_its_clock_by_itself() -> None:
    times = [timedelta()]
    start = World().now()
    world = World(1, lambda: start + times[0], tempo=Tempo())
    with RunningSimulator(world, lively=True):
        before = world.change_count()
        times[0] = timedelta(minutes=10)
        until = time.monotonic() + 10
        while world.change_count() == before and time.monotonic() < until:
            threading.Event().wait(0.01)

    assert world.change_count() > before


def test_it_ends_at_once_although_an_answer_dawdles(running: RunningSimulator) -> None:
    running.faults.add(Kind.SLOW, seconds=60)
    errors: list[Exception] = []

    def wait_for_it() -> None:
        try:
            get(running, "v1/orders/export", timeout=60)
        except httpx.HTTPError as error:
            errors.append(error)

    waiting = threading.Thread(target=wait_for_it)
    waiting.start()
    until = time.monotonic() + 10
    while not running.ledger.requests() and time.monotonic() < until:
        threading.Event().wait(0.01)
    began = time.monotonic()
    running.stop()
    waiting.join(10)

    assert time.monotonic() - began < 5
    assert len(errors) == 1


def test_a_request_that_breaks_off_in_its_body_is_neither_applied_nor_answered(running: RunningSimulator) -> None:
    order_id = running.world.waiting()[0]
    body = b'{"create": [{"orderId": %d, "status": "EXPORTED_SUCCESSFULLY"}]}' % order_id
    head = b"POST /api/v1/orders/export/status HTTP/1.1\r\nHost: x\r\nAuthorization: apikey the-key\r\n"
    head += b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (len(body) + 1)
    with socket.create_connection(("127.0.0.1", running.port)) as connection:
        connection.sendall(head + body)
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(5)
        connection.recv(1000)

    get(running, "v1/orders/export")

    assert running.ledger.applied() == []
    assert order_id in running.world.waiting()


def test_a_body_beyond_all_measure_is_refused(running: RunningSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zendera_desk.simulator.server.LARGEST_BODY", 100_000)
    headers = {"Authorization": "apikey the-key", "Content-Type": "application/json"}

    answer = httpx.post(running.base_url + "v1/orders/export/status", content=b" " * 200_000, headers=headers, trust_env=False)

    assert answer.status_code == 413
    assert running.ledger.requests() == []


def test_it_speaks_tls_with_a_certificate_and_can_cut_such_a_connection_too(world: World, tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    order = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=127.0.0.1"]
    order += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(order, check=True, capture_output=True)
    trusting = ssl.create_default_context(cafile=str(certificate))

    with (
        RunningSimulator(world, key="the-key", certificate=(certificate, key)) as simulator,
        httpx.Client(base_url=simulator.base_url, headers={"Authorization": "apikey the-key"}, verify=trusting, trust_env=False) as client,
    ):
        assert simulator.base_url.startswith("https://")
        assert client.get("v1/orders/export").status_code == 200
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            get(simulator, "v1/orders/export")
        simulator.faults.add(Kind.CLOSE, times=2)
        simulator.faults.add(Kind.CLOSE, reset=True)
        for _ in range(3):
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                client.get("v1/orders/export")


def test_it_runs_in_a_program_without_a_console() -> None:
    program = """
import sys
sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = None
from zendera_desk.simulator.running import demo
import urllib.request
with demo() as simulator:
    urllib.request.urlopen(simulator.control_url + "world", timeout=10).read()
sys.exit(7)
"""
    done = subprocess.run([sys.executable, "-c", program], check=False, timeout=30)

    assert done.returncode == 7


def test_a_connection_nobody_has_cannot_be_cut() -> None:
    assert not Connections().cut(("127.0.0.1", 1), reset=True)
    assert not Connections().cut(None, reset=False)


def test_a_connection_kept_alive_serves_many_requests(running: RunningSimulator) -> None:
    with httpx.Client(base_url=running.base_url, headers={"Authorization": "apikey the-key"}, trust_env=False) as client:
        assert [client.get("v1/orders/export").status_code for _ in range(20)] == [200] * 20


def test_the_demo_is_lively_troubled_and_has_a_key_of_its_own() -> None:
    first, second = demo(3, shipments=4), demo(3, shipments=4)

    assert first.key != second.key
    assert first.world.export_page(1, 10)[1] == 4
    assert {fault.kind for fault in first.faults.ordered()} == {Kind.REFUSE, Kind.SLOW}
    assert all(fault.chance < 0.05 for fault in first.faults.ordered())


def _simulate(*arguments: str) -> "subprocess.Popen[str]":
    program = f"import sys; from zendera_desk.simulator.simulate import run; sys.exit(run({', '.join(arguments)}))"
    return subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a single process to end")
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_alone_it_says_where_it_listens_and_ends_when_asked(ending: signal.Signals) -> None:
    process = _simulate("seed=5", "shipments=3", "key='canary-key'", "limit=9", "still=True", "quiet=True")
    with process:
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline())
        answer = httpx.get(facts["base_url"] + "v1/orders/export", headers={"Authorization": "apikey canary-key"}, trust_env=False)
        ledger = httpx.get(facts["control_url"] + "ledger", trust_env=False)
        process.send_signal(ending)
        output, errors = process.communicate(timeout=20)

    assert facts["key"] == "canary-key"
    assert (answer.json()["total"], answer.headers["X-RateLimit-Limit"]) == (3, "9")
    assert ledger.json() == {"applied": [], "doubled": []}
    assert (process.returncode, output, errors) == (0, "", "")


def test_alone_on_a_taken_port_it_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with _simulate(f"port={port}") as process:
            output, errors = process.communicate(timeout=20)

    assert (process.returncode, output) == (1, "")
    assert f"Port {port}" in errors
