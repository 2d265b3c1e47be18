"""Employers' levies (R2): split by fund and age, late fees, arrears that defer the pooled fund, each payment once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from gateway.exchange.fund import prepare_levy
from gateway.fhir.json import encode, read_stored
from gateway.fhir.parts import concept
from gateway.fhir.systems import cs
from gateway.kernel import money
from gateway.kernel.ids import PersonId
from gateway.ledger.accounts import Account
from tests.unit.exchange.workers import HOSPITAL, OFFICE, Works, open_works

A = Account
JANUARY, MARCH = datetime(2015, 1, 8, 1, tzinfo=UTC), datetime(2015, 3, 20, 1, tzinfo=UTC)

People = tuple[PersonId, PersonId, PersonId]


@pytest.fixture
def works(store_url: str) -> Iterator[Works]:
    opened = open_works(store_url)
    opened.now = JANUARY
    yield opened
    opened.store.close()


@pytest.fixture
def people(works: Works) -> People:
    """Thirty-four, fifty-four and retired."""
    return (
        works.worker(date(1980, 6, 1)),
        works.worker(date(1960, 6, 1)),
        works.worker(date(1945, 6, 1), category="retiree"),
    )


def roster(people: People) -> list[dict[str, Any]]:
    young, old, retiree = people
    return [
        {"person": young, "retired": False, "earned": "40000.00"},
        {"person": old, "retired": False, "earned": "60000.00"},
        {"person": retiree, "retired": True, "earned": "20000.00"},
    ]


# A quarter of the year's amounts:
#   pooled 3% of 100,000.00 + 8% of 20,000.00 = 3,000.00 + 1,600.00 = 4,600.00; a quarter 1,150.00
#   young  1% of 40,000.00 + 3% of the average 50,000.00 = 400.00 + 1,500.00; a quarter 475.00
#   old    1% of 60,000.00 + 5% of 50,000.00 = 600.00 + 2,500.00; a quarter 775.00
#   retiree 8% of 20,000.00 = 1,600.00; a quarter 400.00
#   unit   10% of 100,000.00 - 3,000.00 - 1,500.00 - 2,500.00 = 3,000.00; a quarter 750.00
# together 1,150.00 + 1,650.00 + 750.00 = 3,550.00


def special_disease(code: str) -> dict[str, Any]:
    """The listed disease of a claim."""
    return {
        "sequence": 1,
        "category": concept(cs("supporting-info"), "special-disease"),
        "code": concept(cs("special-disease"), code),
    }


def arrears(works: Works, person: str) -> str:
    stored = works.store.search("Coverage", persons_of=None, limit=10)
    for each in stored:
        if each.person == person:
            found = read_stored(each.body, id=each.id).get("extension", [])
            return str(next((x["valueDate"] for x in found if x["url"].endswith("in-arrears-since")), ""))
    raise AssertionError("no cover")


def test_a_quarter_paid_in_time_is_split_by_fund_and_account(works: Works, people: People) -> None:
    answer = works.levy("3550.00", roster=roster(people))

    assert answer.body["paid"] == {"pooled": "1150.00", "accounts": "1650.00", "late_fee": "0.00", "unit": "750.00"}
    assert [works.balance(person) for person in people] == ["475.00", "775.00", "400.00"]
    assert (works.holds(A.INCOME_ACCOUNT), works.holds(A.INCOME_ACCOUNT, "unit")) == ("1150.00", "750.00")
    assert works.holds(A.INCOME_ACCOUNT, "personal-account") == "1650.00"
    assert works.holds(A.CONTRIBUTION_RECEIVABLE) == "0.00"
    assert [arrears(works, person) for person in people] == ["", "", ""]
    works.sound()


def test_what_is_short_serves_the_pooled_fund_then_the_accounts_in_proportion(works: Works, people: People) -> None:
    first = works.levy("1975.00", roster=roster(people))

    # 1,975.00 - 1,150.00 = 825.00, half of the accounts' 1,650.00; the running sums round
    assert [works.balance(person) for person in people] == ["237.50", "387.50", "200.00"]
    assert first.body["owed"] == {"pooled": "0.00", "accounts": "825.00", "late_fee": "0.00", "unit": "750.00"}

    second = works.levy("1600.00")
    assert second.body["paid"] == {"pooled": "0.00", "accounts": "825.00", "late_fee": "0.00", "unit": "750.00"}
    assert second.body["held"] == "25.00"
    assert works.holds(A.UNAPPLIED_RECEIPTS) == "-25.00"
    assert [works.balance(person) for person in people] == ["475.00", "775.00", "400.00"]
    works.sound()


def test_who_pays_late_pays_two_per_mille_a_day_and_is_in_arrears_until_then(works: Works, people: People) -> None:
    works.levy("0", roster=roster(people))
    assert arrears(works, people[0]) == "", "not due yet"

    works.now = MARCH
    told = works.levy("0")
    # 69 days from 10 January to 20 March: 1,150.00 * 2‰ * 69 = 158.70
    assert told.body["owed"]["late_fee"] == "158.70"
    assert [arrears(works, person) for person in people] == ["2015-01-11"] * 3

    paid = works.levy("3708.70")
    assert paid.body["owed"] == {"pooled": "0.00", "accounts": "0.00", "late_fee": "0.00", "unit": "0.00"}
    assert works.holds(A.LATE_FEE_INCOME) == "-158.70"
    assert [arrears(works, person) for person in people] == ["", "", ""]
    works.sound()


def test_a_quarter_that_is_paid_does_not_hide_an_older_one(works: Works, people: People) -> None:
    works.levy("0", roster=roster(people), quarter="2014Q4")
    works.levy("3550.00", roster=roster(people))

    assert [arrears(works, person) for person in people] == ["2014-10-11"] * 3

    works.levy("9999.00", quarter="2014Q4")
    assert [arrears(works, person) for person in people] == [""] * 3


def test_the_late_fee_stops_where_the_pooled_fund_is_paid(works: Works, people: People) -> None:
    works.now = datetime(2015, 1, 20, 1, tzinfo=UTC)
    # ten days: 1,150.00 * 2% = 23.00; the payment serves pooled 1,150.00 and 50.00 of the accounts
    first = works.levy("1200.00", roster=roster(people))
    assert first.body["owed"] == {"pooled": "0.00", "accounts": "1600.00", "late_fee": "23.00", "unit": "750.00"}

    works.now = MARCH
    assert works.levy("0").body["owed"]["late_fee"] == "23.00"


def test_arrears_defer_the_pooled_fund_alone_and_a_new_decision_pays_it(works: Works, people: People) -> None:
    works.levy("0", roster=roster(people))
    works.now = MARCH
    works.levy("0")
    young = people[0]

    settled = works.submit(young, "5000.00", supportingInfo=[special_disease("malignant_tumour")])
    assert not settled.codes, settled.codes
    # above 3,000.00 in the quarter: 2,000.00 * 90% = 1,800.00 of the pooled fund waits, the person advances it
    assert works.holds(A.BENEFIT_EXPENSE) == "0.00"
    waiting = works.paid(settled.id)

    works.levy("5000.00")
    assert not works.resettle(settled.id).codes
    [now] = [each for each in works.store.settlements(limit=9) if each.state == "effective"]
    assert works.holds(A.BENEFIT_EXPENSE) == "1800.00"
    assert now.fund > money.of(waiting[0])
    works.sound()


def test_a_payment_is_booked_once_and_a_roster_counts_once(works: Works, people: People) -> None:
    first = works.levy("3550.00", roster=roster(people), reference="ZS")
    again = works.levy("3550.00", roster=roster(people), reference="ZS")

    assert first.reply.body == again.reply.body
    assert works.levy("3551.00", roster=roster(people), reference="ZS").codes == ["reference-reused"]
    assert works.levy("1.00", roster=roster(people)).codes == ["roster-fixed"]
    assert works.levy("1.00", quarter="2015Q2").codes == ["roster-missing"]
    assert works.balance(people[0]) == "475.00"
    works.sound()


BAD: list[tuple[dict[str, Any], list[str]]] = [
    ({"scheme": "resident"}, ["unknown-scheme"]),
    ({"employer": "小厂"}, ["bad-fund-party"]),
    ({"quarter": "2015Q5"}, ["bad-fund-report"]),
    ({"quarter": "1980Q1"}, ["no-fund-terms"]),
    ({"amount": "-1"}, ["bad-fund-report"]),
    ({"paid_on": "2016-01-01"}, ["bad-fund-report"]),
    ({"reference": ""}, ["bad-fund-report"]),
    ({"colour": "red"}, ["bad-fund-report"]),
    ({"roster": "all"}, ["bad-fund-report"]),
    ({"roster": [1, {"person": "x"}]}, ["bad-fund-report", "bad-fund-report"]),
    ({"roster": [{"person": "x", "retired": False, "earned": "a"}]}, ["bad-fund-report"]),
    ({"roster": [{"person": "x", "retired": False, "earned": "1"}] * 2}, ["bad-fund-report"]),
    ({"roster": [{"person": "x", "retired": False, "earned": "1"}, {"person": "y", "retired": True, "earned": "1"}]},
     ["person-not-found", "person-not-found"]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "codes"), BAD, ids=lambda value: str(value)[:40])
def test_bad_levies_are_refused_with_every_problem(works: Works, change: dict[str, Any], codes: list[str]) -> None:
    rest = {"roster": [], **change}

    assert works.levy(rest.pop("amount", "0"), **rest).codes == codes


@pytest.mark.parametrize("body", [b"", b"[]", b"null"])
def test_what_is_no_levy_is_refused(works: Works, body: bytes) -> None:
    assert works.conclude(prepare_levy(works.exchange, OFFICE, body)).codes[0] in {"bad-fund-report", "not-json"}


def test_only_the_agency_levies(works: Works) -> None:
    assert works.conclude(prepare_levy(works.exchange, HOSPITAL, encode({}))).codes == ["forbidden"]
