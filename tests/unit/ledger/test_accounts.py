"""The chart of accounts says of every account what it is."""

from gateway.ledger.accounts import CHART, Account, AccountKind, accounts_of, normal_side, standing_side

FIRST_DIGIT = {
    AccountKind.ASSET: "1",
    AccountKind.LIABILITY: "2",
    AccountKind.FUND_BALANCE: "3",
    AccountKind.INCOME: "4",
    AccountKind.EXPENSE: "5",
}


def test_every_account_is_in_the_chart_once() -> None:
    assert list(CHART) == list(Account)
    assert len({title.number for title in CHART.values()}) == len(CHART)


def test_the_number_tells_the_kind_and_whose_account_it_is() -> None:
    assert {title.number[0] for title in CHART.values() if title.number[0] != FIRST_DIGIT[title.kind]} == set()
    assert CHART[Account.BENEFIT_EXPENSE].number == "5001"
    assert [str(a) for a, title in CHART.items() if not title.ours and title.kind is AccountKind.ASSET] == [
        "income-account",
        "fiscal-account",
        "expenditure-account",
    ]


def test_assets_and_expenses_grow_by_debits() -> None:
    assert normal_side(Account.FISCAL_ACCOUNT) == normal_side(Account.BENEFIT_EXPENSE) == 1
    assert normal_side(Account.PROVIDER_PAYABLE) == normal_side(Account.CONTRIBUTION_INCOME) == -1
    assert normal_side(Account.GENERAL_BALANCE) == standing_side(Account.GENERAL_BALANCE) == -1
    assert standing_side(Account.DEFICIT_TO_COVER) == 1
    assert standing_side(Account.REVIEW_DEDUCTION) == -1


def test_accounts_come_in_the_order_of_their_numbers() -> None:
    for kind in AccountKind:
        numbers = [CHART[account].number for account in accounts_of(kind)]
        assert numbers == sorted(numbers)
