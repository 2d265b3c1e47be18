"""Cases → measures, streaming: one pass over an institution's month, memory for sums alone."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from gateway.kernel.calendar import Period
from gateway.payment.case import Care
from gateway.payment.measure import ACCOUNT, CASES, DAYS, FUND, TOTAL, Measure, without_nothing
from gateway.payment.methods import METHODS
from gateway.payment.months import first_day
from gateway.payment.payment import Payment
from gateway.payment.terms import Terms


def measure(terms: Terms, cases: Iterable[Care], *, institution: str, level: str, month: Period) -> Measure:
    """The measure of cases that all fall under these terms. `month`: '2015-06', in which they are booked."""
    cells: dict[str, int] = defaultdict(int)
    add = _adder(terms, cells, institution, level)
    for case in cases:
        add(case)
    return Measure(institution, terms.id, month, level, without_nothing(cells))


class Meter(NamedTuple):
    """An institution's month being measured: `add` takes a case, `measured` gives what was added so far."""

    add: Callable[[Care], None]
    measured: Callable[[], tuple[Measure, ...]]


def meter(payment: Payment, *, institution: str, level: str, month: Period) -> Meter:
    """A meter. Each case goes to the first terms that hold on the month's first day and take its kind and group.

    Where none do it is paid as settled. `level`: the institution's level key on that day, or ''. Assumption: a
    cancellation booked in a later month is measured by the terms of that month, as every red entry counts for the month
    it is booked in; where the terms changed in between, the year's assessment takes both as they stand.
    """
    terms = payment.terms_for(institution=institution, level=level, month=first_day(month))
    cells: dict[str, dict[str, int]] = {}
    adders: dict[str, Callable[[Care], None]] = {}
    routes: dict[tuple[str, str], Callable[[Care], None]] = {}

    def route(kind: str, group: str) -> Callable[[Care], None]:
        chosen = next(each for each in terms if each.scope.covers_case(kind, group))
        if chosen.id not in adders:
            cells[chosen.id] = defaultdict(int)
            adders[chosen.id] = _adder(chosen, cells[chosen.id], institution, level)
        return routes.setdefault((kind, group), adders[chosen.id])

    def add(case: Care) -> None:
        (routes.get((case.kind, case.case_group)) or route(case.kind, case.case_group))(case)

    def measured() -> tuple[Measure, ...]:
        return tuple(Measure(institution, id, month, level, without_nothing(cells[id])) for id in sorted(cells))

    return Meter(add, measured)


def measure_month(
    payment: Payment, cases: Iterable[Care], *, institution: str, level: str, month: Period
) -> tuple[Measure, ...]:
    """One measure for each agreement that the month's cases fall under (see `meter`), in the order of their ids."""
    measuring = meter(payment, institution=institution, level=level, month=month)
    for case in cases:
        measuring.add(case)
    return measuring.measured()


def _adder(terms: Terms, cells: dict[str, int], institution: str, level: str) -> Callable[[Care], None]:
    counted = METHODS[terms.method].tally(terms, institution, level)

    def add(case: Care) -> None:
        sign = case.sign
        cells[CASES] += sign
        cells[DAYS] += sign * case.days
        cells[TOTAL] += sign * case.total
        cells[FUND] += sign * case.fund
        cells[ACCOUNT] += sign * case.account
        for name, number in counted(case):
            cells[name] += sign * number

    return add
