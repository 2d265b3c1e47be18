"""One rate 定比 on everything that counts, outside the tiers."""

from gateway.kernel import money
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.working import BASIC, Step, Working

ARGUMENTS = {"rate": shapes.by_level(shapes.RATE), "max_rate": shapes.RATE}
OPTIONAL = frozenset({"max_rate"})

SHARE = Figure("proportion", Wording("按比例报销", "proportion"), "{0:m} × {1:r} % = {2:m}")
FIGURES = (SHARE,)


def build(arguments: Arguments) -> Step:
    """`rate`: the fund's; `max_rate`: an upper bound that the text gives."""
    rates, rates_rule = arguments["rate"].value, arguments["rate"].rule
    highest = arguments.get("max_rate")

    def step(working: Working) -> None:
        rate, rule = shapes.at_level(rates, working.case.claim.level), rates_rule
        if highest is not None and highest.value < rate:
            rate, rule = highest.value, highest.rule
        paid = money.share(working.counted, rate)
        working.note(SHARE, rule, 0, paid, working.counted, rate, paid)
        working.pay(BASIC, paid)

    return step
