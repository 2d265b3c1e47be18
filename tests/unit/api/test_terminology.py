"""The terminology service over HTTP: on types and instances, by GET and POST, and what it answers to nonsense."""

from typing import Any

import httpx
import pytest

from gateway.fhir.capability import ABOVE_TYPES, TERMINOLOGY
from gateway.fhir.systems import BASE, cs
from gateway.terminology.offered import OPERATIONS
from tests.unit.api.answers import body, codes
from tests.unit.api.conftest import Served

GENDER = "http://hl7.org/fhir/administrative-gender"
HYPERTENSION = {"system": cs("diagnosis"), "code": "I10.x00"}


def parameters(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": list(parts)}


def told(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return {
        part["name"]: next((value for key, value in part.items() if key.startswith("value")), None)
        for part in body(answer)["parameter"]
    }


def test_codes_are_looked_up_validated_and_compared(served: Served) -> None:
    get = served.city.get

    found = told(get("/fhir/CodeSystem/$lookup", params={"system": cs("nhsa-med-type"), "code": "14"}))
    assert found["display"] == "门诊慢特病"
    assert told(get("/fhir/CodeSystem/nhsa-med-type/$lookup", params={"code": "14"}))["name"] == "NhsaMedType"
    for path, said in (
        ("CodeSystem/$validate-code", {"url": cs("diagnosis"), "code": "I10.x00"}),
        ("CodeSystem/diagnosis/$validate-code", {"code": "I10.x00"}),
        ("ValueSet/$validate-code", {"url": f"{BASE}/ValueSet/diagnosis", **HYPERTENSION}),
        ("ValueSet/diagnosis/$validate-code", HYPERTENSION),
    ):
        assert told(get(f"/fhir/{path}", params=said))["result"] is True, path
    subsumed = get("/fhir/CodeSystem/diagnosis/$subsumes", params={"codeA": "I10", "codeB": "I10.x00"})
    assert told(subsumed) == {"outcome": "subsumes"}


def test_the_catalogue_of_the_policy_is_a_code_system_like_others(served: Served) -> None:
    code = {"system": cs("catalogue"), "code": "XC08CAA270A001010100011", "displayLanguage": "en"}

    assert told(served.city.get("/fhir/CodeSystem/$lookup", params=code))["display"] == "amlodipine tablet 5 mg"


def test_value_sets_are_expanded(served: Served) -> None:
    for answer in (
        served.city.get("/fhir/ValueSet/nhsa-gend/$expand", params={"filter": "女"}),
        served.city.post("/fhir/ValueSet/$expand", json=parameters(
            {"name": "url", "valueUri": f"{BASE}/ValueSet/nhsa-gend"}, {"name": "filter", "valueString": "女"})),
        served.city.post("/fhir/ValueSet/$expand?filter=女", json={"resourceType": "ValueSet", "status": "active",
            "compose": {"include": [{"system": cs("nhsa-gend")}]}}),
    ):  # fmt: skip
        assert answer.status_code == 200, answer.text
        assert [each["code"] for each in body(answer)["expansion"]["contains"]] == ["2"]


def test_codes_are_translated_both_ways(served: Served) -> None:
    forward = served.city.get(
        "/fhir/ConceptMap/$translate", params={"system": cs("nhsa-gend"), "code": "1", "targetsystem": GENDER}
    )
    backward = served.city.post(
        "/fhir/ConceptMap/nhsa-gend/$translate",
        json=parameters(
            {"name": "coding", "valueCoding": {"system": GENDER, "code": "male"}},
            {"name": "reverse", "valueBoolean": True},
        ),
    )

    for answer, code in ((forward, "male"), (backward, "1")):
        assert told(answer)["result"] is True
        [match] = [part["part"] for part in body(answer)["parameter"] if part["name"] == "match"]
        assert match[1]["valueCoding"]["code"] == code


@pytest.mark.parametrize("path", ["/fhir/$closure", "/fhir/ConceptMap/$closure"])
def test_a_closure_is_kept_and_is_its_partners_own(served: Served, path: str) -> None:
    name = {"name": "name", "valueString": f"of {path}"}
    concepts = [{"name": "concept", "valueCoding": {**HYPERTENSION, "code": code}} for code in ("I10", "I10.x00")]

    assert body(served.city.post(path, json=parameters(name)))["version"] == "1"
    grown = body(served.city.post(path, json=parameters(name, *concepts)))
    assert grown["group"][0]["element"] == [{"code": "I10.x00", "target": [{"code": "I10", "equivalence": "subsumes"}]}]
    assert codes(served.township.post(path, json=parameters(name, *concepts))) == ["closure-not-found"]
    assert served.city.get(path).status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("CodeSystem/$lookup", 400, "terminology-missing-parameter"),
        ("CodeSystem/$lookup?system=urn:x&code=1", 404, "terminology-not-found"),
        (f"CodeSystem/$lookup?system={cs('nhsa-gend')}&code=7", 404, "terminology-unknown-code"),
        ("CodeSystem/none/$lookup?code=1", 404, "terminology-not-found"),
        ("ValueSet/$expand?url=urn:x", 404, "terminology-not-found"),
        ("ValueSet/nhsa-gend/$expand?date=2015-01-01", 501, "terminology-not-offered"),
        ("ValueSet/nhsa-gend/$expand?kount=1", 501, "terminology-unknown-parameter"),
        ("ValueSet/nhsa-gend/$expand?count=-1", 400, "terminology-bad-parameter"),
        ("ConceptMap/none/$translate?system=x&code=1", 404, "terminology-not-found"),
        ("CodeSystem/$find-matches?x=1", 404, "resource-not-found"),
    ],
)
def test_what_is_asked_wrongly_is_an_outcome(served: Served, path: str, status: int, code: str) -> None:
    answer = served.agency.get(f"/fhir/{path}")

    assert codes(answer) == [code]
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "not-json"),
        (b"[]", "not-a-resource"),
        (b'{"resourceType": "Patient"}', "terminology-bad-parameter"),
        (b'{"resourceType": "Parameters", "parameter": [1]}', "terminology-bad-parameter"),
        (b'{"resourceType": "ValueSet", "compose": {"include": 1}}', "terminology-bad-parameter"),
        (b'{"resourceType": "ValueSet", "compose": {"include": [{"valueSet": "x"}]}}', "terminology-bad-parameter"),
    ],
)
def test_a_hostile_body_is_an_outcome(served: Served, content: bytes, code: str) -> None:
    assert codes(served.city.post("/fhir/ValueSet/$expand", content=content)) == [code]


def test_nobody_asks_without_a_token(served: Served) -> None:
    answer = served.nobody.get("/fhir/CodeSystem/$lookup", params={"system": cs("nhsa-gend"), "code": "1"})

    assert answer.status_code == 401


def test_terminology_is_read_and_found_by_its_url(served: Served) -> None:
    for type, id in (("CodeSystem", "nhsa-gend"), ("ValueSet", "nhsa-gend"), ("ConceptMap", "nhsa-gend")):
        read = body(served.nobody.get(f"/fhir/{type}/{id}", headers=served.township.headers))
        assert read["url"] == f"{BASE}/{type}/{id}"
        found = body(served.township.get(f"/fhir/{type}", params={"url": read["url"]}))
        assert [entry["resource"]["id"] for entry in found["entry"]] == [id]


def test_the_statements_declare_what_the_table_offers(served: Served) -> None:
    offered: dict[str, set[str]] = {}
    for type, name in OPERATIONS:
        offered.setdefault(type, set()).add(name)
    assert {type: set(names) for type, names in TERMINOLOGY.items()} == offered
    assert set(ABOVE_TYPES) == {name for (_, name), each in OPERATIONS.items() if each.system}
    assert all(TERMINOLOGY[type][name] == each.definition for (type, name), each in OPERATIONS.items())

    statement = body(served.nobody.get("/fhir/metadata"))
    assert "http://hl7.org/fhir/CapabilityStatement/terminology-server" in statement["instantiates"]
    assert [each["name"] for each in statement["rest"][0]["operation"]] == ["closure"]


def test_the_terminology_capabilities_name_systems_versions_and_parameters(served: Served) -> None:
    told = body(served.nobody.get("/fhir/metadata", params={"mode": "terminology"}))
    systems = {each["uri"]: each for each in told["codeSystem"]}

    assert told["resourceType"] == "TerminologyCapabilities"
    assert systems[cs("nhsa-clr-way")]["version"] == [
        {"code": "1-platform", "isDefault": True},
        {"code": "1-local", "isDefault": False},
    ]
    assert systems[cs("diagnosis")]["subsumption"] is True
    assert {"filter", "count", "activeOnly"} <= {each["name"] for each in told["expansion"]["parameter"]}
