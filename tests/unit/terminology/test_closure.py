"""$closure: a table that grows, tells each relation once, starts again on demand, and is each partner's own."""

from typing import Any

import pytest

from gateway.fhir.systems import cs
from gateway.kernel.problem import Refusal
from gateway.store.store import Store
from gateway.terminology import closure
from gateway.terminology.closure import Closures, Table, grown
from gateway.terminology.concept import Coding
from gateway.terminology.operations import Service
from tests.unit.terminology.small import ANIMALS, ask, parameters, refused, service, terminology


@pytest.fixture
def served(store: Store) -> Service:
    known = terminology()
    return service(known, Closures(store.concepts, known, lambda: "2015-03-20T09:00:00+08:00"))


def call(served: Service, name: str, *codes: str, version: str = "") -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"name": "name", "valueString": name}]
    for code in codes:
        system = ANIMALS if code.isalpha() else cs("diagnosis")
        parts.append({"name": "concept", "valueCoding": {"system": system, "code": code}})
    if version:
        parts.append({"name": "version", "valueString": version})
    return ask(served, "ConceptMap/$closure", parameters(*parts))


def relations(answer: dict[str, Any]) -> set[tuple[str, str]]:
    """(below, above) of every relation told."""
    return {
        (element["code"], target["code"])
        for group in answer.get("group", ())
        for element in group["element"]
        for target in element["target"]
        if target["equivalence"] == "subsumes"
    }


def test_a_table_grows_and_tells_each_relation_once(served: Service) -> None:
    assert call(served, "mine")["version"] == "1"

    first = call(served, "mine", "dog", "mammal")
    second = call(served, "mine", "animal", "cat", "I10.x00", "I10")
    nothing = call(served, "mine", "dog")

    assert (first["version"], relations(first)) == ("2", {("dog", "mammal")})
    assert second["version"] == "3"
    assert relations(second) == {
        ("dog", "animal"), ("mammal", "animal"), ("cat", "animal"), ("cat", "mammal"), ("I10.x00", "I10"),
    }  # fmt: skip
    assert {group["source"] for group in second["group"]} == {ANIMALS, cs("diagnosis")}
    assert relations(nothing) == set()


def test_what_came_after_a_version_is_sent_again(served: Service) -> None:
    call(served, "mine")
    call(served, "mine", "dog", "mammal")
    call(served, "mine", "animal")

    again = call(served, "mine", version="2")
    assert again["version"] == "3"
    assert relations(again) == {("dog", "animal"), ("mammal", "animal")}
    assert relations(call(served, "mine", version="1")) == {("dog", "mammal"), ("dog", "animal"), ("mammal", "animal")}


def test_the_name_alone_begins_again(served: Service) -> None:
    call(served, "mine")
    call(served, "mine", "dog", "mammal")
    emptied = call(served, "mine")

    assert relations(call(served, "mine", "dog")) == set()
    assert int(emptied["version"]) == 3


def test_a_name_that_was_not_begun_is_not_found(served: Service) -> None:
    for again in ((), ("dog",)):
        with pytest.raises(Refusal) as refusal:
            call(served, "other", *again, version="" if again else "1")
        assert refused(refusal.value) == ["closure-not-found"]


def test_codes_that_are_none_are_refused_and_nothing_is_kept(served: Service) -> None:
    call(served, "mine")
    with pytest.raises(Refusal) as refusal:
        call(served, "mine", "dog", "wolf")
    assert refused(refusal.value) == ["terminology-unknown-code"]
    assert relations(call(served, "mine", "mammal")) == set()


@pytest.mark.parametrize(
    "parts",
    [
        [{"name": "concept", "valueCoding": {"code": "dog"}}],
        [{"name": "name", "valueString": "x" * 101}],
        [{"name": "name", "valueString": "x"}, {"name": "version", "valueString": "one"}],
        [
            {"name": "name", "valueString": "x"},
            {"name": "version", "valueString": "1"},
            {"name": "concept", "valueCoding": {"system": ANIMALS, "code": "dog"}},
        ],
    ],
)
def test_what_is_asked_wrongly_is_refused(served: Service, parts: list[dict[str, Any]]) -> None:
    with pytest.raises(Refusal) as refusal:
        ask(served, "ConceptMap/$closure", parameters(*parts))
    assert refused(refusal.value)[0] in ("terminology-bad-parameter", "terminology-contradiction")


def test_a_table_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closure, "MOST_CONCEPTS", 2)
    three = [Coding(code, ANIMALS) for code in ("dog", "cat", "bird")]

    assert len(grown(Table(), three[:2], terminology(), 1).entries) == 2
    with pytest.raises(Refusal) as refusal:
        grown(Table(), three, terminology(), 1)
    assert refused(refusal.value) == ["closure-full"]


def test_a_partner_has_a_limit(served: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closure, "MOST_CLOSURES", 1)
    call(served, "one")
    call(served, "one")

    with pytest.raises(Refusal) as refusal:
        call(served, "two")
    assert refused(refusal.value) == ["closures-full"]
