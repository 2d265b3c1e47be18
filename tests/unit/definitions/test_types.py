"""The base types of R4 as they ship: children, JSON names, bases."""

import time

import pytest

from gateway.definitions.library import base_library
from gateway.definitions.types import Child, types_of

TYPES = base_library().types


@pytest.mark.parametrize(
    ("type_path", "name", "expected"),
    [
        ("Patient", "name", Child(("HumanName",), True, False, "HumanName", 0)),
        ("Patient", "contact", Child(("BackboneElement",), True, False, "Patient.contact", 0)),
        ("Patient.contact", "name", Child(("HumanName",), False, False, "HumanName", 0)),
        ("Patient.contact", "modifierExtension", Child(("Extension",), True, False, "Extension", 0)),
        ("Patient", "birthDate", Child(("date",), False, False, "date", 0)),
        ("Patient", "id", Child(("id",), False, False, "id", 0)),
        ("HumanName", "id", Child(("string",), False, False, "string", 0)),
        ("Patient", "deceased", Child(("boolean", "dateTime"), False, True, "", 0)),
        ("Claim.item", "detail", Child(("BackboneElement",), True, False, "Claim.item.detail", 0)),
        ("Claim.item.detail", "sequence", Child(("positiveInt",), False, False, "positiveInt", 1)),
        ("Timing", "repeat", Child(("Element",), False, False, "Timing.repeat", 0)),
        ("Bundle.entry", "resource", Child(("Resource",), False, False, "Resource", 0)),
        ("date", "value", Child(("date",), False, False, "date", 0)),
        ("Extension", "url", Child(("uri",), False, False, "uri", 1)),
    ],
)
def test_a_child_has_types_cardinality_and_a_path_to_go_on(type_path: str, name: str, expected: Child) -> None:
    assert TYPES.child(type_path, name) == expected


def test_a_content_reference_leads_to_the_element_it_names() -> None:
    exclude = TYPES.child("ValueSet.compose", "exclude")

    assert exclude is not None
    assert exclude.path == "ValueSet.compose.include"
    assert TYPES.child(exclude.path, "concept") is not None


@pytest.mark.parametrize(
    ("type_path", "name"),
    [("Patient", "nick"), ("Patient.contact", "deceased"), ("Patient.nothing", "id"), ("Nothing", "id"), ("", "id")],
)
def test_what_is_not_there_is_none(type_path: str, name: str) -> None:
    assert TYPES.child(type_path, name) is None


def test_json_names_of_a_choice_give_the_element_and_its_type() -> None:
    names = TYPES.json_names("Observation")

    assert names["valueQuantity"] == ("value", "Quantity")
    assert names["valueDateTime"] == ("value", "dateTime")
    assert names["component"] == ("component", "Observation.component")
    assert "value" not in names


def test_json_names_of_what_is_no_type_are_empty() -> None:
    assert not TYPES.json_names("Nothing")


@pytest.mark.parametrize(
    ("type", "base"),
    [
        ("Patient", "DomainResource"),
        ("DomainResource", "Resource"),
        ("Resource", None),
        ("Age", "Quantity"),
        ("Quantity", "Element"),
        ("code", "string"),
        ("positiveInt", "integer"),
        ("Patient.contact", "BackboneElement"),
        ("BackboneElement", "Element"),
        ("Element", None),
        ("Nothing", None),
    ],
)
def test_the_base_of_a_type(type: str, base: str | None) -> None:
    assert TYPES.base_of(type) == base


@pytest.mark.parametrize(
    ("type", "other", "expected"),
    [
        ("Patient", "Resource", True),
        ("Patient", "Patient", True),
        ("Bundle", "DomainResource", False),
        ("Patient.contact", "Element", True),
        ("Age", "Quantity", True),
        ("Quantity", "Age", False),
        ("uuid", "uri", True),
    ],
)
def test_a_type_is_what_it_specialises(type: str, other: str, expected: bool) -> None:
    assert TYPES.is_a(type, other) is expected


def test_kinds_are_told_apart() -> None:
    assert TYPES.is_primitive("date")
    assert not TYPES.is_primitive("HumanName")
    assert TYPES.is_resource("Claim")
    assert TYPES.is_abstract("DomainResource")
    assert not TYPES.is_abstract("Claim")
    assert TYPES.kind("Nothing") == ""
    assert TYPES.knows("Claim.item")
    assert not TYPES.knows("Claim.item.nothing")


def test_every_type_path_leads_on_to_a_type() -> None:
    """No child of any type, at any depth, has a path that is not known."""
    waiting, seen = list(TYPES.names()), set(TYPES.names())
    while waiting:
        type_path = waiting.pop()
        for name, child in TYPES.children(type_path).items():
            assert child.choice == (child.path == ""), (type_path, name)
            for path in (child.path,) if child.path else child.types:
                assert TYPES.knows(path), (type_path, name, path)
                if path not in seen:
                    seen.add(path)
                    waiting.append(path)
    assert len(TYPES.names()) == 209


def test_profiles_and_logical_models_are_no_types() -> None:
    assert not TYPES.knows("vitalsigns")
    assert not TYPES.knows("SimpleQuantity")


def test_types_can_be_made_from_structures_alone() -> None:
    library = base_library()
    found = [library.structure(name) for name in ("Element", "string", "code", "SimpleQuantity")]
    types = types_of(each for each in found if each is not None)

    assert types.names() == ("Element", "string", "code")
    assert types.is_a("code", "Element")


def test_the_base_library_is_read_in_under_a_second() -> None:
    base_library.cache_clear()
    began = time.perf_counter()

    assert base_library().types.child("Claim", "item") is not None

    assert time.perf_counter() - began < 1
