"""What comes in is judged by the guide before anything is decided; what we write is judged before it is committed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gateway.definitions.model import Package
from gateway.definitions.read_structure import read_structure
from gateway.definitions.table import make_table
from gateway.exchange.guide import ACCEPTED, STRUCTURE, guide_library, load_guide
from gateway.fhir.code_system import write_code_system
from gateway.fhir.guide import Guide
from gateway.fhir.insurance_plan import write_insurance_plan
from gateway.fhir.json import decode_resource, encode
from gateway.fhir.organization import OrganizationReading, write_organization
from gateway.fhir.systems import ext
from gateway.kernel.problem import Kind
from gateway.policies.load import load_all
from gateway.validation.validate import Validator
from tests.unit.exchange.town import Town, claim


def without_diagnosis(person: str, **rest: Any) -> dict[str, Any]:
    """A stay as R4 lets it be and the guide does not."""
    made = claim(person, **rest)
    del made["diagnosis"]
    return made


def test_the_profile_of_the_kind_is_asked(town: Town) -> None:
    answer = town.submit(without_diagnosis(town.resident()))

    assert [(each.code, each.path) for each in answer.reply.problems] == [("missing-element", "Claim.diagnosis")]
    assert town.settlements() == []


def test_structure_alone_may_be_chosen(town: Town) -> None:
    town.exchange = replace(town.exchange, guide=load_guide(level=STRUCTURE))

    assert town.submit(without_diagnosis(town.resident())).reply.refused is None


def stricter(guide: Guide) -> Guide:
    """A guide whose answers must say what none of ours does: as if what we write were wrong."""
    never = {"key": "never", "severity": "error", "human": "a preAuthRef", "expression": "preAuthRef.exists()"}
    answer = {
        "resourceType": "StructureDefinition",
        "url": ext("cn-claim-response"),
        "name": "Stricter",
        "status": "active",
        "kind": "resource",
        "abstract": False,
        "type": "ClaimResponse",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/ClaimResponse",
        "derivation": "constraint",
        "differential": {"element": [{"id": "ClaimResponse", "path": "ClaimResponse", "constraint": [never]}]},
    }
    table = make_table(Package("stricter", "1.0.0"), [read_structure(answer)])
    return replace(guide, validator=Validator(guide_library().with_package(table)))


def test_an_answer_that_is_wrong_is_a_fault_and_nothing_is_kept(town: Town) -> None:
    person = town.resident()
    before = town.store.verify().counts
    town.exchange = replace(town.exchange, guide=stricter(town.exchange.guide))
    answer = town.submit(claim(person))
    left = {name: number - before[name] for name, number in town.store.verify().counts.items() if number - before[name]}

    assert answer.reply.refused is Kind.FAULT
    assert answer.codes == ["invalid-answer"]
    assert "never" in answer.reply.problems[0].en
    assert left == {"message": 1, "audit": 1}
    town.sound()


def test_a_trial_is_judged_as_well(town: Town) -> None:
    person = town.resident()
    town.exchange = replace(town.exchange, guide=stricter(town.exchange.guide))

    assert town.submit(claim(person, use="predetermination")).codes == ["invalid-answer"]


def test_what_is_written_is_not_judged_where_only_what_comes_in_is(town: Town) -> None:
    person = town.resident()
    town.exchange = replace(town.exchange, guide=stricter(load_guide(level=ACCEPTED)))

    assert town.submit(claim(person)).reply.refused is None


@pytest.mark.parametrize("id", sorted(load_all().policies))
def test_what_is_published_of_each_policy_is_as_the_guide_says(id: str) -> None:
    loaded = load_all().policies[id]
    guide = load_guide()
    codes = loaded.institutions.by_code
    published = [
        write_insurance_plan(loaded.policy),
        write_code_system(loaded.catalogue, day=date(2026, 6, 1)),
        *(
            write_organization(OrganizationReading(code, code, held[-1].value.title.zh, held[-1].value.level))
            for code, held in codes.items()
        ),
    ]

    assert [
        problem.text() for each in published for problem in guide.check_written(decode_resource(encode(each)))
    ] == []
