"""The prepared answers of the sandbox: a settlement whose figures add up, an OperationOutcome, a CapabilityStatement.

Nothing is settled: every line is answered as the person's own expense, so that a client has figures to read.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from conformance.client.phases import Prepared

OURS = "https://gateway.example/fhir"
HL7 = "http://terminology.hl7.org/CodeSystem"
AGENCY = {"reference": "Organization/agency-321182"}
LINE_PARTS = ("submitted", "own-expense", "over-limit", "first-payment", "in-scope")
TOTALS = (*LINE_PARTS, "deductible", "counted", "fund-basic", "fund-total", "account", "cash", "institution-share")
WHOLE = ("submitted", "own-expense", "cash")


def settlement(claim: Mapping[str, Any], *, id: str, created: str) -> dict[str, Any]:
    """A ClaimResponse to a claim: the whole is own expense, paid in cash; the fund pays nothing.

    A trial (use predetermination) has no id. KeyError, TypeError, ArithmeticError for a claim that lacks what is read.
    """
    total = Decimal(claim["total"]["value"])
    final = claim["use"] == "claim"
    numbers: dict[str, Any] = {
        "id": id,
        "identifier": [{"system": f"{OURS}/sid/settlement", "value": id}],
        "request": {"reference": f"Claim/{id}"},
    }
    return {
        "resourceType": "ClaimResponse",
        **(numbers if final else {}),
        "extension": [{"url": f"{OURS}/StructureDefinition/policy", "valueString": f"sandbox@{'0' * 64}"}],
        "status": "active",
        "type": claim["type"],
        "subType": claim["subType"],
        "use": claim["use"],
        "patient": {"reference": "Patient/sandbox"},
        "created": created,
        "insurer": claim.get("insurer", AGENCY),
        "requestor": claim["provider"],
        "outcome": "complete",
        "disposition": "沙箱应答,未实际结算 / answered by the sandbox, nothing was settled",
        "item": [_item(line) for line in claim["item"]],
        "total": _parts(TOTALS, total),
        "payment": {
            "type": {"coding": [{"system": f"{HL7}/ex-paymenttype", "code": "complete"}]},
            "date": created[:10],
            "amount": {"value": Decimal("0.00"), "currency": "CNY"},
        },
    }


def _item(line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "extension": [{"url": f"{OURS}/StructureDefinition/item-class", "valueCode": "none"}],
        "itemSequence": line["sequence"],
        "adjudication": _parts(LINE_PARTS, Decimal(line["net"]["value"])),
    }


def outcome(prepared: Prepared) -> dict[str, Any]:
    """The OperationOutcome of a prepared refusal."""
    coding = {"system": f"{OURS}/CodeSystem/problem", "code": prepared.problem}
    text = f"{prepared.zh} / {prepared.en}"
    issue = {"severity": "error", "code": prepared.code, "details": {"coding": [coding], "text": text}}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def statement(started: str) -> dict[str, Any]:
    """What the sandbox offers: Claim/$submit."""
    submit = {"name": "submit", "definition": "http://hl7.org/fhir/OperationDefinition/Claim-submit"}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": started,
        "kind": "instance",
        "software": {"name": "conformance sandbox"},
        "implementation": {"description": "沙箱 / sandbox"},
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json"],
        "rest": [{"mode": "server", "resource": [{"type": "Claim", "operation": [submit]}]}],
    }


def _parts(names: tuple[str, ...], whole: Decimal) -> list[dict[str, Any]]:
    return [
        {
            "category": {"coding": [{"system": f"{OURS}/CodeSystem/adjudication", "code": name}]},
            "amount": {"value": whole if name in WHOLE else Decimal("0.00"), "currency": "CNY"},
        }
        for name in names
    ]
