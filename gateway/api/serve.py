"""Sockets: HTTP and MLLP on one event loop, in the foreground or beside a caller."""

import asyncio
import gc
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import uvicorn

from gateway.api.app import create_app
from gateway.exchange.channels.mllp import serve_mllp
from gateway.system import System

MLLP_FEED = "hl7v2"
STOP_SECONDS = 10
START_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a served gateway listens."""

    host: str
    http_port: int
    mllp_port: int

    @property
    def base_url(self) -> str:
        return f"http://{self.host}:{self.http_port}"


def serve(system: System, *, host: str, port: int, mllp_port: int, started: Callable[[Addresses], None]) -> None:
    """Serve until SIGINT or SIGTERM; answers on their way are finished first. `started` is told the addresses."""
    server = _http_server(system, host, port)
    gc.collect()
    gc.freeze()  # policies and mappings stay for ever: searching them for garbage stopped all answers for 100 ms
    uvicorn_loop = server.config.get_loop_factory()
    with _ending_on_signals(server), asyncio.Runner(loop_factory=uvicorn_loop) as runner:
        runner.run(_serve(system, server, mllp_port, started))


@contextmanager
def _ending_on_signals(server: uvicorn.Server) -> Iterator[None]:
    """A signal asks the server to end. Uvicorn raises it again when it has: by then it must not kill the process."""

    def ask(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def serving(system: System, *, host: str = "127.0.0.1", port: int = 0, mllp_port: int = 0) -> Iterator[Addresses]:
    """A gateway served from a thread of its own while the block runs; port 0 takes a free one."""
    server = _http_server(system, host, port)
    found: list[Addresses] = []
    failed: list[BaseException] = []
    ready = threading.Event()

    def started(addresses: Addresses) -> None:
        found.append(addresses)
        ready.set()

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
                runner.run(_serve(system, server, mllp_port, started))
        except BaseException as error:
            failed.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=run, name="gateway-serving")
    thread.start()
    ready.wait()
    try:
        if not found:
            raise RuntimeError(f"the gateway did not start on {host}") from next(iter(failed), None)
        yield found[0]
    finally:
        server.should_exit = True
        thread.join()


async def _serve(system: System, server: uvicorn.Server, mllp_port: int, started: Callable[[Addresses], None]) -> None:
    async def accept(message: bytes) -> Sequence[bytes]:
        return await system.exchange.accept_framed(MLLP_FEED, message)

    await asyncio.to_thread(system.closings.resume)
    listener = await serve_mllp(accept, host=server.config.host, port=mllp_port, refuse=accept)
    http = asyncio.create_task(server.serve())
    try:
        while not server.started and not http.done():
            await asyncio.sleep(START_POLL_SECONDS)
        if server.started:
            port = int(server.servers[0].sockets[0].getsockname()[1])
            started(Addresses(server.config.host, port, listener.port))
        await http
    finally:
        await listener.close(grace_seconds=STOP_SECONDS)


def _http_server(system: System, host: str, port: int) -> uvicorn.Server:
    config = uvicorn.Config(
        create_app(system),
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        lifespan="off",
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=STOP_SECONDS,
        server_header=False,
    )
    return uvicorn.Server(config)
