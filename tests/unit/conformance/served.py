"""A served gateway to check, and a proxy before it that spoils what passes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import NamedTuple

import httpx

from gateway.api.serve import Addresses, serving
from gateway.exchange.closing.jobs import ClosingJobs
from gateway.security.partners import Partner, Role, token_digest
from gateway.system import Settings, System
from tests.golden.world import Citizen, load_shared, open_world, settle_in

CITY, TOKEN = "H32118200001", "token of the conformance suite"
TODAY = date(2015, 3, 20)
CITIZEN = Citizen("321182196005010017", "测试一")


class Answer(NamedTuple):
    """What a gateway answered; a spoiler gives another one."""

    status: int
    headers: dict[str, str]
    body: bytes


Spoil = Callable[[str, Answer], Answer]


@contextmanager
def gateway(folder: Path) -> Iterator[Addresses]:
    """A gateway with one clinic and one insured person, on sockets of its own."""
    names = {"nhsa": frozenset({CITY}), "hl7v2": frozenset({CITY})}
    clinic = Partner(CITY, Role.CLINIC, CITY, CITY, names, token_sha256=token_digest(TOKEN))
    exchange = open_world(folder, load_shared(), area="321182", day=TODAY, partners=[clinic])
    settle_in(exchange, [CITIZEN], on=TODAY)
    system = System(Settings(home=folder), exchange, b"key of the cursors", ClosingJobs(exchange))
    try:
        with serving(system) as addresses:
            yield addresses
    finally:
        system.close()


@contextmanager
def spoiling(target: str, spoil: Spoil) -> Iterator[str]:
    """The base address of a proxy that hands everything on to `target` and changes the answers."""
    client = httpx.Client(base_url=target, trust_env=False)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            sent = self.rfile.read(int(self.headers.get("content-length", "0")))
            kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            came = client.request(self.command, self.path, content=sent, headers=kept)
            answer = spoil(self.path, Answer(came.status_code, dict(came.headers), came.content))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in ("content-length", "date", "server"):
                    self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = _pass_on

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="spoiling-proxy")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        client.close()


@contextmanager
def yes_sayer() -> Iterator[str]:
    """The address of an MLLP listener that accepts whatever comes, under a control id of its own."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            while chunk := self.connection.recv(65536):
                answer = b"\x0bMSH|^~\\&|YES\rMSA|AA|1\r\x1c\r"
                self.connection.sendall(answer * chunk.count(b"\x1c\r"))

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, name="yes-sayer")
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
