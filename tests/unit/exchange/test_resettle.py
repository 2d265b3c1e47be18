"""Settlements corrected and cancelled under later ones, and years decided again, on both databases."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gateway.exchange.rest import prepare_write
from gateway.fhir.json import encode
from gateway.fhir.systems import ext
from gateway.kernel import money
from gateway.ledger.accounts import Account
from gateway.store.values import SettlementState
from tests.unit.exchange.resettling import (
    NOTHING_CHANGED,
    as_if_only,
    differences,
    funds,
    in_force,
    resettle,
    resettle_person,
    response_of,
    settled,
)
from tests.unit.exchange.town import (
    AGENCY,
    CITY,
    CITY_CODE,
    TOWNSHIP,
    TOWNSHIP_CODE,
    Town,
    cancellation,
    claim,
    read,
)

# cancelled under later ones


def test_a_cancellation_with_resettlement_decides_later_settlements_as_if_the_first_had_not_been(town: Town) -> None:
    person = town.resident()
    first, _, third = settled(town, person, "9000.00", "20000.00", "95000.00")
    before = town.store.party_balances(Account.PROVIDER_PAYABLE)

    answer = resettle(town, first, {"resourceType": "Claim", "status": "cancelled"})

    # alone: 19500.00 = 6000.00 + 9500.00 * 65%; 94500.00 from 19500.00 on: 30500.00 * 65% + 64000.00 * 70%
    assert answer.codes == []
    assert funds(town) == ["12175.00", "64625.00"]
    # before: 5100.00; 1500.00 * 60% + 18000.00 * 65% = 12600.00; 22000.00 * 65% + 70000.00 * 70% = 63300.00
    assert differences(answer) == [
        ("cancelled", "-5100.00", "-3900.00"),
        ("replaced", "-425.00", "425.00"),
        ("replaced", "1325.00", "-1325.00"),
        ("all", "-4200.00", "-4800.00"),
    ]
    assert before[CITY_CODE] - town.store.party_balances(Account.PROVIDER_PAYABLE)[CITY_CODE] == -420000
    expected, counters = as_if_only(town, town.resident(2), "20000.00", "95000.00")
    assert funds(town)[:2] == expected
    assert town.counters(person) == counters
    assert town.store.settlement(third) is not None
    town.sound()


def test_the_chain_from_old_to_new_can_be_followed(town: Town) -> None:
    first, second = settled(town, town.resident(), "9000.00", "20000.00")
    resettle(town, first, {"resourceType": "Claim", "status": "cancelled"})
    [new] = in_force(town)
    old = town.store.settlement(second)
    assert old is not None

    assert (old.state, old.cancelled_by) == (SettlementState.CANCELLED, new.id)
    assert (new.claim, new.treatment, new.number) == (old.claim, old.treatment, 3)
    assert response_of(town, second)["status"] == "cancelled"
    assert response_of(town, new.id)["status"] == "active"
    replaces = [each for each in response_of(town, new.id)["extension"] if each["url"] == ext("replaces")]
    assert replaces == [{"url": ext("replaces"), "valueReference": {"reference": f"ClaimResponse/{second}"}}]


def test_only_the_difference_is_booked(town: Town) -> None:
    first, second = settled(town, town.resident(), "9000.00", "20000.00")
    kept = town.store.settlement(second)
    assert kept is not None
    resettle(town, first, {"resourceType": "Claim", "status": "cancelled"})

    booked, difference = town.store.entries_of(kept.claim)
    assert sum(abs(posting.fen) for posting in booked.postings) == 2 * 1260000
    # 12175.00 - 12600.00 = -425.00, in red
    assert [(p.account, p.party, p.fen) for p in difference.postings] == [
        (Account.BENEFIT_EXPENSE, CITY_CODE, -42500),
        (Account.PROVIDER_PAYABLE, CITY_CODE, 42500),
    ]
    moved = town.store.movements_of(kept.claim)
    assert [each.delta.fund for each in moved] == [1260000, -42500]


def test_settlements_that_come_out_the_same_keep_their_number(town: Town) -> None:
    person = town.resident()
    first = town.submit(claim(person, "260.00", provider=TOWNSHIP_CODE, visit="V0"), by=TOWNSHIP)
    # 260.00 stays under the deductible of 300.00 and counts nothing: nobody else is touched
    [second] = settled(town, person, "9000.00")
    answer = resettle(town, first.id, {"resourceType": "Claim", "status": "cancelled"})

    assert differences(answer) == [("cancelled", "0.00", "-260.00"), ("all", "0.00", "-260.00")]
    assert [each.id for each in in_force(town)] == [second]
    town.sound()


def test_a_clinic_cancels_last_first(town: Town) -> None:
    first, second = settled(town, town.resident(), "9000.00", "20000.00")
    asked = cancellation(settlement=first)
    forbidden = {**asked, "extension": [{"url": ext("resettle"), "valueBoolean": True}]}

    assert town.operate("cancel", asked).codes == ["later-settlement-exists"]
    assert town.operate("cancel", forbidden).codes == ["resettlement-by-agency"]
    assert resettle(town, first, by=CITY).codes == ["forbidden"]
    assert [each.id for each in in_force(town)] == [first, second]


# corrected under later ones


def test_a_corrected_claim_replaces_the_settled_one_and_what_followed(town: Town) -> None:
    person = town.resident()
    first, _ = settled(town, person, "9000.00", "20000.00")
    answer = resettle(town, first, claim(person, "12000.00", visit="V1"))

    assert answer.codes == []
    # 11500.00: 6000.00 + 1500.00 * 65%; 19500.00 * 65% behind it
    assert funds(town) == ["6975.00", "12675.00"]
    assert [money.text(each.total) for each in in_force(town)] == ["12000.00", "20000.00"]
    expected, counters = as_if_only(town, town.resident(2), "12000.00", "20000.00")
    assert funds(town)[:2] == expected
    assert town.counters(person) == counters
    stored = town.store.read("Claim", in_force(town)[0].claim)
    assert stored is not None
    assert read(stored.body)["total"]["value"] == Decimal("12000.00")
    town.sound()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"visit": "V9"}, "other-treatment"),
        ({"provider": TOWNSHIP_CODE}, "other-treatment"),
        ({"day": "2015-03-21"}, "day-in-future"),
        ({"day": "2012-03-09"}, "not-covered"),
        ({"total": {"value": Decimal("1.00"), "currency": "CNY"}}, "unbalanced-total"),
    ],
)
def test_a_correction_that_is_none_changes_nothing(town: Town, change: dict[str, Any], code: str) -> None:
    person = town.resident()
    [first] = settled(town, person, "9000.00")
    answer = resettle(town, first, claim(person, "12000.00", **{"visit": "V1", **change}))

    assert code in answer.codes
    assert [each.id for each in in_force(town)] == [first]
    town.sound()


def test_a_correction_in_favour_of_somebody_else_is_refused(town: Town) -> None:
    [first] = settled(town, town.resident(), "9000.00")

    assert resettle(town, first, claim(town.resident(2), "12000.00", visit="V1")).codes == ["other-treatment"]
    assert resettle(town, first, {"resourceType": "Patient", "id": "x"}).codes == ["not-a-correction"]
    assert resettle(town, "none").codes == ["nothing-to-resettle"]


def test_what_was_replaced_is_not_resettled_again(town: Town) -> None:
    person = town.resident()
    [first] = settled(town, person, "9000.00")
    resettle(town, first, claim(person, "12000.00", visit="V1"))

    assert resettle(town, first).codes == ["settlement-replaced"]
    assert resettle(town, in_force(town)[0].id).body["parameter"] == NOTHING_CHANGED


def test_what_was_resettled_is_cancelled_exactly(town: Town) -> None:
    person = town.resident()
    first, _ = settled(town, person, "9000.00", "20000.00")
    resettle(town, first, claim(person, "12000.00", visit="V1"))
    for each in reversed(in_force(town)):
        assert town.operate("cancel", cancellation(settlement=each.id)).codes == []

    assert town.counters(person) == {}
    assert town.store.party_balances(Account.PROVIDER_PAYABLE) == {}
    assert town.submit(claim(person, "9000.00"), key="again").total("fund-total") == "5100.00"
    town.sound()


# a person's year decided again


def recategorise(town: Town, person: str, category: str) -> None:
    """The agency corrects the category of cover, from the first day on."""
    [coverage] = town.coverages(person)
    for each in coverage["class"]:
        if each["type"]["coding"][0]["code"] == "group":
            each["value"] = category
    reply = town.exchange.conclude(
        prepare_write(town.exchange, AGENCY, "Coverage", encode(coverage), id=coverage["id"])
    ).result()
    assert not reply.problems


def test_a_retroactive_change_of_category_decides_the_year_again(town: Town) -> None:
    person = town.resident(born_on=date(2005, 1, 1))
    first = town.submit(claim(person, "300.00", kind="outpatient", visit="V1"))
    stay = town.submit(claim(person, "9000.00", visit="V2"))
    recategorise(town, person, "resident")
    answer = resettle_person(town, person)

    # a pupil's outpatient care is paid by half, an adult's not: the stay's cost no longer stands on 300.00
    assert first.total("fund-total") == "150.00"
    assert stay.total("fund-total") == "5100.00"
    assert differences(answer)[0] == ("replaced", "-150.00", "150.00")
    assert funds(town) == ["0.00", "5100.00"]
    assert town.counters(person)["basic", "2015"].counted == 850000
    town.sound()


def test_a_year_without_corrections_stays_as_it_is(town: Town) -> None:
    person = town.resident()
    before = settled(town, person, "9000.00", "20000.00")
    counts = town.store.verify().counts
    answer = resettle_person(town, town.patient(person)["id"], "2015")
    left = {name: n - counts[name] for name, n in town.store.verify().counts.items() if n != counts[name]}

    assert answer.body["parameter"] == NOTHING_CHANGED
    assert left == {"message": 1, "audit": 1}
    assert [each.id for each in in_force(town)] == before


def test_all_of_a_year_is_decided_again_or_none_of_it(town: Town) -> None:
    person = town.resident()
    before = settled(town, person, "9000.00", "20000.00")
    [coverage] = town.coverages(person)
    late = {**coverage, "period": {"start": "2015-03-10", "end": "2015-12-31"}}
    town.exchange.conclude(prepare_write(town.exchange, AGENCY, "Coverage", encode(late), id=coverage["id"])).result()
    answer = resettle_person(town, person)

    assert answer.codes == ["cannot-stand", "not-covered"]
    assert answer.reply.problems[0].path == f"ClaimResponse/{before[0]}"
    assert [each.id for each in in_force(town)] == before
    # what cannot stand is cancelled first; then the other one is refused just so
    assert resettle(town, before[0], {"resourceType": "Claim", "status": "cancelled"}).codes[0] == "cannot-stand"
    town.sound()


def test_a_year_is_four_digits_and_a_person_is_known(town: Town) -> None:
    assert resettle_person(town, "x", "15").codes == ["bad-benefit-year"]
    assert resettle_person(town, "x").codes == ["person-not-found"]
