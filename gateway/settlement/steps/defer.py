"""Deferred payment 暂缓支付: what a fund would pay is not paid now, and is no own share of the person."""

from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Counters
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.working import Step, Working

ARGUMENTS = {"fund": shapes.TEXT, "reason": shapes.TEXT}
OPTIONAL: frozenset[str] = frozenset()

DEFERRED = Figure(
    "deferred", Wording("暂缓支付,先由个人垫付", "deferred: the person advances it"), "{0:m} − {0:m} = {1:m}"
)
FIGURES = (DEFERRED,)


def build(arguments: Arguments) -> Step:
    """`fund`: whose payment is deferred; `reason`: a parameter whose source and reading are the explanation.

    Stands last: the other payers pay as if the fund paid. A later settlement without the reason pays what was deferred.
    """
    fund, rule = arguments["fund"].value, arguments["reason"].rule

    def step(working: Working) -> None:
        deferred = working.funds.get(fund, 0)
        if not deferred:
            return
        working.funds[fund] = 0
        working.aside += deferred
        working.move(fund, Counters(fund=-deferred))
        working.note(DEFERRED, rule, deferred, 0, deferred, 0)

    return step
