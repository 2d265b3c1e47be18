"""Comparing JSON values as FHIR does: fixed values exactly, patterns by what they hold, bounds by type."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

_NUMBERS = (int, Decimal)


def same_value(value: Any, wanted: Any) -> bool:
    """Whether two JSON values are equal; true is not 1, and a number is equal to the same number written otherwise."""
    kind = type(wanted)
    if kind is dict:
        return (
            type(value) is dict
            and len(value) == len(wanted)
            and all(name in value and same_value(value[name], each) for name, each in wanted.items())
        )
    if kind is list:
        return (
            type(value) is list
            and len(value) == len(wanted)
            and all(same_value(one, other) for one, other in zip(value, wanted, strict=True))
        )
    if kind in _NUMBERS:
        return type(value) in _NUMBERS and bool(value == wanted)
    return type(value) is kind and bool(value == wanted)


def holds_pattern(value: Any, pattern: Any) -> bool:
    """Whether a value has all that the pattern has (ElementDefinition.pattern[x]): arrays in any order, with more."""
    if type(pattern) is dict:
        return type(value) is dict and all(
            name in value and holds_pattern(value[name], each) for name, each in pattern.items()
        )
    if type(pattern) is list:
        return type(value) is list and all(any(holds_pattern(one, each) for one in value) for each in pattern)
    return same_value(value, pattern)


def pattern_test(pattern: Any) -> Callable[[Any], bool]:
    """`holds_pattern` for one pattern; that of a concept with one code is told by a look at the usual value first."""
    match pattern:
        case {"coding": [{"system": str() as system, "code": str() as code, **more}], **rest} if not more and not rest:
            return lambda value: _is_concept(value, system, code) or holds_pattern(value, pattern)
    return lambda value: holds_pattern(value, pattern)


def _is_concept(value: Any, system: str, code: str) -> bool:
    codings = value.get("coding") if type(value) is dict else None
    if type(codings) is not list or len(codings) != 1 or type(codings[0]) is not dict:
        return False
    return bool(codings[0].get("code") == code and codings[0].get("system") == system)


def compare_bound(value: Any, bound: Any) -> int:
    """-1, 0, 1: below, equal to, above the bound; 0 too where the two cannot be compared (other units, precision)."""
    if type(bound) is dict:
        if type(value) is not dict or not _same_unit(value, bound):
            return 0
        return compare_bound(value.get("value"), bound.get("value"))
    if type(bound) in _NUMBERS and type(value) in _NUMBERS:
        return int(value > bound) - int(value < bound)
    if type(bound) is str and type(value) is str:
        length = min(len(value), len(bound), 10) if "-" in bound else min(len(value), len(bound))
        one, other = value[:length], bound[:length]
        return int(one > other) - int(one < other)
    return 0


def _same_unit(value: dict[str, Any], bound: dict[str, Any]) -> bool:
    if "code" in bound:
        return bool(value.get("code") == bound["code"] and value.get("system") == bound.get("system"))
    return bool(value.get("unit") == bound.get("unit"))
