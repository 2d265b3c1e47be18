"""Re-settlement across years and days: own policy, own counters, entries in the open period."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gateway.exchange.rest import prepare_write
from gateway.fhir.json import encode
from gateway.kernel import money
from gateway.ledger.accounts import Account
from gateway.settlement.claim import NOTHING
from gateway.store.values import SettlementState
from tests.unit.exchange.resettling import (
    differences,
    funds,
    in_force,
    resettle,
    settled,
)
from tests.unit.exchange.town import (
    AGENCY,
    Town,
    cancellation,
    claim,
)

# years and days


def covered(town: Town, person: str, *years: int) -> None:
    """Cover of further years, granted by the agency."""
    [coverage] = town.coverages(person)
    for year in years:
        more = {**coverage, "period": {"start": f"{year}-01-01", "end": f"{year}-12-31"}}
        del more["id"]
        assert (
            not town.exchange.conclude(prepare_write(town.exchange, AGENCY, "Coverage", encode(more))).result().problems
        )


def test_late_early_and_cross_year_claims_take_policy_and_counters_of_their_own_year(town: Town) -> None:
    person = town.resident()
    covered(town, person, 2014)
    early = town.submit(claim(person, "9000.00", visit="V1", day="2015-03-02"))
    late = town.submit(claim(person, "9000.00", visit="V2", day="2014-12-20"))
    across = town.submit(
        claim(
            person, "9000.00", visit="V3", day="2014-12-28", billablePeriod={"start": "2014-12-28", "end": "2015-01-05"}
        )
    )

    # the late claim is the first of its year; the one across the new year follows the first of 2015
    assert [each.total("fund-total") for each in (early, late, across)] == ["5100.00", "5100.00", "5450.00"]
    assert {key: used.counted for key, used in town.counters(person).items()} == {
        ("basic", "2015"): 1700000,
        ("basic", "2014"): 850000,
    }
    answer = resettle(town, early.id, {"resourceType": "Claim", "status": "cancelled"})
    assert [name for name, *_ in differences(answer)] == ["cancelled", "replaced", "all"]
    assert funds(town) == ["5100.00", "5100.00"]
    assert late.id in [each.id for each in in_force(town)]
    town.sound()


def test_a_correction_may_move_a_settlement_to_another_year(town: Town) -> None:
    person = town.resident()
    covered(town, person, 2014)
    first, _ = settled(town, person, "9000.00", "9000.00")
    answer = resettle(town, first, claim(person, "9000.00", visit="V1", day="2014-12-20"))

    assert answer.codes == []
    assert sorted((each.period, money.text(each.fund)) for each in in_force(town)) == [
        ("2014", "5100.00"),
        ("2015", "5100.00"),
    ]
    assert {key: used.counted for key, used in town.counters(person).items()} == {
        ("basic", "2015"): 850000,
        ("basic", "2014"): 850000,
    }
    town.sound()


@pytest.mark.parametrize("days_later", [0, 1, 400])
def test_corrections_are_booked_on_the_day_they_are_made(town: Town, days_later: int) -> None:
    person = town.resident()
    first, second = settled(town, person, "9000.00", "20000.00")
    claims = {id: found.claim for id in (first, second) if (found := town.store.settlement(id))}
    town.now = datetime(2015, 3, 20, 4, tzinfo=UTC).replace(year=2015 + days_later // 365, day=20 + days_later % 5)
    resettle(town, first, {"resourceType": "Claim", "status": "cancelled"})

    booked, red = town.store.entries_of(claims[first])
    assert (booked.booked_on, red.booked_on) == (date(2015, 3, 20), town.today)
    assert red.reverses == booked.id
    assert [posting.fen for posting in red.postings] == [-posting.fen for posting in booked.postings]
    assert all(each.booked_on >= date(2015, 3, 20) for id in claims.values() for each in town.store.entries_of(id))
    assert town.store.entries_of(claims[second])[-1].booked_on == town.today
    town.sound()


def test_nothing_is_booked_before_what_it_corrects_when_the_clock_goes_back(town: Town) -> None:
    person = town.resident()
    [first] = settled(town, person, "9000.00")
    found = town.store.settlement(first)
    assert found is not None
    town.now = datetime(2015, 3, 19, 4, tzinfo=UTC)
    assert town.operate("cancel", cancellation(settlement=first)).codes == []

    assert [each.booked_on for each in town.store.entries_of(found.claim)] == [date(2015, 3, 20)] * 2


def test_nothing_is_left_where_all_was_cancelled(town: Town) -> None:
    person = town.resident()
    first, second, third = settled(town, person, "9000.00", "20000.00", "95000.00")
    for id in (first, second, third):
        current = {each.claim: each.id for each in in_force(town)}
        original = town.store.settlement(id)
        assert original is not None
        assert resettle(town, current[original.claim], {"resourceType": "Claim", "status": "cancelled"}).codes == []

    assert in_force(town) == []
    assert all(used == NOTHING for used in town.counters(person).values())
    assert replace(town.settlements()[0]).state is SettlementState.CANCELLED
    assert town.store.party_balances(Account.PROVIDER_PAYABLE) == {}
    town.sound()
