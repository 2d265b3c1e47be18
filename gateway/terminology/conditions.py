"""Whether a concept meets a filter of a value set (FHIR R4, ValueSet.compose.include.filter)."""

import re
from collections.abc import Callable
from typing import Final

from gateway.terminology.concept import Concept
from gateway.terminology.system import CodeSystem
from gateway.terminology.value_set import Filter

Condition = Callable[[Concept], bool]

_LONGEST_PATTERN: Final = 200
_NESTED_REPEAT: Final = re.compile(r"[*+}]\)?[*+{]|\([^)]*[*+|{][^)]*\)[*+{?]")
_LONGEST_TEXT: Final = 1000


def condition_of(filter: Filter, system: CodeSystem) -> Condition | None:
    """The filter as a test of a concept of the system; None for one that is not offered.

    A pattern that could take for ever (a repeat within a repeat) is not offered either.
    """
    value = filter.value
    if filter.op in ("is-a", "descendent-of", "is-not-a", "generalizes"):
        return _by_place(filter.op, value, system) if filter.property in ("concept", "code") else None
    test = _by_value(filter.op, value)
    if test is None:
        return None
    property = filter.property
    return lambda concept: test(_values(concept, property))


def _by_place(op: str, value: str, system: CodeSystem) -> Condition:
    if op == "is-a":
        return lambda concept: concept.code == value or system.is_below(concept.code, value)
    if op == "descendent-of":
        return lambda concept: system.is_below(concept.code, value)
    if op == "is-not-a":
        return lambda concept: concept.code != value and not system.is_below(concept.code, value)
    above = {value, *system.ancestors(value)}
    return lambda concept: concept.code in above


def _by_value(op: str, value: str) -> Callable[[list[str]], bool] | None:
    wanted = {each.strip() for each in value.split(",")}
    match op:
        case "=":
            return lambda values: value in values
        case "in":
            return lambda values: not wanted.isdisjoint(values)
        case "not-in":
            return lambda values: wanted.isdisjoint(values)
        case "exists":
            return lambda values: bool(values) is (value != "false")
        case "regex":
            return _by_pattern(value)
    return None


def _by_pattern(value: str) -> Callable[[list[str]], bool] | None:
    if len(value) > _LONGEST_PATTERN or _NESTED_REPEAT.search(value):
        return None
    try:
        pattern = re.compile(value)
    except re.error:
        return None
    return lambda values: any(pattern.fullmatch(each[:_LONGEST_TEXT]) is not None for each in values)


def _values(concept: Concept, property: str) -> list[str]:
    match property:
        case "code" | "concept":
            return [concept.code]
        case "display":
            return [concept.display] if concept.display else []
        case "parent":
            return list(concept.parents)
        case "inactive":
            return ["true" if concept.inactive else "false"]
        case "abstract" | "notSelectable":
            return ["true" if concept.abstract else "false"]
    return [value for code, value in concept.properties if code == property]
