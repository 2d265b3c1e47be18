"""The gateway under test: its addresses, who we are there, and requests that keep amounts exact."""

import itertools
import secrets
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import msgspec

TIMEOUT_SECONDS = 30
START, END = b"\x0b", b"\x1c\r"

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")


def decode(body: bytes) -> Any:
    """JSON with exact decimals. ValueError when it is none."""
    return _decoder.decode(body)


def encode(value: Any) -> bytes:
    """JSON; decimals as numbers."""
    return _encoder.encode(value)


@dataclass(frozen=True)
class Site:
    """Where and who. `day`: a day on which the person is covered and not after the gateway's own today."""

    base: str
    token: str
    institution: str
    citizen_id: str
    day: date
    nhsa: str = ""
    mllp: tuple[str, int] | None = None
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False))
    _run: str = field(default_factory=lambda: secrets.token_hex(4))
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def area(self) -> str:
        """The six digits of area in the institution's code."""
        return self.institution[1:7]

    def reaches(self, group: str) -> bool:
        """Whether an address was given for a group of checks."""
        return bool({"nhsa": self.nhsa, "v2": self.mllp}.get(group, self.base))

    def number(self) -> str:
        """A number of visit, bill or message that no run used before."""
        return f"CONF-{self._run}-{next(self._numbers)}"

    def get(self, path: str, **parameters: str) -> httpx.Response:
        return self.http.get(f"{self.base}/{path}", params=parameters or None, headers=self._headers())

    def post(self, path: str, body: bytes, **headers: str) -> httpx.Response:
        return self.http.post(f"{self.base}/{path}", content=body, headers=self._headers(headers))

    def put(self, path: str, body: bytes, **headers: str) -> httpx.Response:
        return self.http.put(f"{self.base}/{path}", content=body, headers=self._headers(headers))

    def submit(self, claim: Mapping[str, Any] | bytes, **headers: str) -> httpx.Response:
        """POST Claim/$submit of a claim, or of bytes that are none."""
        return self.post("Claim/$submit", claim if isinstance(claim, bytes) else encode(claim), **headers)

    def exchange_frames(self, *pieces: bytes, answers: int = 1) -> list[bytes]:
        """Send bytes as they are, piece by piece, on one connection, and read so many framed answers, unframed.

        OSError when the connection ends or stays silent before all have come.
        """
        assert self.mllp is not None, "an MLLP address was given"
        with socket.create_connection(self.mllp, TIMEOUT_SECONDS) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for piece in pieces:
                connection.sendall(piece)
            held = b""
            while held.count(END) < answers:
                chunk = connection.recv(65536)
                if not chunk:
                    raise ConnectionError(f"the connection ended after {held[:200]!r}")
                held += chunk
        return held.split(END)[:answers]

    def _headers(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in (more or {}).items()}
        return {"authorization": f"Bearer {self.token}", "content-type": "application/fhir+json", **named}
