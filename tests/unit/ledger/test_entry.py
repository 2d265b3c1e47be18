"""An entry balances or cannot be made; a correction is its mirror; the books always sum to zero."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel.ids import AreaCode
from gateway.ledger.accounts import TITLES_ZH, Account
from gateway.ledger.entry import Entry, Posting, imbalance, reversed_entry, transfer, trial_balance

AREA = AreaCode("321182")
DAY = date(2015, 3, 9)


def entry(*postings: Posting, id: str = "e1", scheme: str = "resident") -> Entry:
    return Entry(id, AREA, scheme, DAY, "claim-1", postings)


def benefit(amount: int, *, fund: str = "basic") -> tuple[Posting, Posting]:
    return transfer(
        fund=fund, debit=Account.BENEFIT_EXPENSE, credit=Account.PROVIDER_PAYABLE, party="H32118200001", amount=amount
    )


AMOUNTS = st.lists(st.integers(1, 10**12), min_size=1, max_size=8)


def test_a_transfer_debits_one_account_and_credits_the_other() -> None:
    debit, credit = benefit(1234)

    assert debit == Posting("basic", Account.BENEFIT_EXPENSE, "H32118200001", 1234)
    assert credit == Posting("basic", Account.PROVIDER_PAYABLE, "H32118200001", -1234)


@pytest.mark.parametrize("amount", [0, -1])
def test_only_a_positive_amount_moves(amount: int) -> None:
    with pytest.raises(AssertionError):
        benefit(amount)


def test_an_entry_that_does_not_balance_cannot_be_made() -> None:
    debit, credit = benefit(1234)

    with pytest.raises(AssertionError, match="does not balance"):
        entry(debit, Posting(credit.fund, credit.account, credit.party, -1233))


def test_an_entry_of_nothing_cannot_be_made() -> None:
    with pytest.raises(AssertionError):
        entry()
    with pytest.raises(AssertionError, match="posts nothing"):
        entry(*benefit(5), Posting("basic", Account.INCOME_ACCOUNT, "", 0))


@given(AMOUNTS)
def test_an_entry_and_its_counter_entry_leave_every_account_at_zero(amounts: list[int]) -> None:
    original = entry(*(posting for amount in amounts for posting in benefit(amount)))
    counter = reversed_entry(original, id="e2", booked_on=date(2015, 4, 1))

    assert (counter.reverses, counter.cause, counter.booked_on) == ("e1", "claim-1", date(2015, 4, 1))
    assert set(trial_balance([original, counter]).values()) == {0}


@given(AMOUNTS)
def test_the_trial_balance_sums_to_zero(amounts: list[int]) -> None:
    entries = [entry(*benefit(amount), id=f"e{number}") for number, amount in enumerate(amounts)]
    balances = trial_balance(entries)

    assert balances["resident", "basic", Account.BENEFIT_EXPENSE] == sum(amounts)
    assert imbalance(list(balances.values())) == 0


def test_each_scheme_and_fund_has_its_own_balances() -> None:
    balances = trial_balance(
        [entry(*benefit(100)), entry(*benefit(7, fund="aid")), entry(*benefit(30), scheme="worker")]
    )

    assert {key[:2]: fen for key, fen in balances.items() if key[2] is Account.BENEFIT_EXPENSE} == {
        ("resident", "basic"): 100,
        ("resident", "aid"): 7,
        ("worker", "basic"): 30,
    }


def test_every_account_has_a_chinese_title() -> None:
    assert set(TITLES_ZH) == set(Account)
