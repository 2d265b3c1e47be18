"""Contributions and subsidies: claimed, received, held, applied, given back; interest and late fees.

Source of the pairs of accounts: 社会保险基金会计制度 (财会〔2017〕28号), 4001, 4101, 4201, 4501 and 2001; what is
claimed before it arrives is ours (see `accounts`). R1: seed 003 names the subsidy of all levels of government together;
where a policy gives them (R5, R6, M18) each level is a party of its own.
"""

from collections.abc import Mapping

from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Posting, transfer
from gateway.ledger.flows import Flow


def levied(*, fund: str, payer: str, amount: Fen) -> Flow:
    """A levy on a person or employer 应缴: debit contribution receivable, credit contribution income."""
    receivable = Account.CONTRIBUTION_RECEIVABLE
    return transfer(fund=fund, debit=receivable, credit=Account.CONTRIBUTION_INCOME, party=payer, amount=amount)


def received(*, fund: str, payer: str, amount: Fen) -> Flow:
    """A levy is paid 到账: debit income account, credit contribution receivable."""
    receivable = Account.CONTRIBUTION_RECEIVABLE
    return transfer(fund=fund, debit=Account.INCOME_ACCOUNT, credit=receivable, party=payer, amount=amount)


def held(*, fund: str, payer: str, amount: Fen) -> Flow:
    """Money whose payer or purpose is not known, or beyond what is owed 暂收: debit income account, credit
    unapplied.
    """
    unapplied = Account.UNAPPLIED_RECEIPTS
    return transfer(fund=fund, debit=Account.INCOME_ACCOUNT, credit=unapplied, party=payer, amount=amount)


def applied(*, fund: str, holder: str, payer: str, amount: Fen) -> Flow:
    """A held receipt pays a levy after all 暂收款核销: debit unapplied (of its holder), credit receivable (of the
    payer).
    """
    assert amount > 0, "an amount that moves is positive"
    return (
        Posting(fund, Account.UNAPPLIED_RECEIPTS, holder, amount),
        Posting(fund, Account.CONTRIBUTION_RECEIVABLE, payer, -amount),
    )


def held_given_back(*, fund: str, payer: str, amount: Fen) -> Flow:
    """A held receipt goes back to who paid it 退还暂收款: debit unapplied, credit income account.

    Source: 沪 supplement to 财会字〔1999〕20号: what was received in error stands in the income account and, given
    back, reduces it.
    """
    unapplied = Account.UNAPPLIED_RECEIPTS
    return transfer(fund=fund, debit=unapplied, credit=Account.INCOME_ACCOUNT, party=payer, amount=amount)


def refunded(*, fund: str, payer: str, amount: Fen) -> Flow:
    """A levy that was not owed is given back 退费: debit contribution income, credit income account."""
    income = Account.CONTRIBUTION_INCOME
    return transfer(fund=fund, debit=income, credit=Account.INCOME_ACCOUNT, party=payer, amount=amount)


def late_fee_received(*, fund: str, payer: str, amount: Fen) -> Flow:
    """A late fee 滞纳金 arrives: debit income account, credit late fee income (R2: it joins the pooled fund)."""
    late = Account.LATE_FEE_INCOME
    return transfer(fund=fund, debit=Account.INCOME_ACCOUNT, credit=late, party=payer, amount=amount)


def subsidy_claimed(*, fund: str, by_level: Mapping[str, Fen]) -> Flow:
    """Subsidies that levels of government owe 应收财政补贴: debit subsidy receivable, credit subsidy income, each
    level.
    """
    return tuple(
        posting
        for level, amount in by_level.items()
        if amount
        for posting in transfer(
            fund=fund,
            debit=Account.SUBSIDY_RECEIVABLE,
            credit=Account.SUBSIDY_INCOME,
            party=level,
            amount=amount,
        )
    )


def subsidy_received(*, fund: str, level: str, amount: Fen, station: Account = Account.FISCAL_ACCOUNT) -> Flow:
    """A subsidy that was claimed arrives: debit the station it is paid into, credit subsidy receivable.

    Reading: into the fiscal account; R5 (seed 002) pays it into the collection account 征收专户, the income account
    here.
    """
    assert station in (Account.FISCAL_ACCOUNT, Account.INCOME_ACCOUNT), "a subsidy never enters the expenditure account"
    return transfer(fund=fund, debit=station, credit=Account.SUBSIDY_RECEIVABLE, party=level, amount=amount)


def interest_received(*, fund: str, station: Account, amount: Fen) -> Flow:
    """Interest of a bank account of the fund 利息: debit that station, credit interest income."""
    return transfer(fund=fund, debit=station, credit=Account.INTEREST_INCOME, party="", amount=amount)


def enrolment_assisted(*, aid_fund: str, fund: str, payer: str, amount: Fen) -> Flow:
    """The aid fund pays somebody's contribution 资助参保, from fiscal account to fiscal account.

    In the aid fund: debit aid for enrolment (of the payer), credit fiscal account. In the other: debit fiscal account,
    credit allocation in (of the aid fund). Source: 财办〔2018〕43号 on 5001 keeps this apart from benefits.
    Reading: it is no contribution in the other fund's books, since it passes no income account.
    """
    aid, fiscal = Account.AID_ENROLMENT, Account.FISCAL_ACCOUNT
    return (
        *transfer(fund=aid_fund, debit=aid, credit=fiscal, party=payer, amount=amount),
        *transfer(fund=fund, debit=fiscal, credit=Account.ALLOCATION_IN, party=aid_fund, amount=amount),
    )
