"""The compiled package: complete, valid R4, in both languages, and what it shares with the product is the product's."""

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from gateway.fhir.capability import INTERACTIONS
from gateway.fhir.search_parameters import PARAMETERS
from gateway.fhir.systems import BASE
from gateway.guide.model import Resource, description_of, is_chinese, title_of, url_of
from gateway.validation.self_check import compile_profiles
from tests.unit.guide.guides import PROFILES, ROOT, errors, guide, read, told, validator

PACKAGE = "cn.gateway.medical-insurance#0.1.0"
WANTED = {
    *("cn-patient", "cn-coverage", "cn-claim", "cn-claim-outpatient", "cn-claim-inpatient", "cn-claim-pharmacy"),
    *("cn-claim-chronic", "cn-claim-reimbursement", "cn-claim-predetermination", "cn-claim-preauthorization"),
    *("cn-claim-response", "cn-eligibility-request", "cn-eligibility-response", "cn-enrollment-request"),
    *("cn-enrollment-response", "cn-organization", "cn-location", "cn-contract", "cn-insurance-plan"),
    *("cn-payment-notice", "cn-payment-reconciliation", "cn-measure-report", "cn-audit-event", "cn-task-cancel"),
    *("cn-task-reprocess", "cn-task-review", "cn-communication"),
}


def test_it_has_a_profile_for_each_thing_that_is_spoken_of() -> None:
    assert WANTED - {each["id"] for each in guide().profiles()} == set()


def test_every_profile_compiles_and_every_rule_is_fhirpath() -> None:
    compiled = compile_profiles(validator(), PACKAGE)

    assert compiled.total > len(WANTED)
    assert (compiled.broken, compiled.notes) == ({}, ())


def test_every_definition_is_valid_and_has_an_address_below_the_base_that_no_other_has() -> None:
    assert {each["id"]: found for each in guide().resources if (found := told(errors(each)))} == {}
    addresses = [f"{url_of(each)}|{each.get('version', '')}" for each in guide().resources]
    assert [each for each in addresses if not each.startswith(f"{BASE}/")] == []
    assert [address for address, times in Counter(addresses).items() if times > 1] == []


def test_every_profile_has_a_snapshot_and_every_definition_speaks_both_languages() -> None:
    for each in guide().of_type("StructureDefinition"):
        assert each["snapshot"]["element"], each["id"]
    for each in guide().resources:
        if each["resourceType"] != "ConceptMap":
            zh, en = title_of(each)
            assert is_chinese(zh), each["id"]
            assert en, each["id"]
    for each in guide().of_type("StructureDefinition", "ValueSet", "OperationDefinition", "CapabilityStatement"):
        assert is_chinese(description_of(each).zh), each["id"]


def test_every_code_is_named_in_both_languages() -> None:
    unnamed = [
        f"{system['id']}#{concept['code']}"
        for system in guide().of_type("CodeSystem")
        for concept in _concepts(system)
        if not concept.get("display") or not any(d["language"] == "en" for d in concept.get("designation", ()))
    ]

    assert unnamed == []


def test_the_maps_are_those_the_gateway_works_with() -> None:
    held = {path.stem: json.loads(path.read_bytes()) for path in (ROOT / "mappings/maps").glob("*.json")}
    compiled = {each["id"]: each for each in map(read, _files("ConceptMap"))}

    assert compiled.keys() == held.keys()
    assert {name: each["group"] for name, each in compiled.items()} == {n: each["group"] for n, each in held.items()}


@pytest.mark.parametrize("name", ["gateway", "catalogues", "nhsa", "gb"])
def test_the_code_systems_are_those_of_the_terminology(name: str) -> None:
    held = yaml.safe_load((ROOT / f"gateway/terminology/data/{name}.yaml").read_text("utf-8"))["systems"]
    compiled = {(each["url"], each["version"]): each for each in guide().of_type("CodeSystem")}

    for system in held:
        address = system.get("url", f"{BASE}/CodeSystem/{system['id']}")
        lines = f"{system.get('concepts', '')}\n{system.get('also', '')}".splitlines()
        codes = [line.partition("|")[0].strip() for line in lines if line.strip()]
        found = compiled[address, system.get("version", "0.1.0")]
        assert sorted(concept["code"] for concept in _concepts(found)) == sorted(codes), system["id"]


def test_a_gateway_offers_what_the_guide_asks_of_every_gateway() -> None:
    server = next(each for each in guide().of_type("CapabilityStatement") if each["id"] == "server")

    for resource in server["rest"][0]["resource"]:
        type = resource["type"]
        assert {each["code"] for each in resource["interaction"]} <= set(INTERACTIONS[type]), type
        searched = {each["name"] for each in resource.get("searchParam", ())}
        assert searched <= {each.name for each in PARAMETERS[type]}, type


def test_profiles_and_operations_that_statements_name_are_in_the_guide() -> None:
    unknown = [
        address
        for statement in guide().of_type("CapabilityStatement")
        for resource in statement["rest"][0]["resource"]
        for address in (*resource["supportedProfile"], *(each["definition"] for each in resource.get("operation", ())))
        if guide().by_url(address) is None
    ]

    assert unknown == []


def _concepts(system: Resource) -> list[Resource]:
    found = []
    for concept in system.get("concept", ()):
        found += [concept, *_concepts(concept)]
    return found


def _files(type: str) -> list[bytes]:
    folder: Path = PROFILES / "package"
    return [path.read_bytes() for path in folder.glob(f"{type}-*.json")]
