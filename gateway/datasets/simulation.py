"""A method of payment tried on a year's claims: what institutions would have been due, against what they are.

Streams: every case is added to the sums of its institution, month and agreement under both payments and forgotten, so
memory does not grow with the claims. Nothing is written. Both are assessed as a year's end assesses: monthly payments,
advances and deposits move nothing here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from gateway.datasets.simulation_rows import Seen
from gateway.kernel.dated import FOREVER
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.payment.assess import assess_year
from gateway.payment.assessment import Assessment, Facts
from gateway.payment.measure import CASES, FUND, Measure, sum_of
from gateway.payment.measuring import Meter, meter
from gateway.payment.months import month_of, months_of
from gateway.payment.payment import Payment, group_of
from gateway.payment.terms import AS_SETTLED
from gateway.policies.load import AreaPolicy
from gateway.policies.payment_cases import levels_of


@dataclass(frozen=True, slots=True)
class Compared:
    """One institution's year in fen: as settled, under the one payment and under the other; `cases` net."""

    institution: str
    cases: int
    fee_for_service: Fen
    against: Fen
    simulated: Fen

    @property
    def difference(self) -> Fen:
        """Simulated less what it is compared with."""
        return self.simulated - self.against


@dataclass(frozen=True, slots=True)
class Simulation:
    """What a simulation found, institutions in order, with the assessments that explain it."""

    year: str
    compared: tuple[Compared, ...]
    against: Mapping[str, Assessment]
    simulated: Mapping[str, Assessment]

    @property
    def whole(self) -> Compared:
        """All institutions together."""
        return Compared(
            "",
            sum(each.cases for each in self.compared),
            sum(each.fee_for_service for each in self.compared),
            sum(each.against for each in self.compared),
            sum(each.simulated for each in self.compared),
        )


def simulate(seen: Iterable[Seen], *, area: AreaPolicy, year: str, against: Payment, simulated: Payment) -> Simulation:
    """Both payments on the same cases, in any order. Cases booked outside the year are passed over."""
    months = {day: month_of(day) for day in months_of(year)}
    levels = {month: levels_of(area, month) for month in months.values()}
    meters: dict[tuple[str, str], tuple[Meter, Meter]] = {}
    for case, diagnosed in seen:
        month = months.get(case.booked_on.replace(day=1))
        if month is None:
            continue
        pair = meters.get((case.institution, month))
        if pair is None:
            level = levels[month].get(case.institution, "")
            one, other = (
                meter(each, institution=case.institution, level=level, month=month) for each in (against, simulated)
            )
            pair = meters[case.institution, month] = (one, other)
        for payment, measuring in zip((against, simulated), pair, strict=True):
            if diagnosed is None:
                measuring.add(case)
            else:
                group = group_of(payment, kind=case.kind, days=case.days, **diagnosed._asdict())
                measuring.add(case._replace(case_group=group))
    facts = Facts(levels=levels_of(area, year))
    before = _measured(meters, 0)
    found = assess_year(against, year, before, facts), assess_year(simulated, year, _measured(meters, 1), facts)
    codes = sorted({*found[0], *found[1]})
    return Simulation(year, tuple(_compared(code, before.get(code, ()), *found) for code in codes), *found)


def _measured(meters: Mapping[tuple[str, str], tuple[Meter, Meter]], which: int) -> dict[str, tuple[Measure, ...]]:
    found: dict[str, tuple[Measure, ...]] = {}
    for (code, _), pair in sorted(meters.items(), key=lambda each: each[0]):
        found[code] = (*found.get(code, ()), *pair[which].measured())
    return found


def _compared(
    code: str, measures: tuple[Measure, ...], against: Mapping[str, Assessment], simulated: Mapping[str, Assessment]
) -> Compared:
    due = [found[code].due if code in found else 0 for found in (against, simulated)]
    return Compared(code, sum_of(measures, CASES), sum_of(measures, FUND), *due)


def as_settled(payment: Payment) -> Payment:
    """The same area without any agreement: everything is paid as settled."""
    return replace(payment, terms=(), limits=())


def whole_year(payment: Payment, terms: str) -> Payment:
    """One agreement of a payment as if it held on every day, tried before all others. Refusal: `no-such-terms`."""
    if terms == AS_SETTLED.id:
        return as_settled(payment)
    chosen = [each for each in payment.terms if each.id == terms]
    if not chosen:
        raise Refusal(_no_such_terms(payment, terms))
    rest = [each for each in payment.terms if each.id != terms]
    return replace(payment, terms=(replace(chosen[0], from_on=date.min, to_on=FOREVER), *rest))


def _no_such_terms(payment: Payment, terms: str) -> Problem:
    known = ", ".join((AS_SETTLED.id, *(each.id for each in payment.terms)))
    return Problem(
        Kind.NOT_FOUND,
        "no-such-terms",
        "method",
        f"'{terms[:40]}' is neither a file nor an agreement of {payment.id}: write a file or one of {known}",
        f"“{terms[:40]}”既不是文件,也不是 {payment.id} 的约定:应为文件名或 {known} 之一",
    )
