"""Value sets from packages: what is in, what is out, what cannot be known, and what bindings make of it."""

from typing import Any

import pytest

from gateway.definitions.library import base_library
from gateway.validation.run import Membership
from gateway.validation.terminology import PackageTerminology
from tests.unit.validation.samples import HERE, claim, issues, library_with, profile

VALUE_SETS = "http://hl7.org/fhir/ValueSet/"
ANIMALS: dict[str, Any] = {
    "resourceType": "CodeSystem",
    "url": f"{HERE}animals",
    "status": "active",
    "content": "complete",
    "hierarchyMeaning": "is-a",
    "property": [{"code": "legs", "type": "integer"}, {"code": "sound", "type": "string"}],
    "concept": [
        {
            "code": "mammal",
            "concept": [
                {
                    "code": "dog",
                    "property": [{"code": "legs", "valueInteger": 4}, {"code": "sound", "valueString": "wau"}],
                },
                {"code": "whale", "property": [{"code": "legs", "valueInteger": 0}]},
            ],
        },
        {"code": "bird", "concept": [{"code": "hen", "property": [{"code": "legs", "valueInteger": 2}]}]},
    ],
}


def value_set(name: str, *include: dict[str, Any], exclude: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    compose: dict[str, Any] = {"include": list(include), **({"exclude": exclude} if exclude else {})}
    return {"resourceType": "ValueSet", "url": HERE + name, "status": "active", "compose": compose}


def of(*filters: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    """An include of the animals."""
    said = [{"property": property, "op": op, "value": value} for property, op, value in filters]
    return {"system": f"{HERE}animals", **({"filter": said} if said else {}), **more}


def members(*include: dict[str, Any], exclude: list[dict[str, Any]] | None = None, others: Any = ()) -> set[str]:
    made = value_set("set", *include, exclude=exclude)
    terminology = PackageTerminology(library_with(ANIMALS, made, *others))
    found = {
        code: terminology.validate(f"{HERE}set", f"{HERE}animals", code).verdict
        for code in ("mammal", "dog", "whale", "bird", "hen", "stone")
    }
    return {code for code, verdict in found.items() if verdict == "in"}


@pytest.mark.parametrize(
    ("include", "codes"),
    [
        (of(), {"mammal", "dog", "whale", "bird", "hen"}),
        (of(concept=[{"code": "dog"}]), {"dog"}),
        (of(("concept", "is-a", "mammal")), {"mammal", "dog", "whale"}),
        (of(("concept", "descendent-of", "mammal")), {"dog", "whale"}),
        (of(("concept", "is-not-a", "mammal")), {"bird", "hen"}),
        (of(("concept", "generalizes", "dog")), {"mammal", "dog"}),
        (of(("concept", "=", "dog")), {"dog"}),
        (of(("legs", "=", "4")), {"dog"}),
        (of(("legs", "in", "2,4")), {"dog", "hen"}),
        (of(("legs", "not-in", "2,4")), {"mammal", "whale", "bird"}),
        (of(("sound", "exists", "true")), {"dog"}),
        (of(("sound", "exists", "false")), {"mammal", "whale", "bird", "hen"}),
        (of(("code", "regex", "[dh].*")), {"dog", "hen"}),
        (of(("concept", "is-a", "mammal"), ("legs", "=", "0")), {"whale"}),
    ],
)
def test_an_include_chooses(include: dict[str, Any], codes: set[str]) -> None:
    assert members(include) == codes


def test_includes_add_up_and_excludes_take_away() -> None:
    both = members(of(concept=[{"code": "dog"}]), of(("concept", "is-a", "bird")))

    assert both == {"dog", "bird", "hen"}
    assert members(of(), exclude=[of(("concept", "is-a", "mammal"))]) == {"bird", "hen"}


def test_value_sets_import_others_and_all_of_them_must_hold() -> None:
    mammals = value_set("mammals", of(("concept", "is-a", "mammal")))
    legs = value_set("legs", of(("legs", "exists", "true")))

    assert members({"valueSet": [f"{HERE}mammals"]}, others=[mammals]) == {"mammal", "dog", "whale"}
    assert members({"valueSet": [f"{HERE}mammals", f"{HERE}legs"]}, others=[mammals, legs]) == {"dog", "whale"}
    assert members(of(concept=[{"code": "hen"}], valueSet=[f"{HERE}mammals"]), others=[mammals]) == set()


@pytest.mark.parametrize(
    ("include", "missing"),
    [
        ({"system": "http://snomed.info/sct"}, "code system http://snomed.info/sct"),
        ({"valueSet": [f"{HERE}nowhere"]}, f"value set {HERE}nowhere"),
        ({"valueSet": [f"{HERE}set"]}, f"value set {HERE}set"),
        (of(("legs", "like", "4")), f"filter legs like of {HERE}animals"),
        (of(("code", "regex", "(a+)+b")), f"filter code regex of {HERE}animals"),
    ],
)
def test_what_cannot_be_expanded_is_unknown_by_name(include: dict[str, Any], missing: str) -> None:
    terminology = PackageTerminology(library_with(ANIMALS, value_set("set", include)))
    system = include.get("system", f"{HERE}animals")

    assert terminology.validate(f"{HERE}set", system, "x") == Membership("unknown", missing)


@pytest.mark.parametrize(
    ("name", "code", "verdict"),
    [
        ("administrative-gender", "male", "in"),
        ("administrative-gender", "m", "out"),
        ("administrative-gender|4.0.1", "male", "in"),
        ("all-languages", "zh-Hans-CN", "in"),
        ("all-languages", "zh_CN", "out"),
        ("languages", "zh-CN", "in"),
        ("mimetypes", "application/fhir+json; charset=utf-8", "in"),
        ("mimetypes", "pdf", "out"),
        ("currencies", "CNY", "in"),
        ("currencies", "RMB", "out"),
        ("ucum-units", "mg/dL", "in"),
        ("ucum-units", "milligrams", "out"),
        ("units-of-time", "d", "in"),
        ("nowhere", "x", "unknown"),
    ],
)
def test_the_value_sets_of_r4(name: str, code: str, verdict: str) -> None:
    assert PackageTerminology(base_library()).validate(VALUE_SETS + name, None, code).verdict == verdict


def bound(strength: str, name: str = "set") -> dict[str, Any]:
    """A profile that binds the sub-type of a claim, which R4 leaves free."""
    said = {"strength": strength, "valueSet": HERE + name}
    return profile("Claim", {"path": "Claim.subType", "binding": said})


def told(sub_type: dict[str, Any], strict: dict[str, Any], *definitions: dict[str, Any]) -> list[tuple[str, str]]:
    found = issues(claim(1) | {"subType": sub_type, "fundsReserve": sub_type}, strict, *definitions)
    return [(each.severity, each.code) for each in found]


INSIDE = {"coding": [{"system": f"{HERE}animals", "code": "dog"}]}
OUTSIDE = {"coding": [{"system": f"{HERE}animals", "code": "stone"}]}


@pytest.mark.parametrize(
    ("strength", "sub_type", "found"),
    [
        ("required", INSIDE, []),
        ("required", OUTSIDE, [("error", "unknown-code")]),
        ("required", {"text": "dog"}, [("error", "missing-code")]),
        ("required", {"coding": [OUTSIDE["coding"][0], INSIDE["coding"][0]]}, []),
        ("required", {"coding": [{"code": "dog"}]}, [("error", "unknown-code")]),
        ("extensible", INSIDE, []),
        ("extensible", OUTSIDE, [("warning", "code-outside-extensible")]),
        ("extensible", {"text": "dog"}, []),
        ("preferred", OUTSIDE, []),
        ("example", OUTSIDE, []),
    ],
)
def test_a_binding_is_as_strong_as_it_says(
    strength: str, sub_type: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    assert told(sub_type, bound(strength), ANIMALS, value_set("set", of())) == found


def test_a_value_set_that_is_not_known_is_named_once() -> None:
    strict = profile(
        "Claim",
        *(
            {"path": path, "binding": {"strength": "required", "valueSet": f"{HERE}nowhere"}}
            for path in ("Claim.subType", "Claim.fundsReserve")
        ),
    )

    assert told(OUTSIDE, strict) == [("warning", "value-set-not-known")]
