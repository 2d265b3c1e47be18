"""The table of the terminology operations: by type and name, what each takes and what does it."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from gateway.terminology.asked import Takes
from gateway.terminology.operations import (
    Run,
    close,
    expand_set,
    lookup,
    subsumes,
    translate,
    validate_set_code,
    validate_system_code,
)

_NO_HISTORY: Final = "definitions are not kept by date: name a version"
_NO_CONTEXT: Final = "name the value set by url"


class Operation(NamedTuple):
    """`system`: offered above all types; `instance`: offered on one resource; `changes`: it keeps something."""

    takes: Mapping[str, Takes]
    run: Run
    definition: str
    instance: bool = True
    system: bool = False
    changes: bool = False


_DISPLAY_LANGUAGE: Final = {"displayLanguage": Takes("code")}
_DATE: Final = {"date": Takes("dateTime", why_not=_NO_HISTORY)}
_CODED: Final = {"code": Takes("code"), "coding": Takes("Coding"), "codeableConcept": Takes("CodeableConcept")}
_CONTEXT: Final = {"context": Takes("uri", why_not=_NO_CONTEXT)}
_SET: Final = {"url": Takes("uri"), "valueSet": Takes("ValueSet"), "valueSetVersion": Takes("string"), **_CONTEXT}
_DEFINITIONS: Final = "http://hl7.org/fhir/OperationDefinition/"

OPERATIONS: Final[Mapping[tuple[str, str], Operation]] = {
    ("CodeSystem", "lookup"): Operation(
        {"code": Takes("code"), "system": Takes("uri"), "version": Takes("string"), "coding": Takes("Coding"),
         "property": Takes("code", many=True), **_DISPLAY_LANGUAGE, **_DATE},
        lookup,
        f"{_DEFINITIONS}CodeSystem-lookup",
    ),
    ("CodeSystem", "subsumes"): Operation(
        {"codeA": Takes("code"), "codeB": Takes("code"), "system": Takes("uri"), "version": Takes("string"),
         "codingA": Takes("Coding"), "codingB": Takes("Coding")},
        subsumes,
        f"{_DEFINITIONS}CodeSystem-subsumes",
    ),
    ("CodeSystem", "validate-code"): Operation(
        {"url": Takes("uri"), "codeSystem": Takes("CodeSystem"), "version": Takes("string"), **_CODED,
         "display": Takes("string"), "abstract": Takes("boolean"), **_DISPLAY_LANGUAGE, **_DATE},
        validate_system_code,
        f"{_DEFINITIONS}CodeSystem-validate-code",
    ),
    ("ValueSet", "validate-code"): Operation(
        {**_SET, **_CODED, "system": Takes("uri"), "systemVersion": Takes("string"), "display": Takes("string"),
         "abstract": Takes("boolean"), **_DISPLAY_LANGUAGE, **_DATE},
        validate_set_code,
        f"{_DEFINITIONS}ValueSet-validate-code",
    ),
    ("ValueSet", "expand"): Operation(
        {**_SET, "contextDirection": Takes("code", why_not=_NO_CONTEXT), "filter": Takes("string"), **_DATE,
         "offset": Takes("integer"), "count": Takes("integer"), "includeDesignations": Takes("boolean"),
         "designation": Takes("string", many=True), "includeDefinition": Takes("boolean"),
         "activeOnly": Takes("boolean"), "excludeNested": Takes("boolean"), "excludeNotForUI": Takes("boolean"),
         "excludePostCoordinated": Takes("boolean"), **_DISPLAY_LANGUAGE,
         "exclude-system": Takes("canonical", many=True), "system-version": Takes("canonical", many=True),
         "check-system-version": Takes("canonical", many=True),
         "force-system-version": Takes("canonical", many=True)},
        expand_set,
        f"{_DEFINITIONS}ValueSet-expand",
    ),
    ("ConceptMap", "translate"): Operation(
        {"url": Takes("uri"), "conceptMap": Takes("ConceptMap"), "conceptMapVersion": Takes("string"), **_CODED,
         "system": Takes("uri"), "version": Takes("string"), "source": Takes("uri"), "target": Takes("uri"),
         "targetsystem": Takes("uri"), "reverse": Takes("boolean"),
         "dependency": Takes("string", many=True, why_not="no map here depends on other elements")},
        translate,
        f"{_DEFINITIONS}ConceptMap-translate",
    ),
    ("ConceptMap", "closure"): Operation(
        {"name": Takes("string"), "concept": Takes("Coding", many=True), "version": Takes("string")},
        close,
        f"{_DEFINITIONS}ConceptMap-closure",
        instance=False,
        system=True,
        changes=True,
    ),
}  # fmt: skip
"""Every operation by type and name. $closure is defined above all types; it is also taken on ConceptMap."""
