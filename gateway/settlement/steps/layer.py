"""A layer of its own 补充层: catastrophic cover, a supplement or aid, on what the layers before it have left.

A threshold of the year, marginal bands on what is above it, and a ceiling of what the layer pays in the year; it has
counters of its own. Two of them with opposite `when` say other figures for some people.
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
    "bands": shapes.BANDS,
    "threshold": shapes.MONEY,
    "ceiling": shapes.MONEY,
    "layer": shapes.TEXT,
}
OPTIONAL = frozenset({"threshold", "ceiling", "layer"})

THRESHOLD = Figure(
    "layer-threshold", Wording("本层起付线", "threshold of the layer"), "min({0:m}, {1:m} − {2:m}) = {3:m}"
)
SLICE = Figure("layer-tier", Wording("本层分段支付", "tier of the layer"), "({0:m} − {1:m}) × {2:r} % = {3:m}")
CEILING = Figure("layer-ceiling", Wording("本层年度限额", "ceiling of the layer"), "min({0:m}, {1:m} − {2:m}) = {3:m}")
FIGURES = (THRESHOLD, SLICE, CEILING)


def build(arguments: Arguments) -> Step:
    """`fund`: who pays; `bands`: on the year's running cost above the threshold; `ceiling`: of the payments of a year.

    `layer`: the counters, the fund's name where it is left out. Their `deductible` is what the threshold has taken,
    `counted` the cost above it, `fund` what was paid, `own_share` what stayed with the person.
    """
    fund = arguments["fund"].value
    named = arguments.get("layer")
    layer = named.value if named is not None else fund
    bands, bands_rule = arguments["bands"].value, arguments["bands"].rule
    threshold, ceiling = arguments.get("threshold"), arguments.get("ceiling")

    def step(working: Working) -> None:
        cost = working.left - working.aside
        if cost <= 0:
            return
        spent = working.spent(layer)
        borne = 0
        if threshold is not None:
            used = min(spent.deductible, threshold.value)
            borne = min(cost, threshold.value - used)
            working.note(THRESHOLD, threshold.rule, cost, cost - borne, cost, threshold.value, used, borne)

        paid = floor = 0
        start, end = spent.counted, spent.counted + cost - borne
        for up_to, rate in bands:
            low, high = max(start, floor), min(end, up_to)
            if high > low:
                share = money.share(high - low, rate)
                working.note(SLICE, bands_rule, paid, paid + share, high, low, rate, share)
                paid += share
            floor = up_to
        if ceiling is not None and paid:
            asked, used = paid, min(spent.fund, ceiling.value)
            paid = min(asked, ceiling.value - used)
            working.note(CEILING, ceiling.rule, asked, paid, asked, ceiling.value, used, paid)

        if paid:
            working.pay(fund, paid)
        working.move(layer, Counters(counted=cost - borne, fund=paid, own_share=cost - paid, deductible=borne))

    return step
