"""What a receipt pays of a levy, and how it is booked. Levy of 2015: 200.00 by the person, 430.00 by government."""

from dataclasses import astuple
from datetime import date

import pytest

from gateway.enrolment.contribution import Receipt, apply_receipt, held_applied, receipt_entry
from gateway.kernel import money
from gateway.kernel.ids import AreaCode
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Entry

PERSON = "3211820000000000000000000p0001"


def received(yuan: str, *, levied: str = "0", before: str = "0") -> Receipt:
    return apply_receipt(
        amount=money.of(yuan),
        levy_person=money.of("200.00"),
        levy_government=money.of("430.00"),
        levied=money.of(levied),
        received=money.of(before),
    )


@pytest.mark.parametrize(
    ("yuan", "levied", "before", "expected"),
    [
        ("200.00", "0", "0", ("200.00", "430.00", "200.00", "0.00", True)),
        ("120.00", "0", "0", ("200.00", "430.00", "120.00", "0.00", False)),
        ("80.00", "200.00", "120.00", ("0.00", "0.00", "80.00", "0.00", True)),
        ("79.99", "200.00", "120.00", ("0.00", "0.00", "79.99", "0.00", False)),
        ("250.00", "0", "0", ("200.00", "430.00", "200.00", "50.00", True)),
        ("100.00", "200.00", "120.00", ("0.00", "0.00", "80.00", "20.00", True)),
        ("200.00", "200.00", "200.00", ("0.00", "0.00", "0.00", "200.00", True)),
    ],
    ids=["exact", "short", "second part", "second part short", "over", "second part over", "paid before"],
)
def test_a_credit_pays_what_is_due_and_the_rest_is_unapplied(
    yuan: str, levied: str, before: str, expected: tuple[str, str, str, str, bool]
) -> None:
    *amounts, paid = astuple(received(yuan, levied=levied, before=before))

    assert (*map(money.text, amounts), paid) == expected


@pytest.mark.parametrize("yuan", ["0.01", "120.00", "200.00", "99999.99"])
def test_applied_and_unapplied_are_the_credit(yuan: str) -> None:
    receipt = received(yuan)

    assert receipt.applied + receipt.unapplied == money.of(yuan)


def test_a_credit_is_positive() -> None:
    with pytest.raises(AssertionError, match="positive"):
        received("0")


def entry(receipt: Receipt, payer: str = PERSON) -> Entry:
    return receipt_entry(
        receipt,
        id="e1",
        area=AreaCode("321182"),
        scheme="resident",
        fund="basic",
        booked_on=date(2015, 1, 5),
        cause="n1",
        payer=payer,
    )


def booked(receipt: Receipt, payer: str = PERSON) -> list[tuple[Account, str, str]]:
    return [(each.account, each.party, money.text(each.fen)) for each in entry(receipt, payer).postings]


def test_the_first_receipt_claims_levy_and_subsidy() -> None:
    assert booked(received("120.00")) == [
        (Account.CONTRIBUTION_RECEIVABLE, PERSON, "200.00"),
        (Account.CONTRIBUTION_INCOME, PERSON, "-200.00"),
        (Account.SUBSIDY_RECEIVABLE, "government", "430.00"),
        (Account.SUBSIDY_INCOME, "government", "-430.00"),
        (Account.INCOME_ACCOUNT, PERSON, "120.00"),
        (Account.CONTRIBUTION_RECEIVABLE, PERSON, "-120.00"),
    ]


def test_a_later_receipt_claims_nothing_again_and_keeps_what_is_too_much_apart() -> None:
    assert booked(received("100.00", levied="200.00", before="120.00")) == [
        (Account.INCOME_ACCOUNT, PERSON, "80.00"),
        (Account.CONTRIBUTION_RECEIVABLE, PERSON, "-80.00"),
        (Account.INCOME_ACCOUNT, PERSON, "20.00"),
        (Account.UNAPPLIED_RECEIPTS, PERSON, "-20.00"),
    ]


def test_money_of_an_unknown_payer_is_held_under_the_notice_that_brought_it() -> None:
    unknown = Receipt(0, 0, 0, money.of("200.00"), paid_in_full=False)

    assert booked(unknown, payer="") == [
        (Account.INCOME_ACCOUNT, "n1", "200.00"),
        (Account.UNAPPLIED_RECEIPTS, "n1", "-200.00"),
    ]


def test_where_levels_of_government_have_parts_each_owes_its_own() -> None:
    receipt = received("200.00")
    entry = receipt_entry(
        receipt,
        id="e",
        area=AreaCode("440402"),
        scheme="resident",
        fund="basic",
        booked_on=date(2015, 3, 9),
        cause="c",
        payer=PERSON,
        levels={"city": 1, "district": 2},
    )

    # 430.00 / 3 = 143.33; the rest 286.67
    owed = {p.party: p.fen for p in entry.postings if p.account is Account.SUBSIDY_RECEIVABLE}
    assert owed == {"city": 14333, "district": 28667}


def test_a_held_receipt_that_pays_a_levy_leaves_the_income_account_alone() -> None:
    flow = held_applied(received("200.00"), fund="basic", holder="n1", payer=PERSON)

    assert {(p.account, p.party): p.fen for p in flow if p.account is not Account.CONTRIBUTION_RECEIVABLE} == {
        (Account.CONTRIBUTION_INCOME, PERSON): -20000,
        (Account.SUBSIDY_RECEIVABLE, "government"): 43000,
        (Account.SUBSIDY_INCOME, "government"): -43000,
        (Account.UNAPPLIED_RECEIPTS, "n1"): 20000,
    }
