"""What the validator asks: structures and loaded codes count; what packages alone know is answered as they do."""

import pytest

from gateway.definitions.library import base_library
from gateway.fhir.systems import BASE, cs
from gateway.terminology.for_validation import KnownTerminology
from gateway.terminology.read_data import shipped_systems
from gateway.terminology.terminology import Terminology
from gateway.terminology.value_set import Include
from gateway.validation.terminology import PackageTerminology
from gateway.validation.validate import validate
from tests.unit.terminology.small import TESTED, value_set

KNOWN = Terminology(
    shipped_systems(),
    value_sets=[value_set(Include(cs("diagnosis")), Include("urn:licensed"))],
    definitions=base_library(),
)
ASKED = KnownTerminology(KNOWN, base_library())
PACKAGES = PackageTerminology(base_library())


@pytest.mark.parametrize(
    ("value_set", "system", "code", "verdict"),
    [
        (f"{BASE}/ValueSet/diagnosis", cs("diagnosis"), "I10.x00", "in"),
        (f"{BASE}/ValueSet/diagnosis", None, "I10.x00", "in"),
        (f"{BASE}/ValueSet/diagnosis", cs("diagnosis"), "i10", "out"),
        (f"{BASE}/ValueSet/diagnosis", "", "I10", "out"),
        (f"{BASE}/ValueSet/nhsa-gend", cs("nhsa-gend"), "1", "in"),
        (f"{BASE}/ValueSet/nhsa-gend", cs("nhsa-gend"), "3", "out"),
        (TESTED, "urn:licensed", "1", "unknown"),
        (TESTED, cs("diagnosis"), "I10", "in"),
        (f"{BASE}/ValueSet/none", cs("nhsa-gend"), "1", "unknown"),
        ("http://hl7.org/fhir/ValueSet/administrative-gender", None, "male", "in"),
        ("http://hl7.org/fhir/ValueSet/administrative-gender", None, "männlich", "out"),
    ],
)
def test_membership(value_set: str, system: str | None, code: str, verdict: str) -> None:
    assert ASKED.validate(value_set, system, code).verdict == verdict


def test_an_unknown_says_what_is_missing() -> None:
    assert "urn:licensed" in ASKED.validate(TESTED, "urn:licensed", "1").reason


@pytest.mark.parametrize("name", ["claim-use", "languages", "fm-status", "administrative-gender", "all-types"])
def test_sets_of_fhir_have_the_codes_that_the_packages_give(name: str) -> None:
    url = f"http://hl7.org/fhir/ValueSet/{name}"

    assert ASKED.codes_of(url) == PACKAGES.codes_of(url)


def test_a_structure_has_no_list() -> None:
    assert ASKED.codes_of(f"{BASE}/ValueSet/diagnosis") is None
    assert ASKED.codes_of(f"{BASE}/ValueSet/nhsa-gend") == frozenset("0129")


def test_the_validator_works_with_it() -> None:
    for gender, wrong in (("male", []), ("männlich", ["unknown-code"])):
        patient = {"resourceType": "Patient", "gender": gender}
        issues = validate(patient, library=base_library(), terminology=ASKED)
        assert [issue.code for issue in issues if issue.severity == "error"] == wrong
