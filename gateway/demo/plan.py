"""Who is treated where, by which course, and over which channel it is settled. Always the same plan.

A person's visits all go over one channel and one counter, in the order of their days: what deductible and tiers leave
for the next visit then does not depend on which thread was faster, and every figure of the day can be foretold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from gateway.demo.care import INSTITUTIONS, Care, load_courses, make_care
from gateway.demo.people import SEED, TODAY, Resident

NHSA_VISITS: Mapping[str, int] = {
    "pneumonia": 46,
    "coronary-stent": 18,
    "appendectomy": 16,
    "hip-replacement": 8,
    "chemotherapy": 18,
    "delivery": 6,
    "hypertension": 34,
    "diabetes": 28,
    "dialysis": 12,
    "cold": 24,
}
HL7_VISITS: Mapping[str, int] = {"pneumonia": 12, "appendectomy": 4, "hypertension": 12, "diabetes": 8, "cold": 4}
FHIR_VISITS: Mapping[str, int] = {"pneumonia": 6, "chemotherapy": 4, "hypertension": 6, "diabetes": 4}
FIRST_DAY = date(2015, 1, 5)
MOST_VISITS = 4
"""Of one person."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Care by channel, each in the order of its days."""

    nhsa: tuple[Care, ...]
    hl7v2: tuple[Care, ...]
    fhir: tuple[Care, ...]


def make_plan(residents: Sequence[Resident]) -> Plan:
    """Seven in ten residents go to counters that speak NHSA, two in ten HL7 v2, one in ten FHIR."""
    chance = Random(SEED)
    share: dict[str, list[Resident]] = {"nhsa": [], "hl7v2": [], "fhir": []}
    for resident in residents:
        tenth = resident.number % 10
        share["nhsa" if tenth < 7 else "hl7v2" if tenth < 9 else "fhir"].append(resident)
    return Plan(
        nhsa=tuple(_visits("N", NHSA_VISITS, share["nhsa"], chance)),
        hl7v2=tuple(_visits("E", HL7_VISITS, share["hl7v2"], chance)),
        fhir=tuple(_visits("F", FHIR_VISITS, share["fhir"], chance)),
    )


def _visits(mark: str, wanted: Mapping[str, int], residents: Sequence[Resident], chance: Random) -> list[Care]:
    free_from = dict.fromkeys(residents, FIRST_DAY)
    visits = dict.fromkeys(residents, 0)
    made: list[Care] = []
    for course_id in _shuffled(wanted, chance):
        course = load_courses()[course_id]
        longest = TODAY - timedelta(days=course.days[1] + 10)
        able = [
            one
            for one in residents
            if course.suits(one, FIRST_DAY) and free_from[one] <= longest and visits[one] < MOST_VISITS
        ]
        resident = chance.choice(able)
        place = INSTITUTIONS[chance.choice(course.places)]
        begin = free_from[resident] + timedelta(days=chance.randrange(10))
        care = make_care(course, resident, place, visit=f"{mark}{len(made) + 1:05d}", from_on=begin, chance=chance)
        free_from[resident] = care.to_on + timedelta(days=1)
        visits[resident] += 1
        made.append(care)
    return sorted(made, key=lambda care: care.from_on)


def _shuffled(wanted: Mapping[str, int], chance: Random) -> Iterator[str]:
    courses = [course for course, many in wanted.items() for _ in range(many)]
    chance.shuffle(courses)
    return iter(courses)
