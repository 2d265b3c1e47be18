"""Limits of the year on what agreements make due: quotas on cost and cases, growth within the area's average.

Sources: 对于年度总住院费用以及年度总住院病人次数实施定额控制 (quotas);
使社区卫生服务中心的医保费用增幅控制在全市平均增幅内 (growth, R7).
Each limit looks at what the ones before it left, and takes off `unpaid` of what is above. Never more than is due.
"""

from collections.abc import Sequence

from gateway.kernel import money
from gateway.kernel.money import Fen
from gateway.payment.assessment import Deduction, Item
from gateway.payment.figure import figure
from gateway.payment.measure import CASES, Measure, sum_of
from gateway.payment.payment import Limit
from gateway.payment.stated import LAST_YEAR, Stated

COST, NUMBER, GROWTH = "cost", "cases", "growth"
WHATS = (COST, NUMBER, GROWTH)


def deductions_of(
    limits: Sequence[Limit], institution: str, items: Sequence[Item], measures: Sequence[Measure], stated: Stated
) -> tuple[Deduction, ...]:
    """What the limits that apply to an institution take off, in their order."""
    left = {each.terms: each.due for each in items}
    found = []
    for limit in limits:
        mine = [id for id in left if id in limit.terms]
        due = sum(left[id] for id in mine)
        above, told = _above(limit, institution, due, _cases(measures, mine), stated)
        amount = money.share(above, limit.unpaid)
        if amount:
            text = f"{told} × {money.percent(limit.unpaid)} % = {money.text(amount)}"
            found.append(Deduction(limit.id, amount, (figure(limit.id, limit.title, -amount, text, limit.rule),)))
            left[mine[0]] -= amount
    return tuple(found)


def _cases(measures: Sequence[Measure], terms: Sequence[str]) -> int:
    return sum_of((each for each in measures if each.terms in terms), CASES)


def _above(limit: Limit, institution: str, due: Fen, cases: int, stated: Stated) -> tuple[Fen, str]:
    """What is above the limit, and how that was found; nothing where the limit has no figure for the institution."""
    if due <= 0:
        return 0, ""
    if limit.what == NUMBER:
        most = limit.mosts.get(institution, limit.most)
        if most is None or cases <= most:
            return 0, ""
        above = money.portion(due, cases - most, cases)
        return above, f"{money.text(due)} × ({cases} − {most}) / {cases} = {money.text(above)}"
    top = limit.amounts.get(institution, limit.amount) if limit.what == COST else _grown(limit, stated)
    if top is None or due <= top:
        return 0, ""
    return due - top, f"({money.text(due)} − {money.text(top)})"


def _grown(limit: Limit, stated: Stated) -> Fen | None:
    last = stated.amounts.get(LAST_YEAR)
    return None if last is None else last + money.share(last, limit.growth)
