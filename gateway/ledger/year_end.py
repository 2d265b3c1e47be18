"""The end of a year: income and expenditure are carried over to the general balance, reserves are appropriated.

Source: 社会保险基金会计制度 (财会〔2017〕28号), 3001: at the end of a year the income and expenditure accounts
are turned over to it and stand at zero. Reading: each account is carried over in one posting without a party:
what each party paid or got stays to be read in the postings of the year.
"""

from collections.abc import Iterable
from typing import NamedTuple

from gateway.kernel import money
from gateway.kernel.money import Fen, Rate
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Posting
from gateway.ledger.flows import Flow
from gateway.ledger.statements import INCOMES, RESULT, Balances


def carry_over(balances: Balances, *, fund: str) -> Flow:
    """Every income and expenditure account of a fund to zero, against the general balance. () where nothing stands.

    `balances`: of all accounts after the last day of the year.
    """
    standing = [(account, balances.get((fund, account), 0)) for account in RESULT]
    turned = tuple(Posting(fund, account, "", -fen) for account, fen in standing if fen)
    result = -sum(posting.fen for posting in turned)
    return (*turned, Posting(fund, Account.GENERAL_BALANCE, "", result)) if result else turned


def before_carry_over(period: Balances, postings: Iterable[Posting]) -> dict[tuple[str, Account], Fen]:
    """The period's net postings without those of its carry-over: what a statement of the closed year is made from."""
    left = dict(period)
    for posting in postings:
        key = (posting.fund, posting.account)
        left[key] = left.get(key, 0) - posting.fen
    return left


class Appropriation(NamedTuple):
    """What a policy puts aside each year: a share of the fund's income, until the reserve is a share of it."""

    fund: str
    reserve: Account
    rate: Rate
    most: Rate


def to_appropriate(terms: Appropriation, period: Balances, held: Fen) -> Fen:
    """The year's appropriation in fen: share of the income of the period, never above what the reserve may hold.

    `period`: the year's net postings before carry-over; `held`: what the reserve holds (fen, not signed).
    """
    income = -sum(period.get((terms.fund, account), 0) for account in INCOMES)
    if income <= 0:
        return 0
    return max(0, min(money.share(income, terms.rate), money.share(income, terms.most) - held))
