"""Limits 限额 of a treatment, day, admission, month, quarter or year: what is asked is trimmed to what is left of it.

The note keeps both, asked and allowed. What a limit of a fund's payment takes away is the person's own share again, for
the layers that follow.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from gateway.kernel.calendar import Period, benefit_year, month, one_day, quarter
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Counters
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.working import BASIC, Step, Working

COUNTED, FUND = "counted", "fund"
PERIODS: Mapping[str, Callable[[date], Period]] = {
    "day": one_day,
    "month": month,
    "quarter": quarter,
    "year": benefit_year,
}
AT_ONCE = ("treatment", "admission")
"""These look at one claim alone: they need no counter."""

ARGUMENTS = {
    "amount": shapes.by_level(shapes.MONEY),
    "per": shapes.choice(*AT_ONCE, *PERIODS),
    "of": shapes.choice(COUNTED, FUND),
    "layer": shapes.TEXT,
    "fund": shapes.TEXT,
}
OPTIONAL = frozenset({"layer", "fund"})

_TITLES = {
    "treatment": Wording("单次限额", "limit of a treatment"),
    "admission": Wording("每次住院限额", "limit of an admission"),
    "day": Wording("日限额", "limit of a day"),
    "month": Wording("月限额", "limit of a month"),
    "quarter": Wording("季度限额", "limit of a quarter"),
    "year": Wording("年度限额", "limit of a year"),
}
LIMITS = {
    per: Figure(
        f"limit-of-{per}", title, "min({0:m}, {1:m} − {2:m}) = {3:m}" if per in PERIODS else "min({0:m}, {1:m}) = {2:m}"
    )
    for per, title in _TITLES.items()
}
FIGURES = tuple(LIMITS.values())


def wrong(arguments: Mapping[str, Any]) -> Wording | None:
    """A limit over more than one claim names the counter that remembers; one of payments may say whose."""
    if (arguments.get("per") in PERIODS) != ("layer" in arguments):
        return Wording(
            "按日、月、季、年的限额须写 layer,按次的不写",
            "a limit per day, month, quarter or year needs 'layer', one per treatment or admission has none",
        )
    if "fund" in arguments and arguments.get("of") == COUNTED:
        return Wording("of: counted 不写 fund", "'fund' belongs to 'of: fund': remove it")
    return None


def build(arguments: Arguments) -> Step:
    """`of: counted` trims what counts, before the rates; `of: fund` trims what `fund` (basic) pays, after them.

    `layer`: the counter of a period, moved by this step alone. A day of a stay is each of its days: the amount times
    them, and no counter. A limit of an admission leaves what is no stay alone. What a `layer` step pays has its own
    ceiling there, since its counters are moved with it.
    """
    amounts, rule = arguments["amount"].value, arguments["amount"].rule
    per = arguments["per"].value
    named, whose = arguments.get("layer"), arguments.get("fund")
    layer = named.value if named is not None else ""
    fund = whose.value if whose is not None else BASIC
    of_fund = arguments["of"].value == FUND
    period_of = PERIODS.get(per)
    figure = LIMITS[per]

    def step(working: Working) -> None:
        claim = working.case.claim
        if per == "admission" and not working.is_stay:
            return
        amount = shapes.at_level(amounts, claim.level)
        asked = working.funds.get(fund, 0) if of_fund else working.counted
        if period_of is None:
            allowed = min(asked, amount)
            working.note(figure, rule, asked, allowed, asked, amount, allowed)
        elif per == "day" and working.is_stay:
            amount *= claim.days
            allowed = min(asked, amount)
            working.note(figure, rule, asked, allowed, asked, amount, 0, allowed)
        else:
            period = period_of(claim.decided_on)
            spent = working.spent(layer, period)
            used = min(amount, spent.fund if of_fund else spent.counted)
            allowed = min(asked, amount - used)
            working.move(layer, Counters(fund=allowed) if of_fund else Counters(counted=allowed), period)
            working.note(figure, rule, asked, allowed, asked, amount, used, allowed)
        if of_fund:
            working.funds[fund] = allowed
        else:
            working.counted = allowed

    return step
