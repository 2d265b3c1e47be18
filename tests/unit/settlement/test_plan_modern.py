"""The demonstration plan as a whole: stays that go on, batches that share accounts, reversal, order, explanation."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel import money
from gateway.kernel.ids import PersonId
from gateway.kernel.money import Fen
from gateway.policies.load import SHIPPED, load_policy
from gateway.settlement.adjudicate import adjudicate, after, settle
from gateway.settlement.claim import NOTHING, Case, Claim, Counters, Spent
from gateway.settlement.decision import Decision
from gateway.settlement.entries import counter_movements
from gateway.settlement.explain import explain
from tests.unit.settlement.sheet import PERSON, YEAR, claim, family

MODERN = load_policy(SHIPPED / "100000-modern")


def modern(*yuan: str, **rest: Any) -> Claim:
    return claim(*yuan, **{"level": "secondary", **rest})


def decided(on: Claim, spent: Spent | None = None) -> Decision:
    outcome = adjudicate(Case(on, spent or {}), MODERN)
    assert isinstance(outcome, Decision)
    return outcome


def test_a_stay_that_goes_on_elsewhere_is_one_admission() -> None:
    first = modern("1500.00")
    second = modern("5400.00", level="tertiary", transfer_from="secondary")
    third = modern("1250.00")
    decisions = list(settle((Case(each) for each in (first, second, third)), lambda _: MODERN))

    # 500.00; 900.00 - 500.00; the second stay of the year: 250.00
    assert [each.deductible for each in decisions if isinstance(each, Decision)] == [50000, 40000, 25000]


def test_a_batch_draws_each_account_down_once() -> None:
    person = replace(family("300.00", "500.00"), category="worker")
    sister = replace(person, id=PersonId("1000000000000000000000000p0002"), account_balance=0)
    cases = [Case(modern("1500.00", person=each)) for each in (person, person, sister, sister)]
    decisions = [each for each in settle(cases, lambda _: MODERN) if isinstance(each, Decision)]

    # own shares: 500.00 + 1000.00 * 12% = 620.00, then 250.00 + 1250.00 * 12% = 400.00, for each of the two;
    # 300.00 own and 320.00 of the family's 500.00, then the family's last 180.00, then nothing
    assert [each.account for each in decisions] == [62000, 18000, 0, 0]
    assert [each.cash for each in decisions] == [0, 22000, 62000, 40000]


def test_every_movement_is_undone_exactly() -> None:
    spent = {("catastrophic", YEAR): Counters(deductible=money.of("14000.00"))}
    poor = replace(PERSON, identities=frozenset({"low_income"}))
    decision = decided(modern("40000.00", person=poor), spent)
    later = {**spent, **after(spent, decision.movements)}
    undone = {**later, **after(later, counter_movements(decision.movements))}

    assert {layer for layer, _ in later} >= {"basic", "inpatient", "catastrophic", "aid"}
    assert {key: value for key, value in undone.items() if value != NOTHING} == spent


@given(st.integers(1, 10**8), st.integers(0, 10**8), st.sampled_from(["low_income", "five_guarantee", "civil_servant"]))
def test_layers_add_up_and_pay_more_for_more_cost(cost: Fen, more: Fen, identity: str) -> None:
    person = replace(PERSON, category="worker", identities=frozenset({identity}))
    smaller, larger = (decided(modern(money.text(fen), person=person, level="tertiary")) for fen in (cost, cost + more))

    assert smaller.fund_total <= larger.fund_total
    assert larger.total == larger.fund_total + larger.account + larger.cash + larger.institution_share


def test_every_figure_of_the_plan_is_explained_with_its_rule() -> None:
    poor = replace(PERSON, identities=frozenset({"low_income"}), insured_on=date(2020, 1, 1))
    explained = explain(decided(modern("60000.00", person=poor, level="out_of_area", filed=False)))

    assert [each.figure for each in explained if not (each.source or each.reading)] == []
    assert {"deductible-of-admission", "ceiling", "tier", "reduction", "layer-threshold", "layer-tier"} <= {
        each.figure for each in explained
    }
