"""What an employer owes for its people, and how it is split: pooled fund, personal accounts by age, unit fund.

Source: R2 (seed 001, part 4) articles 5, 6 and 29; every rate is data of the policy (`EmployerTerms`).

Assumptions, where the text is silent: - the rates are of a year's wages; a quarter owes a quarter of each amount,
rounded on the running sum, so that four quarters are the year to the fen; - retirees' pooled part and account
part come on top of the employer's 10 % of active wages (their cost is charged to labour insurance, 劳动保险费);
their unit part is paid at cost and is not levied; - age is that on the first day of the quarter; the average wage
and pension are those of the roster; - a payment serves the pooled fund first (arrears there defer its benefits),
then the personal accounts, in proportion to what each is owed, then the late fee, then the unit fund; what is
beyond all of it is held unapplied.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from gateway.kernel import money
from gateway.kernel.money import RATE_ONE, Fen, Rate

QUARTERS = 4


@dataclass(frozen=True, slots=True)
class EmployerTerms:
    """Rates in ten-thousandths. `brackets`: (below this age, share of the average wage), the last one for every age.

    `due_on_day`: of a quarter's first month; `late_fee`: of what is owed to the pooled fund, a day; `advance_days`: of
    the pooled part, paid once when an employer joins; funds by the policy's own names.
    """

    enterprise: Rate
    worker: Rate
    pooled_wages: Rate
    pooled_pensions: Rate
    brackets: tuple[tuple[int, Rate], ...]
    account_retired: Rate
    due_on_day: int
    late_fee: Rate
    advance_days: int
    pooled_fund: str
    unit_fund: str


class Member(NamedTuple):
    """Somebody on an employer's roster. `earned`: last year's wages, of a retiree last year's pension (fen)."""

    person: str
    age: int
    retired: bool
    earned: Fen


@dataclass(frozen=True, slots=True)
class Levy:
    """What is owed for a quarter, in fen. `withheld`: the workers' own part, all of it inside `accounts`."""

    pooled: Fen
    unit: Fen
    accounts: Mapping[str, Fen]
    withheld: Fen

    @property
    def accounts_total(self) -> Fen:
        return sum(self.accounts.values())

    @property
    def total(self) -> Fen:
        return self.pooled + self.unit + self.accounts_total


class Owed(NamedTuple):
    """What is still owed, or how a payment is used, in fen."""

    pooled: Fen
    accounts: Fen
    late_fee: Fen
    unit: Fen

    @property
    def total(self) -> Fen:
        return sum(self)


def levy_of(roster: Sequence[Member], terms: EmployerTerms, *, quarter: int) -> Levy:
    """The levy of one quarter (1 to 4).

    The unit fund gets what the employer's part of active wages leaves: it is negative for no terms with rates that
    fit into `enterprise`.
    """
    assert 1 <= quarter <= QUARTERS, "a year has four quarters"
    active, retired = [m for m in roster if not m.retired], [m for m in roster if m.retired]
    wages, pensions = sum(m.earned for m in active), sum(m.earned for m in retired)
    own: dict[str, Fen] = {m.person: _part(money.share(m.earned, terms.worker), quarter) for m in active}
    given: dict[str, Fen] = {
        m.person: _part(_average_share(wages, _rate_for(m.age, terms), len(active)), quarter) for m in active
    }
    pensioned: dict[str, Fen] = {
        m.person: _part(_average_share(pensions, terms.account_retired, len(retired)), quarter) for m in retired
    }
    pooled_active = _part(money.share(wages, terms.pooled_wages), quarter)
    pooled_retired = _part(money.share(pensions, terms.pooled_pensions), quarter)
    unit = _part(money.share(wages, terms.enterprise), quarter) - pooled_active - sum(given.values())
    accounts = {m.person: own.get(m.person, 0) + given.get(m.person, 0) + pensioned.get(m.person, 0) for m in roster}
    return Levy(pooled_active + pooled_retired, max(0, unit), accounts, sum(own.values()))


def due_on(terms: EmployerTerms, *, year: int, quarter: int) -> date:
    """The last day to pay the pooled part of a quarter: 每季度第一个月10日前."""
    return date(year, 3 * quarter - 2, terms.due_on_day)


def advance(yearly_pooled: Fen, terms: EmployerTerms) -> Fen:
    """The working capital 周转金 an employer pays once: half a month's pooled part, of a year of 360 days."""
    return money.portion(yearly_pooled, terms.advance_days, 360)


def late_fee(owed: Fen, terms: EmployerTerms, *, due: date, paid_on: date) -> Fen:
    """The late fee 滞纳金 on what the pooled fund was owed from the day after it was due to the day of payment, fen.

    Simple, not compounded; rounded once.
    """
    days = max(0, (paid_on - due) // timedelta(days=1))
    return money.portion(owed, terms.late_fee * days, RATE_ONE)


def use_payment(amount: Fen, owed: Owed) -> tuple[Owed, Fen]:
    """How a payment serves what is owed, in the order of the module, and what of it is beyond."""
    assert amount >= 0, "a payment is not negative"
    used = []
    for each in owed:
        used.append(min(amount, each))
        amount -= used[-1]
    return Owed(*used), amount


def for_accounts(amount: Fen, owed: Mapping[str, Fen]) -> dict[str, Fen]:
    """A payment for the accounts by what each is owed, rounded on the running sum: none gets more than that."""
    whole, reached, given = sum(owed.values()), 0, 0
    assert 0 <= amount <= whole, "no more is paid to the accounts than is owed to them"
    found: dict[str, Fen] = {}
    for person, fen in owed.items():
        reached += fen
        found[person] = (money.portion(amount, reached, whole) if whole else 0) - given
        given += found[person]
    return found


def _rate_for(age: int, terms: EmployerTerms) -> Rate:
    for below, rate in terms.brackets:
        if age < below:
            return rate
    raise AssertionError("the last bracket holds every age")


def _average_share(total: Fen, rate: Rate, heads: int) -> Fen:
    """A rate of the average of a total over so many heads, rounded once."""
    return money.portion(total, rate, RATE_ONE * heads)


def _part(yearly: Fen, quarter: int) -> Fen:
    """The quarter's part of a yearly amount, rounded on the running sum."""
    return money.portion(yearly, quarter, QUARTERS) - money.portion(yearly, quarter - 1, QUARTERS)
