"""Arguments of a step, resolved for one day: each value with the rule it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.settlement.rule import Rule


@dataclass(frozen=True, slots=True)
class Resolved:
    """A value and its rule."""

    value: Any
    rule: Rule


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a step is built with. `rule`: that of the step itself, for figures no parameter gives."""

    rule: Rule
    resolved: Mapping[str, Resolved]

    def __getitem__(self, name: str) -> Resolved:
        return self.resolved[name]

    def get(self, name: str) -> Resolved | None:
        return self.resolved.get(name)
