"""The CapabilityStatement is honest: what it declares works, and what it does not declare is refused."""

from typing import Any

import pytest

from gateway.fhir.capability import TERMINOLOGY
from tests.unit.api.answers import body, codes
from tests.unit.api.conftest import Served

UPDATABLE = {"Patient", "Coverage", "Organization", "Claim"}
SAMPLE = {
    "_id": "1",
    "_lastUpdated": "ge2015-01-01",
    "identifier": "urn:x|1",
    "patient": "Patient/1",
    "beneficiary": "Patient/1",
    "status": "active",
    "created": "2015-03-09",
    "url": "urn:x",
    "requestor": "Organization/H32118200001",
    "provider": "Organization/H32118200001",
}


def declared(served: Served) -> dict[str, Any]:
    statement = body(served.nobody.get("/fhir/metadata"))
    assert statement["fhirVersion"] == "4.0.1"
    return {resource["type"]: resource for resource in statement["rest"][0]["resource"]}


def test_metadata_is_open_to_all_and_names_the_types_that_are_served(served: Served) -> None:
    assert {"Patient", "Coverage", "Organization", "Claim", "ClaimResponse", "InsurancePlan"} <= set(declared(served))


def test_every_declared_type_is_read_and_searched(served: Served) -> None:
    for type, resource in declared(served).items():
        offered = {each["code"] for each in resource["interaction"]}
        assert served.agency.get(f"/fhir/{type}").status_code == (200 if "search-type" in offered else 404), type
        assert codes(served.agency.get(f"/fhir/{type}/none")) == ["resource-not-found"], type
        assert codes(served.agency.get(f"/fhir/{type}/none/_history/1")) == ["resource-not-found"], type


def test_every_declared_parameter_is_understood_and_no_other(served: Served) -> None:
    for type, resource in declared(served).items():
        for parameter in resource.get("searchParam", ()):
            name = parameter["name"]
            answer = served.agency.get(f"/fhir/{type}", params={name: SAMPLE[name]})
            assert answer.status_code == 200, (type, name, answer.text)
        assert codes(served.agency.get(f"/fhir/{type}", params={"undeclared": "1"})) == ["unknown-parameter"]


def test_only_types_that_declare_create_and_update_take_them(served: Served) -> None:
    for type, resource in declared(served).items():
        offered = {each["code"] for each in resource["interaction"]}
        assert ({"create", "update"} <= offered) == (type in UPDATABLE), type
        for answer in (served.agency.post(f"/fhir/{type}", content=b"{"), served.agency.put(f"/fhir/{type}/1")):
            refused = codes(answer)
            assert (refused == ["written-by-core"]) == (type not in UPDATABLE), (type, refused)


def test_the_declared_operations_answer(served: Served) -> None:
    operations = {(t, each["name"]) for t, r in declared(served).items() for each in r.get("operation", ())}

    assert operations == {
        ("Claim", "submit"),
        ("ClaimResponse", "eob"),
        ("ClaimResponse", "explain"),
        ("ClaimResponse", "resettle"),
        ("Patient", "resettle"),
        *((type, name) for type, names in TERMINOLOGY.items() for name in names),
        *((type, "validate") for type in declared(served)),
    }
    assert codes(served.agency.get("/fhir/ClaimResponse/none/$eob")) == ["resource-not-found"]
    for type in declared(served):
        assert codes(served.agency.get(f"/fhir/{type}/none/$validate")) == ["resource-not-found"]
    assert codes(served.agency.get("/fhir/ClaimResponse/none/$explain")) == ["resource-not-found"]
    assert codes(served.agency.post("/fhir/ClaimResponse/none/$resettle")) == ["nothing-to-resettle"]
    assert codes(served.agency.post("/fhir/Patient/none/$resettle")) == ["person-not-found"]
    assert codes(served.city.post("/fhir/Claim/$submit", content=b"{")) == ["not-json"]


@pytest.mark.parametrize("path", ["/fhir/Observation", "/fhir/Encounter/1", "/fhir/Observation/1/_history/1"])
def test_a_type_that_is_not_declared_is_not_there(served: Served, path: str) -> None:
    assert codes(served.agency.get(path)) == ["unknown-type"]
