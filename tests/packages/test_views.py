"""Views for others against the packages that others publish: CARIN Blue Button and Da Vinci PAS, without an error.

Warnings that are expected: value sets of codes that nobody may ship (ICD-10-CM, NUBC, NDC) cannot be judged.
"""

import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gateway.definitions.loader import load_library
from gateway.definitions.sources import Sources
from gateway.exchange.guide import PACKAGE
from gateway.fhir import pas
from gateway.fhir.claim_response import negated_response, write_response
from gateway.fhir.eob import write_eob
from gateway.fhir.json import decode_resource, encode
from gateway.fhir.losses import write_losses
from gateway.validation.issue import ERROR
from gateway.validation.validate import Validator
from tests.unit.fhir.decided import decided
from tests.unit.fhir.pas_samples import pas_request
from tests.unit.fhir.samples import CITIZEN, INSTITUTION, claim

pytestmark = pytest.mark.packages

AT = datetime(2015, 3, 9, 4, tzinfo=UTC)
PACKAGES = ("hl7.fhir.us.carin-bb#2.0.0", "hl7.fhir.us.davinci-pas#2.0.1")
CODE = "XC08CAA001A001010000001"


@cache
def validator() -> Validator:
    return Validator(load_library((*PACKAGES, PACKAGE), Sources((Path(os.environ["FHIR_PACKAGE_DIR"]),))).library)


def wrong(resource: dict[str, Any]) -> list[tuple[str, str]]:
    """Errors, and a profile that is not known, of a resource as it goes over the wire."""
    issues = validator().validate(decode_resource(encode(resource)))
    return [(each.code, each.location) for each in issues if each.severity == ERROR or each.code == "profile-unknown"]


def response(kind: str) -> dict[str, Any]:
    decision, reading = decided()
    ids = {"response_id": "321182055zsc3y0100000000000006", "claim_id": "321182055zsc3y0100000000000005"}
    made = write_response(decision, reading, created=AT, **ids)
    made["subType"]["coding"][0]["code"] = kind
    return made


@pytest.mark.parametrize(
    ("kind", "profile"),
    [
        ("inpatient", "Inpatient-Institutional"),
        ("maternity", "Inpatient-Institutional"),
        ("outpatient", "Outpatient-Institutional"),
        ("chronic", "Outpatient-Institutional"),
        ("pharmacy", "Pharmacy"),
    ],
)
@pytest.mark.parametrize("said", ["everything", "no diagnosis", "cancelled"])
def test_a_settlement_is_an_explanation_of_benefit_of_carin(kind: str, profile: str, said: str) -> None:
    sent, answered = claim(4), response(kind)
    if said == "no diagnosis":
        del sent["diagnosis"], sent["billablePeriod"]
    if said == "cancelled":
        answered = negated_response(answered, response_id="321182055zsc3y0100000000000007", created=AT)
    eob, losses = write_eob(answered, sent, updated_at=AT)

    assert eob["meta"]["profile"][0].endswith(f"C4BB-ExplanationOfBenefit-{profile}|2.0.0")
    assert wrong(eob) == []
    assert wrong(write_losses(losses)) == []


def test_a_request_of_pas_is_answered_as_pas() -> None:
    bundle = pas_request(CITIZEN, INSTITUTION, area="321182", code=CODE, day="2015-03-09")
    request = pas.read_request(decode_resource(encode(bundle)))
    answer = pas.write_answer(request, response("inpatient"), reference_of="message", at=AT)

    assert wrong(bundle) == []
    assert wrong(answer) == []


def test_a_request_that_pas_does_not_allow_is_found_wrong() -> None:
    bundle = pas_request(CITIZEN, INSTITUTION, area="321182", code=CODE, day="2015-03-09")
    del bundle["entry"][0]["resource"]["item"][0]["category"]

    assert ("missing-element", "Bundle.entry[0].resource.item[0].category") in [
        (code, place.replace(".ofType(Claim)", "")) for code, place in wrong(bundle)
    ]
