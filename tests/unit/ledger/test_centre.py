"""The community settlement centre: two levels of government by parts, a fifth pooled, money by appraisal (R7)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.ledger.accounts import Account
from gateway.ledger.centre import (
    CentreTerms,
    Subsidy,
    appraise,
    monthly_report,
    score_of,
    subsidy_of,
    write_down,
)
from gateway.ledger.flows import centres
from gateway.ledger.parts import part_of_year, split
from gateway.policies.load import SHIPPED, load_area

FUND = load_area(SHIPPED / "310000-worker").fund
assert FUND is not None
FOUND = FUND.centres_on(date(2008, 1, 1))
assert FOUND is not None
TERMS: CentreTerms = FOUND

ONE, TWO, THREE = "H31000000101", "H31000000102", "H31000000103"
FULL_MARKS = dict.fromkeys(TERMS.weights, 10_000)


def test_the_weights_are_those_of_the_text() -> None:
    assert TERMS.weights == {
        "basic_care": 30,
        "public_health": 30,
        "management": 25,
        "satisfaction": 10,
        "satisfaction_outside": 5,
    }
    assert (TERMS.running, TERMS.prevention) == ({"district": 1, "town": 2}, {"district": 1, "town": 1})
    assert (TERMS.pooled, TERMS.deficit_years) == (2000, 2)


def test_a_gap_is_shared_one_to_two_and_prevention_half_and_half() -> None:
    subsidy = subsidy_of(TERMS, income=600_000_00, expenditure=900_000_00, prevention=100_000_01)

    # 900,000.00 - 600,000.00 = 300,000.00; 1/3 = 100,000.00, the rest 200,000.00
    assert (subsidy.gap, subsidy.running) == (300_000_00, {"district": 100_000_00, "town": 200_000_00})
    # 100,000.01 / 2 = 50,000.005, up: 50,000.01; the rest 50,000.00
    assert subsidy.prevention == {"district": 50_000_01, "town": 50_000_00}
    # pooled 20 % of 100,000.00 = 20,000.00; 10 % of the other 280,000.00 waits = 28,000.00
    assert (subsidy.pooled, subsidy.waits) == (20_000_00, 28_000_00)
    # 300,000.00 - 20,000.00 - 28,000.00 + 100,000.01 = 352,000.01
    assert subsidy.assured == 352_000_01


def test_a_centre_that_covers_its_cost_gets_prevention_money_alone() -> None:
    subsidy = subsidy_of(TERMS, income=900_000_00, expenditure=900_000_00, prevention=40_000_00)

    assert subsidy == Subsidy(0, {"district": 0, "town": 0}, {"district": 20_000_00, "town": 20_000_00}, 0, 0)
    assert appraise({ONE: subsidy}, {ONE: 10_000})[ONE] == (10_000, 0, 0)


def test_a_score_is_the_weighted_mark() -> None:
    marks = {
        "basic_care": 90_00,
        "public_health": 85_00,
        "management": 80_00,
        "satisfaction": 86_50,
        "satisfaction_outside": 70_00,
    }

    # 90*30% + 85*30% + 80*25% + 86.5*10% + 70*5% = 27 + 25.5 + 20 + 8.65 + 3.5 = 84.65
    assert score_of(TERMS, marks) == 84_65
    assert score_of(TERMS, FULL_MARKS) == 100_00
    with pytest.raises(AssertionError):
        score_of(TERMS, {**marks, "basic_care": 100_01})
    with pytest.raises(AssertionError):
        score_of(TERMS, {"basic_care": 90_00})


def test_the_appraisal_decides_the_waiting_and_the_pooled_money() -> None:
    subsidies = {
        ONE: subsidy_of(TERMS, income=0, expenditure=300_000_00, prevention=0),
        TWO: subsidy_of(TERMS, income=0, expenditure=150_000_00, prevention=0),
    }
    given_to = appraise(subsidies, {ONE: 80_00, TWO: 100_00})

    # one: district 100,000.00, pooled 20,000.00, waits 28,000.00, earns 80 % = 22,400.00
    # two: district 50,000.00, pooled 10,000.00, waits 14,000.00, earns all = 14,000.00
    assert (given_to[ONE].earned, given_to[TWO].earned) == (22_400_00, 14_000_00)
    # pool 20,000.00 + 10,000.00 + (28,000.00 - 22,400.00) = 35,600.00, by 300*80 : 150*100 = 8 : 5
    # 35,600.00 * 8/13 = 21,907.692..., floor .69, remainder .23; * 5/13 = 13,692.307..., floor .30, remainder .77
    assert (given_to[ONE].pooled, given_to[TWO].pooled) == (21_907_69, 13_692_31)


def test_equal_remainders_go_to_the_first_code() -> None:
    small = Subsidy(100, {"district": 34, "town": 66}, {"district": 0, "town": 0}, 1, 0)
    given_to = appraise({THREE: small._replace(pooled=0), TWO: small._replace(pooled=0), ONE: small},
                        dict.fromkeys((ONE, TWO, THREE), 50_00))  # fmt: skip

    assert {code: each.pooled for code, each in given_to.items()} == {ONE: 1, TWO: 0, THREE: 0}


def test_centres_without_gap_or_score_share_nothing() -> None:
    subsidy = subsidy_of(TERMS, income=0, expenditure=100_00, prevention=0)

    assert appraise({ONE: subsidy}, {ONE: 0})[ONE] == (0, 0, 0)
    assert appraise({}, {}) == {}


def test_quarters_and_months_are_the_year() -> None:
    # 100,000.01 by quarters: 25,000.00, 25,000.01 (50,000.005 up), 25,000.00, 25,000.00
    quarters = [part_of_year(100_000_01, number, of=4) for number in range(1, 5)]
    assert quarters == [25_000_00, 25_000_01, 25_000_00, 25_000_00]
    assert sum(part_of_year(99_999_99, number, of=12) for number in range(1, 13)) == 99_999_99


def test_an_old_deficit_is_gone_in_two_years() -> None:
    assert write_down(33_333_33, TERMS) == (16_666_66, 16_666_67)
    assert write_down(0, TERMS) == (0, 0)


def test_the_monthly_report_keeps_basic_care_and_public_health_apart() -> None:
    moved = {
        ONE: {
            (centres.BASIC_CARE, Account.CENTRE_INCOME): -80_000_00,
            (centres.BASIC_CARE, Account.CENTRE_EXPENSE): 75_000_00,
            (centres.PUBLIC_HEALTH, Account.CENTRE_EXPENSE): 9_000_00,
        }
    }
    day = {ONE: {(centres.BASIC_CARE, Account.DEFICIT_TO_COVER): 16_666_67}, TWO: {}}

    assert monthly_report(moved, day) == (
        (centres.BASIC_CARE, ONE, 80_000_00, 75_000_00, 16_666_67),
        (centres.PUBLIC_HEALTH, ONE, 0, 9_000_00, 0),
    )


AMOUNTS = st.integers(0, 10**10)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, st.integers(0, 10_000)), min_size=1, max_size=8))
def test_no_fen_is_lost_between_centres(made: list[tuple[int, int, int]]) -> None:
    subsidies = {
        f"c{n}": subsidy_of(TERMS, income=income, expenditure=cost, prevention=0)
        for n, (income, cost, _) in enumerate(made)
    }
    scores = {f"c{n}": score for n, (_, _, score) in enumerate(made)}
    given_to = appraise(subsidies, scores)

    money = sum(each.pooled + each.waits for each in subsidies.values())
    shared = sum(each.earned + each.pooled for each in given_to.values())
    anybody = any(subsidies[code].gap * scores[code] for code in subsidies)
    assert shared == (money if anybody else 0)
    assert all(min(each.earned, each.pooled) >= 0 for each in given_to.values())
    assert all(sum(each.running.values()) == each.gap for each in subsidies.values())


@given(AMOUNTS)
def test_parts_are_the_amount(amount: int) -> None:
    assert sum(split(amount, {"a": 1, "b": 2, "c": 4}).values()) == amount
    assert sum(write_down(amount, TERMS)) == amount
