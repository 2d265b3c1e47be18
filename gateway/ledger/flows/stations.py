"""Money between the stations of the two lines 收支两条线 (`gateway.ledger.stations`): each step is a flow of its
own.
"""

from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.ledger.entry import transfer
from gateway.ledger.flows import Flow

_A = Account


def to_fiscal(*, fund: str, amount: Fen) -> Flow:
    """What the income account holds is paid over 上解财政专户: debit fiscal account, credit income account."""
    return transfer(fund=fund, debit=_A.FISCAL_ACCOUNT, credit=_A.INCOME_ACCOUNT, party="", amount=amount)


def to_expenditure(*, fund: str, amount: Fen) -> Flow:
    """The month's need is granted 拨入支出户: debit expenditure account, credit fiscal account."""
    return transfer(fund=fund, debit=_A.EXPENDITURE_ACCOUNT, credit=_A.FISCAL_ACCOUNT, party="", amount=amount)


def given_back(*, fund: str, amount: Fen) -> Flow:
    """What is not needed goes back 支出户缴回: debit fiscal account, credit expenditure account."""
    return transfer(fund=fund, debit=_A.FISCAL_ACCOUNT, credit=_A.EXPENDITURE_ACCOUNT, party="", amount=amount)
