"""The chart of accounts 会计科目 of a social-insurance fund, one set of books per area, scheme and fund."""

from enum import StrEnum


class Account(StrEnum):
    """Names after the accounting system for social insurance funds 社会保险基金会计制度."""

    INCOME_ACCOUNT = "income-account"  # 收入户存款: bank account that contributions arrive on
    CONTRIBUTION_RECEIVABLE = "contribution-receivable"  # 应收保险费, party: the person
    SUBSIDY_RECEIVABLE = "subsidy-receivable"  # 应收财政补贴, party: the level of government
    UNAPPLIED_RECEIPTS = "unapplied-receipts"  # 暂收款: money whose payer or purpose is not known yet
    PROVIDER_PAYABLE = "provider-payable"  # 应付定点医药机构款, party: the institution
    CONTRIBUTION_INCOME = "contribution-income"  # 社会保险费收入
    SUBSIDY_INCOME = "subsidy-income"  # 财政补贴收入
    BENEFIT_EXPENSE = "benefit-expense"  # 社会保险待遇支出


TITLES_ZH: dict[Account, str] = {
    Account.INCOME_ACCOUNT: "收入户存款",
    Account.CONTRIBUTION_RECEIVABLE: "应收保险费",
    Account.SUBSIDY_RECEIVABLE: "应收财政补贴",
    Account.UNAPPLIED_RECEIPTS: "暂收款",
    Account.PROVIDER_PAYABLE: "应付定点医药机构款",
    Account.CONTRIBUTION_INCOME: "保险费收入",
    Account.SUBSIDY_INCOME: "财政补贴收入",
    Account.BENEFIT_EXPENSE: "待遇支出",
}
