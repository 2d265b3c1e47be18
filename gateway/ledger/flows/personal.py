"""Personal accounts 个人账户: the fund `personal-account` owes each person a balance of their own.

Source: R2 (seed 001, part 4, articles 5, 9, 17): credited by brackets of age, paid from first, what is left carried
over to the next year (so carrying over is no entry), moved with the person, paid out on death or emigration.
"""

from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Posting, transfer
from gateway.ledger.flows import Flow

FUND = "personal-account"
"""The fund that all personal accounts of a scheme are kept in."""


def credited(*, person: str, amount: Fen) -> Flow:
    """A contribution's part for the account 划入: debit income account, credit personal account."""
    account = Account.PERSONAL_ACCOUNT
    return transfer(fund=FUND, debit=Account.INCOME_ACCOUNT, credit=account, party=person, amount=amount)


def drawn(*, person: str, institution: str, amount: Fen) -> Flow:
    """The account pays a claim 账户支付: debit personal account (of the person), credit provider payable
    (institution).
    """
    return (
        Posting(FUND, Account.PERSONAL_ACCOUNT, person, amount),
        Posting(FUND, Account.PROVIDER_PAYABLE, institution, -amount),
    )


def interest_credited(*, pooled_fund: str, person: str, amount: Fen) -> Flow:
    """The account's part of the interest that the pooled fund received 计息.

    Pooled fund: debit interest income, credit fiscal account. Personal accounts: debit fiscal account, credit the
    account. Source: 财会字〔1999〕20号, interest income of medical insurance: at the year's end the accounts' interest
    is taken out of the interest received, the rest stays with the pooled fund.
    """
    interest, fiscal = Account.INTEREST_INCOME, Account.FISCAL_ACCOUNT
    return (
        *transfer(fund=pooled_fund, debit=interest, credit=fiscal, party="", amount=amount),
        *transfer(fund=FUND, debit=fiscal, credit=Account.PERSONAL_ACCOUNT, party=person, amount=amount),
    )


def moved_in(*, person: str, amount: Fen) -> Flow:
    """A balance arrives from another area 转入: debit income account, credit personal account."""
    return credited(person=person, amount=amount)


def moved_out(*, person: str, amount: Fen) -> Flow:
    """A balance follows the person to another area 转出: debit personal account, credit expenditure account."""
    account, paid_by = Account.PERSONAL_ACCOUNT, Account.EXPENDITURE_ACCOUNT
    return transfer(fund=FUND, debit=account, credit=paid_by, party=person, amount=amount)


def paid_out(*, person: str, amount: Fen) -> Flow:
    """The balance of who died or emigrated 退还 goes to them or their heirs: debit account, credit expenditure
    account.
    """
    return moved_out(person=person, amount=amount)
