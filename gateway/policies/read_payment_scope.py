"""What the parts of a payment file share: where a rule stands, whom it applies to, small numbers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from gateway.kernel.codes import check_institution_code
from gateway.payment.terms import Scope
from gateway.policies.nodes import Spot, mark_wrong
from gateway.policies.reading import items, text, words
from gateway.settlement.claim import ClaimKind
from gateway.settlement.rule import Rule

SOURCED = ("source", "reading")
DATED = ("from", "to", *SOURCED)
SCOPED = ("levels", "institutions")


@dataclass(frozen=True, slots=True)
class Origin:
    """What readers cite and check against: the policy, the file's hash, the policy's levels."""

    policy: str
    version: str
    levels: Collection[str]

    def rule(self, path: str, from_on: date, found: Mapping[str, Spot], spot: Spot) -> Rule:
        """The rule at a path of the file; neither source nor reading is recorded as a problem."""
        source, reading = (text(found[name], empty=True) if name in found else "" for name in SOURCED)
        if not source and not reading:
            mark_wrong(spot, "policy-source", "cite the source or state the reading", "应写出处 source 或读法 reading")
        return Rule(self.policy, self.version, f"payment.{path}", from_on, source, reading)

    def scope(self, found: Mapping[str, Spot], groups: Collection[str] = ()) -> Scope:
        """Levels, institutions, kinds and groups; what is left out is everything."""
        return Scope(
            words(found["levels"], self.levels) if "levels" in found else frozenset(),
            frozenset(institution(each) for each in items(found["institutions"]))
            if "institutions" in found
            else frozenset(),
            words(found["kinds"], tuple(ClaimKind)) if "kinds" in found else frozenset(),
            words(found["groups"], groups) if "groups" in found else frozenset(),
        )


def institution(spot: Spot | None) -> str:
    """An institution's code."""
    code = text(spot)
    if spot is not None and code:
        spot.problems.extend(check_institution_code(code, spot.where))
    return code


def whole(spot: Spot | None, otherwise: int, most: int) -> int:
    """A whole number from 0 on."""
    if spot is None:
        return otherwise
    said = text(spot)
    if said.isascii() and said.isdigit() and int(said) <= most:
        return int(said)
    mark_wrong(spot, "policy-shape", f"write a whole number up to {most}", f"应写不超过 {most} 的整数")
    return otherwise


def check_once(spots: list[Spot], keys: list[str]) -> None:
    """Record keys that stand twice."""
    seen: set[str] = set()
    for spot, key in zip(spots, keys, strict=True):
        if key in seen:
            mark_wrong(spot, "policy-key", f"'{key}' stands twice: rename one", f"“{key}”重复:请改名")
        seen.add(key)
