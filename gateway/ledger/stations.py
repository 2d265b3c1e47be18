"""Two lines 收支两条线: money comes in by the income account, rests in the fiscal account, leaves by the expenditure
account.

Source: 社会保险基金财务制度 (财社〔2017〕144号): contributions go into the income account (收入户), which only pays
over to the fiscal account (财政专户) and gives back what was paid in error; subsidies and interest may arrive in the
fiscal account itself; benefits are paid from the expenditure account (支出户), which is fed by the fiscal account
alone.

Assumption: a payment that the bank returns comes back to the expenditure account it left; what is recovered is income
and enters by the income account; what moves from one fund to another stays in the fiscal account.
"""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from gateway.kernel import money
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem
from gateway.ledger.accounts import CHART, Account

_A = Account

Line: TypeAlias = tuple[str, Account, Fen]
"""Fund, account, signed fen of a posting."""

STATIONS: tuple[Account, ...] = (_A.INCOME_ACCOUNT, _A.FISCAL_ACCOUNT, _A.EXPENDITURE_ACCOUNT)

_OPENED = Account.GENERAL_BALANCE  # a balance brought forward from older books stands where it stands

ENTERS: Mapping[Account, frozenset[Account]] = {
    _A.INCOME_ACCOUNT: frozenset(
        {
            *(_A.CONTRIBUTION_RECEIVABLE, _A.CONTRIBUTION_INCOME, _A.UNAPPLIED_RECEIPTS, _A.PERSONAL_ACCOUNT),
            *(_A.LATE_FEE_INCOME, _A.INTEREST_INCOME, _A.TRANSFER_IN, _A.SUBSIDY_RECEIVABLE, _A.SUBSIDY_INCOME),
            *(_A.RECOVERY_RECEIVABLE, _A.RECOVERY_INCOME, _A.PENALTY_INCOME, _A.CENTRE_INCOME, _OPENED),
        }
    ),
    _A.FISCAL_ACCOUNT: frozenset(
        {
            *(_A.INCOME_ACCOUNT, _A.EXPENDITURE_ACCOUNT, _A.SUBSIDY_RECEIVABLE, _A.SUBSIDY_INCOME),
            *(_A.INTEREST_INCOME, _A.ALLOCATION_IN, _A.PERSONAL_ACCOUNT, _OPENED),
        }
    ),
    _A.EXPENDITURE_ACCOUNT: frozenset({_A.FISCAL_ACCOUNT, _A.PROVIDER_PAYABLE, _A.INTEREST_INCOME, _OPENED}),
}
"""By station, the accounts that money may come from (those credited when the station is debited)."""

LEAVES: Mapping[Account, frozenset[Account]] = {
    _A.INCOME_ACCOUNT: frozenset({_A.FISCAL_ACCOUNT, _A.UNAPPLIED_RECEIPTS, _A.CONTRIBUTION_INCOME}),
    _A.FISCAL_ACCOUNT: frozenset({_A.EXPENDITURE_ACCOUNT, _A.ALLOCATION_OUT, _A.AID_ENROLMENT, _A.INTEREST_INCOME}),
    _A.EXPENDITURE_ACCOUNT: frozenset(
        {
            *(_A.FISCAL_ACCOUNT, _A.PROVIDER_PAYABLE, _A.PAYMENT_IN_TRANSIT, _A.ADVANCES_TO_PROVIDERS),
            *(_A.PERSONAL_ACCOUNT, _A.CATASTROPHIC_PREMIUM, _A.TRANSFER_OUT, _A.MANAGEMENT_FEE, _A.CENTRE_EXPENSE),
            *(_A.BENEFIT_EXPENSE, _A.QUALITY_DEPOSIT),
        }
    ),
}
"""By station, the accounts that money may go to (those debited when the station is credited)."""


def skipped_station(lines: Iterable[Line]) -> str:
    """How an entry lets money skip a station, or ''. Counter-entries mirror a permitted one and are not asked."""
    sums: dict[str, dict[Account, Fen]] = {}
    for fund, account, fen in lines:
        accounts = sums.setdefault(fund, {})
        accounts[account] = accounts.get(account, 0) + fen
    for fund, accounts in sums.items():
        for station in STATIONS:
            net = accounts.get(station, 0)
            allowed = ENTERS[station] if net > 0 else LEAVES[station]
            for other, fen in accounts.items() if net else ():
                if fen * net < 0 and other not in allowed:
                    first, second = (other, station) if net > 0 else (station, other)
                    return f"fund {fund}: money may not go from {first} to {second}"
    return ""


def leaving(lines: Iterable[Line]) -> dict[tuple[str, Account], Fen]:
    """What an event takes out of the stations, by fund and station: fen above zero."""
    sums: dict[tuple[str, Account], Fen] = {}
    for fund, account, fen in lines:
        if account in STATIONS:
            sums[fund, account] = sums.get((fund, account), 0) - fen
    return {key: fen for key, fen in sums.items() if fen > 0}


def check_held(lines: Iterable[Line], held: Mapping[tuple[str, Account], Fen], *, path: str) -> list[Problem]:
    """A station never goes below zero. `held`: the balance of each station that the event takes from."""
    return [
        _too_little(fund, station, needed=needed, held=held.get((fund, station), 0), path=path)
        for (fund, station), needed in leaving(lines).items()
        if needed > held.get((fund, station), 0)
    ]


def _too_little(fund: str, station: Account, *, needed: Fen, held: Fen, path: str) -> Problem:
    title, missing = CHART[station], money.text(needed - held)
    return Problem(
        Kind.CONFLICT,
        "station-short",
        path,
        f"the {title.en} of fund {fund} holds {money.text(held)}, {missing} less than the {money.text(needed)} that "
        f"leave it: move money there first",
        f"基金 {fund} 的{title.zh}余额为 {money.text(held)},支付 {money.text(needed)} 尚缺 {missing}:请先拨入资金",
    )
