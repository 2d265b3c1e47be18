"""People as the police report them, and as a clinic finds them."""

from datetime import date

import pytest

from adapters.police.sender import Change
from gateway.fhir.systems import ext, sid
from gateway.kernel.problem import Kind
from gateway.security.allow import check_operation
from tests.unit.exchange.town import THE_POLICE, Town, citizen, claim


def status(town: Town, citizen_id: str) -> str:
    [found] = [e["valueCode"] for e in town.patient(citizen_id)["extension"] if e["url"] == ext("population-status")]
    return str(found)


def flags(town: Town, citizen_id: str) -> list[str]:
    return [
        each["valueCode"] + " " + since["valueDate"]
        for coverage in town.coverages(citizen_id)
        for each, since in [coverage["extension"]]
    ]


def find(town: Town, citizen_id: str, name: str = "") -> list[str]:
    asked = {"resourceType": "Patient", "identifier": [{"system": sid("citizen-id"), "value": citizen_id}]}
    if name:
        asked["name"] = [{"text": name}]
    answer = town.operate("find-person", asked)
    return answer.codes or [answer.body["Patient"]["id"], *(each["id"] for each in answer.body["Coverage"])]


@pytest.mark.parametrize("event", ["登记", "出生", "迁入"])
def test_an_opening_event_opens_a_patient(town: Town, event: str) -> None:
    number = citizen(1, date(2015, 3, 1))
    assert town.event(event, number, day=date(2015, 3, 1)).problems == ()
    patient = town.patient(number)

    assert (patient["birthDate"], patient["gender"], status(town, number)) == ("2015-03-01", "male", "resident")


def test_an_event_of_someone_unknown_is_refused(town: Town) -> None:
    reply = town.event("死亡", citizen(1), died_on=date(2015, 2, 28))

    assert [(problem.kind, problem.code) for problem in reply.problems] == [(Kind.NOT_FOUND, "person-not-found")]


def test_a_second_registration_changes_the_person_there_is(town: Town) -> None:
    number = citizen(1)
    town.event("登记", number, address="示范路1号")
    town.event("登记", number, address="示范路2号")

    assert town.patient(number)["address"] == [{"text": "示范路2号"}]


def test_the_dead_are_refused_from_the_day_after(town: Town) -> None:
    number = town.resident()
    town.event("死亡", number, day=date(2015, 3, 8), died_on=date(2015, 3, 8))

    assert status(town, number) == "deceased"
    assert flags(town, number) == ["deceased 2015-03-08"]
    assert town.submit(claim(number, day="2015-03-09")).codes == ["person-deceased"]
    assert town.submit(claim(number, day="2015-03-08", visit="V2")).codes == []


def test_nobody_who_died_is_reported_otherwise_again(town: Town) -> None:
    number = town.resident()
    town.event("死亡", number, died_on=date(2015, 2, 28), day=date(2015, 2, 28))
    town.event("迁出", number, day=date(2015, 3, 1))

    assert status(town, number) == "deceased"
    assert flags(town, number) == ["deceased 2015-02-28"]


def test_who_moved_away_is_flagged_and_covered_to_the_end_of_the_paid_year(town: Town) -> None:
    number = town.resident()
    town.event("迁出", number, day=date(2015, 3, 1))

    assert flags(town, number) == ["moved-out 2015-03-01"]
    assert town.coverages(number)[0]["status"] == "active"
    assert town.submit(claim(number)).codes == []


def test_who_moves_back_is_no_longer_flagged(town: Town) -> None:
    number = town.resident()
    town.event("迁出", number, day=date(2015, 3, 1))
    town.event("迁入", number, day=date(2015, 3, 10))

    assert all("extension" not in coverage for coverage in town.coverages(number))


def test_a_changed_number_finds_the_person_as_the_old_one_does(town: Town) -> None:
    old, new = town.resident(), citizen(3)
    town.event("变更号码", old, new_citizen_id=new)
    patient = town.patient(new)

    assert town.patient(old) == patient
    assert [(each["use"], each["value"]) for each in patient["identifier"]] == [("official", new), ("old", old)]
    assert find(town, new) == find(town, old)
    assert town.submit(claim(new)).codes == []
    assert town.submit(claim(old)).codes == ["key-reused"]
    assert town.submit(claim(old), key="k2").codes == ["already-settled"]


def test_a_later_event_under_the_old_number_leaves_the_new_one_in_force(town: Town) -> None:
    old, new = town.resident(), citizen(3)
    town.event("变更号码", old, new_citizen_id=new)
    town.event("户变动", old, household="H2", address="示范路3号")
    patient = town.patient(new)

    assert [(each["use"], each["value"]) for each in patient["identifier"]] == [("official", new), ("old", old)]
    assert patient["address"] == [{"text": "示范路3号"}]


def test_a_change_reported_twice_changes_nothing_more(town: Town) -> None:
    old, new = town.resident(), citizen(3)
    town.event("变更号码", old, new_citizen_id=new)
    again = town.event("变更号码", old, new_citizen_id=new)

    assert again.problems == ()
    assert len(town.patient(new)["identifier"]) == 2


def test_a_number_of_somebody_else_is_not_given(town: Town) -> None:
    one, other = town.resident(1), town.resident(2)
    reply = town.event("变更号码", one, new_citizen_id=other)

    assert [problem.code for problem in reply.problems] == ["citizen-id-taken"]
    assert town.patient(one)["id"] != town.patient(other)["id"]


def test_the_police_have_none_of_the_clinics_operations() -> None:
    assert [problem.code for problem in check_operation(THE_POLICE, "find-person")] == ["forbidden"]


def test_a_person_is_found_with_the_cover_of_today(town: Town) -> None:
    number = town.resident()
    town.pay(number, year="2014")

    patient, *coverages = find(town, number)
    assert patient == town.patient(number)["id"]
    assert len(coverages) == 1
    assert len(town.coverages(number)) == 2


def test_a_name_that_is_not_the_registers_is_refused(town: Town) -> None:
    number = town.resident()

    assert find(town, number, "张测试")[0] == town.patient(number)["id"]
    assert find(town, number, "李测试") == ["name-differs"]
    assert find(town, citizen(9)) == ["person-not-found"]


def test_a_file_keeps_every_row_that_is_right(town: Town) -> None:
    good = Change("登记", "1", citizen(1), "测试一", date(2015, 3, 1), household="H1", relation="0", head_id=citizen(1))
    bad = Change("死亡", "2", citizen(2), "测试二", date(2015, 3, 1), died_on=date(2015, 3, 1))
    reply = town.police(good, bad)

    assert [problem.code for problem in reply.problems] == ["person-not-found"]
    assert "接受1行,拒绝1行" in reply.body.decode()
    assert town.patient(citizen(1))["name"] == [{"text": "测试一"}]
