"""Terms of payment: which method pays which care of which institutions, from when to when, by which words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gateway.kernel.dated import FOREVER
from gateway.settlement.rule import Rule, Wording


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom something applies to; an empty set is everyone, everything."""

    levels: frozenset[str] = frozenset()
    institutions: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def covers_institution(self, institution: str, level: str) -> bool:
        """By its code or by its level key; naming institutions needs no level."""
        return (not self.levels or level in self.levels) and (not self.institutions or institution in self.institutions)

    def covers_case(self, kind: str, group: str) -> bool:
        """By kind of care and case group."""
        return (not self.kinds or kind in self.kinds) and (not self.groups or group in self.groups)


EVERYONE = Scope()


@dataclass(frozen=True, eq=False)
class Terms:
    """One agreement. `method`: the module in `methods/`; `parameters`: as its ARGUMENTS shape them.

    They hold for a month when they hold on its first day. `rule`: where they stand, with source and reading.
    """

    id: str
    title: Wording
    method: str
    scope: Scope
    rule: Rule
    parameters: Mapping[str, Any] = field(default_factory=dict)
    from_on: date = date.min
    to_on: date = FOREVER

    def hold_on(self, day: date) -> bool:
        return self.from_on <= day <= self.to_on

    def rule_of(self, parameter: str) -> Rule:
        """The rule that one parameter is."""
        own = self.rule
        return Rule(own.policy, own.version, f"{own.path}.{parameter}", own.from_on, own.source, own.reading)


AS_SETTLED = Terms(
    id="fee-for-service",
    title=Wording("按项目付费", "fee for service"),
    method="fee-for-service",
    scope=EVERYONE,
    rule=Rule(
        "payment",
        "",
        "as-settled",
        date.min,
        "",
        "没有约定付费方式的,按结算时基金应付数支付 / no terms: paid as settled",
    ),
)
"""What pays where no terms of the area do."""
