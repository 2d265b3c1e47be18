"""Resources by REST: what a partner sees, finds and writes."""

from collections.abc import Mapping
from typing import Any

import pytest

from adapters.nhsa import requests
from gateway.exchange import rest
from gateway.fhir.json import encode
from gateway.fhir.search import parse_search
from gateway.fhir.systems import ext, sid
from gateway.kernel.problem import Kind, Refusal
from gateway.security.partners import Partner
from tests.unit.exchange.town import (
    AGENCY,
    CITY,
    COUNTER,
    THE_BANK,
    THE_POLICE,
    TOWNSHIP,
    TOWNSHIP_CODE,
    Answer,
    Town,
    citizen,
    claim,
    read,
)


def seen(town: Town, by: Partner, type: str, id: str, version: int | None = None) -> str:
    """'seen', 'nothing', or the code of the refusal."""
    try:
        found = rest.read(town.exchange, by, type, id, version).result()
    except Refusal as refusal:
        [problem] = refusal.problems
        return problem.code
    return "nothing" if found is None else "seen" if found.id == id else "another"


def found(town: Town, by: Partner, type: str, query: str = "") -> list[str]:
    """The ids of a first page, whose total must be their number."""
    page = rest.search(town.exchange, by, parse_search(type, query), after="").result()
    assert page.total == len(page.found)
    return [each.id for each in page.found]


def write(
    town: Town, by: Partner, type: str, resource: Mapping[str, Any], *, id: str = "", version: int | None = None
) -> Answer:
    prepared = rest.prepare_write(town.exchange, by, type, encode(resource), id=id, expected_version=version)
    reply = town.exchange.conclude(prepared).result()
    return Answer(reply, read(reply.body))


def draft(citizen_id: str, **rest: Any) -> dict[str, Any]:
    return claim(citizen_id, status="draft", **rest)


# reading


def test_a_clinic_sees_its_own_claims_and_no_others(town: Town) -> None:
    answer = town.submit(claim(town.resident()))
    [settlement] = town.settlements()

    for type, id in (("Claim", settlement.claim), ("ClaimResponse", answer.id)):
        assert [seen(town, by, type, id) for by in (CITY, TOWNSHIP, AGENCY)] == ["seen", "nothing", "seen"]
        assert [seen(town, by, type, id) for by in (THE_BANK, THE_POLICE)] == ["forbidden", "forbidden"]


def test_totals_do_not_tell_of_others(town: Town) -> None:
    person = town.resident()
    town.submit(claim(person))
    patient = town.patient(person)["id"]

    for query in ("", "status=active", f"patient=Patient/{patient}", f"identifier={sid('visit')}|V1"):
        assert found(town, TOWNSHIP, "Claim", query) == []
        assert len(found(town, CITY, "Claim", query)) == 1


def test_a_person_is_seen_by_a_visit_or_a_settled_claim_only(town: Town) -> None:
    person = town.resident()
    id = town.patient(person)["id"]
    before = [seen(town, by, "Patient", id) for by in (CITY, TOWNSHIP)]
    town.submit(claim(person))

    assert before == ["nothing", "nothing"]
    assert [seen(town, by, "Patient", id) for by in (CITY, TOWNSHIP)] == ["seen", "nothing"]


def test_an_open_visit_shows_person_and_cover(town: Town) -> None:
    person = town.resident()
    id = town.patient(person)["id"]
    town.nhsa(requests.register(COUNTER, town.moment(), person=id, card=person, visit="OP1", at=town.now))

    assert found(town, CITY, "Coverage", f"beneficiary=Patient/{id}") == [each["id"] for each in town.coverages(person)]
    assert found(town, TOWNSHIP, "Coverage", f"beneficiary=Patient/{id}") == []


def test_a_presented_card_finds_its_person_and_nothing_less_does(town: Town) -> None:
    person, other = town.resident(1), town.resident(2)
    ids = [town.patient(each)["id"] for each in (person, other)]

    assert found(town, TOWNSHIP, "Patient", f"identifier={sid('citizen-id')}|{person}") == [ids[0]]
    for query in (
        "",
        f"_id={ids[0]}",
        f"identifier={person}",
        f"identifier=|{person}",
        f"identifier={sid('household')}|{person}",
        f"identifier={sid('citizen-id')}|{person},{sid('citizen-id')}|{other}",
        "_lastUpdated=ge2015-01-01",
    ):
        assert found(town, TOWNSHIP, "Patient", query) == []


def test_a_card_shows_the_person_but_not_the_cover(town: Town) -> None:
    person = town.resident()

    assert found(town, TOWNSHIP, "Coverage", f"beneficiary=Patient/{town.patient(person)['id']}") == []


def test_a_stored_draft_proves_no_treatment(town: Town) -> None:
    """A clinic that stores a draft for someone does not see that person for it."""
    id = town.patient(town.resident())["id"]
    stored = write(town, TOWNSHIP, "Claim", draft("", patient={"reference": f"Patient/{id}"}, provider=TOWNSHIP_CODE))

    assert stored.codes == []
    assert seen(town, TOWNSHIP, "Patient", id) == "nothing"


def test_versions_are_read_by_number(town: Town) -> None:
    answer = town.submit(claim(town.resident()))
    [settlement] = town.settlements()
    town.operate("cancel", {"resourceType": "Claim", "identifier": [{"system": sid("settlement"), "value": answer.id}]})
    versions = [rest.read(town.exchange, CITY, "Claim", settlement.claim, each).result() for each in (1, 2)]

    assert [read(each.body)["status"] for each in versions if each] == ["active", "cancelled"]
    assert seen(town, CITY, "Claim", settlement.claim, 3) == "nothing"
    assert seen(town, TOWNSHIP, "Claim", settlement.claim, 1) == "nothing"


def test_every_read_and_search_leaves_an_audit_line(town: Town) -> None:
    seen(town, CITY, "Patient", "3211820000000000000000000p0001")
    found(town, AGENCY, "Claim")

    assert [(line.principal, line.action, line.object, line.outcome) for line in town.store.audit_lines(limit=9)] == [
        (CITY.id, "read", "Patient/3211820000000000000000000p0001", "not-found"),
        ("agency", "search", "Claim", "0"),
    ]


def test_pages_follow_each_other(town: Town) -> None:
    person = town.resident()
    for number in range(5):
        town.submit(claim(person, visit=f"V{number}"))
    query = parse_search("Claim", "_count=2")
    ids: list[str] = []
    after = ""
    while True:
        page = rest.search(town.exchange, CITY, query, after=after).result()
        assert page.total == 5
        ids += [each.id for each in page.found]
        after = page.next
        if not after:
            break

    assert ids == sorted(ids)
    assert len(ids) == 5


# writing


def test_a_clinic_stores_and_changes_its_drafts(town: Town) -> None:
    person = town.resident()
    stored = write(town, CITY, "Claim", draft(person))
    changed = write(town, CITY, "Claim", {**draft(person, bill="B2"), "id": stored.id}, id=stored.id, version=1)

    assert (stored.codes, changed.codes) == ([], [])
    assert changed.body["meta"]["versionId"] == "2"
    assert stored.reply.subject == f"Claim/{stored.id}"


def test_an_outdated_version_is_not_overwritten(town: Town) -> None:
    person = town.resident()
    stored = write(town, CITY, "Claim", draft(person))
    sent = {**draft(person), "id": stored.id}
    write(town, CITY, "Claim", sent, id=stored.id)

    assert write(town, CITY, "Claim", sent, id=stored.id, version=1).codes == ["version-conflict"]


def test_another_clinics_draft_is_not_there(town: Town) -> None:
    person = town.resident()
    stored = write(town, CITY, "Claim", draft(person))
    sent = {**draft(person, provider=TOWNSHIP_CODE), "id": stored.id}

    assert write(town, TOWNSHIP, "Claim", sent, id=stored.id).codes == ["resource-not-found"]
    assert write(town, TOWNSHIP, "Claim", draft(person)).codes == ["other-institution"]


def test_a_settled_claim_is_not_written_over(town: Town) -> None:
    person = town.resident()
    town.submit(claim(person))
    [settlement] = town.settlements()

    assert write(town, CITY, "Claim", claim(person)).codes == ["only-drafts"]
    sent = {**draft(person), "id": settlement.claim}
    assert write(town, CITY, "Claim", sent, id=settlement.claim).codes == ["only-drafts"]
    assert town.store.read_version("Claim", settlement.claim, 2) is None


def test_the_draft_of_a_visit_is_changed_by_its_conversation_only(town: Town) -> None:
    person = town.resident()
    id = town.patient(person)["id"]
    opened = town.nhsa(requests.register(COUNTER, town.moment(), person=id, card=person, visit="OP1", at=town.now))
    visit = {
        "url": ext("visit"),
        "valueReference": {"reference": f"Encounter/{opened.body['output']['data']['mdtrt_id']}"},
    }
    made = town.operate("add-lines", {"resourceType": "Claim", "extension": [visit], "item": []}).body["Claim"]

    assert write(town, CITY, "Claim", {**draft(person), "id": made["id"]}, id=made["id"]).codes == ["draft-of-visit"]


@pytest.mark.parametrize("type", ["ClaimResponse", "InsurancePlan"])
@pytest.mark.parametrize("by", [CITY, AGENCY])
def test_nobody_writes_what_the_core_decides(town: Town, type: str, by: Partner) -> None:
    answer = write(town, by, type, {"resourceType": type})

    assert (answer.codes, answer.reply.refused) == (["written-by-core"], Kind.FORBIDDEN)


def test_a_clinic_writes_no_people_and_the_agency_does(town: Town) -> None:
    person = {
        "resourceType": "Patient",
        "identifier": [{"system": sid("citizen-id"), "value": citizen(1)}],
        "name": [{"text": "测试一"}],
        "birthDate": "1950-01-01",
    }

    assert write(town, CITY, "Patient", person).codes == ["forbidden"]
    assert write(town, AGENCY, "Patient", person).codes == []
    assert write(town, AGENCY, "Patient", person).codes == ["person-exists"]


def test_a_cover_of_nobody_is_refused(town: Town) -> None:
    coverage = town.coverages(town.resident())[0]
    del coverage["id"]
    nobody = {**coverage, "beneficiary": {"reference": "Patient/3211820000000000000000000p9999"}}

    assert write(town, AGENCY, "Coverage", nobody).codes == ["resource-not-found"]
    assert write(town, AGENCY, "Coverage", coverage).codes == []


def test_the_body_is_the_resource_of_the_address(town: Town) -> None:
    person = town.resident()
    patient = town.patient(person)

    assert write(town, AGENCY, "Coverage", patient).codes == ["other-resource"]
    assert write(town, AGENCY, "Patient", patient, id="3211820000000000000000000p9999").codes == ["other-resource"]


def test_an_update_makes_nothing_new(town: Town) -> None:
    id = "3211820000000000000000000p9999"
    patient = {"resourceType": "Patient", "id": id, "name": [{"text": "测试一"}]}

    assert write(town, AGENCY, "Patient", patient, id=id).codes == ["resource-not-found"]
