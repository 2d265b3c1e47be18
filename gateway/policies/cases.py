"""Runs case files: each claim is adjudicated and every stated field compared, to the fen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.kernel import money
from gateway.kernel.money import Fen
from gateway.kernel.problem import Problem, refuse_if
from gateway.policies.load import AreaPolicy, PolicyBook
from gateway.policies.nodes import read_yaml
from gateway.policies.read_cases import FUNDS, WrittenCase, read_cases
from gateway.settlement.adjudicate import adjudicate
from gateway.settlement.claim import Case
from gateway.settlement.decision import Decision
from gateway.settlement.plan import plan_on
from gateway.settlement.policy import Policy
from gateway.settlement.working import Working


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is not as expected. `step`: the step that last changed it, '' for a refusal."""

    field: str
    expected: str
    actual: str
    step: str


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case: the differences in the order of the fields, none when it is as expected."""

    case: str
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        return not self.differences

    @property
    def line(self) -> str:
        """'ok case', or 'FAIL case field expected actual step' for the first difference."""
        if self.ok:
            return f"ok {self.case}"
        first = self.differences[0]
        return f"FAIL {self.case} {first.field} {first.expected or '-'} {first.actual or '-'} {first.step or '-'}"


def run_cases(file: Path, book: PolicyBook) -> list[CaseResult]:
    """The result of each case of a file, in its order. Refusal with every problem when the file cannot be read."""
    return [run_case(case) for case in read_case_file(file, book)]


def read_case_file(file: Path, book: PolicyBook) -> list[WrittenCase]:
    """The cases of a file as written. Refusal with every problem when it cannot be read."""
    problems: list[Problem] = []
    spot = read_yaml(file, file.name, problems)
    cases = read_cases(spot, book) if spot is not None else []
    refuse_if(problems)
    return cases


def case_files(book: PolicyBook) -> list[Path]:
    """Every case file of every policy folder."""
    return [file for area in book.policies.values() for file in area_case_files(area)]


def area_case_files(area: AreaPolicy) -> list[Path]:
    """The case files of one policy folder, by name."""
    return sorted((area.folder / "cases").glob("*.yaml"))


def run_case(written: WrittenCase) -> CaseResult:
    """Adjudicates one case and compares what it states."""
    outcome = adjudicate(written.case, written.policy.policy)
    if not isinstance(outcome, Decision):
        codes = ",".join(problem.code for problem in outcome)
        as_expected = written.refused in {problem.code for problem in outcome}
        return CaseResult(written.name, () if as_expected else (Difference("refused", written.refused, codes, ""),))
    if written.refused:
        return CaseResult(written.name, (Difference("refused", written.refused, "", ""),))
    actual = _fields(outcome)
    different = [name for name, fen in written.expected.items() if actual.get(name, 0) != fen]
    steps = last_steps(written.case, written.policy.policy, outcome.benefit) if different else {}
    return CaseResult(
        written.name,
        tuple(
            Difference(name, money.text(written.expected[name]), money.text(actual.get(name, 0)), steps.get(name, ""))
            for name in different
        ),
    )


def failed(results: Iterable[CaseResult]) -> list[CaseResult]:
    """The results that are not as expected."""
    return [result for result in results if not result.ok]


def last_steps(case: Case, policy: Policy, benefit_id: str) -> Mapping[str, str]:
    """For each field, the step of the benefit that last changed it; where none did, the last one that changed any."""
    plan = plan_on(policy, case.claim.decided_on)
    benefit = next(each for each in policy.benefits if each.id == benefit_id)
    assert plan is not None, "a decided claim has a plan"
    built = plan.benefits[(case.claim.person.category, case.claim.kind, case.claim.level)]
    working = Working(case)
    before = _figures(working)
    steps, last = {"total": "claim"}, benefit.steps[0].step
    for spec, step in zip(benefit.steps, built.steps, strict=True):
        step(working)
        after = _figures(working)
        changed = {name: spec.step for name, fen in after.items() if before.get(name, 0) != fen}
        steps |= changed
        last = spec.step if changed else last
        before = after
    return {**dict.fromkeys(before, last), **steps}


def _fields(decision: Decision) -> dict[str, Fen]:
    own, over, first, in_scope = decision.split
    return {
        "total": decision.total,
        "own_expense": own,
        "over_limit": over,
        "first_payment": first,
        "in_scope": in_scope,
        "deductible": decision.deductible,
        "counted": decision.counted,
        **{f"funds.{name}": decision.funds.get(name, 0) for name in FUNDS},
        "account": decision.account,
        "institution_share": decision.institution_share,
        "cash": decision.cash,
    }


def _figures(working: Working) -> dict[str, Fen]:
    own, over, first, in_scope = (sum(part) for part in zip(*working.lines, strict=True)) if working.lines else (0,) * 4
    paid = sum(working.funds.values()) + working.account + working.institution_share
    return {
        "own_expense": own,
        "over_limit": over,
        "first_payment": first,
        "in_scope": in_scope,
        "deductible": working.deductible,
        "counted": working.counted,
        **{f"funds.{name}": working.funds.get(name, 0) for name in FUNDS},
        "account": working.account,
        "institution_share": working.institution_share,
        "cash": sum(line.amount for line in working.case.claim.lines) - paid,
    }
