"""What holds for every method, whatever care there was."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.kernel import money
from gateway.kernel.money import RATE_ONE
from gateway.payment.assess import assess_month, assess_year
from gateway.payment.assessment import Assessment, Facts
from gateway.payment.case import Case
from gateway.payment.measure import ACCOUNT, Measure, measure_from, measure_values, merged
from gateway.payment.shares import instalment, shared_out
from gateway.payment.stated import Stated
from tests.unit.payment.world import BY_CASE, INSTITUTIONS, MONTH, PARAMETERS, POOLS, cases, measures_of, payment, terms

QUICK = settings(max_examples=60, deadline=None, derandomize=True)
CARE = st.lists(cases(), max_size=12)
EVERY = pytest.mark.parametrize("name", sorted(PARAMETERS))
STATED = {INSTITUTIONS[0]: Stated(heads={"adult": 1_001}), INSTITUTIONS[2]: Stated(heads={"adult": 7})}


def flat(measures: dict[str, tuple[Measure, ...]]) -> tuple[Measure, ...]:
    return merged(each for listed in measures.values() for each in listed)


def check_sums(each: Assessment, *, base: int) -> None:
    assert each.due == sum(item.due for item in each.items) - sum(one.amount for one in each.deductions)
    assert each.fee_for_service == sum(item.fee_for_service for item in each.items)
    assert min(each.payable, each.carried, each.retained, each.advance, each.released, each.forfeited) >= 0
    assert not (each.payable and each.carried)
    moved = each.account - each.retained + each.released - each.advance - each.brought
    assert each.payable - each.carried == base + each.adjustment + moved


@EVERY
@QUICK
@given(care=CARE, seed=st.integers(0, 99))
def test_the_order_of_cases_changes_nothing(name: str, care: list[Case], seed: int) -> None:
    paying, shuffled = payment(terms(name)), care.copy()
    Random(seed).shuffle(shuffled)

    assert measures_of(paying, shuffled) == measures_of(paying, care)


@EVERY
@QUICK
@given(one=CARE, other=CARE)
def test_measures_of_two_streams_add_up_to_that_of_both(name: str, one: list[Case], other: list[Case]) -> None:
    paying = payment(terms(name))
    added = merged((*flat(measures_of(paying, one)), *flat(measures_of(paying, other))))

    assert added == flat(measures_of(paying, [*one, *other]))
    assert tuple(measure_from(measure_values(each)) for each in added) == added


@EVERY
@QUICK
@given(care=CARE, more=cases())
def test_a_case_that_is_settled_and_cancelled_leaves_nothing(name: str, care: list[Case], more: Case) -> None:
    paying = payment(terms(name))
    undone = [*care, more._replace(sign=1), more._replace(sign=-1)]
    without = [each for each in flat(measures_of(paying, care)) if each.cells]

    assert [each for each in flat(measures_of(paying, undone)) if each.cells] == without


@EVERY
@QUICK
@given(care=CARE, brought=st.integers(0, 1_000_000))
def test_the_sums_of_a_month_hold_and_nothing_is_paid_below_nothing(name: str, care: list[Case], brought: int) -> None:
    paying = payment(terms(name))
    facts = Facts(stated=STATED, brought={INSTITUTIONS[0]: brought})

    for code, each in assess_month(paying, MONTH, measures_of(paying, care), facts).items():
        check_sums(each, base=each.fee_for_service)
        assert each.adjustment == each.due - each.fee_for_service
        assert each.fee_for_service == sum(one.sign * one.fund for one in care if one.institution == code)


@EVERY
@QUICK
@given(care=CARE, deposit=st.integers(0, 1_000_000))
def test_the_sums_of_a_year_hold(name: str, care: list[Case], deposit: int) -> None:
    paying = payment(terms(name))
    measures = measures_of(paying, care)
    months = {code: each.due for code, each in assess_month(paying, MONTH, measures, Facts(stated=STATED)).items()}
    facts = Facts(stated=STATED, assessed=months, deposits={INSTITUTIONS[0]: deposit})

    for code, each in assess_year(paying, "2015", measures, facts).items():
        check_sums(each, base=0)
        assert each.adjustment == each.due - months.get(code, 0)
        assert each.released + each.forfeited == facts.deposits.get(code, 0)


@EVERY
@QUICK
@given(care=CARE)
def test_what_people_and_their_accounts_paid_is_passed_on_as_it_is(name: str, care: list[Case]) -> None:
    paying = payment(terms(name))
    measures = measures_of(paying, care)

    for code, each in assess_month(paying, MONTH, measures, Facts(stated=STATED)).items():
        assert each.account == sum(one.sign * one.account for one in care if one.institution == code)
        assert each.account == sum(one.cell(ACCOUNT) for one in measures.get(code, ()))


@pytest.mark.parametrize("name", POOLS)
@QUICK
@given(care=CARE)
def test_a_pool_never_pays_more_than_its_budget_and_without_a_cap_pays_all_of_it(name: str, care: list[Case]) -> None:
    paying = payment(terms(name))
    measures = measures_of(paying, care)
    given_ = paying.terms[0].parameters

    month = [each.due for each in assess_month(paying, MONTH, measures).values()]
    year = [each.due for each in assess_year(paying, "2015", measures).values()]

    pool = money.share(instalment(given_["budget"], 6), given_["monthly"])
    assert min([*month, *year], default=0) >= 0
    assert sum(month) <= pool
    assert sum(year) <= given_["budget"]
    if name == "drg in a pool" and any(each.cell("counted") > 0 for each in flat(measures)):
        assert (sum(month), sum(year)) == (pool, given_["budget"])


@pytest.mark.parametrize("name", [*BY_CASE, "global-budget", *POOLS])
@QUICK
@given(care=CARE, more=cases(INSTITUTIONS[0]))
def test_one_more_case_never_makes_less_due(name: str, care: list[Case], more: Case) -> None:
    paying, code = payment(terms(name)), INSTITUTIONS[0]
    before = assess_year(paying, "2015", measures_of(paying, care))
    after = assess_year(paying, "2015", measures_of(paying, [*care, more._replace(sign=1)]))

    assert after[code].due >= (before[code].due if code in before else 0)


@QUICK
@given(yearly=st.integers(0, 10**12))
def test_twelve_instalments_are_the_year(yearly: int) -> None:
    parts = [instalment(yearly, month) for month in range(1, 13)]

    assert sum(parts) == yearly
    assert max(parts) - min(parts) <= 1


@QUICK
@given(amount=st.integers(0, 10**12), parts=st.dictionaries(st.text(max_size=3), st.integers(1, 10**9), max_size=9))
def test_shares_add_up_and_are_within_a_fen_of_the_proportion(amount: int, parts: dict[str, int]) -> None:
    found, whole = shared_out(amount, parts), sum(parts.values())

    assert sum(found.values()) == (amount if parts else 0)
    for code, share in found.items():
        assert abs(share * whole - amount * parts[code]) < whole


@QUICK
@given(
    care=st.lists(cases(INSTITUTIONS[0]), max_size=12),
    kept=st.integers(0, RATE_ONE),
)
def test_savings_kept_stay_between_what_was_used_and_the_budget(care: list[Case], kept: int) -> None:
    agreed = terms("global-budget")
    paying = payment(replace(agreed, parameters={**agreed.parameters, "kept": kept}))
    used = sum(each.sign * each.fund for each in care)
    budget = agreed.parameters["budgets"][INSTITUTIONS[0]]

    due = assess_year(paying, "2015", measures_of(paying, care))[INSTITUTIONS[0]].due

    if 0 <= used <= budget:
        assert used <= due <= budget
