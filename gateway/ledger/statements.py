"""Statements of a scheme's books: income and expenditure 收支表, balance sheet 资产负债表, trial balance 科目余额表.

Every figure is a `Line` that says how it is made: sign times the sum of the postings on its accounts in its fund ('' is
all funds). So whoever doubts one can add it up again from the postings. Months of cover 可支付月数 are in `cover`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeAlias

from gateway.kernel.money import Fen
from gateway.ledger.accounts import CHART, Account, AccountKind, accounts_of, normal_side

Balances: TypeAlias = Mapping[tuple[str, Account], Fen]
"""Signed fen by fund and account: debits less credits, of a day or of the days of a period."""


class Turned(Protocol):
    """What an account was debited and credited with in a period, in fen, neither negative."""

    @property
    def debit(self) -> Fen: ...

    @property
    def credit(self) -> Fen: ...


class Basis(StrEnum):
    """Which postings a figure adds up."""

    PERIOD = "period"  # those booked in the period, carry-over entries left out
    DAY = "day"  # all booked until the last day


class Line(NamedTuple):
    """One figure: `fen` = `sign` × Σ postings on `accounts` in `fund` ('': every fund). `level` 0 is a total."""

    code: str
    zh: str
    en: str
    fund: str
    fen: Fen
    accounts: tuple[Account, ...]
    sign: int
    basis: Basis
    level: int = 1


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of one fund, or of a scheme (fund '')."""

    title_zh: str
    title_en: str
    fund: str
    lines: tuple[Line, ...]

    def fen(self, code: str) -> Fen:
        """The figure of a line; 0 where the statement has none, since nothing was booked on its accounts."""
        return next((line.fen for line in self.lines if line.code == code), 0)


class TrialLine(NamedTuple):
    """An account of a fund in the trial balance: signed fen before and after, debited and credited in between."""

    number: str
    account: Account
    fund: str
    opening: Fen
    debit: Fen
    credit: Fen
    closing: Fen


INCOMES = accounts_of(AccountKind.INCOME)
EXPENSES = accounts_of(AccountKind.EXPENSE)
NET_ASSETS = accounts_of(AccountKind.FUND_BALANCE)
RESULT = (*INCOMES, *EXPENSES)


def net(turnovers: Mapping[tuple[str, Account], Turned]) -> dict[tuple[str, Account], Fen]:
    """Debits less credits of each account."""
    return {key: turned.debit - turned.credit for key, turned in turnovers.items()}


def figure(line: Line, balances: Balances) -> Fen:
    """A line's figure, added up again."""
    wanted = set(line.accounts)
    return line.sign * sum(
        fen for (fund, account), fen in balances.items() if account in wanted and line.fund in ("", fund)
    )


def income_statement(period: Balances, *, fund: str = "") -> Statement:
    """收支表: income by account, its sum, expenditure by account, its sum, and the result 本期结余.

    `period`: net postings of the period without the year's carry-over (see `year_end.before_carry_over`).
    """
    lines = (
        *_each(INCOMES, period, fund, Basis.PERIOD),
        _total("income", "收入合计", "total income", INCOMES, -1, period, fund, Basis.PERIOD),
        *_each(EXPENSES, period, fund, Basis.PERIOD),
        _total("expenditure", "支出合计", "total expenditure", EXPENSES, 1, period, fund, Basis.PERIOD),
        _total("result", "本期收支结余", "result of the period", RESULT, -1, period, fund, Basis.PERIOD),
    )
    return Statement("收支表", "income and expenditure", fund, lines)


def balance_sheet(day: Balances, *, fund: str = "") -> Statement:
    """资产负债表: assets = liabilities + fund balances + the result that was not carried over yet.

    `day`: the balance of every account after the day.
    """
    assets, liabilities = accounts_of(AccountKind.ASSET), accounts_of(AccountKind.LIABILITY)
    right = (*liabilities, *NET_ASSETS, *RESULT)
    lines = (
        *_each(assets, day, fund, Basis.DAY),
        _total("assets", "资产合计", "total assets", assets, 1, day, fund, Basis.DAY),
        *_each(liabilities, day, fund, Basis.DAY),
        _total("liabilities", "负债合计", "total liabilities", liabilities, -1, day, fund, Basis.DAY),
        *_each(NET_ASSETS, day, fund, Basis.DAY),
        _total("result", "本年收支结余", "result not carried over", RESULT, -1, day, fund, Basis.DAY),
        _total(
            "net-assets", "净资产合计", "total fund balances", (*NET_ASSETS, *RESULT), -1, day, fund, Basis.DAY
        ),
        _total("liabilities-and-net-assets", "负债和净资产总计", "total liabilities and fund balances", right, -1, day,
               fund, Basis.DAY),
    )  # fmt: skip
    sheet = Statement("资产负债表", "balance sheet", fund, lines)
    assert sheet.fen("assets") == sheet.fen("liabilities-and-net-assets"), "the books do not balance"
    return sheet


def trial_balance(opening: Balances, turnovers: Mapping[tuple[str, Account], Turned]) -> tuple[TrialLine, ...]:
    """科目余额表: every account of every fund that has a balance or moved, in the order of fund and number."""
    lines = []
    for fund, account in sorted(opening.keys() | turnovers.keys(), key=lambda key: (key[0], CHART[key[1]].number)):
        before, turned = opening.get((fund, account), 0), turnovers.get((fund, account))
        debit, credit = (turned.debit, turned.credit) if turned is not None else (0, 0)
        if before or debit or credit:
            after = before + debit - credit
            lines.append(TrialLine(CHART[account].number, account, fund, before, debit, credit, after))
    return tuple(lines)


def funds_of(*balances: Balances) -> tuple[str, ...]:
    """The funds that appear."""
    return tuple(sorted({fund for each in balances for fund, _ in each}))


def _each(accounts: Iterable[Account], balances: Balances, fund: str, basis: Basis) -> tuple[Line, ...]:
    """A line for each account that has a figure, under its number, shown on its normal side."""
    lines = []
    for account in accounts:
        title = CHART[account]
        line = Line(title.number, title.zh, title.en, fund, 0, (account,), normal_side(account), basis)
        fen = figure(line, balances)
        if fen:
            lines.append(line._replace(fen=fen))
    return tuple(lines)


def _total(
    code: str,
    zh: str,
    en: str,
    accounts: tuple[Account, ...],
    sign: int,
    balances: Balances,
    fund: str,
    basis: Basis,
) -> Line:
    line = Line(code, zh, en, fund, 0, accounts, sign, basis, level=0)
    return line._replace(fen=figure(line, balances))
