"""Tiers 分段: marginal rates on the year's running cost after deductible, each slice rounded on its own."""

from gateway.kernel import money
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.working import BASIC, Step, Working

ARGUMENTS = {"bands": shapes.BANDS, "max_rate": shapes.RATE}
OPTIONAL = frozenset({"max_rate"})

SLICE = Figure("tier", Wording("分段报销", "tier"), "({0:m} − {1:m}) × {2:r} % = {3:m}")
FIGURES = (SLICE,)


def build(arguments: Arguments) -> Step:
    """`bands`: rising, the last one's end is a limit of what is paid; `max_rate`: no band pays more."""
    bands, rule = arguments["bands"].value, arguments["bands"].rule
    highest = arguments.get("max_rate")
    ruled = [
        (up_to, highest.value, highest.rule) if highest is not None and highest.value < rate else (up_to, rate, rule)
        for up_to, rate in bands
    ]

    def step(working: Working) -> None:
        start = working.spent(BASIC).counted
        end = start + working.counted
        paid = 0
        floor = 0
        for up_to, rate, rate_rule in ruled:
            low, high = max(start, floor), min(end, up_to)
            if high > low:
                share = money.share(high - low, rate)
                working.note(SLICE, rate_rule, paid, paid + share, high, low, rate, share)
                paid += share
            floor = up_to
        working.pay(BASIC, paid)

    return step
