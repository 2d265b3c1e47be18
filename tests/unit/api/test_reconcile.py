"""`/reconcile`: institutions state, officers match, resolve and sign off, each by a token of their own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.api.serve import serving
from gateway.fhir.json import encode
from gateway.system import Settings, open_system
from tests.bench.claims import fhir_claim
from tests.bench.world import (
    AGENCY_TOKEN,
    BANK_TOKEN,
    CITY,
    CITY_TOKEN,
    TODAY,
    TOWNSHIP_TOKEN,
    bearer,
    settle_people,
)
from tests.unit.api.answers import body, codes
from tests.unit.exchange.clearing.home import OFFICERS, make_office_home, token_of

DAY = TODAY.isoformat()
HEAD = "settlement,visit,person,total,fund,account,refund\n"


@dataclass(frozen=True)
class House:
    """A served gateway on which the city hospital has settled one bill. `clients`: by name."""

    clients: dict[str, httpx.Client]
    settled: dict[str, Any]

    def post(self, who: str, path: str, content: Any) -> httpx.Response:
        sent = content if isinstance(content, str) else encode(content)
        return self.clients[who].post(f"/reconcile{path}", content=sent)

    def get(self, who: str, path: str, **asked: str) -> httpx.Response:
        return self.clients[who].get(f"/reconcile{path}", params=asked)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home: Path = tmp_path_factory.mktemp("reconciling")
    make_office_home(home)
    system = open_system(Settings(home=home, database_url="", business_date=TODAY))
    tokens = {"city": CITY_TOKEN, "township": TOWNSHIP_TOKEN, "bank": BANK_TOKEN, "agency": AGENCY_TOKEN}
    tokens |= {each: token_of(each) for each in OFFICERS}
    with serving(system) as addresses:
        person = settle_people(addresses.base_url, 1)[0]
        clients = {
            name: httpx.Client(base_url=addresses.base_url, headers=bearer(token), timeout=30, trust_env=False)
            for name, token in tokens.items()
        }
        settled = clients["city"].post("/fhir/Claim/$submit", content=fhir_claim(person, "reconcile"))
        yield House(clients, body(settled))
        for each in clients.values():
            each.close()
    system.close()


def total(settled: dict[str, Any], code: str) -> str:
    [found] = [each["amount"]["value"] for each in settled["total"] if each["category"]["coding"][0]["code"] == code]
    return f"{found:.2f}"


def line(house: House, **changed: str) -> str:
    said = {
        "settlement": house.settled["id"],
        "visit": "",
        "person": "",
        "total": total(house.settled, "submitted"),
        "fund": total(house.settled, "fund-total"),
        "account": "0.00",
        "refund": "0",
    }
    return ",".join({**said, **changed}.values()) + "\n"


def test_an_institution_states_and_sees_its_own(house: House) -> None:
    window = f"/details?from={DAY}&to={DAY}"

    agreed = body(house.post("city", window, HEAD + line(house)))["Comparison"]
    differing = body(house.post("city", window, HEAD + line(house, fund="0.00")))["Comparison"]

    assert (agreed["result"], agreed["differing"]) == ("matched", 0)
    assert (differing["result"], differing["lines"][0]["class"]) == ("differs", "differs")
    said = {"scheme": "resident", "from": DAY, "to": DAY, "cases": 9, "total": "1.00", "fund": 1, "account": "0"}
    told = body(house.post("city", "/totals", said))["Comparison"]
    assert told["differing"] == ["cases", "total", "fund"]


def test_a_day_from_its_match_to_its_sign_off(house: House) -> None:
    house.post("city", f"/details?from={DAY}&to={DAY}", HEAD + line(house, fund="0.00"))
    matched = body(house.post("chief", "/day", {"scheme": "resident", "day": DAY}))["Day"]
    listed = body(house.get("chief", "/findings", state="open", day=DAY))["findings"]
    own = body(house.get("city", "/findings"))["findings"]
    others = body(house.get("township", "/findings"))["findings"]

    assert matched["found"]["amount-differs"] >= 1
    assert {each["institution"] for each in own} == {CITY}
    assert others == []
    assert house.get("township", f"/findings/{own[0]['id']}").status_code == 404
    assert body(house.get("city", f"/findings/{own[0]['id']}"))["Finding"] == own[0]
    refused = house.post("chief", "/day/sign-off", {"scheme": "resident", "day": DAY})
    assert (refused.status_code, codes(refused)) == (422, ["findings-open"])
    for each in listed:
        answer = house.post("chief", f"/findings/{each['id']}", {"action": "accept-core", "why": "机构已更正"})
        assert answer.status_code == 200, answer.text
    signed = body(house.post("chief", "/day/sign-off", {"scheme": "resident", "day": DAY}))["Day"]
    assert signed["state"] == "signed-off"
    assert body(house.get("deputy", "/day", scheme="resident", day=DAY))["Day"] == signed


@pytest.mark.parametrize(
    ("who", "path", "content", "code"),
    [
        ("city", "/day", {"scheme": "resident", "day": DAY}, "forbidden"),
        ("bank", "/day/sign-off", {"scheme": "resident", "day": DAY}, "forbidden"),
        ("chief", "/day", {"scheme": "moon", "day": DAY}, "scheme-not-offered"),
        ("chief", "/day", {"scheme": "resident", "day": "never"}, "bad-day"),
        ("chief", "/day", [1], "bad-request"),
        ("chief", "/day", {"scheme": {"a": 1}, "day": DAY}, "bad-request"),
        ("chief", "/day", "{", "not-json"),
        ("chief", "/findings/none", {"action": "accept-core", "why": "x"}, "no-such-finding"),
        ("city", "/details", HEAD, "bad-day"),
        ("city", f"/details?from={DAY}&to={DAY}", HEAD, "no-lines-stated"),
        ("city", f"/details?from={DAY}&to={DAY}", "a,b\n1,2\n", "details-unreadable"),
        ("city", f"/details?from={DAY}&to={DAY}&institution=H32118200101", HEAD + "a,,,1,1,0,0\n", "other-institution"),
        ("city", f"/details?from={DAY}&to={DAY}", HEAD + 'a,"b', "details-unreadable"),
        ("city", "/totals", {"scheme": "resident", "from": DAY, "to": DAY}, "bad-figure"),
    ],
)
def test_what_cannot_be_is_refused_with_its_code(house: House, who: str, path: str, content: Any, code: str) -> None:
    answer = house.post(who, path, content)

    assert answer.status_code in (400, 403, 404, 422)
    assert codes(answer)[0] == code


def test_a_reading_that_cannot_be_is_refused(house: House) -> None:
    assert codes(house.get("chief", "/findings", limit="0")) == ["bad-page"]
    assert codes(house.get("bank", "/findings")) == ["forbidden"]
    assert codes(house.get("chief", "/day", scheme="resident", day="2014-01-01")) == ["day-not-matched"]
    assert codes(house.get("city", "/day", scheme="resident", day=DAY)) == ["forbidden"]
    nobody = httpx.get(f"{house.clients['city'].base_url}/reconcile/findings", trust_env=False)
    assert nobody.status_code == 401
