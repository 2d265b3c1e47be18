"""Measures → assessments: what every institution is due for a month and for a year, and what is paid of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from gateway.kernel import money
from gateway.kernel.calendar import Period
from gateway.kernel.dated import Dated
from gateway.kernel.money import Fen, Rate
from gateway.kernel.problem import Kind, Problem, refuse_if
from gateway.payment.appraisal import UNAPPRAISED, Appraised, appraise, ratio_at
from gateway.payment.assessment import NO_FACTS, Assessment, Facts, Item
from gateway.payment.figure import Figure, figure
from gateway.payment.limits import deductions_of
from gateway.payment.measure import ACCOUNT, FUND, Measure, sum_of
from gateway.payment.methods import METHODS
from gateway.payment.months import first_day, last_day, months_of
from gateway.payment.payment import Deposit, Payment
from gateway.payment.pool import Due, Pool
from gateway.payment.terms import AS_SETTLED, Scope, Terms
from gateway.settlement.rule import Rule, Wording

Measures = Mapping[str, tuple[Measure, ...]]

_RETAINED = Wording("质量保证金", "quality deposit retained")
_RELEASED = Wording("保证金返还", "quality deposit released")
_ADVANCE = Wording("预付冲抵", "advance set off")
_CARRIED = Wording("未能支付,结转应收", "cannot be paid: carried as a receivable")
_SUMS = Rule(
    "payment", "", "sums", date.min, "", "应付为负时不支付,结转为应收 / below nothing nothing is paid: carried"
)


def assess_month(payment: Payment, month: Period, measures: Measures, facts: Facts = NO_FACTS) -> dict[str, Assessment]:
    """What each institution is due for a month '2015-06'. `measures`: all of that month, of every institution.

    Institutions that terms name without cases (a budget, people served) are assessed too. Codes in order. Refusal:
    `terms-gone`, of measures whose agreement the file no longer has.
    """
    assert all(each.period == month for listed in measures.values() for each in listed), "measures are of the month"
    dues = _dues(payment, month, measures, facts, {})
    advances = facts.advances if facts.advances is not None else advances_for(payment, month, facts)
    found = {}
    for code in sorted({*measures, *dues, *facts.brought}):
        items = _items(dues.get(code, {}), measures.get(code, ()))
        due, fee = sum(each.due for each in items), sum(each.fee_for_service for each in items)
        deposit = _in_scope(payment.deposits, first_day(month), code, _level(facts, measures, code))
        retained = money.share(max(0, due), deposit.rate) if deposit else 0
        account, brought = sum_of(measures.get(code, ()), ACCOUNT), facts.brought.get(code, 0)
        left = due + account - retained - brought
        advance = min(advances.get(code, 0), max(0, left))
        told = _told(deposit, due, retained, advance, left - advance)
        found[code] = Assessment(
            institution=code,
            period=month,
            version=payment.version,
            items=items,
            deductions=(),
            fee_for_service=fee,
            due=due,
            assessed=0,
            adjustment=due - fee,
            account=account,
            advance=advance,
            retained=retained,
            released=0,
            forfeited=0,
            brought=brought,
            payable=max(0, left - advance),
            carried=max(0, advance - left),
            figures=told,
        )
    return found


def assess_year(payment: Payment, year: Period, measures: Measures, facts: Facts = NO_FACTS) -> dict[str, Assessment]:
    """What each institution is due for a year '2015', less what its months came to (`facts.assessed`).

    `measures`: of all months of the year; each agreement is assessed by itself over the months it held. Refusal:
    `terms-gone`.
    """
    months = {f"{day.year:04d}-{day.month:02d}" for day in months_of(year)}
    assert all(each.period in months for listed in measures.values() for each in listed), "measures are of the year"
    appraised = _appraised(payment, year, measures, facts)
    dues = _dues(payment, year, measures, facts, appraised)
    codes = sorted({*measures, *dues, *facts.assessed, *facts.deposits, *facts.brought})
    return {code: _year_of(payment, year, code, dues, measures, facts, appraised) for code in codes}


def advances_for(payment: Payment, month: Period, facts: Facts = NO_FACTS) -> dict[str, Fen]:
    """What is prepaid at the start of a month: twelfths of global budgets, less the deposit that will be retained."""
    day = first_day(month)
    found: dict[str, Fen] = {}
    for terms in payment.terms:
        if terms.hold_on(day) and terms.method == "global-budget" and terms.parameters["monthly"] == "twelfth":
            pool = Pool(payment, terms, month, (day,), {}, facts, {})
            for code, due in METHODS[terms.method].month(pool).items():
                found[code] = found.get(code, 0) + due.amount
    return {
        code: amount - _retained(payment, day, code, facts, amount) for code, amount in sorted(found.items()) if amount
    }


def _retained(payment: Payment, day: date, code: str, facts: Facts, amount: Fen) -> Fen:
    deposit = _in_scope(payment.deposits, day, code, _level(facts, {}, code))
    return money.share(amount, deposit.rate) if deposit else 0


def _dues(
    payment: Payment, period: Period, measures: Measures, facts: Facts, appraised: Mapping[str, Appraised]
) -> dict[str, dict[str, tuple[Terms, Due]]]:
    """By institution and terms, in the order in which the file has the terms."""
    by_terms: dict[str, dict[str, tuple[Measure, ...]]] = {}
    for code, listed in measures.items():
        for each in listed:
            mine = by_terms.setdefault(each.terms, {})
            mine[code] = (*mine.get(code, ()), each)
    refuse_if(_gone(payment, by_terms))
    known = payment.terms if AS_SETTLED.id not in by_terms else (*payment.terms, payment.terms_of(AS_SETTLED.id))
    found: dict[str, dict[str, tuple[Terms, Due]]] = {}
    for terms in dict.fromkeys(known):
        months = tuple(day for day in months_of(period) if terms.hold_on(day))
        if months:
            pool = Pool(payment, terms, period, months, by_terms.get(terms.id, {}), facts, appraised)
            method = METHODS[terms.method]
            for code, due in (method.month if "-" in period else method.year)(pool).items():
                found.setdefault(code, {})[terms.id] = (terms, due)
    return found


def _gone(payment: Payment, measured: Iterable[str]) -> list[Problem]:
    """Agreements that earlier months were measured by and the file no longer has: their year cannot be assessed."""
    known = {AS_SETTLED.id, *(each.id for each in payment.terms)}
    return [
        Problem(
            Kind.CONFLICT,
            "terms-gone",
            f"{payment.id}/payment.yaml terms",
            f"cases were measured under '{id}': put it back with the days on which it held",
            f"已有病例按“{id}”计量:请按其有效日期补回该约定",
        )
        for id in sorted({*measured} - known)
    ]


def _items(dues: Mapping[str, tuple[Terms, Due]], measures: Iterable[Measure]) -> tuple[Item, ...]:
    fees: dict[str, Fen] = {}
    for each in measures:
        fees[each.terms] = fees.get(each.terms, 0) + each.cell(FUND)
    assert set(fees) <= set(dues), "what was measured is due something"
    return tuple(Item(id, terms.method, fees.get(id, 0), due.amount, due.figures) for id, (terms, due) in dues.items())


def _year_of(
    payment: Payment,
    year: Period,
    code: str,
    dues: Mapping[str, dict[str, tuple[Terms, Due]]],
    measures: Measures,
    facts: Facts,
    appraised: Mapping[str, Appraised],
) -> Assessment:
    first, last = first_day(year), last_day(year)
    mine, level = measures.get(code, ()), _level(facts, measures, code)
    items = _items(dues.get(code, {}), mine)
    stated = facts.stated.get(code) or payment.stated_in(code, first=first, last=last)
    limits = [
        each.value
        for each in payment.limits
        if each.holds_on(last) and each.value.scope.covers_institution(code, level)
    ]
    deductions = deductions_of(limits, code, items, mine, stated)
    due = sum(each.due for each in items) - sum(each.amount for each in deductions)
    deposit, held = _in_scope(payment.deposits, last, code, level), facts.deposits.get(code, 0)
    score = appraised.get(code, UNAPPRAISED).score
    released = money.share(held, ratio_at(deposit.returns, score)) if deposit else held
    assessed, brought = facts.assessed.get(code, 0), facts.brought.get(code, 0)
    advance = min((facts.advances or {}).get(code, 0), max(0, due - assessed + released - brought))
    left = due - assessed + released - brought - advance
    return Assessment(
        institution=code,
        period=year,
        version=payment.version,
        items=items,
        deductions=deductions,
        fee_for_service=sum(each.fee_for_service for each in items),
        due=due,
        assessed=assessed,
        adjustment=due - assessed,
        account=0,
        advance=advance,
        retained=0,
        released=released,
        forfeited=held - released,
        brought=brought,
        payable=max(0, left),
        carried=max(0, -left),
        figures=(*appraised.get(code, UNAPPRAISED).figures, *_released(deposit, held, released, score), *_cut(left)),
    )


def _appraised(payment: Payment, year: Period, measures: Measures, facts: Facts) -> dict[str, Appraised]:
    first, last = first_day(year), last_day(year)
    codes = {*measures, *facts.stated, *payment.stated, *facts.assessed, *facts.deposits}
    found = {}
    for code in sorted(codes):
        appraisal = _in_scope(payment.appraisals, last, code, _level(facts, measures, code))
        if appraisal is not None:
            stated = facts.stated.get(code) or payment.stated_in(code, first=first, last=last)
            found[code] = appraise(appraisal, measures.get(code, ()), stated)
    return found


def _level(facts: Facts, measures: Measures, code: str) -> str:
    """The level that is given, or that of its last measured month, '' without any."""
    if code in facts.levels:
        return facts.levels[code]
    listed = measures.get(code, ())
    return max(listed, key=lambda each: each.period).level if listed else ""


def _told(deposit: Deposit | None, due: Fen, retained: Fen, advance: Fen, left: Fen) -> tuple[Figure, ...]:
    told = []
    if deposit and retained:
        text = f"{money.text(due)} × {money.percent(deposit.rate)} % = {money.text(retained)}"
        told.append(figure("retained", _RETAINED, retained, text, deposit.rule))
    if advance:
        told.append(figure("advance", _ADVANCE, -advance, money.text(advance), _SUMS))
    return (*told, *_cut(left))


def _released(deposit: Deposit | None, held: Fen, released: Fen, score: Rate) -> tuple[Figure, ...]:
    if not (deposit and held):
        return ()
    ratio = ratio_at(deposit.returns, score)
    text = f"{money.text(held)} × {money.percent(ratio)} % = {money.text(released)}"
    return (figure("released", _RELEASED, released, text, deposit.rule),)


def _cut(left: Fen) -> tuple[Figure, ...]:
    return (figure("carried", _CARRIED, -left, money.text(left), _SUMS),) if left < 0 else ()


class _Scoped(Protocol):
    @property
    def scope(self) -> Scope: ...


S = TypeVar("S", bound=_Scoped)


def _in_scope(listed: Sequence[Dated[S]], day: date, institution: str, level: str) -> S | None:
    """The first value in force on a day that covers an institution."""
    for each in listed:
        if each.holds_on(day) and each.value.scope.covers_institution(institution, level):
            return each.value
    return None
