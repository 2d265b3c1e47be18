"""Valid resources to start from, profiles by hand, and short ways to ask the validator."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any

from gateway.definitions.library import Library, base_library
from gateway.definitions.model import Package
from gateway.definitions.read_structure import read_structure
from gateway.definitions.read_terminology import read_code_system, read_value_set
from gateway.definitions.table import Definition, make_table
from gateway.validation.issue import ERROR, Issue
from gateway.validation.validate import Validator, validator_of

CORE = "http://hl7.org/fhir/StructureDefinition/"
HERE = "https://example.org/fhir/"
DIV = '<div xmlns="http://www.w3.org/1999/xhtml"><p>住院费用 <b>Claim</b></p></div>'

_PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p1",
    "text": {"status": "generated", "div": DIV},
    "identifier": [{"system": "urn:oid:2.16.156", "value": "440402196504273217", "use": "official"}],
    "active": True,
    "name": [{"family": "王", "given": ["小明"], "text": "王小明"}],
    "telecom": [{"system": "phone", "value": "+86 756 2121212", "use": "home"}],
    "gender": "male",
    "birthDate": "1965-04-27",
    "deceasedBoolean": False,
    "address": [{"use": "home", "line": ["前山路1号"], "city": "珠海", "country": "CN", "postalCode": "519000"}],
    "contact": [{"relationship": [{"text": "妻"}], "name": {"text": "李红"}, "gender": "female"}],
    "managingOrganization": {"reference": "Organization/1"},
}

_COVERAGE: dict[str, Any] = {
    "resourceType": "Coverage",
    "id": "c1",
    "text": {"status": "generated", "div": DIV},
    "status": "active",
    "beneficiary": {"reference": "Patient/p1"},
    "payor": [{"reference": "Organization/2"}],
    "period": {"start": "2024-01-01", "end": "2024-12-31"},
}

_CLAIM: dict[str, Any] = {
    "resourceType": "Claim",
    "id": "claim1",
    "text": {"status": "generated", "div": DIV},
    "identifier": [{"system": "https://example.org/bill", "value": "B-2024-0001"}],
    "status": "active",
    "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/claim-type", "code": "institutional"}]},
    "use": "claim",
    "patient": {"reference": "Patient/p1"},
    "billablePeriod": {"start": "2024-08-10", "end": "2024-08-16"},
    "created": "2024-08-16T10:00:00+08:00",
    "insurer": {"reference": "Organization/2"},
    "provider": {"reference": "Organization/1"},
    "priority": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/processpriority", "code": "normal"}]},
    "diagnosis": [
        {
            "sequence": 1,
            "diagnosisCodeableConcept": {
                "coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "J18.9", "display": "肺炎"}]
            },
        }
    ],
    "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/c1"}}],
    "total": {"value": Decimal("250.00"), "currency": "CNY"},
}


def claim(lines: int = 10) -> dict[str, Any]:
    """A claim with that many lines."""
    made = deepcopy(_CLAIM)
    made["item"] = [
        {
            "sequence": place,
            "diagnosisSequence": [1],
            "category": {"coding": [{"system": "https://example.org/category", "code": "01"}]},
            "productOrService": {
                "coding": [{"system": "https://example.org/catalogue", "code": f"XA{place:03}", "display": "阿莫西林"}]
            },
            "servicedDate": "2024-08-12",
            "quantity": {"value": Decimal("2.0000")},
            "unitPrice": {"value": Decimal("12.500000"), "currency": "CNY"},
            "net": {"value": Decimal("25.00"), "currency": "CNY"},
        }
        for place in range(1, lines + 1)
    ]
    return made


def patient(**changes: Any) -> dict[str, Any]:
    """A patient; a change to None takes an element away."""
    return changed(_PATIENT, changes)


def coverage(**changes: Any) -> dict[str, Any]:
    """A coverage."""
    return changed(_COVERAGE, changes)


def changed(resource: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy with some elements replaced, or taken away by None."""
    made = deepcopy(resource)
    for name, value in changes.items():
        made.pop(name, None)
        if value is not None:
            made[name] = value
    return made


def bundle(*resources: dict[str, Any], type: str = "collection") -> dict[str, Any]:
    """A Bundle of resources under their URLs."""
    return {
        "resourceType": "Bundle",
        "type": type,
        "entry": [{"fullUrl": f"{HERE}{each['resourceType']}/{each['id']}", "resource": each} for each in resources],
    }


def library_with(*definitions: dict[str, Any]) -> Library:
    """The base definitions with some by hand (StructureDefinition, ValueSet, CodeSystem as JSON)."""
    readers: dict[str, Callable[[dict[str, Any]], Definition]] = {
        "StructureDefinition": read_structure,
        "ValueSet": read_value_set,
        "CodeSystem": read_code_system,
    }
    made = [readers[each["resourceType"]](each) for each in definitions]
    return base_library().with_package(make_table(Package("by.hand", "1.0.0"), made))


def profile(type: str, *elements: dict[str, Any], name: str = "by-hand", **more: Any) -> dict[str, Any]:
    """A profile as its differential; elements as ElementDefinition, the id taken from the path where it is not said."""
    return {
        "resourceType": "StructureDefinition",
        "url": HERE + name,
        "name": name,
        "status": "active",
        "kind": "resource" if type[0].isupper() and type not in ("Extension", "Quantity", "Coding") else "complex-type",
        "abstract": False,
        "type": type,
        "baseDefinition": CORE + type,
        "derivation": "constraint",
        "differential": {"element": [{"id": each["path"], **each} for each in ({"path": type}, *elements)]},
        **more,
    }


def base() -> Validator:
    """The validator of the base definitions."""
    return validator_of(base_library())


def issues(resource: Any, *definitions: dict[str, Any], profiles: Sequence[str] = ()) -> list[Issue]:
    """What is wrong with a resource; with definitions by hand, by the first of them unless profiles are named."""
    if not definitions:
        return base().validate(resource, profiles)
    asked = list(profiles) or [definitions[0]["url"]]
    return Validator(library_with(*definitions)).validate(resource, asked)


def errors(resource: Any, *definitions: dict[str, Any], profiles: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Code and location of each error."""
    return [
        (each.code, each.location)
        for each in issues(resource, *definitions, profiles=profiles)
        if each.severity == ERROR
    ]
