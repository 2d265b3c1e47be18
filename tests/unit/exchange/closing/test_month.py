"""A month is closed: frozen, assessed, cleared; what comes later is booked in the month after."""

from datetime import UTC, date, datetime

import pytest

from gateway.datasets.books.statements import report
from gateway.datasets.books.trail import origin_of, postings_of, sum_again
from gateway.exchange.closing.month import close_month
from gateway.exchange.closing.year import close_year
from gateway.kernel.problem import Refusal
from gateway.ledger.statements import EXPENSES, INCOMES
from gateway.store.values import PeriodState
from tests.unit.exchange.town import CITY_CODE, TOWNSHIP, TOWNSHIP_CODE, Town, cancellation, claim

SCHEME = "resident"
APRIL = datetime(2015, 4, 2, 4, tzinfo=UTC)


def march(town: Town) -> list[str]:
    """Two people, three settlements at two hospitals; the ids of the settlements."""
    first, second = town.resident(1), town.resident(2)
    return [
        town.submit(claim(first, "8500.00", visit="V1")).id,
        town.submit(claim(second, "3000.00", visit="V2", provider=TOWNSHIP_CODE), by=TOWNSHIP).id,
        town.submit(claim(second, "32680.45", visit="V3")).id,
    ]


def test_every_institution_gets_one_clearing_of_what_its_month_owes(town: Town) -> None:
    march(town)
    town.now = APRIL
    closed = close_month(town.exchange, SCHEME, "2015-03", by="officer")
    assert closed.state is PeriodState.CLOSED
    assert len(closed.digest) == 64
    cleared = {each.party: each for each in town.store.dossiers("clearing", period="2015-03", limit=10)}
    owed = town.store.payables(SCHEME, from_on=date(2015, 3, 1), to_on=date(2015, 3, 31))
    assert set(cleared) >= {CITY_CODE, TOWNSHIP_CODE}
    assert set(owed) == {CITY_CODE, TOWNSHIP_CODE}
    town.sound()


def test_a_closing_that_is_asked_for_again_gives_the_same_and_changes_nothing(town: Town) -> None:
    march(town)
    town.now = APRIL
    first = close_month(town.exchange, SCHEME, "2015-03", by="officer")
    before = list(town.store.export_ledger())
    again = close_month(town.exchange, SCHEME, "2015-03", by="somebody else")
    assert (again.digest, again.closed_by, again.closed_at) == (first.digest, first.closed_by, first.closed_at)
    assert list(town.store.export_ledger()) == before


@pytest.mark.parametrize("step", range(4))
def test_a_closing_that_was_interrupted_is_taken_up_where_it_stood(town: Town, step: int) -> None:
    march(town)
    town.now = APRIL
    seen: list[str] = []

    def interrupt(part: str, _done: int, _whole: int) -> None:
        seen.append(part)
        if len(seen) == step + 1:
            raise KeyboardInterrupt

    try:
        close_month(town.exchange, SCHEME, "2015-03", by="officer", told=interrupt)
    except KeyboardInterrupt:
        frozen = town.store.closed_periods(SCHEME)
        assert [each.state for each in frozen] == [PeriodState.CLOSING]
    closed = close_month(town.exchange, SCHEME, "2015-03", by="officer")
    assert closed.state is PeriodState.CLOSED
    assert len(town.store.dossiers("clearing", period="2015-03", limit=10)) == len(
        {each.party for each in town.store.dossiers("clearing", period="2015-03", limit=10)}
    )
    town.sound()


def test_a_settlement_cancelled_after_its_month_was_closed_is_a_red_entry_of_the_open_month(town: Town) -> None:
    settled = march(town)
    town.now = APRIL
    close_month(town.exchange, SCHEME, "2015-03", by="officer")
    frozen = report(town.store, SCHEME, "2015-03")
    cancelled = town.operate("cancel", cancellation(settlement=settled[2]))
    assert not cancelled.codes
    assert report(town.store, SCHEME, "2015-03") == frozen
    april = town.store.payables(SCHEME, from_on=date(2015, 4, 1), to_on=date(2015, 4, 30))
    assert april[CITY_CODE]["basic"] < 0
    town.now = datetime(2015, 5, 2, 4, tzinfo=UTC)
    close_month(town.exchange, SCHEME, "2015-04", by="officer")
    [clearing] = [
        each for each in town.store.dossiers("clearing", period="2015-04", limit=10) if each.party == CITY_CODE
    ]
    assert clearing.fen == 0
    town.sound()


@pytest.mark.parametrize(
    ("period", "code"),
    [("2015-03", "period-not-ended"), ("2015-13", "bad-period"), ("March", "bad-period"), ("", "bad-period")],
)
def test_a_period_that_cannot_be_closed_says_why(town: Town, period: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        close_month(town.exchange, SCHEME, period, by="officer")
    assert [problem.code for problem in refusal.value.problems] == [code]


def test_months_are_closed_one_after_the_other(town: Town) -> None:
    march(town)
    town.now = datetime(2015, 5, 2, 4, tzinfo=UTC)
    with pytest.raises(Refusal) as refusal:
        close_month(town.exchange, SCHEME, "2015-04", by="officer")
    assert [problem.code for problem in refusal.value.problems] == ["earlier-period-open"]
    with pytest.raises(Refusal) as unknown:
        close_month(town.exchange, "moon", "2015-03", by="officer")
    assert [problem.code for problem in unknown.value.problems] == ["unknown-scheme"]


def test_every_figure_of_the_statements_is_the_sum_of_its_postings_and_each_has_an_origin(town: Town) -> None:
    march(town)
    town.now = APRIL
    close_month(town.exchange, SCHEME, "2015-03", by="officer")
    made = report(town.store, SCHEME, "2015-03")
    lines = [line for each in (*made.income, *made.sheets) for line in each.lines]
    assert lines
    for line in lines:
        assert sum_again(town.store, SCHEME, made.span, line) == line.fen, line
    walked = [posting for line in made.income[0].lines for posting in postings_of(town.store, SCHEME, made.span, line)]
    assert walked
    for posting in walked:
        origin = origin_of(town.store, posting.cause)
        assert origin.what != "unknown", posting
        assert origin.messages or origin.what == "closing", posting


def test_a_closed_year_stands_at_zero_and_its_statement_still_shows_what_it_earned_and_spent(town: Town) -> None:
    march(town)
    town.now = datetime(2016, 1, 4, 4, tzinfo=UTC)
    for month in ("2015-03", *(f"2015-{number:02d}" for number in range(4, 13))):
        close_month(town.exchange, SCHEME, month, by="officer")
    before = report(town.store, SCHEME, "2015")
    closed = close_year(town.exchange, SCHEME, "2015", by="officer")
    assert closed.state is PeriodState.CLOSED
    assert [each.lines for each in report(town.store, SCHEME, "2015").income] == [each.lines for each in before.income]
    balances = town.store.balances(SCHEME, on=date(2015, 12, 31))
    assert not any(balances.get(("basic", account), 0) for account in (*INCOMES, *EXPENSES))
    assert close_year(town.exchange, SCHEME, "2015", by="officer") == closed
    assert town.store.verify_ledger().problems == ()
    town.sound()
