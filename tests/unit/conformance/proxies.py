"""Proxies that stand before a gateway and spoil what it answers, over HTTP and over MLLP."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import NamedTuple

import httpx

END = b"\x1c\r"
POLL_SECONDS = 0.02


class Answer(NamedTuple):
    """What a gateway answered to a request; a spoiler gives another one. Header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Asked(NamedTuple):
    """What was asked: method, path with query, body."""

    method: str
    path: str
    body: bytes


Spoil = Callable[[Asked, Answer], Answer]
SpoilFrame = Callable[[bytes], bytes]


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
            answer = spoil(
                Asked(self.command, self.path, sent), Answer(came.status_code, dict(came.headers), came.content)
            )
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() not in ("content-length", "date", "server"):
                    self.send_header(name, value)
            if answer.status != 304:
                self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _pass_on

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), name="spoiling-proxy")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        client.close()


@contextmanager
def spoiling_frames(host: str, port: int, spoil: SpoilFrame) -> Iterator[str]:
    """The address of a proxy that hands bytes on to an MLLP listener and changes each frame that it answers."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            with socket.create_connection((host, port)) as inner:
                answers = threading.Thread(target=self._answers, args=(inner,))
                answers.start()
                while chunk := self.connection.recv(65536):
                    inner.sendall(chunk)
                inner.shutdown(socket.SHUT_WR)
                answers.join()

        def _answers(self, inner: socket.socket) -> None:
            held = b""
            while chunk := inner.recv(65536):
                *frames, held = (held + chunk).split(END)
                for frame in frames:
                    try:
                        self.connection.sendall(spoil(frame + END))
                    except OSError:  # who asked has gone
                        return

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), name="spoiling-frames")
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
