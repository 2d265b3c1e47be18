"""When a step runs: a condition on the claim and its person, written beside the step as `when`."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from gateway.kernel.calendar import completed_years
from gateway.settlement.working import Working

Guard: TypeAlias = Callable[[Working], bool]
Condition: TypeAlias = Mapping[str, Any]
"""Keys of `WORDS`, `FLAGS`, `PREFIXES` and `AGES`; all of them must hold."""

WORDS: Mapping[str, Callable[[Working], frozenset[str]]] = {
    "categories": lambda working: frozenset({working.case.claim.person.category}),
    "identities": lambda working: working.case.claim.person.identities,
    "levels": lambda working: frozenset({working.case.claim.level}),
    "kinds": lambda working: frozenset({working.case.claim.kind.value}),
    "diseases": lambda working: frozenset({working.case.claim.disease}),
    "transfer_from": lambda working: frozenset({working.case.claim.transfer_from}),
    "sexes": lambda working: frozenset({working.case.claim.person.sex}),
}
"""Conditions that hold when one of the words listed is the claim's; 'not_' before the name: when none is."""

FLAGS: Mapping[str, Callable[[Working], bool]] = {
    "approved": lambda working: working.case.claim.approved,
    "designated": lambda working: working.case.claim.designated,
    "filed": lambda working: working.case.claim.filed,
    "third_party_liable": lambda working: working.case.claim.third_party_liable,
    "in_arrears": lambda working: working.case.claim.person.in_arrears,
    "transferred": lambda working: bool(working.case.claim.transfer_from),
}
"""Conditions that hold when the fact is as stated, true or false."""

PREFIXES = ("diagnoses", "not_diagnoses")
"""Conditions that hold when one of the claim's diagnoses begins with a prefix listed; with 'not_' when none does."""

AGES = ("age_from", "age_below")
"""Completed years on the deciding day: from this one on, below that one."""


def guard_of(condition: Condition) -> Guard:
    """The closure of a condition that the loader has checked."""
    checks: list[Guard] = []
    for name, value in condition.items():
        if name in FLAGS:
            checks.append(_flag(FLAGS[name], value))
        elif name in AGES:
            checks.append(_age(name, value))
        elif name in PREFIXES:
            checks.append(_diagnoses(tuple(value), negated=name.startswith("not_")))
        else:
            checks.append(_words(WORDS[name.removeprefix("not_")], frozenset(value), negated=name.startswith("not_")))
    if len(checks) == 1:
        return checks[0]
    return lambda working: all(check(working) for check in checks)


def _flag(fact: Callable[[Working], bool], wanted: bool) -> Guard:
    return lambda working: fact(working) is wanted


def _words(fact: Callable[[Working], frozenset[str]], wanted: frozenset[str], *, negated: bool) -> Guard:
    return lambda working: fact(working).isdisjoint(wanted) is negated


def _diagnoses(prefixes: tuple[str, ...], *, negated: bool) -> Guard:
    return lambda working: any(code.startswith(prefixes) for code in working.case.claim.diagnoses) is not negated


def _age(name: str, years: int) -> Guard:
    def check(working: Working) -> bool:
        claim = working.case.claim
        age = completed_years(claim.person.born_on, claim.decided_on)
        return age >= years if name == "age_from" else age < years

    return check
