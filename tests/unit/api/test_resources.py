"""Read, versions, create and update: what is stored comes back, and nobody writes what is not theirs to write."""

from typing import Any

import pytest

from gateway.fhir.json import encode
from tests.bench.claims import claim_resource, fhir_claim
from tests.unit.api.answers import body, codes
from tests.unit.api.conftest import Served


def draft(served: Served, number: str, **changes: Any) -> dict[str, Any]:
    return {**claim_resource(served.people[0], number), "status": "draft", **changes}


def stored_draft(served: Served, number: str) -> dict[str, Any]:
    answer = served.city.post("/fhir/Claim", content=encode(draft(served, number)))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = body(answer)
    return found


def test_a_created_draft_is_read_at_its_location(served: Served) -> None:
    answer = served.city.post("/fhir/Claim", content=encode(draft(served, "r1")))
    created = body(answer)

    assert answer.headers["location"].endswith(f"/fhir/Claim/{created['id']}/_history/1")
    read = served.city.get(f"/fhir/Claim/{created['id']}")
    assert read.headers["etag"] == 'W/"1"'
    assert read.headers["last-modified"].endswith("GMT")
    assert body(read) == created == body(served.city.get(answer.headers["location"]))


def test_an_unchanged_resource_is_not_sent_again(served: Served) -> None:
    path = f"/fhir/Claim/{stored_draft(served, 'r2')['id']}"

    assert served.city.get(path, headers={"if-none-match": 'W/"1"'}).status_code == 304
    assert served.city.get(path, headers={"if-none-match": 'W/"2"'}).status_code == 200


def test_an_update_makes_a_version_and_keeps_the_one_before(served: Served) -> None:
    before = stored_draft(served, "r3")
    path = f"/fhir/Claim/{before['id']}"

    after = served.city.put(path, content=encode(before | {"created": "2015-03-10"}), headers={"if-match": 'W/"1"'})

    assert (after.status_code, body(after)["meta"]["versionId"]) == (200, "2")
    assert body(served.city.get(f"{path}/_history/1"))["created"] == "2015-03-09"
    assert body(served.city.get(path))["created"] == "2015-03-10"
    assert codes(served.city.get(f"{path}/_history/3")) == ["resource-not-found"]


def test_an_update_of_a_version_that_is_gone_is_a_conflict(served: Served) -> None:
    before = stored_draft(served, "r4")
    path = f"/fhir/Claim/{before['id']}"

    refused = served.city.put(path, content=encode(before), headers={"if-match": 'W/"7"'})

    assert (refused.status_code, codes(refused)) == (409, ["version-conflict"])
    unread = served.city.put(path, content=encode(before), headers={"if-match": "seven"})
    assert (unread.status_code, codes(unread)) == (400, ["bad-version"])


@pytest.mark.parametrize("type", ["ClaimResponse", "InsurancePlan"])
def test_what_the_core_writes_nobody_else_writes(served: Served, type: str) -> None:
    for answer in (
        served.agency.post(f"/fhir/{type}", content=encode({"resourceType": type})),
        served.agency.put(f"/fhir/{type}/x", content=encode({"resourceType": type, "id": "x"})),
    ):
        assert (answer.status_code, codes(answer)) == (403, ["written-by-core"])


def test_an_active_claim_comes_through_submit_alone(served: Served) -> None:
    before = stored_draft(served, "r5")
    path = f"/fhir/Claim/{before['id']}"

    created = served.city.post("/fhir/Claim", content=fhir_claim(served.people[0], "r6"))
    updated = served.city.put(path, content=encode(before | {"status": "active"}))

    assert (created.status_code, codes(created)) == (403, ["only-drafts"])
    assert (updated.status_code, codes(updated)) == (403, ["only-drafts"])


def test_a_settled_claim_cannot_be_turned_back_into_a_draft(served: Served) -> None:
    response = body(served.city.post("/fhir/Claim/$submit", content=fhir_claim(served.people[1], "r7")))
    claim = body(served.city.get(f"/fhir/{response['request']['reference']}"))

    refused = served.city.put(f"/fhir/Claim/{claim['id']}", content=encode(claim | {"status": "draft"}))

    assert codes(refused) == ["only-drafts"]


def test_the_body_must_be_what_the_address_says(served: Served) -> None:
    before = stored_draft(served, "r8")

    assert codes(served.city.put("/fhir/Claim/other", content=encode(before))) == ["other-resource"]
    assert codes(served.agency.post("/fhir/Patient", content=encode(before))) == ["other-resource"]


def test_an_update_of_what_is_not_there_makes_nothing(served: Served) -> None:
    missing = encode(draft(served, "r9", id="nothing-here"))

    assert codes(served.city.put("/fhir/Claim/nothing-here", content=missing)) == ["resource-not-found"]


@pytest.mark.parametrize("created", ["2015-13-45", "2015-02-30", "0001-01-01T00:00:00+14:00", "yesterday"])
def test_a_draft_of_a_day_that_does_not_exist_is_refused(served: Served, created: str) -> None:
    answer = served.city.post("/fhir/Claim", content=encode(draft(served, "r10", created=created)))

    assert answer.status_code == 400
    assert set(codes(answer)) <= {"bad-day", "bad-value", "wrong-type"}


def test_a_clinic_sees_its_own_claims_and_nobody_elses(served: Served) -> None:
    mine = stored_draft(served, "r11")

    assert codes(served.township.get(f"/fhir/Claim/{mine['id']}")) == ["resource-not-found"]
    assert codes(served.township.put(f"/fhir/Claim/{mine['id']}", content=encode(mine))) in (
        ["resource-not-found"],
        ["other-institution"],
    )
    assert served.agency.get(f"/fhir/Claim/{mine['id']}").status_code == 200


def test_a_clinic_writes_no_people(served: Served) -> None:
    patient = {"resourceType": "Patient", "name": [{"text": "测试一"}]}

    assert codes(served.city.post("/fhir/Patient", content=encode(patient))) == ["forbidden"]


def test_submitting_again_under_the_same_key_gives_the_same_bytes(served: Served) -> None:
    claim, headers = fhir_claim(served.people[2], "r12"), {"idempotency-key": "api-r12"}
    first = served.city.post("/fhir/Claim/$submit", content=claim, headers=headers)

    assert first.status_code == 200
    assert served.city.post("/fhir/Claim/$submit", content=claim, headers=headers).content == first.content
    other = served.city.post("/fhir/Claim/$submit", content=fhir_claim(served.people[2], "r13"), headers=headers)
    assert (other.status_code, codes(other)) == (409, ["key-reused"])
    again = served.city.post("/fhir/Claim/$submit", content=claim, headers={"idempotency-key": "api-r12-b"})
    assert (again.status_code, codes(again)) == (422, ["already-settled"])
