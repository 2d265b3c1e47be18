"""Money of the institutions: advances, what methods and reviews change, deposits, payments, recoveries and penalties.

What is owed to an institution is on provider payable, by fund; a settlement puts it there. Sources: R7 (seed 001, part
9, annexe 2) for advances, overspend and deductions; R1 (seed 003) for what an institution bears itself; R2 article 31
for recoveries and fines; seed 004 for retained quality deposits.

Assumption: fines belong to the fund they protect (by budget law a fine may be owed to the treasury instead).
"""

from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.ledger.entry import transfer
from gateway.ledger.flows import Flow

_PAYABLE = Account.PROVIDER_PAYABLE


def advanced(*, fund: str, institution: str, amount: Fen) -> Flow:
    """A month's advance is paid 预付: debit advances, credit expenditure account."""
    advances = Account.ADVANCES_TO_PROVIDERS
    return transfer(fund=fund, debit=advances, credit=Account.EXPENDITURE_ACCOUNT, party=institution, amount=amount)


def advance_set_off(*, fund: str, institution: str, amount: Fen) -> Flow:
    """What is owed uses up an advance 冲抵预付: debit provider payable, credit advances."""
    advances = Account.ADVANCES_TO_PROVIDERS
    return transfer(fund=fund, debit=_PAYABLE, credit=advances, party=institution, amount=amount)


def method_adjusted(*, fund: str, institution: str, difference: Fen) -> Flow:
    """What the payment method owes beyond the settlements (`difference` above zero), or less (below).

    More: debit method adjustment, credit provider payable; less: the other way round.
    """
    more, less = Account.METHOD_ADJUSTMENT, _PAYABLE
    debit, credit = (more, less) if difference > 0 else (less, more)
    return transfer(fund=fund, debit=debit, credit=credit, party=institution, amount=abs(difference))


def deducted(*, fund: str, institution: str, amount: Fen) -> Flow:
    """What a review refuses to pay 审核扣款: debit provider payable, credit review deduction.

    The benefit itself stays booked as it was settled: what the person paid does not change.
    """
    review = Account.REVIEW_DEDUCTION
    return transfer(fund=fund, debit=_PAYABLE, credit=review, party=institution, amount=amount)


def carried_as_recovery(*, fund: str, institution: str, amount: Fen) -> Flow:
    """What an institution owes beyond its payable is carried on 结转应追回: debit recovery receivable, credit
    payable.
    """
    owed = Account.RECOVERY_RECEIVABLE
    return transfer(fund=fund, debit=owed, credit=_PAYABLE, party=institution, amount=amount)


def recovery_set_off(*, fund: str, institution: str, amount: Fen) -> Flow:
    """A later payable pays what is to be recovered 抵扣应追回: debit provider payable, credit recovery receivable."""
    owed = Account.RECOVERY_RECEIVABLE
    return transfer(fund=fund, debit=_PAYABLE, credit=owed, party=institution, amount=amount)


def deposit_retained(*, fund: str, institution: str, amount: Fen) -> Flow:
    """A part is kept back until the year's appraisal 预留质量保证金: debit provider payable, credit quality deposit."""
    deposit = Account.QUALITY_DEPOSIT
    return transfer(fund=fund, debit=_PAYABLE, credit=deposit, party=institution, amount=amount)


def deposit_released(*, fund: str, institution: str, amount: Fen) -> Flow:
    """A deposit is owed again after the appraisal 返还: debit quality deposit, credit provider payable."""
    deposit = Account.QUALITY_DEPOSIT
    return transfer(fund=fund, debit=deposit, credit=_PAYABLE, party=institution, amount=amount)


def deposit_forfeited(*, fund: str, institution: str, amount: Fen) -> Flow:
    """A deposit that the appraisal does not give back 扣减: debit quality deposit, credit penalty income."""
    deposit = Account.QUALITY_DEPOSIT
    return transfer(fund=fund, debit=deposit, credit=Account.PENALTY_INCOME, party=institution, amount=amount)


def instructed(*, fund: str, institution: str, amount: Fen) -> Flow:
    """The bank is told to pay 付款指令: debit provider payable, credit payment in transit."""
    transit = Account.PAYMENT_IN_TRANSIT
    return transfer(fund=fund, debit=_PAYABLE, credit=transit, party=institution, amount=amount)


def confirmed(*, fund: str, institution: str, amount: Fen) -> Flow:
    """The bank has paid 付款到账: debit payment in transit, credit expenditure account."""
    transit = Account.PAYMENT_IN_TRANSIT
    return transfer(fund=fund, debit=transit, credit=Account.EXPENDITURE_ACCOUNT, party=institution, amount=amount)


def rejected(*, fund: str, institution: str, amount: Fen) -> Flow:
    """The bank did not pay 付款被拒: debit payment in transit, credit provider payable."""
    transit = Account.PAYMENT_IN_TRANSIT
    return transfer(fund=fund, debit=transit, credit=_PAYABLE, party=institution, amount=amount)


def returned(*, fund: str, institution: str, amount: Fen) -> Flow:
    """A payment comes back after it was booked 退汇: debit expenditure account, credit provider payable."""
    paid_by = Account.EXPENDITURE_ACCOUNT
    return transfer(fund=fund, debit=paid_by, credit=_PAYABLE, party=institution, amount=amount)


def recovery_claimed(*, fund: str, debtor: str, amount: Fen) -> Flow:
    """A benefit paid wrongly is claimed back 追回: debit recovery receivable, credit recovery income."""
    owed = Account.RECOVERY_RECEIVABLE
    return transfer(fund=fund, debit=owed, credit=Account.RECOVERY_INCOME, party=debtor, amount=amount)


def penalty_charged(*, fund: str, debtor: str, amount: Fen) -> Flow:
    """A fine 罚款 or contract penalty 违约金 is laid down: debit recovery receivable, credit penalty income."""
    owed = Account.RECOVERY_RECEIVABLE
    return transfer(fund=fund, debit=owed, credit=Account.PENALTY_INCOME, party=debtor, amount=amount)


def recovery_received(*, fund: str, debtor: str, amount: Fen) -> Flow:
    """What was claimed back, or the fine, is paid: debit income account, credit recovery receivable."""
    owed = Account.RECOVERY_RECEIVABLE
    return transfer(fund=fund, debit=Account.INCOME_ACCOUNT, credit=owed, party=debtor, amount=amount)


def fine(obtained: Fen, *, times: int) -> Fen:
    """The fine for what was obtained by fraud: R2 article 31, 按冒领金额的2倍处以罚款 (`times` from the policy's
    data).
    """
    assert obtained > 0 < times, "a fine is a multiple of what was obtained"
    return obtained * times
