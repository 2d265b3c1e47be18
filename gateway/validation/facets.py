"""Facets of one element: fixed and pattern values, length, least and greatest value (FHIR R4 section 2.27)."""

from typing import Any

from gateway.definitions.model import ElementDef
from gateway.validation import texts
from gateway.validation.issue import Check, Findings
from gateway.validation.values import compare_bound, pattern_test, same_value


def facet_rules(element: ElementDef, type_name: str) -> list[Check]:
    """The rules an element states on values of one of its types."""
    rules: list[Check] = []
    if element.fixed is not None and _is_for(element.fixed_type, type_name):
        rules.append(_fixed(element.fixed))
    if element.pattern is not None and _is_for(element.pattern_type, type_name):
        rules.append(_pattern(element.pattern))
    if element.max_length is not None:
        rules.append(_length(element.max_length))
    if element.min_value is not None and _is_for(element.min_value_type, type_name):
        rules.append(_bound(element.min_value, low=True))
    if element.max_value is not None and _is_for(element.max_value_type, type_name):
        rules.append(_bound(element.max_value, low=False))
    return rules


def _is_for(facet_type: str, type_name: str) -> bool:
    """A facet of another type than the value's says nothing of it (a choice of several types)."""
    one = facet_type[:1].lower() + facet_type[1:]
    other = type_name[:1].lower() + type_name[1:]
    return not facet_type or one == other or "." in type_name


def _fixed(wanted: Any) -> Check:
    if type(wanted) is str:

        def text_rule(value: Any, run: Any) -> Findings:
            return None if value == wanted else [texts.not_fixed(value, wanted)]

        return text_rule

    def rule(value: Any, run: Any) -> Findings:
        return None if same_value(value, wanted) else [texts.not_fixed(value, wanted)]

    return rule


def _pattern(wanted: Any) -> Check:
    wrong, holds = [texts.not_pattern(wanted)], pattern_test(wanted)

    def rule(value: Any, run: Any) -> Findings:
        return None if holds(value) else wrong

    return rule


def _length(longest: int) -> Check:
    def rule(value: Any, run: Any) -> Findings:
        return [texts.too_long(value, longest)] if type(value) is str and len(value) > longest else None

    return rule


def _bound(bound: Any, *, low: bool) -> Check:
    def rule(value: Any, run: Any) -> Findings:
        order = compare_bound(value, bound)
        if (order < 0) if low else (order > 0):
            said = value.get("value") if type(value) is dict else value
            limit = bound.get("value") if type(bound) is dict else bound
            return [texts.out_of_range(said, limit, low=low)]
        return None

    return rule
