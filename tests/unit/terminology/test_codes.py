"""$validate-code, $lookup and $subsumes, as FHIR R4 defines them."""

from typing import Any

import pytest

from gateway.fhir.systems import BASE, cs
from gateway.kernel.problem import Refusal
from gateway.terminology.value_set import Filter, Include
from tests.unit.terminology.small import (
    ANIMALS,
    TESTED,
    ask,
    of,
    parameters,
    refused,
    terminology,
    told,
    value_set,
)

KNOWN = terminology(
    value_set(of(Filter("concept", "is-a", "animal")), Include(cs("diagnosis"), codes=(("I10", "高血压"),)))
)
IN_SET, IN_SYSTEM = "ValueSet/$validate-code", "CodeSystem/$validate-code"


def coding(system: str, code: str, display: str = "") -> dict[str, str]:
    said = {"system": system, "code": code, "display": display}
    return {name: value for name, value in said.items() if value}


@pytest.mark.parametrize(
    ("said", "result", "message"),
    [
        ({"code": "dog"}, True, ""),
        ({"code": "dog", "display": "犬"}, True, ""),
        ({"code": "dog", "display": "ＤＯＧ"}, True, ""),
        ({"code": "dog", "display": "wolf"}, False, "display of 'dog'"),
        ({"code": "wolf"}, False, "not a code of"),
        ({"code": "Dog"}, False, "not a code of"),
        ({"code": "animal"}, True, ""),
        ({"code": "animal", "abstract": "false"}, False, "heading"),
        ({"code": "dodo"}, True, "inactive"),
    ],
)
def test_a_code_is_one_of_its_system_with_the_right_display(said: dict[str, str], result: bool, message: str) -> None:
    found = told(ask(KNOWN, IN_SYSTEM, url=ANIMALS, **said))

    assert found["result"] is result
    assert message in found.get("message", "")
    assert ("message" in found) == bool(message)


def test_a_structured_code_is_valid_and_the_answer_says_that_no_list_has_it() -> None:
    found = told(ask(KNOWN, IN_SYSTEM, url=cs("drug"), code="XA11GAW043A013010100002"))
    wrong = told(ask(KNOWN, IN_SYSTEM, url=cs("drug"), code="XA11"))

    assert found["result"] is True
    assert "by its structure" in found["message"]
    assert wrong["result"] is False
    assert "such as XA11GAW043A013010100002" in wrong["message"]


@pytest.mark.parametrize(
    ("system", "code", "result"),
    [
        (ANIMALS, "dog", True),
        (ANIMALS, "animal", False),
        (ANIMALS, "wolf", False),
        (cs("diagnosis"), "I10", True),
        (cs("diagnosis"), "I11", False),
        ("urn:unknown", "dog", False),
    ],
)
def test_a_coding_is_in_the_value_set_or_not(system: str, code: str, result: bool) -> None:
    assert told(ask(KNOWN, IN_SET, url=TESTED, system=system, code=code))["result"] is result
    posted = parameters({"name": "url", "valueUri": TESTED}, {"name": "coding", "valueCoding": coding(system, code)})
    assert told(ask(KNOWN, IN_SET, posted))["result"] is result


def test_the_set_of_all_codes_of_a_structure_has_every_code_that_fits() -> None:
    for code, result in (("E11.900", True), ("e11", False)):
        found = ask(KNOWN, "ValueSet/diagnosis/$validate-code", system=cs("diagnosis"), code=code)
        assert told(found)["result"] is result


def test_of_a_codeable_concept_one_coding_must_be_right() -> None:
    def check(*codings: dict[str, str]) -> dict[str, Any]:
        concept = {"name": "codeableConcept", "valueCodeableConcept": {"coding": list(codings)}}
        return told(ask(KNOWN, IN_SET, parameters({"name": "url", "valueUri": TESTED}, concept)))

    assert check(coding("urn:x", "1"), coding(ANIMALS, "cat"))["display"] == "猫"
    wrong = check(coding("urn:x", "1"), coding(ANIMALS, "wolf"))
    assert wrong["result"] is False
    assert "wolf" in wrong["message"]


def test_what_cannot_be_known_is_no_yes() -> None:
    known = terminology(value_set(Include("urn:licensed")))
    found = told(ask(known, IN_SET, url=TESTED, system="urn:licensed", code="1"))

    assert found["result"] is False
    assert "code system urn:licensed" in found["message"]


def test_another_version_of_the_system_than_is_known() -> None:
    found = told(ask(KNOWN, IN_SET, url=TESTED, system=ANIMALS, code="dog", systemVersion="9"))

    assert found["result"] is False
    assert "version 9" in found["message"]


def test_a_code_system_may_come_along() -> None:
    given = {
        "resourceType": "CodeSystem",
        "url": "urn:given",
        "status": "active",
        "content": "complete",
        "caseSensitive": True,
        "concept": [{"code": "a", "display": "A", "concept": [{"code": "b"}]}],
    }
    for code, result in (("b", True), ("c", False)):
        posted = parameters({"name": "codeSystem", "resource": given}, {"name": "code", "valueCode": code})
        assert told(ask(KNOWN, IN_SYSTEM, posted))["result"] is result


@pytest.mark.parametrize(
    ("path", "said", "code"),
    [
        (IN_SYSTEM, {"code": "dog"}, "terminology-missing-parameter"),
        (IN_SYSTEM, {"url": ANIMALS}, "terminology-missing-parameter"),
        (IN_SYSTEM, {"url": "urn:none", "code": "1"}, "terminology-not-found"),
        (IN_SYSTEM, {"url": ANIMALS, "code": "1", "version": "9"}, "terminology-not-found"),
        (IN_SYSTEM, {"url": ANIMALS, "code": "1", "date": "2015"}, "terminology-not-offered"),
        (IN_SET, {"url": TESTED, "code": "dog"}, "terminology-missing-parameter"),
        (IN_SET, {"code": "dog", "system": ANIMALS}, "terminology-missing-parameter"),
        (IN_SET, {"url": TESTED, "context": "Claim.type", "code": "1"}, "terminology-not-offered"),
        ("CodeSystem/none/$lookup", {"code": "1"}, "terminology-not-found"),
        ("CodeSystem/$lookup", {"code": "dog"}, "terminology-missing-parameter"),
        ("CodeSystem/$lookup", {"system": ANIMALS}, "terminology-missing-parameter"),
        ("CodeSystem/$lookup", {"system": ANIMALS, "code": "wolf"}, "terminology-unknown-code"),
        ("CodeSystem/animals/$lookup", {"system": cs("drug"), "code": "dog"}, "terminology-contradiction"),
        ("CodeSystem/$subsumes", {"system": ANIMALS, "codeA": "dog"}, "terminology-missing-parameter"),
        ("CodeSystem/$subsumes", {"system": ANIMALS, "codeA": "dog", "codeB": "wolf"}, "terminology-unknown-code"),
        ("CodeSystem/$subsumes", {"codeA": "dog", "codeB": "cat"}, "terminology-missing-parameter"),
    ],
)
def test_what_is_asked_wrongly_is_refused(path: str, said: dict[str, str], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        ask(KNOWN, path, **said)
    assert refused(refusal.value) == [code]


def properties(answer: dict[str, Any]) -> dict[str, Any]:
    groups = [part["part"] for part in answer["parameter"] if part["name"] == "property"]
    return {
        str(said[0]["valueCode"]): next(value for key, value in said[1].items() if key.startswith("value"))
        for said in groups
    }


def test_lookup_tells_display_designations_and_typed_properties() -> None:
    answer = ask(KNOWN, "CodeSystem/$lookup", system=cs("nhsa-fund-pay-type"), code="310201")
    designations = [part["part"] for part in answer["parameter"] if part["name"] == "designation"]

    assert told(answer)["display"] == "个人账户支付"
    assert told(answer)["version"] == "1-local"
    assert [[one.get("valueCode") or one.get("valueString") for one in each] for each in designations] == [
        ["zh-CN", "个人账户支付"],
        ["en", "personal account, detail"],
    ]
    assert properties(answer) == {"account": True, "sources": 3, "parent": "310200"}


def test_lookup_tells_what_is_asked_for_in_the_language_that_is_asked_for() -> None:
    answer = ask(
        KNOWN,
        "CodeSystem/animals/$lookup",
        parameters(
            {"name": "coding", "valueCoding": coding(ANIMALS, "mammal")},
            {"name": "displayLanguage", "valueCode": "en"},
            {"name": "property", "valueCode": "parent"},
            {"name": "property", "valueCode": "child"},
        ),
    )

    assert told(answer)["display"] == "mammal"
    assert [part["part"][1]["valueCode"] for part in answer["parameter"] if part["name"] == "property"] == [
        "animal", "dog", "cat",
    ]  # fmt: skip
    assert not [part for part in answer["parameter"] if part["name"] == "designation"]


def test_lookup_of_a_structured_code_tells_its_parts() -> None:
    answer = ask(KNOWN, "CodeSystem/institution/$lookup", code="H32118200001")

    assert told(answer)["display"] == "H32118200001"
    assert properties(answer) == {"kind": "H", "area": "321182", "serial": "00001"}


@pytest.mark.parametrize(
    ("system", "first", "second", "outcome"),
    [
        (ANIMALS, "dog", "dog", "equivalent"),
        (ANIMALS, "animal", "dog", "subsumes"),
        (ANIMALS, "dog", "animal", "subsumed-by"),
        (ANIMALS, "dog", "cat", "not-subsumed"),
        (cs("diagnosis"), "I10", "I10.x00", "subsumes"),
        (cs("gb-2260"), "321182", "320000", "subsumed-by"),
        (cs("gb-2260"), "321182", "330000", "not-subsumed"),
        (cs("nhsa-psn-type"), "11", "1102", "subsumes"),
    ],
)
def test_subsumption(system: str, first: str, second: str, outcome: str) -> None:
    assert told(ask(KNOWN, "CodeSystem/$subsumes", system=system, codeA=first, codeB=second)) == {"outcome": outcome}
    posted = parameters(
        {"name": "codingA", "valueCoding": coding(system, first)},
        {"name": "codingB", "valueCoding": coding(system, second)},
    )
    assert told(ask(KNOWN, "CodeSystem/$subsumes", posted)) == {"outcome": outcome}


def test_a_circle_of_parents_ends() -> None:
    from gateway.terminology.concept import Concept
    from gateway.terminology.packed import Packed
    from gateway.terminology.system import CodeSystem

    packed = Packed([Concept("a", "a", parents=("b",)), Concept("b", "b", parents=("a",))])
    round_trip = CodeSystem(f"{BASE}/CodeSystem/circle", "circle", "1", {"zh": "环"}, packed)

    assert list(round_trip.ancestors("a")) == ["b"]
