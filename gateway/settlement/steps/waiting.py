"""Waiting period 等待期 after joining late: care that begins within it is own expense whole."""

from gateway.kernel.quantity import ONE
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.working import Step, Working

LONGEST = 3660
ARGUMENTS = {"days": shapes.count(LONGEST)}
OPTIONAL: frozenset[str] = frozenset()

WAITING = Figure("waiting", Wording("等待期内,全自费", "waiting period: own expense"), "{0:q} < {1:q}: {2:m}")
FIGURES = (WAITING,)


def build(arguments: Arguments) -> Step:
    """`days` from the day of joining, that day included; nobody waits whose day of joining is not known.

    The first day of the treatment decides: an admission within the period stays own expense to its discharge. Stands
    after `catalogue` and before any payer.
    """
    days, rule = arguments["days"].value, arguments["days"].rule

    def step(working: Working) -> None:
        claim = working.case.claim
        joined = claim.person.insured_on
        if joined is None or (insured := (claim.from_on - joined).days) >= days:
            return
        for place, line in enumerate(claim.lines):
            if working.lines[place].in_scope:
                before = working.disallow(place)
                working.note(WAITING, rule, before, 0, insured * ONE, days * ONE, line.amount, line=line.number)

    return step
