"""Claims, steps and a small policy that the specifications of settlement share. All people are made up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from gateway.kernel import money, quantity
from gateway.kernel.dated import FOREVER, Dated
from gateway.kernel.ids import AreaCode, ClaimId, InstitutionCode, PersonId
from gateway.settlement.adjudicate import adjudicate
from gateway.settlement.arguments import Arguments, Resolved
from gateway.settlement.claim import Case, Claim, ClaimKind, Counters, ItemClass, Line, Person, Spent, Terms
from gateway.settlement.decision import Decision
from gateway.settlement.policy import Benefit, ParameterRef, Policy, StepSpec
from gateway.settlement.rule import Rule, Wording
from gateway.settlement.shapes import Band
from gateway.settlement.steps import STEPS
from gateway.settlement.working import Working

AREA = AreaCode("321182")
DAY = date(2015, 3, 9)
LEVELS = ("township", "city_hospital", "outside_city")
PERSON = Person(PersonId("3211820000000000000000000p0001"), "resident", date(1950, 1, 1), "male")
CITED = Rule("test", "v1", "catalogue.item", date(2004, 1, 1), "目录原文", "")


def rule(name: str) -> Rule:
    """The rule an argument of a step built here cites."""
    return Rule("test", "v1", f"parameters.{name}", date(2013, 1, 1), f"{name} 的原文", "")


def terms(
    item_class: ItemClass = ItemClass.A, first_payment: str = "0", ceiling: str | None = None, charge: str = "drug"
) -> Terms:
    price = None if ceiling is None else quantity.price(ceiling)
    return Terms(item_class, money.rate(first_payment), price, charge, CITED)


IN_SCOPE = terms()


def line(yuan: str, on: Terms | None = IN_SCOPE, *, number: int = 1, count: str = "1", code: str = "X") -> Line:
    return Line(number, code, money.of(yuan), quantity.quantity(count), on)


def claim(*lines: Line, kind: ClaimKind = ClaimKind.INPATIENT, level: str = "city_hospital", **rest: Any) -> Claim:
    """A claim of the given lines, renumbered in their order."""
    made = Claim(
        id=ClaimId("3211820000000000000000000c0001"),
        area=AREA,
        scheme="resident",
        person=PERSON,
        institution=InstitutionCode("H32118200001"),
        level=level,
        kind=kind,
        from_on=DAY,
        to_on=DAY,
        lines=tuple(each._replace(number=number) for number, each in enumerate(lines, 1)),
    )
    return replace(made, **rest)


def bill(yuan: str, **rest: Any) -> Claim:
    """A claim of one line that is in scope whole."""
    return claim(line(yuan), **rest)


def spent(layer: str = "basic", **yuan: str) -> dict[tuple[str, str], Counters]:
    """What 2015 has used of a layer, in yuan."""
    return {(layer, "2015"): Counters(**{name: money.of(amount) for name, amount in yuan.items()})}


def run(on: Claim, *steps: tuple[str, dict[str, Any]], used: Spent | None = None) -> Working:
    """The sheet after some steps with plain arguments, each citing `rule(argument's name)`."""
    working = Working(Case(on, used or {}))
    for name, values in steps:
        resolved = {key: Resolved(value, rule(key)) for key, value in values.items()}
        STEPS[name].build(Arguments(rule(name), resolved))(working)
    return working


def counting(yuan: str, *steps: tuple[str, dict[str, Any]], used: Spent | None = None, **rest: Any) -> Working:
    """The sheet of a bill of one in-scope line after the catalogue step and some more."""
    return run(bill(yuan, **rest), ("catalogue", {}), *steps, used=used)


def levels(township: str, city: str, outside: str) -> dict[str, int]:
    return dict(zip(LEVELS, map(money.of, (township, city, outside)), strict=True))


DEDUCTIBLES = levels("300.00", "500.00", "1000.00")
BANDS = tuple(
    Band(money.of(up_to), money.rate(ratio))
    for up_to, ratio in (("10000.00", "0.60"), ("50000.00", "0.65"), ("120000.00", "0.70"))
)
CEILING = money.of("120000.00")


def dated(value: Any, from_on: date = date(2013, 1, 1), to_on: date = FOREVER) -> Dated[Any]:
    return Dated(value, from_on, to_on, "原文", "读法")


def policy(**parameters: Sequence[Dated[Any]]) -> Policy:
    """Deductible by level, ceiling after it, tiers; chronic care with one deductible a year; no outpatient benefit."""
    values = {
        "deductible": (dated(DEDUCTIBLES),),
        "ceiling": (dated(CEILING),),
        "tiers": (dated(BANDS),),
        **{name: tuple(each) for name, each in parameters.items()},
    }
    amounts = {"amount": ParameterRef("deductible")}
    rest = (
        StepSpec("ceiling", {"amount": ParameterRef("ceiling"), "base": "after_deductible"}),
        StepSpec("tiers", {"bands": ParameterRef("tiers")}),
    )
    return Policy(
        id="test",
        area=AREA,
        scheme="resident",
        title=Wording("测试政策", "a policy of the tests"),
        version="v1",
        levels={level: Wording(level, level) for level in LEVELS},
        categories={"resident": Wording("居民", "residents")},
        in_force=(Dated(None, date(2013, 1, 1), date(2015, 12, 31)),),
        parameters=values,
        benefits=(
            Benefit(
                "inpatient",
                Wording("住院", "inpatient care"),
                frozenset({"resident"}),
                frozenset({ClaimKind.INPATIENT}),
                (StepSpec("catalogue", {}), StepSpec("deductible", {**amounts, "per": "admission"}), *rest),
            ),
            Benefit(
                "chronic",
                Wording("慢性病", "chronic care"),
                frozenset({"resident"}),
                frozenset({ClaimKind.CHRONIC}),
                (
                    StepSpec("catalogue", {}),
                    StepSpec("deductible", {**amounts, "per": "year", "layer": "chronic"}),
                    *rest,
                ),
            ),
        ),
    )


POLICY = policy()


def decided(on: Claim, used: Spent | None = None, by: Policy = POLICY) -> Decision:
    """The decision, which must be one."""
    outcome = adjudicate(Case(on, used or {}), by)
    assert isinstance(outcome, Decision), outcome
    return outcome
