"""Not covered: the fund pays nothing, and the answer says why."""

from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.working import Step, Working

ARGUMENTS = {"reason": shapes.TEXT}
OPTIONAL: frozenset[str] = frozenset()

NOT_COVERED = Figure("not-covered", Wording("基金不予支付", "not payable by the fund"), "{0:m} → {1:m}")
FIGURES = (NOT_COVERED,)


def build(arguments: Arguments) -> Step:
    """`reason`: a parameter whose source and reading are the explanation."""
    rule = arguments["reason"].rule

    def step(working: Working) -> None:
        before = working.counted
        working.counted = 0
        working.note(NOT_COVERED, rule, before, 0, before, 0)

    return step
