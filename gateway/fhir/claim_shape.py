"""The claim as almost every sender writes it, as closed structures that msgspec checks in one pass.

What fits here is structurally valid R4. What does not goes through the complete check (structure.py), which is slower,
names every problem, and lets pass the valid claims that use more of R4. Only the speed differs.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from gateway.fhir.systems import ext
from gateway.validation.primitives import is_day, is_instant

_TEXT: Final = r"^[ \t\r\n]*[^\s\x00-\x1f][^\x00-\x08\x0b\x0c\x0e-\x1f]*\Z"
_CODE: Final = r"^[!-~]+\Z"
_ID: Final = r"[A-Za-z0-9\-.]{1,64}"

Text: TypeAlias = Annotated[str, Meta(pattern=_TEXT)]
Code: TypeAlias = Annotated[str, Meta(pattern=_CODE)]
Id: TypeAlias = Annotated[str, Meta(pattern=rf"^{_ID}\Z")]
Sequence: TypeAlias = Annotated[int, Meta(ge=1, le=2_147_483_647)]
Number: TypeAlias = int | Decimal


class _Coding(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    system: Code
    code: Code
    display: Text | UnsetType = UNSET


class _Concept(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    coding: Annotated[list[_Coding], Meta(min_length=1)]
    text: Text | UnsetType = UNSET


class _Category(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    code: Code
    system: Code | UnsetType = UNSET


class _Categories(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    coding: Annotated[list[_Category], Meta(min_length=1)]


class _Identifier(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    system: Code
    value: Text


class _ToPatient(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    reference: Annotated[str, Meta(pattern=rf"^Patient/{_ID}\Z")] | UnsetType = UNSET
    identifier: _Identifier | UnsetType = UNSET
    display: Text | UnsetType = UNSET


class _ToOrganization(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    reference: Annotated[str, Meta(pattern=rf"^Organization/{_ID}\Z")]


class _ToCoverage(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    reference: Annotated[str, Meta(pattern=rf"^Coverage/{_ID}\Z")] | UnsetType = UNSET
    identifier: _Identifier | UnsetType = UNSET
    display: Text | UnsetType = UNSET


class _ToEncounter(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    reference: Annotated[str, Meta(pattern=rf"^Encounter/{_ID}\Z")]


class _Period(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    start: date
    end: date


class _Money(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    value: Number
    currency: Literal["CNY"]


class _Quantity(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    value: Number
    unit: Text | UnsetType = UNSET


class _LineNumber(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    url: Literal["https://gateway.example/fhir/StructureDefinition/line-number"]
    valueString: Text


class _Visit(msgspec.Struct, forbid_unknown_fields=True, gc=False, tag_field="url", tag=ext("visit")):
    valueReference: _ToEncounter


class _SplitPart(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    url: Literal["own-expense", "over-limit", "first-payment", "in-scope"]
    valueDecimal: Number


class _StatedSplit(msgspec.Struct, forbid_unknown_fields=True, gc=False, tag_field="url", tag=ext("stated-split")):
    extension: Annotated[list[_SplitPart], Meta(min_length=1)]


class _Item(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    sequence: Sequence
    productOrService: _Concept
    quantity: _Quantity
    unitPrice: _Money
    net: _Money
    servicedDate: date | UnsetType = UNSET
    extension: Annotated[list[_LineNumber], Meta(min_length=1)] | UnsetType = UNSET
    encounter: Annotated[list[_ToEncounter], Meta(min_length=1)] | UnsetType = UNSET


class _Diagnosis(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    sequence: Sequence
    diagnosisCodeableConcept: _Concept


class _Supporting(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    sequence: Sequence
    category: _Categories
    code: _Concept


class _Insurance(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    sequence: Sequence
    focal: bool
    coverage: _ToCoverage


class _Profiles(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    profile: Annotated[list[Code], Meta(min_length=1)]


class _Claim(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    resourceType: Literal["Claim"]
    status: Literal["active", "draft", "cancelled"]
    type: _Concept
    subType: _Concept
    use: Literal["claim", "predetermination"]
    patient: _ToPatient
    created: str
    provider: _ToOrganization
    priority: _Concept
    insurance: Annotated[list[_Insurance], Meta(min_length=1)]
    id: Id | UnsetType = UNSET
    meta: _Profiles | UnsetType = UNSET
    insurer: _ToOrganization | UnsetType = UNSET
    identifier: Annotated[list[_Identifier], Meta(min_length=1)] | UnsetType = UNSET
    billablePeriod: _Period | UnsetType = UNSET
    diagnosis: Annotated[list[_Diagnosis], Meta(min_length=1)] | UnsetType = UNSET
    supportingInfo: Annotated[list[_Supporting], Meta(min_length=1)] | UnsetType = UNSET
    item: Annotated[list[_Item], Meta(min_length=1)] | UnsetType = UNSET
    total: _Money | UnsetType = UNSET
    extension: Annotated[list[_Visit | _StatedSplit], Meta(min_length=1)] | UnsetType = UNSET


_UNNAMED: Final = (UNSET, UNSET, UNSET)


def is_usual_claim(resource: dict[str, Any]) -> bool:
    """Whether a claim fits the usual shape and is therefore structurally valid R4."""
    try:
        claim = msgspec.convert(resource, _Claim, builtin_types=(Decimal,))
    except msgspec.ValidationError:
        return False
    parties: list[_ToPatient | _ToCoverage] = [claim.patient, *(each.coverage for each in claim.insurance)]
    named = all((party.reference, party.identifier, party.display) != _UNNAMED for party in parties)
    return named and (is_day(claim.created) or is_instant(claim.created))
