"""Every resource is judged once by the profile for its type and kind, in the words that serve the sender best."""

from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from gateway.definitions.model import Constraint
from gateway.exchange.guide import ACCEPTED, FULL, STRUCTURE, guide_library, load_guide
from gateway.fhir.claim import read_claim
from gateway.fhir.claim_response import write_response
from gateway.fhir.guide import OF_KIND, OF_USE, PROFILES, base_guide
from gateway.fhir.guide_rules import SURE
from gateway.fhir.json import decode_resource, encode
from gateway.fhir.patient import check_patient
from gateway.fhir.payment_reconciliation import write_reconciliation
from gateway.fhir.systems import cs, ext
from gateway.fhirpath.expression import Expression, compile
from gateway.kernel.problem import Kind, Problem, Refusal
from gateway.settlement.claim import ClaimKind
from tests.unit.fhir.decided import decided
from tests.unit.fhir.samples import TODAY, claim, patient
from tests.unit.fhir.test_payment_reconciliation import REMITTANCE

GUIDE = load_guide()
PACKAGE = "cn.gateway.medical-insurance#0.1.0"


def refused(resource: dict[str, Any]) -> set[tuple[str, str]]:
    with pytest.raises(Refusal) as caught:
        read_claim(resource, today=TODAY, guide=GUIDE)
    return {(problem.code, problem.path) for problem in caught.value.problems}


def answer() -> dict[str, Any]:
    """A ClaimResponse of ours, as it is stored."""
    decision, reading = decided()
    ids = {"response_id": "321182055zsc3y0100000000000006", "claim_id": "321182055zsc3y0100000000000005"}
    return decode_resource(
        encode(write_response(decision, reading, created=datetime(2015, 3, 9, 4, tzinfo=UTC), **ids))
    )


def test_each_kind_of_claim_and_each_type_has_a_profile_in_the_package() -> None:
    names = {*PROFILES.values(), *OF_KIND.values(), *OF_USE.values()}

    assert set(OF_KIND) == {kind.value for kind in ClaimKind}
    assert [name for name in names if GUIDE.validator.library.structure(ext(name)) is None] == []


@pytest.mark.parametrize(
    ("change", "profile"),
    [
        ({}, "cn-claim-chronic"),
        ({"use": "predetermination"}, "cn-claim-predetermination"),
        ({"use": "preauthorization"}, "cn-claim-preauthorization"),
        ({"status": "draft"}, "cn-claim"),
        ({"use": ["claim"]}, "cn-claim"),
        ({"subType": None}, "cn-claim"),
        ({"subType": {"coding": ["chronic"]}}, "cn-claim"),
        ({"subType": {"coding": [{"system": cs("claim-kind"), "code": ["chronic"]}]}}, "cn-claim"),
    ],
)
def test_the_profile_is_that_of_kind_and_use(change: dict[str, Any], profile: str) -> None:
    assert GUIDE.profile_of({**claim(1), **change}) == ext(profile)


def test_a_valid_claim_is_read_and_judged_once() -> None:
    calls: list[Any] = []
    judge = GUIDE.validator.findings

    def noted(resource: Any, profiles: Any) -> Any:
        calls.append(profiles)
        return judge(resource, profiles)

    vars(GUIDE.validator)["findings"] = noted
    try:
        read_claim(claim(), today=TODAY, guide=GUIDE)
    finally:
        del vars(GUIDE.validator)["findings"]

    assert calls == [(ext("cn-claim-chronic"),)]


def test_what_is_wrong_with_r4_is_told_alone() -> None:
    broken = claim(2)
    broken["status"] = "done"
    del broken["identifier"]

    assert refused(broken) == {("unknown-code", "Claim.status")}


def test_the_reader_tells_what_it_judges_as_well() -> None:
    """The guide's rules on totals, lines and numbers are broken too; the reader says it with the figures."""
    broken = claim(2)
    broken["identifier"] = broken["identifier"][:1]
    broken["item"][1]["net"] = {"value": Decimal("24.70"), "currency": "CNY"}

    assert refused(broken) == {
        ("missing-identifier", "Claim.identifier"),
        ("unbalanced-line", "Claim.item[1].net.value"),
    }


def test_what_only_the_guide_demands_is_told_by_the_guide() -> None:
    broken = claim(1)
    del broken["supportingInfo"]

    assert refused(broken) == {("invariant-broken", "Claim")}


def test_both_are_told_together() -> None:
    broken = claim(1)
    del broken["supportingInfo"]
    broken["created"] = "2015-03-10"

    assert refused(broken) == {("day-in-future", "Claim.created"), ("invariant-broken", "Claim")}


def test_other_types_are_judged_the_same_way() -> None:
    two = patient()
    two["identifier"] = [*two["identifier"], two["identifier"][0]]

    assert {(each.code, each.path) for each in check_patient(two, GUIDE)} == {("invariant-broken", "Patient")}
    assert check_patient(two) == []


def test_an_answer_of_ours_that_the_guide_does_not_allow_is_a_fault() -> None:
    wrong = answer()
    wrong["payment"]["amount"]["value"] += 1

    assert GUIDE.check_written(answer()) == []
    [problem] = GUIDE.check_written(wrong)
    assert (problem.kind, problem.code, problem.path) == (Kind.FAULT, "invalid-answer", "ClaimResponse")
    assert "cn-response-payment" in problem.en


@pytest.mark.parametrize(
    ("level", "accepted", "written"), [(FULL, True, True), (ACCEPTED, True, False), (STRUCTURE, False, False)]
)
def test_the_level_says_what_is_judged(level: str, accepted: bool, written: bool) -> None:
    guide = load_guide(level=level)
    broken = claim(1)
    del broken["supportingInfo"]
    wrong = {**answer(), "disposition": ""}

    assert bool(guide.check(broken, "Claim")) is accepted
    assert bool(guide.check_written(wrong)) is written
    assert guide.check({**claim(1), "status": "done"}, "Claim") != []


def test_without_a_guide_r4_alone_is_asked() -> None:
    assert base_guide().check({**claim(1), "supportingInfo": [], "identifier": []}, "Claim") != []
    assert base_guide().profile_of(claim(1)) == ""


# rules that are told at once


def constraints() -> dict[str, tuple[Constraint, str]]:
    """The rules of the package by their text, each with the type path it stands at."""
    found = {}
    for structure in guide_library().structures(PACKAGE):
        for element in structure.differential:
            for each in element.constraints:
                path = (
                    element.types[0].code
                    if element.types and element.types[0].code != "BackboneElement"
                    else element.path
                )
                found[" ".join(each.expression.split())] = (each, path)
    return found


def test_every_rule_told_at_once_is_a_rule_of_the_package() -> None:
    assert set(SURE) - set(constraints()) == set()


def parts(value: Any) -> list[dict[str, Any]]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*([value] if isinstance(value, dict) else []), *(each for one in inside for each in parts(one))]


def test_the_usual_resource_is_told_at_once() -> None:
    """Every rule holds for certain somewhere in the resources that it is for: none is idle."""
    resources = [claim(), answer(), write_reconciliation(REMITTANCE)]
    everywhere = [part for resource in resources for part in parts(resource)]

    assert [text for text, sure in SURE.items() if not any(sure(part, None) for part in everywhere)] == []


SPOILT: list[Any] = [
    None,
    "",
    "x",
    "100",
    0,
    -1,
    1,
    True,
    [],
    {},
    [{}],
    Decimal("0.005"),
    Decimal("1E+90"),
    Decimal("-0.01"),
]


@cache
def judged_both_ways() -> list[tuple[str, Expression]]:
    """The rules told at once, as they are compiled."""
    types = GUIDE.validator.library.types
    known = constraints()
    return [(text, compile(known[text][0].expression, types=types, root=known[text][1])) for text in SURE]


@pytest.mark.parametrize("seed", range(8))
def test_what_is_told_at_once_holds(seed: int) -> None:
    """Whatever is changed in a claim or an answer: what is told to hold for certain is not false in FHIRPath."""
    chance = Random(seed)
    for _ in range(60):
        resource = deepcopy(chance.choice([claim(2), answer(), write_reconciliation(REMITTANCE)]))
        for _ in range(chance.randrange(4)):
            part = chance.choice([each for each in parts(resource) if each])
            part[chance.choice(sorted(part))] = chance.choice(SPOILT)
        for text, expression in judged_both_ways():
            for part in parts(resource):
                assert not SURE[text](part, None) or expression.truth(part) is not False, (text, part)


def test_a_problem_in_one_place_is_told_once() -> None:
    own = Problem(Kind.INVALID, "own", "Patient.identifier[0].value", "", "")
    judged = GUIDE.judge({**patient(), "identifier": [{**patient()["identifier"][0], "value": "12"}]}, "Patient")

    assert [each.rule for each in judged.against] == ["cn-citizen-id"]
    assert judged.with_read([own]) == [own]
    assert [each.code for each in judged.with_read([])] == ["invariant-broken"]
    assert len(judged.with_read([own.at("Patient.identifier[1]")])) == 2


def test_the_operator_adds_packages(tmp_path: Path) -> None:
    folder = tmp_path / "packages" / "mine"
    folder.mkdir(parents=True)
    manifest = {"name": "mine", "version": "1.0.0", "fhirVersions": ["4.0.1"], "dependencies": {}}
    profile = {
        "resourceType": "StructureDefinition",
        "url": "https://mine.example/StructureDefinition/named",
        "name": "Named",
        "status": "active",
        "kind": "resource",
        "abstract": False,
        "type": "Patient",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
        "derivation": "constraint",
        "differential": {"element": [{"id": "Patient.name", "path": "Patient.name", "min": 1}]},
    }
    (folder / "package.json").write_bytes(encode(manifest))
    (folder / "StructureDefinition-named.json").write_bytes(encode(profile))
    guide = load_guide(folder.parent)
    nameless = {**patient(), "meta": {"profile": [profile["url"]]}}
    del nameless["name"]

    assert [(each.code, each.path) for each in check_patient(nameless, guide)] == [("missing-element", "Patient.name")]
    assert check_patient(nameless, GUIDE) == []


def test_a_folder_of_packages_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        load_guide(tmp_path / "nowhere")

    assert [each.code for each in caught.value.problems] == ["package-not-found"]
