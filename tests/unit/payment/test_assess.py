"""Assessments beyond the case files: meter, advances, successors, payees, explanation, what is kept."""

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from gateway.datasets.payment_figures import SUMS, write_assessment
from gateway.kernel import money
from gateway.kernel.dated import Dated
from gateway.kernel.problem import Refusal
from gateway.payment.assess import advances_for, assess_month, assess_year
from gateway.payment.assessment import Assessment, Facts
from gateway.payment.measuring import measure, measure_month
from gateway.payment.payment import BankAccount, Change, Deposit, Payment
from gateway.payment.stated import Stated
from gateway.payment.terms import EVERYONE, Scope
from gateway.policies.load import PolicyBook, load_all
from tests.unit.payment.world import INSTITUTIONS, MONTH, RULE, case, measures_of, payment, terms

ONE, TWO, THREE = INSTITUTIONS


def closed(code: str, day: date, into: str = "") -> Change:
    return Change(code, day, into, RULE)


def account(name: str) -> BankAccount:
    return BankAccount(name, "1" * 16, "示范银行", "9" * 12)


def figure_of(assessment: Assessment, code: str) -> str:
    return next(each.arithmetic for each in assessment.all_figures if each.code == code)


def test_the_running_meter_counts_the_months_before() -> None:
    paying = payment(terms("global-budget"))
    earlier = {
        ONE: (
            measure_month(paying, [case(fund=1_000_000, total=1_000_000)], institution=ONE, level="", month="2015-05")
        )
    }
    facts = Facts(earlier=earlier)

    found = assess_month(paying, MONTH, measures_of(paying, [case(fund=500_000, total=500_000)]), facts)[ONE]

    # 5000.00 + 10000.00 of 6 / 12 of 100000.01
    assert figure_of(found, "meter") == "15000.00 / 50000.00 = 30 %"


def test_the_year_is_the_same_whatever_the_months_were_called_before() -> None:
    paying = payment(terms("global-budget"))
    assessed = {ONE: 5, TWO: 7}

    found = assess_year(paying, "2015", {}, Facts(assessed=assessed))

    assert {code: (each.due - each.adjustment) for code, each in found.items()} == assessed


def test_advances_are_the_twelfths_less_the_deposit() -> None:
    deposit = Deposit(500, (), EVERYONE, RULE)
    paying = replace(payment(terms("global-budget")), deposits=(Dated(deposit, date.min),))

    found = advances_for(paying, MONTH)

    # 100000.01 in June: 10000001 * 6 // 12 - 10000001 * 5 // 12 = 5000000 - 4166667; 5 % of it: 41667
    assert found == {ONE: 833_333 - 41_667}
    assert assess_month(paying, MONTH, {})[ONE].payable == 0
    assert advances_for(payment(terms("fee-for-service")), MONTH) == {}


def test_a_deposit_by_level_reaches_an_institution_without_cases() -> None:
    deposit = Deposit(500, (), Scope(levels=frozenset({"town"})), RULE)
    paying = replace(payment(terms("global-budget")), deposits=(Dated(deposit, date.min),))

    assert assess_month(paying, MONTH, {}, Facts(levels={ONE: "town"}))[ONE].retained == 41_667
    assert assess_month(paying, MONTH, {}, Facts(levels={ONE: "city"}))[ONE].retained == 0


def test_an_advance_that_is_more_than_is_due_stays_prepaid() -> None:
    paying = payment(terms("fee-for-service"))

    found = assess_month(paying, MONTH, measures_of(paying, [case()]), Facts(advances={ONE: 100_000}))[ONE]

    assert (found.advance, found.payable, found.carried) == (80_000, 0, 0)


def test_a_closed_institution_hands_its_budget_and_payee_to_the_last_of_its_successors() -> None:
    changes = {ONE: closed(ONE, date(2014, 12, 31), TWO), TWO: closed(TWO, date(2015, 5, 31), THREE)}
    payees = {THREE: (Dated(account("three"), date.min),)}
    paying = payment(terms("global-budget"), changes=changes, payees=payees)

    assert paying.owner_on(ONE, date(2014, 12, 31)) == ONE
    assert paying.owner_on(ONE, date(2015, 1, 1)) == TWO
    assert paying.owner_on(ONE, date(2015, 6, 1)) == THREE
    assert assess_month(paying, MONTH, {})[THREE].due == 833_333
    assert paying.payee_on(ONE, date(2015, 6, 1)) == account("three")


def test_an_institution_closed_without_successor_has_no_budget_and_keeps_its_account() -> None:
    payees = {ONE: (Dated(account("one"), date.min),)}
    paying = payment(terms("global-budget"), changes={ONE: closed(ONE, date(2015, 5, 31))}, payees=payees)
    red = measures_of(paying, [case(sign=-1)])

    found = assess_month(paying, MONTH, red)[ONE]

    assert (found.due, found.payable, found.carried) == (-80_000, 0, 80_000)
    assert advances_for(paying, MONTH) == {}
    assert paying.payee_on(ONE, date(2015, 6, 1)) == account("one")
    assert paying.payee_on(TWO, date(2015, 6, 1)) is None


def test_terms_hold_for_a_month_by_its_first_day() -> None:
    paying = payment(terms("per-diem", from_on=date(2015, 6, 2)))

    assert [each.terms for each in measure_month(paying, [case()], institution=ONE, level="", month=MONTH)] == [
        "fee-for-service"
    ]
    assert [each.terms for each in measure_month(paying, [case()], institution=ONE, level="", month="2015-07")] == [
        "one"
    ]


def test_each_case_goes_to_the_first_terms_that_take_it() -> None:
    first = terms("per-diem", scope=Scope(groups=frozenset({"G1"}), levels=frozenset({"town"})))
    second = replace(terms("fee-for-service", scope=Scope(kinds=frozenset({"inpatient"}))), id="two")
    paying = payment(first, second)
    care = [case(case_group="G1"), case(case_group="G2"), case(kind="outpatient")]

    town = measure_month(paying, care, institution=ONE, level="town", month=MONTH)
    city = measure_month(paying, care, institution=ONE, level="city", month=MONTH)

    assert {each.terms: each.cell("cases") for each in town} == {"one": 1, "two": 1, "fee-for-service": 1}
    assert {each.terms: each.cell("cases") for each in city} == {"two": 2, "fee-for-service": 1}
    assert measure(first, care[:1], institution=ONE, level="town", month=MONTH) in town


def test_a_stated_fact_goes_before_the_file() -> None:
    filed = {ONE: (Dated(Stated(heads={"adult": 1_000}), date(2015, 1, 1), date(2015, 12, 31)),)}
    paying = payment(terms("per-head"), stated=filed)

    # 36.00 * 1000 / 4; 36.00 * 2000 / 4
    assert assess_month(paying, "2015-04", {})[ONE].due == money.of("9000.00")
    given = Facts(stated={ONE: Stated(heads={"adult": 2_000})})
    assert assess_month(paying, "2015-04", {}, given)[ONE].due == money.of("18000.00")
    assert ONE not in assess_month(paying, "2016-04", {})


def test_measures_of_another_month_are_not_assessed() -> None:
    paying = payment(terms("fee-for-service"))
    with pytest.raises(AssertionError, match="of the month"):
        assess_month(paying, "2015-07", measures_of(paying, [case()]))


def test_an_agreement_that_was_measured_may_not_leave_the_file() -> None:
    measured = measures_of(payment(terms("per-diem")), [case()])

    with pytest.raises(Refusal) as refused:
        assess_year(payment(replace(terms("per-diem"), id="two")), "2015", measured)
    assert [each.code for each in refused.value.problems] == ["terms-gone"]


def test_an_assessment_is_kept_and_read_again() -> None:
    paying = payment(terms("drg in a pool"))
    found = assess_month(paying, MONTH, measures_of(paying, [case(case_group="G1")]))[ONE]

    assert msgspec.json.decode(msgspec.json.encode(found), type=Assessment) == found


@pytest.fixture(scope="module")
def book() -> PolicyBook:
    return load_all()


def test_every_figure_of_a_shipped_assessment_names_rule_and_words(book: PolicyBook) -> None:
    paying = book.policies["321182-resident"].payment
    assert isinstance(paying, Payment)
    measures = measures_of(paying, [case(days=8, fund=400_000, total=600_000)], level="city_hospital")

    found = assess_year(paying, "2015", measures, Facts(deposits={ONE: 1_000}))[ONE]

    assert {"as-settled", "allowed", "rewarded", "score", "factor", "released"} <= {
        each.code for each in found.all_figures
    }
    for each in found.all_figures:
        assert each.rule.startswith("321182-resident:payment.")
        assert each.source or each.reading
    values = write_assessment(found)
    assert set(SUMS) <= set(values)
    assert values["items"][0]["figures"][0]["rule"] == "321182-resident:payment.terms.inpatient-average"
