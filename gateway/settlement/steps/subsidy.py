"""Subsidy by identity 优抚对象医疗补助: a rate of the in-scope cost that the layers before it left to the person.

The deductible and the cost above a ceiling are part of what is left. Of several identities the best one counts, alone.
Care that is not subsidised is said by `when` beside the step.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from gateway.kernel import money
from gateway.kernel.money import Rate
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Counters
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.working import Step, Working


def _rates(raw: Any, levels: Collection[str]) -> Mapping[str, Rate]:
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError("not a ratio by identity")
    return {identity: shapes.RATE.parse(ratio, levels) for identity, ratio in raw.items()}


RATES = Shape('a ratio by identity, such as {martyr_family: "0.80", later_veteran: "0.50"}', _rates)

ARGUMENTS = {"fund": shapes.TEXT, "rates": RATES}
OPTIONAL: frozenset[str] = frozenset()

SUBSIDY = Figure("subsidy", Wording("优抚对象医疗补助", "special-care subsidy"), "{0:m} × {1:r} % = {2:m}")
FIGURES = (SUBSIDY,)


def build(arguments: Arguments) -> Step:
    """`fund`: who pays, and the layer's counter; `rates`: by identity. The rule of a figure names the identity."""
    fund = arguments["fund"].value
    rates, rule = arguments["rates"].value, arguments["rates"].rule
    best_first = [
        (identity, rates[identity], replace(rule, path=f"{rule.path}.{identity}"))
        for identity in sorted(rates, key=lambda identity: (-rates[identity], identity))
    ]

    def step(working: Working) -> None:
        identities = working.case.claim.person.identities
        for identity, rate, own_rule in best_first:
            if identity in identities:
                base = working.left - working.aside
                paid = money.share(base, rate)
                working.pay(fund, paid)
                working.move(fund, Counters(counted=base, fund=paid, own_share=base - paid))
                working.note(SUBSIDY, own_rule, 0, paid, base, rate, paid)
                return

    return step
