"""The chart of accounts 会计科目 of a social-insurance fund, one set of books per area, scheme and fund.

Names follow the accounting system for social insurance funds 社会保险基金会计制度 (财会〔2017〕28号). A number of four
digits is of that system: 1 assets, 2 liabilities, 3 net assets, 4 income, 5 expenditure. 5001 and 5101 were compared
with a public copy of its companion for the fiscal account (财办〔2018〕43号); compare the others with the text in
force before books are handed over. A number with a point is a sub-account of ours (`ours`).

Assumption: the system keeps cash books (收付实现制). Ours also say what is owed before it is paid: receivables and
payables are sub-accounts of its 暂付款 1101 and 暂收款 2001, so that taking them off leaves its own figures.
Assumption: a personal account is owed to its person, so it is a liability; the system shows it within net assets.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class AccountKind(StrEnum):
    """What an account counts. Assets and expenses grow by debits (positive fen), the others by credits."""

    ASSET = "asset"
    LIABILITY = "liability"
    FUND_BALANCE = "fund-balance"
    INCOME = "income"
    EXPENSE = "expense"


class Party(StrEnum):
    """Who the party of a posting is."""

    NONE = ""
    PAYER = "payer"  # a person's or an employer's id; of an unapplied receipt also that of the receipt
    PERSON = "person"
    INSTITUTION = "institution"
    DEBTOR = "debtor"  # an institution's code or a person's id
    GOVERNMENT = "government"  # a level: government (all together), state, province, city, district, town
    INSURER = "insurer"
    FUND = "fund"  # the other fund of a move between two
    AREA = "area"  # the other area of a transferred relationship


class Account(StrEnum):
    """The accounts; `CHART` says what each is."""

    INCOME_ACCOUNT = "income-account"
    FISCAL_ACCOUNT = "fiscal-account"
    EXPENDITURE_ACCOUNT = "expenditure-account"
    ADVANCES_TO_PROVIDERS = "advances-to-providers"
    RECOVERY_RECEIVABLE = "recovery-receivable"
    CONTRIBUTION_RECEIVABLE = "contribution-receivable"
    SUBSIDY_RECEIVABLE = "subsidy-receivable"
    UNAPPLIED_RECEIPTS = "unapplied-receipts"
    PROVIDER_PAYABLE = "provider-payable"
    PAYMENT_IN_TRANSIT = "payment-in-transit"
    QUALITY_DEPOSIT = "quality-deposit"
    PERSONAL_ACCOUNT = "personal-account"
    GENERAL_BALANCE = "general-balance"
    DEFICIT_TO_COVER = "deficit-to-cover"
    RISK_FUND = "risk-fund"
    RESERVE_FUND = "reserve-fund"
    CONTRIBUTION_INCOME = "contribution-income"
    SUBSIDY_INCOME = "subsidy-income"
    INTEREST_INCOME = "interest-income"
    TRANSFER_IN = "transfer-in"
    LATE_FEE_INCOME = "late-fee-income"
    RECOVERY_INCOME = "recovery-income"
    PENALTY_INCOME = "penalty-income"
    ALLOCATION_IN = "allocation-in"
    CENTRE_INCOME = "centre-income"
    BENEFIT_EXPENSE = "benefit-expense"
    METHOD_ADJUSTMENT = "method-adjustment"
    REVIEW_DEDUCTION = "review-deduction"
    AID_ENROLMENT = "aid-enrolment"
    CATASTROPHIC_PREMIUM = "catastrophic-premium"
    TRANSFER_OUT = "transfer-out"
    MANAGEMENT_FEE = "management-fee"
    ALLOCATION_OUT = "allocation-out"
    CENTRE_EXPENSE = "centre-expense"


class Title(NamedTuple):
    """An account in the chart. `number`: 科目编号, with a point where the sub-account is ours."""

    number: str
    kind: AccountKind
    zh: str
    en: str
    party: Party = Party.NONE

    @property
    def ours(self) -> bool:
        """Whether the accounting system does not have the account: a sub-account of ours."""
        return "." in self.number


_ASSET, _LIABILITY, _BALANCE = AccountKind.ASSET, AccountKind.LIABILITY, AccountKind.FUND_BALANCE
_INCOME, _EXPENSE = AccountKind.INCOME, AccountKind.EXPENSE

CHART: Mapping[Account, Title] = {
    Account.INCOME_ACCOUNT: Title("1002", _ASSET, "收入户存款", "income account"),
    Account.FISCAL_ACCOUNT: Title("1003", _ASSET, "财政专户存款", "fiscal account"),
    Account.EXPENDITURE_ACCOUNT: Title("1004", _ASSET, "支出户存款", "expenditure account"),
    Account.ADVANCES_TO_PROVIDERS: Title(
        "1101.01", _ASSET, "预付定点医药机构款", "advances to institutions", Party.INSTITUTION
    ),
    Account.RECOVERY_RECEIVABLE: Title("1101.02", _ASSET, "应追回款", "recoveries receivable", Party.DEBTOR),
    Account.CONTRIBUTION_RECEIVABLE: Title("1101.03", _ASSET, "应收保险费", "contributions receivable", Party.PAYER),
    Account.SUBSIDY_RECEIVABLE: Title("1101.04", _ASSET, "应收财政补贴", "subsidies receivable", Party.GOVERNMENT),
    Account.UNAPPLIED_RECEIPTS: Title("2001.01", _LIABILITY, "暂收款", "unapplied receipts", Party.PAYER),
    Account.PROVIDER_PAYABLE: Title(
        "2001.02", _LIABILITY, "应付定点医药机构款", "owed to institutions", Party.INSTITUTION
    ),
    Account.PAYMENT_IN_TRANSIT: Title("2001.03", _LIABILITY, "在途付款", "payments in transit", Party.INSTITUTION),
    Account.QUALITY_DEPOSIT: Title("2001.04", _LIABILITY, "质量保证金", "retained quality deposits", Party.INSTITUTION),
    Account.PERSONAL_ACCOUNT: Title("2001.05", _LIABILITY, "个人账户", "personal accounts", Party.PERSON),
    Account.GENERAL_BALANCE: Title("3001", _BALANCE, "一般基金结余", "general fund balance"),
    Account.DEFICIT_TO_COVER: Title("3001.01", _BALANCE, "待消化亏损", "old deficits to cover", Party.INSTITUTION),
    Account.RISK_FUND: Title("3101", _BALANCE, "风险基金结余", "risk fund"),
    Account.RESERVE_FUND: Title("3201", _BALANCE, "储备金结余", "reserve fund"),
    Account.CONTRIBUTION_INCOME: Title("4001", _INCOME, "社会保险费收入", "contributions", Party.PAYER),
    Account.SUBSIDY_INCOME: Title("4101", _INCOME, "财政补贴收入", "subsidies", Party.GOVERNMENT),
    Account.INTEREST_INCOME: Title("4201", _INCOME, "利息收入", "interest"),
    Account.TRANSFER_IN: Title("4301", _INCOME, "转移收入", "transferred in", Party.AREA),
    Account.LATE_FEE_INCOME: Title("4501.01", _INCOME, "滞纳金收入", "late fees", Party.PAYER),
    Account.RECOVERY_INCOME: Title("4501.02", _INCOME, "追回款收入", "recoveries", Party.DEBTOR),
    Account.PENALTY_INCOME: Title("4501.03", _INCOME, "违约金、罚款收入", "penalties", Party.DEBTOR),
    Account.ALLOCATION_IN: Title("4501.04", _INCOME, "其他基金划入", "allocated from another fund", Party.FUND),
    Account.CENTRE_INCOME: Title("4501.05", _INCOME, "服务中心上缴收入", "income of centres", Party.INSTITUTION),
    Account.BENEFIT_EXPENSE: Title("5001", _EXPENSE, "社会保险待遇支出", "benefits", Party.INSTITUTION),
    Account.METHOD_ADJUSTMENT: Title(
        "5001.01", _EXPENSE, "付费方式清算差额", "difference by payment method", Party.INSTITUTION
    ),
    Account.REVIEW_DEDUCTION: Title("5001.02", _EXPENSE, "审核扣款", "deducted in review", Party.INSTITUTION),
    Account.AID_ENROLMENT: Title("5001.03", _EXPENSE, "资助参保支出", "enrolment paid by aid", Party.PAYER),
    Account.CATASTROPHIC_PREMIUM: Title("5101", _EXPENSE, "大病保险支出", "catastrophic premium", Party.INSURER),
    Account.TRANSFER_OUT: Title("5301", _EXPENSE, "转移支出", "transferred out", Party.AREA),
    Account.MANAGEMENT_FEE: Title("5501.01", _EXPENSE, "管理费支出", "management fee"),
    Account.ALLOCATION_OUT: Title("5501.02", _EXPENSE, "划出至其他基金", "allocated to another fund", Party.FUND),
    Account.CENTRE_EXPENSE: Title("5501.03", _EXPENSE, "服务中心预算支出", "budgets of centres", Party.INSTITUTION),
}

TITLES_ZH: Mapping[Account, str] = {account: title.zh for account, title in CHART.items()}

DEBIT_KINDS = frozenset({AccountKind.ASSET, AccountKind.EXPENSE})


def normal_side(account: Account) -> int:
    """1 for an account that grows by debits, -1 for one that grows by credits."""
    return 1 if CHART[account].kind in DEBIT_KINDS else -1


CONTRA = frozenset({Account.DEFICIT_TO_COVER, Account.REVIEW_DEDUCTION})
"""Accounts that stand on the other side of their kind: they take off what the others are together."""


def standing_side(account: Account) -> int:
    """The side on which an account has its balance: its kind's, the other one for what takes off."""
    return -normal_side(account) if account in CONTRA else normal_side(account)


def accounts_of(*kinds: AccountKind) -> tuple[Account, ...]:
    """The accounts of these kinds, in the order of their numbers."""
    return tuple(account for account, title in CHART.items() if title.kind in kinds)
