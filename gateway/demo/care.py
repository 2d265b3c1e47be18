"""A treatment in no format yet: who, where, when, of what kind, and its fee lines. Senders put it into their words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from gateway.demo.people import Resident
from gateway.kernel import money, quantity

COURSES = Path(__file__).with_name("treatments.yaml")
STAYS = ("inpatient", "maternity")
SPREAD_PERCENT = 10
"""How far a hospital's price lies from the course's, at most."""


@dataclass(frozen=True, slots=True)
class Institution:
    """Where care is given. `area`: of the institution."""

    place: str
    code: str
    name: str
    area: str


CITY = Institution("city", "H32118200001", "示范市人民医院", "321182")
TOWNSHIP = Institution("township", "H32118200101", "示范第一镇卫生院", "321182")
OUTSIDE = Institution("outside", "H32110000001", "示范地区第一人民医院", "321100")
INSTITUTIONS = {each.place: each for each in (CITY, TOWNSHIP, OUTSIDE)}


@dataclass(frozen=True, slots=True)
class Item:
    """One fee line: price in yuan, quantity, the day of the service."""

    code: str
    name: str
    price: Decimal
    quantity: Decimal
    served_on: date

    @property
    def amount(self) -> Decimal:
        """Yuan, rounded half up to the fen."""
        return money.decimal(quantity.cost(quantity.price(self.price), quantity.quantity(self.quantity)))


@dataclass(frozen=True, slots=True)
class Care:
    """One treatment with its bill. `visit`, `bill`: the institution's own numbers; `disease`: 门慢特 code and name."""

    visit: str
    bill: str
    kind: str
    resident: Resident
    institution: Institution
    from_on: date
    to_on: date
    diagnoses: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]
    disease: tuple[str, str] = ("", "")

    @property
    def total(self) -> Decimal:
        return sum((item.amount for item in self.items), Decimal("0.00"))

    @property
    def stays(self) -> bool:
        return self.kind in STAYS

    def of(self, resident: Resident) -> "Care":
        """The same care of another person."""
        return replace(self, resident=resident)


@dataclass(frozen=True, slots=True)
class Course:
    """A usual way of treating something; `items` are (code, name, price, per day, how many)."""

    id: str
    kind: str
    places: tuple[str, ...]
    days: tuple[int, int]
    diagnoses: tuple[tuple[str, str], ...]
    items: tuple[tuple[str, str, Decimal, bool, int], ...]
    disease: tuple[str, str]
    from_age: int
    below_age: int
    sex: str

    def suits(self, resident: Resident, day: date) -> bool:
        """Whether a person of that age and sex has this."""
        return self.from_age <= resident.age_on(day) < self.below_age and self.sex in ("", resident.sex)


@cache
def load_courses(file: Path = COURSES) -> dict[str, Course]:
    """The courses of a file such as `treatments.yaml` by id."""
    listed = yaml.safe_load(file.read_text(encoding="utf-8"))["courses"]
    return {each["id"]: _course(each) for each in listed}


def _course(said: Mapping[str, Any]) -> Course:
    return Course(
        id=said["id"],
        kind=said["kind"],
        places=tuple(said["at"]),
        days=(said["days"][0], said["days"][1]),
        diagnoses=tuple((code, name) for code, name in said["diagnoses"]),
        items=tuple((code, name, Decimal(price), per == "day", many) for code, name, price, per, many in said["items"]),
        disease=tuple(said.get("disease", ("", ""))),
        from_age=said.get("from_age", 0),
        below_age=said.get("below_age", 120),
        sex=said.get("sex", ""),
    )


def make_care(
    course: Course, resident: Resident, institution: Institution, *, visit: str, from_on: date, chance: Random
) -> Care:
    """A treatment by a course, with the prices of the day."""
    days = chance.randint(*course.days)
    nights = max(days, 1)
    items = tuple(
        Item(code, name, _price(price, chance), Decimal(many * nights if per_day else many), from_on)
        for code, name, price, per_day, many in course.items
    )
    return Care(
        visit=visit,
        bill=f"B-{visit}",
        kind=course.kind,
        resident=resident,
        institution=institution,
        from_on=from_on,
        to_on=from_on + timedelta(days=days),
        diagnoses=course.diagnoses,
        items=items,
        disease=course.disease,
    )


def _price(usual: Decimal, chance: Random) -> Decimal:
    """Around the usual price, in whole fen."""
    fen = money.of(usual)
    return money.decimal(max(1, fen + fen * chance.randint(-SPREAD_PERCENT, SPREAD_PERCENT) // 100))
