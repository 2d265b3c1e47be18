"""Random people and claims for a policy, shipped or generated; each follows from a seed. All people are made up."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from gateway.kernel.dated import FOREVER
from gateway.kernel.ids import AreaCode, ClaimId, InstitutionCode, PersonId
from gateway.kernel.quantity import ONE
from gateway.policies.read_cases import IDENTITIES
from gateway.settlement.catalogue import CHARGES
from gateway.settlement.claim import Claim, ItemClass, Line, Person, Terms
from gateway.settlement.plan import plan_on
from gateway.settlement.policy import Policy
from gateway.settlement.rule import Rule
from gateway.settlement.shapes import DrugIndication
from tests.properties.plans import CODES, DIAGNOSES, DISEASES

CITED = Rule("claim", "", "line", date.min, "", "")


class World:
    """A policy with the words that its conditions and lists ask for; it shows as the policy's id."""

    def __init__(self, policy: Policy, *, diseases: set[str], diagnoses: set[str], codes: set[str]) -> None:
        self.policy = policy
        self.diseases = tuple(sorted(diseases))
        self.diagnoses = tuple(sorted(diagnoses))
        self.codes = tuple(sorted(codes))

    def __repr__(self) -> str:
        return self.policy.id


def world_of(policy: Policy) -> World:
    """The words are found in the conditions and values, wherever they stand."""
    words: dict[str, set[str]] = {"diseases": set(DISEASES), "diagnoses": set(DIAGNOSES), "codes": set(CODES)}
    steps = [step for benefit in policy.benefits for step in benefit.steps if step.step != "refuse"]
    values: list[Any] = [each.value for dated in policy.parameters.values() for each in dated]
    for value in (*values, *(dict(step.arguments) for step in steps), *(dict(step.when) for step in steps)):
        for name, word in _words(value, ""):
            words[name].add(word)
    return World(policy, **words)


_WORDS = {"code": "codes", "codes": "codes", "diagnoses": "diagnoses", "diseases": "diseases"}


def _words(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Texts by the field they stand in."""
    if isinstance(value, str):
        if name in _WORDS:
            yield _WORDS[name], value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _words(each, str(key))
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        for field in value._fields:
            yield from _words(getattr(value, field), field)
    elif isinstance(value, (tuple, list, frozenset)):
        for each in value:
            yield from _words(each, name)


def make_day(chance: Random, policy: Policy) -> date:
    span = chance.choice(policy.in_force)
    last = date(2026, 12, 31) if span.to_on == FOREVER else span.to_on
    return span.from_on + timedelta(days=chance.randint(0, (last - span.from_on).days))


def make_person(chance: Random, name: str) -> Person:
    return Person(
        id=PersonId(name),
        category="",
        born_on=date(chance.randint(1930, 2013), chance.randint(1, 12), 1),
        sex=chance.choice(("male", "female")),
        identities=frozenset(chance.sample(IDENTITIES, chance.choice((0, 0, 1, 1, 2, 4)))),
        insured_on=chance.choice((None, date(2012, 1, 1), date(2014, 12, 1))),
        in_arrears=chance.random() < 0.2,
        wage_last_year=chance.choice((None, 0, 3_000_000)),
        account_balance=chance.choice((0, 5_000, 1_000_000)),
        family_balance=chance.choice((0, 20_000)),
    )


def make_line(chance: Random, world: World, number: int) -> Line:
    item_class = chance.choice((None, *ItemClass, ItemClass.A, ItemClass.B))
    quantity = chance.randint(1, 60)
    terms = None
    if item_class is not None:
        first = chance.choice((0, 500, 1_000, 3_333)) if item_class is ItemClass.B else 0
        ceiling = chance.choice((None, None, chance.randint(0, 500_000_000)))
        terms = Terms(item_class, first, ceiling, chance.choice(CHARGES), CITED)
    amount = chance.choice((chance.randint(0, 500), chance.randint(0, 200_000), chance.randint(0, 20_000_000)))
    return Line(number, chance.choice(world.codes), amount, quantity * ONE, terms)


def make_claim(chance: Random, world: World, person: Person, on: date, number: int = 1) -> Claim:
    """A claim that some benefit of the policy covers on a day; special drugs carry codes that have an indication."""
    plan = plan_on(world.policy, on)
    assert plan is not None, "the day was taken from those in force"
    benefits = sorted(plan.benefits)
    category, kind, level = chance.choice([key for key in benefits if key[0] == person.category] or benefits)
    diagnoses = chance.sample(world.diagnoses, chance.randint(1, 2))
    codes = _indicated(world, on) if kind == "special_drug" else {}
    lines = [make_line(chance, world, n) for n in range(1, chance.randint(2, 7))]
    if codes:
        code = chance.choice(sorted(codes))
        lines = [line._replace(code=code) for line in lines]
        diagnoses = [codes[code]]
    return Claim(
        id=ClaimId(f"{person.id}-{number}"),
        area=AreaCode(world.policy.area),
        scheme=world.policy.scheme,
        person=replace(person, category=category),
        institution=InstitutionCode("H32118200001"),
        level=level,
        kind=kind,
        from_on=on - timedelta(days=chance.choice((0, 0, 3, 20))),
        to_on=on,
        lines=tuple(lines),
        diagnoses=tuple(diagnoses),
        disease=chance.choice(world.diseases if kind == "chronic" else ("", *world.diseases)),
        designated=chance.random() < 0.8,
        approved=chance.random() < 0.7,
        filed=chance.random() < 0.7,
        transfer_from=chance.choice(("", "", *world.policy.levels)),
        third_party_liable=chance.random() < 0.05,
    )


def _indicated(world: World, on: date) -> dict[str, str]:
    found: dict[str, str] = {}
    for values in world.policy.parameters.values():
        for dated in values:
            if dated.holds_on(on) and isinstance(dated.value, tuple):
                found |= {drug.code: drug.diagnoses[0] for drug in dated.value if isinstance(drug, DrugIndication)}
    return found


def make_year(chance: Random, world: World, name: str, most: int) -> list[Claim]:
    """Up to so many claims of one person within one year, in the order of their days; at least one."""
    first = make_day(chance, world.policy)
    last = next(span.to_on for span in world.policy.in_force if span.holds_on(first))
    days = sorted(
        min(first + timedelta(days=chance.randint(0, 200)), last, date(first.year, 12, 31))
        for _ in range(chance.randint(1, most))
    )
    person = make_person(chance, name)
    opening = make_claim(chance, world, person, days[0])
    stays = replace(opening.person)
    return [opening, *(make_claim(chance, world, stays, day, number) for number, day in enumerate(days[1:], 2))]
