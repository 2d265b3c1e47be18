"""A clinic's counter that speaks FHIR R4: `Claim/$submit`, first as a predetermination."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx

from gateway.demo.care import Care, Institution, Item
from gateway.demo.outcome import Outcome, outcome_codes, response_sums
from gateway.demo.people import AREA
from gateway.demo.site import Site
from gateway.fhir.json import decode, encode
from gateway.fhir.parts import concept
from gateway.fhir.systems import CLAIM_TYPE, CURRENCY, PROCESS_PRIORITY, agency, cs, ext, sid

TIMEOUT_SECONDS = 30


class FhirCounter:
    """A clinic that speaks FHIR: Claim/$submit, first as a predetermination."""

    channel = "fhir"

    def __init__(self, site: Site, institution: Institution) -> None:
        self.http = httpx.Client(
            base_url=site.addresses.base_url,
            headers={**site.access.bearer(institution.code), "content-type": "application/fhir+json"},
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
            event_hooks={"response": [lambda _response: site.sent.append(self.channel)]},
        )

    def submit(self, care: Care) -> Outcome:
        claim = write_claim(care)
        tried = self.send({**claim, "use": "predetermination"})
        if tried.codes:
            return tried
        final = self.send(claim)
        return replace(final, trial=tried.final)

    def send(self, claim: Mapping[str, Any], *, key: str = "") -> Outcome:
        """One $submit and its answer; `key`: an Idempotency-Key in place of visit and bill."""
        numbers = "|".join(each["value"] for each in claim["identifier"])
        return self.post(self.bytes_of(claim), key=key, named=key or numbers)

    def bytes_of(self, claim: Mapping[str, Any]) -> bytes:
        """A Claim as it is sent."""
        return encode(claim)

    def post(self, body: bytes, *, key: str = "", named: str = "") -> Outcome:
        """Any bytes to $submit."""
        headers = {"idempotency-key": key} if key else {}
        response = self.http.post("/fhir/Claim/$submit", content=body, headers=headers)
        resource = decode(response.content)
        accepted = resource["resourceType"] == "ClaimResponse"
        return Outcome(
            channel=self.channel,
            key=named,
            request=body,
            answer=response.content,
            settlement=resource.get("id", "") if accepted else "",
            final=response_sums(resource) if accepted else {},
            codes=() if accepted else outcome_codes(resource),
            text=resource.get("disposition", "") if accepted else resource["issue"][0]["details"]["text"],
        )

    def close(self) -> None:
        self.http.close()


def write_claim(care: Care) -> dict[str, Any]:
    """A treatment as a FHIR R4 Claim."""
    claim: dict[str, Any] = {
        "resourceType": "Claim",
        "identifier": [
            {"system": sid("visit"), "value": care.visit},
            {"system": sid("bill"), "value": care.bill},
        ],
        "status": "active",
        "type": concept(CLAIM_TYPE, "institutional" if care.stays else "professional"),
        "subType": concept(cs("claim-kind"), care.kind),
        "use": "claim",
        "patient": {"identifier": {"system": sid("citizen-id"), "value": care.resident.citizen_id}},
        "billablePeriod": {"start": care.from_on.isoformat(), "end": care.to_on.isoformat()},
        "created": care.to_on.isoformat(),
        "insurer": {"reference": agency(AREA)},
        "provider": {"reference": f"Organization/{care.institution.code}"},
        "priority": concept(PROCESS_PRIORITY, "normal"),
        "diagnosis": [
            {"sequence": number, "diagnosisCodeableConcept": concept(cs("diagnosis"), code, name)}
            for number, (code, name) in enumerate(care.diagnoses, 1)
        ],
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "resident"}}],
        "item": [_claim_item(number, item) for number, item in enumerate(care.items, 1)],
        "total": {"value": care.total, "currency": CURRENCY},
    }
    if care.disease[0]:
        category = {"coding": [{"code": "special-disease"}]}
        disease = concept(cs("special-disease"), *care.disease)
        claim["supportingInfo"] = [{"sequence": 1, "category": category, "code": disease}]
    return claim


def _claim_item(number: int, item: Item) -> dict[str, Any]:
    return {
        "extension": [{"url": ext("line-number"), "valueString": str(number)}],
        "sequence": number,
        "productOrService": {**concept(cs("catalogue"), item.code), "text": item.name},
        "servicedDate": item.served_on.isoformat(),
        "quantity": {"value": item.quantity},
        "unitPrice": {"value": item.price, "currency": CURRENCY},
        "net": {"value": item.amount, "currency": CURRENCY},
    }
