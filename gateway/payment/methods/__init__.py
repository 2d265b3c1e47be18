"""One method of payment a file: `per_disease.py` is the method `per-disease`. A new file is found without being named.

A method's module has TITLE, ARGUMENTS (parameter → shape), OPTIONAL, and three functions:
`tally(terms, institution, level)` makes the function that says what one case adds to the measure besides the sums every
measure has; `month(pool)` and `year(pool)` say what is due, by institution. Where parameters exclude or need one
another it has `wrong(parameters)`: what to write instead, or None. A method sees cases and sums, never a person's bill.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.payment.pool import Due, Pool
from gateway.payment.tally import Tally
from gateway.payment.terms import Terms
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape


@dataclass(frozen=True, slots=True)
class Method:
    """What a method's module offers."""

    title: Wording
    arguments: Mapping[str, Shape]
    optional: frozenset[str]
    tally: Callable[[Terms, str, str], Tally]
    month: Callable[[Pool], dict[str, Due]]
    year: Callable[[Pool], dict[str, Due]]
    wrong: Callable[[Mapping[str, Any]], Wording | None]


def _nothing_wrong(_parameters: Mapping[str, Any]) -> None:
    """Parameters whose shapes are right are right together."""


def _found() -> dict[str, Method]:
    methods = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        methods[info.name.replace("_", "-")] = Method(
            module.TITLE,
            module.ARGUMENTS,
            module.OPTIONAL,
            module.tally,
            module.month,
            module.year,
            getattr(module, "wrong", _nothing_wrong),
        )
    return methods


METHODS: Mapping[str, Method] = _found()
