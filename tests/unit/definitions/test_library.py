"""Definitions are found by canonical, by version, by type; later packages come before earlier ones."""

import pytest

from gateway.definitions.library import Library, base_library
from gateway.definitions.model import CodeSystem, Package, SearchParameter, Structure, ValueSet
from gateway.definitions.table import make_table
from gateway.definitions.versions import best, fits, order

ONE = make_table(Package("one", "1.0.0"), [ValueSet("urn:v", "1.9.0"), ValueSet("urn:v", "1.10.0"), ValueSet("urn:w")])
TWO = make_table(Package("two", "1.0.0"), [ValueSet("urn:v", "1.2.0"), CodeSystem("urn:c", supplements="urn:x|1")])
LIBRARY = Library((ONE, TWO))


def version_of(library: Library, url: str, version: str = "") -> str | None:
    found = library.value_set(url, version)
    return found.version if found else None


def test_a_canonical_without_a_version_is_the_last_package_s() -> None:
    assert version_of(LIBRARY, "urn:v") == "1.2.0"
    assert version_of(Library((TWO, ONE)), "urn:v") == "1.10.0"


def test_a_version_is_exact() -> None:
    assert version_of(LIBRARY, "urn:v|1.9.0") == "1.9.0"
    assert version_of(LIBRARY, "urn:v", "1.10.0") == "1.10.0"
    assert version_of(LIBRARY, "urn:v|3") is None
    assert version_of(LIBRARY, "urn:nothing") is None


def test_kinds_do_not_mix() -> None:
    assert LIBRARY.code_system("urn:v") is None
    assert LIBRARY.structure("urn:v") is None


def test_adding_a_package_makes_another_library() -> None:
    more = Library((ONE,)).with_package(TWO)

    assert [each.id for each in more.packages] == ["one#1.0.0", "two#1.0.0"]
    assert [each.id for each in more.with_package(ONE).packages] == ["two#1.0.0", "one#1.0.0"]
    assert version_of(Library((ONE,)), "urn:v") == "1.10.0"


def test_the_definitions_of_one_package() -> None:
    assert [each.version for each in LIBRARY.value_sets("one#1.0.0")] == ["1.9.0", "1.10.0", ""]
    assert [each.url for each in LIBRARY.supplements("urn:x")] == ["urn:c"]


def test_a_base_type_is_found_by_its_bare_name() -> None:
    found = base_library().structure("Claim")

    assert found is not None
    assert found.url == "http://hl7.org/fhir/StructureDefinition/Claim"
    assert found.package == "hl7.fhir.r4.core#4.0.1"


def test_what_was_decoded_is_kept() -> None:
    assert base_library().structure("Claim") is base_library().structure("Claim")


def test_search_parameters_of_a_type_include_those_of_its_bases() -> None:
    codes = {each.code for each in base_library().search_parameters("Claim")}

    assert {"patient", "created", "_id", "_lastUpdated", "_text"} <= codes
    assert "birthdate" not in codes


def test_a_package_may_add_search_parameters_and_types() -> None:
    parameter = SearchParameter("urn:p", code="ward", base=("Encounter",), type="token", expression="Encounter.class")
    structure = Structure(
        "urn:t", type="Ward", kind="resource", base="http://hl7.org/fhir/StructureDefinition/Resource"
    )
    library = base_library().with_package(make_table(Package("more", "1"), [parameter, structure]))

    assert "ward" in {each.code for each in library.search_parameters("Encounter")}
    assert library.types.is_a("Ward", "Resource")


@pytest.mark.parametrize(
    ("smaller", "larger"),
    [("1.9.0", "1.10.0"), ("1.0.0-beta", "1.0.0"), ("1.0.0-alpha.2", "1.0.0-alpha.10"), ("1.0", "1.0.1"), ("1", "2.0")],
)
def test_versions_are_ordered_as_semantic_versions(smaller: str, larger: str) -> None:
    assert order(smaller) < order(larger)


@pytest.mark.parametrize(
    ("version", "wanted", "expected"),
    [
        ("4.0.1", "4.0.1", True),
        ("4.0.1", "4.0.x", True),
        ("4.1.0", "4.0.x", False),
        ("4.1.0", "4.x", True),
        ("4.1.0", "x", True),
        ("4.1.0", "latest", True),
        ("4.1.0-cibuild", "latest", False),
        ("4.1.0-cibuild", "4.1.0-cibuild", True),
        ("40.0.1", "4.x", False),
    ],
)
def test_wildcards(version: str, wanted: str, expected: bool) -> None:
    assert fits(version, wanted) is expected


def test_the_best_version_is_the_newest_that_fits() -> None:
    assert best(["1.2.0", "1.10.0", "1.9.9", "2.0.0-beta"], "1.x") == "1.10.0"
    assert best(["1.2.0"], "2.x") is None
