"""Remainder 剩余部分: a fund takes a ratio of what is still the person's: all of it, or half of their own share."""

from gateway.kernel import money
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Counters
from gateway.settlement.decision import Figure
from gateway.settlement.portions import open_portions
from gateway.settlement.rule import Wording
from gateway.settlement.working import Step, Working

EVERYTHING, OWN_SHARE = "everything", "own_share"
ARGUMENTS = {"fund": shapes.TEXT, "rate": shapes.RATE, "of": shapes.choice(EVERYTHING, OWN_SHARE)}
OPTIONAL: frozenset[str] = frozenset()

REMAINDER = Figure("remainder", Wording("剩余部分支付", "of what is left to the person"), "{0:m} × {1:r} % = {2:m}")
FIGURES = (REMAINDER,)


def build(arguments: Arguments) -> Step:
    """`of`: everything in scope that is left, shared so far or not; or the own share that the rules laid down."""
    fund, rate, rule = arguments["fund"].value, arguments["rate"].value, arguments["rate"].rule
    everything = arguments["of"].value == EVERYTHING

    def step(working: Working) -> None:
        base = working.left - (0 if everything else working.aside)
        paid = money.share(base, rate)
        if everything:
            working.portions = dict.fromkeys(open_portions(working), 0)
        working.pay(fund, paid)
        working.aside = min(working.aside, working.left)
        working.move(fund, Counters(fund=paid))
        working.note(REMAINDER, rule, base, base - paid, base, rate, paid)

    return step
