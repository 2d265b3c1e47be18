"""The sandbox passes a client that behaves, and names each thing that one does wrong."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import msgspec
import pytest

from conformance.__main__ import main
from conformance.checks import Verdict
from conformance.client.command import issues_of, judge
from conformance.client.phases import Phase, read_phases
from conformance.client.sandbox import Sandbox, serving
from conformance.guide import load_guide
from conformance.site import decode, encode
from conformance.values import changed, fixture
from tests.unit.conformance.served import CITIZEN, CITY

HTTP = httpx.Client(trust_env=False)
ISSUES = issues_of(load_guide(None))


def claim(number: int) -> dict[str, Any]:
    """The fixture of the suite, with numbers of its own."""
    text = encode(fixture("claim.json")).decode()
    names = {"visit": f"V{number}", "bill": f"B{number}", "citizen": CITIZEN.citizen_id, "day": "2015-03-20"}
    names |= {"institution": CITY, "area": "321182"} | {f"code-{line}": "1" for line in (1, 2, 3)}
    for name, value in names.items():
        text = text.replace(f"${{{name}}}", value)
    tree: dict[str, Any] = decode(text.encode())
    return tree


def phases(*, wait_seconds: int = 0) -> tuple[Phase, ...]:
    """Those of the suite, with a shorter wait."""
    return tuple(
        replace(each, answers=tuple(replace(a, retry_after=min(a.retry_after, wait_seconds)) for a in each.answers))
        for each in read_phases()
    )


@dataclass
class Client:
    """A partner's client as it should be; a test replaces what one does wrong."""

    base: str
    token: str = "Bearer a-token"
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/fhir+json"})
    change: dict[str, Any] = field(default_factory=dict)
    key_of: Callable[[int, int], str] = lambda number, attempt: f"key-{number}"
    waits: bool = True
    repeats: Callable[[int], bool] = lambda status: status in (0, 503)

    def submit(self, number: int) -> None:
        """Send one claim as often as it takes, at most three times."""
        for attempt in range(3):
            status, wait = self.post(number, attempt)
            if not self.repeats(status):
                return
            time.sleep(wait if self.waits else 0)

    def post(self, number: int, attempt: int) -> tuple[int, int]:
        """Status, 0 for no whole answer, and the seconds to wait."""
        headers = {**self.headers, "authorization": self.token, "idempotency-key": self.key_of(number, attempt)}
        try:
            answer = HTTP.post(
                f"{self.base}/Claim/$submit", content=encode(changed(claim(number), self.change)), headers=headers
            )
            decode(answer.content)
        except (httpx.HTTPError, msgspec.DecodeError):
            return 0, 0
        return answer.status_code, int(answer.headers.get("retry-after", "0"))


def judged(client: Callable[[str], Client], *, claims: int = 7, wait_seconds: int = 0) -> dict[str, Verdict]:
    """What the sandbox finds about a client that submits so many claims; what passed is left out."""
    sandbox = Sandbox(phases(wait_seconds=wait_seconds))
    with serving(sandbox) as base:
        for number in range(claims):
            client(base).submit(number)
    return {each.check.name: each.verdict for each in judge(sandbox, ISSUES) if each.verdict is not Verdict.PASSED}


def test_a_client_that_behaves_passes() -> None:
    assert judged(Client, wait_seconds=1) == {}


def test_a_client_that_does_not_wait_is_named() -> None:
    assert judged(lambda base: Client(base, waits=False), wait_seconds=1) == {"unavailable": Verdict.FAILED}


@pytest.mark.parametrize(
    ("client", "found"),
    [
        (
            lambda base: Client(base, key_of=lambda number, attempt: f"key-{number}-{attempt}"),
            {"no-answer", "cut-off", "unavailable"},
        ),
        (lambda base: Client(base, repeats=lambda status: status == 503), {"no-answer", "cut-off"}),
        (lambda base: Client(base, repeats=lambda status: status in (0, 409, 422, 503)), {"conflict", "refused"}),
        (lambda base: Client(base, repeats=lambda status: True), {"settled", "conflict", "refused", "malformed"}),
        (lambda base: Client(base, token=""), {"authorised"}),
        (lambda base: Client(base, headers={"content-type": "text/plain"}), {"content-type"}),
        (lambda base: Client(base, key_of=lambda number, attempt: "one key"), {"one-key-one-content"}),
        (lambda base: Client(base, change={"set": {"created": "2015-02-30"}}), {"valid"}),
        (lambda base: Client(base, change={"drop": ["insurance"]}), {"valid"}),
        (lambda base: Client(base, change={"set": {"resourceType": "Patient"}}), {"readable"}),
    ],
    ids=[
        "new keys",
        "gives up",
        "stubborn",
        "endless",
        "no token",
        "type",
        "one key",
        "day",
        "part",
        "what",
    ],
)
def test_what_a_client_does_wrong_is_named(client: Callable[[str], Client], found: set[str]) -> None:
    told = judged(client)

    assert {name for name, verdict in told.items() if verdict is Verdict.FAILED} == found


def test_phases_that_were_not_met_are_not_asked() -> None:
    assert set(judged(Client, claims=5)) == {"refused", "malformed"}


def test_every_prepared_answer_is_valid() -> None:
    sandbox = Sandbox(phases())
    with serving(sandbox) as base:
        for number in range(9):
            for attempt in range(2):
                Client(base).post(number, attempt)
        statement = HTTP.get(f"{base}/metadata")
        elsewhere = HTTP.get(f"{base}/Patient/1")
    bodies = [each.response_body for each in sandbox.exchanges_of(sandbox.attempts) if each.status]
    answers = [decode(each.encode()) for each in bodies if each.endswith("}")]
    assert {each["resourceType"] for each in answers} == {"ClaimResponse", "OperationOutcome"}
    for each in (*answers, decode(statement.content), decode(elsewhere.content)):
        assert ISSUES(each) == [], each
    assert sandbox.unread == ["GET /fhir/Patient/1: b''"]


def test_nobody_came(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["client", "--port", "0", "--wait", "0"]) == 2
    assert "nothing came" in capsys.readouterr().err
