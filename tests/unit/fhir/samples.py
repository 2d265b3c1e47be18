"""Resources that tests start from: a chronic outpatient claim of ten lines, and the people and places around it."""

from datetime import date
from decimal import Decimal
from typing import Any

from gateway.fhir.systems import CLAIM_TYPE, PROCESS_PRIORITY, cs, ext, sid
from gateway.kernel.citizen_id import check_digit

TODAY = date(2015, 3, 9)
PERSON = "3211820000000000000000000p0001"
COVERAGE = "3211820000000000000000000c0001"
INSTITUTION = "H32118200001"
CITIZEN_17 = "32118219500101001"
CITIZEN = CITIZEN_17 + check_digit(CITIZEN_17)


def claim(lines: int = 10) -> dict[str, Any]:
    """A valid claim: every line 2 × 12.345 = 24.69."""
    return {
        "resourceType": "Claim",
        "extension": [
            {"url": ext("visit"), "valueReference": {"reference": "Encounter/321182000000000000000000000001"}}
        ],
        "identifier": [
            {"system": sid("visit"), "value": "MZ20150309001"},
            {"system": sid("bill"), "value": "B20150309001"},
        ],
        "status": "active",
        "type": {"coding": [{"system": CLAIM_TYPE, "code": "institutional"}]},
        "subType": {"coding": [{"system": cs("claim-kind"), "code": "chronic"}]},
        "use": "claim",
        "patient": {"reference": f"Patient/{PERSON}"},
        "billablePeriod": {"start": "2015-03-09", "end": "2015-03-09"},
        "created": "2015-03-09",
        "insurer": {"reference": "Organization/agency-321182"},
        "provider": {"reference": f"Organization/{INSTITUTION}"},
        "priority": {"coding": [{"system": PROCESS_PRIORITY, "code": "normal"}]},
        "diagnosis": [
            {
                "sequence": 1,
                "diagnosisCodeableConcept": {
                    "coding": [{"system": cs("diagnosis"), "code": "I10.x00", "display": "高血压"}]
                },
            }
        ],
        "supportingInfo": [
            {
                "sequence": 1,
                "category": {"coding": [{"system": cs("adjudication"), "code": "special-disease"}]},
                "code": {"coding": [{"system": cs("special-disease"), "code": "M03900"}]},
            }
        ],
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": f"Coverage/{COVERAGE}"}}],
        "item": [item(number) for number in range(1, lines + 1)],
        "total": {"value": Decimal("24.69") * lines, "currency": "CNY"},
    }


def item(number: int) -> dict[str, Any]:
    return {
        "extension": [{"url": ext("line-number"), "valueString": f"L{number}"}],
        "sequence": number,
        "productOrService": {
            "coding": [{"system": cs("catalogue"), "code": f"XC08CAA001A00101000{number:04d}"}],
            "text": "苯磺酸氨氯地平片",
        },
        "servicedDate": "2015-03-09",
        "quantity": {"value": 2, "unit": "盒"},
        "unitPrice": {"value": Decimal("12.345"), "currency": "CNY"},
        "net": {"value": Decimal("24.69"), "currency": "CNY"},
    }


def patient() -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": PERSON,
        "identifier": [{"use": "official", "system": sid("citizen-id"), "value": CITIZEN}],
        "active": True,
        "name": [{"text": "测试一"}],
        "gender": "male",
        "birthDate": "1950-01-01",
    }


def coverage() -> dict[str, Any]:
    return {
        "resourceType": "Coverage",
        "id": COVERAGE,
        "status": "active",
        "type": {"coding": [{"system": cs("scheme"), "code": "resident"}]},
        "beneficiary": {"reference": f"Patient/{PERSON}"},
        "period": {"start": "2015-01-01", "end": "2015-12-31"},
        "payor": [{"reference": "Organization/agency-321182"}],
    }
