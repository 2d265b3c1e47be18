"""Adjudication: one pure function for trial and final, for one claim and for a million.

`adjudicate` decides one case; `settle` folds a batch in its order, so that a person's later claim sees the earlier.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from gateway.kernel.ids import PersonId
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem
from gateway.settlement.claim import NOTHING, Case, Claim, Counters, Movement, Spent
from gateway.settlement.decision import Decision, Split, check_decision
from gateway.settlement.plan import plan_on
from gateway.settlement.policy import Policy
from gateway.settlement.working import ACCOUNT, BASIC, FAMILY_ACCOUNT, Working

Outcome: TypeAlias = Decision | tuple[Problem, ...]
"""A decision, or the problems for which the claim is refused."""


def adjudicate(case: Case, policy: Policy) -> Outcome:
    """The decision of the policy of the claim's deciding day, given what the person has used before."""
    claim = case.claim
    plan = plan_on(policy, claim.decided_on)
    if plan is None:
        return (_no_policy(claim, policy),)
    benefit = plan.benefits.get((claim.person.category, claim.kind, claim.level))
    if benefit is None:
        return (_no_benefit(claim, policy),)

    working = Working(case)
    for step in benefit.steps:
        step(working)
    if working.refusals:
        return tuple(working.refusals)
    decision = _decision(working, policy, benefit.id)
    check_decision(decision)
    return decision


def settle(cases: Iterable[Case], policy_of: Callable[[Claim], Policy]) -> Iterator[Outcome]:
    """Outcomes in the order of the cases. A person's spent figures are taken from their first case and folded on.

    The balance of an account, the person's or the family's, is that of each claim, less what earlier claims of the
    batch have drawn.
    """
    folded: dict[tuple[PersonId, str], dict[tuple[str, str], Counters]] = {}
    drawn: dict[PersonId, Fen] = {}
    shared: dict[str, Fen] = {}
    for case in cases:
        claim = case.claim
        person = claim.person.id
        spent = folded.setdefault((person, claim.scheme), dict(case.spent))
        family = claim.person.family or person
        before = (case.drawn + drawn.get(person, 0), case.family_drawn + shared.get(family, 0))
        outcome = adjudicate(Case(claim, spent, *before), policy_of(claim))
        if isinstance(outcome, Decision):
            spent.update(after(spent, outcome.movements))
            drawn[person] = drawn.get(person, 0) + _moved(outcome, ACCOUNT)
            shared[family] = shared.get(family, 0) + _moved(outcome, FAMILY_ACCOUNT)
        yield outcome


def _moved(decision: Decision, layer: str) -> Fen:
    return sum(movement.delta.counted for movement in decision.movements if movement.layer == layer)


def after(spent: Spent, movements: Iterable[Movement]) -> dict[tuple[str, str], Counters]:
    """The counters that movements touch, as they stand after them."""
    changed: dict[tuple[str, str], Counters] = {}
    for movement in movements:
        key = (movement.layer, movement.period)
        changed[key] = changed.get(key, spent.get(key, NOTHING)).plus(movement.delta)
    return changed


def _decision(working: Working, policy: Policy, benefit: str) -> Decision:
    claim = working.case.claim
    total = sum(line.amount for line in claim.lines)
    own, over, first, in_scope = (sum(part) for part in zip(*working.lines, strict=True))
    fund_total = sum(working.funds.values())
    working.move(
        BASIC,
        Counters(
            counted=working.counted,
            fund=working.funds.get(BASIC, 0),
            own_share=max(0, working.left - working.aside),
            deductible=working.deductible,
            admissions=1 if working.is_stay and not working.continues else 0,
        ),
    )
    return Decision(
        claim=claim,
        policy=policy.id,
        version=policy.version,
        benefit=benefit,
        lines=tuple(working.lines),
        total=total,
        split=Split(own, over, first, in_scope),
        deductible=working.deductible,
        counted=working.counted,
        funds=working.funds,
        account=working.account,
        institution_share=working.institution_share,
        cash=total - fund_total - working.account - working.institution_share,
        movements=tuple(Movement(layer, period, delta) for (layer, period), delta in working.moved.items()),
        notes=tuple(working.notes),
        drawn=working.case.drawn,
        family_drawn=working.case.family_drawn,
    )


def _no_policy(claim: Claim, policy: Policy) -> Problem:
    day = claim.decided_on.isoformat()
    return Problem(
        Kind.RULE,
        "no-policy-in-force",
        "Claim.billablePeriod.end",
        f"no policy of {policy.title.en} is in force on {day}: check the date of discharge or service",
        f"{day} 没有生效的政策({policy.title.zh}):请核对出院或就诊日期",
    )


def _no_benefit(claim: Claim, policy: Policy) -> Problem:
    return Problem(
        Kind.RULE,
        "no-benefit",
        "Claim.subType",
        f"{policy.title.en} has no benefit for {claim.kind} of category {claim.person.category} at {claim.level}",
        f"{policy.title.zh}对该人员类别、医疗类别和机构级别没有规定待遇",
    )
