"""Whatever arrives, the answer is an OperationOutcome that says what is wrong, and never a fault of ours."""

import random
import secrets

import pytest

from gateway.fhir.json import MAX_BYTES, encode
from tests.bench.channels import WINDOW
from tests.bench.claims import claim_resource, fhir_claim
from tests.unit.api.answers import codes
from tests.unit.api.conftest import Served

MUTATIONS = 1_500


@pytest.mark.parametrize(
    "path", ["/fhir", "/fhir/", "/fhir/Patient/1/2/3", "/fhir/Patient/1/_history", "/nowhere", "/fhir/Claim/$other/x"]
)
def test_an_address_that_is_not_there(served: Served, path: str) -> None:
    answer = served.agency.get(path)

    assert (answer.status_code, codes(answer)) == (404, ["unknown-address"])


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/fhir/Claim/1"), ("PATCH", "/fhir/Claim/1"), ("PUT", "/fhir/metadata"), ("DELETE", "/fhir/Claim")],
)
def test_a_method_that_is_not_offered(served: Served, method: str, path: str) -> None:
    answer = served.agency.request(method, path)

    assert (answer.status_code, codes(answer)) == (405, ["method-not-offered"])
    assert answer.headers["allow"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-json"),
        (b'{"resourceType":"Claim"', "not-json"),
        (b"\xff\xfe{}", "not-json"),
        (b"[]", "not-a-resource"),
        (b'{"resourceType":1}', "not-a-resource"),
        (b'{"resourceType":"Claim","a":' + b"[" * 100 + b"]" * 100 + b"}", "json-too-deep"),
        (b'{"resourceType":"Claim","a":"\\u0000"}', "control-character"),
    ],
)
def test_a_body_that_is_no_resource(served: Served, content: bytes, code: str) -> None:
    for path in ("/fhir/Claim", "/fhir/Claim/$submit"):
        answer = served.city.post(path, content=content)
        assert (answer.status_code, codes(answer)) == (400, [code])


def test_a_body_beyond_the_limit(served: Served) -> None:
    for path in ("/fhir/Claim", "/fhir/Claim/$submit"):
        answer = served.city.post(path, content=b" " * (MAX_BYTES + 1))
        assert (answer.status_code, codes(answer)) == (413, ["body-too-large"])


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", "Basic dXNlcjpwYXNz", "Bearer \xff"])
def test_a_token_that_nobody_has(served: Served, authorization: str) -> None:
    headers = [(b"authorization", authorization.encode("latin-1"))]
    for method, path in (
        ("GET", "/fhir/Patient"),
        ("GET", "/fhir/Patient/1"),
        ("PUT", "/fhir/Claim/1"),
        ("POST", "/fhir/Claim"),
        ("POST", "/fhir/Claim/$submit"),
        ("POST", "/feeds/bank"),
    ):
        answer = served.nobody.request(method, path, headers=headers)
        assert (answer.status_code, codes(answer)) == (401, ["unknown-token"]), (method, path)


@pytest.mark.parametrize("id", ["%00", "%ff%fe", "x" * 5000, "%ed%a0%80", "..%2f..%2fetc", "%E4%BA%BA", "'%20OR%201=1"])
def test_hostile_ids(served: Served, id: str) -> None:
    for path in (
        f"/fhir/Patient/{id}",
        f"/fhir/Claim/{id}/_history/1",
        f"/fhir/{id}",
        f"/fhir/Patient?identifier={id}",
    ):
        answer = served.agency.get(path)
        assert answer.status_code in (200, 400, 404), (path[:60], answer.text)
        if answer.status_code != 200:
            codes(answer)


@pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
def test_an_idempotency_key_that_cannot_be_kept(served: Served, key: str) -> None:
    claim = fhir_claim(served.people[4], "h1")

    answer = served.city.post("/fhir/Claim/$submit", content=claim, headers={"idempotency-key": key})

    assert codes(answer) == ["bad-idempotency-key"]


def test_no_mutated_request_finds_a_fault(served: Served) -> None:
    seed = secrets.randbelow(1_000_000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for number in range(MUTATIONS):
        method, path, content, headers = mutated(served, chance, number)
        answer = served.city.request(method, path, content=content, headers=headers)
        assert answer.status_code not in (500, 502), (seed, number, method, path, content[:2000], answer.text)
        if path.startswith("/fhir") and answer.status_code >= 400:
            codes(answer)


def mutated(served: Served, chance: random.Random, number: int) -> tuple[str, str, bytes, list[tuple[bytes, bytes]]]:
    """A good request of some route with a few of its bytes changed."""
    person = chance.choice(served.people[7:])
    claim = claim_resource(person, f"m{number}")
    good: list[tuple[str, str, bytes]] = [
        ("POST", "/fhir/Claim/$submit", encode(claim)),
        ("POST", "/fhir/Claim/$submit", encode({"resourceType": "Bundle", "entry": [{"resource": claim}]})),
        ("POST", "/fhir/Claim", encode(claim | {"status": "draft"})),
        ("PUT", f"/fhir/Claim/{person.id}", encode(claim | {"status": "draft", "id": person.id})),
        ("GET", f"/fhir/Patient/{person.id}", b""),
        ("GET", f"/fhir/Patient?identifier=a|{person.citizen_id}&_count=5&_lastUpdated=ge2015-01-01", b""),
        ("GET", f"/fhir/Claim/{person.id}/_history/1", b""),
        ("POST", "/fsi/api/x", encode({"infno": "2207", "msgid": "x" * 30, "fixmedins_code": WINDOW.institution})),
    ]
    method, path, content = chance.choice(good)
    headers = [(b"idempotency-key", f"m{number}".encode())]
    if content:
        return method, path, garbled(content, chance), headers
    tail = garbled(path.removeprefix("/fhir/").encode(), chance).decode("latin-1")
    return method, "/fhir/" + tail[:200].translate(UNSENDABLE), content, headers


UNSENDABLE = {code: f"%{code:02x}" for code in (*range(33), *b"#:%", *range(127, 256))}
"""What a client must escape in an address."""
PIECES = (
    *(b'"', b"{", b"[", b"null", b"true", b"-1", b"1e400", b"99999999999999999999"),
    *(b"\\ud800", b"\x00", b"\xff", "医".encode()),
)


def garbled(content: bytes, chance: random.Random) -> bytes:
    """One to three places changed: a byte, a piece put in, a piece cut out, two swapped, or the end cut off."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(max(1, len(content)))
        to = at + chance.randint(1, 12)
        match chance.randrange(5):
            case 0:
                content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
            case 1:
                content = content[:at] + chance.choice(PIECES) + content[at:]
            case 2:
                content = content[:at] + content[to:]
            case 3:
                content = content[:at] + chance.choice(PIECES) + content[to:]
            case _:
                content = content[:at] if chance.random() < 0.2 else content[:at] + content[at:to] + content[at:]
    return content
