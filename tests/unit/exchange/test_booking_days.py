"""What happens on a day that was closed is booked on the first day after: nothing enters a closed period."""

from datetime import UTC, date, datetime

from gateway.store.values import ClosedPeriod, PeriodState, Wants
from tests.unit.exchange.resettling import resettle, settled
from tests.unit.exchange.town import Town, cancellation, claim

AT = datetime(2015, 3, 20, 12, tzinfo=UTC)


def close(town: Town, period: str) -> None:
    """With the digest of its turnover, as a closing does."""
    digest = town.store.digest("resident", from_on=date(2015, 1, 1), to_on=date(2015, 12, 31))
    closed = ClosedPeriod("resident", period, PeriodState.CLOSED, AT, "officer", digest)
    town.store.submit(lambda unit: unit.close(closed), Wants(closes=True)).result(30)


def days(town: Town, settlement: str) -> list[date]:
    """The days on which the entries of a settlement's claim were booked."""
    found = town.store.settlement(settlement)
    assert found is not None
    return [each.booked_on for each in town.store.entries_of(found.claim)]


def test_everything_moves_to_the_first_open_day(town: Town) -> None:
    person = town.resident()
    first, second = settled(town, person, "9000.00", "20000.00")
    close(town, "2015-03")

    open_day = date(2015, 4, 1)
    third = town.submit(claim(person, "5000.00", visit="V3")).id
    other = town.resident(2)
    resettle(town, first, {"resourceType": "Claim", "status": "cancelled"})

    assert days(town, first) == [date(2015, 3, 20), open_day]
    assert days(town, second) == [date(2015, 3, 20), open_day]
    assert days(town, third)[0] == open_day
    undone = town.store.settlement(first)
    assert undone is not None
    assert (undone.booked_on, undone.cancelled_on) == (date(2015, 3, 20), open_day)
    assert [each.booked_on for each in town.store.settlements(limit=10) if each.state == "effective"] == [open_day] * 2
    assert town.patient(other)["id"]
    received = town.store.turnover("resident", from_on=open_day, to_on=open_day)
    assert received["basic", "income-account"].debit == 20_000
    assert town.store.verify_ledger().problems == ()
    town.sound()


def test_a_settlement_of_a_closed_month_is_cancelled_in_the_open_one(town: Town) -> None:
    """The month that was cleared stays what it was; the next one's payable is less."""
    person = town.resident()
    [first] = settled(town, person, "9000.00")
    first_day, last_day = date(2015, 3, 1), date(2015, 3, 31)
    owed = town.store.payables("resident", from_on=first_day, to_on=last_day)
    close(town, "2015-03")

    assert town.operate("cancel", cancellation(settlement=first)).codes == []

    assert town.store.payables("resident", from_on=first_day, to_on=last_day) == owed
    april = town.store.payables("resident", from_on=date(2015, 4, 1), to_on=date(2015, 4, 30))
    assert april == {code: {fund: -fen for fund, fen in funds.items()} for code, funds in owed.items()}
    assert town.store.verify_ledger().problems == ()
    town.sound()
