"""Checks a resource against R4 by the compiled base definitions: structure, required codes, references, invariants.

Everything wrong is reported, each with its path. What would change the meaning of the rest (a modifier extension,
implicit rules) is refused, known or not: nothing below reads it. Profiles are the business of `guide`.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from gateway.definitions.library import base_library
from gateway.fhir import problems as wrong
from gateway.kernel.problem import Kind, Problem
from gateway.validation.issue import Finding
from gateway.validation.validate import Validator

_MODIFIERS: Final = ("implicitRules", "modifierExtension")
_SAME: Final = {
    "null-value": "wrong-type",
    "bad-narrative": "bad-value",
    "empty-narrative": "bad-value",
    "narrative-namespace": "bad-value",
}
"""Codes the validator tells apart and senders need not."""


@cache
def base_validator() -> Validator:
    """The base definitions of R4, compiled type by type as they are asked for."""
    return Validator(base_library())


def problem_of(finding: Finding, name: str) -> Problem:
    """A finding in a resource of type `name` as a problem of what was sent."""
    if finding.code == "invariant-broken" and finding.en.startswith("per-1:"):
        return wrong.period_reversed(f"{name}{finding.path}")
    code = _SAME.get(finding.code, finding.code)
    return Problem(Kind.INVALID, code, f"{name}{finding.path}", finding.en, finding.zh)


def carries_modifiers(resource: dict[str, Any]) -> bool:
    """Whether anything in a resource changes the meaning of what is around it."""
    left: list[Any] = [resource]
    while left:
        node = left.pop()
        if type(node) is dict:
            if "modifierExtension" in node or "implicitRules" in node:
                return True
            node = node.values()
        left += [each for each in node if type(each) is dict or type(each) is list]
    return False


def modifier_problems(resource: dict[str, Any], name: str) -> list[Problem]:
    """A problem for each element that changes the meaning of what is around it, in the order of the document."""
    return [wrong.modifier(f"{name}{path}") for path in _modifiers(resource)]


def _modifiers(resource: dict[str, Any]) -> Iterator[str]:
    left: list[tuple[Any, str]] = [(resource, "")]
    while left:
        node, path = left.pop()
        if isinstance(node, dict):
            yield from (f"{path}.{name}" for name in _MODIFIERS if name in node)
            inside = [(value, f"{path}.{name}") for name, value in node.items()]
        else:
            inside = [(value, f"{path}[{place}]") for place, value in enumerate(node)]
        left += [each for each in reversed(inside) if isinstance(each[0], (dict, list))]
