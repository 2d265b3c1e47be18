"""Cost that the policy gives no share for: it stays the person's, and is no own share that other rules relieve."""

from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.decision import Figure
from gateway.settlement.portions import open_portions
from gateway.settlement.rule import Wording
from gateway.settlement.working import Step, Working

ARGUMENTS = {"reason": shapes.TEXT}
OPTIONAL: frozenset[str] = frozenset()

UNSHARED = Figure("unshared", Wording("没有规定分担,由个人支付", "no share is laid down: the person pays"), "{0:m}")
FIGURES = (UNSHARED,)


def build(arguments: Arguments) -> Step:
    """`reason`: a parameter whose source and reading are the explanation."""
    rule = arguments["reason"].rule

    def step(working: Working) -> None:
        portions = open_portions(working)
        unshared = sum(portions.values())
        if not unshared:
            return
        working.portions = dict.fromkeys(portions, 0)
        working.aside += unshared
        working.note(UNSHARED, rule, unshared, unshared, unshared)

    return step
