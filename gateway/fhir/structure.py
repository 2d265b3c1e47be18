"""Checks a resource against R4 by the compiled base definitions: structure, required codes, references, invariants.

Everything wrong is reported, each with its path. Profiles are not looked at here. What would change the meaning of the
rest (a modifier extension, implicit rules) is refused, known or not: nothing below reads it.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from gateway.definitions.library import base_library
from gateway.fhir import problems as wrong
from gateway.kernel.problem import Kind, Problem
from gateway.validation.issue import ERROR, MOST_FINDINGS, Finding
from gateway.validation.validate import Validator

_MODIFIERS: Final = ("implicitRules", "modifierExtension")
_SAME: Final = {
    "null-value": "wrong-type",
    "bad-narrative": "bad-value",
    "empty-narrative": "bad-value",
    "narrative-namespace": "bad-value",
}
"""Codes the validator tells apart and senders need not."""


def check_resource(resource: dict[str, Any], *types: str) -> list[Problem]:
    """Every error of a resource that must be of one of `types`; at most 200 are listed."""
    name = resource.get("resourceType")
    if name not in types:
        return [wrong.unknown_type("resourceType", name, types)]
    found = _validator().findings(resource) or []
    problems = [_problem(each, name) for each in found if each.severity == ERROR and each.code != "modifier-unknown"]
    problems += [wrong.modifier(f"{name}{path}") for path in _modifiers(resource)]
    if len(problems) > MOST_FINDINGS:
        problems[MOST_FINDINGS:] = [wrong.more_problems(name, MOST_FINDINGS)]
    return problems


@cache
def _validator() -> Validator:
    """The base definitions of R4, compiled type by type as they are asked for."""
    return Validator(base_library())


def _problem(finding: Finding, name: str) -> Problem:
    if finding.code == "invariant-broken" and finding.en.startswith("per-1:"):
        return wrong.period_reversed(f"{name}{finding.path}")
    code = _SAME.get(finding.code, finding.code)
    return Problem(Kind.INVALID, code, f"{name}{finding.path}", finding.en, finding.zh)


def _modifiers(resource: dict[str, Any]) -> Iterator[str]:
    """Paths of the elements that change the meaning of what is around them, in the order of the document."""
    left: list[tuple[Any, str]] = [(resource, "")]
    while left:
        node, path = left.pop()
        if isinstance(node, dict):
            yield from (f"{path}.{name}" for name in _MODIFIERS if name in node)
            inside = [(value, f"{path}.{name}") for name, value in node.items()]
        else:
            inside = [(value, f"{path}[{place}]") for place, value in enumerate(node)]
        left += [each for each in reversed(inside) if isinstance(each[0], (dict, list))]
