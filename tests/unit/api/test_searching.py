"""Searches: what is asked for is found, pages join up, and nothing in a link can be changed."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.fhir.systems import sid
from tests.bench.claims import fhir_claim
from tests.unit.api.answers import body, codes
from tests.unit.api.conftest import Served

CARD = sid("citizen-id")


def found(served: Served, path: str, **parameters: str) -> list[str]:
    answer = served.agency.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return [entry["resource"]["id"] for entry in body(answer).get("entry", [])]


def next_link(bundle: Any) -> str:
    return next((str(link["url"]) for link in bundle["link"] if link["relation"] == "next"), "")


def test_a_person_is_found_by_card_by_id_and_by_time(served: Served) -> None:
    person = served.people[0]

    assert found(served, "/fhir/Patient", identifier=f"{CARD}|{person.citizen_id}") == [person.id]
    assert found(served, "/fhir/Patient", identifier=person.citizen_id) == [person.id]
    assert found(served, "/fhir/Patient", _id=f"{person.id},none") == [person.id]
    assert person.id in found(served, "/fhir/Patient", _lastUpdated="ge2015-03-20")
    assert found(served, "/fhir/Patient", _lastUpdated="lt2015-03-20") == []


def test_cover_and_claims_are_found_by_person_status_and_day(served: Served) -> None:
    person = served.people[3]
    assert served.city.post("/fhir/Claim/$submit", content=fhir_claim(person, "s1")).status_code == 200

    assert found(served, "/fhir/Coverage", patient=person.id) == [person.coverage]
    assert found(served, "/fhir/Coverage", beneficiary=f"Patient/{person.id}", status="active") == [person.coverage]
    for type in ("Claim", "ClaimResponse"):
        assert len(found(served, f"/fhir/{type}", patient=person.id, status="active")) == 1
        assert found(served, f"/fhir/{type}", patient=person.id, status="draft") == []
    assert len(found(served, "/fhir/Claim", patient=person.id, created="2015-03-09")) == 1
    assert found(served, "/fhir/Claim", patient=person.id, created="gt2015-03-09") == []


def test_pages_join_up_to_the_whole(served: Served) -> None:
    whole = found(served, "/fhir/Patient", _count="100")
    pages: list[str] = []
    address = "/fhir/Patient?_count=5"
    while address:
        bundle = body(served.agency.get(address))
        assert bundle["total"] == len(whole)
        pages += [entry["resource"]["id"] for entry in bundle["entry"]]
        address = next_link(bundle)

    assert pages == whole
    assert len(whole) == len(served.people)


@pytest.mark.parametrize("change", ["A{}", "{}A", "", "!", "é", "AAAA"])
def test_a_changed_cursor_is_refused(served: Served, change: str) -> None:
    address = next_link(body(served.agency.get("/fhir/Patient?_count=5")))
    cursor = parse_qs(urlsplit(address).query)["_after"][0]
    forged = change.format(cursor) if "{}" in change else change or cursor[:-2]

    refused = served.agency.get("/fhir/Patient", params={"_count": "5", "_after": forged})

    assert (refused.status_code, codes(refused)) == (400, ["bad-cursor"])


def test_a_cursor_belongs_to_its_search(served: Served) -> None:
    address = next_link(body(served.agency.get("/fhir/Patient?_count=5")))
    cursor = parse_qs(urlsplit(address).query)["_after"][0]

    other = served.agency.get("/fhir/Patient", params={"_count": "6", "_after": cursor})

    assert codes(other) == ["bad-cursor"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("_count=0", "bad-search-value"),
        ("_count=many", "bad-search-value"),
        ("_lastUpdated=yesterday", "bad-search-value"),
        ("_lastUpdated=sa2015", "bad-search-value"),
        ("_id=a/b", "bad-search-value"),
        ("_format=xml", "bad-search-value"),
        ("name:exact=x", "unknown-parameter"),
        ("&".join(["_count=1"] * 60), "too-many-parameters"),
    ],
)
def test_what_is_not_understood_is_refused_not_ignored(served: Served, query: str, code: str) -> None:
    assert codes(served.agency.get(f"/fhir/Patient?{query}")) == [code]


def test_a_clinic_finds_a_stranger_only_by_the_card_that_is_shown(served: Served) -> None:
    stranger = served.people[-1]

    assert "entry" not in body(served.township.get("/fhir/Patient", params={"_id": stranger.id}))
    shown = body(served.township.get("/fhir/Patient", params={"identifier": f"{CARD}|{stranger.citizen_id}"}))
    assert [entry["resource"]["id"] for entry in shown["entry"]] == [stranger.id]
