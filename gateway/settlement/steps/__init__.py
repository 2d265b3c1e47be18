"""One rule a file. A policy composes them by name, in its own order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gateway.settlement.arguments import Arguments
from gateway.settlement.decision import Figure
from gateway.settlement.shapes import Shape
from gateway.settlement.steps import catalogue, ceiling, deductible, indication, not_covered, proportion, tiers
from gateway.settlement.working import Step


@dataclass(frozen=True, slots=True)
class StepKind:
    """What a policy author may write: the arguments with their shapes, those that may be left out, the builder."""

    arguments: Mapping[str, Shape]
    optional: frozenset[str]
    build: Callable[[Arguments], Step]


STEPS: Mapping[str, StepKind] = {
    "catalogue": StepKind(catalogue.ARGUMENTS, catalogue.OPTIONAL, catalogue.build),
    "ceiling": StepKind(ceiling.ARGUMENTS, ceiling.OPTIONAL, ceiling.build),
    "deductible": StepKind(deductible.ARGUMENTS, deductible.OPTIONAL, deductible.build),
    "indication": StepKind(indication.ARGUMENTS, indication.OPTIONAL, indication.build),
    "not_covered": StepKind(not_covered.ARGUMENTS, not_covered.OPTIONAL, not_covered.build),
    "proportion": StepKind(proportion.ARGUMENTS, proportion.OPTIONAL, proportion.build),
    "tiers": StepKind(tiers.ARGUMENTS, tiers.OPTIONAL, tiers.build),
}

FIGURES: Mapping[str, Figure] = {
    figure.code: figure
    for figure in (
        catalogue.OFF_CATALOGUE,
        catalogue.OWN_EXPENSE,
        catalogue.RESTRICTED,
        catalogue.OVER_LIMIT,
        catalogue.FIRST_PAYMENT,
        catalogue.IN_SCOPE,
        deductible.PER_ADMISSION,
        deductible.PER_YEAR,
        ceiling.CEILING,
        tiers.SLICE,
        proportion.SHARE,
        not_covered.NOT_COVERED,
    )
}
"""Every figure a step can note, by the code that a stored explanation names."""
