"""How our codes read in the CARIN Blue Button guide 2.0.0 (hl7.fhir.us.carin-bb): its code systems and what fits them.

Assumptions are named at each table. The codes of NUBC and NDC are given by structure: their tables are not shipped.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

CARIN: Final = "http://hl7.org/fhir/us/carin-bb"
INPATIENT: Final = "C4BB-ExplanationOfBenefit-Inpatient-Institutional"
OUTPATIENT: Final = "C4BB-ExplanationOfBenefit-Outpatient-Institutional"
PHARMACY: Final = "C4BB-ExplanationOfBenefit-Pharmacy"

HL7_ADJUDICATION: Final = "http://terminology.hl7.org/CodeSystem/adjudication"
DIAGNOSIS_TYPE: Final = "http://terminology.hl7.org/CodeSystem/ex-diagnosistype"
RELATED: Final = "http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship"
ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
ICD_10_CM: Final = "http://hl7.org/fhir/sid/icd-10-cm"
NDC: Final = "http://hl7.org/fhir/sid/ndc"
REVENUE: Final = "https://www.nubc.org/CodeSystem/RevenueCodes"
DISPENSED: Final = "http://terminology.hl7.org/CodeSystem/NCPDPDispensedAsWrittenOrProductSelectionCode"

UNKNOWN_DIAGNOSIS: Final = "R69"
"""ICD-10-CM: illness, unspecified."""
UNKNOWN_NDC: Final = "00000-0000-00"
"""An NDC of zeros names no product. Chinese drug codes are no NDC and must not look like one."""
AS_WRITTEN_UNSAID: Final = "0"
"""NCPDP: no product selection indicated."""


def carin(name: str) -> str:
    """A code system of the guide: `carin("C4BBAdjudication")`."""
    return f"{CARIN}/CodeSystem/{name}"


_OWN: Final = carin("C4BBAdjudication")

TOTALS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    (HL7_ADJUDICATION, "submitted", ("submitted",)),
    (_OWN, "noncovered", ("own-expense", "over-limit")),
    (HL7_ADJUDICATION, "copay", ("first-payment",)),
    (HL7_ADJUDICATION, "eligible", ("in-scope",)),
    (HL7_ADJUDICATION, "deductible", ("deductible",)),
    (HL7_ADJUDICATION, "benefit", ("fund-total",)),
    (_OWN, "paidtoprovider", ("fund-total",)),
    (_OWN, "paidbypatienthealthaccount", ("account",)),
    (_OWN, "paidbypatientcash", ("cash",)),
    (_OWN, "memberliability", ("account", "cash")),
    (_OWN, "discount", ("institution-share",)),
)
"""System and code of theirs, and which of our categories are in it.

Assumptions: own expense and what is above the ceiling are not covered; the first payment of class B is a copayment;
what the institution bears is a discount; the personal account is a health account of the patient.
"""

OF_LINE: Final = TOTALS[:4]

REVENUE_OF: Final[Mapping[str, str]] = {
    "bed": "0120",
    "nursing": "0230",
    "drug": "0250",
    "patent_medicine": "0250",
    "herb": "0250",
    "material": "0270",
    "lab": "0300",
    "exam": "0400",
    "surgery": "0360",
    "consultation": "0510",
    "general_consultation": "0510",
    "registration": "0510",
    "treatment": "0940",
}
"""Our charge categories → NUBC revenue codes by their general meaning. An assumption: the two do not divide alike."""
OTHER_REVENUE: Final = "0949"

_ICD = re.compile(r"([A-Z][0-9]{2})(?:\.([0-9]))?", re.ASCII)


def icd_10_cm(code: str) -> str:
    """The first four characters of an ICD-10 code of 医保版, which are WHO's and mostly those of ICD-10-CM; else R69.

    'J18.900' → 'J18.9', 'I10.x00' → 'I10'.
    """
    match = _ICD.match(code)
    if match is None:
        return UNKNOWN_DIAGNOSIS
    return f"{match[1]}.{match[2]}" if match[2] else match[1]


def coded(system: str, code: str, *more: Mapping[str, Any]) -> dict[str, Any]:
    """A CodeableConcept of their code, with codings of ours behind it."""
    return {"coding": [{"system": system, "code": code}, *more]}
