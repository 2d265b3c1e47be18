"""Reduced ratio 降低支付比例: some points fewer on all that counts, such as for care elsewhere that was not filed."""

from gateway.kernel import money
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.working import BASIC, Step, Working

ARGUMENTS = {"points": shapes.RATE}
OPTIONAL: frozenset[str] = frozenset()

REDUCED = Figure("reduction", Wording("降低支付比例", "reduced ratio"), "max(0.00, {0:m} − {1:m} × {2:r} %) = {3:m}")
FIGURES = (REDUCED,)


def build(arguments: Arguments) -> Step:
    """`points`: "0.15" is fifteen percentage points fewer. Stands after the step that pays; never below nothing."""
    points, rule = arguments["points"].value, arguments["points"].rule

    def step(working: Working) -> None:
        before = working.funds[BASIC]
        reduced = max(0, before - money.share(working.counted, points))
        working.funds[BASIC] = reduced
        working.note(REDUCED, rule, before, reduced, before, working.counted, points, reduced)

    return step
