"""Patient, Coverage, Organization and Encounter: checked, read, and written back as they were."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.fhir.coverage import CoverageReading, check_coverage, read_coverage, write_coverage
from gateway.fhir.encounter import VisitReading, check_encounter, merge_encounter, read_encounter, write_encounter
from gateway.fhir.organization import OrganizationReading, check_organization, read_organization, write_organization
from gateway.fhir.patient import PatientReading, ReplacedId, check_patient, read_patient, write_patient
from gateway.fhir.systems import cs, ext, sid
from gateway.kernel.dated import FOREVER
from gateway.kernel.problem import Problem
from tests.unit.fhir.samples import CITIZEN, COVERAGE, INSTITUTION, PERSON, coverage, patient

BY_NAME = PatientReading(
    id=PERSON,
    citizen_id=CITIZEN,
    name="测试一",
    gender="male",
    born_on=date(1950, 1, 1),
    died_on=date(2015, 3, 1),
    active=False,
    address="测试路1号",
    household="H0001",
    household_relation="户主",
    status="deceased",
    replaced_ids=(ReplacedId("321182500101001", date(2004, 1, 1)), ReplacedId("321182500101002", None)),
)
SPELL = CoverageReading(
    id=COVERAGE,
    active=True,
    scheme="resident",
    patient=PERSON,
    from_on=date(2015, 1, 1),
    to_on=date(2015, 12, 31),
    area="321182",
    category="pupil",
    policy="321182-resident",
    flag="moved-out",
    flagged_on=date(2015, 3, 1),
)
VISIT = VisitReading(
    id="321182000000000000000000000001",
    status="in-progress",
    kind="inpatient",
    patient=PERSON,
    provider=INSTITUTION,
    visit="ZY001",
    started="2015-03-01T08:00:00+08:00",
    ended="2015-03-09",
    diagnoses=("K35.800", "I10.x00"),
    disease="M03900",
    visit_class="IMP",
)


def places(problems: list[Problem]) -> set[tuple[str, str]]:
    return {(problem.code, problem.path) for problem in problems}


def test_a_person_is_written_and_read_back() -> None:
    written = write_patient(BY_NAME)

    assert read_patient(written) == BY_NAME
    assert read_patient(write_patient(PatientReading())) == PatientReading()


def test_a_replaced_citizen_id_stays_as_an_old_identifier() -> None:
    assert write_patient(BY_NAME)["identifier"][1] == {
        "use": "old",
        "system": sid("citizen-id"),
        "value": "321182500101001",
        "period": {"end": "2004-01-01"},
    }


def test_writing_onto_a_stored_patient_keeps_what_we_do_not_read() -> None:
    stored = {
        **patient(),
        "telecom": [{"system": "phone", "value": "000"}],
        "extension": [{"url": "urn:other", "valueString": "x"}, {"url": ext("household"), "valueString": "old"}],
    }
    stored["identifier"].append({"system": sid("card"), "value": "C1"})

    written = write_patient(BY_NAME, stored)

    assert written["telecom"] == stored["telecom"]
    assert {"url": "urn:other", "valueString": "x"} in written["extension"]
    assert {"system": sid("card"), "value": "C1"} in written["identifier"]
    assert read_patient(written) == BY_NAME


@pytest.mark.parametrize(
    ("name", "text"),
    [({"text": "张测试"}, "张测试"), ({"family": "张", "given": ["测", "试"]}, "张测试"), ({"use": "usual"}, "")],
)
def test_a_chinese_name_is_one_text(name: dict[str, Any], text: str) -> None:
    assert read_patient({**patient(), "name": [name]}).name == text


def test_what_we_write_passes_our_own_checks() -> None:
    valid = replace(BY_NAME, replaced_ids=())

    assert check_patient(write_patient(valid)) == []
    assert check_coverage(write_coverage(SPELL)) == []
    assert (
        check_organization(write_organization(OrganizationReading(INSTITUTION, INSTITUTION, "示范医院", "city"))) == []
    )
    assert check_encounter(write_encounter(VISIT)) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"identifier": [{"system": sid("citizen-id"), "value": CITIZEN[:-1] + "?"}]},
         ("citizen-id-shape", "Patient.identifier[0].value")),
        ({"identifier": [{"system": sid("citizen-id")}]}, ("citizen-id-shape", "Patient.identifier[0].value")),
        ({"birthDate": "1950-01"}, ("bad-day", "Patient.birthDate")),
        ({"deceasedDateTime": "2015"}, ("bad-day", "Patient.deceasedDateTime")),
        ({"extension": [{"url": ext("population-status"), "valueCode": "?"}]}, ("unknown-code", "Patient.extension")),
    ],
)  # fmt: skip
def test_a_person_with_a_mistake_is_refused(change: dict[str, Any], expected: tuple[str, str]) -> None:
    assert places(check_patient({**patient(), **change})) == {expected}


def test_a_spell_of_cover_is_written_and_read_back() -> None:
    assert read_coverage(write_coverage(SPELL)) == SPELL


def test_an_open_spell_has_no_end() -> None:
    written = write_coverage(replace(SPELL, to_on=FOREVER, flag="", flagged_on=None, category="", policy=""))

    assert written["period"] == {"start": "2015-01-01"}
    assert "class" not in written
    assert read_coverage(written).to_on == FOREVER


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"type": {"text": "居民"}}, ("missing-coding", "Coverage.type")),
        ({"type": {"coding": [{"system": cs("scheme"), "code": "gold"}]}}, ("unknown-code", "Coverage.type")),
        ({"beneficiary": {"display": "测试一"}}, ("bad-reference", "Coverage.beneficiary")),
        ({"period": {"end": "2015-12-31"}}, ("missing-element", "Coverage.period.start")),
        ({"period": {"start": "2015"}}, ("bad-day", "Coverage.period.start")),
        ({"period": {"start": "2015-02-01", "end": "2015-01-31"}}, ("period-reversed", "Coverage.period")),
        ({"extension": [{"url": ext("coverage-flag"), "valueCode": "odd"}]}, ("unknown-code", "Coverage.extension")),
        ({"payor": []}, ("empty-element", "Coverage.payor")),
    ],
)
def test_a_cover_with_a_mistake_is_refused(change: dict[str, Any], expected: tuple[str, str]) -> None:
    assert places(check_coverage({**coverage(), **change})) == {expected}


def test_institutions_and_the_agency_are_written_and_read_back() -> None:
    hospital = OrganizationReading(INSTITUTION, INSTITUTION, "示范市人民医院", "city_hospital")
    agency = OrganizationReading("agency-321182", "", "示范市医疗保险经办机构", active=False)

    assert read_organization(write_organization(hospital)) == hospital
    assert read_organization(write_organization(agency)) == agency
    assert (hospital.is_agency, agency.is_agency) == (False, True)


def test_an_institution_has_a_code_of_the_national_shape() -> None:
    wrong = write_organization(OrganizationReading("1", "H1", "示范医院"))

    assert places(check_organization(wrong)) == {("institution-code", "Organization.identifier[0].value")}


def test_a_visit_is_written_and_read_back() -> None:
    assert read_encounter(write_encounter(VISIT)) == VISIT
    assert (VISIT.from_on, VISIT.to_on) == (date(2015, 3, 1), date(2015, 3, 9))


@pytest.mark.parametrize(
    ("kind", "code"), [("maternity", "IMP"), ("emergency", "EMER"), ("chronic", "AMB"), ("", "AMB")]
)
def test_the_class_of_a_visit_follows_its_kind(kind: str, code: str) -> None:
    assert write_encounter(replace(VISIT, kind=kind, visit_class=""))["class"]["code"] == code


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"status": "planned"}, ("unknown-code", "Encounter.status")),
        ({"status": "open"}, ("unknown-code", "Encounter.status")),
        ({"type": [{"coding": [{"system": cs("claim-kind"), "code": "spa"}]}]}, ("unknown-code", "Encounter.type[0]")),
        ({"period": {"start": "2015-03"}}, ("bad-day", "Encounter.period.start")),
        ({"period": {"start": "2015-03-02", "end": "2015-03-01"}}, ("period-reversed", "Encounter.period")),
    ],
)
def test_a_visit_with_a_mistake_is_refused(change: dict[str, Any], expected: tuple[str, str]) -> None:
    assert places(check_encounter({**write_encounter(VISIT), **change})) == {expected}


def test_what_is_said_later_of_a_visit_is_merged() -> None:
    stored = write_encounter(replace(VISIT, ended="", disease="", diagnoses=("K35.800",)))

    merged = merge_encounter(stored, {"id": "other", "status": "finished", "period": {"end": "2015-03-09"}})

    assert read_encounter(merged) == replace(VISIT, status="finished", disease="", diagnoses=("K35.800",))


def test_a_cover_says_since_when_its_contribution_is_overdue() -> None:
    overdue = replace(SPELL, in_arrears_since=date(2015, 1, 11))

    written = write_coverage(overdue)
    assert check_coverage(written) == []
    assert read_coverage(written) == overdue
    assert read_coverage(write_coverage(SPELL)).in_arrears_since is None
