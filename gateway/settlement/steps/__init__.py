"""One rule a file. A policy composes them by name, in its own order; a new file is found without being named.

A step's module has ARGUMENTS (name → shape), OPTIONAL (arguments that may be left out), FIGURES (what it notes) and
`build(arguments)`, which makes the step of one day. Where arguments exclude or need one another, it has
`wrong(arguments)`: what to write instead, in words for the author, or None.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.settlement.arguments import Arguments
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.working import Step


@dataclass(frozen=True, slots=True)
class StepKind:
    """What a policy author may write: the arguments with their shapes, those that may be left out, the builder."""

    arguments: Mapping[str, Shape]
    optional: frozenset[str]
    figures: tuple[Figure, ...]
    build: Callable[[Arguments], Step]
    wrong: Callable[[Mapping[str, Any]], Wording | None]


def _nothing_wrong(_arguments: Mapping[str, Any]) -> None:
    """Arguments whose shapes are right are right together."""


def _found() -> dict[str, StepKind]:
    kinds = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        kinds[info.name] = StepKind(
            module.ARGUMENTS, module.OPTIONAL, module.FIGURES, module.build, getattr(module, "wrong", _nothing_wrong)
        )
    return kinds


STEPS: Mapping[str, StepKind] = _found()
FIGURES: Mapping[str, Figure] = {figure.code: figure for kind in STEPS.values() for figure in kind.figures}
"""Every figure a step can note, by the code that a stored explanation names."""

assert len(FIGURES) == sum(len(kind.figures) for kind in STEPS.values()), "two figures have the same code"
