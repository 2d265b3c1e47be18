"""Ours beside fhirpathpy: every question is answered alike, or the difference is listed with who is right and why."""

import pytest

from tests.unit.fhirpath import peer
from tests.unit.fhirpath.corpus import found, listed, questions


@pytest.mark.filterwarnings("ignore")
def test_what_fhirpathpy_answers_otherwise_is_listed_and_judged() -> None:
    differences = {each.question for each in listed("fhirpathpy")}
    differing = set(found(peer.asked(), peer.answer))

    assert differing - differences == set(), "not listed"
    assert differences - differing == set(), "listed, and answered alike"


@pytest.mark.parametrize("engine", ["fhirpathpy", "fhirpath_js"])
def test_every_judgement_names_who_is_right_and_the_section(engine: str) -> None:
    for each in listed(engine):
        assert each.right in ("ours", "theirs", "both")
        assert "ection" in each.why or "Appendix" in each.why or "FHIR R4" in each.why


def test_the_questions_are_many_and_of_every_kind() -> None:
    asked = questions()

    assert len(asked) > 3000
    assert any("extension.exists() != value.exists()" in each.expression for each in asked), "an invariant"
    assert any("Observation.value as Quantity" in each.expression for each in asked), "a search parameter"
