"""`/clearing`: institutions apply and read, officers review, approve and instruct, each by a token of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.api.serve import serving
from gateway.fhir.json import encode
from gateway.system import Settings, System, open_system
from tests.bench.world import CITY_TOKEN, TODAY, TOWNSHIP_TOKEN, bearer
from tests.unit.api.answers import body, codes
from tests.unit.exchange.clearing.home import OFFICERS, make_office_home, open_month, token_of

ZEROS = {"month": "2015-02", "cases": 0, "total": "0.00", "fund": 0, "account": "0", "cash": "0"}


@dataclass(frozen=True)
class House:
    """A served gateway with officers. `clients`: by name."""

    system: System
    clients: dict[str, httpx.Client]

    def ask(self, who: str, method: str, path: str, content: Any = None, **headers: str) -> httpx.Response:
        sent = None if content is None else encode(content)
        return self.clients[who].request(method, f"/clearing{path}", content=sent, headers=headers)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home: Path = tmp_path_factory.mktemp("clearing")
    make_office_home(home)
    system = open_system(Settings(home=home, database_url="", business_date=TODAY))
    tokens = {"city": CITY_TOKEN, "township": TOWNSHIP_TOKEN, **{each: token_of(each) for each in OFFICERS}}
    with serving(system) as addresses:
        clients = {
            name: httpx.Client(base_url=addresses.base_url, headers=bearer(token), timeout=30, trust_env=False)
            for name, token in tokens.items()
        }
        yield House(system, clients)
        for each in clients.values():
            each.close()
    system.close()


def test_a_month_from_application_to_the_payment_file(house: House) -> None:
    id = open_month(house.system)

    applied = body(house.ask("city", "POST", "/applications", {**ZEROS, "careType": "inpatient"}))
    assert applied["status"] == "matched"
    seen = body(house.ask("city", "GET", f"/applications/{applied['application']}"))
    assert (seen["state"], seen["stated"]["cases"], seen["ours"]["cases"]) == ("matched", 0, 0)
    house.ask("reviewer", "POST", f"/{id}/review", {"deductions": [], "note": "无扣款"}).raise_for_status()
    digest = body(house.ask("chief", "GET", f"/{id}"))["digest"]
    for officer in ("chief", "deputy"):
        approved = house.ask(officer, "POST", f"/{id}/approve", {"digest": digest}, **{"Idempotency-Key": officer})
        assert approved.status_code == 200, approved.text
    first = house.ask("chief", "POST", "/payment-files", {"scheme": "resident"})
    again = house.ask("deputy", "POST", "/payment-files", {"scheme": "resident", "batch": "1"})
    made = body(first)
    file = house.ask("chief", "GET", f"/payment-files/{made['id']}")

    assert b'"total":5100.00' in first.content == again.content
    assert made["payments"][0].encode() in file.content
    assert body(house.ask("city", "GET", f"/payments/{made['payments'][0]}"))["state"] == "instructed"
    assert body(house.ask("city", "GET", f"/{id}"))["state"] == "instructed"
    listed = body(house.ask("city", "GET", "?period=2015-02&state=instructed"))
    assert [each["id"] for each in listed["clearings"]] == [id]


def test_a_remittance_in_every_format(house: House) -> None:
    listed = body(house.ask("city", "GET", "?period=2015-02"))["clearings"]
    [id] = [each["id"] for each in listed]

    fhir = house.ask("city", "GET", f"/{id}/remittance")
    text = house.ask("city", "GET", f"/{id}/remittance?format=csv")

    assert body(fhir)["resourceType"] == "PaymentReconciliation"
    assert body(house.clients["city"].get(f"/fhir/PaymentReconciliation/{id}"))["id"] == id
    assert text.headers["content-type"].startswith("text/csv")
    assert text.content.startswith(b"\xef\xbb\xbfline,")
    assert house.ask("city", "GET", f"/{id}/remittance?format=hl7v2").content.startswith(b"MSH|")
    assert codes(house.ask("city", "GET", f"/{id}/remittance?format=pdf")) == ["bad-remittance-format"]
    assert codes(house.ask("city", "GET", f"/{id}/remittance?day=June")) == ["bad-remittance-day"]
    day = body(house.ask("city", "GET", f"/{id}/remittance?day=2015-02-03"))
    assert "detail" not in day


def test_nobody_sees_what_is_anothers(house: House) -> None:
    [id] = [each["id"] for each in body(house.ask("city", "GET", "?period=2015-02"))["clearings"]]

    assert codes(house.ask("township", "GET", f"/{id}")) == ["clearing-not-found"]
    assert codes(house.ask("township", "GET", f"/{id}/remittance")) == ["clearing-not-found"]
    assert body(house.ask("township", "GET", ""))["clearings"] == []
    assert codes(house.ask("city", "GET", "/payment-files/x")) == ["forbidden"]
    assert codes(house.ask("city", "POST", f"/{id}/review", {})) == ["forbidden"]
    assert codes(house.ask("chief", "GET", "/payment-files/x")) == ["clearing-not-found"]
    nobody = httpx.get(f"{house.clients['city'].base_url}/clearing", trust_env=False)
    assert nobody.status_code == 401


@pytest.mark.parametrize(
    ("who", "method", "path", "content", "code"),
    [
        ("chief", "GET", "?colour=red", None, "unknown-clearing-filter"),
        ("chief", "GET", "?state=lost", None, "bad-clearing-filter"),
        ("chief", "GET", "?period=June", None, "bad-clearing-filter"),
        ("city", "POST", "/applications", [1], "bad-clearing-body"),
        ("city", "POST", "/applications", {"month": {}}, "bad-clearing-body"),
        ("chief", "POST", "/{id}/review", {"deductions": {}}, "bad-clearing-body"),
        ("chief", "POST", "/{id}/review", {"reductions": []}, "bad-clearing-body"),
        ("chief", "POST", "/{id}/approve", {"digest": 7}, "bad-clearing-body"),
        ("chief", "POST", "/{id}/approve", {"digest": "x", "step": "third"}, "clearing-state"),
        ("chief", "POST", "/{id}/reopen", {"why": "x"}, "clearing-state"),
        ("city", "POST", "/applications/none/revoke", {}, "application-not-found"),
        ("chief", "POST", "/payment-files", {"scheme": "worker"}, "clearing-scheme"),
    ],
)
def test_what_is_wrong_is_told_by_code(house: House, who: str, method: str, path: str, content: Any, code: str) -> None:
    [id] = [each["id"] for each in body(house.ask("city", "GET", "?period=2015-02"))["clearings"]]

    answer = house.ask(who, method, path.replace("{id}", id), content)

    assert (codes(answer)[0], answer.status_code < 500) == (code, True)


def test_a_body_that_is_no_json_and_a_key_that_is_too_long(house: House) -> None:
    client = house.clients["city"]

    assert codes(client.post("/clearing/applications", content=b"{")) == ["not-json"]
    assert codes(client.post("/clearing/applications", content=b"{}", headers={"Idempotency-Key": "k" * 201})) == [
        "bad-clearing-body"
    ]


def test_clearings_are_paged(house: House) -> None:
    listed = body(house.ask("chief", "GET", "?after=999999"))

    assert listed == {"clearings": [], "next": ""}
