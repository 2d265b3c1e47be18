"""Approval ladder 分级审批: who must have approved what a fund pays, by what the year's payments come to.

The highest rung that the year's sum, this claim's payment included, reaches says who approves. Where that approval is
not there yet, the fund pays what stays below the lowest rung; the rest is held until the claim is settled again.
"""

import itertools
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from gateway.kernel.money import Fen
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Counters
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.working import Step, Working


class Rung(NamedTuple):
    """A threshold, whether the sum that equals it is on the rung, and who approves."""

    amount: Fen
    inclusive: bool
    by: str

    @property
    def below(self) -> Fen:
        """The most that needs no approval of this rung."""
        return self.amount - 1 if self.inclusive else self.amount


def _ladder(raw: Any, levels: Collection[str]) -> tuple[Rung, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("not a list of rungs")
    rungs = tuple(_rung(each, levels) for each in raw)
    if any(later.amount <= earlier.amount for earlier, later in itertools.pairwise(rungs)):
        raise ValueError("rungs do not rise")
    return rungs


def _rung(raw: Any, levels: Collection[str]) -> Rung:
    if not isinstance(raw, Mapping) or set(raw) not in ({"from", "by"}, {"above", "by"}):
        raise ValueError("a rung has by, and from or above")
    inclusive = "from" in raw
    amount = shapes.MONEY.parse(raw["from" if inclusive else "above"], levels)
    if inclusive and not amount:
        raise ValueError("a rung begins above nothing")
    return Rung(amount, inclusive, shapes.TEXT.parse(raw["by"], levels))


LADDER = Shape('rising rungs, such as [{from: "15000.00", by: …}, {above: "20000.00", by: …}]', _ladder)

ARGUMENTS = {"fund": shapes.TEXT, "ladder": LADDER}
OPTIONAL: frozenset[str] = frozenset()

FROM, ABOVE = "{0:m} + {1:m} = {2:m} ≥ {3:m}", "{0:m} + {1:m} = {2:m} > {3:m}"
PAYABLE = "; min({1:m}, max(0.00, {4:m} − {0:m})) = {5:m}"
_APPROVED = Wording("已按审批权限批准", "approved by the authority for this sum")
_HELD = Wording("未经有权机构批准,超出部分暂不支付", "the rest is held until the authority for this sum approves")
APPROVED_FROM = Figure("approved-from", _APPROVED, FROM)
APPROVED_ABOVE = Figure("approved-above", _APPROVED, ABOVE)
HELD_FROM = Figure("held-from", _HELD, FROM + PAYABLE)
HELD_ABOVE = Figure("held-above", _HELD, ABOVE + PAYABLE)
FIGURES = (APPROVED_FROM, APPROVED_ABOVE, HELD_FROM, HELD_ABOVE)


def build(arguments: Arguments) -> Step:
    """`fund`: whose payment needs approval, decided before this step; `ladder`: thresholds and authorities.

    The rule of a figure names the rung, and its authority in the reading.
    """
    fund = arguments["fund"].value
    ladder, rule = arguments["ladder"].value, arguments["ladder"].rule
    highest_first = [
        (rung, replace(rule, path=f"{rule.path}[{number}]", reading=f"{rung.by}。{rule.reading}"))
        for number, rung in reversed(list(enumerate(ladder)))
    ]

    free = ladder[0].below

    def step(working: Working) -> None:
        asked, before = working.funds.get(fund, 0), working.spent(fund).fund
        total = before + asked
        reached = next(((rung, own) for rung, own in highest_first if total > rung.below), None)
        if not asked or reached is None:
            return
        rung, own_rule = reached
        if working.case.claim.approved:
            figure = APPROVED_FROM if rung.inclusive else APPROVED_ABOVE
            working.note(figure, own_rule, asked, asked, before, asked, total, rung.amount)
            return
        allowed = min(asked, max(0, free - before))
        working.take_back(fund, asked - allowed)
        working.move(fund, Counters(fund=allowed - asked, own_share=asked - allowed))
        figure = HELD_FROM if rung.inclusive else HELD_ABOVE
        working.note(figure, own_rule, asked, allowed, before, asked, total, rung.amount, free, allowed)

    return step
