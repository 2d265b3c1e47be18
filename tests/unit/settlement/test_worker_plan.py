"""Qingdao's plan as a whole: one account in a batch, bills of a quarter, arrears, and laws that hold for every bill."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel import money
from gateway.kernel.ids import PersonId
from gateway.kernel.money import Fen
from gateway.settlement.adjudicate import after, settle
from gateway.settlement.claim import Case, Claim, ClaimKind, Counters, Person
from gateway.settlement.decision import Decision
from gateway.settlement.entries import counter_movements
from gateway.settlement.explain import explain
from tests.unit.settlement.worker_sheets import LEVELS, PERSON, WORKERS, claim, decided, line, payers


def test_claims_of_one_batch_draw_on_one_balance() -> None:
    first, second, third = (
        claim(line(yuan), balance="150.00", kind=ClaimKind.OUTPATIENT) for yuan in ("100.00", "80.00", "10.00")
    )

    outcomes = list(settle([Case(first), Case(second), Case(third)], lambda _: WORKERS))

    assert [payers(each) for each in outcomes if isinstance(each, Decision)] == [
        {"account": "100.00"},
        {"account": "50.00", "unit": "27.00", "cash": "3.00"},  # 80.00 - 50.00 = 30.00; 30.00 * 90% = 27.00
        {"unit": "9.00", "cash": "1.00"},
    ]


def test_another_persons_claim_draws_on_another_balance() -> None:
    one = claim(line("100.00"), balance="100.00")
    other = replace(one, person=replace(one.person, id=PersonId("3702000000000000000000000p0002")))

    outcomes = list(settle([Case(one), Case(other)], lambda _: WORKERS))

    assert [payers(each) for each in outcomes if isinstance(each, Decision)] == [{"account": "100.00"}] * 2


def test_a_cancellation_gives_back_what_was_drawn() -> None:
    decision = decided(claim(line("6000.00"), balance="1000.00", disease="acute_stroke"))
    booked = after({}, decision.movements)

    restored = after(booked, counter_movements(decision.movements))

    assert booked["account", "1998"].counted == money.of("1000.00")
    assert set(restored.values()) == {Counters()}


def test_bills_of_a_quarter_cost_what_one_bill_costs() -> None:
    bills = [claim(line(yuan), disease="malignant_tumour") for yuan in ("2000.00", "4000.00", "9000.00")]

    parts = [each for each in settle(map(Case, bills), lambda _: WORKERS) if isinstance(each, Decision)]

    whole = decided(claim(line("15000.00"), disease="malignant_tumour"))
    assert {fund: sum(part.funds.get(fund, 0) for part in parts) for fund in whole.funds} == whole.funds


def test_what_is_deferred_is_no_own_share_and_not_spent() -> None:
    bill = claim(line("5000.00"), disease="malignant_tumour")

    paying, owing = decided(bill), decided(replace(bill, person=replace(PERSON, in_arrears=True)))

    moved = {movement.layer: movement.delta for movement in owing.movements if movement.period == "1998"}
    assert owing.cash - paying.cash == paying.funds["pooled"] == money.of("1800.00")
    assert moved["basic"].own_share == paying.cash
    assert (moved["pooled"].fund, moved["pooled"].counted) == (0, money.of("2000.00"))


def test_every_figure_of_the_plan_is_explained_with_its_source() -> None:
    bill = claim(line("600.00", "bed"), line("6000.00"), line("9.00", "registration"), balance="100.00")
    poor = replace(bill.person, wage_last_year=money.of("100.00"), identities=frozenset({"model_worker"}))
    said = explain(decided(replace(bill, person=poor, level="contracted", disease="major_surgery")))

    uncited = [each.figure for each in said if not each.source and each.figure != "in-scope"]
    assert uncited == []
    assert "(5000.00 − 3000.00) × 90 % = 1800.00" in {each.arithmetic for each in said}


CHARGES = st.sampled_from(["bed", "high_tech_exam", "drug", "registration"])
BILLS = st.lists(st.tuples(st.integers(1, 900_000), CHARGES), min_size=1, max_size=6)
PEOPLE = st.builds(
    Person,
    id=st.just(PERSON.id),
    category=st.sampled_from(["worker", "retiree"]),
    born_on=st.just(PERSON.born_on),
    sex=st.just("male"),
    identities=st.sampled_from([frozenset(), frozenset({"model_worker"}), frozenset({"red_army"})]),
    in_arrears=st.booleans(),
    wage_last_year=st.none() | st.integers(0, 1_000_000),
    account_balance=st.integers(0, 500_000),
)
CIRCUMSTANCES = st.fixed_dictionaries(
    {
        "person": PEOPLE,
        "level": st.sampled_from(LEVELS),
        "kind": st.sampled_from([ClaimKind.INPATIENT, ClaimKind.OUTPATIENT, ClaimKind.PHARMACY]),
        "disease": st.sampled_from(["", "major_surgery", "class_a_infectious"]),
        "approved": st.booleans(),
        "designated": st.booleans(),
    }
)


def bill_of(lines: Iterable[tuple[Fen, str]], facts: dict[str, Any]) -> Claim:
    return claim(*(line(money.text(fen), charge) for fen, charge in lines), **facts)


@given(BILLS, CIRCUMSTANCES, st.integers(0, 2_000_000))
def test_splitting_and_reordering_lines_changes_nothing(
    lines: list[tuple[Fen, str]], facts: dict[str, Any], quarter: Fen
) -> None:
    used = {("basic", "1998Q1"): Counters(counted=quarter)}
    split = [(part, charge) for fen, charge in reversed(lines) for part in (fen // 3, fen - fen // 3)]

    assert payers(decided(bill_of(split, facts), used)) == payers(decided(bill_of(lines, facts), used))


@given(BILLS, CIRCUMSTANCES, st.integers(0, 2_000_000), st.integers(1, 100_000))
def test_more_cost_never_pays_less(
    lines: list[tuple[Fen, str]], facts: dict[str, Any], quarter: Fen, more: Fen
) -> None:
    used = {("basic", "1998Q1"): Counters(counted=quarter)}
    fen, charge = lines[-1]

    less = decided(bill_of(lines, facts), used)
    greater = decided(bill_of([*lines[:-1], (fen + more, charge)], facts), used)

    assert greater.fund_total >= less.fund_total
    assert greater.account >= less.account
