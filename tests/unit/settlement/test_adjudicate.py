"""One case decided, and a batch folded: the same pure function for trial and final."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.kernel import money
from gateway.kernel.ids import PersonId
from gateway.kernel.problem import Kind
from gateway.policies.load import load_all
from gateway.settlement.adjudicate import Outcome, adjudicate, after, settle
from gateway.settlement.claim import NOTHING, Case, ClaimKind, Counters, ItemClass
from gateway.settlement.decision import Decision, check_decision
from gateway.settlement.plan import plan_on
from gateway.settlement.policy import Benefit
from gateway.settlement.shapes import Band
from gateway.settlement.steps import STEPS
from tests.unit.settlement.sheets import PERSON, POLICY, bill, claim, dated, decided, line, policy, spent, terms

OTHER = replace(PERSON, id=PersonId("3211820000000000000000000p0002"))


def codes(outcome: Outcome) -> list[tuple[Kind, str]]:
    assert not isinstance(outcome, Decision)
    return [(problem.kind, problem.code) for problem in outcome]


def decisions(*cases: Case) -> list[Decision]:
    outcomes = list(settle(cases, lambda _claim: POLICY))
    return [outcome for outcome in outcomes if isinstance(outcome, Decision)]


# one case


def test_a_stay_at_the_city_hospital() -> None:
    decision = decided(bill("32680.45"))

    # 32680.45 - 500.00 = 32180.45; 10000.00 * 60% = 6000.00; (32180.45 - 10000.00) * 65% = 14417.2925
    assert money.text(decision.deductible) == "500.00"
    assert money.text(decision.counted) == "32180.45"
    assert money.text(decision.fund_total) == "20417.29"
    assert money.text(decision.cash) == "12263.16"


def test_the_decision_pins_policy_version_and_benefit() -> None:
    decision = decided(bill("1000.00"))

    assert (decision.policy, decision.version, decision.benefit) == ("test", "v1", "inpatient")


def test_what_a_stay_moves() -> None:
    [movement] = decided(bill("32680.45")).movements

    # own share: 32680.45 - 20417.29 = 12263.16
    assert (movement.layer, movement.period) == ("basic", "2015")
    assert movement.delta == Counters(counted=3218045, fund=2041729, own_share=1226316, deductible=50000, admissions=1)


def test_chronic_care_is_no_admission_and_remembers_its_deductible_in_a_layer_of_its_own() -> None:
    moved = {each.layer: each.delta for each in decided(bill("600.00", kind=ClaimKind.CHRONIC)).movements}

    assert moved["chronic"] == Counters(deductible=50000)
    assert moved["basic"] == Counters(counted=10000, fund=6000, own_share=54000, deductible=50000, admissions=0)


def test_own_share_is_of_the_cost_in_scope_only() -> None:
    [movement] = decided(claim(line("100.00", None), line("600.00"))).movements

    # 600.00 - 500.00 = 100.00 * 60% = 60.00; 600.00 - 60.00 = 540.00; the 100.00 off the catalogue is no own share
    assert movement.delta.own_share == money.of("540.00")


def test_the_same_case_gives_the_same_decision() -> None:
    case = Case(bill("32680.45"), spent(counted="5000.00"))

    assert adjudicate(case, POLICY) == adjudicate(case, POLICY)


@pytest.mark.parametrize("day", [date(2012, 12, 31), date(2016, 1, 1)])
def test_a_day_without_policy_is_refused(day: date) -> None:
    assert codes(adjudicate(Case(bill("1.00", from_on=day, to_on=day)), POLICY)) == [(Kind.RULE, "no-policy-in-force")]


def test_the_last_day_decides() -> None:
    across = bill("1.00", from_on=date(2012, 12, 20), to_on=date(2013, 1, 3))
    outcome = adjudicate(Case(across), POLICY)

    assert isinstance(outcome, Decision)
    assert outcome.movements[0].period == "2013"


def test_a_kind_category_or_level_without_benefit_is_refused() -> None:
    pupil = replace(PERSON, category="pupil")
    for on in (bill("1.00", kind=ClaimKind.PHARMACY), bill("1.00", person=pupil), bill("1.00", level="elsewhere")):
        assert codes(adjudicate(Case(on), POLICY)) == [(Kind.RULE, "no-benefit")]


def test_every_refusal_of_a_special_drug_claim_is_reported() -> None:
    shipped = load_all().policies["321182-resident"].policy
    on = claim(line("1.00"), line("2.00"), kind=ClaimKind.SPECIAL_DRUG)

    assert codes(adjudicate(Case(on), shipped)) == [(Kind.RULE, "not-indicated")] * 2


# a batch


def test_a_persons_later_claim_sees_the_earlier_one() -> None:
    first, second = decisions(Case(bill("10500.00")), Case(bill("1500.00")))

    assert money.text(first.fund_total) == "6000.00"
    assert money.text(second.fund_total) == "650.00"  # 1500.00 - 500.00 = 1000.00 * 65%


def test_the_spent_figures_of_the_first_case_count_for_all_of_the_person() -> None:
    _, second = decisions(Case(bill("500.00"), spent(counted="10000.00")), Case(bill("1500.00")))

    assert money.text(second.fund_total) == "650.00"


def test_claims_of_other_people_do_not_disturb() -> None:
    alone = decisions(Case(bill("10500.00")), Case(bill("1500.00")))
    among = decisions(
        Case(bill("10500.00")), Case(bill("90000.00", person=OTHER)), Case(bill("1500.00")), Case(bill("9.99"))
    )

    assert [among[0], among[2]] == alone


def test_a_refused_claim_moves_nothing_and_stops_nothing() -> None:
    outcomes = list(
        settle(
            [Case(bill("10500.00")), Case(bill("9.00", kind=ClaimKind.PHARMACY)), Case(bill("1500.00"))],
            lambda _: POLICY,
        )
    )

    assert [isinstance(outcome, Decision) for outcome in outcomes] == [True, False, True]
    assert isinstance(outcomes[2], Decision)
    assert money.text(outcomes[2].fund_total) == "650.00"


def test_settling_a_batch_leaves_the_given_figures_alone() -> None:
    used = spent(counted="1.00")
    decisions(Case(bill("10500.00"), used), Case(bill("1500.00")))

    assert used == spent(counted="1.00")


def test_the_counters_after_movements_are_those_touched() -> None:
    [movement] = decided(bill("10500.00")).movements

    assert after({}, [movement]) == {("basic", "2015"): movement.delta}
    assert after({("basic", "2015"): movement.delta}, [movement, movement]) == {
        ("basic", "2015"): movement.delta.plus(movement.delta).plus(movement.delta)
    }
    assert movement.delta.plus(movement.delta.negated()) == NOTHING


# the plan of a day


def test_a_plan_is_built_once_a_day() -> None:
    assert plan_on(POLICY, date(2015, 3, 9)) is plan_on(POLICY, date(2015, 3, 9))


def test_the_plan_of_a_day_has_the_values_of_that_day() -> None:
    bands = [(Band(10**9, 5000),), (Band(10**9, 6000),)]
    changing = policy(tiers=[dated(bands[0], to_on=date(2014, 6, 30)), dated(bands[1], from_on=date(2014, 7, 1))])

    def paid(day: date) -> int:
        return decided(bill("600.00", from_on=day, to_on=day), by=changing).fund_total

    assert [paid(date(2014, 6, 30)), paid(date(2014, 7, 1))] == [5000, 6000]


def test_a_benefit_holds_on_its_own_days_only() -> None:
    inpatient, chronic = POLICY.benefits
    bounded: Benefit = replace(inpatient, from_on=date(2014, 1, 1), to_on=date(2014, 12, 31))
    changed = replace(POLICY, benefits=(bounded, chronic))

    def outcome(day: date) -> Outcome:
        return adjudicate(Case(bill("1.00", from_on=day, to_on=day)), changed)

    assert [
        isinstance(outcome(day), Decision) for day in (date(2013, 12, 31), date(2014, 1, 1), date(2014, 12, 31))
    ] == [
        False,
        True,
        True,
    ]
    assert codes(outcome(date(2015, 1, 1))) == [(Kind.RULE, "no-benefit")]


def test_outside_its_days_a_policy_has_no_plan() -> None:
    assert plan_on(POLICY, date(2012, 12, 31)) is None


# what a decision never breaks, and defects seen elsewhere


def test_a_decision_that_loses_a_fen_is_our_bug_and_stops_at_once() -> None:
    decision = decided(bill("32680.45"))

    with pytest.raises(AssertionError, match="payers do not add up"):
        check_decision(replace(decision, cash=decision.cash - 1))
    with pytest.raises(AssertionError, match="does not add up"):
        check_decision(replace(decision, lines=(decision.lines[0]._replace(in_scope=1),)))


def test_fen_are_not_lost() -> None:
    # 12.50 * 80% = 10.00, not 9.60
    eighty = policy(deductible=[dated(dict.fromkeys(POLICY.levels, 0))], tiers=[dated((Band(10**9, 8000),))])

    assert money.text(decided(bill("12.50"), by=eighty).fund_total) == "10.00"


def test_what_the_deductible_takes_is_not_paid() -> None:
    high = policy(deductible=[dated(dict.fromkeys(POLICY.levels, money.of("1000.00")))])
    decision = decided(claim(line("12.50"), line("20.00")), by=high)

    assert money.text(decision.deductible) == "32.50"
    assert (decision.counted, decision.fund_total) == (0, 0)
    assert money.text(decision.cash) == "32.50"


def test_amounts_do_not_fan_out_over_the_lines() -> None:
    free = policy(deductible=[dated(dict.fromkeys(POLICY.levels, 0))], tiers=[dated((Band(10**9, 10000),))])
    on = claim(*(line(yuan) for yuan in ("12.50", "20.00", "0.00", "15.00", "40.00", "10.00")))

    assert money.text(decided(on, by=free).fund_total) == "97.50"


def test_a_ceiling_is_used_up_once() -> None:
    tight = policy(
        deductible=[dated(dict.fromkeys(POLICY.levels, 0))],
        ceiling=[dated(money.of("30.00"))],
        tiers=[dated((Band(10**9, 10000),))],
    )
    first, second = settle([Case(bill("25.60")), Case(bill("25.60"))], lambda _: tight)

    assert isinstance(first, Decision)
    assert isinstance(second, Decision)
    assert [money.text(first.fund_total), money.text(second.fund_total)] == ["25.60", "4.40"]


def test_cost_sharing_is_never_skipped() -> None:
    """Every benefit shipped prices its lines first, and has a step that pays by a rule or says why nothing is paid."""
    pays = {"tiers", "proportion", "running", "remainder", "own_share", "not_covered", "package"}
    for loaded in load_all().policies.values():
        for benefit in loaded.policy.benefits:
            names = [spec.step for spec in benefit.steps]
            assert names[0] == "catalogue"
            assert pays & set(names), benefit.id
            assert set(names) <= set(STEPS)


def test_a_class_b_line_over_its_ceiling_conserves() -> None:
    on = claim(line("333.33", terms(ItemClass.B, "0.30", ceiling="99.99"), count="3"), line("0.01", None))
    decision = decided(on)

    # 333.33 - 299.97 = 33.36; 299.97 * 30% = 89.991; 299.97 - 89.99 = 209.98, all of it below the deductible
    assert [money.text(part) for part in decision.split] == ["0.01", "33.36", "89.99", "209.98"]
    assert money.text(decision.cash) == "333.34"
