"""Canonical names: the URLs of our identifier systems, code systems and extensions, in one place.

Mapping files and code write the short forms `sid:citizen-id`, `cs:scheme`, `ext:household`; `expand` makes URLs of
them.
"""

from typing import Final

BASE: Final = "https://gateway.example/fhir"

CLAIM_TYPE: Final = "http://terminology.hl7.org/CodeSystem/claim-type"
COVERAGE_CLASS: Final = "http://terminology.hl7.org/CodeSystem/coverage-class"
ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
PROCESS_PRIORITY: Final = "http://terminology.hl7.org/CodeSystem/processpriority"
PAYMENT_TYPE: Final = "http://terminology.hl7.org/CodeSystem/ex-paymenttype"
CURRENCY: Final = "CNY"
AGENCY_PREFIX: Final = "agency-"

_FOLDERS: Final = {"sid": f"{BASE}/sid/", "cs": f"{BASE}/CodeSystem/", "ext": f"{BASE}/StructureDefinition/"}


def sid(name: str) -> str:
    """Identifier system: `sid("visit")`."""
    return _FOLDERS["sid"] + name


def cs(name: str) -> str:
    """Code system: `cs("scheme")`."""
    return _FOLDERS["cs"] + name


def ext(name: str) -> str:
    """Extension: `ext("policy")`."""
    return _FOLDERS["ext"] + name


def expand(value: str) -> str:
    """'sid:x', 'cs:x' and 'ext:x' as URLs; any other text as it is."""
    prefix, colon, name = value.partition(":")
    folder = _FOLDERS.get(prefix) if colon else None
    return value if folder is None else folder + name


def agency(area: str) -> str:
    """Reference to the insurance agency of an area: 'Organization/agency-321182'."""
    return f"Organization/{AGENCY_PREFIX}{area}"
