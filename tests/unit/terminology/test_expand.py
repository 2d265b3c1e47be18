"""$expand: which codes, in which order, page and language; what cannot be listed is said, never left out in silence."""

import pytest

from gateway.definitions.library import base_library
from gateway.fhir.systems import BASE, cs
from gateway.kernel.problem import Refusal
from gateway.terminology.concept import Concept
from gateway.terminology.expand import MOST_CODES, MOST_COUNTED
from gateway.terminology.packed import Packed
from gateway.terminology.read_data import shipped_systems
from gateway.terminology.system import CodeSystem
from gateway.terminology.terminology import Terminology
from gateway.terminology.value_set import Filter, Include
from tests.unit.terminology.small import (
    ANIMALS,
    CONCEPTS,
    TESTED,
    animals,
    ask,
    codes,
    of,
    parameters,
    refused,
    terminology,
    value_set,
)

ALL = [each.code for each in CONCEPTS]
EXPAND = "ValueSet/$expand"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ([Filter("concept", "is-a", "mammal")], ["mammal", "dog", "cat"]),
        ([Filter("concept", "descendent-of", "animal")], ["mammal", "dog", "cat", "bird", "dodo"]),
        ([Filter("concept", "is-not-a", "mammal")], ["animal", "bird", "dodo"]),
        ([Filter("concept", "generalizes", "dog")], ["animal", "mammal", "dog"]),
        ([Filter("legs", "=", "4")], ["dog", "cat"]),
        ([Filter("legs", "in", "2, 3")], ["bird", "dodo"]),
        ([Filter("legs", "not-in", "2")], ["animal", "mammal", "dog", "cat"]),
        ([Filter("tame", "exists", "true")], ["dog"]),
        ([Filter("legs", "exists", "false")], ["animal", "mammal"]),
        ([Filter("code", "regex", "d.*")], ["dog", "dodo"]),
        ([Filter("display", "regex", ".*鸟")], ["bird", "dodo"]),
        ([Filter("parent", "=", "bird")], ["dodo"]),
        ([Filter("inactive", "=", "true")], ["dodo"]),
        ([Filter("notSelectable", "=", "true")], ["animal"]),
        ([Filter("legs", "=", "4"), Filter("tame", "exists", "true")], ["dog"]),
        ([], ALL),
    ],
)
def test_filters_choose_concepts(filters: list[Filter], found: list[str]) -> None:
    assert codes(ask(terminology(value_set(of(*filters))), EXPAND, url=TESTED)) == found


@pytest.mark.parametrize(
    "filter", [Filter("code", "regex", "(a+)+b"), Filter("code", "regex", "("), Filter("x", "child-of", "dog")]
)
def test_a_filter_that_is_not_offered_is_refused_by_name(filter: Filter) -> None:
    with pytest.raises(Refusal) as refusal:
        ask(terminology(value_set(of(filter))), EXPAND, url=TESTED)

    assert refused(refusal.value) == ["terminology-not-listable"]
    assert f"filter {filter.property} {filter.op}" in refusal.value.problems[0].en


def test_includes_add_up_once_and_excludes_take_away() -> None:
    made = value_set(of(codes=("cat", "dog")), of(Filter("legs", "=", "4")), excludes=(of(codes=("cat",)),))

    assert codes(ask(terminology(made), EXPAND, url=TESTED)) == ["dog"]


def test_within_an_include_all_value_sets_must_have_the_code() -> None:
    other = value_set(of(codes=("dog", "bird")))
    both = other.__class__(f"{BASE}/ValueSet/both", "both", includes=(of(codes=("dog", "cat"), value_sets=(TESTED,)),))
    alone = other.__class__(f"{BASE}/ValueSet/alone", "alone", includes=(Include(value_sets=(TESTED,)),))
    known = terminology(other, both, alone)

    assert codes(ask(known, EXPAND, url=both.url)) == ["dog"]
    assert codes(ask(known, EXPAND, url=alone.url)) == ["dog", "bird"]


def test_a_value_set_inside_itself_is_missing_not_endless() -> None:
    made = value_set(Include(value_sets=(TESTED,)))

    with pytest.raises(Refusal) as refusal:
        ask(terminology(made), EXPAND, url=TESTED)
    assert refused(refusal.value) == ["terminology-not-listable"]


def test_what_is_missing_beside_what_is_there_is_named() -> None:
    made = value_set(of(codes=("dog",)), Include("urn:unknown"))
    expansion = ask(terminology(made), EXPAND, url=TESTED)["expansion"]

    assert [each["code"] for each in expansion["contains"]] == ["dog"]
    assert {"name": "warning", "valueString": "缺少 / missing: code system urn:unknown"} in expansion["parameter"]
    assert expansion["extension"][0]["valueBoolean"] is True


def test_inactive_codes_are_left_out_on_demand_or_by_the_value_set() -> None:
    known = terminology(value_set(of()), value_set(of(), inactive=False).__class__(
        f"{BASE}/ValueSet/active", "active", includes=(of(),), inactive=False))  # fmt: skip
    listed = ask(known, EXPAND, url=TESTED)["expansion"]["contains"]

    assert [each["code"] for each in listed if each.get("inactive")] == ["dodo"]
    assert codes(ask(known, EXPAND, url=TESTED, activeOnly="true")) == ALL[:-1]
    assert codes(ask(known, EXPAND, url=f"{BASE}/ValueSet/active")) == ALL[:-1]
    assert codes(ask(known, EXPAND, url=f"{BASE}/ValueSet/active", filter="鸟")) == ["bird"]


def test_headings_are_left_out_on_demand() -> None:
    assert codes(ask(terminology(), EXPAND, url=f"{BASE}/ValueSet/animals", excludeNotForUI="true")) == ALL[1:]


@pytest.mark.parametrize(
    ("offset", "count", "found"), [("0", "2", ALL[:2]), ("2", "2", ALL[2:4]), ("5", "2", ALL[5:]), ("9", "2", [])]
)
def test_pages_tell_the_total(offset: str, count: str, found: list[str]) -> None:
    answer = ask(terminology(), "ValueSet/animals/$expand", offset=offset, count=count)

    assert codes(answer) == found
    assert answer["expansion"]["total"] == len(ALL)
    assert answer["expansion"]["offset"] == int(offset)


def test_count_zero_tells_the_total_alone() -> None:
    expansion = ask(terminology(), "ValueSet/animals/$expand", count="0")["expansion"]

    assert expansion["total"] == len(ALL)
    assert "contains" not in expansion


def test_a_large_set_is_listed_in_pages_only() -> None:
    many = tuple(Concept(f"{n:05d}", f"名 {n}") for n in range(MOST_CODES + MOST_COUNTED))
    known = Terminology([animals(concepts=many)])

    with pytest.raises(Refusal) as refusal:
        ask(known, "ValueSet/animals/$expand")
    assert refused(refusal.value) == ["terminology-too-costly"]

    page = ask(known, "ValueSet/animals/$expand", count="2000")["expansion"]
    assert len(page["contains"]) == MOST_CODES
    assert page["total"] == len(many)
    assert "total" not in ask(known, "ValueSet/animals/$expand", count="10")["expansion"]
    assert len(codes(ask(known, "ValueSet/animals/$expand", filter="0012"))) == 11


def test_displays_come_in_the_language_that_is_asked_for() -> None:
    known = terminology(value_set(of(codes=("dog", "cat"))))
    said = ask(known, EXPAND, url=TESTED, displayLanguage="en-GB", includeDesignations="true")["expansion"]["contains"]

    assert [each["display"] for each in said] == ["dog", "cat"]
    assert {"language": "la", "value": "felis"} in said[1]["designation"]
    one = ask(known, EXPAND, url=TESTED, designation="la")["expansion"]["contains"]
    assert [each.get("designation") for each in one] == [None, [{"language": "la", "value": "felis"}]]


def test_the_definition_comes_along_on_demand() -> None:
    known = terminology(value_set(of(Filter("legs", "=", "4"))))

    assert "compose" not in ask(known, EXPAND, url=TESTED)
    compose = ask(known, EXPAND, url=TESTED, includeDefinition="true")["compose"]
    assert compose["include"][0]["filter"] == [{"property": "legs", "op": "=", "value": "4"}]


def test_versions_are_chosen_forced_and_checked() -> None:
    newer = animals("2", (Concept("dog", "狗"),))
    known = terminology(value_set(of()), systems=(newer,))
    versioned = value_set(Include(ANIMALS, "1"))

    assert codes(ask(known, EXPAND, url=TESTED)) == ["dog"]
    assert codes(ask(known, EXPAND, url=TESTED, system_version=f"{ANIMALS}|1")) == ALL
    assert codes(ask(terminology(versioned, systems=(newer,)), EXPAND, url=TESTED)) == ALL
    forced = ask(terminology(versioned, systems=(newer,)), EXPAND, url=TESTED, force_system_version=f"{ANIMALS}|2")
    assert codes(forced) == ["dog"]
    assert {"name": "version", "valueUri": f"{ANIMALS}|2"} in forced["expansion"]["parameter"]
    with pytest.raises(Refusal) as refusal:
        ask(known, EXPAND, url=TESTED, check_system_version=f"{ANIMALS}|1")
    assert refused(refusal.value) == ["terminology-other-version"]
    assert codes(ask(known, EXPAND, url=TESTED, exclude_system=ANIMALS)) == []


def test_a_value_set_may_come_along() -> None:
    given = {
        "resourceType": "ValueSet",
        "status": "active",
        "compose": {"include": [{"system": ANIMALS, "concept": [{"code": "cat", "display": "Katze"}]}]},
    }
    posted = parameters({"name": "valueSet", "resource": given}, {"name": "filter", "valueString": "katze"})

    [found] = ask(terminology(), EXPAND, posted)["expansion"]["contains"]
    assert found == {"system": ANIMALS, "version": "1", "code": "cat", "display": "Katze"}
    assert codes(ask(terminology(), EXPAND, given)) == ["cat"]


def test_a_value_set_that_comes_along_has_no_patterns() -> None:
    pattern = {"property": "code", "op": "regex", "value": ".*.*.*.*x"}
    given = {"resourceType": "ValueSet", "compose": {"include": [{"system": ANIMALS, "filter": [pattern]}]}}

    with pytest.raises(Refusal) as refusal:
        ask(terminology(), EXPAND, given)
    assert refused(refusal.value) == ["terminology-not-offered"]


def test_a_structure_cannot_be_listed_but_what_is_named_of_it_can() -> None:
    diagnosis = cs("diagnosis")
    named = value_set(Include(diagnosis, codes=(("I10.x00", "高血压"),)))
    whole = ask(terminology(), "ValueSet/diagnosis/$expand")["expansion"]

    assert "contains" not in whole
    assert whole["extension"][0]["valueBoolean"] is True
    assert codes(ask(terminology(named), EXPAND, url=TESTED)) == ["I10.x00"]


def test_value_sets_of_fhir_itself_are_expanded() -> None:
    known = Terminology(shipped_systems(), definitions=base_library())

    found = ask(known, EXPAND, url="http://hl7.org/fhir/ValueSet/claim-use")
    assert codes(found) == ["claim", "preauthorization", "predetermination"]
    assert codes(ask(known, EXPAND, url="http://hl7.org/fhir/ValueSet/administrative-gender", filter="女")) == [
        "female"
    ]


def test_an_unknown_value_set_is_not_found() -> None:
    for said in ({"url": "urn:none"}, {"url": TESTED, "valueSetVersion": "9"}):
        with pytest.raises(Refusal) as refusal:
            ask(terminology(value_set(of())), EXPAND, **said)
        assert refused(refusal.value) == ["terminology-not-found"]


def test_a_system_of_which_nothing_is_here_cannot_be_listed() -> None:
    empty = CodeSystem("urn:empty", "empty", "1", {"zh": "空"}, Packed(()), "not-present")
    known = Terminology([empty], value_sets=[value_set(Include("urn:empty"))])

    with pytest.raises(Refusal) as refusal:
        ask(known, EXPAND, url=TESTED)
    assert "urn:empty" in refusal.value.problems[0].en
