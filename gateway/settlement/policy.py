"""Policy as values: what the loader makes of a policy folder. No rule here belongs to one area."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gateway.kernel import dated
from gateway.kernel.dated import FOREVER, Dated
from gateway.kernel.ids import AreaCode
from gateway.settlement.claim import ClaimKind
from gateway.settlement.rule import Rule, Wording


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """An argument of a step that is looked up among the policy's dated parameters ('$name' in the file)."""

    name: str


@dataclass(frozen=True, slots=True)
class StepSpec:
    """One step of a benefit: its name is the module in `settlement/steps/`, its arguments literals or parameters.

    `when`: the condition on which it runs (see `settlement.guard`), empty for always.
    """

    step: str
    arguments: Mapping[str, Any]
    when: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Benefit:
    """An ordered composition of steps for some categories, kinds and institution levels (empty: all levels)."""

    id: str
    title: Wording
    categories: frozenset[str]
    kinds: frozenset[ClaimKind]
    steps: tuple[StepSpec, ...]
    levels: frozenset[str] = frozenset()
    from_on: date = date.min
    to_on: date = FOREVER

    def covers(self, *, category: str, kind: ClaimKind, level: str, day: date) -> bool:
        return (
            category in self.categories
            and kind in self.kinds
            and (not self.levels or level in self.levels)
            and self.from_on <= day <= self.to_on
        )


@dataclass(frozen=True, eq=False)
class Policy:
    """The dated policy of one area and scheme. `version`: hash of everything it and its catalogue say."""

    id: str
    area: AreaCode
    scheme: str
    title: Wording
    version: str
    levels: Mapping[str, Wording]
    categories: Mapping[str, Wording]
    in_force: tuple[Dated[None], ...]
    parameters: Mapping[str, tuple[Dated[Any], ...]]
    benefits: tuple[Benefit, ...]

    def in_force_on(self, day: date) -> bool:
        return any(span.holds_on(day) for span in self.in_force)

    def rule(self, name: str, value: Dated[Any]) -> Rule:
        """The rule that one dated value of a parameter is."""
        return Rule(self.id, self.version, f"parameters.{name}", value.from_on, value.source, value.reading)

    def value_on(self, name: str, day: date) -> Dated[Any] | None:
        """The dated value of a parameter in force on a day."""
        return dated.on(self.parameters.get(name, ()), day)
