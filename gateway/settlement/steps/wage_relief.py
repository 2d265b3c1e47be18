"""Relief by wage 按工资减负: own share above a ratio of last year's wage is taken over by funds, within the year.

Whose wage is not known has no limit, and no relief.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from gateway.kernel import money
from gateway.kernel.money import RATE_ONE, Rate
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Counters
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.working import BASIC, Step, Working


class FundShare(NamedTuple):
    """A fund and its ratio of an amount."""

    fund: str
    rate: Rate


def _shares(raw: Any, levels: Collection[str]) -> tuple[FundShare, ...]:
    if not isinstance(raw, list) or not raw:
        raise ValueError("not a list of funds")
    shares = []
    for each in raw:
        if not isinstance(each, Mapping) or set(each) != {"fund", "rate"}:
            raise ValueError("a share has fund and rate")
        shares.append(FundShare(shapes.TEXT.parse(each["fund"], levels), shapes.RATE.parse(each["rate"], levels)))
    if sum(share.rate for share in shares) != RATE_ONE:
        raise ValueError("the ratios add up to 1")
    return tuple(shares)


def _tell(shares: tuple[FundShare, ...]) -> Iterator[str]:
    return (f"{fund} {money.percent(rate)} %" for fund, rate in shares)


FUND_SHARES = Shape('funds whose ratios add up to 1, such as [{fund: pooled, rate: "0.50"}, …]', _shares, tell=_tell)

ARGUMENTS = {"rate": shapes.RATE, "shares": FUND_SHARES}
OPTIONAL: frozenset[str] = frozenset()

LIMIT = Figure("wage-limit", Wording("个人负担限度", "limit of the own share"), "{0:m} × {1:r} % = {2:m}")
EXCESS = Figure(
    "wage-excess",
    Wording("超过限度的个人负担", "own share above the limit"),
    "min({0:m}, {0:m} + {1:m} − {2:m}) = {3:m}",
)
TAKEN = Figure("wage-relief", Wording("超过部分分担", "a fund's part of the excess"), "{0:m} × {1:r} % = {2:m}")
DIFFERENCE = Figure("wage-relief-rest", Wording("超过部分的其余", "the rest of the excess"), "{0:m} − {1:m} = {2:m}")
FIGURES = (LIMIT, EXCESS, TAKEN, DIFFERENCE)


def build(arguments: Arguments) -> Step:
    """`rate`: of last year's wage; `shares`: who takes the excess over, the last of them the difference to it."""
    rate, shares = arguments["rate"], arguments["shares"]

    def step(working: Working) -> None:
        wage = working.case.claim.person.wage_last_year
        if wage is None:
            return
        limit = money.share(wage, rate.value)
        borne = working.spent(BASIC).own_share
        own = working.left - working.aside
        excess = min(own, max(0, own + borne - limit))
        working.note(LIMIT, rate.rule, 0, limit, wage, rate.value, limit)
        if not excess:
            return
        working.note(EXCESS, rate.rule, own, own - excess, own, borne, limit, excess)
        given = 0
        for fund, ratio in shares.value[:-1]:
            part = min(money.share(excess, ratio), excess - given)
            working.note(TAKEN, shares.rule, given, given + part, excess, ratio, part)
            _pay(working, fund, part)
            given += part
        working.note(DIFFERENCE, shares.rule, given, excess, excess, given, excess - given)
        _pay(working, shares.value[-1].fund, excess - given)

    return step


def _pay(working: Working, fund: str, amount: int) -> None:
    working.pay(fund, amount)
    working.move(fund, Counters(fund=amount))
