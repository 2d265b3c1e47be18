"""Reserves, other funds, other areas and administration: appropriated, used, insured elsewhere, allocated, charged.

Sources: 社会保险基金会计制度 (财会〔2017〕28号) 3101, 3201, 4301, 5101, 5301; R2 article 19 for the management fee; R1
(seed 003) for the catastrophic premium paid to a commercial insurer; R5 (seed 002) for the aid fund: 20 yuan a year for
each insured migrant from finance, and no fee taken from it.
"""

from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Posting, transfer
from gateway.ledger.flows import Flow

RESERVES = frozenset({Account.RESERVE_FUND, Account.RISK_FUND})


def appropriated(*, fund: str, reserve: Account, amount: Fen) -> Flow:
    """A part of the general balance becomes reserve or risk fund 提取: debit general balance, credit the reserve."""
    assert reserve in RESERVES, "only the reserve and the risk fund are appropriated"
    return transfer(fund=fund, debit=Account.GENERAL_BALANCE, credit=reserve, party="", amount=amount)


def reserve_used(*, fund: str, reserve: Account, amount: Fen) -> Flow:
    """A reserve covers a deficit 动用: debit the reserve, credit general balance."""
    assert reserve in RESERVES, "only the reserve and the risk fund are used so"
    return transfer(fund=fund, debit=reserve, credit=Account.GENERAL_BALANCE, party="", amount=amount)


def premium_paid(*, fund: str, insurer: str, amount: Fen) -> Flow:
    """The premium of catastrophic cover 大病保险 with an insurer: debit catastrophic premium, credit expenditure
    account.
    """
    premium = Account.CATASTROPHIC_PREMIUM
    return transfer(fund=fund, debit=premium, credit=Account.EXPENDITURE_ACCOUNT, party=insurer, amount=amount)


def allocated(*, from_fund: str, to_fund: str, amount: Fen) -> Flow:
    """One fund of a scheme finances another 划转, within the fiscal account (a catastrophic fund of its own, an aid
    fund).

    The giver: debit allocation out, credit fiscal account; the taker: debit fiscal account, credit allocation in. The
    party of each is the other fund.
    """
    fiscal = Account.FISCAL_ACCOUNT
    return (
        *transfer(fund=from_fund, debit=Account.ALLOCATION_OUT, credit=fiscal, party=to_fund, amount=amount),
        *transfer(fund=to_fund, debit=fiscal, credit=Account.ALLOCATION_IN, party=from_fund, amount=amount),
    )


def transferred_in(*, fund: str, area: str, amount: Fen) -> Flow:
    """Pooled money of people who moved here 转移收入: debit income account, credit transfer in."""
    income = Account.INCOME_ACCOUNT
    return transfer(fund=fund, debit=income, credit=Account.TRANSFER_IN, party=area, amount=amount)


def transferred_out(*, fund: str, area: str, amount: Fen) -> Flow:
    """Pooled money of people who moved away 转移支出: debit transfer out, credit expenditure account."""
    paid_by = Account.EXPENDITURE_ACCOUNT
    return transfer(fund=fund, debit=Account.TRANSFER_OUT, credit=paid_by, party=area, amount=amount)


def fee_charged(*, fund: str, amount: Fen) -> Flow:
    """The agency's management fee 管理费 (R2: 2 % of pooled receipts): debit management fee, credit expenditure
    account.
    """
    paid_by = Account.EXPENDITURE_ACCOUNT
    return transfer(fund=fund, debit=Account.MANAGEMENT_FEE, credit=paid_by, party="", amount=amount)


def opened(*, fund: str, station: Account, amount: Fen) -> Flow:
    """A balance brought forward from older books 期初: debit a station, credit general balance."""
    return (Posting(fund, station, "", amount), Posting(fund, Account.GENERAL_BALANCE, "", -amount))
