"""Every event books the two sides its docstring names, balances in each fund, and lets no money skip a station."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from gateway.kernel.ids import AreaCode
from gateway.ledger.accounts import Account, Party
from gateway.ledger.entry import Entry, transfer
from gateway.ledger.events import EVENTS, STATIONS_OF, Terms, Told
from gateway.ledger.flows import Flow, centres, contributions, personal, providers, reserves, stations
from gateway.ledger.stations import STATIONS, check_held, leaving

A = Account
YUAN = 12345
HOSPITAL, PERSON = "H32118200001", "3211820000000000000000000p0001"
PARTS = {"district": 1, "town": 2}

Sides = list[tuple[str, Account, str, int]]


def sides(flow: Flow) -> Sides:
    return [(p.fund, p.account, p.party, p.fen) for p in flow]


def pair(debit: Account, credit: Account, party: str = "", fund: str = "basic") -> Sides:
    return [(fund, debit, party, YUAN), (fund, credit, party, -YUAN)]


def entry(flow: Flow, *, reverses: str = "") -> Entry:
    return Entry("e", AreaCode("321182"), "resident", date(2015, 3, 9), "c", flow, reverses)


OF_FUND: dict[str, Any] = {"fund": "basic", "amount": YUAN}
OF_PAYER: dict[str, Any] = {**OF_FUND, "payer": PERSON}
OF_DEBTOR: dict[str, Any] = {**OF_FUND, "debtor": PERSON}
TO_HOSPITAL: dict[str, Any] = {**OF_FUND, "institution": HOSPITAL}
OF_CENTRE: dict[str, Any] = {"fund": centres.BASIC_CARE, "amount": YUAN, "centre": HOSPITAL}
OF_PERSON: dict[str, Any] = {"amount": YUAN, "person": PERSON}

FLOWS: list[tuple[Flow, Sides]] = [
    (contributions.levied(**OF_PAYER), pair(A.CONTRIBUTION_RECEIVABLE, A.CONTRIBUTION_INCOME, PERSON)),
    (contributions.received(**OF_PAYER), pair(A.INCOME_ACCOUNT, A.CONTRIBUTION_RECEIVABLE, PERSON)),
    (contributions.held(**OF_PAYER), pair(A.INCOME_ACCOUNT, A.UNAPPLIED_RECEIPTS, PERSON)),
    (contributions.held_given_back(**OF_PAYER), pair(A.UNAPPLIED_RECEIPTS, A.INCOME_ACCOUNT, PERSON)),
    (contributions.refunded(**OF_PAYER), pair(A.CONTRIBUTION_INCOME, A.INCOME_ACCOUNT, PERSON)),
    (
        contributions.late_fee_received(fund="basic", payer="E1", amount=YUAN),
        pair(A.INCOME_ACCOUNT, A.LATE_FEE_INCOME, "E1"),
    ),
    (
        contributions.subsidy_claimed(fund="basic", by_level={"city": YUAN, "town": 0}),
        pair(A.SUBSIDY_RECEIVABLE, A.SUBSIDY_INCOME, "city"),
    ),
    (
        contributions.subsidy_received(fund="basic", level="city", amount=YUAN),
        pair(A.FISCAL_ACCOUNT, A.SUBSIDY_RECEIVABLE, "city"),
    ),
    (
        contributions.interest_received(fund="basic", station=A.EXPENDITURE_ACCOUNT, amount=YUAN),
        pair(A.EXPENDITURE_ACCOUNT, A.INTEREST_INCOME),
    ),
    (stations.to_fiscal(**OF_FUND), pair(A.FISCAL_ACCOUNT, A.INCOME_ACCOUNT)),
    (stations.to_expenditure(**OF_FUND), pair(A.EXPENDITURE_ACCOUNT, A.FISCAL_ACCOUNT)),
    (stations.given_back(**OF_FUND), pair(A.FISCAL_ACCOUNT, A.EXPENDITURE_ACCOUNT)),
    (personal.credited(**OF_PERSON), pair(A.INCOME_ACCOUNT, A.PERSONAL_ACCOUNT, PERSON, personal.FUND)),
    (personal.moved_in(**OF_PERSON), pair(A.INCOME_ACCOUNT, A.PERSONAL_ACCOUNT, PERSON, personal.FUND)),
    (personal.moved_out(**OF_PERSON), pair(A.PERSONAL_ACCOUNT, A.EXPENDITURE_ACCOUNT, PERSON, personal.FUND)),
    (personal.paid_out(**OF_PERSON), pair(A.PERSONAL_ACCOUNT, A.EXPENDITURE_ACCOUNT, PERSON, personal.FUND)),
    (providers.advanced(**TO_HOSPITAL), pair(A.ADVANCES_TO_PROVIDERS, A.EXPENDITURE_ACCOUNT, HOSPITAL)),
    (providers.advance_set_off(**TO_HOSPITAL), pair(A.PROVIDER_PAYABLE, A.ADVANCES_TO_PROVIDERS, HOSPITAL)),
    (
        providers.method_adjusted(fund="basic", institution=HOSPITAL, difference=YUAN),
        pair(A.METHOD_ADJUSTMENT, A.PROVIDER_PAYABLE, HOSPITAL),
    ),
    (
        providers.method_adjusted(fund="basic", institution=HOSPITAL, difference=-YUAN),
        pair(A.PROVIDER_PAYABLE, A.METHOD_ADJUSTMENT, HOSPITAL),
    ),
    (providers.deducted(**TO_HOSPITAL), pair(A.PROVIDER_PAYABLE, A.REVIEW_DEDUCTION, HOSPITAL)),
    (providers.carried_as_recovery(**TO_HOSPITAL), pair(A.RECOVERY_RECEIVABLE, A.PROVIDER_PAYABLE, HOSPITAL)),
    (providers.recovery_set_off(**TO_HOSPITAL), pair(A.PROVIDER_PAYABLE, A.RECOVERY_RECEIVABLE, HOSPITAL)),
    (providers.deposit_retained(**TO_HOSPITAL), pair(A.PROVIDER_PAYABLE, A.QUALITY_DEPOSIT, HOSPITAL)),
    (providers.deposit_released(**TO_HOSPITAL), pair(A.QUALITY_DEPOSIT, A.PROVIDER_PAYABLE, HOSPITAL)),
    (providers.deposit_forfeited(**TO_HOSPITAL), pair(A.QUALITY_DEPOSIT, A.PENALTY_INCOME, HOSPITAL)),
    (providers.instructed(**TO_HOSPITAL), pair(A.PROVIDER_PAYABLE, A.PAYMENT_IN_TRANSIT, HOSPITAL)),
    (providers.confirmed(**TO_HOSPITAL), pair(A.PAYMENT_IN_TRANSIT, A.EXPENDITURE_ACCOUNT, HOSPITAL)),
    (providers.rejected(**TO_HOSPITAL), pair(A.PAYMENT_IN_TRANSIT, A.PROVIDER_PAYABLE, HOSPITAL)),
    (providers.returned(**TO_HOSPITAL), pair(A.EXPENDITURE_ACCOUNT, A.PROVIDER_PAYABLE, HOSPITAL)),
    (providers.recovery_claimed(**OF_DEBTOR), pair(A.RECOVERY_RECEIVABLE, A.RECOVERY_INCOME, PERSON)),
    (providers.penalty_charged(**OF_DEBTOR), pair(A.RECOVERY_RECEIVABLE, A.PENALTY_INCOME, PERSON)),
    (providers.recovery_received(**OF_DEBTOR), pair(A.INCOME_ACCOUNT, A.RECOVERY_RECEIVABLE, PERSON)),
    (reserves.appropriated(fund="basic", reserve=A.RISK_FUND, amount=YUAN), pair(A.GENERAL_BALANCE, A.RISK_FUND)),
    (
        reserves.reserve_used(fund="basic", reserve=A.RESERVE_FUND, amount=YUAN),
        pair(A.RESERVE_FUND, A.GENERAL_BALANCE),
    ),
    (
        reserves.premium_paid(fund="basic", insurer="I1", amount=YUAN),
        pair(A.CATASTROPHIC_PREMIUM, A.EXPENDITURE_ACCOUNT, "I1"),
    ),
    (
        reserves.transferred_in(fund="basic", area="330000", amount=YUAN),
        pair(A.INCOME_ACCOUNT, A.TRANSFER_IN, "330000"),
    ),
    (
        reserves.transferred_out(fund="basic", area="330000", amount=YUAN),
        pair(A.TRANSFER_OUT, A.EXPENDITURE_ACCOUNT, "330000"),
    ),
    (reserves.fee_charged(**OF_FUND), pair(A.MANAGEMENT_FEE, A.EXPENDITURE_ACCOUNT)),
    (reserves.opened(fund="basic", station=A.FISCAL_ACCOUNT, amount=YUAN), pair(A.FISCAL_ACCOUNT, A.GENERAL_BALANCE)),
    (centres.paid_in(**OF_CENTRE), pair(A.INCOME_ACCOUNT, A.CENTRE_INCOME, HOSPITAL, centres.BASIC_CARE)),
    (centres.budget_paid(**OF_CENTRE), pair(A.CENTRE_EXPENSE, A.EXPENDITURE_ACCOUNT, HOSPITAL, centres.BASIC_CARE)),
]


@pytest.mark.parametrize(("flow", "expected"), FLOWS)
def test_an_event_books_its_two_sides(flow: Flow, expected: Sides) -> None:
    assert sides(flow) == expected
    assert entry(flow).postings == flow


def test_a_held_receipt_pays_the_levy_of_who_owes_it() -> None:
    flow = contributions.applied(fund="basic", holder="n1", payer=PERSON, amount=YUAN)

    assert sides(flow) == [
        ("basic", A.UNAPPLIED_RECEIPTS, "n1", YUAN),
        ("basic", A.CONTRIBUTION_RECEIVABLE, PERSON, -YUAN),
    ]


def test_an_account_pays_the_institution_in_its_own_fund() -> None:
    flow = personal.drawn(person=PERSON, institution=HOSPITAL, amount=YUAN)

    assert sides(flow) == [
        (personal.FUND, A.PERSONAL_ACCOUNT, PERSON, YUAN),
        (personal.FUND, A.PROVIDER_PAYABLE, HOSPITAL, -YUAN),
    ]


@pytest.mark.parametrize(
    ("flow", "funds"),
    [
        (reserves.allocated(from_fund="basic", to_fund="aid", amount=YUAN), ["basic", "aid"]),
        (contributions.enrolment_assisted(aid_fund="aid", **OF_PAYER), ["aid", "basic"]),
        (personal.interest_credited(pooled_fund="basic", **OF_PERSON), ["basic", personal.FUND]),
    ],
    ids=["allocation", "assisted enrolment", "interest of an account"],
)
def test_money_between_funds_stays_in_the_fiscal_account(flow: Flow, funds: list[str]) -> None:
    fiscal = [(p.fund, p.fen) for p in flow if p.account is A.FISCAL_ACCOUNT]

    assert fiscal == [(funds[0], -YUAN), (funds[1], YUAN)]
    assert entry(flow).postings == flow


SKIPS = [
    (A.FISCAL_ACCOUNT, A.CONTRIBUTION_RECEIVABLE, "a contribution past the income account"),
    (A.EXPENDITURE_ACCOUNT, A.CONTRIBUTION_INCOME, "a contribution straight into the expenditure account"),
    (A.EXPENDITURE_ACCOUNT, A.INCOME_ACCOUNT, "the fiscal account left out"),
    (A.INCOME_ACCOUNT, A.EXPENDITURE_ACCOUNT, "backwards"),
    (A.INCOME_ACCOUNT, A.FISCAL_ACCOUNT, "backwards"),
    (A.PROVIDER_PAYABLE, A.INCOME_ACCOUNT, "a benefit out of the income account"),
    (A.PROVIDER_PAYABLE, A.FISCAL_ACCOUNT, "a benefit out of the fiscal account"),
    (A.PAYMENT_IN_TRANSIT, A.FISCAL_ACCOUNT, "a payment out of the fiscal account"),
    (A.MANAGEMENT_FEE, A.INCOME_ACCOUNT, "a fee out of the income account"),
    (A.EXPENDITURE_ACCOUNT, A.SUBSIDY_RECEIVABLE, "a subsidy into the expenditure account"),
]


@pytest.mark.parametrize(("debit", "credit", "what"), SKIPS)
def test_an_entry_that_skips_a_station_cannot_be_made(debit: Account, credit: Account, what: str) -> None:
    flow = transfer(fund="basic", debit=debit, credit=credit, party="", amount=YUAN)

    with pytest.raises(AssertionError, match="may not go"):
        entry(flow)
    assert entry(flow, reverses="e0").postings == flow, "a counter-entry mirrors one that was made"


def test_what_leaves_a_station_is_held_there() -> None:
    lines = [(p.fund, p.account, p.fen) for p in stations.to_expenditure(**OF_FUND)]
    station = ("basic", A.FISCAL_ACCOUNT)

    assert leaving(lines) == {station: YUAN}
    assert check_held(lines, {station: YUAN}, path="amount") == []
    [problem] = check_held(lines, {station: YUAN - 1}, path="amount")
    assert (problem.code, problem.path) == ("station-short", "amount")
    assert "123.44" in problem.en
    assert "0.01" in problem.zh


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_that_may_be_reported_makes_an_entry(name: str) -> None:
    event = EVENTS[name]
    options = STATIONS_OF.get(name, (A.FISCAL_ACCOUNT,))
    for station in options:
        told = Told(event.only_fund or "basic", YUAN, "party", "aid", "other", station, PARTS, 2)
        flow = event.books(told)

        made = entry(flow)
        assert sum(p.fen for p in made.postings) == 0
        if event.limits:
            assert event.limits & {p.account for p in flow}, "a limit is on an account that moves"


def test_what_an_event_needs_is_what_its_flow_uses() -> None:
    assert {name for name, event in EVENTS.items() if "station" in event.needs} == set(STATIONS_OF)
    assert {event.terms for event in EVENTS.values()} == {None, *Terms}
    assert {station for stations in STATIONS_OF.values() for station in stations} == set(STATIONS)
    for event in EVENTS.values():
        assert event.party or not event.needs & {"to_party"}
        assert event.party is not Party.FUND


def test_fraud_is_claimed_back_and_fined_twice() -> None:
    """R2: 追回冒领的医疗费,并按冒领金额的2倍处以罚款."""
    flow = EVENTS["fraud-established"].books(Told("pooled", 100000, PERSON, times=2))

    assert [(p.account, p.fen) for p in flow if p.fen < 0] == [
        (A.RECOVERY_INCOME, -100000),
        (A.PENALTY_INCOME, -200000),
    ]
    assert sum(p.fen for p in flow if p.account is A.RECOVERY_RECEIVABLE) == 300000


Made = Callable[[int], Flow]


@pytest.mark.parametrize(
    "make",
    [
        lambda amount: stations.to_fiscal(fund="basic", amount=amount),
        lambda amount: providers.method_adjusted(fund="basic", institution=HOSPITAL, difference=amount),
        lambda amount: contributions.applied(fund="basic", holder="n", payer="p", amount=amount),
    ],
)
def test_nothing_is_no_event(make: Made) -> None:
    with pytest.raises(AssertionError):
        make(0)
