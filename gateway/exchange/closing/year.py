"""Year closing 年结: the twelve months are closed, then income and expenditure are carried over, reserves put aside.

The carry-over is booked on the last day of the year by the closing alone; the months keep the digests they were closed
with, and statements of the year leave the carry-over out.
"""

from datetime import date

from gateway.exchange.closing import problems
from gateway.exchange.closing.month import Told, checked_area
from gateway.exchange.closing.periods import begin_period, check_earlier, end_period
from gateway.exchange.exchange import Exchange
from gateway.kernel.ids import AreaCode, derived_id
from gateway.kernel.problem import Refusal
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Entry
from gateway.ledger.flows import reserves
from gateway.ledger.statements import Balances, funds_of, net
from gateway.ledger.year_end import Appropriation, carry_over, to_appropriate
from gateway.payment.months import first_day, last_day, month_of, months_of
from gateway.policies.load import AreaPolicy
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import ClosedPeriod, PeriodState, Wants


def close_year(
    exchange: Exchange, scheme: str, year: str, *, by: str, told: Told = lambda _part, _done, _whole: None
) -> ClosedPeriod:
    """Close a year '2015' of a scheme; asked again, the period as it was closed.

    Refusal: `unknown-scheme`, `bad-period`, `period-not-ended`, `earlier-period-open` (a month with postings is open).
    """
    area = check_year(exchange, scheme, year)
    begun = begin_period(exchange, scheme, year, by=by)
    if begun.period.state is PeriodState.CLOSED:
        return begun.period

    last = last_day(year)
    balances = _by_account(exchange.store.balances(scheme, on=last))
    turnovers = exchange.store.turnover(scheme, from_on=first_day(year), to_on=last)
    period = net({(fund, Account(account)): turned for (fund, account), turned in turnovers.items()})
    terms = area.fund.appropriations_on(last) if area.fund is not None else ()
    entries = year_end_entries(
        exchange.area, scheme, year, cause=begun.dossier, balances=balances, period=period, appropriations=terms
    )

    def work(unit: Unit) -> None:
        if not unit.entries_of(begun.dossier):
            for entry in entries:
                unit.post(entry)

    told("carry-over", 0, len(entries))
    exchange.store.submit(work, Wants()).result()
    told("carry-over", len(entries), len(entries))
    closed = end_period(exchange, scheme, year, by=by)
    exchange.store.seal()
    return closed


def check_year(exchange: Exchange, scheme: str, year: str) -> AreaPolicy:
    """The scheme's policy, for a year that may be closed. Refusal otherwise."""
    area = checked_area(exchange, scheme, year)
    check_earlier(exchange.store, scheme, year)
    _check_months(exchange.store, scheme, year)
    return area


def year_end_entries(
    area: AreaCode,
    scheme: str,
    year: str,
    *,
    cause: str,
    balances: Balances,
    period: Balances,
    appropriations: tuple[Appropriation, ...],
) -> tuple[Entry, ...]:
    """One entry a fund that carries its year over, then one for each reserve that is put aside.

    `balances`: after the last day; `period`: net postings of the year; both before the carry-over.
    """
    made = [(f"carry-over/{fund}", carry_over(balances, fund=fund)) for fund in funds_of(balances)]
    for terms in appropriations:
        held = -balances.get((terms.fund, terms.reserve), 0)
        amount = to_appropriate(terms, period, held)
        if amount:
            flow = reserves.appropriated(fund=terms.fund, reserve=terms.reserve, amount=amount)
            made.append((f"{terms.reserve}/{terms.fund}", flow))
    return tuple(
        Entry(derived_id(area, "year-end", scheme, year, name), area, scheme, last_day(year), cause, postings)
        for name, postings in made
        if postings
    )


def _check_months(store: Store, scheme: str, year: str) -> None:
    """Refusal unless every month with postings is closed. Once the year is frozen that was seen: its carry-over stands
    in a December that may have had none."""
    found = store.closed_periods(scheme)
    if any(each.period == year for each in found):
        return
    closed = {each.period for each in found if each.state is PeriodState.CLOSED}
    for first in months_of(year):
        month = month_of(first)
        if month not in closed and _is_used(store, scheme, first, last_day(month)):
            raise Refusal(problems.earlier_open(year, month))


def _is_used(store: Store, scheme: str, from_on: date, to_on: date) -> bool:
    return bool(store.postings(scheme=scheme, from_on=from_on, to_on=to_on, limit=1))


def _by_account(found: dict[tuple[str, str], int]) -> Balances:
    return {(fund, Account(account)): fen for (fund, account), fen in found.items()}
