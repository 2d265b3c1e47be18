"""Statements add up, and every figure can be added up again from the postings it names."""

from collections.abc import Iterable
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.accounts import Account
from gateway.ledger.cover import Cover, judged, months_of_cover
from gateway.ledger.entry import Posting
from gateway.ledger.events import EVENTS, Told
from gateway.ledger.flows import Flow, contributions, providers, reserves, stations
from gateway.ledger.statements import balance_sheet, figure, funds_of, income_statement, net, trial_balance
from gateway.ledger.year_end import Appropriation, before_carry_over, carry_over, to_appropriate

A = Account
HOSPITAL = "H32118200001"


class Turned(NamedTuple):
    debit: int
    credit: int


def summed(postings: Iterable[Posting]) -> dict[tuple[str, Account], int]:
    found: dict[tuple[str, Account], int] = {}
    for p in postings:
        found[p.fund, p.account] = found.get((p.fund, p.account), 0) + p.fen
    return found


def turned(postings: Iterable[Posting]) -> dict[tuple[str, Account], Turned]:
    found: dict[tuple[str, Account], Turned] = {}
    for p in postings:
        before = found.get((p.fund, p.account), Turned(0, 0))
        found[p.fund, p.account] = Turned(before.debit + max(p.fen, 0), before.credit + max(-p.fen, 0))
    return found


def benefit(amount: int) -> Flow:
    return (
        Posting("basic", A.BENEFIT_EXPENSE, HOSPITAL, amount),
        Posting("basic", A.PROVIDER_PAYABLE, HOSPITAL, -amount),
    )


YEAR: tuple[Posting, ...] = (
    *contributions.levied(fund="basic", payer="p1", amount=20000),
    *contributions.received(fund="basic", payer="p1", amount=20000),
    *contributions.subsidy_claimed(fund="basic", by_level={"government": 43000}),
    *contributions.subsidy_received(fund="basic", level="government", amount=40000),
    *stations.to_fiscal(fund="basic", amount=20000),
    *reserves.allocated(from_fund="basic", to_fund="aid", amount=5000),
    *stations.to_expenditure(fund="basic", amount=30000),
    *benefit(25000),
    *providers.deducted(fund="basic", institution=HOSPITAL, amount=1000),
    *providers.instructed(fund="basic", institution=HOSPITAL, amount=24000),
    *providers.confirmed(fund="basic", institution=HOSPITAL, amount=24000),
)


def test_the_income_statement_of_a_year() -> None:
    statement = income_statement(summed(YEAR), fund="basic")

    assert [(line.code, line.fen) for line in statement.lines] == [
        ("4001", 20000),
        ("4101", 43000),
        ("income", 63000),
        ("5001", 25000),
        ("5001.02", -1000),
        ("5501.02", 5000),
        ("expenditure", 29000),
        ("result", 34000),
    ]


def test_allocations_cancel_over_all_funds_but_for_their_names() -> None:
    statement = income_statement(summed(YEAR))

    assert statement.fen("4501.04") == statement.fen("5501.02") == 5000
    # 20000 + 43000 - 25000 + 1000 = 39000
    assert statement.fen("result") == 39000


def test_the_balance_sheet_of_the_year() -> None:
    sheet = balance_sheet(summed(YEAR), fund="basic")

    # fiscal 40000 + 20000 - 5000 - 30000 = 25000; expenditure 30000 - 24000 = 6000; receivable 43000 - 40000 = 3000
    assert [(line.code, line.fen) for line in sheet.lines if line.fen] == [
        ("1003", 25000),
        ("1004", 6000),
        ("1101.04", 3000),
        ("assets", 34000),
        ("result", 34000),
        ("net-assets", 34000),
        ("liabilities-and-net-assets", 34000),
    ]


def test_the_year_is_carried_over_and_its_statement_stays_what_it_was() -> None:
    before = summed(YEAR)
    carried = [posting for fund in funds_of(before) for posting in carry_over(before, fund=fund)]
    after = summed((*YEAR, *carried))

    assert {account: fen for (fund, account), fen in after.items() if fund == "basic" and fen} == {
        A.FISCAL_ACCOUNT: 25000,
        A.EXPENDITURE_ACCOUNT: 6000,
        A.SUBSIDY_RECEIVABLE: 3000,
        A.GENERAL_BALANCE: -34000,
    }
    assert balance_sheet(after, fund="basic").fen("result") == 0
    assert income_statement(before_carry_over(after, carried)) == income_statement(before)
    assert carry_over(after, fund="basic") == ()


def test_the_trial_balance_moves_each_account_from_opening_to_closing() -> None:
    opening = summed(contributions.levied(fund="basic", payer="p0", amount=300))
    lines = trial_balance(opening, turned(YEAR))

    assert sum(line.opening for line in lines) == sum(line.closing for line in lines) == 0
    assert sum(line.debit for line in lines) == sum(line.credit for line in lines)
    receivable = next(line for line in lines if line.account is A.CONTRIBUTION_RECEIVABLE)
    assert receivable[2:] == ("basic", 300, 20000, 20000, 300)
    assert [line.number for line in lines if line.fund == "basic"] == sorted(
        line.number for line in lines if line.fund == "basic"
    )
    assert net(turned(YEAR)) == summed(YEAR)


NAMES = st.sampled_from(sorted(EVENTS))
MADE = st.lists(st.tuples(NAMES, st.integers(1, 10**9)), max_size=12)


@given(MADE)
def test_every_figure_is_the_sum_of_the_postings_it_names(made: list[tuple[str, int]]) -> None:
    postings = [
        posting
        for name, amount in made
        for posting in EVENTS[name].books(
            Told(
                EVENTS[name].only_fund or "basic", amount, "p", "aid", "q", A.FISCAL_ACCOUNT, {"city": 1, "town": 2}, 2
            )
        )
    ]
    balances = summed(postings)
    for fund in ("", *funds_of(balances)):
        for statement in (income_statement(balances, fund=fund), balance_sheet(balances, fund=fund)):
            for line in statement.lines:
                again = line.sign * sum(
                    p.fen for p in postings if p.account in line.accounts and line.fund in ("", p.fund)
                )
                assert line.fen == again == figure(line, balances)
        sheet = balance_sheet(balances, fund=fund)
        assert sheet.fen("assets") == sheet.fen("liabilities-and-net-assets")


def test_months_of_cover() -> None:
    """人社部发〔2009〕67号: six to nine months are wanted, below three is too little, above fifteen too much."""
    # 340.00 / (290.00 / 12) = 14.07 months
    assert months_of_cover(34000, spent=29000, months=12) == 1407
    assert months_of_cover(34000, spent=0, months=12) is None
    assert months_of_cover(-1, spent=29000, months=12) == 0
    months = [299, 300, 599, 600, 900, 901, 1500, 1501]
    assert [judged(each, 1) for each in months] == [
        *(Cover.TOO_LITTLE, Cover.BELOW, Cover.BELOW, Cover.WANTED, Cover.WANTED),
        *(Cover.ABOVE, Cover.ABOVE, Cover.TOO_MUCH),
    ]
    assert judged(0, -1) is Cover.DEFICIT


def test_a_reserve_is_filled_up_to_its_share_of_the_income() -> None:
    terms = Appropriation("basic", A.RISK_FUND, rate=300, most=1000)
    period = summed(YEAR)

    # income 630.00: 3 % = 18.90, never above 10 % = 63.00
    assert to_appropriate(terms, period, held=0) == 1890
    assert to_appropriate(terms, period, held=5000) == 1300
    assert to_appropriate(terms, period, held=6300) == to_appropriate(terms, {}, held=0) == 0
