"""Whatever comes in: an answer in good time, never an exception; and nothing that must be there goes unmissed."""

from copy import deepcopy
from time import perf_counter

import pytest

from gateway.definitions.library import base_library
from gateway.validation.issue import Issue
from tests.unit.validation.mutations import mutants, required
from tests.unit.validation.samples import base, bundle, claim, coverage, patient

HOUSE = {"resourceType": "Organization", "id": "h", "name": "医院"}
SEEDS = [
    patient(),
    coverage(contained=[HOUSE], payor=[{"reference": "#h"}]),
    claim(3),
    bundle(patient(), coverage(), claim(1)),
    {
        "resourceType": "Questionnaire",
        "status": "active",
        "item": [{"linkId": "1", "type": "group", "item": [{"linkId": "2", "type": "string", "maxLength": 5}]}],
    },
    {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "x"},
        "valueQuantity": {"value": 1, "unit": "kg"},
        "component": [{"code": {"text": "y"}, "valueRange": {"low": {"value": 1}, "high": {"value": 2}}}],
    },
]


def test_a_thousand_mutants_are_each_answered_within_two_seconds() -> None:
    base().validate(claim())
    slowest = 0
    for mutant in mutants(SEEDS, number=1000, seed=20240816):
        started = perf_counter()
        found = base().validate(mutant)
        slowest = max(slowest, int((perf_counter() - started) * 1000))

        assert all(isinstance(each, Issue) for each in found)

    assert slowest < 2000


@pytest.mark.parametrize("resource", SEEDS, ids=lambda each: each["resourceType"])
def test_a_required_element_that_is_taken_away_is_always_missed(resource: dict[str, object]) -> None:
    types = base_library().types
    whole = deepcopy(resource)
    assert not [each for each in base().validate(whole) if each.severity == "error"]

    for owner, name in required(whole, types):
        kept = owner.pop(name)
        found = {each.code for each in base().validate(whole) if each.severity == "error"}
        owner[name] = kept

        assert found & {"missing-element", "empty-element"}, f"{name} was not missed"
