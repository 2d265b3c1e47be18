"""Quotas 病种限额 of chronic and special outpatient diseases: what counts is trimmed to what the disease has left.

A disease that is not listed is not payable on such a claim: it is refused, so that the bill comes as an ordinary one.
"""

from collections.abc import Collection, Mapping
from typing import Any

from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem
from gateway.settlement import shapes
from gateway.settlement.arguments import Arguments
from gateway.settlement.claim import Counters
from gateway.settlement.decision import Figure
from gateway.settlement.rule import Wording
from gateway.settlement.shapes import Shape
from gateway.settlement.steps.limit import PERIODS
from gateway.settlement.working import Step, Working, quota_layer


def _quotas(raw: Any, levels: Collection[str]) -> Mapping[str, Fen]:
    if not isinstance(raw, Mapping) or not raw:
        raise ValueError("not an amount by disease")
    return {disease: shapes.MONEY.parse(amount, levels) for disease, amount in raw.items()}


QUOTAS = Shape(
    'an amount by disease code, such as {M03900: "3600.00"}', _quotas, tell=lambda quotas: [shapes.amounts_text(quotas)]
)

ARGUMENTS = {"quotas": QUOTAS, "per": shapes.choice("month", "quarter", "year")}
OPTIONAL = frozenset({"per"})

QUOTA = Figure("quota", Wording("病种限额", "quota of the disease"), "min({0:m}, {1:m} − {2:m}) = {3:m}")
FIGURES = (QUOTA,)


def build(arguments: Arguments) -> Step:
    """`quotas`: cost that counts in the period, by disease; `per`: the year where it is left out."""
    quotas, rule = arguments["quotas"].value, arguments["quotas"].rule
    per = arguments.get("per")
    period_of = PERIODS[per.value if per is not None else "year"]

    def step(working: Working) -> None:
        claim = working.case.claim
        quota = quotas.get(claim.disease)
        if quota is None:
            working.refusals.append(_not_listed(claim.disease, quotas))
            return
        layer, period = quota_layer(claim.disease), period_of(claim.decided_on)
        asked, used = working.counted, min(quota, working.spent(layer, period).counted)
        working.counted = min(asked, quota - used)
        working.move(layer, Counters(counted=working.counted), period)
        working.note(QUOTA, rule, asked, working.counted, asked, quota, used, working.counted)

    return step


def _not_listed(disease: str, quotas: Collection[str]) -> Problem:
    listed = ", ".join(quotas)
    return Problem(
        Kind.RULE,
        "disease-not-listed",
        "Claim.supportingInfo",
        f"'{disease}' is no listed chronic disease: send one of {listed}, or an ordinary outpatient claim",
        f"“{disease}”不在门诊慢特病病种范围:请填 {listed} 之一,或按普通门诊申报",
    )
