"""Average-cost assessment 均次考核 under a total: an average for each case, savings rewarded, overspend deducted.

Source (R1): 实行总量控制,采取总额预算与均次考核相结合的办法,将全年指标分解落实到各医院,采取节余奖励超支扣减的办法.
Months are paid as settled. At the year's end cases × standard is what they may have cost the funds: of what was saved
`kept` × appraisal factor is added, of what was overspent `deducted` is taken off. Where the institution has a budget,
`over_budget` of what is still above it is taken off too; of a budget the months on which the terms held count.
"""

from gateway.kernel import money
from gateway.kernel.money import RATE_ONE, Fen
from gateway.payment.case import Care
from gateway.payment.figure import Figure, figure
from gateway.payment.measure import CASES, FUND, sum_of
from gateway.payment.pool import Due, Pool, budgets_by_month
from gateway.payment.shapes import MONEY_BY_INSTITUTION
from gateway.payment.tally import Cells, Tally
from gateway.payment.terms import Terms
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import MONEY, RATE, Shape, at_level, by_level

TITLE = Wording("均次考核", "average-cost assessment")
ARGUMENTS: dict[str, Shape] = {
    "standard": by_level(MONEY),
    "kept": RATE,
    "deducted": RATE,
    "budgets": MONEY_BY_INSTITUTION,
    "over_budget": RATE,
}
OPTIONAL = frozenset({"budgets", "over_budget"})

_USED = Wording("按项目应付", "due as settled")
_ALLOWED = Wording("均次定额合计", "cases at the standard")
_REWARD = Wording("节余奖励", "savings rewarded")
_DEDUCTED = Wording("超支扣减", "overspend deducted")
_BUDGET = Wording("总额预算扣减", "deducted above the budget")


def wrong(parameters: object) -> Wording | None:
    """Budgets and what is taken off above them stand together."""
    assert isinstance(parameters, dict)
    if ("budgets" in parameters) == ("over_budget" in parameters):
        return None
    return Wording("budgets 与 over_budget 应同时写", "write 'budgets' and 'over_budget' together")


def tally(_terms: Terms, _institution: str, _level: str) -> Tally:
    """Cases and the funds' parts are enough."""

    def counted(_case: Care) -> Cells:
        return ()

    return counted


def month(pool: Pool) -> dict[str, Due]:
    """As settled; the assessment is the year's."""
    return {code: Due(_fund(pool, code), (_used(pool, code),)) for code in pool.everyone()}


def year(pool: Pool) -> dict[str, Due]:
    """As settled, with the reward or what is deducted."""
    budgets = budgets_by_month(pool, pool.terms.parameters.get("budgets", {}), pool.months)
    found = {}
    for code in pool.everyone():
        used, allowed = _fund(pool, code), _allowed(pool, code)
        figures = [_used(pool, code), *_standards(pool, code)]
        due = used + _assessed(pool, code, used, allowed, figures)
        if code in budgets:
            due -= _above_budget(pool, due, sum(budgets[code].values()), figures)
        found[code] = Due(due, tuple(figures))
    return found


def _fund(pool: Pool, code: str) -> Fen:
    return sum_of(pool.of(code), FUND)


def _used(pool: Pool, code: str) -> Figure:
    used, cases = _fund(pool, code), sum_of(pool.of(code), CASES)
    return figure("as-settled", _USED, used, f"Σ {cases} 例 cases = {money.text(used)}", pool.terms.rule)


def _by_level(pool: Pool, code: str) -> dict[str, int]:
    """Net cases by the level the institution had, levels in order."""
    found: dict[str, int] = {}
    for each in pool.of(code):
        found[each.level] = found.get(each.level, 0) + each.cell(CASES)
    return {level: cases for level, cases in sorted(found.items()) if cases}


def _allowed(pool: Pool, code: str) -> Fen:
    standard = pool.terms.parameters["standard"]
    return sum(cases * int(at_level(standard, level)) for level, cases in _by_level(pool, code).items())


def _standards(pool: Pool, code: str) -> list[Figure]:
    standard, rule = pool.terms.parameters["standard"], pool.terms.rule_of("standard")
    figures = []
    for level, cases in _by_level(pool, code).items():
        each = at_level(standard, level)
        text = f"{cases} × {money.text(each)} = {money.text(cases * each)}"
        figures.append(figure("allowed", _ALLOWED, cases * each, text, rule))
    return figures


def _assessed(pool: Pool, code: str, used: Fen, allowed: Fen, figures: list[Figure]) -> Fen:
    """Added (> 0) or taken off (< 0). Net red cases or red money are neither rewarded nor deducted."""
    if used < 0 or allowed <= 0:
        return 0
    if used <= allowed:
        kept, factor = pool.terms.parameters["kept"], pool.appraised_of(code).factor
        amount = money.portion(allowed - used, kept * factor, RATE_ONE * RATE_ONE)
        ratios = f"{money.percent(kept)} % × 考核 {money.percent(factor)} %"
        text = f"({money.text(allowed)} − {money.text(used)}) × {ratios}"
        rule = pool.terms.rule_of("kept")
        figures.append(figure("rewarded", _REWARD, amount, f"{text} = {money.text(amount)}", rule))
        return amount
    rate = pool.terms.parameters["deducted"]
    amount = money.share(used - allowed, rate)
    text = f"({money.text(used)} − {money.text(allowed)}) × {money.percent(rate)} % = {money.text(amount)}"
    figures.append(figure("deducted", _DEDUCTED, -amount, text, pool.terms.rule_of("deducted")))
    return -amount


def _above_budget(pool: Pool, due: Fen, budget: Fen, figures: list[Figure]) -> Fen:
    rate = pool.terms.parameters["over_budget"]
    amount = money.share(max(0, due - budget), rate)
    text = f"({money.text(due)} − {money.text(budget)}) × {money.percent(rate)} % = {money.text(amount)}"
    if amount:
        figures.append(figure("over-budget", _BUDGET, -amount, text, pool.terms.rule_of("over_budget")))
    return amount
