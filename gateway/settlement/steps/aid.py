"""Medical aid 医疗救助 by a ratio of the own share, with the year's least and most for one person.

It begins when the year's effective cost 有效费用, this claim's in-scope cost included, reaches a threshold. The layer's
counter remembers that cost as `counted`, and what the year's aid has come to as `fund`.
"""

from gateway.kernel import money
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Counters
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.working import Step, Working

ARGUMENTS = {
    "fund": shapes.TEXT,
    "rate": shapes.RATE,
    "from_cost": shapes.MONEY,
    "at_least": shapes.MONEY,
    "at_most": shapes.MONEY,
}
OPTIONAL = frozenset({"from_cost", "at_least", "at_most"})

NOT_REACHED = Figure(
    "aid-not-reached",
    Wording("年度有效费用未达救助起点", "the year's effective cost is below the threshold of aid"),
    "{0:m} + {1:m} = {2:m} < {3:m}",
)
BY_RATIO = Figure("aid", Wording("医疗救助", "medical aid"), "{0:m} × {1:r} % = {2:m}")
LEAST = Figure(
    "aid-at-least", Wording("救助不低于", "aid is at least"), "min({0:m}, max({1:m}, {2:m} − {3:m})) = {4:m}"
)
MOST = Figure("aid-at-most", Wording("救助年度限额", "aid is at most"), "min({0:m}, {1:m} − {2:m}) = {3:m}")
FIGURES = (NOT_REACHED, BY_RATIO, LEAST, MOST)


def build(arguments: Arguments) -> Step:
    """`rate`: of what is left to the person; `from_cost`: inclusive; `at_least`, `at_most`: of the year."""
    fund = arguments["fund"].value
    rate, start = arguments["rate"], arguments.get("from_cost")
    least, most = arguments.get("at_least"), arguments.get("at_most")

    def aid(working: Working) -> int:
        before, left = working.spent(fund), working.left - working.aside
        cost = before.counted + working.in_scope
        if start is not None and cost < start.value:
            working.note(NOT_REACHED, start.rule, 0, 0, before.counted, working.in_scope, cost, start.value)
            return 0
        paid = money.share(left, rate.value)
        working.note(BY_RATIO, rate.rule, 0, paid, left, rate.value, paid)
        if least is not None and least.value - before.fund > paid:
            raised = min(left, least.value - before.fund)
            working.note(LEAST, least.rule, paid, raised, left, paid, least.value, before.fund, raised)
            paid = raised
        if most is not None and most.value - before.fund < paid:
            trimmed = max(0, most.value - before.fund)
            working.note(MOST, most.rule, paid, trimmed, paid, most.value, before.fund, trimmed)
            paid = trimmed
        return paid

    def step(working: Working) -> None:
        paid = aid(working)
        working.pay(fund, paid)
        working.move(fund, Counters(counted=working.in_scope, fund=paid, own_share=working.left - working.aside))

    return step
