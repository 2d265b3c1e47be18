"""The community settlement centre 结算中心 (M18): centres' whole income in, their budget out, two funds kept apart.

Source: seed 001, part 9, annexe 1 (收支两条线管理办法): 服务中心的收支按基本医疗收支和公共卫生服务收支两部分进行核算;
all income is paid over in full, kept apart by centre; budgets are paid by progress; old deficits are written down in
two years.
"""

from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Posting, transfer
from gateway.ledger.flows import Flow

BASIC_CARE, PUBLIC_HEALTH = "centre-basic-care", "centre-public-health"
FUNDS = (BASIC_CARE, PUBLIC_HEALTH)


def paid_in(*, fund: str, centre: str, amount: Fen) -> Flow:
    """A centre pays in what it earned 上缴收入: debit income account, credit income of centres."""
    income = Account.CENTRE_INCOME
    return transfer(fund=fund, debit=Account.INCOME_ACCOUNT, credit=income, party=centre, amount=amount)


def budget_paid(*, fund: str, centre: str, amount: Fen) -> Flow:
    """A part of its budget is paid to a centre 拨付: debit budgets of centres, credit expenditure account."""
    paid_by = Account.EXPENDITURE_ACCOUNT
    return transfer(fund=fund, debit=Account.CENTRE_EXPENSE, credit=paid_by, party=centre, amount=amount)


def deficit_taken_over(*, fund: str, centre: str, amount: Fen) -> Flow:
    """The old deficit of a centre is recorded 以前年度亏损: debit old deficits to cover, credit general balance.

    It is a burden kept in sight, party the centre, inside the balance of the fund: its sum stays what it was.
    """
    return (
        Posting(fund, Account.DEFICIT_TO_COVER, centre, amount),
        Posting(fund, Account.GENERAL_BALANCE, "", -amount),
    )


def deficit_covered(*, fund: str, centre: str, amount: Fen) -> Flow:
    """A part of an old deficit is written down 消化: debit general balance, credit old deficits to cover."""
    return (
        Posting(fund, Account.GENERAL_BALANCE, "", amount),
        Posting(fund, Account.DEFICIT_TO_COVER, centre, -amount),
    )
