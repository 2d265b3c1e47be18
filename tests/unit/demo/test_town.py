"""The town and the plan of the demonstration: always the same, valid in every ID, possible in every visit."""

from itertools import pairwise

from gateway.demo.care import load_courses
from gateway.demo.people import PARTS, PEOPLE, TODAY, make_town, new_citizen_id, stranger_id
from gateway.demo.plan import FIRST_DAY, make_plan
from gateway.kernel.citizen_id import CitizenId, parse_citizen_id


def test_the_town_is_the_same_every_time() -> None:
    assert make_town() == make_town()
    assert make_plan(make_town().ordinary) == make_plan(make_town().ordinary)


def test_every_resident_has_a_valid_citizen_id_that_agrees_with_birth_date_and_sex() -> None:
    residents = make_town().residents

    assert len(residents) == len({each.citizen_id for each in residents}) == len({each.name for each in residents})
    assert len(residents) == PEOPLE
    for each in residents:
        parsed = parse_citizen_id(each.citizen_id)
        assert isinstance(parsed, CitizenId)
        assert (parsed.born_on, str(parsed.sex)) == (each.born_on, each.sex)


def test_the_town_has_a_newborn_and_a_person_of_95_and_whole_households() -> None:
    residents = make_town().residents
    heads = {each.household: each.citizen_id for each in residents if each.head_id == each.citizen_id}

    assert min(each.age_on(TODAY) for each in residents) == 0
    assert max(each.age_on(TODAY) for each in residents) == 95
    assert all(heads[each.household] == each.head_id for each in residents)


def test_numbers_that_nobody_has_are_valid_and_nobodys() -> None:
    town = make_town()
    taken = {each.citizen_id for each in town.residents}

    for number in (stranger_id(), new_citizen_id(town.parts["renumbered"])):
        assert isinstance(parse_citizen_id(number), CitizenId)
        assert number not in taken


def test_parts_are_played_by_people_without_other_visits() -> None:
    town = make_town()
    plan = make_plan(town.ordinary)
    treated = {care.resident.number for care in (*plan.nhsa, *plan.hl7v2, *plan.fhir)}

    assert len(town.parts) == len(PARTS)
    assert treated.isdisjoint(each.number for each in town.parts.values())


def test_no_visit_overlaps_another_of_the_same_person_or_lies_outside_the_year_so_far() -> None:
    plan = make_plan(make_town().ordinary)
    care = sorted((*plan.nhsa, *plan.hl7v2, *plan.fhir), key=lambda each: (each.resident.number, each.from_on))

    assert (len(plan.nhsa), len(plan.hl7v2), len(plan.fhir)) == (210, 40, 20)
    assert all(FIRST_DAY <= each.from_on <= each.to_on < TODAY for each in care)
    assert all(
        before.to_on < after.from_on
        for before, after in pairwise(care)
        if before.resident.number == after.resident.number
    )


def test_nobody_is_treated_by_a_course_that_does_not_suit() -> None:
    plan = make_plan(make_town().ordinary)
    by_diagnoses = {course.diagnoses: course for course in load_courses().values()}

    for care in (*plan.nhsa, *plan.hl7v2, *plan.fhir):
        assert by_diagnoses[care.diagnoses].suits(care.resident, FIRST_DAY)
        assert care.institution.place in by_diagnoses[care.diagnoses].places
