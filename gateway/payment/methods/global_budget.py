"""Global budget 总额预付: a year's budget paid in twelfths, used by the running meter, settled at the year's end.

Sources (R7): 当月预拨费用原则上按医保服务协议明确的全年费用总额分12个月均摊确定; 结余部分,在年终考核后……管理使用;
超支部分,在年终考核后由中心分担; 门诊新增医保对象就医所发生的合理超支费用,可由医保基金补助;
一旦发现推诿病人现象将严肃查处并数倍核减预付费用和次年度的预付总额.

Month: `twelfth` makes its part of the budget due whatever was used; `actual` what was used, to its part at most.
Year: used below the budget, savings × `kept` × appraisal factor are the institution's. Above it, first the cost of
newly insured outpatients × `new_patients` is borne by the fund, then the rest by bands of overspend, the fund's ratio
each.
Refused patients: their cost × `refused_multiple` is taken off, and off next year's budget too (a figure says so).
An institution of the terms without a budget is paid as settled.
"""

from typing import Any

from gateway.kernel import money
from gateway.kernel.money import RATE_ONE, Fen
from gateway.payment.case import Care
from gateway.payment.figure import Figure, figure, weight_text
from gateway.payment.measure import FUND, sum_of
from gateway.payment.months import months_before
from gateway.payment.pool import Due, Pool, budgets_by_month
from gateway.payment.shapes import MONEY_BY_INSTITUTION, MULTIPLE, SHARE_BANDS
from gateway.payment.stated import NEW_PATIENTS, REFUSED
from gateway.payment.tally import Cells, Tally
from gateway.payment.terms import Terms
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import RATE, Shape, choice

TITLE = Wording("总额预付", "global budget")
TWELFTH = "twelfth"
ARGUMENTS: dict[str, Shape] = {
    "budgets": MONEY_BY_INSTITUTION,
    "monthly": choice(TWELFTH, "actual"),
    "kept": RATE,
    "overspend": SHARE_BANDS,
    "new_patients": RATE,
    "refused_multiple": MULTIPLE,
}
OPTIONAL = frozenset({"new_patients", "refused_multiple"})

_BUDGET = Wording("预算", "budget")
_USED = Wording("已用", "used")
_METER = Wording("累计使用进度", "running meter")
_KEPT = Wording("结余留用", "savings kept")
_NEW = Wording("新增参保对象合理超支补助", "allowance for newly insured outpatients")
_SHARED = Wording("超支由基金分担", "overspend borne by the fund")
_REFUSED = Wording("推诿病人核减", "deduction for refused patients")
_NEXT = Wording("次年预付总额核减", "taken off next year's budget")
_NONE = Wording("未核定预算,按项目", "no budget given: as settled")


def tally(_terms: Terms, _institution: str, _level: str) -> Tally:
    """The funds' parts are enough."""

    def counted(_case: Care) -> Cells:
        return ()

    return counted


def month(pool: Pool) -> dict[str, Due]:
    """The month's part of the budget, or what was used of it; and how far the year has used its budget."""
    budgets = budgets_by_month(pool, pool.terms.parameters["budgets"], pool.months)
    before = tuple(day for day in months_before(pool.period) if pool.terms.hold_on(day))
    so_far = budgets_by_month(pool, pool.terms.parameters["budgets"], before)
    found = {}
    for code in pool.everyone(budgets):
        used = sum_of(pool.of(code), FUND)
        if code not in budgets:
            found[code] = _as_settled(pool, used)
            continue
        budget = sum(budgets[code].values())
        due = budget if pool.terms.parameters["monthly"] == TWELFTH else min(used, budget)
        meter = _meter(pool, code, used, budget + sum(so_far.get(code, {}).values()))
        found[code] = Due(due, (_budget_of(pool, budget), _used(pool, used), meter))
    return found


def year(pool: Pool) -> dict[str, Due]:
    """The budget of the months on which the terms held against what was used in them."""
    budgets = budgets_by_month(pool, pool.terms.parameters["budgets"], pool.months)
    found = {}
    for code in pool.everyone(budgets):
        used = sum_of(pool.of(code), FUND)
        if code not in budgets:
            found[code] = _as_settled(pool, used)
            continue
        budget = sum(budgets[code].values())
        figures = [_budget_of(pool, budget), _used(pool, used)]
        due = _below(pool, code, budget, used, figures) if used <= budget else _above(pool, code, budget, used, figures)
        due -= _refused(pool, code, figures)
        found[code] = Due(due, tuple(figures))
    return found


def _below(pool: Pool, code: str, budget: Fen, used: Fen, figures: list[Figure]) -> Fen:
    """Used and what is kept of the savings. Net red entries are no savings: below nothing used counts as nothing."""
    saved, kept, factor = budget - max(0, used), pool.terms.parameters["kept"], pool.appraised_of(code).factor
    amount = money.portion(saved, kept * factor, RATE_ONE * RATE_ONE)
    ratios = f"{money.percent(kept)} % × 考核 {money.percent(factor)} %"
    text = f"({money.text(budget)} − {money.text(max(0, used))}) × {ratios}"
    figures.append(figure("kept", _KEPT, amount, f"{text} = {money.text(amount)}", pool.terms.rule_of("kept")))
    return used + amount


def _above(pool: Pool, code: str, budget: Fen, used: Fen, figures: list[Figure]) -> Fen:
    """The budget and what the fund bears of the overspend."""
    over, parameters = used - budget, pool.terms.parameters
    stated = pool.stated(code).amounts.get(NEW_PATIENTS, 0)
    new = min(over, stated)
    allowed = money.share(new, parameters.get("new_patients", 0))
    if new:
        text = f"min({money.text(over)}, {money.text(stated)}) × {money.percent(parameters.get('new_patients', 0))} %"
        rule = pool.terms.rule_of("new_patients")
        figures.append(figure("new-patients", _NEW, allowed, f"{text} = {money.text(allowed)}", rule))
    shared, told = _banded(parameters, budget, over - new)
    figures.append(figure("shared", _SHARED, shared, told, pool.terms.rule_of("overspend")))
    return budget + allowed + shared


def _banded(parameters: Any, budget: Fen, over: Fen) -> tuple[Fen, str]:
    paid, floor, told = 0, 0, []
    for band in parameters["overspend"]:
        end = money.portion(budget, band.up_to, RATE_ONE)
        last = band is parameters["overspend"][-1]
        part = max(0, (over if last else min(over, end)) - floor)
        share = money.share(part, band.fund)
        paid += share
        floor = max(floor, min(over, end))
        if part:
            told.append(f"{money.text(part)} × {money.percent(band.fund)} %")
    return paid, f"{' + '.join(told) or '0.00'} = {money.text(paid)}"


def _refused(pool: Pool, code: str, figures: list[Figure]) -> Fen:
    found, times = pool.stated(code).amounts.get(REFUSED, 0), pool.terms.parameters.get("refused_multiple", 0)
    amount = money.portion(found, times, RATE_ONE)
    if amount:
        text, rule = (
            f"{money.text(found)} × {weight_text(times)} = {money.text(amount)}",
            pool.terms.rule_of("refused_multiple"),
        )
        figures.append(figure("refused", _REFUSED, -amount, text, rule))
        figures.append(figure("next-year", _NEXT, -amount, text, rule))
    return amount


def _as_settled(pool: Pool, used: Fen) -> Due:
    return Due(used, (figure("as-settled", _NONE, used, money.text(used), pool.terms.rule_of("budgets")),))


def _budget_of(pool: Pool, budget: Fen) -> Figure:
    text = f"Σ {len(pool.months)} × 1/12 = {money.text(budget)}"
    return figure("budget", _BUDGET, budget, text, pool.terms.rule_of("budgets"))


def _used(pool: Pool, used: Fen) -> Figure:
    return figure("used", _USED, used, f"Σ = {money.text(used)}", pool.terms.rule)


def _meter(pool: Pool, code: str, used: Fen, budget: Fen) -> Figure:
    """Used so far in the year; the arithmetic names the budget so far."""
    listed = [each for each in pool.facts.earlier.get(code, ()) if each.terms == pool.terms.id]
    so_far = used + sum_of(listed, FUND)
    ratio = f" = {money.percent(money.portion(RATE_ONE, max(0, so_far), budget))} %" if budget else ""
    text = f"{money.text(so_far)} / {money.text(budget)}{ratio}"
    return figure("meter", _METER, so_far, text, pool.terms.rule_of("budgets"))
