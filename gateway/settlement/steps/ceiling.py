"""Yearly ceiling 年度封顶线 of settleable cost: what counts is trimmed to what the year has left.

The text may mean the cost after the deductible or before it; the policy says which as `base`.
"""

from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.working import BASIC, Step, Working

AFTER, BEFORE = "after_deductible", "before_deductible"
ARGUMENTS = {"amount": shapes.MONEY, "base": shapes.choice(AFTER, BEFORE)}
OPTIONAL: frozenset[str] = frozenset()

CEILING = Figure("ceiling", Wording("年度封顶线", "yearly ceiling"), "min({0:m}, {1:m} − {2:m}) = {3:m}")
FIGURES = (CEILING,)


def build(arguments: Arguments) -> Step:
    """`amount`: the ceiling; before_deductible also counts the deductibles of the year, this claim's included."""
    amount, rule = arguments["amount"].value, arguments["amount"].rule
    with_deductible = arguments["base"].value == BEFORE

    def step(working: Working) -> None:
        before = working.counted
        spent = working.spent(BASIC)
        used = spent.counted
        if with_deductible:
            used += spent.deductible + working.deductible
        working.counted = min(before, max(0, amount - used))
        working.note(CEILING, rule, before, working.counted, before, amount, used, working.counted)

    return step
