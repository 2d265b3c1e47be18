"""A policy on one day: its benefits with their steps built, ready to run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from gateway.kernel import dated
from gateway.settlement.arguments import Arguments, Resolved
from gateway.settlement.claim import ClaimKind
from gateway.settlement.guard import guard_of
from gateway.settlement.policy import Benefit, ParameterRef, Policy, StepSpec
from gateway.settlement.rule import Rule
from gateway.settlement.steps import STEPS
from gateway.settlement.working import Step, Working


@dataclass(frozen=True, slots=True)
class BenefitPlan:
    """A benefit with the steps of one day."""

    id: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """All benefits of a policy on a day, by category, kind and level."""

    policy: Policy
    benefits: Mapping[tuple[str, ClaimKind, str], BenefitPlan]


@lru_cache(maxsize=8192)
def plan_on(policy: Policy, day: date) -> Plan | None:
    """The plan of a day, or None when the policy is not in force on it."""
    if not policy.in_force_on(day):
        return None
    built: dict[str, BenefitPlan] = {}
    found: dict[tuple[str, ClaimKind, str], BenefitPlan] = {}
    for benefit in policy.benefits:
        if not benefit.from_on <= day <= benefit.to_on:
            continue
        built[benefit.id] = BenefitPlan(benefit.id, _build_steps(policy, benefit, day))
        for category in benefit.categories:
            for kind in benefit.kinds:
                for level in benefit.levels or policy.levels:
                    found.setdefault((category, kind, level), built[benefit.id])
    return Plan(policy, found)


def _build_steps(policy: Policy, benefit: Benefit, day: date) -> tuple[Step, ...]:
    return tuple(
        _guarded(spec, STEPS[spec.step].build(_resolve(policy, benefit, number, spec, day)))
        for number, spec in enumerate(benefit.steps)
    )


def _guarded(spec: StepSpec, step: Step) -> Step:
    if not spec.when:
        return step
    guard = guard_of(spec.when)

    def guarded(working: Working) -> None:
        if guard(working):
            step(working)

    return guarded


def _resolve(policy: Policy, benefit: Benefit, number: int, spec: StepSpec, day: date) -> Arguments:
    path = f"benefits.{benefit.id}.steps[{number}].{spec.step}"
    own = Rule(policy.id, policy.version, path, benefit.from_on, benefit.title.zh, "")
    resolved: dict[str, Resolved] = {}
    for name, argument in spec.arguments.items():
        if isinstance(argument, ParameterRef):
            value = dated.on(policy.parameters[argument.name], day)
            if value is None and name in STEPS[spec.step].optional:
                continue
            assert value is not None, f"{policy.id}: the loader lets no benefit hold without {argument.name} on {day}"
            resolved[name] = Resolved(value.value, policy.rule(argument.name, value))
        else:
            resolved[name] = Resolved(argument, own)
    return Arguments(own, resolved)
