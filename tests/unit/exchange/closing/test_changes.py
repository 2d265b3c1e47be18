"""What changes within a year, seen through its closings: the payment method, the institutions, an interrupted year."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from gateway.exchange.closing.month import close_month
from gateway.exchange.closing.year import close_year
from gateway.kernel import money
from gateway.payment.payment import Change, Payment
from gateway.payment.shapes import DayBand
from gateway.payment.terms import Scope, Terms
from gateway.policies.load import PolicyBook
from gateway.store.values import PeriodState
from tests.unit.exchange.town import CITY_CODE, TOWNSHIP, TOWNSHIP_CODE, Town, book, cancellation, claim

SCHEME, POLICY, SUCCESSOR = "resident", "321182-resident", "H32118200102"
JANUARY = datetime(2016, 1, 4, 4, tzinfo=UTC)


def paying() -> Payment:
    found = book().policies[POLICY].payment
    assert found is not None
    return found


def under(town: Town, payment: Payment) -> Town:
    """The town with another payment file."""
    found = replace(book().policies[POLICY], payment=payment)
    town.exchange = replace(town.exchange, book=PolicyBook({POLICY: found}))
    return town


def bed_days(id: str, yuan: str, *, from_on: date, to_on: date) -> Terms:
    """The city hospital's stays at a price a day."""
    shipped = paying().terms_of("rehabilitation-bed-day")
    [band, *_] = shipped.parameters["bands"]
    assert isinstance(band, DayBand)
    bands = (band._replace(up_to=10_000, rate=money.of(yuan)),)
    scope = Scope(institutions=frozenset({CITY_CODE}), kinds=frozenset({"inpatient"}))
    parameters = {**shipped.parameters, "bands": bands, "pays": "fund"}
    return replace(shipped, id=id, scope=scope, parameters=parameters, from_on=from_on, to_on=to_on)


def stay(town: Town, serial: int, day: date) -> str:
    """Nine days of the city hospital, settled on the last one; the id of the settlement."""
    town.now = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    period = {"start": day.replace(day=day.day - 9).isoformat(), "end": day.isoformat()}
    made = claim(
        town.resident(serial), "9000.00", visit=f"V{serial}", day=day.isoformat(), billablePeriod=period
    )  # (9000.00 - 500.00) * 60 % = 5100.00
    answer = town.submit(made)
    assert not answer.codes, answer.codes
    return answer.id


def assessed(town: Town, period: str, institution: str = CITY_CODE) -> dict[str, Any]:
    """What was kept of an assessment, amounts in fen."""
    found = town.store.dossier_of_key("assessment", f"{SCHEME}|{period}|{institution}")
    assert found is not None
    values: dict[str, Any] = msgspec.json.decode(found.body)
    return values


def items_of(values: Mapping[str, Any]) -> dict[str, str]:
    return {each["terms"]: money.text(each["due"]) for each in values["items"]}


def cleared(town: Town, month: str, institution: str = CITY_CODE) -> str:
    found = town.store.dossier_of_key("clearing", f"{SCHEME}|{month}|{institution}")
    return money.text(found.fen) if found else ""


def test_method_changed_in_mid_year_pays_each_month_by_its_own_and_the_year_by_both(town: Town) -> None:
    first = bed_days("first-half", "500.00", from_on=date(2015, 1, 1), to_on=date(2015, 6, 30))
    second = bed_days("second-half", "600.00", from_on=date(2015, 7, 1), to_on=date(2015, 12, 31))
    under(town, replace(paying(), terms=(first, second), deposits=(), appraisals=()))
    cancelled = stay(town, 1, date(2015, 6, 20))
    stay(town, 2, date(2015, 6, 21))
    stay(town, 3, date(2015, 7, 20))
    assert not town.operate("cancel", cancellation(settlement=cancelled)).codes  # red in July
    town.now = JANUARY

    for number in range(6, 13):
        close_month(town.exchange, SCHEME, f"2015-{number:02d}", by="officer")

    # June: two stays of 9 days at 500.00; July: one at 600.00, and the red one at July's price
    june, july, year = (assessed(town, period) for period in ("2015-06", "2015-07", "2015"))
    assert (items_of(june), cleared(town, "2015-06")) == ({"first-half": "9000.00"}, "9000.00")
    assert (items_of(july), cleared(town, "2015-07")) == ({"second-half": "0.00"}, "0.00")
    assert items_of(year) == {"first-half": "9000.00", "second-half": "0.00"}
    assert (year["assessed"], year["adjustment"]) == (900000, 0)
    town.sound()


def test_institution_merged_in_mid_year_leaves_its_budget_to_its_successor_and_still_bears_its_red_entries(
    town: Town,
) -> None:
    changes = {**paying().changes, TOWNSHIP_CODE: Change(TOWNSHIP_CODE, date(2015, 3, 31), SUCCESSOR, _rule())}
    under(town, replace(paying(), changes=changes, deposits=()))
    settled = town.submit(claim(town.resident(1), "5300.00", provider=TOWNSHIP_CODE), by=TOWNSHIP)
    town.now = datetime(2015, 4, 2, 4, tzinfo=UTC)
    assert not town.operate("cancel", cancellation(settlement=settled.id), by=TOWNSHIP).codes
    town.now = datetime(2015, 5, 2, 4, tzinfo=UTC)

    for month in ("2015-03", "2015-04"):
        close_month(town.exchange, SCHEME, month, by="officer")

    # twelfths of 1200000.00, and of 960000.00 with the 240000.00 of a centre that was merged before
    assert [cleared(town, "2015-03", code) for code in (TOWNSHIP_CODE, SUCCESSOR)] == ["100000.00", "100000.00"]
    assert cleared(town, "2015-04", SUCCESSOR) == "200000.00"
    # (5300.00 - 300.00) * 85 % = 4250.00 came back: nothing is paid to what was closed
    red = assessed(town, "2015-04", TOWNSHIP_CODE)
    assert (red["fee_for_service"], cleared(town, "2015-04", TOWNSHIP_CODE)) == (-425000, "0.00")
    town.sound()


def test_institution_closed_without_successor_has_no_budget_after_its_last_day(town: Town) -> None:
    changes = {**paying().changes, TOWNSHIP_CODE: Change(TOWNSHIP_CODE, date(2015, 3, 31), "", _rule())}
    under(town, replace(paying(), changes=changes, deposits=()))
    town.submit(claim(town.resident(1), "5300.00", provider=TOWNSHIP_CODE), by=TOWNSHIP)
    town.now = datetime(2015, 5, 2, 4, tzinfo=UTC)

    for month in ("2015-03", "2015-04"):
        close_month(town.exchange, SCHEME, month, by="officer")

    assert [cleared(town, month, TOWNSHIP_CODE) for month in ("2015-03", "2015-04")] == ["100000.00", ""]
    town.sound()


def _rule() -> Any:
    return paying().changes["H32118200104"].rule


@pytest.mark.parametrize("months", [("2015-03",), tuple(f"2015-{number:02d}" for number in range(3, 13))])
def test_a_year_interrupted_after_its_carry_over_is_taken_up_where_it_stood(
    town: Town, months: tuple[str, ...]
) -> None:
    """Also where its last months had no postings and were never closed."""
    under(town, replace(paying(), terms=(), deposits=(), appraisals=()))
    stay(town, 1, date(2015, 3, 20))
    town.now = JANUARY
    for month in months:
        close_month(town.exchange, SCHEME, month, by="officer")

    def interrupt(_part: str, done: int, whole: int) -> None:
        if done == whole:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        close_year(town.exchange, SCHEME, "2015", by="officer", told=interrupt)
    lines = list(town.store.export_ledger())
    closed = close_year(town.exchange, SCHEME, "2015", by="officer")

    assert closed.state is PeriodState.CLOSED
    assert list(town.store.export_ledger()) == lines
    town.sound()
