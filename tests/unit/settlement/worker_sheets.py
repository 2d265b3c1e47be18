"""Bills of workers, and steps run on them with arguments as a policy file writes them. All people are made up."""

from dataclasses import replace
from datetime import date
from typing import Any

from gateway.kernel import money
from gateway.kernel.ids import AreaCode, ClaimId, InstitutionCode, PersonId
from gateway.kernel.quantity import ONE, price
from gateway.policies.load import SHIPPED, load_policy
from gateway.settlement.adjudicate import adjudicate
from gateway.settlement.arguments import Arguments, Resolved
from gateway.settlement.claim import Case, Claim, ClaimKind, Counters, ItemClass, Line, Person, Terms
from gateway.settlement.decision import Decision
from gateway.settlement.rule import Rule
from gateway.settlement.steps import STEPS
from gateway.settlement.working import Working

DAY = date(1998, 3, 9)
LEVELS = ("own_unit", "contracted", "other_public", "private")
CITED = Rule("test", "v1", "parameters.test", date(1990, 1, 1), "原文", "")
PERSON = Person(PersonId("3702000000000000000000000p0001"), "worker", date(1955, 1, 1), "male")
WORKERS = load_policy(SHIPPED / "370200-worker")
BANDS = [
    {"above": "3000.00", "rate": "0.90", "rest": "0.50"},
    {"above": "5000.00", "rate": "0.85", "rest": "0.50"},
    {"above": "10000.00", "rate": "0.80", "rest": "0.90"},
]
RUNNING = {"bands": BANDS, "fund": "pooled", "rest_fund": "unit", "period": "quarter", "counts": "before_account"}


def line(yuan: str, charge: str = "drug", *, code: str = "X", item_class: str = "A", **terms: Any) -> Line:
    ceiling = price(terms["ceiling"]) if "ceiling" in terms else None
    first = money.rate(terms.get("first_payment", "0"))
    return Line(0, code, money.of(yuan), ONE, Terms(ItemClass(item_class), first, ceiling, charge, CITED))


def claim(*lines: Line, balance: str = "0", **rest: Any) -> Claim:
    """A claim of the lines, numbered in their order, at the own unit's hospital."""
    made = Claim(
        id=ClaimId("3702000000000000000000000c0001"),
        area=AreaCode("370200"),
        scheme="worker",
        person=replace(PERSON, account_balance=money.of(balance)),
        institution=InstitutionCode("H37020000001"),
        level="own_unit",
        kind=ClaimKind.INPATIENT,
        from_on=DAY,
        to_on=DAY,
        lines=tuple(each._replace(number=number) for number, each in enumerate(lines, 1)),
    )
    return replace(made, **rest)


def run(on: Claim, *steps: tuple[str, dict[str, Any]], used: dict[tuple[str, str], Counters] | None = None) -> Working:
    """The sheet after the catalogue and some steps, their arguments as a policy file writes them."""
    working = Working(Case(on, used or {}))
    for name, raw in (("catalogue", {}), *steps):
        shapes = STEPS[name].arguments
        read = {key: Resolved(shapes[key].parse(value, LEVELS), CITED) for key, value in raw.items()}
        STEPS[name].build(Arguments(CITED, read))(working)
    return working


def paid(working: Working) -> dict[str, str]:
    return {fund: money.text(fen) for fund, fen in working.funds.items() if fen}


def decided(on: Claim, used: dict[tuple[str, str], Counters] | None = None) -> Decision:
    outcome = adjudicate(Case(on, used or {}), WORKERS)
    assert isinstance(outcome, Decision), outcome
    return outcome


def payers(decision: Decision) -> dict[str, str]:
    shares = {**decision.funds, "account": decision.account, "cash": decision.cash}
    return {name: money.text(fen) for name, fen in shares.items() if fen}
