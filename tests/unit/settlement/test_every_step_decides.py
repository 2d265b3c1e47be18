"""No step is there for nothing: each one changes a figure, a counter or the outcome of at least two shipped cases."""

from collections import Counter
from typing import Any

import pytest

from gateway.policies.cases import case_files, read_case_file
from gateway.policies.load import SHIPPED, PolicyBook, load_all
from gateway.policies.read_cases import WrittenCase
from gateway.settlement.plan import plan_on
from gateway.settlement.steps import STEPS
from gateway.settlement.working import Working

FEWEST = {"321182-resident": 40, "370200-worker": 40, "100000-modern": 60}
"""Cases that a policy brings at least; any other brings ten."""


@pytest.fixture(scope="module")
def book() -> PolicyBook:
    return load_all()


@pytest.fixture(scope="module")
def cases(book: PolicyBook) -> list[WrittenCase]:
    return [written for file in case_files(book) for written in read_case_file(file, book)]


def state(working: Working) -> tuple[Any, ...]:
    """All that a step can change but the explanation."""
    return (
        list(working.lines),
        working.in_scope,
        working.deductible,
        working.counted,
        dict(working.funds),
        working.account,
        working.institution_share,
        working.aside,
        {fund: set(lines) for fund, lines in working.barred.items()},
        {key: delta for key, delta in working.moved.items() if any(delta)},
        dict(working.waived),
        len(working.refusals),
    )


def deciding(written: WrittenCase) -> set[str]:
    """The steps that decide something in a case."""
    case = written.case
    claim = case.claim
    plan = plan_on(written.policy.policy, claim.decided_on)
    built = plan.benefits.get((claim.person.category, claim.kind, claim.level)) if plan is not None else None
    if built is None:
        return set()
    benefit = next(each for each in written.policy.policy.benefits if each.id == built.id)
    working = Working(case)
    decided = set()
    for spec, step in zip(benefit.steps, built.steps, strict=True):
        before = state(working)
        step(working)
        if state(working) != before:
            decided.add(spec.step)
    return decided


def test_every_step_decides_in_at_least_two_shipped_cases(cases: list[WrittenCase]) -> None:
    counts = Counter(step for written in cases for step in deciding(written))

    assert {step: counts[step] for step in STEPS if counts[step] < 2} == {}


@pytest.mark.parametrize("policy", sorted(path.parent.name for path in SHIPPED.glob("*/policy.yaml")))
def test_every_policy_brings_its_cases(cases: list[WrittenCase], policy: str) -> None:
    names = [written.name for written in cases if written.policy.policy.id == policy]

    assert len(names) >= FEWEST.get(policy, 10)
    assert len(set(names)) == len(names)
