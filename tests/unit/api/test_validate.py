"""$validate: everything wrong with a resource, by R4, the guide, a named profile and the rules of the server."""

from typing import Any

import pytest

from gateway.fhir.json import encode
from gateway.fhir.systems import ext
from tests.bench.claims import claim_resource
from tests.unit.api.answers import body, codes
from tests.unit.api.conftest import Served
from tests.unit.fhir.samples import patient

SOUND = {"resourceType": "Basic", "code": {"text": "测试"}}
WRONG = {"resourceType": "Patient", "gender": "f", "birthDate": "1950-02-30"}


def parameters(resource: dict[str, Any] | None, **values: str) -> bytes:
    parts: list[dict[str, Any]] = [{"name": "resource", "resource": resource}] if resource else []
    kinds = {"mode": "valueCode", "profile": "valueUri"}
    parts += [{"name": name, kinds[name]: value} for name, value in values.items()]
    return encode({"resourceType": "Parameters", "parameter": parts})


def told(answer: Any) -> set[tuple[str, str, str]]:
    """Severity, code and place of each issue; both languages are there."""
    assert answer.status_code == 200, answer.text
    issues = [each for each in body(answer)["issue"] if "coding" in each["details"]]
    assert all(" / " in each["details"]["text"] for each in issues)
    return {
        (each["severity"], each["details"]["coding"][0]["code"], each.get("expression", [""])[0]) for each in issues
    }


def errors(answer: Any) -> set[tuple[str, str]]:
    return {(code, place) for severity, code, place in told(answer) if severity == "error"}


def test_every_issue_is_told_with_its_place_and_200(served: Served) -> None:
    answer = served.city.post("/fhir/Patient/$validate", content=encode(WRONG))

    assert errors(answer) == {("unknown-code", "Patient.gender"), ("bad-day", "Patient.birthDate")}


def test_a_resource_of_a_type_that_is_not_served_is_judged_too(served: Served) -> None:
    answer = served.city.post("/fhir/Basic/$validate", content=encode(SOUND))

    assert errors(answer) == set()


def test_parameters_carry_the_resource_and_what_is_asked(served: Served) -> None:
    answer = served.city.post("/fhir/Patient/$validate", content=parameters(WRONG, mode="create"))

    assert ("unknown-code", "Patient.gender") in errors(answer)


def test_the_guide_is_asked_where_nothing_is_named(served: Served) -> None:
    two = patient()
    two["identifier"] = [*two["identifier"], {**two["identifier"][0], "value": "321182196005010017"}]
    answer = served.city.post("/fhir/Patient/$validate", content=encode(two))
    named = served.city.post(f"/fhir/Patient/$validate?profile={ext('cn-patient')}", content=encode(two))
    base = "http://hl7.org/fhir/StructureDefinition/Patient"
    plain = served.city.post("/fhir/Patient/$validate", content=parameters(two, profile=base))

    assert errors(answer) == errors(named) == {("invariant-broken", "Patient")}
    assert errors(plain) == set()


def test_a_profile_that_is_not_known_is_an_error(served: Served) -> None:
    answer = served.city.post("/fhir/Basic/$validate?profile=https://other.example/x", content=encode(SOUND))

    assert errors(answer) == {("profile-unknown", "Basic")}


def test_xml_is_judged_as_well(served: Served) -> None:
    text = '<Patient xmlns="http://hl7.org/fhir"><gender value="f"/></Patient>'
    headers = {"content-type": "application/fhir+xml"}
    answer = served.city.post("/fhir/Patient/$validate", content=text, headers=headers)

    assert errors(answer) == {("unknown-code", "Patient.gender")}


def test_what_a_write_would_be_refused_for_is_told_with_the_mode(served: Served) -> None:
    """The reader's words on a citizen ID, and that a clinic writes no Patient."""
    wrong = patient()
    wrong["identifier"][0]["value"] = "321182195001010011"
    plain = served.agency.post("/fhir/Patient/$validate", content=encode(wrong))
    create = served.agency.post("/fhir/Patient/$validate?mode=create", content=encode(wrong))
    clinic = served.city.post("/fhir/Patient/$validate?mode=create", content=encode(wrong))

    place = "Patient.identifier[0].value"
    assert errors(plain) == set()
    assert errors(create) == {("citizen-id-checksum", place)}
    assert "forbidden" in codes(clinic)


def test_a_claim_is_judged_as_submit_would(served: Served) -> None:
    sent = claim_resource(served.people[0], "v1")
    wrong = {**sent, "total": {"value": 1, "currency": "CNY"}}

    assert errors(served.city.post("/fhir/Claim/$validate?mode=create", content=encode(sent))) == set()
    assert errors(served.city.post("/fhir/Claim/$validate?mode=create", content=encode(wrong))) == {
        ("invariant-broken", "Claim")
    }


def test_what_only_the_core_writes_is_said_to_be_so(served: Served) -> None:
    answer = served.city.post("/fhir/InsurancePlan/$validate?mode=create", content=b'{"resourceType":"InsurancePlan"}')

    assert "written-by-core" in codes(answer)


def test_nothing_is_deleted(served: Served) -> None:
    for call in (served.agency.get, served.agency.post):
        assert codes(call("/fhir/Patient/some-id/$validate?mode=delete")) == ["not-offered"]


def test_a_stored_resource_is_judged_by_get_and_post(served: Served) -> None:
    person = served.people[0].id
    for call in (served.agency.get, served.agency.post):
        assert errors(call(f"/fhir/Patient/{person}/$validate")) == set()
    profile = ext("cn-patient")
    assert errors(served.agency.get(f"/fhir/Patient/{person}/$validate?mode=profile&profile={profile}")) == set()
    assert codes(served.agency.get("/fhir/Patient/none/$validate")) == ["resource-not-found"]


def test_a_resource_for_an_instance_must_be_that_one(served: Served) -> None:
    answer = served.agency.post("/fhir/Patient/another/$validate?mode=update", content=encode(patient()))

    assert codes(answer) == ["other-resource"]


@pytest.mark.parametrize(
    ("path", "content", "status", "code"),
    [
        ("/fhir/Patient/$validate", b"", 400, "nothing-to-validate"),
        ("/fhir/Patient/$validate", parameters(None), 400, "nothing-to-validate"),
        ("/fhir/Patient/$validate", b'{"resourceType":', 400, "not-json"),
        ("/fhir/Patient/$validate", b"[]", 400, "not-a-resource"),
        ("/fhir/Patient/$validate", b"<Patient", 400, "not-xml"),
        ("/fhir/Patient/$validate?mode=burn", encode(SOUND), 400, "unknown-mode"),
        ("/fhir/Patient/$validate?mode=profile", encode(WRONG), 400, "no-profile"),
        ("/fhir/Bogus/$validate", encode(SOUND), 404, "unknown-type"),
    ],
)
def test_a_call_that_cannot_be_understood_is_refused(
    served: Served, path: str, content: bytes, status: int, code: str
) -> None:
    answer = served.city.post(path, content=content)

    assert (answer.status_code, codes(answer)) == (status, [code])


def test_a_name_twice_is_an_issue(served: Served) -> None:
    text = b'{"resourceType":"Patient","gender":"male","gender":"female"}'
    answer = served.city.post("/fhir/Patient/$validate", content=text)

    assert errors(answer) == {("repeated-name", "Patient.gender")}


def test_two_resources_are_one_too_many(served: Served) -> None:
    part = {"name": "resource", "resource": WRONG}
    sent = encode({"resourceType": "Parameters", "parameter": [part, part]})

    assert codes(served.city.post("/fhir/Patient/$validate", content=sent)) == ["nothing-to-validate"]


def test_nobody_is_told_anything(served: Served) -> None:
    assert served.nobody.post("/fhir/Patient/$validate", content=encode(WRONG)).status_code == 401
    assert served.nobody.get(f"/fhir/Patient/{served.people[0].id}/$validate").status_code == 401
