"""Profiles: tightened cardinality, fixed and pattern values, bounds, types, invariants, and what a resource claims."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest

from gateway.validation.validate import Validator, compile_profile, validate
from tests.unit.validation.samples import CORE, HERE, claim, errors, issues, library_with, patient, profile


def test_cardinality_may_be_tightened() -> None:
    strict = profile(
        "Patient",
        {"path": "Patient.birthDate", "min": 1},
        {"path": "Patient.name", "min": 2},
        {"path": "Patient.telecom", "max": "0"},
        {"path": "Patient.address", "max": "1"},
    )
    resource = patient(birthDate=None, address=[{"city": "珠海"}, {"city": "广州"}])

    assert errors(resource, strict) == [
        ("missing-element", "Patient.name"),
        ("element-not-allowed", "Patient.telecom"),
        ("too-many-values", "Patient.address"),
        ("missing-element", "Patient.birthDate"),
    ]


def test_an_element_of_max_one_in_a_profile_is_still_an_array() -> None:
    strict = profile("Patient", {"path": "Patient.name", "max": "1"})

    assert errors(patient(name={"text": "王"}), strict) == [("expected-list", "Patient.name")]


@pytest.mark.parametrize(
    ("element", "value", "code"),
    [
        ({"path": "Patient.gender", "fixedCode": "female"}, "male", "not-the-fixed-value"),
        ({"path": "Patient.active", "fixedBoolean": True}, False, "not-the-fixed-value"),
        ({"path": "Patient.birthDate", "maxValueDate": "1960-01-01"}, "1965-04-27", "out-of-range"),
        ({"path": "Patient.birthDate", "minValueDate": "1970-01-01"}, "1965-04-27", "out-of-range"),
        (
            {
                "path": "Patient.maritalStatus",
                "patternCodeableConcept": {"coding": [{"system": "urn:x:y", "code": "M"}]},
            },
            {"coding": [{"system": "urn:x:y", "code": "S"}]},
            "not-the-pattern",
        ),
        (
            {"path": "Patient.maritalStatus", "fixedCodeableConcept": {"text": "M"}},
            {"text": "S"},
            "not-the-fixed-value",
        ),
    ],
)
def test_facets_hold(element: dict[str, Any], value: Any, code: str) -> None:
    name = element["path"].split(".")[1]

    assert [found for found, _ in errors(patient(**{name: value}), profile("Patient", element))] == [code]


def test_a_pattern_asks_for_its_codes_among_others_in_any_order() -> None:
    wanted = {"coding": [{"system": "urn:x:y", "code": "M"}]}
    strict = profile("Patient", {"path": "Patient.maritalStatus", "patternCodeableConcept": wanted})
    value = {"coding": [{"system": "urn:a:b", "code": "1"}, {"code": "M", "system": "urn:x:y", "display": "married"}]}

    assert errors(patient(maritalStatus=value), strict) == []


def test_decimals_are_compared_exactly() -> None:
    strict = profile("Claim", {"path": "Claim.total.value", "fixedDecimal": Decimal("250.01")})

    assert errors(claim(1), strict) == [("not-the-fixed-value", "Claim.total.value")]
    assert errors(claim(1) | {"total": {"value": Decimal("250.010"), "currency": "CNY"}}, strict) == []


def test_a_choice_may_be_narrowed_to_some_of_its_types() -> None:
    strict = profile("Patient", {"path": "Patient.deceased[x]", "min": 1, "type": [{"code": "dateTime"}]})

    assert errors(patient(), strict) == [("type-not-allowed", "Patient.deceased.ofType(boolean)")]
    assert errors(patient(deceasedBoolean=None), strict) == [("missing-element", "Patient.deceased")]
    assert errors(patient(deceasedBoolean=None, deceasedDateTime="2024"), strict) == []


def test_a_rule_of_the_profile_is_judged_by_fhirpath() -> None:
    rule = {
        "key": "net-1",
        "severity": "error",
        "human": "the lines add up to the total",
        "expression": "item.net.value.aggregate($this + $total, 0.0) = total.value",
    }
    strict = profile("Claim", {"path": "Claim", "constraint": [rule]})

    assert errors(claim(10), strict) == []
    assert errors(claim(9), strict) == [("invariant-broken", "Claim")]


def test_a_rule_that_is_no_fhirpath_is_an_information() -> None:
    rule = {"key": "odd-1", "severity": "error", "human": "odd", "expression": "name.colour.exists("}
    found = issues(patient(), profile("Patient", {"path": "Patient", "constraint": [rule]}))

    assert [(each.severity, each.code) for each in found] == [("information", "invariant-not-judged")]


def test_a_rule_of_severity_warning_is_a_warning() -> None:
    rule = {"key": "w-1", "severity": "warning", "human": "has a photo", "expression": "photo.exists()"}
    found = issues(patient(), profile("Patient", {"path": "Patient", "constraint": [rule]}))

    assert [(each.severity, each.code) for each in found] == [("warning", "invariant-advised")]


def test_a_claimed_profile_is_checked_and_an_unknown_one_named() -> None:
    strict = profile("Patient", {"path": "Patient.maritalStatus", "min": 1})
    library = library_with(strict)
    claims = patient(meta={"profile": [strict["url"], f"{HERE}unknown"]})

    assert [(each.severity, each.code) for each in validate(claims, library=library)] == [
        ("warning", "profile-unknown"),
        ("error", "missing-element"),
    ]


def test_a_profile_that_was_asked_for_and_is_not_there_is_an_error() -> None:
    assert errors(patient(), profiles=[f"{HERE}unknown"]) == [("profile-unknown", "Patient")]


def test_a_profile_of_another_type_is_refused() -> None:
    strict = profile("Claim")
    claims = patient(meta={"profile": [strict["url"]]})

    assert [each.code for each in validate(claims, library=library_with(strict))] == ["profile-of-other-type"]


def test_two_profiles_say_what_both_say_once() -> None:
    one, two = (profile("Patient", {"path": "Patient.photo", "min": 1}, name=name) for name in ("one", "two"))

    assert (
        errors(patient(birthDate="x"), one, two, profiles=[one["url"], two["url"]]).count(
            ("bad-day", "Patient.birthDate")
        )
        == 1
    )


def test_profiles_of_data_types_are_followed() -> None:
    small = {"path": "Claim.item.quantity", "type": [{"code": "Quantity", "profile": [f"{HERE}small"]}]}
    few = profile("Quantity", {"path": "Quantity.value", "maxValueDecimal": Decimal("1")}, name="small")
    few["baseDefinition"] = f"{CORE}SimpleQuantity"

    assert errors(claim(1), profile("Claim", small), few) == [("out-of-range", "Claim.item[0].quantity.value")]


def test_a_profile_is_compiled_once_for_its_library() -> None:
    library = library_with(profile("Patient", {"path": "Patient.photo", "min": 1}))

    assert compile_profile(library, f"{HERE}by-hand") is compile_profile(library, f"{HERE}by-hand")
    assert compile_profile(library, f"{HERE}unknown") is None


def test_a_profile_on_a_profile_keeps_what_its_base_says() -> None:
    first = profile("Patient", {"path": "Patient.photo", "min": 1}, name="first")
    second = profile("Patient", {"path": "Patient.link", "min": 1}, name="second") | {"baseDefinition": f"{HERE}first"}
    found = Validator(library_with(first, second)).validate(patient(), [f"{HERE}second"])

    assert [each.location for each in found] == ["Patient.photo", "Patient.link"]


def test_threads_that_compile_the_same_at_once_agree() -> None:
    library = library_with(profile("Claim", {"path": "Claim.item", "min": 1}))
    for _ in range(5):
        validator = Validator(library)
        start = Barrier(4)

        def ask(validator: Validator = validator, start: Barrier = start) -> list[Any]:
            start.wait()
            return [validator.validate(claim(1), [f"{HERE}by-hand"]), validator.validate(patient(active=1))]

        with ThreadPoolExecutor(4) as pool:
            answers = [each.result() for each in [pool.submit(ask) for _ in range(4)]]

        assert all(good == [] and [each.code for each in bad] == ["wrong-type"] for good, bad in answers)
