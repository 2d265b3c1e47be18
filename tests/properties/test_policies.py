"""What holds under every policy there is and under two hundred that nobody wrote, whatever the claims of a year.

How many examples each is tried with: see conftest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel.calendar import benefit_year
from gateway.kernel.money import Fen
from gateway.policies.load import load_all
from gateway.settlement.adjudicate import Outcome, adjudicate, after, settle
from gateway.settlement.claim import NOTHING, Case, Claim, Counters, ItemClass, Line, Spent
from gateway.settlement.decision import Decision
from gateway.settlement.entries import (
    counter_entries,
    counter_movements,
    difference_entry,
    difference_movements,
    entries_for,
)
from gateway.settlement.guard import guard_of
from gateway.settlement.policy import ParameterRef, Policy, StepSpec
from gateway.settlement.resettle import Standing, redecide
from gateway.settlement.shapes import at_level
from gateway.settlement.steps import STEPS
from gateway.settlement.steps.limit import PERIODS
from gateway.settlement.working import ACCOUNT, FAMILY_ACCOUNT, Working, quota_layer
from tests.properties.bills import World, make_claim, make_day, make_person, make_year, world_of
from tests.properties.plans import OF_SHAPES, PLACED, make_policy

GENERATED = 200
SHIPPED = [world_of(area.policy) for area in load_all().policies.values()]
WORLDS = SHIPPED + [world_of(make_policy(seed)) for seed in range(GENERATED)]

worlds = st.one_of(st.sampled_from(SHIPPED), st.sampled_from(WORLDS[len(SHIPPED) :]))
seeds = st.integers(0, 2**31)


def folded(world: World, claims: Iterable[Claim], spent: Spent | None = None) -> list[Outcome]:
    return list(settle([Case(claim, spent or {}) for claim in claims], lambda _claim: world.policy))


def decisions(outcomes: Iterable[Outcome]) -> list[Decision]:
    return [outcome for outcome in outcomes if isinstance(outcome, Decision)]


def used_after(outcomes: Iterable[Outcome]) -> dict[tuple[str, str], Counters]:
    used: dict[tuple[str, str], Counters] = {}
    for decision in decisions(outcomes):
        used.update(after(used, decision.movements))
    return used


def not_zero(used: Spent) -> dict[tuple[str, str], Counters]:
    return {key: counters for key, counters in used.items() if counters != NOTHING}


def drawn_by(found: Iterable[Decision], layer: str) -> Fen:
    return sum(m.delta.counted for each in found for m in each.movements if m.layer == layer)


def standing(found: Iterable[Decision], in_force: Sequence[Decision]) -> list[Standing]:
    """Settlements with the accounts as they are now, after all that are in force have drawn from them."""

    def now(claim: Claim) -> Claim:
        own = claim.person.account_balance - drawn_by(in_force, ACCOUNT)
        shared = claim.person.family_balance - drawn_by(in_force, FAMILY_ACCOUNT)
        return replace(claim, person=replace(claim.person, account_balance=own, family_balance=shared))

    return [Standing(now(each.claim), each.movements) for each in found]


# the policies themselves


def test_every_step_and_every_shape_has_its_place_in_generated_policies() -> None:
    shapes = {shape.wants for kind in STEPS.values() for shape in kind.arguments.values()}
    used = {
        spec.step for world in WORLDS[len(SHIPPED) :] for benefit in world.policy.benefits for spec in benefit.steps
    }

    assert PLACED == set(STEPS) == used
    assert [words for words in OF_SHAPES if not any(wants.startswith(words) for wants in shapes)] == []


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.policy.id)
def test_every_policy_decides_most_claims(world: World) -> None:
    outcomes = [
        adjudicate(
            Case(make_claim(chance, world, make_person(chance, "p"), make_day(chance, world.policy))), world.policy
        )
        for chance in map(Random, range(12))
    ]

    assert len(decisions(outcomes)) >= 3, outcomes


# conservation


def check_conserved(claim: Claim, decision: Decision) -> None:
    payers = [*decision.funds.values(), decision.account, decision.institution_share, decision.cash]
    assert decision.total == sum(line.amount for line in claim.lines) == sum(decision.split) == sum(payers)
    assert [sum(parts) for parts in decision.lines] == [line.amount for line in claim.lines]
    assert tuple(map(sum, zip(*decision.lines, strict=True))) == decision.split
    assert min(0, *payers, *decision.split, *(part for parts in decision.lines for part in parts)) == 0
    assert 0 <= decision.deductible <= decision.split.in_scope
    assert 0 <= decision.counted <= decision.split.in_scope
    assert decision.fund_total + decision.institution_share <= decision.split.in_scope
    drawn = [m.delta.counted for m in decision.movements if m.layer in (ACCOUNT, FAMILY_ACCOUNT)]
    assert sum(drawn) == decision.account
    entries = entries_for(decision, id="e", booked_on=claim.decided_on)
    assert (
        sum(p.fen for entry in entries for p in entry.postings if p.fen > 0) == decision.fund_total + decision.account
    )


@given(worlds, seeds)
def test_no_fen_is_lost_made_up_or_negative(world: World, seed: int) -> None:
    claims = make_year(Random(seed), world, "p", 5)
    outcomes = folded(world, claims)
    for claim, outcome in zip(claims, outcomes, strict=True):
        if isinstance(outcome, Decision):
            check_conserved(claim, outcome)

    assert all(min(counters) >= 0 for counters in used_after(outcomes).values())
    drawn = used_after(outcomes)
    for layer, balance in (
        (ACCOUNT, claims[0].person.account_balance),
        (FAMILY_ACCOUNT, claims[0].person.family_balance),
    ):
        assert sum(used.counted for (name, _), used in drawn.items() if name == layer) <= balance


@given(worlds, seeds)
def test_claims_of_people_who_share_nothing_commute(world: World, seed: int) -> None:
    chance = Random(seed)
    years = [make_year(chance, world, name, 4) for name in ("p", "q")]
    turns = [0] * len(years[0]) + [1] * len(years[1])
    chance.shuffle(turns)
    queues = [iter(year) for year in years]
    together: list[list[Outcome]] = [[], []]
    for turn, outcome in zip(turns, folded(world, (next(queues[turn]) for turn in turns)), strict=True):
        together[turn].append(outcome)

    assert together == [folded(world, year) for year in years]


@given(worlds, seeds)
def test_a_cancellation_restores_every_counter_and_every_fund(world: World, seed: int) -> None:
    outcomes = decisions(folded(world, make_year(Random(seed), world, "p", 4)))
    used = used_after(outcomes)
    for decision in reversed(outcomes):
        booked_on = decision.claim.decided_on
        entries = entries_for(decision, id="e", booked_on=booked_on)
        undone = counter_entries(entries, make_id=lambda: "u", booked_on=booked_on)
        assert sum(p.fen for entry in (*entries, *undone) for p in entry.postings if p.party) == 0
        used.update(after(used, counter_movements(decision.movements)))

    assert not_zero(used) == {}


@given(worlds, seeds)
def test_a_year_decided_again_is_the_same_and_without_one_claim_as_if_it_had_not_been(world: World, seed: int) -> None:
    chance = Random(seed)
    found = decisions(folded(world, make_year(chance, world, "p", 5)))
    used = used_after(found)
    again = redecide(standing(found, found), used, lambda _claim: world.policy)

    assert [(_figures(one), one.notes) for one in decisions(again)] == [(_figures(one), one.notes) for one in found]
    if not found:
        return
    at = chance.randrange(len(found))
    cancelled, rest = found[at], found[at + 1 :]
    less = {**used, **after(used, counter_movements(cancelled.movements))}
    later = redecide(standing(rest, [*found[:at], *rest]), less, lambda _claim: world.policy)
    expected = folded(world, [each.claim for each in (*found[:at], *rest)])[at:]
    assert [_figures(each) for each in later] == [_figures(each) for each in expected]
    for old, new in zip(rest, later, strict=True):
        if isinstance(new, Decision):
            check_difference(old, new)


def check_difference(old: Decision, new: Decision) -> None:
    """What is booked by difference makes the one into the other."""
    day = old.claim.decided_on
    moved = after({}, (*old.movements, *difference_movements(old.movements, new)))
    assert not_zero(moved) == not_zero(after({}, new.movements))
    entries = entries_for(old, id="e", booked_on=day)
    entries += difference_entry(entries, new, id="d", booked_on=day)
    owed: dict[str, Fen] = {}
    for posting in (
        p for entry in entries for p in entry.postings if p.account in ("benefit-expense", "personal-account")
    ):
        owed[posting.fund] = owed.get(posting.fund, 0) + posting.fen
    paid = {**new.funds, "personal-account": new.account}
    assert {fund: fen for fund, fen in owed.items() if fen} == {fund: fen for fund, fen in paid.items() if fen}


def _figures(outcome: Outcome) -> Any:
    if not isinstance(outcome, Decision):
        return outcome
    return (outcome.lines, outcome.deductible, outcome.counted, dict(outcome.funds), outcome.account, outcome.cash,
            outcome.institution_share, after({}, outcome.movements))  # fmt: skip


@given(worlds, seeds)
def test_trial_and_final_are_one_decision(world: World, seed: int) -> None:
    *before, last = make_year(Random(seed), world, "p", 4)
    earlier = folded(world, before)
    used = used_after(earlier)
    drawn = [sum(c.counted for (layer, _), c in used.items() if layer == name) for name in (ACCOUNT, FAMILY_ACCOUNT)]
    case = Case(last, used, *drawn)
    kept = dict(used)
    trial = adjudicate(case, world.policy)

    assert adjudicate(case, world.policy) == trial
    assert folded(world, (*before, last))[-1] == trial
    assert used == kept


# splitting


@given(worlds, seeds)
def test_splitting_a_line_changes_nothing_but_rounding_the_policy_states(world: World, seed: int) -> None:
    chance = Random(seed)
    *before, last = make_year(chance, world, "p", 3)
    used = used_after(folded(world, before))
    at = chance.randrange(len(last.lines))
    days, unit = chance.randint(2, 60), chance.randint(0, 100_000)
    whole = last.lines[at]._replace(amount=unit * days, quantity=days * 10_000)
    taken = chance.randint(1, days - 1)
    pieces = [whole._replace(amount=unit * part, quantity=part * 10_000) for part in (taken, days - taken)]
    one, two = (adjudicate(Case(_with_lines(last, at, lines), used), world.policy) for lines in ([whole], pieces))

    if not isinstance(one, Decision) or not isinstance(two, Decision):
        assert _codes(one) == _codes(two)
        return
    apart = [abs(a - b) for a, b in zip(one.split, two.split, strict=True)]
    assert one.total == two.total
    assert apart[0] == 0
    # the price ceiling is rounded for each line, and so is the first payment of class B
    assert apart[1] <= (whole.terms is not None and whole.terms.ceiling_price is not None)
    assert apart[2] <= (whole.terms is not None and whole.terms.item_class is ItemClass.B) + apart[1]
    if not any(apart) and not _waived_twice(world.policy, one):
        assert _rest(one) == _rest(two)


def _codes(outcome: Outcome) -> set[str]:
    return set() if isinstance(outcome, Decision) else {problem.code for problem in outcome}


def _rest(decision: Decision) -> Any:
    return (decision.split, decision.deductible, decision.counted, dict(decision.funds), decision.account,
            decision.institution_share, decision.cash)  # fmt: skip


def _waived_twice(policy: Policy, decision: Decision) -> bool:
    """What a second waiver finds left of a line is rounded for each line."""
    return sum(note.figure.code == "waiver" for note in decision.notes) > 1


def _with_lines(claim: Claim, at: int, lines: Sequence[Line]) -> Claim:
    changed = (*claim.lines[:at], *lines, *claim.lines[at + 1 :])
    return replace(claim, lines=tuple(line._replace(number=n) for n, line in enumerate(changed, 1)))


# cost and ceilings


@given(worlds, seeds)
def test_a_dearer_claim_never_gets_less_from_the_funds(world: World, seed: int) -> None:
    """But for half a fen of each rounded figure; where approval is asked for, it was given. What is deferred counts."""
    chance = Random(seed)
    *before, last = (replace(claim, approved=True) for claim in make_year(chance, world, "p", 3))
    used = used_after(folded(world, before))
    at = chance.randrange(len(last.lines))
    line = last.lines[at]
    dearer = line._replace(amount=line.amount + chance.choice((1, 100, chance.randint(0, 5_000_000))))
    one, two = (adjudicate(Case(_with_lines(last, at, [each]), used), world.policy) for each in (line, dearer))

    assert isinstance(one, Decision) == isinstance(two, Decision)
    if isinstance(one, Decision) and isinstance(two, Decision):
        assert _paid(two) >= _paid(one) - _rounded(two)


def _paid(decision: Decision) -> Fen:
    """By the funds, now or when what was deferred is paid."""
    return decision.fund_total + sum(note.before for note in decision.notes if note.figure.code == "deferred")


def _rounded(decision: Decision) -> int:
    """Fen by which roundings can differ: a fen for every two figures beyond the first."""
    shares = sum(not note.line and "×" in note.figure.arithmetic for note in decision.notes)
    return shares // 2


def active(world: World, decision: Decision) -> list[StepSpec]:
    """The steps of the decision's benefit whose condition holds."""
    benefit = next(each for each in world.policy.benefits if each.id == decision.benefit)
    working = Working(Case(decision.claim))
    return [spec for spec in benefit.steps if not spec.when or guard_of(spec.when)(working)]


def value(world: World, decision: Decision, spec: StepSpec, name: str) -> Any:
    found = spec.arguments.get(name)
    if isinstance(found, ParameterRef):
        dated = world.policy.value_on(found.name, decision.claim.decided_on)
        return None if dated is None else dated.value
    return found


def check_ceilings(world: World, decision: Decision, spent: Spent) -> None:
    claim = decision.claim
    year = benefit_year(claim.decided_on)

    def left(amount: Fen, layer: str, figure: str, period: str = year) -> Fen:
        used: Fen = getattr(spent.get((layer, period), NOTHING), figure)
        return max(0, amount - used)

    for spec in active(world, decision):
        amount = value(world, decision, spec, "amount")
        layer = value(world, decision, spec, "layer")
        if spec.step == "ceiling":
            assert decision.counted <= left(amount, layer or "basic", "counted")
        elif spec.step == "quota":
            period = PERIODS[value(world, decision, spec, "per") or "year"](claim.decided_on)
            most = value(world, decision, spec, "quotas")[claim.disease]
            assert decision.counted <= left(most, quota_layer(claim.disease), "counted", period)
        elif spec.step == "limit" and layer and not (spec.arguments["per"] == "day" and claim.kind in _STAYS):
            of, period = spec.arguments["of"], PERIODS[spec.arguments["per"]](claim.decided_on)
            moved = sum(getattr(m.delta, of) for m in decision.movements if (m.layer, m.period) == (layer, period))
            within = left(at_level(amount, claim.level), layer, of, period)
            assert moved <= within or _shared_layer(world, decision, layer)
        elif spec.step == "layer" and (ceiling := value(world, decision, spec, "ceiling")) is not None:
            layer = layer or spec.arguments["fund"]
            moved = sum(m.delta.fund for m in decision.movements if m.layer == layer)
            assert moved <= left(ceiling, layer, "fund") or _shared_layer(world, decision, layer)


_STAYS = frozenset({"inpatient", "maternity", "day_surgery"})


def _shared_layer(world: World, decision: Decision, layer: str) -> bool:
    """Whether other steps move the counter too, so that its movement is not one step's payment."""
    named = [
        spec
        for spec in active(world, decision)
        if layer in (value(world, decision, spec, "layer"), value(world, decision, spec, "fund"))
    ]
    return len(named) > 1


@given(worlds, seeds)
def test_no_fund_pays_above_a_ceiling_of_the_year(world: World, seed: int) -> None:
    spent: dict[tuple[str, str], Counters] = {}
    for outcome in folded(world, make_year(Random(seed), world, "p", 8)):
        if isinstance(outcome, Decision):
            check_ceilings(world, outcome, spent)
            spent.update(after(spent, outcome.movements))
