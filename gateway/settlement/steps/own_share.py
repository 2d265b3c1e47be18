"""Own share 个人负担比例: the person bears a ratio of the cost that is open, a fund pays the rest.

The ratio depends on what a line is for: another one instead for some charges (high-technology examinations), more of it
for others (beds in other hospitals).
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from gateway.kernel import money
from gateway.kernel.money import RATE_ONE, Fen, Rate
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.catalogue import CHARGES
from gateway.settlement.claim import Counters
from gateway.settlement.decision import Figure
from gateway.settlement.portions import open_portions
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.working import Step, Working


def _by_charge(raw: Any, levels: Collection[str]) -> Mapping[str, Rate]:
    if not isinstance(raw, Mapping) or not raw or not set(raw) <= set(CHARGES):
        raise ValueError(f"not ratios by charge ({', '.join(CHARGES)})")
    return {charge: shapes.RATE.parse(rate, levels) for charge, rate in raw.items()}


def _tell(rates: Mapping[str, Rate]) -> Iterator[str]:
    return (f"{charge} {money.percent(rate)} %" for charge, rate in sorted(rates.items()))


RATES_BY_CHARGE = Shape('ratios by charge, such as {high_tech_exam: "0.30"}', _by_charge, tell=_tell)

ARGUMENTS = {
    "fund": shapes.TEXT,
    "rate": shapes.RATE,
    "instead": RATES_BY_CHARGE,
    "added": RATES_BY_CHARGE,
}
OPTIONAL = frozenset({"instead", "added"})

INSTEAD = Figure("own-ratio", Wording("专项费用个人比例", "the charge's own ratio"), "{0:m}: {1:r} %")
ADDED = Figure("own-ratio-added", Wording("加收个人比例", "an added own ratio"), "{0:m}: {1:r} % + {2:r} % = {3:r} %")
SHARED = tuple(
    Figure(
        f"shared-{number}",
        Wording("按比例分担,基金部分", "shared: the fund's part"),
        " + ".join(f"{{{2 * each}:m}} × (100 − {{{2 * each + 1}:r}}) %" for each in range(number))
        + f" = {{{2 * number}:m}}",
    )
    for number in range(1, len(CHARGES) + 1)
)
"""The fund's part of cost at one ratio, at two ratios, and so on."""
FIGURES = (INSTEAD, ADDED, *SHARED)


def build(arguments: Arguments) -> Step:
    """`rate`: the person's; `instead`: the person's for some charges; `added`: on top of it for others.

    The fund's part is rounded once, the person bears the difference.
    """
    fund, rate = arguments["fund"].value, arguments["rate"]
    instead, added = arguments.get("instead"), arguments.get("added")

    def ratio_of(working: Working, charge: str, cost: Fen) -> Rate:
        own: Rate = rate.value
        if instead is not None and charge in instead.value:
            own = instead.value[charge]
            working.note(INSTEAD, instead.rule, cost, cost, cost, own)
        elif added is not None and charge in added.value:
            more = min(added.value[charge], RATE_ONE - own)
            own += more
            working.note(ADDED, added.rule, cost, cost, cost, rate.value, more, own)
        return own

    def step(working: Working) -> None:
        by_ratio: dict[Rate, Fen] = {}
        for charge, cost in sorted(_close(working, fund).items()):
            ratio = ratio_of(working, charge, cost)
            by_ratio[ratio] = by_ratio.get(ratio, 0) + cost
        if not by_ratio:
            return
        terms = sorted(by_ratio.items())
        paid = money.share(sum(cost * (RATE_ONE - ratio) for ratio, cost in terms), 1)
        operands = (operand for ratio, cost in terms for operand in (cost, ratio))
        working.note(SHARED[len(terms) - 1], rate.rule, 0, paid, *operands, paid)
        working.pay(fund, paid)
        working.move(fund, Counters(fund=paid))

    return step


def _close(working: Working, fund: str) -> dict[str, Fen]:
    """The open cost that the fund may share, by charge; it is open no more."""
    portions = open_portions(working)
    groups: dict[str, Fen] = {}
    for portion, fen in portions.items():
        if fen and fund not in portion.barred:
            groups[portion.charge] = groups.get(portion.charge, 0) + fen
            portions[portion] = 0
    return groups
