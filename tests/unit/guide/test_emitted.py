"""What the gateway writes meets the guide: decisions of every case of every policy, plans, catalogues, remittances."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from gateway.fhir.claim_response import negated_response, write_response
from gateway.fhir.code_system import write_code_system
from gateway.fhir.coverage import write_coverage
from gateway.fhir.encounter import write_encounter
from gateway.fhir.insurance_plan import write_insurance_plan
from gateway.fhir.json import encode
from gateway.fhir.outcome import write_outcome
from gateway.fhir.patient import write_patient
from gateway.fhir.payment_notice import write_notice
from gateway.fhir.payment_reconciliation import write_reconciliation
from gateway.kernel.problem import Kind, Problem
from gateway.policies.cases import area_case_files, read_case_file
from gateway.policies.load import AreaPolicy, load_all
from gateway.settlement.adjudicate import adjudicate
from gateway.settlement.decision import Decision
from tests.unit.fhir.decided import AT, decided
from tests.unit.fhir.samples import claim, coverage, patient
from tests.unit.fhir.test_payment_reconciliation import REMITTANCE, STANDING
from tests.unit.fhir.test_people import BY_NAME, SPELL, VISIT
from tests.unit.guide.guides import errors, read

BOOK = load_all()
SETTLEMENT = "321182000000000000000000000r01"
CANCELLATION = "321182000000000000000000000r02"
CLAIM = "321182000000000000000000000c01"


def wrong(resource: dict[str, Any], profile: str) -> list[str]:
    """What is an error in a resource as it is sent."""
    return [f"{issue.location}: {issue.text_en}" for issue in errors(read(encode(resource)), profile)]


def decisions(area: AreaPolicy) -> Iterator[tuple[str, Decision]]:
    for file in area_case_files(area):
        for written in read_case_file(file, BOOK):
            decision = adjudicate(written.case, written.policy.policy)
            if isinstance(decision, Decision):
                yield f"{file.stem}: {written.name}", decision


def answers(decision: Decision) -> dict[str, dict[str, Any]]:
    """Settlement, trial and cancellation of a decision; what a case leaves out of the head is a sample's."""
    sample, reading = decided()
    reading = replace(reading, lines=())
    person = replace(decision.claim.person, id=sample.claim.person.id)
    decision = replace(decision, claim=replace(decision.claim, person=person, institution=sample.claim.institution))
    settled = write_response(decision, reading, created=AT, response_id=SETTLEMENT, claim_id=CLAIM)
    return {
        "settlement": settled,
        "trial": write_response(decision, replace(reading, use="predetermination"), created=AT),
        "cancellation": negated_response(settled, response_id=CANCELLATION, created=AT),
    }


@pytest.mark.parametrize("area", BOOK.policies.values(), ids=lambda each: each.policy.id)
def test_every_decision_of_a_policy_is_answered_as_the_guide_says(area: AreaPolicy) -> None:
    found_wrong = {
        f"{name}, {kind}": found
        for name, decision in decisions(area)
        for kind, answer in answers(decision).items()
        if (found := wrong(answer, "cn-claim-response"))
    }

    assert found_wrong == {}


@pytest.mark.parametrize("area", BOOK.policies.values(), ids=lambda each: each.policy.id)
def test_every_plan_and_catalogue_is_published_as_the_guide_says(area: AreaPolicy) -> None:
    assert wrong(write_insurance_plan(area.policy), "cn-insurance-plan") == []
    day = area.policy.in_force[-1].from_on
    assert wrong(write_code_system(area.catalogue, day=day), "cn-catalogue") == []


WRITTEN: dict[str, tuple[str, dict[str, Any]]] = {
    "a person": ("cn-patient", write_patient(BY_NAME)),
    "a cover": ("cn-coverage", write_coverage(SPELL)),
    "a visit": ("cn-encounter", write_encounter(VISIT)),
    "a remittance": ("cn-payment-reconciliation", write_reconciliation(REMITTANCE)),
    "a payment": ("cn-payment-notice", write_notice(STANDING)),
    "a payment that failed": ("cn-payment-notice", write_notice(replace(STANDING, state="returned", reason="AC04"))),
    "a refusal": ("cn-operation-outcome", write_outcome([Problem(Kind.INVALID, "bad-value", "Claim", "en", "中文")])),
    "a sample of a claim": ("cn-claim", claim()),
    "a sample of a person": ("cn-patient", patient()),
    "a sample of a cover": ("cn-coverage", coverage()),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_meets_its_profile(name: str) -> None:
    profile, resource = WRITTEN[name]

    assert wrong(resource, profile) == []
