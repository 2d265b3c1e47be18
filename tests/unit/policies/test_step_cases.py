"""Every step has cases: each file in `settlement/steps/` decides in at least two of the shipped ones."""

from collections import Counter
from copy import deepcopy
from typing import Any

from gateway.kernel.problem import Problem
from gateway.policies.cases import area_case_files
from gateway.policies.load import PolicyBook
from gateway.policies.nodes import read_yaml
from gateway.policies.read_cases import WrittenCase, read_cases
from gateway.settlement.plan import plan_on
from gateway.settlement.steps import STEPS
from gateway.settlement.working import Working

BOOKKEEPING = {"case", "notes", "period"}
"""What a step may touch without deciding anything."""


def test_every_step_decides_in_at_least_two_cases(book: PolicyBook) -> None:
    decided: Counter[str] = Counter()
    for written in shipped(book):
        decided.update(deciding_steps(written))

    assert {step: decided[step] for step in STEPS if decided[step] < 2} == {}


def shipped(book: PolicyBook) -> list[WrittenCase]:
    problems: list[Problem] = []
    spots = [read_yaml(file, file.name, problems) for area in book.policies.values() for file in area_case_files(area)]
    cases = [case for spot in spots if spot is not None for case in read_cases(spot, book)]
    assert problems == []
    return cases


def deciding_steps(written: WrittenCase) -> set[str]:
    """The steps that change a figure or a counter of the case, or refuse it."""
    claim, policy = written.case.claim, written.policy.policy
    plan = plan_on(policy, claim.decided_on)
    benefit = plan.benefits.get((claim.person.category, claim.kind, claim.level)) if plan is not None else None
    if benefit is None:
        return set()
    names = next(each.steps for each in policy.benefits if each.id == benefit.id)
    working = Working(written.case)
    deciding = set()
    for spec, step in zip(names, benefit.steps, strict=True):
        before = state(working)
        step(working)
        if state(working) != before:
            deciding.add(spec.step)
    return deciding


def state(working: Working) -> dict[str, Any]:
    """Every figure of the sheet that is not empty, and every counter that moved."""
    figures = {name: deepcopy(getattr(working, name)) for name in working.__slots__ if name not in BOOKKEEPING}
    figures["moved"] = {key: delta for key, delta in working.moved.items() if any(delta)}
    return {name: figure for name, figure in figures.items() if figure}
