"""Bank credits open cover when the levy of the year is paid in full: 200.00 by the person, 430.00 by government."""

from datetime import date

import pytest

from gateway.exchange.fund import prepare_event
from gateway.fhir.json import encode
from tests.unit.exchange.town import AGENCY, Answer, Town, citizen, claim, read


@pytest.fixture
def number(town: Town) -> str:
    """A registered person who has paid nothing."""
    made = citizen(1)
    town.event("登记", made, day=date(2015, 1, 1))
    return made


def balances(town: Town) -> dict[str, int]:
    return {account: fen for (_, _, account), fen in town.store.trial_balance().items() if fen}


def covered(town: Town, citizen_id: str) -> list[tuple[str, str, str]]:
    return [
        (each["period"]["start"], each["period"]["end"], each["class"][0]["value"])
        for each in town.coverages(citizen_id)
    ]


YEAR = [("2015-01-01", "2015-12-31", "resident")]


def test_a_levy_paid_in_full_opens_the_year_and_is_booked(town: Town, number: str) -> None:
    town.pay(number)

    assert covered(town, number) == YEAR
    assert balances(town) == {
        "income-account": 20000,
        "contribution-income": -20000,
        "subsidy-receivable": 43000,
        "subsidy-income": -43000,
    }
    town.sound()


def test_a_levy_paid_short_opens_nothing_and_leaves_the_rest_receivable(town: Town, number: str) -> None:
    town.pay(number, "120.00")

    assert covered(town, number) == []
    assert balances(town)["contribution-receivable"] == 8000
    assert town.submit(claim(number)).codes == ["not-covered"]
    town.sound()


def test_the_second_part_opens_the_year(town: Town, number: str) -> None:
    town.pay(number, "120.00")
    town.pay(number, "80.00")

    assert covered(town, number) == YEAR
    assert "contribution-receivable" not in balances(town)
    assert balances(town)["subsidy-receivable"] == 43000
    town.sound()


def test_what_is_too_much_is_held_and_opens_nothing_twice(town: Town, number: str) -> None:
    town.pay(number, "250.00")
    town.pay(number, "200.00")

    assert covered(town, number) == YEAR
    assert balances(town)["unapplied-receipts"] == -25000
    assert balances(town)["income-account"] == 45000
    town.sound()


@pytest.mark.parametrize("payer", [citizen(9), ""])
def test_money_of_an_unknown_payer_is_held(town: Town, number: str, payer: str) -> None:
    town.pay(payer, remittance=None if payer else "医保缴费")

    assert balances(town) == {"income-account": 20000, "unapplied-receipts": -20000}
    assert covered(town, number) == []
    town.sound()


@pytest.mark.parametrize("year", ["2012", "2016"])
def test_money_for_a_year_without_levy_is_held_for_the_payer(town: Town, number: str, year: str) -> None:
    town.pay(number, year=year)

    assert balances(town) == {"income-account": 20000, "unapplied-receipts": -20000}
    assert town.store.party_balances("unapplied-receipts") == {town.patient(number)["id"]: -20000}
    town.sound()


def test_each_year_has_its_own_levy(town: Town, number: str) -> None:
    town.pay(number, year="2014")
    town.pay(number, year="2015")

    assert sorted(covered(town, number)) == [("2014-01-01", "2014-12-31", "resident"), *YEAR]
    town.sound()


def test_a_notification_that_comes_again_is_posted_once(town: Town, number: str) -> None:
    first = town.pay(number, reference="REF-A")
    again = town.pay(number, reference="REF-A")

    assert (first.problems, again.problems) == ((), ())
    assert balances(town)["income-account"] == 20000
    assert covered(town, number) == YEAR


def test_a_reference_with_another_amount_is_a_conflict(town: Town, number: str) -> None:
    town.pay(number, "120.00", reference="REF-A")
    other = town.pay(number, "80.00", reference="REF-A")

    assert [problem.code for problem in other.problems] == ["key-reused"]
    assert balances(town)["income-account"] == 12000


@pytest.mark.parametrize(
    ("born_on", "category"),
    [
        (date(2012, 1, 1), "pupil"),
        (date(2012, 1, 2), "resident"),
        (date(1997, 1, 2), "pupil"),
        (date(1997, 1, 1), "resident"),
    ],
)
def test_the_category_is_that_of_the_age_on_the_first_day_of_the_year(town: Town, born_on: date, category: str) -> None:
    assert covered(town, town.resident(5, born_on)) == [("2015-01-01", "2015-12-31", category)]


def test_a_person_who_changed_number_pays_under_the_old_one(town: Town, number: str) -> None:
    town.event("变更号码", number, new_citizen_id=citizen(3))
    town.pay(number)

    assert covered(town, citizen(3)) == YEAR


def applied(town: Town, holder: str, number: str, yuan: str, *, reference: str = "R1") -> Answer:
    told = {
        "event": "held-applied",
        "scheme": "resident",
        "fund": "basic",
        "amount": yuan,
        "day": "2015-03-20",
        "party": holder,
        "to_party": number,
        "reference": reference,
    }
    reply = town.exchange.conclude(prepare_event(town.exchange, AGENCY, encode(told))).result()
    return Answer(reply, read(reply.body))


def test_a_held_receipt_pays_the_levy_of_who_is_found_later_and_opens_cover(town: Town, number: str) -> None:
    town.pay("", "250.00", remittance="医保缴费")
    [((_, holder), _)] = town.store.party_turnover(
        "resident", "unapplied-receipts", from_on=date.min, to_on=date.max
    ).items()

    assert applied(town, holder, number, "200.01").codes == ["beyond-levy"]
    assert not applied(town, holder, number, "200.00").codes
    assert not applied(town, holder, number, "200.00").codes, "the same once more is the same"

    assert covered(town, number) == YEAR
    assert balances(town) == {
        "income-account": 25000,
        "contribution-income": -20000,
        "subsidy-receivable": 43000,
        "subsidy-income": -43000,
        "unapplied-receipts": -5000,
    }
    assert applied(town, holder, number, "50.00", reference="R2").codes == ["beyond-levy"]
    town.sound()


def test_no_more_is_applied_than_was_held(town: Town, number: str) -> None:
    town.pay("", "10.00", remittance="医保缴费")
    [(_, holder)] = town.store.party_turnover("resident", "unapplied-receipts", from_on=date.min, to_on=date.max)

    assert applied(town, holder, number, "20.00").codes == ["beyond-balance"]
    assert covered(town, number) == []
    town.sound()
