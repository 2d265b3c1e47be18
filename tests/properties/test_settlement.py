"""What holds for every claim under the shipped policy, whatever its lines and whatever the year has used before."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel.calendar import benefit_year
from gateway.settlement.adjudicate import Outcome, adjudicate, after, settle
from gateway.settlement.claim import NOTHING, Case, ClaimKind, ItemClass, Line
from gateway.settlement.decision import Decision
from gateway.settlement.entries import counter_entries, counter_movements, entries_for
from gateway.settlement.explain import explain, explain_trace, trace
from gateway.settlement.steps import FIGURES
from tests.properties.claims import CEILING, POLICY, cases

CARE = (ClaimKind.INPATIENT, ClaimKind.CHRONIC)
TIERED = ("city_hospital", "outside_city")


def decided(case: Case) -> Decision:
    """Its decision; the kinds drawn here all have a benefit."""
    outcome = adjudicate(case, POLICY)
    assert isinstance(outcome, Decision), outcome
    return outcome


@given(cases())
def test_no_fen_is_lost_made_up_or_negative(case: Case) -> None:
    decision = decided(case)

    assert decision.total == sum(line.amount for line in case.claim.lines) == sum(decision.split)
    assert decision.total == decision.fund_total + decision.account + decision.cash + decision.institution_share
    assert decision.split.in_scope - decision.deductible >= decision.counted >= decision.fund_total
    for line, split in zip(case.claim.lines, decision.lines, strict=True):
        assert sum(split) == line.amount
        assert min(split) >= 0
    assert min(decision.fund_total, decision.cash, decision.deductible, decision.counted, *decision.funds.values()) >= 0


@given(cases())
def test_what_the_fund_never_pays_is_paid_by_the_person(case: Case) -> None:
    decision = decided(case)
    split = decision.split

    assert decision.cash >= split.own_expense + split.over_limit + split.first_payment + decision.deductible


@given(cases())
def test_a_cancellation_restores_every_counter_and_every_account(case: Case) -> None:
    decision = decided(case)
    entries = entries_for(decision, id="e1", booked_on=case.claim.decided_on)
    undone = counter_entries(entries, make_id=lambda: "e2", booked_on=case.claim.decided_on)

    used = {**case.spent, **after(case.spent, decision.movements)}
    restored = {**used, **after(used, counter_movements(decision.movements))}
    assert {key: value for key, value in restored.items() if value != NOTHING} == {
        key: value for key, value in case.spent.items() if value != NOTHING
    }
    assert sum(posting.fen for entry in (*entries, *undone) for posting in entry.postings) == 0
    assert decided(replace(case, spent=restored)) == decision


@given(cases())
def test_trial_and_final_are_one_decision(case: Case) -> None:
    [final] = settle([case], lambda _claim: POLICY)

    assert adjudicate(case, POLICY) == final


@given(cases(), st.data())
def test_splitting_a_line_changes_nothing_but_the_rounding_of_its_first_payment(
    case: Case, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(case.claim.lines) - 1))
    whole = case.claim.lines[at]
    unit, days = data.draw(st.integers(0, 100_000)), data.draw(st.integers(2, 60))
    taken = data.draw(st.integers(1, days - 1))
    whole = whole._replace(amount=unit * days, quantity=days * 10_000)
    pieces = [whole._replace(amount=unit * n, quantity=n * 10_000) for n in (taken, days - taken)]

    def with_lines(*lines: Line) -> Decision:
        rest = (*case.claim.lines[:at], *lines, *case.claim.lines[at + 1 :])
        numbered = tuple(line._replace(number=number) for number, line in enumerate(rest, 1))
        return decided(replace(case, claim=replace(case.claim, lines=numbered)))

    one, two = with_lines(whole), with_lines(*pieces)

    assert (one.total, one.split.own_expense, one.split.over_limit) == (
        two.total,
        two.split.own_expense,
        two.split.over_limit,
    )
    assert abs(one.split.first_payment - two.split.first_payment) <= 1
    assert abs(one.fund_total - two.fund_total) <= 1
    if whole.terms is None or whole.terms.item_class is not ItemClass.B:
        assert (one.split, one.funds, one.cash) == (two.split, two.funds, two.cash)


@given(cases(), st.data())
def test_a_dearer_claim_never_gets_less_from_the_fund(case: Case, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(case.claim.lines) - 1))
    more = data.draw(st.integers(0, 5_000_000))
    lines = list(case.claim.lines)
    lines[at] = lines[at]._replace(amount=lines[at].amount + more)
    dearer = replace(case, claim=replace(case.claim, lines=tuple(lines)))

    assert decided(dearer).fund_total >= decided(case).fund_total


@given(st.lists(cases(CARE), min_size=1, max_size=8))
def test_the_ceiling_of_a_year_is_never_exceeded(history: list[Case]) -> None:
    day = history[0].claim.decided_on
    year = [Case(replace(case.claim, from_on=day, to_on=day)) for case in history]
    found = [outcome for outcome in settle(year, lambda _claim: POLICY) if isinstance(outcome, Decision)]

    assert len(found) == len(year)
    assert sum(decision.counted for decision in found) <= CEILING


@given(st.lists(cases(CARE), min_size=1, max_size=8))
def test_a_year_in_tiers_never_pays_more_than_the_ceiling_is_worth(history: list[Case]) -> None:
    """10000 at 60 %, 40000 at 65 %, 70000 at 70 %, and half a fen of rounding for each slice."""
    day = history[0].claim.decided_on
    tiered = [
        Case(replace(case.claim, from_on=day, to_on=day, level=TIERED[number % 2]))
        for number, case in enumerate(history)
    ]
    found = [outcome for outcome in settle(tiered, lambda _claim: POLICY) if isinstance(outcome, Decision)]
    slices = sum(note.figure.code == "tier" for decision in found for note in decision.notes)

    assert 2 * sum(decision.fund_total for decision in found) <= 2 * 8_100_000 + slices


@given(cases(), st.integers(0, 10**9))
def test_beyond_the_ceiling_the_fund_pays_nothing(case: Case, beyond: int) -> None:
    key = ("basic", benefit_year(case.claim.decided_on))
    used = {**case.spent, key: NOTHING._replace(counted=CEILING + beyond)}

    assert decided(replace(case, spent=used)).fund_total == 0


@given(st.lists(cases(person="p1"), max_size=4), st.lists(cases(person="p2"), max_size=4), st.randoms())
def test_the_order_of_different_peoples_claims_does_not_matter(
    ones: list[Case], others: list[Case], chance: Random
) -> None:
    turns = [0] * len(ones) + [1] * len(others)
    chance.shuffle(turns)
    queues = [iter(ones), iter(others)]
    mixed = [next(queues[turn]) for turn in turns]

    together: list[list[Outcome]] = [[], []]
    for turn, outcome in zip(turns, settle(mixed, lambda _claim: POLICY), strict=True):
        together[turn].append(outcome)
    assert together == [list(settle(each, lambda _claim: POLICY)) for each in (ones, others)]


@given(cases())
def test_every_figure_is_cited_and_explains_itself_from_what_is_stored(case: Case) -> None:
    decision = decided(case)
    told = explain(decision)

    assert all(each.rule and each.version and (each.source or each.reading) for each in told)
    assert explain_trace(trace(decision), FIGURES) == told
