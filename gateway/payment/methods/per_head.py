"""Per head 按人头付费: so much a year for each person served, weighted by age and sex, whatever care they need.

Source (R5): 按提供服务人数定额包干,实行服务考核、分时段划拨. People served (signed residents) are stated by class; a
class has an age span, a sex and a weight. A year's amount is Σ people × weight × rate, rounded once, paid in twelfths:
monthly, or a quarter's months together in the first of them on which the terms hold. Months count by the people stated
on their first day. At the year's end the appraisal's factor takes its part off. People of a closed institution count
for its successor.
"""

from datetime import date

from gateway.kernel import money
from gateway.kernel.money import RATE_ONE, Fen
from gateway.payment.case import Care
from gateway.payment.figure import COUNT, RATIO, WEIGHT, Figure, figure
from gateway.payment.pool import Due, Pool
from gateway.payment.shapes import HEAD_CLASSES
from gateway.payment.shares import instalment
from gateway.payment.tally import Cells, Tally
from gateway.payment.terms import Terms
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import MONEY, Shape, choice

TITLE = Wording("按人头付费", "per head")
QUARTERLY = "quarter"
ARGUMENTS: dict[str, Shape] = {"rate": MONEY, "classes": HEAD_CLASSES, "every": choice("month", QUARTERLY)}
OPTIONAL: frozenset[str] = frozenset()

_HEADS = Wording("加权人数", "weighted heads")
_INSTALMENT = Wording("本期应拨", "instalment")
_FACTOR = Wording("考核系数", "appraisal factor")
_PEOPLE = Wording("服务人数", "people served")


def tally(_terms: Terms, _institution: str, _level: str) -> Tally:
    """Cases change nothing."""

    def counted(_case: Care) -> Cells:
        return ()

    return counted


def month(pool: Pool) -> dict[str, Due]:
    """The month's instalment, or in a quarter's first month those of its months."""
    return {code: _paid(pool, code, _paid_in(pool, pool.months)) for code in _everyone(pool, pool.months)}


def year(pool: Pool) -> dict[str, Due]:
    """All instalments of the months on which the terms held, times the appraisal's factor."""
    found = {}
    for code in _everyone(pool, pool.months):
        paid, appraised = _paid(pool, code, pool.months), pool.appraised_of(code)
        due = money.share(paid.amount, appraised.factor)
        text = f"{money.text(paid.amount)} × {money.percent(appraised.factor)} % = {money.text(due)}"
        told = figure("factor", _FACTOR, appraised.factor, text, pool.terms.rule, unit=RATIO)
        found[code] = Due(due, (*paid.figures, told))
    return found


def _paid_in(pool: Pool, months: tuple[date, ...]) -> tuple[date, ...]:
    """The months that are paid for in these months."""
    if pool.terms.parameters["every"] != QUARTERLY:
        return months
    paid: list[date] = []
    for each in months:
        start = (each.month - 1) // 3 * 3 + 1
        quarter = [date(each.year, number, 1) for number in range(start, start + 3)]
        held = [day for day in quarter if pool.terms.hold_on(day)]
        if held and held[0] == each:
            paid += held
    return tuple(paid)


def _everyone(pool: Pool, months: tuple[date, ...]) -> list[str]:
    stated = {**dict.fromkeys(pool.payment.stated), **dict.fromkeys(pool.facts.stated)}
    paid = _paid_in(pool, months)
    owners = {
        pool.payment.owner_on(code, day) or code: None for code in stated for day in paid if _heads(pool, code, day)[0]
    }
    return pool.everyone({code: None for code in owners if _in_scope(pool, code)})


def _in_scope(pool: Pool, code: str) -> bool:
    """By code, and by level where it is given. A successor stands for the people it took over whatever its level."""
    if any(each.merged_into == code for each in pool.payment.changes.values()):
        return True
    scope, level = pool.terms.scope, pool.facts.levels.get(code)
    by_code = not scope.institutions or code in scope.institutions
    return by_code and (level is None or not scope.levels or level in scope.levels)


def _paid(pool: Pool, code: str, months: tuple[date, ...]) -> Due:
    """Σ of the instalments of some months, with the people of each span of months that has the same."""
    total, figures = 0, []
    before = (-1, -1)
    for each in months:
        people, weighted = _owned(pool, code, each)
        yearly = money.portion(pool.terms.parameters["rate"], weighted, RATE_ONE)
        total += instalment(yearly, each.month)
        if (people, weighted) != before:
            figures += _told(pool, each, people, weighted, yearly)
            before = (people, weighted)
    text = f"Σ {len(months)} × 1/12 = {money.text(total)}"
    figures.append(figure("instalment", _INSTALMENT, total, text, pool.terms.rule_of("every")))
    return Due(total, tuple(figures))


def _told(pool: Pool, day: date, people: int, weighted: int, yearly: Fen) -> list[Figure]:
    rate, since = money.text(pool.terms.parameters["rate"]), f"自 from {day.isoformat()}"
    return [
        figure("people", _PEOPLE, people, since, pool.terms.rule_of("classes"), unit=COUNT),
        figure(
            "heads",
            _HEADS,
            weighted,
            f"Σ 人数 × 权重 people × weight; × {rate} = {money.text(yearly)} 一年 a year",
            pool.terms.rule_of("classes"),
            unit=WEIGHT,
        ),
    ]


def _owned(pool: Pool, code: str, day: date) -> tuple[int, int]:
    """People and weighted people that an institution stands for on a day: its own and its predecessors'."""
    may_be = {code, *pool.payment.changes}
    mine = [_heads(pool, each, day) for each in sorted(may_be) if pool.payment.owner_on(each, day) == code]
    return sum(people for people, _ in mine), sum(weighted for _, weighted in mine)


def _heads(pool: Pool, code: str, day: date) -> tuple[int, int]:
    classes = pool.terms.parameters["classes"]
    heads = {name: number for name, number in pool.stated_on(code, day).heads.items() if name in classes}
    return sum(heads.values()), sum(number * classes[name].weight for name, number in heads.items())
