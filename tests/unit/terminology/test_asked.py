"""What an operation is asked: everything is understood or refused, whatever comes."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.kernel.problem import Refusal
from gateway.terminology.asked import MOST_PARAMETERS, read_call
from gateway.terminology.offered import OPERATIONS
from tests.unit.terminology.small import parameters, refused

EXPAND = OPERATIONS["ValueSet", "expand"].takes
LOOKUP = OPERATIONS["CodeSystem", "lookup"].takes
CONCEPT = OPERATIONS["ConceptMap", "translate"].takes


@pytest.mark.parametrize(
    ("pairs", "codes"),
    [
        ([("kode", "1")], ["terminology-unknown-parameter"]),
        ([("count", "-1")], ["terminology-bad-parameter"]),
        ([("count", "１")], ["terminology-bad-parameter"]),
        ([("count", "9999999999")], ["terminology-bad-parameter"]),
        ([("activeOnly", "yes")], ["terminology-bad-parameter"]),
        ([("filter", " ")], ["terminology-bad-parameter"]),
        ([("filter", "x" * 5000)], ["terminology-bad-parameter"]),
        ([("valueSet", "{}")], ["terminology-bad-parameter"]),
        ([("filter", "a"), ("filter", "b")], ["terminology-contradiction"]),
        ([("_format", "xml")], ["terminology-bad-parameter"]),
        ([("date", "2015")], ["terminology-not-offered"]),
        ([("x", "1"), ("count", "x"), ("context", "y")],
         ["terminology-unknown-parameter", "terminology-bad-parameter", "terminology-not-offered"]),
    ],
)  # fmt: skip
def test_every_problem_of_a_query_is_told(pairs: list[tuple[str, str]], codes: list[str]) -> None:
    with pytest.raises(Refusal) as refusal:
        read_call(pairs, None, EXPAND)
    assert refused(refusal.value) == codes


def test_a_query_is_read_by_type() -> None:
    asked = read_call(
        [("url", "urn:x"), ("count", "5"), ("activeOnly", "false"), ("designation", "a"), ("designation", "b"),
         ("_format", "application/fhir+json;charset=utf-8")],
        None, EXPAND,
    )  # fmt: skip

    assert (asked.text("url"), asked.number("count"), asked.flag("activeOnly")) == ("urn:x", 5, False)
    assert asked.texts("designation") == ("a", "b")
    assert (asked.number("offset"), asked.flag("excludeNested"), asked.text("filter")) == (None, None, "")


@pytest.mark.parametrize(
    "posted",
    [
        {"resourceType": "Patient"},
        {"resourceType": "Parameters", "parameter": {}},
        {"resourceType": "Parameters", "parameter": [{}] * (MOST_PARAMETERS + 1)},
        parameters({"name": "coding", "valueCoding": {"system": "x"}}),
        parameters({"name": "coding", "valueCoding": {"code": 1}}),
        parameters({"name": "coding", "valueString": "x"}),
        parameters({"name": "code", "valueCode": "x", "valueString": "y"}),
        parameters({"name": "codeableConcept", "valueCodeableConcept": {"coding": []}}),
        parameters({"name": "codeableConcept", "valueCodeableConcept": {"coding": [{"code": "x"}] * 51}}),
        parameters({"name": "conceptMap", "resource": {"resourceType": "ValueSet"}}),
        parameters({"name": "reverse", "valueBoolean": "true"}),
        parameters({}),
    ],
)
def test_a_body_that_cannot_be_used_is_refused(posted: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refusal:
        read_call([], posted, CONCEPT)
    assert set(refused(refusal.value)) == {"terminology-bad-parameter"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMED = st.fixed_dictionaries(
    {"name": st.sampled_from([*LOOKUP, "x"]) | JSON},
    optional={f"value{type}": JSON for type in ("Code", "Coding", "Uri", "Boolean")},
)


@given(st.lists(NAMED | JSON, max_size=5))
def test_any_parameters_are_read_or_refused(parts: list[Any]) -> None:
    with suppress(Refusal):
        read_call([], {"resourceType": "Parameters", "parameter": parts}, LOOKUP)
