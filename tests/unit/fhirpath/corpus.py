"""The questions put to ours and to other engines: the table, the invariants and the search parameters of R4 core.

An answer is a text that does not depend on how an engine writes numbers, dates and objects; "error" for any refusal.
"""

import re
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from gateway.definitions.library import base_library
from gateway.fhirpath.expression import compile
from gateway.fhirpath.functions.conversion import to_text
from gateway.fhirpath.values import Date, DateTime, Quantity, Time
from gateway.fhirpath.variables import URLS
from gateway.kernel.problem import Refusal
from tests.unit.fhirpath.table import RESOURCES, TYPES, VARIABLES, World, all_cases, read

DIFFERENCES = Path(__file__).parent / "differences"
ERROR = "error"
_QUANTITY = re.compile(r"(-?[\d.]+) (?:'(.*)'|(year|month|week|day|hour|minute|second|millisecond)s?)")
_DAY = re.compile(r"\d{4}(?:-\d\d){0,2}(?:T|$)")
_ZONE = re.compile(r"(?:\.000)?(?:Z|[+-]00:00)$|(?<=\d)\.000$")
_TWELVE = Context(prec=12, rounding=ROUND_HALF_EVEN)

# What only a caller's world can answer is not compared; nor what the table says of now.
# Nor what does not end elsewhere: endless repetition, catastrophic patterns, powers beyond any number.
ENDLESS = ("repeat($this + 1)", "repeat($this & $this)", "(a+)+", "1000000")
WORLDLY = ("memberOf", "conformsTo", "subsumes", "subsumedBy", "now()", "today()", "timeOfDay", "resolve()", "trace(")


class Question(NamedTuple):
    """An expression on an input, by the name it has in `inputs`."""

    expression: str
    input: str


class Difference(NamedTuple):
    """What the other engine answers otherwise, who is right and by which rule."""

    question: Question
    theirs: str
    right: str
    why: str


@cache
def inputs() -> dict[str, dict[str, Any]]:
    """The resources of the table, and one bare resource of each type."""
    bare = {name: {"resourceType": name, "id": "x"} for name in TYPES.names() if TYPES.is_resource(name)}
    return {**bare, **RESOURCES}


@cache
def questions() -> tuple[Question, ...]:
    """All questions, each once, in a fixed order."""
    found = dict.fromkeys(Question(case.expression, case.input) for case in all_cases())
    found.update(dict.fromkeys(_invariants()))
    found.update(dict.fromkeys(_searches()))
    return tuple(each for each in found if not any(word in each.expression for word in WORLDLY + ENDLESS))


def _names_of(type: str) -> list[str]:
    return [name for name, resource in RESOURCES.items() if resource["resourceType"] == type] or [type]


def _invariants() -> Iterator[Question]:
    """Those of a resource on it; those of its elements on each of them; those of the data types where they occur."""
    for structure in base_library().structures():
        if structure.abstract or structure.derivation == "constraint" or structure.kind == "logical":
            continue
        for element in structure.snapshot:
            for constraint in element.constraints:
                if not constraint.expression or (constraint.key in ("ele-1", "ext-1") and "." in element.path):
                    continue
                if structure.kind != "resource":
                    if "." not in element.path:
                        for name in RESOURCES:
                            yield Question(
                                f"descendants().ofType({structure.type}).select({constraint.expression})", name
                            )
                    continue
                for name in _names_of(structure.type):
                    path = element.path.replace("[x]", "")
                    wrapped = f"{path}.select({constraint.expression})" if "." in path else constraint.expression
                    yield Question(wrapped, name)


def _searches() -> Iterator[Question]:
    for parameter in base_library().search_parameters():
        for type in parameter.base:
            if parameter.expression and TYPES.is_resource(type) and not TYPES.is_abstract(type):
                for name in _names_of(type):
                    yield Question(parameter.expression, name)


def ours(question: Question) -> str:
    """What we answer."""
    resource = inputs()[question.input]
    try:
        made = compile(question.expression, types=TYPES, root=resource["resourceType"])
        return written(made.evaluate(resource, variables=VARIABLES, host=World()))
    except Refusal:
        return ERROR


def written(values: list[Any]) -> str:
    """A collection as text."""
    return " | ".join(_written(value) for value in values if value is not None)


def _written(value: Any) -> str:
    match value:
        case bool() | None:
            return str(value).lower()
        case int() | Decimal():
            return format(_TWELVE.plus(Decimal(value)).normalize(), "f")
        case float():
            return _written(Decimal(repr(value)))
        case Quantity(value=number, unit=unit):
            return f"{_written(number)} {unit}"
        case Date() | DateTime() | Time():
            return _bare(to_text(value) or "")
        case dict() if set(value) == {"number"}:
            return _written(Decimal(value["number"]))
        case dict():
            return "{" + ",".join(f"{name}:{_written(each)}" for name, each in sorted(value.items())) + "}"
        case list():
            return "[" + ",".join(_written(each) for each in value) + "]"
    return _bare(str(value))


def _bare(text: str) -> str:
    """Quantities without quotes and plural; dates without the T that ends them, zero seconds' parts and UTC's names."""
    quantity = _QUANTITY.fullmatch(text)
    if quantity:
        return f"{_written(Decimal(quantity[1]))} {quantity[2] or quantity[3]}"
    return _ZONE.sub("", text).removesuffix("T") if _DAY.match(text) else text


def passed(input: str) -> dict[str, Any]:
    """The variables for an engine that leaves those of FHIR to the caller."""
    resource = inputs()[input]
    return {**VARIABLES, **URLS, "resource": resource, "rootResource": resource}


def listed(engine: str) -> list[Difference]:
    """The differences of a committed file: groups of one reason, each with its questions."""
    return [
        Difference(Question(row[0], row[1]), row[2], group["right"], group["why"])
        for group in read(DIFFERENCES / f"{engine}.yaml")
        for row in group["questions"]
    ]


def found(asked: tuple[Question, ...], answer: Callable[[Question], str]) -> dict[Question, tuple[str, str]]:
    """Every question that the other engine answers otherwise: (ours, theirs)."""
    return {question: (own, theirs) for question in asked if (own := ours(question)) != (theirs := answer(question))}
