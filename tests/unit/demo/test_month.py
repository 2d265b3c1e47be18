"""The demonstration month: always the same plan, possible in every visit; a clock that is turned, never back."""

from datetime import date

import pytest

from gateway.demo.month.centre import EVENTS, REPORTED
from gateway.demo.month.clearing import LAST
from gateway.demo.month.clock import MonthClock
from gateway.demo.month.money_in import LATE_PAYERS, MOVED_ON
from gateway.demo.month.places import PLACES
from gateway.demo.month.plan import RECONCILED_ON, make_care_of_month
from gateway.demo.people import make_town
from gateway.kernel import money


def test_the_plan_is_the_same_every_time_and_nobody_is_treated_twice() -> None:
    town = make_town()
    plan = make_care_of_month(town.ordinary)

    assert plan == make_care_of_month(town.ordinary)
    assert len({care.resident for care in plan}) == len({care.bill for care in plan}) == len(plan)
    assert not {care.resident for care in plan} & set(town.residents[-LATE_PAYERS:])


def test_every_treatment_ends_in_the_month_after_the_money_was_moved() -> None:
    plan = make_care_of_month(make_town().ordinary)

    assert all(MOVED_ON <= care.to_on <= LAST for care in plan)
    assert [care.to_on for care in plan] == sorted(care.to_on for care in plan)
    assert {care.institution.place for care in plan} == set(PLACES)


def test_the_reconciled_day_has_care_to_compare() -> None:
    on_the_day = [care for care in make_care_of_month(make_town().ordinary) if care.to_on == RECONCILED_ON]

    assert sum(1 for care in on_the_day if care.institution.place == "township") > 1
    assert {care.institution.place for care in on_the_day} >= {"city", "township", "outside"}


def test_the_clock_runs_within_a_day_and_is_turned_to_the_next() -> None:
    clock = MonthClock(date(2015, 3, 1))
    before = clock()

    clock.turn_to(date(2015, 3, 1))
    assert before <= clock()
    clock.turn_to(date(2015, 3, 16))
    assert clock.today == date(2015, 3, 16)
    with pytest.raises(AssertionError, match="backwards"):
        clock.turn_to(date(2015, 3, 15))


@pytest.mark.parametrize("line", REPORTED)
def test_what_the_centre_must_come_to_is_what_its_events_add_up_to(line: tuple[str, str, int, int, int]) -> None:
    fund, centre, paid_in, paid_out, deficit_left = line
    sums = {
        name: sum(
            money.of(each["amount"])
            for each in EVENTS
            if (each["event"], each["fund"], each.get("party")) == (f"centre-{name}", fund, centre)
        )
        for name in ("income-paid-in", "budget-paid", "deficit-taken-over", "deficit-covered")
    }

    assert (sums["income-paid-in"], sums["budget-paid"]) == (paid_in, paid_out)
    assert sums["deficit-taken-over"] - sums["deficit-covered"] == deficit_left
