"""What the FHIR checks share: a claim that must be payable, and what every answer and every refusal must hold."""

from decimal import Decimal
from typing import Any

import httpx

from conformance.checks import expect
from conformance.site import Site, decode

OURS = "https://gateway.example/fhir"
CURRENCY = "CNY"


def claim(site: Site, *, use: str = "claim") -> dict[str, Any]:
    """A stay of one day with three lines, under numbers of its own; most of it is above any deductible."""
    prices = (("600.40", 20), ("35.25", 40), ("88.88", 60))
    codes = catalogue(site)
    day = site.day.isoformat()
    lines = [_line(n, codes[n % len(codes)], Decimal(price), count, day) for n, (price, count) in enumerate(prices, 1)]
    return {
        "resourceType": "Claim",
        "identifier": [
            {"system": f"{OURS}/sid/visit", "value": site.number()},
            {"system": f"{OURS}/sid/bill", "value": site.number()},
        ],
        "status": "active",
        "type": _coded("http://terminology.hl7.org/CodeSystem/claim-type", "institutional"),
        "subType": _coded(f"{OURS}/CodeSystem/claim-kind", "inpatient"),
        "use": use,
        "patient": {"identifier": {"system": f"{OURS}/sid/citizen-id", "value": site.citizen_id}},
        "billablePeriod": {"start": day, "end": day},
        "created": day,
        "insurer": {"reference": f"Organization/agency-{site.area}"},
        "provider": {"reference": f"Organization/{site.institution}"},
        "priority": _coded("http://terminology.hl7.org/CodeSystem/processpriority", "normal"),
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": _coded(f"{OURS}/CodeSystem/diagnosis", "J18.900")}],
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "resident"}}],
        "item": lines,
        "total": money(sum(line["net"]["value"] for line in lines)),
    }


def catalogue(site: Site) -> list[str]:
    """Codes of the published catalogue, or one that no catalogue has."""
    found = decode(site.get("CodeSystem", _count="1").content)
    concepts = [each for entry in found.get("entry", []) for each in entry["resource"].get("concept", [])]
    return [each["code"] for each in concepts[::17]] or ["000000000000000"]


def money(value: Decimal | int) -> dict[str, Any]:
    """FHIR Money of an amount in yuan."""
    return {"value": value, "currency": CURRENCY}


def _line(number: int, code: str, price: Decimal, count: int, day: str) -> dict[str, Any]:
    return {
        "sequence": number,
        "productOrService": _coded(f"{OURS}/CodeSystem/catalogue", code),
        "servicedDate": day,
        "quantity": {"value": count},
        "unitPrice": money(price),
        "net": money(price * count),
    }


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def resource(response: httpx.Response, type: str, *, status: int = 200) -> dict[str, Any]:
    """The resource that was answered; Failed when status or type is another."""
    expect(response.status_code == status, f"status {response.status_code} for {status}: {response.text[:300]}")
    kind = response.headers.get("content-type", "")
    expect(kind.startswith("application/fhir+json"), f"content type {kind!r} for application/fhir+json")
    body: dict[str, Any] = decode(response.content)
    expect(body.get("resourceType") == type, f"{body.get('resourceType')} for {type}")
    return body


def refused(response: httpx.Response, *statuses: int) -> str:
    """Codes and texts of a refusal; Failed unless it is an OperationOutcome of a 4xx (or one of these) status."""
    status = response.status_code
    expect(status in statuses if statuses else 400 <= status < 500, f"status {status}: {response.text[:300]}")
    issues = resource(response, "OperationOutcome", status=status)["issue"]
    expect(issues, "an OperationOutcome without issues")
    for issue in issues:
        expect(issue["severity"] in ("fatal", "error") and issue["code"], f"an issue that says nothing: {issue}")
        expect(issue["details"]["coding"][0]["code"] and issue["details"]["text"], f"no code or text: {issue}")
    return " ".join(f"{each['details']['coding'][0]['code']} {each['details']['text']}" for each in issues)


def parts(adjudication: list[dict[str, Any]]) -> dict[str, Decimal]:
    """Amount by category; Failed when a currency is another."""
    for each in adjudication:
        expect(each["amount"]["currency"] == CURRENCY, f"currency {each['amount']['currency']}")
    return {each["category"]["coding"][0]["code"]: Decimal(each["amount"]["value"]) for each in adjudication}
