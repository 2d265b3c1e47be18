"""The CapabilityStatement: what is really offered, from the tables that the server itself works with."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from gateway.fhir.guide import OF_KIND, OF_USE, PROFILES
from gateway.fhir.search_parameters import COMMON, PARAMETERS
from gateway.fhir.systems import BASE, ext

_READ: Final = ("read", "vread", "search-type")
_WRITE: Final = ("read", "vread", "create", "update", "search-type")

INTERACTIONS: Final[dict[str, Sequence[str]]] = {
    "Patient": _WRITE,
    "Coverage": _WRITE,
    "Organization": _WRITE,
    "Claim": _WRITE,
    "ClaimResponse": _READ,
    "InsurancePlan": _READ,
    "CodeSystem": _READ,
    "ValueSet": _READ,
    "ConceptMap": _READ,
    "PaymentReconciliation": _READ,
    "PaymentNotice": _READ,
}
"""Interactions by type. What can only be read is the core's; a Claim is written as a draft."""

OPERATIONS: Final[dict[str, Mapping[str, str]]] = {
    "Claim": {"submit": "http://hl7.org/fhir/OperationDefinition/Claim-submit"},
    "Patient": {"resettle": f"{BASE}/OperationDefinition/Patient-resettle"},
    "ClaimResponse": {
        "eob": f"{BASE}/OperationDefinition/ClaimResponse-eob",
        "explain": f"{BASE}/OperationDefinition/ClaimResponse-explain",
        "resettle": f"{BASE}/OperationDefinition/ClaimResponse-resettle",
    },
}
"""Operations by type: name → canonical URL of the definition."""

VALIDATE: Final = "http://hl7.org/fhir/OperationDefinition/Resource-validate"
"""Offered for every type."""

_SUPPORTED: Final[Mapping[str, Sequence[str]]] = {
    **{type: (name,) for type, name in PROFILES.items() if type != "CodeSystem"},
    "Claim": ("cn-claim", *dict.fromkeys((*OF_KIND.values(), *OF_USE.values()))),
}
"""Profiles by type. Of the code systems only the catalogue has one, so none is named for all of them."""

_OF_TERMINOLOGY: Final = {
    "CodeSystem": ("lookup", "subsumes", "validate-code"),
    "ValueSet": ("expand", "validate-code"),
    "ConceptMap": ("closure", "translate"),
}
TERMINOLOGY: Final[dict[str, Mapping[str, str]]] = {
    type: {name: f"http://hl7.org/fhir/OperationDefinition/{type}-{name}" for name in names}
    for type, names in _OF_TERMINOLOGY.items()
}
"""Operations of the terminology service, which `gateway.terminology.offered` says in full."""
ABOVE_TYPES: Final[Mapping[str, str]] = {"closure": TERMINOLOGY["ConceptMap"]["closure"]}
"""Operations of the whole system."""

_DOCUMENTATION: Final = {
    "Claim": "Clients store drafts; an active Claim is made by $submit only, and answered with its ClaimResponse.",
    "ClaimResponse": "Written by the settlement core; a cancellation is one of its own. $explain: JSON or a page.",
    "InsurancePlan": "Published from the policy in force.",
    "PaymentReconciliation": "Written by the core for each approved clearing; /clearing/{id}/remittance has its days.",
    "PaymentNotice": "Written by the core for each payment and each credit, with its state.",
    "CodeSystem": "The catalogue in force with class, first payment and ceilings; code tables, coding standards.",
    "ValueSet": "All codes of each code system, and the sets that the guide binds.",
    "ConceptMap": "How codes of NHSA, HL7 v2 and the feeds become ours and those of FHIR.",
}


def write_capability(
    *,
    version: str,
    published_on: str,
    base: str = BASE,
    interactions: Mapping[str, Sequence[str]] = INTERACTIONS,
    operations: Mapping[str, Mapping[str, str]] = OPERATIONS | TERMINOLOGY,
) -> dict[str, Any]:
    """The CapabilityStatement of a running gateway. `published_on`: FHIR dateTime of its build or start."""
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{base}/metadata",
        "version": version,
        "name": "MedicalInsuranceGateway",
        "title": "医疗保险网关 / Medical-insurance gateway",
        "status": "active",
        "date": published_on,
        "kind": "instance",
        "instantiates": ["http://hl7.org/fhir/CapabilityStatement/terminology-server"],
        "software": {"name": "medical-insurance-gateway", "version": version},
        "implementation": {"description": "医疗保险网关 / Medical-insurance gateway", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["json", "application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "security": {"description": "Bearer token of a configured partner; a clinic sees its own claims only."},
                "resource": [
                    _resource(name, offered, operations.get(name, {})) for name, offered in sorted(interactions.items())
                ],
                "operation": [{"name": name, "definition": url} for name, url in ABOVE_TYPES.items()],
            }
        ],
    }


def _resource(name: str, offered: Sequence[str], operations: Mapping[str, str]) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "type": name,
        "interaction": [{"code": code} for code in offered],
        "versioning": "versioned-update" if "update" in offered else "versioned",
        "readHistory": "vread" in offered,
        "updateCreate": False,
        "conditionalCreate": False,
        "conditionalUpdate": False,
    }
    if name in _SUPPORTED:
        resource["supportedProfile"] = [ext(each) for each in _SUPPORTED[name]]
    if name in _DOCUMENTATION:
        resource["documentation"] = _DOCUMENTATION[name]
    if "search-type" in offered:
        resource["searchParam"] = [
            {"name": parameter.name, "definition": parameter.definition, "type": parameter.kind}
            for parameter in (*COMMON, *PARAMETERS[name])
        ]
    offers = {**operations, "validate": VALIDATE}
    resource["operation"] = [{"name": each, "definition": url} for each, url in sorted(offers.items())]
    return resource
