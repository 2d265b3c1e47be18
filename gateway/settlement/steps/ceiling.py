"""Yearly ceiling 年度封顶线 of settleable cost: what counts is trimmed to what the year has left.

The text may mean the cost after the deductible or before it; the policy says which as `base`.
"""

from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.working import BASIC, Step, Working

AFTER, BEFORE = "after_deductible", "before_deductible"
ARGUMENTS = {"amount": shapes.MONEY, "base": shapes.choice(AFTER, BEFORE), "layer": shapes.TEXT}
OPTIONAL = frozenset({"layer"})

CEILING = Figure("ceiling", Wording("年度封顶线", "yearly ceiling"), "min({0:m}, {1:m} − {2:m}) = {3:m}")
FIGURES = (CEILING,)


def build(arguments: Arguments) -> Step:
    """`amount`: the ceiling; before_deductible also counts the deductibles of the year, this claim's included.

    `layer`: the counter of what was used, that of the tiers it stands before; all the basic fund shares without it.
    """
    amount, rule = arguments["amount"].value, arguments["amount"].rule
    with_deductible = arguments["base"].value == BEFORE
    named = arguments.get("layer")
    layer = named.value if named is not None else BASIC

    def step(working: Working) -> None:
        before = working.counted
        spent = working.spent(layer)
        used = spent.counted
        if with_deductible:
            used += spent.deductible + working.deductible
        working.counted = min(before, max(0, amount - used))
        working.note(CEILING, rule, before, working.counted, before, amount, used, working.counted)

    return step
