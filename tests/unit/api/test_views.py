"""Views for others on the wire: a settlement as CARIN's ExplanationOfBenefit, a request of Da Vinci PAS tried."""

from decimal import Decimal
from typing import Any

from gateway.fhir.json import decode_resource, encode
from gateway.kernel import money
from tests.bench.claims import LINES, TOTAL, fhir_claim
from tests.bench.world import AREA, CITY
from tests.unit.api.answers import body, codes
from tests.unit.api.conftest import Served
from tests.unit.fhir.pas_samples import pas_request

CARIN = "http://hl7.org/fhir/us/carin-bb/StructureDefinition"
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition"


def settled(served: Served, number: str) -> dict[str, Any]:
    answer = served.city.post("/fhir/Claim/$submit", content=fhir_claim(served.people[3], number))
    assert answer.status_code == 200, answer.text
    return decode_resource(answer.content)


def amounts(parts: list[dict[str, Any]]) -> dict[str, Decimal]:
    return {part["category"]["coding"][0]["code"]: part["amount"]["value"] for part in parts}


def test_a_settlement_is_shown_as_carin_shows_it(served: Served) -> None:
    response = settled(served, "eob1")
    answer = served.city.get(f"/fhir/ClaimResponse/{response['id']}/$eob")
    parts = {each["name"]: each["resource"] for each in decode_resource(answer.content)["parameter"]}
    eob, ours = parts["return"], amounts(response["total"])
    theirs = amounts(eob["total"])

    assert answer.status_code == 200
    assert eob["meta"]["profile"] == [f"{CARIN}/C4BB-ExplanationOfBenefit-Inpatient-Institutional|2.0.0"]
    assert theirs["submitted"] == ours["submitted"] == money.decimal(TOTAL)
    assert theirs["paidtoprovider"] == ours["fund-total"]
    assert theirs["noncovered"] == ours["own-expense"] + ours["over-limit"]
    assert theirs["memberliability"] == ours["account"] + ours["cash"]
    assert [item["net"]["value"] for item in eob["item"]] == [money.decimal(line.fen) for line in LINES]
    assert parts["outcome"]["resourceType"] == "OperationOutcome"
    assert {each["details"]["coding"][0]["code"] for each in parts["outcome"]["issue"]} == {
        "view-lost",
        "view-merged",
        "view-stand-in",
    }
    again = served.city.post(f"/fhir/ClaimResponse/{response['id']}/$eob")
    assert again.content == answer.content


def test_it_is_shown_to_those_who_may_read_it(served: Served) -> None:
    path = f"/fhir/ClaimResponse/{settled(served, 'eob2')['id']}/$eob"

    assert served.agency.get(path).status_code == 200
    assert codes(served.township.get(path)) == ["resource-not-found"]
    assert served.nobody.get(path).status_code == 401
    assert codes(served.city.get("/fhir/ClaimResponse/none/$eob")) == ["resource-not-found"]


def request(served: Served, **changes: Any) -> bytes:
    code = LINES[4].code
    bundle = pas_request(served.people[4].citizen_id, CITY, area=AREA, code=code, day="2015-03-25")
    bundle["entry"][0]["resource"].update(changes)
    return encode(bundle)


def test_a_request_for_authorisation_is_tried_and_answered_as_pas(served: Served) -> None:
    before = served.system.store.verify().counts
    answer = served.city.post("/fhir/Claim/$submit", content=request(served))
    bundle = decode_resource(answer.content)
    response, outcome = bundle["entry"][0]["resource"], bundle["entry"][-1]["resource"]
    after = served.system.store.verify().counts

    assert answer.status_code == 200, answer.text
    assert bundle["meta"]["profile"] == [f"{PAS}/profile-pas-response-bundle"]
    assert (response["resourceType"], response["use"], response["outcome"]) == (
        "ClaimResponse",
        "preauthorization",
        "complete",
    )
    assert amounts(response["total"])["submitted"] == Decimal("49.38")
    assert response["request"] == {"reference": "https://clinic.example/fhir/Claim/pa-1"}
    assert "preAuthRef" not in response
    assert {each["details"]["coding"][0]["code"] for each in outcome["issue"]} == {"view-lost", "view-stand-in"}
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "message": 1,
        "audit": 1,
    }


def test_what_is_wrong_with_a_request_is_told_as_for_any_claim(served: Served) -> None:
    assert codes(served.city.post("/fhir/Claim/$submit", content=request(served, use="claim"))) == ["unknown-code"]
    assert codes(served.city.post("/fhir/Claim/$submit", content=request(served, status="gone"))) == ["unknown-code"]
    refused = served.city.post("/fhir/Claim/$submit", content=request(served, item=[]))
    assert codes(refused) == ["empty-element"]


def test_a_plain_claim_may_ask_beforehand_too(served: Served) -> None:
    claim = decode_resource(fhir_claim(served.people[5], "pre1"))
    claim |= {"use": "preauthorization", "billablePeriod": {"start": "2015-03-25", "end": "2015-03-26"}}
    for item in claim["item"]:
        item["servicedDate"] = "2015-03-25"
    answer = served.city.post("/fhir/Claim/$submit", content=encode(claim))
    far = claim | {"billablePeriod": {"start": "2016-03-25", "end": "2016-03-26"}}

    assert (answer.status_code, body(answer)["use"]) == (200, "preauthorization")
    assert "id" not in body(answer)
    assert "day-in-future" in codes(served.city.post("/fhir/Claim/$submit", content=encode(far)))
