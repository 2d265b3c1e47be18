"""$translate: forwards and backwards, by one map or by all that fit, and what has no counterpart."""

from typing import Any

import pytest

from gateway.fhir.systems import BASE, cs
from gateway.kernel.problem import Refusal
from gateway.terminology.concept_map import read_concept_map
from tests.unit.terminology.small import ask, parameters, refused, terminology, told

KNOWN = terminology()
GENDER = "http://hl7.org/fhir/administrative-gender"
V2 = "http://terminology.hl7.org/CodeSystem/"
TRANSLATE = "ConceptMap/$translate"


def matches(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(equivalence, system, code) of each match."""
    found = []
    for part in answer["parameter"]:
        if part["name"] == "match":
            coding = part["part"][1]["valueCoding"]
            found.append((part["part"][0]["valueCode"], coding["system"], coding["code"]))
    return found


def by(map: str) -> str:
    return f"{BASE}/ConceptMap/{map}"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"url": by("nhsa-gend"), "system": cs("nhsa-gend"), "code": "1"}, [("equivalent", GENDER, "male")]),
        (
            {"system": cs("nhsa-gend"), "code": "2", "targetsystem": GENDER},
            [("equivalent", GENDER, "female")],
        ),
        (
            {"system": cs("nhsa-gend"), "code": "2", "target": "http://hl7.org/fhir/ValueSet/administrative-gender"},
            [("equivalent", GENDER, "female")],
        ),
        (
            {"system": cs("nhsa-med-type"), "code": "14", "target": f"{BASE}/ValueSet/claim-kind"},
            [("equivalent", cs("claim-kind"), "chronic")],
        ),
        ({"url": by("gb-2261-2-v2-0002"), "system": cs("gb-2261-2"), "code": "21"}, [("wider", f"{V2}v2-0002", "M")]),
        ({"url": by("gb-2261-2-marital-status"), "system": cs("gb-2261-2"), "code": "90"}, []),
        ({"url": by("nhsa-med-chrgitm-type"), "system": cs("charge"), "code": "drug"},
         [("equivalent", cs("nhsa-med-chrgitm-type"), "09")]),
        ({"url": by("nhsa-med-chrgitm-type"), "system": cs("charge"), "code": "local"},
         [("relatedto", cs("nhsa-med-chrgitm-type"), "14")]),
        ({"system": "urn:none", "code": "1"}, []),
        ({"system": cs("nhsa-gend"), "code": "7"}, []),
    ],
)  # fmt: skip
def test_forwards(said: dict[str, str], found: list[tuple[str, str, str]]) -> None:
    answer = ask(KNOWN, TRANSLATE, **said)

    assert matches(answer) == found
    assert told(answer)["result"] is bool(found)
    assert ("message" in told(answer)) == (not found)


def test_backwards_what_was_wider_is_narrower() -> None:
    said = {"system": cs("claim-kind"), "code": "outpatient", "reverse": "true"}
    found = matches(ask(KNOWN, "ConceptMap/nhsa-med-type/$translate", **said))

    assert ("equivalent", cs("nhsa-med-type"), "11") in found
    assert ("narrower", cs("nhsa-med-type"), "12") in found


def test_every_map_of_a_system_is_tried_and_says_where_it_comes_from() -> None:
    answer = ask(KNOWN, TRANSLATE, system=f"{V2}v2-0001", code="M", reverse="true")
    [source] = [one["valueUri"] for part in answer["parameter"] if part["name"] == "match"
                for one in part["part"] if one["name"] == "source"]  # fmt: skip

    assert source == by("nhsa-gend-v2")
    assert matches(ask(KNOWN, TRANSLATE, system=f"{V2}v2-0001", code="M")) == [("equivalent", GENDER, "male")]


def test_every_coding_of_a_concept_is_translated() -> None:
    concept = {"coding": [{"system": cs("nhsa-gend"), "code": "1"}, {"system": cs("gb-2261-1"), "code": "2"}]}
    posted = parameters(
        {"name": "codeableConcept", "valueCodeableConcept": concept}, {"name": "targetsystem", "valueUri": GENDER}
    )

    assert [code for _, _, code in matches(ask(KNOWN, TRANSLATE, posted))] == ["male", "female"]


def test_a_map_may_come_along() -> None:
    given = {
        "resourceType": "ConceptMap",
        "status": "active",
        "group": [
            {
                "source": "urn:a",
                "target": "urn:b",
                "element": [{"code": "1", "target": [{"code": "x", "equivalence": "wider"}]}],
                "unmapped": {"mode": "provided"},
            }
        ],
    }
    for code, found in (("1", ("wider", "urn:b", "x")), ("2", ("equal", "urn:b", "2"))):
        coding = {"name": "coding", "valueCoding": {"system": "urn:a", "code": code}}
        posted = parameters({"name": "conceptMap", "resource": given}, coding)
        assert matches(ask(KNOWN, TRANSLATE, posted)) == [found]


def test_targets_that_depend_on_other_elements_are_left_out() -> None:
    target = {"code": "x", "equivalence": "equal", "dependsOn": [{"property": "urn:p", "value": "1"}]}
    made = read_concept_map({"group": [{"source": "a", "target": "b", "element": [{"code": "1", "target": [target]}]}]})

    assert list(made.translate("a", "1")) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"url": "urn:none", "system": "a", "code": "1"}, "terminology-not-found"),
        ({"url": by("nhsa-gend"), "conceptMapVersion": "9", "system": "a", "code": "1"}, "terminology-not-found"),
        ({"url": by("nhsa-gend"), "code": "1"}, "terminology-missing-parameter"),
        ({"url": by("nhsa-gend"), "system": "a"}, "terminology-missing-parameter"),
        ({"url": by("nhsa-gend"), "dependency": "x", "system": "a", "code": "1"}, "terminology-not-offered"),
    ],
)
def test_what_is_asked_wrongly_is_refused(said: dict[str, str], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        ask(KNOWN, TRANSLATE, **said)
    assert refused(refusal.value) == [code]
