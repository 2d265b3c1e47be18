"""Who is treated where in the month, so that five methods of payment have something to pay. Always the same plan."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

from gateway.demo.care import Care, Course, load_courses, make_care
from gateway.demo.month.places import PLACES
from gateway.demo.people import SEED, Resident

TREATMENTS = Path(__file__).with_name("treatments.yaml")
RECONCILED_ON = date(2015, 3, 16)
"""The day whose totals institutions state."""


class Wanted(NamedTuple):
    """`many` treatments by a course, the first begun on a day, each next one `every` days later."""

    course: str
    place: str
    many: int
    first: date
    every: int


WANTED = (
    Wanted("pneumonia", "city", 8, date(2015, 3, 3), 2),
    Wanted("appendectomy", "city", 4, date(2015, 3, 4), 4),
    Wanted("coronary-stent", "city", 3, date(2015, 3, 5), 5),
    Wanted("hypertension", "city", 5, date(2015, 3, 8), 4),
    Wanted("pneumonia", "township", 6, date(2015, 3, 3), 3),
    Wanted("hypertension", "township", 5, date(2015, 3, 8), 4),
    Wanted("cold", "township", 3, date(2015, 3, 6), 5),
    Wanted("chemotherapy", "outside", 3, date(2015, 3, 3), 4),
    Wanted("dialysis", "outside", 3, date(2015, 3, 9), 7),
    Wanted("stroke-rehabilitation", "outside", 3, date(2015, 2, 16), 2),
    Wanted("stroke-rehabilitation", "rehabilitation", 5, date(2015, 2, 16), 1),
)


def make_care_of_month(residents: Sequence[Resident]) -> tuple[Care, ...]:
    """Every treatment of the month in the order in which it ends; nobody is treated twice."""
    chance = Random(SEED)
    free = list(residents)
    chance.shuffle(free)
    return tuple(sorted(_all(free, chance), key=lambda care: (care.to_on, care.visit)))


def _all(free: list[Resident], chance: Random) -> Iterator[Care]:
    courses = {**load_courses(), **load_courses(TREATMENTS)}
    number = 0
    for wanted in WANTED:
        course = courses[wanted.course]
        for place in range(wanted.many):
            number += 1
            begun = wanted.first + timedelta(days=place * wanted.every)
            resident = _taken(free, course, begun)
            visit = f"M{number:05d}"
            yield make_care(course, resident, PLACES[wanted.place], visit=visit, from_on=begun, chance=chance)


def _taken(free: list[Resident], course: Course, day: date) -> Resident:
    found = next(one for one in free if course.suits(one, day))
    free.remove(found)
    return found
