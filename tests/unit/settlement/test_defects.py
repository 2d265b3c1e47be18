"""Money defects that were found in a neighbour's system by running it, each kept out by a check of its own.

A check gives what is wrong, or nothing. For every defect the fault is put in once, and the check must find it.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.exchange.apply import claim as applied
from gateway.exchange.apply.decide import Decided
from gateway.exchange.apply.decide import decide as decide_claim
from gateway.exchange.desk import Desk
from gateway.kernel import money
from gateway.kernel.dated import Dated
from gateway.kernel.ids import AreaCode, ClaimId, InstitutionCode, PersonId
from gateway.kernel.quantity import ONE
from gateway.settlement import adjudicate as core
from gateway.settlement import guard
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Case, Claim, ClaimKind, ItemClass, Line, Person, Terms
from gateway.settlement.decision import Decision
from gateway.settlement.plan import BenefitPlan, Plan, plan_on
from gateway.settlement.policy import Benefit, Policy, StepSpec
from gateway.settlement.rule import Rule, Wording
from gateway.settlement.steps import STEPS
from gateway.settlement.working import FAMILY_ACCOUNT, Step, Working
from gateway.store.store import Store
from gateway.store.unit import Unit
from tests.unit.exchange.town import Town, cancellation, claim, open_town

DAY, LEVEL = date(2015, 3, 9), "hospital"
CITED = Rule("test", "v1", "line", date(2004, 1, 1), "", "")
IN_SCOPE = Terms(ItemClass.A, 0, None, "drug", CITED)
WORDS = Wording("测试", "test")
PERSON = Person(PersonId("p"), "resident", date(1970, 1, 1), "male")


def step(name: str, when: Mapping[str, Any] | None = None, **raw: Any) -> StepSpec:
    parsed = {key: STEPS[name].arguments[key].parse(value, (LEVEL,)) for key, value in raw.items()}
    return StepSpec(name, parsed, when or {})


def policy(*benefits: Iterable[StepSpec]) -> Policy:
    """Benefits for the same care: the first that fits decides."""
    return Policy(
        id="test",
        area=AreaCode("321182"),
        scheme="resident",
        title=WORDS,
        version="v1",
        levels={LEVEL: WORDS},
        categories={"resident": WORDS},
        in_force=(Dated(None, date(2015, 1, 1), date(2015, 12, 31), "", ""),),
        parameters={},
        benefits=tuple(
            Benefit(f"b{n}", WORDS, frozenset({"resident"}), frozenset({ClaimKind.OUTPATIENT}), tuple(steps))
            for n, steps in enumerate(benefits)
        ),
    )


def bill(*yuan: str, person: Person = PERSON) -> Claim:
    return Claim(
        id=ClaimId("c"),
        area=AreaCode("321182"),
        scheme="resident",
        person=person,
        institution=InstitutionCode("H32118200001"),
        level=LEVEL,
        kind=ClaimKind.OUTPATIENT,
        from_on=DAY,
        to_on=DAY,
        lines=tuple(Line(n, "X", money.of(each), ONE, IN_SCOPE) for n, each in enumerate(yuan, 1)),
    )


EIGHTY = (step("catalogue"), step("proportion", rate="0.80"))


def decide(one: Claim, by: Policy) -> Decision:
    outcome = core.adjudicate(Case(one), by)
    assert isinstance(outcome, Decision), outcome
    return outcome


def compared(decide_it: Callable[[], Mapping[str, int]], **expected: str) -> list[str]:
    """Each figure that is not as it must be; an assertion of the core counts as a finding."""
    try:
        found = decide_it()
    except AssertionError as broken:
        return [f"the core stops: {broken}"]
    return [
        f"{name} is {money.text(found[name])}, must be {yuan}"
        for name, yuan in expected.items()
        if money.of(yuan) != found[name]
    ]


# D1 cents are lost


def check_cents() -> list[str]:
    """12.50 at 80 % is 10.00, not 9.60."""
    return compared(lambda: {"fund": decide(bill("12.50"), policy(EIGHTY)).fund_total}, fund="10.00")


def test_d1_cents_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_cents() == []

    monkeypatch.setattr(money, "share", lambda amount, rate: amount // 100 * 100 * rate // money.RATE_ONE)
    assert check_cents() == ["fund is 9.60, must be 10.00"]


# D2 the deductible is recorded, and paid all the same


def check_deductible() -> list[str]:
    """Bills wholly inside the deductible get nothing from the fund."""
    steps = (step("catalogue"), step("deductible", amount={LEVEL: "1000.00"}, per="admission"), EIGHTY[1])

    def decided() -> dict[str, int]:
        found = decide(bill("12.50", "20.00"), policy(steps))
        return {"deductible": found.deductible, "fund": found.fund_total, "cash": found.cash}

    return compared(decided, deductible="32.50", fund="0.00", cash="32.50")


def test_d2_what_the_deductible_takes_is_not_paid(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_deductible() == []

    def build(arguments: Arguments) -> Step:
        right = kind.build(arguments)

        def recorded_only(working: Working) -> None:
            before = working.counted
            right(working)
            working.counted = before

        return recorded_only

    kind = STEPS["deductible"]
    monkeypatch.setitem(STEPS, "deductible", replace(kind, build=build))
    assert check_deductible() == ["fund is 26.00, must be 0.00", "cash is 6.50, must be 32.50"]


# D3 the approved amount fans out


def check_sums() -> list[str]:
    """Six lines of 97.50 in all are 97.50, however many kinds of line there are."""

    def decided() -> dict[str, int]:
        found = decide(bill("10.00", "20.00", "2.50", "15.00", "25.00", "25.00"), policy(EIGHTY))
        return {"total": found.total, "in_scope": found.split.in_scope, "fund": found.fund_total}

    return compared(decided, total="97.50", in_scope="97.50", fund="78.00")


def test_d3_every_line_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_sums() == []

    def build(arguments: Arguments) -> Step:
        right = kind.build(arguments)

        def joined(working: Working) -> None:
            right(working)
            working.in_scope *= 3
            working.counted *= 3

        return joined

    kind = STEPS["catalogue"]
    monkeypatch.setitem(STEPS, "catalogue", replace(kind, build=build))
    assert check_sums() == ["the core stops: a payer is negative"]


# D4 two claims at once pass the ceiling


@pytest.fixture
def town(store: Store) -> Town:
    return open_town(store)


def check_ceiling(town: Town) -> list[str]:
    """Two claims of one person at once: together they count no more than the ceiling of the year."""
    person = town.resident()
    bills = [claim(person, "100000.00", visit=f"V{n}") for n in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(town.submit, bills))
    assert [answer.codes for answer in answers] == [[], []]
    counted = sum(money.of(answer.total("counted")) for answer in answers)
    return compared(lambda: {"counted": counted}, counted="120000.00")


def test_d4_claims_at_once_stay_below_the_ceiling(town: Town) -> None:
    assert check_ceiling(town) == []


def test_d4_counters_that_are_read_before_the_other_claim_is_seen_are_found(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Unit, "counters", lambda *_: {})
    assert check_ceiling(town) == ["counted is 199000.00, must be 120000.00"]


# D5 the way that a claim takes decides whether cost is shared


def check_ways(town: Town) -> list[str]:
    """A claim that was tried first is settled as it was tried, with deductible and ratio."""
    person = town.resident()
    trial = town.submit(claim(person, "9000.00", use="predetermination"))
    final = town.submit(claim(person, "9000.00"))
    return [
        f"{code}: tried {trial.total(code)}, settled {final.total(code)}, must be {yuan}"
        for code, yuan in {"deductible": "500.00", "fund-total": "5100.00", "cash": "3900.00"}.items()
        if (trial.total(code), final.total(code)) != (yuan, yuan)
    ]


def test_d5_trial_and_settlement_share_the_cost_alike(town: Town) -> None:
    assert check_ways(town) == []


def test_d5_a_second_stage_that_skips_cost_sharing_is_found(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def paid_whole(desk: Desk, resource: dict[str, Any]) -> Decided:
        decided = decide_claim(desk, resource)
        if resource["use"] == "predetermination":
            return decided
        whole = replace(decided.decision, deductible=0, funds={"basic": decided.decision.split.in_scope}, cash=0)
        return replace(decided, decision=whole)

    monkeypatch.setattr(applied, "decide", paid_whole)
    assert check_ways(town) == [
        "deductible: tried 500.00, settled 0.00, must be 500.00",
        "fund-total: tried 5100.00, settled 9000.00, must be 5100.00",
        "cash: tried 3900.00, settled 0.00, must be 3900.00",
    ]


# D6 superseded decisions count, ages are not asked, lines are decided once a policy, families are not counted


def check_superseded(town: Town) -> list[str]:
    """What was cancelled counts for nothing afterwards."""
    person = town.resident()
    first = town.submit(claim(person, "100000.00"))
    assert town.operate("cancel", cancellation(settlement=first.id)).codes == []
    again = town.submit(claim(person, "100000.00"), key="again")
    return compared(
        lambda: {"counted": money.of(again.total("counted")), "used": town.counters(person)["basic", "2015"].counted},
        counted="99500.00",
        used="99500.00",
    )


def test_d6_what_was_cancelled_does_not_count(town: Town) -> None:
    assert check_superseded(town) == []


def test_d6_a_cancellation_that_leaves_the_counters_is_found(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applied, "counter_movements", lambda _movements: ())
    assert check_superseded(town) == [
        "counted is 20500.00, must be 99500.00",
        "used is 120000.00, must be 99500.00",
    ]


def check_ages() -> list[str]:
    """A rate for children is for children."""
    steps = (
        step("catalogue"),
        step("proportion", {"age_below": 18}, rate="0.90"),
        step("proportion", {"age_from": 18}, rate="0.50"),
    )
    child = replace(PERSON, born_on=date(2005, 1, 1))
    one = policy(steps)

    def decided() -> dict[str, int]:
        return {
            "child": decide(bill("10.00", person=child), one).fund_total,
            "adult": decide(bill("10.00"), one).fund_total,
        }

    return compared(decided, child="9.00", adult="5.00")


def test_d6_an_age_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_ages() == []

    monkeypatch.setattr(guard, "_age", lambda _name, _years: lambda _working: True)
    assert check_ages() == ["the core stops: a fund pays within what is left"]


def check_one_benefit() -> list[str]:
    """Of two benefits that fit, one decides, once."""
    return compared(lambda: {"fund": decide(bill("10.00"), policy(EIGHTY, EIGHTY)).fund_total}, fund="8.00")


def test_d6_a_line_is_decided_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_one_benefit() == []

    def every_benefit(one: Policy, day: date) -> Plan | None:
        plan = plan_on(one, day)
        assert plan is not None
        twice = {key: BenefitPlan(each.id, each.steps * len(one.benefits)) for key, each in plan.benefits.items()}
        return Plan(one, twice)

    monkeypatch.setattr(core, "plan_on", every_benefit)
    assert check_one_benefit() == ["the core stops: a fund pays within what is left"]


def check_family() -> list[str]:
    """What members of a family draw from their accounts is at most what these hold, all members counted."""
    family = [
        replace(PERSON, id=PersonId(name), family="f", family_balance=money.of("30.00"))
        for name in ("father", "mother")
    ]
    one = policy((step("catalogue"), step("family_account")))
    outcomes = core.settle([Case(bill("20.00", person=each)) for each in family], lambda _claim: one)
    drawn = [outcome.account for outcome in outcomes if isinstance(outcome, Decision)]
    return compared(lambda: {"drawn": sum(drawn)}, drawn="30.00")


def test_d6_a_family_is_all_its_members(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_family() == []

    def own_only(decision: Decision, layer: str) -> int:
        return 0 if layer == FAMILY_ACCOUNT else right(decision, layer)

    right = core._moved
    monkeypatch.setattr(core, "_moved", own_only)
    assert check_family() == ["drawn is 40.00, must be 30.00"]
