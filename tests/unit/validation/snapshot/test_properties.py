"""Whatever lines a differential has: no exception, one element an id, and nothing is looser than in the base."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.definitions.library import base_library
from tests.unit.validation.snapshot.profiles import CORE, Line, by, elements, line, made, profile

IDS = [
    *("Claim", "Claim.id", "Claim.status", "Claim.type.coding", "Claim.item", "Claim.item:a", "Claim.item:a/b"),
    *(
        "Claim.item:a.detail:x.net.value",
        "Claim.item.adjudication",
        "Claim.item.serviced[x]",
        "Claim.item.servicedDate",
    ),
    *("Claim.item.serviced[x]:servicedPeriod.start", "Claim.extension:e", "Claim.extension:e.value[x]", "Claim.total"),
    *(
        "Claim.provider",
        "Claim.nothing",
        "Claim.status.extension:e.url",
        "Patient.name",
        "Claim..item",
        "",
        "Claim.[x]",
    ),
]
FACETS: list[dict[str, Any]] = [
    *({"min": 0}, {"min": 2}, {"max": "0"}, {"max": "1"}, {"max": "*"}, {"mustSupport": True}, {"isModifier": False}),
    *({"slicing": by("$this", kind="type")}, {"slicing": by("code", rules="closed")}, {"slicing": by()}),
    *({"type": [{"code": "Reference"}]}, {"type": [{"code": "Period"}, {"code": "date"}]}, {"type": [{}]}),
    {"type": [{"code": "Extension", "profile": [CORE + "patient-religion"]}]},
    *({"fixedCode": "a"}, {"patternCodeableConcept": {"coding": [{"code": "a"}]}}, {"fixedString": None}),
    *(
        {"binding": {"strength": "required", "valueSet": "urn:v"}},
        {"contentReference": "#Claim.item"},
        {"maxLength": 1},
    ),
    {"constraint": [{"key": "x-1", "expression": "true"}]},
]


def lines() -> st.SearchStrategy[list[Line]]:
    one = st.builds(lambda id, said: line(id, **said), st.sampled_from(IDS), st.sampled_from(FACETS))
    return st.lists(one, max_size=12)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(lines())
def test_a_profile_is_never_looser_than_its_base(said: list[Line]) -> None:
    claim = base_library().structure("Claim")
    assert claim is not None

    found = elements(made(profile("p", "Claim", *said)))

    for base in claim.snapshot:
        ours = found[base.id]
        assert (ours.min or 0) >= (base.min or 0)
        assert base.unbounded or (ours.max is not None and base.max is not None and ours.max <= base.max)
        assert {each.key for each in ours.constraints} >= {each.key for each in base.constraints}
        assert bool(ours.is_modifier) >= bool(base.is_modifier)
