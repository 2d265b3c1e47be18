"""A profile may only tighten: every way of loosening is told with its element, and the base's word stands.

So are profiles that cannot be made: without a base, built on themselves, about elements that are not there.
"""

from typing import Any

import pytest

from gateway.definitions.read_structure import read_structure
from gateway.validation.snapshot.narrow import holds_pattern, same
from gateway.validation.snapshot.tree import MOST_ELEMENTS
from tests.unit.validation.snapshot.profiles import CORE, URL, Line, by, codes, elements, line, made, profile

BASE = [
    line("Claim.item", min=1, max="5", mustSupport=True),
    line("Claim.status", fixedCode="active"),
    line("Claim.type", patternCodeableConcept={"coding": [{"system": "urn:a"}]}),
    line("Claim.use", binding={"strength": "required", "valueSet": "urn:v"}),
    line("Claim.identifier.value", maxLength=10),
    line("Claim.created", minValueDateTime="2015", maxValueDateTime="2020"),
    line("Claim.diagnosis.sequence", minValuePositiveInt=2, maxValuePositiveInt=9),
    line("Claim.careTeam", slicing=by("role", rules="closed", ordered=True)),
    line("Claim.careTeam:doctor", min=1),
    line("Claim.insurance", slicing=by("focal", rules="openAtEnd")),
    line("Claim.provider", type=[{"code": "Reference", "targetProfile": [CORE + "Organization"]}]),
]
SAID_SO = {"system": "urn:a", "code": "oral"}


def derived(*lines: Line) -> list[tuple[str, str]]:
    """The problems of a profile on the base above."""
    return codes(made(profile("base", "Claim", *BASE), profile("p", "./base", *lines, type="Claim")))


def test_the_base_itself_has_no_problem() -> None:
    assert made(profile("base", "Claim", *BASE)).problems == ()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (line("Claim.item", min=0), "profile-min-loosened"),
        (line("Claim.item", max="6"), "profile-max-loosened"),
        (line("Claim.item", max="*"), "profile-max-loosened"),
        (line("Claim.item", min=4, max="3"), "profile-min-over-max"),
        (line("Claim.item", mustSupport=False), "profile-flag-loosened"),
        (line("Claim.status", isModifier=False), "profile-flag-loosened"),
        (line("Claim.status", fixedCode="draft"), "profile-value-loosened"),
        (line("Claim.status", patternCode="draft"), "profile-value-loosened"),
        (line("Claim.type", patternCodeableConcept={"text": "x"}), "profile-value-loosened"),
        (line("Claim.type", fixedCodeableConcept={"coding": [{"code": "oral"}]}), "profile-value-loosened"),
        (line("Claim.use", binding={"strength": "extensible", "valueSet": "urn:v"}), "profile-binding-loosened"),
        (line("Claim.use", binding={"strength": "odd"}), "profile-binding-loosened"),
        (line("Claim.identifier.value", maxLength=11), "profile-value-loosened"),
        (line("Claim.created", minValueDateTime="2014"), "profile-value-loosened"),
        (line("Claim.created", maxValueDateTime="2021"), "profile-value-loosened"),
        (line("Claim.diagnosis.sequence", minValuePositiveInt=1), "profile-value-loosened"),
        (line("Claim.diagnosis.sequence", maxValuePositiveInt=10), "profile-value-loosened"),
        (line("Claim.careTeam", slicing=by("role", rules="open")), "profile-slicing-loosened"),
        (line("Claim.careTeam", slicing=by("provider", rules="closed")), "profile-slicing-loosened"),
        (line("Claim.insurance", slicing=by("focal", rules="open")), "profile-slicing-loosened"),
        (line("Claim.careTeam:doctor", min=0), "profile-min-loosened"),
        (line("Claim.total", type=[{"code": "Quantity"}]), "profile-type-loosened"),
        (
            line("Claim.provider", type=[{"code": "Reference", "targetProfile": [CORE + "Patient"]}]),
            "profile-type-loosened",
        ),
        (line("Claim.nothing", min=1), "profile-element-unknown"),
        (line("Claim.item.nothing.more", min=1), "profile-element-unknown"),
        (line("Claim.status.value.more", min=1), "profile-element-unknown"),
        (line("Claim.procedure:first", min=1), "profile-not-sliced"),
    ],
)
def test_loosening_is_told_with_its_element(said: Line, code: str) -> None:
    assert derived(said) == [(code, said["id"])]


@pytest.mark.parametrize(
    "said",
    [
        line("Claim.item", min=2, max="4", mustSupport=True),
        line("Claim.procedure", max="0"),
        line("Claim.status", fixedCode="active", isModifier=True),
        line("Claim.type", patternCodeableConcept={"coding": [SAID_SO]}),
        line("Claim.type", fixedCodeableConcept={"coding": [SAID_SO], "text": "x"}),
        line("Claim.use", binding={"strength": "required", "valueSet": "urn:narrower"}),
        line("Claim.use", binding={"strength": "", "valueSet": "urn:narrower"}),
        line("Claim.identifier.value", maxLength=9),
        line("Claim.created", minValueDateTime="2016", maxValueDateTime="2019"),
        line("Claim.diagnosis.sequence", minValuePositiveInt=3, maxValuePositiveInt=3),
        line("Claim.careTeam", slicing=by("role", "provider", rules="closed")),
        line("Claim.insurance", slicing=by("focal", rules="closed")),
        line("Claim.provider", type=[{"code": "Reference", "targetProfile": [URL + "of-another-package"]}]),
        line("Claim.contained", type=[{"code": "Patient"}]),
    ],
)
def test_tightening_is_no_problem(said: Line) -> None:
    assert derived(said) == []


def test_where_it_loosens_the_base_s_word_stands() -> None:
    base = profile("base", "Claim", *BASE)
    found = elements(made(base, profile("p", "./base", line("Claim.item", min=0, max="*"), type="Claim")))

    assert (found["Claim.item"].min, found["Claim.item"].max, found["Claim.item"].unbounded) == (1, 5, False)


def test_a_message_says_where_what_and_what_to_say_instead() -> None:
    problem = made(profile("p", "Claim", line("Claim.insurance", min=0))).problems[0]

    assert problem.path == f"{URL}p#Claim.insurance"
    assert problem.en == "min 0 is under the 1 of its base: say 1 or more"
    assert problem.zh == "最小次数 0 低于基础定义的 1:应不小于 1"


def test_a_missing_base_is_named() -> None:
    found = made(profile("p", "./gone", type="Claim"))

    assert codes(found) == [("profile-base-missing", "")]
    assert URL + "gone" in found.problems[0].en
    assert found.structure.snapshot == ()


def test_without_any_base() -> None:
    assert codes(made(read_structure({"url": URL, "type": "Claim", "kind": "resource"}))) == [
        ("profile-base-missing", "")
    ]


def test_a_profile_whose_base_cannot_be_made_tells_both() -> None:
    found = made(profile("one", "./gone", type="Claim"), profile("two", "./one", type="Claim"))

    assert [problem.code for problem in found.problems] == ["profile-base-missing", "profile-base-missing"]


def test_profiles_built_on_each_other_are_told() -> None:
    one, two = profile("one", "./two", type="Claim"), profile("two", "./one", type="Claim")

    assert [problem.code for problem in made(one, two).problems] == ["profile-base-missing", "profile-cycle"]
    assert [problem.code for problem in made(profile("self", "./self", type="Claim")).problems] == ["profile-cycle"]


def test_a_profile_that_walks_into_itself_is_told() -> None:
    own = line("Extension.extension:more", type=[{"code": "Extension", "profile": [URL + "own"]}])
    found = made(profile("own", "Extension", own, line("Extension.extension:more.url", min=1)))

    assert [problem.code for problem in found.problems] == ["profile-cycle"]


def test_a_chain_too_long_to_be_meant_is_told() -> None:
    chain = [profile("p0", "Claim"), *(profile(f"p{n}", f"./p{n - 1}", type="Claim") for n in range(1, 80))]

    assert "profile-cycle" in {problem.code for problem in made(*chain).problems}


def test_a_type_that_is_not_loaded_cannot_be_walked_into() -> None:
    lines = [line("Bundle.entry.resource", type=[{"code": "Ward"}]), line("Bundle.entry.resource.bed", min=1)]
    codes_found = [problem.code for problem in made(profile("p", "Bundle", *lines)).problems]

    assert codes_found[0] == "profile-type-loosened"


def test_a_snapshot_over_the_limits_is_told() -> None:
    slices = [line(f"Claim.item:s{n}") for n in range(500)]
    wide = made(profile("wide", "Claim", line("Claim.item", slicing=by("category")), *slices))
    deep = made(profile("deep", "Questionnaire", line("Questionnaire" + ".item" * 60 + ".linkId", min=1)))

    for found in (wide, deep):
        assert [problem.code for problem in found.problems] == ["profile-too-large"]
        assert len(found.structure.snapshot) <= MOST_ELEMENTS


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ([1, 2], [2, 1], False),
        (True, 1, False),
        ("1", 1, False),
    ],
)
def test_same_values(one: Any, other: Any, expected: bool) -> None:
    assert same(one, other) is expected


@pytest.mark.parametrize(
    ("value", "pattern", "expected"),
    [
        ({"coding": [{"code": "a", "system": "s"}, {"code": "b"}]}, {"coding": [{"code": "b"}]}, True),
        ({"coding": [{"code": "a"}]}, {"coding": [{"code": "b"}]}, False),
        ({"text": "x"}, {"coding": [{"code": "b"}]}, False),
        ("x", {"code": "b"}, False),
        ("x", ["x"], False),
    ],
)
def test_patterns_of_the_base_must_be_held(value: Any, pattern: Any, expected: bool) -> None:
    assert holds_pattern(value, pattern) is expected


def test_values_too_deep_to_compare_are_not_the_same() -> None:
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]

    assert same(deep, deep) is False
    assert holds_pattern(deep, deep) is False
