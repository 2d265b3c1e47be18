"""Bundles: every entry by its type and claims, fullUrl, and what each type of Bundle asks."""

from typing import Any

import pytest

from tests.unit.validation.samples import bundle, coverage, errors, issues, patient


def test_what_is_wrong_inside_an_entry_is_told_from_the_bundle() -> None:
    assert errors(bundle(coverage(), patient(gender="boy"))) == [("unknown-code", "Bundle.entry[1].resource.gender")]


def test_a_full_url_is_absolute_of_its_resource_and_different() -> None:
    made = bundle(patient(), coverage(), patient(id="p2"))
    made["entry"][0]["fullUrl"] = "Patient/p1"
    made["entry"][2]["fullUrl"] = made["entry"][1]["fullUrl"]

    assert errors(made) == [
        ("invariant-broken", "Bundle"),
        ("full-url-relative", "Bundle.entry[0].fullUrl"),
        ("full-url-other-id", "Bundle.entry[2].fullUrl"),
        ("full-url-repeated", "Bundle.entry[2].fullUrl"),
    ]


def entry(**more: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "transaction", "entry": [more]}


PUT, DELETE = {"method": "PUT", "url": "Patient/p1"}, {"method": "DELETE", "url": "Patient/p1"}


@pytest.mark.parametrize(
    ("made", "codes"),
    [
        (entry(resource=patient(), request=PUT), []),
        (entry(request=DELETE), []),
        (entry(request=PUT), ["missing-element"]),
        (entry(resource=patient()), ["invariant-broken"]),
        (entry(search={"mode": "match"}, request=DELETE), ["invariant-broken"]),
        ({"resourceType": "Bundle", "type": "collection", "total": 1}, ["invariant-broken"]),
        (bundle(patient(), type="document"), ["invariant-broken"] * 3),
        (bundle(patient(), type="message"), ["invariant-broken"]),
    ],
)
def test_each_type_of_bundle_has_its_rules(made: dict[str, Any], codes: list[str]) -> None:
    found = [code for code, _ in errors(made)]

    assert found == codes


def test_an_entry_without_full_url_is_a_warning_where_others_could_refer_to_it() -> None:
    made = bundle(patient())
    del made["entry"][0]["fullUrl"]

    assert [(each.severity, each.code) for each in issues(made)] == [("warning", "missing-full-url")]


def test_bundles_in_bundles_end_somewhere() -> None:
    made = bundle(patient())
    for _ in range(100):
        made = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": made}]}

    assert "too-deep" in {code for code, _ in errors(made)}
