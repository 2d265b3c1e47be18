"""FHIRPath over whatever came back: resources by their types, an NHSA envelope or an HL7 v2 message by their names.

The engine is the product's own, the one thing of the gateway the suite uses beside its validator.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from gateway.definitions.library import base_library
from gateway.fhirpath.expression import Expression, compile
from gateway.kernel.problem import Refusal

NONE: Mapping[str, Any] = {}


def truth(expression: str, on: Any, variables: Mapping[str, Any] = NONE) -> bool:
    """Whether a condition holds: true, and nothing else."""
    return evaluate(expression, on, variables) == [True]


def evaluate(expression: str, on: Any, variables: Mapping[str, Any] = NONE) -> list[Any]:
    """The collection as plain values. ValueError when the expression cannot be used on what came back."""
    try:
        return compiled(expression).evaluate(on, variables=variables)
    except Refusal as refusal:
        raise ValueError(f"{expression}: {refusal.problems[0].en}") from None


@lru_cache(maxsize=4096)
def compiled(expression: str) -> Expression:
    """A compiled expression; names that a type does not have are empty, since what comes back may be anything.

    Refusal when it is no FHIRPath.
    """
    return compile(expression, types=base_library().types, strict=False)


def read_v2(message: str) -> dict[str, Any]:
    """An HL7 v2 message as JSON: segments by name, each a list of objects with fields f1, f2, …; MSH-2 is f2.

    ValueError when it does not begin with MSH.
    """
    if not message.startswith("MSH") or len(message) < 8:
        raise ValueError(f"no HL7 v2 message: {message[:80]!r}")
    separator = message[3]
    found: dict[str, Any] = {}
    for segment in (each for each in message.split("\r") if each):
        name, *fields = segment.split(separator)
        first = 2 if name == "MSH" else 1
        values = {f"f{number}": value for number, value in enumerate(fields, first) if value}
        found.setdefault(name, []).append(values)
    return found
