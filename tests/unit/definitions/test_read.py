"""What is taken from a definition, and that what has another shape is told and not guessed."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from gateway.definitions.library import base_library
from gateway.definitions.model import Concept, Discriminator, ElementDef, Filter, Include, Slicing, TypeRef
from gateway.definitions.read_search import read_search_parameter
from gateway.definitions.read_structure import read_structure
from gateway.definitions.read_terminology import read_code_system, read_value_set

LIBRARY = base_library()
URL = "http://example.org/definition"


def element(**said: Any) -> ElementDef:
    """One element of a differential as it is read."""
    structure = {"url": URL, "type": "Claim", "kind": "resource", "differential": {"element": [{**said}]}}
    return read_structure(structure).differential[0]


def of_core(type_name: str, id: str) -> ElementDef:
    structure = LIBRARY.structure(type_name)
    assert structure is not None
    return next(each for each in structure.snapshot if each.id == id)


def test_what_a_differential_does_not_say_is_none_or_empty() -> None:
    read = element(path="Claim.status")

    assert (read.min, read.max, read.unbounded, read.must_support, read.slicing) == (None, None, False, None, None)
    assert read.id == "Claim.status"


def test_cardinality() -> None:
    assert (element(path="Claim.item", min=1, max="*").max, element(path="Claim.item", max="*").unbounded) == (
        None,
        True,
    )
    assert element(path="Claim.item", max="3").max == 3


@pytest.mark.parametrize("most", ["many", "-1", "1.5", "", "99999999999", "٣"])
def test_a_max_that_is_no_number_is_refused(most: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        element(path="Claim.item", max=most)


def test_fixed_and_pattern_keep_their_type_and_their_digits() -> None:
    fixed = element(path="Claim.total.value", fixedDecimal=Decimal("1.50"))
    pattern = element(path="Claim.type", patternCodeableConcept={"coding": [{"code": "oral"}]})

    assert (str(fixed.fixed), fixed.fixed_type) == ("1.50", "decimal")
    assert (pattern.pattern, pattern.pattern_type) == ({"coding": [{"code": "oral"}]}, "CodeableConcept")
    assert element(path="Claim.url", fixedUri="urn:x").fixed_type == "uri"
    assert element(path="Claim.n", minValuePositiveInt=1).min_value_type == "positiveInt"


def test_slicing_is_read_whole() -> None:
    slicing = {"discriminator": [{"type": "value", "path": "code"}], "rules": "openAtEnd", "ordered": True}

    assert element(path="Claim.item", slicing=slicing).slicing == Slicing(
        (Discriminator("value", "code"),), "openAtEnd", True
    )


def test_fhirpath_types_come_out_as_fhir_types() -> None:
    assert of_core("Patient", "Patient.id").types == (TypeRef("id"),)
    assert of_core("HumanName", "HumanName.id").types == (TypeRef("string"),)
    assert of_core("instant", "instant.value").types == (TypeRef("instant"),)
    assert of_core("positiveInt", "positiveInt.value").regex == "[1-9][0-9]*"


def test_bindings_and_constraints_of_core() -> None:
    language = of_core("Patient", "Patient.language").binding
    gender = of_core("Patient", "Patient.gender").binding
    contact = {each.key: each for each in of_core("Patient", "Patient.contact").constraints}

    assert gender is not None
    assert (gender.strength, gender.value_set) == (
        "required",
        "http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1",
    )
    assert language is not None
    assert language.max_value_set == "http://hl7.org/fhir/ValueSet/all-languages"
    assert (
        contact["pat-1"].expression == "name.exists() or telecom.exists() or address.exists() or organization.exists()"
    )


def test_an_extension_has_its_contexts() -> None:
    structure = LIBRARY.structure("http://hl7.org/fhir/StructureDefinition/patient-religion")

    assert structure is not None
    assert structure.contexts == (("element", "Patient"),)


@pytest.mark.parametrize(
    "resource",
    [
        {},
        {"url": URL},
        {"url": 1, "type": "Claim", "kind": "resource"},
        {"url": URL, "type": "Claim", "kind": "resource", "differential": []},
        {"url": URL, "type": "Claim", "kind": "resource", "differential": {"element": [1]}},
        {"url": URL, "type": "Claim", "kind": "resource", "differential": {"element": [{"path": "Claim", "min": "1"}]}},
        {"url": URL, "type": "Claim", "kind": "resource", "snapshot": {"element": [{"id": "Claim"}]}},
        {"url": URL, "type": "Claim", "kind": "resource", "snapshot": {"element": [{"path": "a"}] * 20_001}},
    ],
)
def test_another_shape_is_refused(resource: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        read_structure(resource)


def test_a_value_too_deep_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(40):
        deep = {"extension": [deep]}

    with pytest.raises(msgspec.ValidationError, match="deep"):
        element(path="Claim.type", patternCodeableConcept=deep)


def test_a_code_system_is_flat_and_knows_the_parents() -> None:
    read = read_code_system(
        {
            "url": URL,
            "content": "complete",
            "property": [{"code": "up", "uri": "http://hl7.org/fhir/concept-properties#parent", "type": "code"}],
            "concept": [
                {"code": "a", "display": "A", "concept": [{"code": "b", "concept": [{"code": "c"}]}]},
                {"code": "d", "property": [{"code": "up", "valueCode": "a"}, {"code": "rank", "valueDecimal": 1}]},
                {"code": "e", "property": [{"code": "status", "valueCode": "retired"}]},
                {"code": "f", "property": [{"code": "notSelectable", "valueBoolean": True}]},
            ],
        }
    )

    assert read.concepts == (
        Concept("a", "A"),
        Concept("b", parents=("a",)),
        Concept("c", parents=("b",)),
        Concept("d", parents=("a",), properties=(("rank", "1"),)),
        Concept("e", properties=(("status", "retired"),), inactive=True),
        Concept("f", properties=(("notSelectable", "true"),), abstract=True),
    )
    assert read.case_sensitive is False


def test_concepts_too_deep_inside_each_other_are_refused() -> None:
    concept: dict[str, Any] = {"code": "x"}
    for _ in range(70):
        concept = {"code": "x", "concept": [concept]}

    with pytest.raises(msgspec.ValidationError, match="deep"):
        read_code_system({"url": URL, "concept": [concept]})


def test_a_value_set_has_its_compose_as_data() -> None:
    read = read_value_set(
        {
            "url": URL,
            "compose": {
                "inactive": False,
                "include": [
                    {"system": "urn:a", "concept": [{"code": "1", "display": "one"}, {"code": "2"}]},
                    {"system": "urn:b", "filter": [{"property": "concept", "op": "is-a", "value": "x"}]},
                    {"valueSet": ["urn:c", "urn:d|2"]},
                ],
                "exclude": [{"system": "urn:a", "version": "2", "concept": [{"code": "3"}]}],
            },
        }
    )

    assert read.includes == (
        Include("urn:a", codes=("1", "2")),
        Include("urn:b", filters=(Filter("concept", "is-a", "x"),)),
        Include(value_sets=("urn:c", "urn:d|2")),
    )
    assert read.excludes == (Include("urn:a", "2", ("3",)),)
    assert (read.inactive, read.expansion) == (False, None)


def test_an_expansion_is_flat_without_headings() -> None:
    contains = [{"abstract": True, "display": "heading", "contains": [{"system": "urn:a", "code": "1"}]}]
    read = read_value_set({"url": URL, "expansion": {"total": 5, "contains": contains}})

    assert read.expansion is not None
    assert [(each.system, each.code) for each in read.expansion.codes] == [("urn:a", "1")]
    assert read.expansion.total == 5


def test_a_search_parameter() -> None:
    found = LIBRARY.search_parameter("http://hl7.org/fhir/SearchParameter/Claim-patient")
    composite = LIBRARY.search_parameter("http://hl7.org/fhir/SearchParameter/Observation-code-value-quantity")

    assert found is not None
    assert (found.code, found.type, found.base, found.expression) == (
        "patient",
        "reference",
        ("Claim",),
        "Claim.patient",
    )
    assert found.targets == ("Patient",)
    assert composite is not None
    assert [each.expression for each in composite.components] == ["code", "value.as(Quantity)"]
    with pytest.raises(msgspec.ValidationError):
        read_search_parameter({"url": URL, "code": "x", "base": "Claim"})
