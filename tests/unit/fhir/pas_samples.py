"""A prior-authorisation request as a system of Da Vinci PAS 2.0.1 writes it, our codes beside those it asks for."""

from decimal import Decimal
from typing import Any

from gateway.fhir.systems import CLAIM_TYPE, PROCESS_PRIORITY, cs, sid

PAS = "http://hl7.org/fhir/us/davinci-pas"
HERE = "https://clinic.example/fhir"


def pas_request(citizen_id: str, institution: str, *, area: str, code: str, day: str) -> dict[str, Any]:
    """The Bundle: a stay of a day with two lines of one item, 2 × 12.345 = 24.69 each, and the parties it names."""
    resources = [
        _claim(institution, area=area, code=code, day=day),
        _patient(citizen_id),
        _organization(f"agency-{area}", "医疗保险经办机构", f"{area}"),
        _organization(institution, "示范医院", institution),
        _coverage(area),
    ]
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{PAS}/StructureDefinition/profile-pas-request-bundle"]},
        "identifier": {"system": f"{HERE}/requests", "value": "PA-1"},
        "type": "collection",
        "timestamp": "2015-03-09T09:00:00+08:00",
        "entry": [{"fullUrl": f"{HERE}/{each['resourceType']}/{each['id']}", "resource": each} for each in resources],
    }


def _claim(institution: str, *, area: str, code: str, day: str) -> dict[str, Any]:
    return {
        "resourceType": "Claim",
        "id": "pa-1",
        "meta": {"profile": [f"{PAS}/StructureDefinition/profile-claim"]},
        "identifier": [{"system": f"{HERE}/claims", "value": "PA-1"}],
        "status": "active",
        "type": {"coding": [{"system": CLAIM_TYPE, "code": "institutional"}]},
        "use": "preauthorization",
        "patient": {"reference": f"{HERE}/Patient/person-1"},
        "created": "2015-03-09",
        "insurer": {"reference": f"Organization/agency-{area}"},
        "provider": {"reference": f"{HERE}/Organization/{institution}"},
        "priority": {"coding": [{"system": PROCESS_PRIORITY, "code": "normal"}]},
        "supportingInfo": [
            {
                "sequence": 1,
                "category": {"coding": [{"system": f"{PAS}/CodeSystem/PASTempCodes", "code": "admissionDates"}]},
                "timingPeriod": {"start": day, "end": day},
            }
        ],
        "diagnosis": [
            {
                "sequence": 1,
                "diagnosisCodeableConcept": {
                    "coding": [
                        {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "J18.9"},
                        {"system": cs("diagnosis"), "code": "J18.900"},
                    ]
                },
            }
        ],
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": f"{HERE}/Coverage/cover-1"}}],
        "item": [_item(number, code, day) for number in (1, 2)],
    }


def _item(number: int, code: str, day: str) -> dict[str, Any]:
    return {
        "sequence": number,
        "category": {"coding": [{"system": "https://codesystem.x12.org/005010/1365", "code": "1"}]},
        "productOrService": {
            "coding": [
                {"system": "http://www.ama-assn.org/go/cpt", "code": "99221"},
                {"system": cs("catalogue"), "code": code},
            ]
        },
        "servicedDate": day,
        "quantity": {"value": Decimal(2)},
        "unitPrice": {"value": Decimal("12.345"), "currency": "CNY"},
        "net": {"value": Decimal("24.69"), "currency": "CNY"},
    }


def _patient(citizen_id: str) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": "person-1",
        "meta": {"profile": [f"{PAS}/StructureDefinition/profile-beneficiary"]},
        "identifier": [{"system": sid("citizen-id"), "value": citizen_id}],
        "name": [{"text": "测试一", "family": "测", "given": ["试一"]}],
        "gender": "male",
    }


def _organization(id: str, name: str, number: str) -> dict[str, Any]:
    identifiers = [] if id.startswith("agency-") else [{"system": sid("institution"), "value": id}]
    kind = "insurer" if id.startswith("agency-") else "requestor"
    made: dict[str, Any] = {
        "resourceType": "Organization",
        "id": id,
        "meta": {"profile": [f"{PAS}/StructureDefinition/profile-{kind}"]},
        "identifier": identifiers or [{"system": f"{HERE}/agencies", "value": number}],
        "active": True,
        "type": [
            {
                "coding": [
                    {"system": "https://codesystem.x12.org/005010/98", "code": "PR" if kind == "insurer" else "1P"}
                ]
            }
        ],
        "name": name,
    }
    return made


def _coverage(area: str) -> dict[str, Any]:
    return {
        "resourceType": "Coverage",
        "id": "cover-1",
        "meta": {"profile": [f"{PAS}/StructureDefinition/profile-coverage"]},
        "status": "active",
        "beneficiary": {"reference": f"{HERE}/Patient/person-1"},
        "payor": [{"reference": f"{HERE}/Organization/agency-{area}"}],
    }
