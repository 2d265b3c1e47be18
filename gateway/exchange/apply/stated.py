"""The four parts that an institution states with a settlement must be the four that were decided."""

from gateway.fhir.claim import StatedSplit
from gateway.kernel import money
from gateway.kernel.problem import Kind, Problem
from gateway.settlement.decision import Decision


def check_stated_split(stated: StatedSplit, decision: Decision) -> list[Problem]:
    """A problem for each stated part that differs from the decision's; parts not stated are not compared."""
    return [
        _differs(part, said, decided)
        for part, said, decided in zip(StatedSplit._fields, stated, decision.split, strict=True)
        if said is not None and said != decided
    ]


def _differs(part: str, stated: int, decided: int) -> Problem:
    return Problem(
        Kind.RULE,
        "stated-split-differs",
        f"Claim.extension[stated-split].{part}",
        f"{part} is stated as {money.text(stated)} and decided as {money.text(decided)}: try again, then settle",
        f"上传的费用分解({part})为 {money.text(stated)},中心计算为 {money.text(decided)}:请重新预结算后再结算",
    )
