"""Weights and points: what a case counts, and what one is worth. Shared by DRG and DIP.

A case of a group counts the group's weight; a group that is not listed counts its cost ÷ `case_cost` × `ungrouped`.
High outliers 高倍率: cost above `high` times the standard (weight × `case_cost`) adds the rest ÷ `case_cost`.
Low outliers 低倍率: cost below `low` times the standard counts cost ÷ `case_cost` instead. The coefficient then
multiplies what counts; weights are ten-thousandths, each case rounded half up.

A pool's price is what comes in ÷ what counts: shares by largest remainder, ties by institution code, so that they add
up to the pool and never to more. `highest` caps the price of 1.0: what is above stays in the fund. Net red weights take
no share of a month; they count in the year's sum.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gateway.kernel import money
from gateway.kernel.money import RATE_ONE, Fen
from gateway.payment.case import Care
from gateway.payment.figure import COUNT, WEIGHT, Figure, figure, weight_text
from gateway.payment.measure import sum_of
from gateway.payment.pool import Due, Pool
from gateway.payment.shapes import MULTIPLE, MULTIPLE_BY_INSTITUTION
from gateway.payment.shares import instalment, shared_out
from gateway.payment.tally import Cells, Tally
from gateway.payment.terms import Terms
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import MONEY, RATE, Shape

COUNTED, HIGH, LOW, UNGROUPED = "counted", "high", "low", "ungrouped"
"""Cells: what counts, with the coefficient; net cases of high, low cost and without a listed group."""

ARGUMENTS: dict[str, Shape] = {
    "case_cost": MONEY,
    "high": MULTIPLE,
    "low": MULTIPLE,
    "ungrouped": RATE,
    "coefficients": MULTIPLE_BY_INSTITUTION,
    "level_coefficients": MULTIPLE_BY_INSTITUTION,
    "budget": MONEY,
    "monthly": RATE,
    "highest": MONEY,
}
OPTIONAL = frozenset({"high", "low", "coefficients", "level_coefficients", "highest"})

_POOL = Wording("可分配基金", "pool")
_SUM = Wording("全部机构权重(点数)合计", "weights or points of all")
_PRICE = Wording("每一权重(点)单价", "price of one")
_MINE = Wording("本机构权重(点数)", "weights or points of the institution")
_SHARE = Wording("应付", "due")
_OUTLIERS = Wording("高倍率、低倍率、未入组病例", "high, low and ungrouped cases")


def weigher(given: Mapping[str, Any], weights: Mapping[str, int], *, institution: str, level: str) -> Tally:
    """What each case counts."""
    case_cost = given["case_cost"]
    high, low, ungrouped = given.get("high"), given.get("low", 0), given["ungrouped"]
    coefficient = coefficient_of(given, institution=institution, level=level)

    def counted(case: Care) -> Cells:
        weight = weights.get(case.case_group)
        if weight is None:
            found = money.share(money.portion(case.total, RATE_ONE, case_cost), ungrouped)
            return (COUNTED, money.portion(found, coefficient, RATE_ONE)), (UNGROUPED, 1)
        standard = money.portion(case_cost, weight, RATE_ONE)
        if high is not None and (above := case.total - money.portion(standard, high, RATE_ONE)) > 0:
            found = weight + money.portion(above, RATE_ONE, case_cost)
            return (COUNTED, money.portion(found, coefficient, RATE_ONE)), (HIGH, 1)
        if case.total * RATE_ONE < low * standard:
            found = money.portion(case.total, RATE_ONE, case_cost)
            return (COUNTED, money.portion(found, coefficient, RATE_ONE)), (LOW, 1)
        return ((COUNTED, money.portion(weight, coefficient, RATE_ONE)),)

    return counted


def coefficient_of(given: Mapping[str, Any], *, institution: str, level: str) -> int:
    """The institution's coefficient, else its level's, else one."""
    by_level = given.get("level_coefficients", {}).get(level, RATE_ONE)
    return int(given.get("coefficients", {}).get(institution, by_level))


def pool_of(terms: Terms, months: tuple[date, ...], rate: int) -> Fen:
    """The instalments of the yearly budget for some months, times a rate."""
    return money.share(sum(instalment(terms.parameters["budget"], each.month) for each in months), rate)


def month(pool: Pool) -> dict[str, Due]:
    """The month's part of the budget, as far as it is paid monthly, by what counted in the month."""
    return _by_price(pool, pool_of(pool.terms, pool.months, pool.terms.parameters["monthly"]), "monthly")


def year(pool: Pool) -> dict[str, Due]:
    """The whole budget of the months on which the terms held, by what counted in all of them."""
    return _by_price(pool, pool_of(pool.terms, pool.months, RATE_ONE), "budget")


def _by_price(pool: Pool, amount: Fen, path: str) -> dict[str, Due]:
    counted = {code: sum_of(pool.of(code), COUNTED) for code in pool.everyone()}
    parts = {code: number for code, number in counted.items() if number > 0}
    whole, shares, highest = sum(parts.values()), shared_out(amount, parts), pool.terms.parameters.get("highest")
    rule = pool.terms.rule_of(path)
    price = money.portion(amount, RATE_ONE, whole) if whole else 0
    paid = price if highest is None else min(price, highest)
    common = (
        figure("pool", _POOL, amount, f"{len(pool.months)} × 1/12 = {money.text(amount)}", rule),
        figure("sum", _SUM, whole, "Σ", rule, unit=WEIGHT),
        figure("price", _PRICE, paid, f"{money.text(amount)} / {weight_text(whole)} = {money.text(price)}", rule),
    )
    found = {}
    for code, mine in counted.items():
        share = shares.get(code, 0)
        due = share if highest is None else min(share, money.portion(highest, max(0, mine), RATE_ONE))
        found[code] = Due(due, (*common, *_own(pool, code, mine, due, whole)))
    return found


def _own(pool: Pool, code: str, mine: int, due: Fen, whole: int) -> tuple[Figure, ...]:
    listed, rule = pool.of(code), pool.terms.rule
    outliers = [sum_of(listed, cell) for cell in (HIGH, LOW, UNGROUPED)]
    text = f"{weight_text(mine)} / {weight_text(whole)} = {money.text(due)}"
    return (
        figure("counted", _MINE, mine, "Σ", rule, unit=WEIGHT),
        figure("outliers", _OUTLIERS, sum(outliers), " + ".join(map(str, outliers)), rule, unit=COUNT),
        figure("due", _SHARE, due, text, rule),
    )
