"""The search parameters offered for each type: one table for the index, the query parser and the capabilities."""

from typing import Final, NamedTuple

_DEFINITIONS: Final = "http://hl7.org/fhir/SearchParameter/"


class Parameter(NamedTuple):
    """`kind`: token, reference, uri or date, as R4 defines it. `element`: the top-level element whose value is indexed.

    `target`: type a reference points to; `code_system`: implied system of a code; `definition`: R4's canonical URL.
    """

    name: str
    kind: str
    element: str
    definition: str
    target: str = ""
    code_system: str = ""


def _identifier(definition: str) -> Parameter:
    return Parameter("identifier", "token", "identifier", _DEFINITIONS + definition)


def _status(definition: str, code_system: str) -> Parameter:
    return Parameter(
        "status", "token", "status", _DEFINITIONS + definition, code_system="http://hl7.org/fhir/" + code_system
    )


def _url(definition: str) -> Parameter:
    return Parameter("url", "uri", "url", _DEFINITIONS + definition)


def _patient(name: str, element: str, definition: str) -> Parameter:
    return Parameter(name, "reference", element, _DEFINITIONS + definition, target="Patient")


def _organization(name: str, definition: str) -> Parameter:
    return Parameter(name, "reference", name, _DEFINITIONS + definition, target="Organization")


def _created(definition: str) -> Parameter:
    return Parameter("created", "date", "created", _DEFINITIONS + definition)


PARAMETERS: Final[dict[str, tuple[Parameter, ...]]] = {
    "Patient": (_identifier("Patient-identifier"),),
    "Coverage": (
        _identifier("Coverage-identifier"),
        _patient("patient", "beneficiary", "Coverage-patient"),
        _patient("beneficiary", "beneficiary", "Coverage-beneficiary"),
        _status("Coverage-status", "fm-status"),
    ),
    "Organization": (_identifier("Organization-identifier"),),
    "Encounter": (
        _identifier("clinical-identifier"),
        _patient("patient", "subject", "clinical-patient"),
        _status("Encounter-status", "encounter-status"),
    ),
    "Claim": (
        _identifier("Claim-identifier"),
        _patient("patient", "patient", "Claim-patient"),
        _status("Claim-status", "fm-status"),
        _created("Claim-created"),
    ),
    "ClaimResponse": (
        _identifier("ClaimResponse-identifier"),
        _patient("patient", "patient", "ClaimResponse-patient"),
        _status("ClaimResponse-status", "fm-status"),
        _created("ClaimResponse-created"),
    ),
    "InsurancePlan": (
        _identifier("InsurancePlan-identifier"),
        _status("InsurancePlan-status", "publication-status"),
    ),
    "PaymentReconciliation": (
        _identifier("PaymentReconciliation-identifier"),
        _organization("requestor", "PaymentReconciliation-requestor"),
        _status("PaymentReconciliation-status", "fm-status"),
        _created("PaymentReconciliation-created"),
    ),
    "PaymentNotice": (
        _identifier("PaymentNotice-identifier"),
        _organization("provider", "PaymentNotice-provider"),
        _status("PaymentNotice-status", "fm-status"),
        _created("PaymentNotice-created"),
    ),
    "CodeSystem": (
        _identifier("conformance-identifier"),
        _status("conformance-status", "publication-status"),
        _url("conformance-url"),
    ),
    "ValueSet": (
        _identifier("conformance-identifier"),
        _status("conformance-status", "publication-status"),
        _url("conformance-url"),
    ),
    "ConceptMap": (
        _identifier("conformance-identifier"),
        _status("conformance-status", "publication-status"),
        _url("conformance-url"),
    ),
}

COMMON: Final = (
    Parameter("_id", "token", "", _DEFINITIONS + "Resource-id"),
    Parameter("_lastUpdated", "date", "", _DEFINITIONS + "Resource-lastUpdated"),
)
"""Offered for every type; the store answers them from its own columns."""
