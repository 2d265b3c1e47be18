"""Claims of one line an amount, and the sheet after some steps: what the specifications of steps are written with."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from gateway.kernel import money
from gateway.kernel.ids import AreaCode, ClaimId, InstitutionCode, PersonId
from gateway.kernel.quantity import ONE
from gateway.settlement.arguments import Arguments, Resolved
from gateway.settlement.claim import Case, Claim, ClaimKind, Counters, ItemClass, Line, Person, Spent, Terms
from gateway.settlement.explain import explain_note
from gateway.settlement.rule import Rule
from gateway.settlement.steps import STEPS
from gateway.settlement.working import Working

LEVELS = ("clinic", "hospital")
CITED = Rule("test", "v1", "parameters.test", date(2020, 1, 1), "原文", "")
DAY, YEAR = date(2025, 3, 9), "2025"
PERSON = Person(PersonId("1000000000000000000000000p0001"), "resident", date(1970, 1, 1), "male")


def claim(*yuan: str, **rest: Any) -> Claim:
    """A stay of eight days at the hospital, one line of class A an amount."""
    terms = Terms(ItemClass.A, 0, None, "drug", CITED)
    made = Claim(
        id=ClaimId("1000000000000000000000000c0001"),
        area=AreaCode("100000"),
        scheme="worker",
        person=PERSON,
        institution=InstitutionCode("H10000000001"),
        level="hospital",
        kind=ClaimKind.INPATIENT,
        from_on=date(2025, 3, 1),
        to_on=DAY,
        lines=tuple(Line(number, "X", money.of(each), ONE, terms) for number, each in enumerate(yuan, 1)),
    )
    return replace(made, **rest)


def visit(*yuan: str, **rest: Any) -> Claim:
    return claim(*yuan, kind=ClaimKind.OUTPATIENT, from_on=DAY, **rest)


def run(on: Claim, *steps: tuple[str, Mapping[str, Any]], spent: Spent | None = None) -> Working:
    """The sheet after the catalogue and some steps, their arguments as a policy file writes them."""
    working = Working(Case(on, spent or {}))
    for name, raw in (("catalogue", {}), *steps):
        kind = STEPS[name]
        read = {key: Resolved(kind.arguments[key].parse(value, LEVELS), CITED) for key, value in raw.items()}
        assert kind.wrong({key: value.value for key, value in read.items()}) is None
        kind.build(Arguments(CITED, read))(working)
    return working


def used(layer: str, period: str = YEAR, **yuan: str) -> Spent:
    return {(layer, period): Counters(**{name: money.of(each) for name, each in yuan.items()})}


def last(working: Working) -> str:
    return explain_note(working.notes[-1]).arithmetic


def family(own: str, shared: str) -> Person:
    return replace(PERSON, account_balance=money.of(own), family="f1", family_balance=money.of(shared))
