"""Deductible 起付线, by institution level: per admission, or one a year shared by all visits of a layer.

Never more than the in-scope cost. Per year, what the layer has borne already is taken off, so a second visit at a
higher level bears the difference only.
"""

from collections.abc import Mapping
from typing import Any

from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Counters
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.working import Step, Working

ARGUMENTS = {
    "amount": shapes.MONEY_BY_LEVEL,
    "per": shapes.choice("admission", "year"),
    "layer": shapes.TEXT,
}
OPTIONAL = frozenset({"layer"})

PER_ADMISSION = Figure("deductible", Wording("起付线", "deductible"), "min({0:m}, {1:m}) = {2:m}")
PER_YEAR = Figure(
    "deductible-of-year",
    Wording("年度起付线", "deductible of the year"),
    "min({0:m}, {1:m} − {2:m}) = {3:m}",
)
FIGURES = (PER_ADMISSION, PER_YEAR)


def wrong(arguments: Mapping[str, Any]) -> Wording | None:
    """A yearly deductible names its layer, one of an admission has none."""
    if (arguments.get("per") == "year") == ("layer" in arguments):
        return None
    return Wording("per: year 须写 layer,per: admission 不写", "'per: year' needs 'layer', 'per: admission' has none")


def build(arguments: Arguments) -> Step:
    """`per: year` needs `layer`: the counter that remembers what the year's visits have borne."""
    amounts, rule = arguments["amount"].value, arguments["amount"].rule
    layer = arguments["layer"].value if arguments.get("layer") else ""
    yearly = arguments["per"].value == "year"
    assert bool(layer) == yearly, "a yearly deductible names its layer"

    def step(working: Working) -> None:
        before = working.counted
        amount = amounts[working.case.claim.level]
        if yearly:
            borne = working.spent(layer).deductible
            deductible = min(before, max(0, amount - borne))
            working.move(layer, Counters(deductible=deductible))
            working.note(PER_YEAR, rule, before, before - deductible, before, amount, borne, deductible)
        else:
            deductible = min(before, amount)
            working.note(PER_ADMISSION, rule, before, before - deductible, before, amount, deductible)
        working.deductible += deductible
        working.counted = before - deductible

    return step
