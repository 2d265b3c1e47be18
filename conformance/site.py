"""The gateway under test: its addresses, who we are there, and requests that keep amounts exact and are recorded."""

import hashlib
import itertools
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cached_property
from typing import Any

import httpx
import msgspec

from conformance.journal import Journal

TIMEOUT_SECONDS = 30
CHINA = timezone(timedelta(hours=8))
START, END = b"\x0b", b"\x1c\r"
FHIR_JSON = "application/fhir+json"

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
    """Where and who. `day`: a day on which the person is covered and not after the gateway's own today.

    `codes`: items of the catalogue that lines name, found in the published catalogue when none are given.
    """

    base: str
    token: str
    institution: str
    citizen_id: str
    day: date
    nhsa: str = ""
    nhsa_secret: str = ""
    mllp: tuple[str, int] | None = None
    codes: tuple[str, ...] = ()
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False))
    journal: Journal = field(default_factory=Journal)
    _run: str = field(default_factory=lambda: secrets.token_hex(4))
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def area(self) -> str:
        """The six digits of area in the institution's code."""
        return self.institution[1:7]

    @cached_property
    def statement(self) -> dict[str, Any]:
        """The CapabilityStatement; what is not declared there is not asked for. {} when none is answered."""
        try:
            found = decode(self.send("GET", f"{self.base}/metadata", {}).content)
        except (httpx.HTTPError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    @cached_property
    def catalogue(self) -> tuple[str, ...]:
        """Codes for the lines of claims: those given, those of the catalogue, or one that no catalogue has."""
        if self.codes:
            return self.codes
        bundle = decode(self.get("CodeSystem", _count="100").content)
        systems = [each["resource"] for each in bundle.get("entry", ())]
        named = [each for each in systems if str(each.get("url", "")).endswith("/CodeSystem/catalogue")]
        concepts = [concept["code"] for each in named for concept in each.get("concept", ())]
        return tuple(concepts[::17]) or ("000000000000000",)

    def reaches(self, group: str) -> bool:
        """Whether an address was given for a group of checks."""
        return bool({"nhsa": self.nhsa, "v2": self.mllp}.get(group, self.base))

    def number(self) -> str:
        """A number of visit, bill or message that no run used before."""
        return f"CONF-{self._run}-{next(self._numbers)}"

    def moment_number(self) -> str:
        """Time of day and four digits that hardly any run used before: the end of an NHSA message number."""
        second = secrets.randbelow(86_400)
        return f"{second // 3600:02d}{second // 60 % 60:02d}{second % 60:02d}{next(self._numbers) % 10_000:04d}"

    def get(self, path: str, **parameters: str) -> httpx.Response:
        url = httpx.URL(f"{self.base}/{path}", params=parameters or None)
        return self.send("GET", str(url), self.headers())

    def post(self, path: str, body: bytes, **headers: str) -> httpx.Response:
        return self.send("POST", f"{self.base}/{path}", self.headers(headers), body)

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> httpx.Response:
        """One request as it is, recorded. httpx.HTTPError when no answer comes, recorded too."""
        began = time.monotonic_ns()
        line, sent = f"{method} {url}", (headers, body)
        try:
            response = self.http.request(method, url, headers=dict(headers), content=body or None)
        except httpx.HTTPError as error:
            self.journal.add(line, sent=sent, status=0, came=({}, str(error).encode()), millis=_millis(began))
            raise
        came = (dict(response.headers), response.content)
        answered = _resource(response.content)
        self.journal.add(
            line, sent=sent, status=response.status_code, came=came, millis=_millis(began), resource=answered
        )
        return response

    def send_nhsa(self, body: bytes, *, below: str = "") -> httpx.Response:
        """One NHSA transaction, signed where a secret was given (x-tif headers, docs/feeds/nhsa.md)."""
        headers = {"content-type": "application/json; charset=UTF-8"}
        if self.nhsa_secret:
            stamp, nonce = str(int((datetime.now(CHINA) + self._ahead).timestamp())), secrets.token_hex(8)
            proof = hashlib.sha256(f"{stamp}{self.nhsa_secret}{nonce}{stamp}".encode()).hexdigest()
            named = {"paasid": self.institution, "timestamp": stamp, "nonce": nonce, "signature": proof}
            headers |= {f"x-tif-{name}": value for name, value in named.items()}
        return self.send("POST", self.nhsa.rstrip("/") + below, headers, body)

    @cached_property
    def _ahead(self) -> timedelta:
        """How far the gateway's clock is ahead of ours: a test area may live on another day. Read from respond_time."""
        answer = decode(self.send("POST", self.nhsa, {"content-type": "application/json"}, b"{}").content)
        said = str(answer.get("respond_time") or "") if isinstance(answer, dict) else ""
        try:
            there = datetime.strptime(said[:14], "%Y%m%d%H%M%S").replace(tzinfo=CHINA)
        except ValueError:
            return timedelta(0)
        return there - datetime.now(CHINA)

    def exchange_frames(self, *pieces: bytes, enough: Callable[[list[bytes]], object]) -> list[bytes]:
        """Send bytes as they are, piece by piece, on one connection; the framed answers, unframed, once `enough`.

        OSError when the connection ends or stays silent before that.
        """
        assert self.mllp is not None, "an MLLP address was given"
        began, held, status = time.monotonic_ns(), b"", 0
        try:
            with socket.create_connection(self.mllp, TIMEOUT_SECONDS) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for piece in pieces:
                    connection.sendall(piece)
                while not enough(held.split(END)[:-1]):
                    chunk = connection.recv(65536)
                    if not chunk:
                        raise ConnectionError(f"the connection ended after {held[:200]!r}")
                    held += chunk
        finally:
            line = "MLLP {}:{}".format(*self.mllp)
            sent: tuple[dict[str, str], bytes] = ({}, b"".join(pieces).replace(b"\r", b"\n"))
            self.journal.add(
                line, sent=sent, status=status, came=({}, held.replace(b"\r", b"\n")), millis=_millis(began)
            )
        return held.split(END)[:-1]

    def headers(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Those of an authorised FHIR request, with others; underscores stand for hyphens."""
        named = {name.replace("_", "-"): value for name, value in (more or {}).items()}
        return {"authorization": f"Bearer {self.token}", "content-type": FHIR_JSON, **named}


def _millis(began: int) -> int:
    return (time.monotonic_ns() - began) // 1_000_000


def _resource(body: bytes) -> Any:
    try:
        return decode(body)
    except ValueError:
        return None
