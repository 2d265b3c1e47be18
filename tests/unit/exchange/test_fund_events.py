"""Events of the fund: booked once for their reference, never past a station, every problem told at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from gateway.datasets.books.centres import centre_report
from gateway.exchange.fund import prepare_event
from gateway.fhir.json import encode
from gateway.kernel.ids import AreaCode
from gateway.ledger.accounts import Account
from gateway.ledger.centre import Reported
from gateway.ledger.entry import Entry
from gateway.ledger.flows import providers
from gateway.store.values import ClosedPeriod, PeriodState, Wants
from tests.unit.exchange.workers import EMPLOYER, FINANCE, FIRST, HOSPITAL, OFFICE, WORKS, Works, open_works

A = Account


@pytest.fixture
def works(store_url: str) -> Iterator[Works]:
    opened = open_works(store_url)
    yield opened
    opened.store.close()


def rich(works: Works, yuan: str = "1000.00", *, fund: str = "pooled") -> None:
    """Money on the expenditure account, by the stations it has to pass."""
    held: dict[str, Any] = {"party": EMPLOYER}
    for event, rest in (("receipt-held", held), ("to-fiscal", {}), ("to-expenditure", {})):
        answer = works.report(event, yuan, fund=fund, **rest)
        assert not answer.codes, answer.codes


def test_money_comes_in_passes_the_fiscal_account_and_leaves_by_the_expenditure_account(works: Works) -> None:
    rich(works)
    answer = works.report("premium-paid", "300.00", party="INSURER-1")

    assert [(p["account"], p["party"], p["amount"]) for p in answer.body["postings"]] == [
        ("catastrophic-premium", "INSURER-1", "300.00"),
        ("expenditure-account", "INSURER-1", "-300.00"),
    ]
    assert [works.holds(account) for account in (A.INCOME_ACCOUNT, A.FISCAL_ACCOUNT, A.EXPENDITURE_ACCOUNT)] == [
        *("0.00", "0.00", "700.00")
    ]
    works.sound()


@pytest.mark.parametrize(
    ("event", "rest"),
    [
        ("to-fiscal", {}),
        ("to-expenditure", {}),
        ("given-back", {}),
        ("premium-paid", {"party": "INSURER-1"}),
        ("fee-charged", {}),
        ("advance-paid", {"party": WORKS}),
        ("allocated", {"to_fund": "unit"}),
        ("transferred-out", {"party": "330000"}),
    ],
)
def test_nothing_leaves_a_station_that_holds_too_little(works: Works, event: str, rest: dict[str, Any]) -> None:
    answer = works.report(event, "0.01", reference="R1", **rest)

    assert answer.codes == ["station-short"]
    assert "0.01" in answer.reply.problems[0].en
    assert works.store.trial_balance() == {}
    assert works.report(event, "0.01", reference="R1", **rest).codes == ["station-short"], "it may be sent again"


def test_a_payment_on_its_way_counts_as_gone(works: Works) -> None:
    rich(works, "100.00")
    person = works.worker()
    works.submit(person, "100.00")  # the unit fund owes 90.00

    rich(works, "90.00", fund="unit")
    postings = providers.instructed(fund="unit", institution=WORKS, amount=5000)
    entry = Entry("e-1", AreaCode("370200"), "worker", works.today, "c-1", postings)
    works.store.submit(lambda unit: unit.post(entry)).result()

    assert works.report("given-back", "40.01", fund="unit").codes == ["station-short"]
    assert not works.report("given-back", "40.00", fund="unit").codes


def test_a_reference_is_booked_once_whoever_sends_it(works: Works) -> None:
    first = works.report("receipt-held", "12.30", party=EMPLOYER, reference="CZ-1")
    again = works.report("receipt-held", "12.3", party=EMPLOYER, reference="CZ-1", by=FINANCE)
    other = works.report("receipt-held", "12.31", party=EMPLOYER, reference="CZ-1")

    assert first.reply.body == again.reply.body
    assert other.codes == ["reference-reused"]
    assert works.holds(A.INCOME_ACCOUNT) == "12.30"
    works.sound()


def test_one_reference_sent_many_times_at_once_is_one_entry(works: Works) -> None:
    told = {
        "event": "receipt-held",
        "scheme": "worker",
        "fund": "pooled",
        "amount": "5.00",
        "day": "2015-03-20",
        "party": EMPLOYER,
        "reference": "ONE",
    }

    def send(number: int) -> bytes:
        by = OFFICE if number % 2 else FINANCE
        return works.exchange.conclude(prepare_event(works.exchange, by, encode(told))).result().body

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(40)))

    assert len(answers) == 1
    assert works.holds(A.INCOME_ACCOUNT) == "5.00"


def test_of_many_payments_at_once_none_takes_what_is_not_there(works: Works) -> None:
    rich(works, "100.00")

    def send(_: int) -> str:
        while True:
            answer = works.report("premium-paid", "60.00", party="INSURER-1")
            if answer.codes != ["books-moved"]:
                return answer.codes[0] if answer.codes else "ok"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(send, range(16)))

    assert outcomes == ["ok", *["station-short"] * 15]
    assert works.holds(A.EXPENDITURE_ACCOUNT) == "40.00"
    works.sound()


def test_fraud_is_claimed_back_fined_twice_and_no_more_is_received_than_owed(works: Works) -> None:
    person = works.worker()
    works.report("fraud-established", "100.00", party=person)

    assert works.holds(A.RECOVERY_RECEIVABLE) == "300.00"
    assert works.report("recovery-received", "300.01", party=person).codes == ["beyond-balance"]
    assert not works.report("recovery-received", "300.00", party=person).codes
    assert works.holds(A.RECOVERY_RECEIVABLE) == "0.00"
    works.sound()


def test_a_deposit_is_given_back_to_who_it_was_kept_from(works: Works) -> None:
    kept = providers.deposit_retained(fund="pooled", institution=WORKS, amount=1000)
    entry = Entry("e-2", AreaCode("370200"), "worker", works.today, "c-2", kept)
    works.store.submit(lambda unit: unit.post(entry)).result()

    assert works.report("deposit-released", "1.00", party=FIRST).codes == ["beyond-balance"]
    assert not works.report("deposit-forfeited", "4.00", party=WORKS).codes
    assert works.report("deposit-released", "6.01", party=WORKS).codes == ["beyond-balance"]
    assert not works.report("deposit-released", "6.00", party=WORKS).codes
    assert works.holds(A.QUALITY_DEPOSIT) == "0.00"


def test_interest_of_accounts_comes_out_of_the_interest_received(works: Works) -> None:
    person = works.worker()
    works.report("interest-received", "10.00", station="fiscal-account")

    assert works.report("account-interest", "10.01", party=person).codes == ["beyond-balance"]
    assert not works.report("account-interest", "4.00", party=person).codes
    assert works.balance(person) == "4.00"
    assert (works.holds(A.INTEREST_INCOME), works.holds(A.FISCAL_ACCOUNT)) == ("-6.00", "6.00")
    assert works.holds(A.FISCAL_ACCOUNT, "personal-account") == "4.00"
    works.sound()


def test_an_event_of_a_closed_month_is_booked_in_the_open_one(works: Works) -> None:
    period = ClosedPeriod("worker", "2015-02", PeriodState.CLOSED, works.now, "office", "0" * 64)
    works.store.submit(lambda unit: unit.close(period), Wants(closes=True)).result()

    answer = works.report("receipt-held", "5.00", party=EMPLOYER, day="2015-02-27")

    assert answer.body["booked_on"] == "2015-03-01"


BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"event": "nonsense"}, ["unknown-fund-event"]),
    ({"scheme": "resident"}, ["unknown-scheme"]),
    ({"fund": "aid"}, ["unknown-fund"]),
    ({"amount": "0.00"}, ["bad-fund-report"]),
    ({"amount": "-1"}, ["bad-fund-report"]),
    ({"amount": "1.001"}, ["bad-fund-report"]),
    ({"amount": True}, ["bad-fund-report"]),
    ({"amount": "1e400"}, ["bad-fund-report"]),
    ({"amount": None}, ["bad-fund-report"]),
    ({"day": "2015-02-30"}, ["bad-fund-report"]),
    ({"day": "2015-03-21"}, ["bad-fund-report"]),
    ({"day": 20150320}, ["bad-fund-report", "bad-fund-report"]),
    ({"reference": ""}, ["bad-fund-report"]),
    ({"reference": "号" * 3}, ["bad-fund-report"]),
    ({"reference": "R" * 65}, ["bad-fund-report"]),
    ({"note": "x" * 201}, ["bad-fund-report"]),
    ({"colour": "red"}, ["bad-fund-report"]),
    ({"station": "fiscal-account"}, ["bad-fund-report"]),
    ({"party": "测 试"}, ["bad-fund-party"]),
    ({"party": "110101199001011237"}, ["person-not-found"]),
    ({"event": "subsidy-received", "party": "city", "station": "expenditure-account"}, ["bad-fund-report"]),
    ({"event": "subsidy-received", "party": "city"}, ["bad-fund-report"]),
    ({"event": "subsidy-claimed", "party": "moon"}, ["bad-fund-party"]),
    ({"event": "transferred-in", "party": "33"}, ["area-code"]),
    ({"event": "advance-paid", "party": "H99999999999"}, ["bad-fund-party"]),
    ({"event": "penalty-charged", "party": "H99999999999"}, ["bad-fund-party"]),
    ({"event": "account-credited", "party": "nobody"}, ["unknown-fund"]),
    ({"event": "account-credited", "fund": "personal-account", "party": "nobody"}, ["person-not-found"]),
    ({"event": "allocated", "to_fund": "pooled"}, ["bad-fund-report", "unknown-fund"]),
    ({"event": "subsidy-claimed-by-levels"}, ["bad-fund-report", "no-fund-terms"]),
    ({"event": "fee-charged", "fund": "unit"}, ["bad-fund-report", "no-fund-terms"]),
    ({"event": "centre-income-paid-in", "party": WORKS}, ["account-not-kept"]),
    ({"event": "x", "scheme": "y", "amount": "z"}, ["unknown-fund-event", "unknown-scheme", "bad-fund-report"]),
]


@pytest.mark.parametrize(("change", "codes"), BAD, ids=lambda value: str(value)[:40])
def test_bad_reports_are_refused_with_every_problem_and_may_be_corrected(
    works: Works, change: dict[str, Any], codes: list[str]
) -> None:
    good: dict[str, Any] = {"party": EMPLOYER, "reference": "R1"}

    answer = works.report("receipt-held", "1.00", **{**good, **change})

    assert answer.codes == codes
    assert all(problem.zh and problem.en for problem in answer.reply.problems)
    assert works.store.trial_balance() == {}
    assert not works.report("receipt-held", "1.00", **good).codes


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b'"x"', b"\xff", b"[" * 100_000])
def test_what_is_no_report_is_refused(works: Works, body: bytes) -> None:
    answer = works.conclude(prepare_event(works.exchange, OFFICE, body))

    assert answer.codes[0] in {"bad-fund-report", "not-json", "json-too-deep"}


def test_only_the_agency_reports(works: Works) -> None:
    assert works.report("receipt-held", "1.00", party=EMPLOYER, by=HOSPITAL).codes == ["forbidden"]


def test_a_centre_pays_in_its_income_and_gets_its_budget(store_url: str) -> None:
    """One month of a community centre (M18): both funds apart, subsidy of two levels, an old deficit written down."""
    centre, care, health = "H31000000101", "centre-basic-care", "centre-public-health"
    town = open_works(store_url, area=AreaCode("310000"))
    try:
        month: list[tuple[str, str, dict[str, Any]]] = [
            ("centre-income-paid-in", "80000.00", {"fund": care, "party": centre}),
            ("centre-running-claimed", "30000.00", {"fund": care}),
            ("centre-prevention-claimed", "10000.01", {"fund": health}),
            ("subsidy-received", "10000.00", {"fund": care, "party": "district", "station": "fiscal-account"}),
            ("subsidy-received", "20000.00", {"fund": care, "party": "town", "station": "fiscal-account"}),
            ("subsidy-received", "5000.01", {"fund": health, "party": "district", "station": "fiscal-account"}),
            ("to-fiscal", "80000.00", {"fund": care}),
            ("to-expenditure", "100000.00", {"fund": care}),
            ("to-expenditure", "5000.01", {"fund": health}),
            ("centre-budget-paid", "95000.00", {"fund": care, "party": centre}),
            ("centre-budget-paid", "5000.00", {"fund": health, "party": centre}),
            ("centre-deficit-taken-over", "3000.00", {"fund": care, "party": centre}),
            ("centre-deficit-covered", "1500.00", {"fund": care, "party": centre}),
        ]
        for event, yuan, rest in month:
            answer = town.report(event, yuan, **rest)
            assert not answer.codes, (event, answer.codes)

        assert town.report("centre-deficit-covered", "1500.01", fund=care, party=centre).codes == ["beyond-balance"]
        assert town.report("subsidy-received", "0.01", fund=care, party="town", station="fiscal-account").codes == [
            "beyond-balance"
        ]
        assert town.report("centre-budget-paid", "0.02", fund=health, party=centre).codes == ["station-short"]
        assert town.report("centre-running-claimed", "1.00", fund=health).codes == ["unknown-fund"]
        # 10,000.01 / 2 = 5,000.005, up: district 5,000.01, town 5,000.00, which is still to come
        assert town.holds(A.SUBSIDY_RECEIVABLE, health) == "5000.00"
        assert town.holds(A.EXPENDITURE_ACCOUNT, care) == "5000.00"
        assert town.holds(A.DEFICIT_TO_COVER, care) == "1500.00"
        assert centre_report(town.store, "worker", f"{town.today:%Y-%m}") == (
            Reported(care, centre, 80_000_00, 95_000_00, 1_500_00),
            Reported(health, centre, 0, 5_000_00, 0),
        )
        town.sound()
    finally:
        town.store.close()
