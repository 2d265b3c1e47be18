"""`%` variables: the input and its resources, the code systems of FHIR, and what the caller passes (N1 section 9)."""

from typing import Any, Final

from gateway.fhirpath import problems as wrong
from gateway.fhirpath.code import TEXT, UNKNOWN, Code, Context, Place, Static, from_many, from_one
from gateway.fhirpath.model import Item, type_of_json
from gateway.fhirpath.problems import refuse
from gateway.fhirpath.site import Scope

URLS: Final = {
    "ucum": "http://unitsofmeasure.org",
    "sct": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
}
_VALUE_SET, _EXTENSION = "http://hl7.org/fhir/ValueSet/", "http://hl7.org/fhir/StructureDefinition/"
_ONE: Final = Static(None, False)


def variable_code(name: str, scope: Scope, place: Place) -> Code:
    """The code of `%name`. Refusal: fhirpath-unknown-variable, here where the names are known, else when it runs."""
    if name in URLS:
        return _text(URLS[name])
    if name.startswith("vs-"):
        return _text(_VALUE_SET + name[3:])
    if name.startswith("ext-"):
        return _text(_EXTENSION + name[4:])
    match name:
        case "context":
            return from_many(lambda this, context: [context.focus], _ONE, place)
        case "resource":
            return from_many(lambda this, context: [context.resource], _ONE, place)
        case "rootResource":
            return from_many(lambda this, context: [context.root], _ONE, place)
    if scope.variables is not None and name not in scope.variables:
        refuse(wrong.unknown_variable(place.where, name))

    def many(this: Item, context: Context) -> list[Item]:
        if name not in context.variables:
            refuse(wrong.unknown_variable(place.where, name))
        return items_of(context.variables[name])

    return from_many(many, UNKNOWN, place)


def items_of(value: Any) -> list[Item]:
    """What a caller passed, as a collection: objects become nodes, lists several items, None nothing."""
    values = value if type(value) is list else [value]
    return [(each, type_of_json(each), None) if type(each) is dict else each for each in values if each is not None]


def _text(value: str) -> Code:
    return from_one(lambda this, context: value, TEXT, value)
