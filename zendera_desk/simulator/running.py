"""The simulator on a loopback port, in a thread of its own: what `--demo`, the tour and tests that need sockets start.

The thread has its own plain selector loop, whatever loop or policy the rest of the process uses; that loop behaves alike on
Windows, macOS and Linux. uvicorn configures no logging (there may be no console) and, off the main thread, takes no signals.
"""

import asyncio
import logging
import secrets
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import uvicorn

from zendera_desk.simulator.delivery import Connections
from zendera_desk.simulator.endpoints import Zendera
from zendera_desk.simulator.faults import Faults, Kind
from zendera_desk.simulator.ledger import Ledger
from zendera_desk.simulator.server import Simulator
from zendera_desk.simulator.world import Tempo, World

_log = logging.getLogger(__name__)
_TICK: Final = 0.25
_PATIENCE: Final = 10.0


class RunningSimulator:
    """`lively`: the world follows its clock by itself. `troubled`: a few calls fail or dawdle, as on a real line.
    `certificate`: the files of a certificate and its key; it then speaks TLS.

    `stop` and a new `start` on the same object are a server that went away and came back: same port, same world.
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        port: int = 0,
        key: str = "simulator-key",
        limit: int = 1000,
        lively: bool = False,
        troubled: bool = False,
        certificate: tuple[Path, Path] | None = None,
    ) -> None:
        self.world = world or World()
        self.app = Simulator(self.world, key=key, limit=limit)
        self.port = port
        self._lively = lively
        self._certificate = certificate
        self._thread: threading.Thread | None = None
        self._server: _Server | None = None
        if troubled:
            self.faults.add(Kind.REFUSE, times=None, chance=0.01)
            self.faults.add(Kind.SLOW, times=None, chance=0.02, seconds=2.0)

    @property
    def base_url(self) -> str:
        return f"{self._origin}/api/"

    @property
    def control_url(self) -> str:
        return f"{self._origin}/_simulator/"

    @property
    def _origin(self) -> str:
        return f"{'https' if self._certificate else 'http'}://127.0.0.1:{self.port}"

    @property
    def key(self) -> str:
        return self.app.key

    @property
    def zendera(self) -> Zendera:
        return self.app.zendera

    @property
    def faults(self) -> Faults:
        return self.app.faults

    @property
    def ledger(self) -> Ledger:
        return self.app.ledger

    def start(self) -> Self:
        """Returns when connections are accepted. Raises OSError when the port is taken."""
        if self._thread is not None:
            raise RuntimeError("the simulator runs already")
        listening = socket.create_server(("127.0.0.1", self.port), backlog=128)
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            self.app,
            http=self.app.connections.protocol(),
            ws="none",
            loop="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=1,
            ssl_certfile=self._certificate[0] if self._certificate else None,
            ssl_keyfile=self._certificate[1] if self._certificate else None,
        )
        self._server = _Server(config, self.app.connections)
        self._thread = threading.Thread(target=self._run, args=(self._server, listening), name="simulator", daemon=True)
        self._thread.start()
        if not self._server.ready.wait(_PATIENCE):
            self.stop()
            raise RuntimeError("the simulator did not start")
        return self

    def stop(self) -> None:
        """Cuts every connection and waits for the thread. May be called twice."""
        if self._thread is None or self._server is None:
            return
        self._server.should_exit = True
        self._thread.join(_PATIENCE)
        self._thread = self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _run(self, server: "_Server", listening: socket.socket) -> None:
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._serve(server, listening))

    async def _serve(self, server: "_Server", listening: socket.socket) -> None:
        life = asyncio.create_task(self._live(), name="world") if self._lively else None
        try:
            await server.serve(sockets=[listening])
        finally:
            if life is not None:
                life.cancel()

    async def _live(self) -> None:
        while True:
            try:
                self.world.advance()
            except Exception:  # noqa: BLE001 (one odd shipment must not end the demo; it is logged whole)
                _log.exception("the world stumbled")
            await asyncio.sleep(_TICK)


class _Server(uvicorn.Server):
    """Tells another thread that it accepts connections, and ends without waiting for answers that dawdle or drip."""

    def __init__(self, config: uvicorn.Config, connections: Connections) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._connections = connections

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._connections.cut_all()
        await super().shutdown(sockets)


def demo(seed: int = 1, *, shipments: int = 24, pace: float = 1.0, limit: int = 1000, troubled: bool = True) -> RunningSimulator:
    """The demo's Zendera, not yet started: a lively world, a line that is not perfect, a key of its own for each run."""
    world = World(seed, shipments=shipments, tempo=Tempo(pace=pace, withdrawn=0.05))
    return RunningSimulator(world, key=secrets.token_urlsafe(24), limit=limit, lively=True, troubled=troubled)
