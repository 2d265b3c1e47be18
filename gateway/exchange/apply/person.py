"""People: found for a clinic, and changed by the population register.

Readings: a death or a move is flagged on every active Coverage and ends none (a death stops benefits by its date; who
moves away stays covered to the end of the paid year, and moving back takes the flag off); a changed citizen ID stays on
the Patient as an old identifier.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from gateway.exchange.desk import Desk, Resource, Result
from gateway.exchange.records import Origin, citizen_token, coverages_of, find_patient, put, spell_of
from gateway.fhir.coverage import read_coverage, write_coverage
from gateway.fhir.patient import PatientReading, PopulationStatus, ReplacedId, read_patient, write_patient
from gateway.kernel.calendar import parse_day
from gateway.kernel.ids import PersonId
from gateway.kernel.problem import Kind, Problem, Refusal

OPENING = frozenset({"birth", "register", "move-in"})
STATUS_AFTER = {
    "birth": PopulationStatus.RESIDENT,
    "register": PopulationStatus.RESIDENT,
    "move-in": PopulationStatus.RESIDENT,
    "death": PopulationStatus.DECEASED,
    "move-out": PopulationStatus.MOVED_OUT,
    "id-change": PopulationStatus.ID_CHANGED,
}
FLAG_AFTER = {"death": "deceased", "move-out": "moved-out", "move-in": ""}
"""What an event leaves on every active Coverage; '' takes the flag off."""


def find_person(desk: Desk, resources: Sequence[Resource]) -> Result:
    """The person whose card is presented, with the cover of today. A name that differs from the register is refused."""
    asked = read_patient(resources[0])
    patient = find_patient(desk, citizen_id=asked.citizen_id, path="Patient.identifier")
    if asked.name and asked.name != read_patient(patient).name:
        raise Refusal(_name_differs())
    current = []
    for coverage in coverages_of(desk, PersonId(patient["id"])):
        spell = spell_of(read_coverage(coverage))
        if spell.active and spell.from_on <= desk.today <= spell.to_on:
            current.append(coverage)
    return Result({"Patient": patient, "Coverage": current}, subject=patient["id"])


def change_person(desk: Desk, resources: Sequence[Resource]) -> Result:
    """One event of the population register. Birth, registration and move-in open the Patient; else it must exist."""
    stated = read_patient(next(resource for resource in resources if resource["resourceType"] == "Patient"))
    told = _parameters(next(resource for resource in resources if resource["resourceType"] == "Parameters"))
    event, day = told["event"], parse_day(told["event-day"])

    known = desk.unit.find("Patient", citizen_token(stated.citizen_id))
    if known or event not in OPENING:
        before = find_patient(desk, citizen_id=stated.citizen_id, path="Patient.identifier")
    else:
        before = {"resourceType": "Patient", "id": desk.new_id()}
    person = _merged(read_patient(before), stated, event)
    if event == "death" and person.died_on is None:
        person = replace(person, died_on=day)
    if event == "id-change":
        person = _renumbered(desk, person, told.get("new-citizen-id", ""), day)
    patient = write_patient(person, onto=before)
    put(desk, patient, person=patient["id"], origin=Origin.SENDER)

    if event == "death" or (event in FLAG_AFTER and person.died_on is None):
        _flag_coverages(desk, PersonId(patient["id"]), FLAG_AFTER[event], day)
    return Result({"Patient": patient}, subject=patient["id"])


def _merged(before: PatientReading, stated: PatientReading, event: str) -> PatientReading:
    """What the row says wins; what it leaves out stays.

    The number by which a person was found stays out: it may be a replaced one. Nobody who died is anything else again.
    """
    said = {
        name: getattr(stated, name)
        for name in ("name", "gender", "born_on", "died_on", "address", "household", "household_relation")
        if getattr(stated, name)
    }
    person = replace(before, **said, citizen_id=before.citizen_id or stated.citizen_id)
    status = before.status if before.died_on else STATUS_AFTER.get(event, before.status)
    return replace(person, status=status)


def _renumbered(desk: Desk, person: PatientReading, new: str, day: date) -> PatientReading:
    if new and new == person.citizen_id:
        return person
    if not new or desk.unit.find("Patient", citizen_token(new)):
        raise Refusal(_citizen_id_taken())
    replaced = (*person.replaced_ids, ReplacedId(person.citizen_id, day))
    return replace(person, citizen_id=new, replaced_ids=replaced)


def _flag_coverages(desk: Desk, person: PersonId, flag: str, since: date) -> None:
    for coverage in coverages_of(desk, person):
        reading = read_coverage(coverage)
        if reading.active and (flag or reading.flag):
            flagged = replace(reading, flag=flag, flagged_on=since if flag else None)
            put(desk, write_coverage(flagged), person=person)


def _parameters(parameters: Resource) -> dict[str, str]:
    return {
        each["name"]: str(value)
        for each in parameters.get("parameter", [])
        for key, value in each.items()
        if key.startswith("value")
    }


def _name_differs() -> Problem:
    return Problem(
        Kind.INVALID,
        "name-differs",
        "Patient.name",
        "the name is not that of the register for this number: check card and person",
        "姓名与登记信息不符:请核对证件与本人",
    )


def _citizen_id_taken() -> Problem:
    return Problem(
        Kind.CONFLICT,
        "citizen-id-taken",
        "Parameters.new-citizen-id",
        "the new citizen ID is missing or belongs to another registered person: check both persons",
        "新公民身份号码缺失或已属于他人:请核对",
    )
