"""The scripted endpoint: it takes what a client sends on loopback, answers as prepared, and records all of it."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from conformance.client.answers import outcome, settlement, statement
from conformance.client.attempt import Attempt, read_attempt
from conformance.client.phases import Phase, Prepared
from conformance.journal import Exchange, Journal
from conformance.site import FHIR_JSON, decode, encode

LARGEST_BODY = 4 * 1024 * 1024
POLL_SECONDS = 0.02
UNREADABLE = Prepared(status=400, code="structure", problem="not-a-claim", zh="请提交 Claim", en="send a Claim")
NOT_HERE = Prepared(status=404, code="not-found", problem="unknown-address", zh="该地址不存在", en="nothing is here")


class Sandbox:
    """Owns what was recorded. Each new treatment gets the next phase; those beyond the last phase are settled."""

    def __init__(self, phases: Sequence[Phase]) -> None:
        self.phases = tuple(phases)
        self.attempts: list[Attempt] = []
        self.unread: list[str] = []
        self.last_at = time.monotonic()
        self._treatments: list[str] = []
        self._answers: dict[str, bytes] = {}
        self._journals: dict[str, list[Exchange]] = {}
        self._started = _now()
        self._lock = threading.Lock()

    def attempts_of(self, phase: Phase) -> list[Attempt]:
        """What was sent of the treatment that met this phase."""
        number = self.phases.index(phase)
        treatments = self._treatments[number : number + 1]
        return [each for each in self.attempts if each.treatment in treatments]

    def exchanges_of(self, attempts: Sequence[Attempt]) -> tuple[Exchange, ...]:
        """The requests and answers of these attempts' treatments."""
        names = dict.fromkeys(each.treatment for each in attempts)
        return tuple(each for name in names for each in self._journals.get(name, ()))

    @property
    def all_met(self) -> bool:
        """Whether every phase was met, with as many attempts as it has answers."""
        return all(len(self.attempts_of(each)) >= len(each.answers) for each in self.phases)

    def take(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Record a request and give status, headers and body of its answer; status 0: end without an answer."""
        with self._lock:
            self.last_at = time.monotonic()
            if (method, path) == ("GET", "/fhir/metadata"):
                return 200, {"content-type": FHIR_JSON}, encode(statement(self._started))
            claim = _claim(body) if (method, path) == ("POST", "/fhir/Claim/$submit") else None
            if claim is None:
                self.unread.append(f"{method} {path[:200]}: {body[:200]!r}")
                return _refused(UNREADABLE if path == "/fhir/Claim/$submit" else NOT_HERE)
            attempt = read_attempt(claim, headers, at_millis=time.monotonic_ns() // 1_000_000)
            answer = self._answer(attempt)
            self.attempts.append(attempt)
            self._record(attempt, body, answer)
            return answer

    def _answer(self, attempt: Attempt) -> tuple[int, dict[str, str], bytes]:
        if attempt.treatment not in self._treatments:
            self._treatments.append(attempt.treatment)
        number = self._treatments.index(attempt.treatment)
        before = sum(each.treatment == attempt.treatment for each in self.attempts)
        prepared = self.phases[number].answer(before) if number < len(self.phases) else Prepared(settle=True)
        if prepared.silence:
            return 0, {}, b""
        if not prepared.settle:
            return _refused(prepared)
        if attempt.key not in self._answers:
            try:
                tree = settlement(attempt.claim, id=f"sandbox-{len(self._answers) + 1}", created=_now())
            except (KeyError, TypeError, ArithmeticError):  # a claim that cannot be answered is judged as invalid
                return _refused(UNREADABLE)
            self._answers[attempt.key] = encode(tree)
        body = self._answers[attempt.key]
        return 200, {"content-type": FHIR_JSON}, body[: -prepared.cut] if prepared.cut else body

    def _record(self, attempt: Attempt, body: bytes, answer: tuple[int, dict[str, str], bytes]) -> None:
        journal = Journal()
        status, headers, content = answer
        journal.add(
            "POST /fhir/Claim/$submit", sent=(attempt.headers, body), status=status, came=(headers, content), millis=0
        )
        self._journals.setdefault(attempt.treatment, []).extend(journal.take())


@contextmanager
def serving(sandbox: Sandbox, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """The sandbox behind a socket while the block runs; the FHIR base is given."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _take(self) -> None:
            length = self.headers.get("content-length", "0")
            size = int(length) if length.isdigit() else 0
            body = self.rfile.read(min(size, LARGEST_BODY))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answered, content = sandbox.take(self.command, self.path.partition("?")[0], headers, body)
            self.close_connection = self.close_connection or status == 0 or size > LARGEST_BODY
            if status:
                self.send_response(status)
                for name, value in {**answered, "content-length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _take

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), name="conformance-sandbox")
    thread.start()
    try:
        yield f"http://{host}:{server.server_address[1]}/fhir"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _claim(body: bytes) -> dict[str, Any] | None:
    try:
        claim = decode(body)
    except ValueError:
        return None
    return claim if isinstance(claim, dict) and claim.get("resourceType") == "Claim" else None


def _refused(prepared: Prepared) -> tuple[int, dict[str, str], bytes]:
    headers = {"content-type": FHIR_JSON}
    if prepared.retry_after:
        headers["retry-after"] = str(prepared.retry_after)
    return prepared.status, headers, encode(outcome(prepared))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
