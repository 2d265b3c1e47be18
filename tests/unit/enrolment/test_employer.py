"""What an employer owes for its people and how it is split (R2, articles 5, 6 and 29)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.enrolment.employer import (
    EmployerTerms,
    Levy,
    Member,
    Owed,
    advance,
    due_on,
    for_accounts,
    late_fee,
    levy_of,
    use_payment,
)
from gateway.policies.load import SHIPPED, load_area

FUND = load_area(SHIPPED / "370200-worker").fund
assert FUND is not None
FOUND = FUND.employers_on(date(2015, 1, 1))
assert FOUND is not None
TERMS: EmployerTerms = FOUND


def year(*roster: Member) -> list[Levy]:
    return [levy_of(roster, TERMS, quarter=quarter) for quarter in range(1, 5)]


def test_a_worker_under_forty_five_and_one_from_forty_five() -> None:
    young, old = Member("young", 44, False, 3_600_000), Member("old", 45, False, 4_800_000)
    quarters = year(young, old)

    # wages 84,000.00, average 42,000.00; pooled 3% = 2,520.00
    assert sum(levy.pooled for levy in quarters) == 252_000
    # young: 1% of 36,000.00 + 3% of 42,000.00 = 360.00 + 1,260.00 = 1,620.00
    assert sum(levy.accounts["young"] for levy in quarters) == 162_000
    # old: 1% of 48,000.00 + 5% of 42,000.00 = 480.00 + 2,100.00 = 2,580.00
    assert sum(levy.accounts["old"] for levy in quarters) == 258_000
    # unit: 10% of 84,000.00 - 2,520.00 - 1,260.00 - 2,100.00 = 2,520.00
    assert sum(levy.unit for levy in quarters) == 252_000
    assert sum(levy.withheld for levy in quarters) == 84_000


def test_retirees_pay_nothing_and_the_employer_pays_for_them_on_top() -> None:
    [levy] = year(Member("r1", 70, True, 1_000_000), Member("r2", 62, True, 2_000_000))[:1]

    # pensions 30,000.00: pooled 8% = 2,400.00, a quarter 600.00; accounts 8% of 15,000.00 = 1,200.00, a quarter 300.00
    assert levy == Levy(pooled=60_000, unit=0, accounts={"r1": 30_000, "r2": 30_000}, withheld=0)
    assert levy.total == 120_000


def test_nobody_owes_nothing() -> None:
    assert levy_of([], TERMS, quarter=1) == Levy(0, 0, {}, 0)


MEMBERS = st.lists(st.tuples(st.integers(16, 90), st.booleans(), st.integers(0, 10**9)), max_size=9)


@given(MEMBERS)
def test_the_active_part_is_the_enterprise_rate_and_quarters_are_the_year(
    made: list[tuple[int, bool, int]],
) -> None:
    quarters = year(*(Member(f"p{n}", *each) for n, each in enumerate(made)))
    wages = sum(earned for _, retired, earned in made if not retired)
    pensions = sum(earned for _, retired, earned in made if retired)
    heads = len(made)

    assert all(min(levy.pooled, levy.unit, levy.withheld, *levy.accounts.values(), 0) == 0 for levy in quarters)
    # each person's share rounds once
    due = wages * 1000 + pensions * 1600 + wages * 100
    assert abs(sum(levy.total for levy in quarters) * 10_000 - due) <= 10_000 * (2 * heads + 4)


def test_the_pooled_part_is_due_on_the_tenth_of_the_quarter() -> None:
    assert [due_on(TERMS, year=2015, quarter=quarter) for quarter in range(1, 5)] == [
        *(date(2015, 1, 10), date(2015, 4, 10), date(2015, 7, 10), date(2015, 10, 10))
    ]


@pytest.mark.parametrize(
    ("paid_on", "fee"),
    [
        (date(2015, 1, 9), 0),
        (date(2015, 1, 10), 0),
        (date(2015, 1, 11), 230),  # 1,150.00 * 2‰
        (date(2015, 3, 20), 15_870),  # 69 days: 1,150.00 * 138‰
        (date(2017, 1, 9), 167_900),  # 730 days: 1,150.00 * 1,460‰
    ],
)
def test_two_per_mille_a_day_after_it_was_due(paid_on: date, fee: int) -> None:
    assert late_fee(115_000, TERMS, due=date(2015, 1, 10), paid_on=paid_on) == fee


def test_half_a_month_is_paid_in_advance_once() -> None:
    # 4,600.00 * 15 / 360 = 191.666...
    assert advance(460_000, TERMS) == 19_167


@pytest.mark.parametrize(
    ("amount", "used", "beyond"),
    [
        (0, (0, 0, 0, 0), 0),
        (90, (90, 0, 0, 0), 0),
        (150, (100, 50, 0, 0), 0),
        (330, (100, 200, 30, 0), 0),
        (1000, (100, 200, 40, 60), 600),
    ],
)
def test_a_payment_serves_pooled_accounts_fee_unit(amount: int, used: tuple[int, ...], beyond: int) -> None:
    assert use_payment(amount, Owed(pooled=100, accounts=200, late_fee=40, unit=60)) == (used, beyond)


@given(st.lists(st.integers(0, 10**6), max_size=9), st.data())
def test_no_account_gets_more_than_it_is_owed(owed: list[int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, sum(owed)))
    by_person = {f"p{n}": fen for n, fen in enumerate(owed)}
    given_to = for_accounts(amount, by_person)

    assert sum(given_to.values()) == amount
    assert all(0 <= given_to[person] <= fen for person, fen in by_person.items())
