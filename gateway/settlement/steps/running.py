"""Running cost of a period 累计分档: marginal rates on what listed diseases have cost in a quarter, month or year.

What the fund leaves of a slice may be shared between a second fund and the person. Cost below the first band stays open
for the steps that follow.
"""

import itertools
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from gateway.kernel import money
from gateway.kernel.calendar import benefit_year, month, quarter
from gateway.kernel.money import Fen, Rate
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Counters
from gateway.settlement.decision import Figure
from gateway.settlement.portions import CHARGE_LIST, open_to, take
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.steps.account import AFTER, BEFORE
from gateway.settlement.working import BASIC, Step, Working

PERIODS = {"month": month, "quarter": quarter, "year": benefit_year}


class RunningBand(NamedTuple):
    """Cost above `above`, up to the next band: the fund's rate, and the second fund's rate on what that leaves."""

    above: Fen
    rate: Rate
    rest: Rate


def _bands(raw: Any, levels: Collection[str]) -> tuple[RunningBand, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("not a list of bands")
    bands = []
    for each in raw:
        if not isinstance(each, Mapping) or set(each) != {"above", "rate", "rest"}:
            raise ValueError("a band has above, rate and rest")
        rates = (shapes.RATE.parse(each[name], levels) for name in ("rate", "rest"))
        bands.append(RunningBand(shapes.MONEY.parse(each["above"], levels), *rates))
    if any(later.above <= earlier.above for earlier, later in itertools.pairwise(bands)):
        raise ValueError("bands do not rise")
    return tuple(bands)


def _tell(bands: tuple[RunningBand, ...]) -> Iterator[str]:
    for above, rate, rest in bands:
        fund, second = money.percent(rate), money.percent(rest)
        yield (
            f"{money.text(above)} 元以上 {fund} %,剩余部分 {second} % / "
            f"above {money.text(above)} CNY {fund} %, {second} % of the rest"
        )


BANDS = Shape(
    'rising bands, such as [{above: "3000.00", rate: "0.90", rest: "0.50"}, …], the last without end',
    _bands,
    tell=_tell,
)

ARGUMENTS = {
    "bands": BANDS,
    "fund": shapes.TEXT,
    "rest_fund": shapes.TEXT,
    "period": shapes.choice(*PERIODS),
    "layer": shapes.TEXT,
    "counts": shapes.choice(BEFORE, AFTER),
    "diseases": shapes.TEXTS,
    "takes_first": CHARGE_LIST,
}
OPTIONAL = frozenset({"layer", "diseases", "takes_first"})

SLICE = Figure(
    "running-tier", Wording("累计分档支付", "tier of the period's cost"), "({0:m} − {1:m}) × {2:r} % = {3:m}"
)
REST = Figure(
    "running-tier-rest",
    Wording("分档剩余部分分担", "share of what the tier leaves"),
    "({0:m} − {1:m}) × {2:r} % = {3:m}",
)
FIGURES = (SLICE, REST)


def build(arguments: Arguments) -> Step:
    """`fund` pays the bands' rates, `rest_fund` its part of what they leave; `diseases`: for these alone.

    `counts`: whether the period's cost is that before the personal account paid (the account then takes the lowest part
    of this claim's) or that which it left. `layer`: the counter of the cost, basic where left out; the funds move their
    own by year. `takes_first`: the charges that lie in the bands before the others, where own shares differ by charge.
    """
    bands, rule = arguments["bands"].value, arguments["bands"].rule
    fund, rest_fund = arguments["fund"].value, arguments["rest_fund"].value
    period_of = PERIODS[arguments["period"].value]
    layer = arguments["layer"].value if arguments.get("layer") else BASIC
    assert (layer, period_of) != (BASIC, benefit_year), "the year's basic cost is counted with the decision"
    before_account = arguments["counts"].value == BEFORE
    listed = arguments.get("diseases")
    charges = arguments["takes_first"].value if arguments.get("takes_first") else ()
    ends = [band.above for band in bands[1:]]

    def step(working: Working) -> None:
        if listed is not None and working.case.claim.disease not in listed.value:
            return
        period = period_of(working.case.claim.decided_on)
        used = working.spent(layer, period).counted
        left = open_to(working, fund)
        counted = _in_scope_of(working, fund) if before_account else left
        end = used + counted
        start = end - left
        paid = other = shared = 0
        for band, band_end in zip(bands, [*ends, end], strict=True):
            low, high = max(start, band.above), min(end, band_end)
            if high > low:
                part = money.share(high - low, band.rate)
                rest = money.share(high - low - part, band.rest)
                working.note(SLICE, rule, paid, paid + part, high, low, band.rate, part)
                working.note(REST, rule, other, other + rest, high - low, part, band.rest, rest)
                paid, other, shared = paid + part, other + rest, shared + high - low
        take(working, shared, first=charges, fund=fund)
        working.pay(fund, paid)
        working.pay(rest_fund, other)
        working.move(layer, Counters(counted=counted), period)
        working.move(fund, Counters(counted=shared, fund=paid))
        working.move(rest_fund, Counters(fund=other))

    return step


def _in_scope_of(working: Working, fund: str) -> Fen:
    """In-scope cost of the lines that a fund may share, whoever has paid of it."""
    barred = working.barred.get(fund, set())
    lines = zip(working.case.claim.lines, working.lines, strict=True)
    return sum(split.in_scope for line, split in lines if line.number not in barred)
