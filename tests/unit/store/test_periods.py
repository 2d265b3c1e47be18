"""Closed periods: nothing is booked into one, however many book while it closes."""

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from gateway.kernel.problem import Refusal
from gateway.ledger.entry import Entry
from gateway.store.periods import Frontier, first_day, last_day
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import ClosedPeriod, Dossier, PeriodState, Wants
from tests.conftest import new_id, open_test_store
from tests.unit.store.jobs import expense
from tests.unit.store.raw import raw

ROOT = Path(__file__).parents[3]
AT = datetime(2015, 7, 3, 8, tzinfo=UTC)
JUNE, JULY = date(2015, 6, 30), date(2015, 7, 1)
CLOSES = Wants(closes=True)


def period(name: str, state: PeriodState = PeriodState.CLOSED, digest: str = "") -> ClosedPeriod:
    return ClosedPeriod("resident", name, state, AT, "officer", digest)


def close(*periods: ClosedPeriod) -> Callable[[Unit], None]:
    def work(unit: Unit) -> None:
        for one in periods:
            unit.close(one)

    return work


def booked(day: date, cause: str = "claim") -> Entry:
    return replace(expense(cause), booked_on=day)


def post(*entries: Entry) -> Callable[[Unit], None]:
    def work(unit: Unit) -> None:
        for one in entries:
            unit.post(one)

    return work


def refused(store: Store, entry: Entry) -> str:
    with pytest.raises(Refusal) as caught:
        store.submit(post(entry)).result(30)
    return caught.value.problems[0].code


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2015-06-30", date(2015, 6, 30), date(2015, 6, 30)),
        ("2015-06", date(2015, 6, 1), date(2015, 6, 30)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2015", date(2015, 1, 1), date(2015, 12, 31)),
    ],
)
def test_the_days_of_a_period(name: str, first: date, last: date) -> None:
    assert (first_day(name), last_day(name)) == (first, last)


@pytest.mark.parametrize(
    "name", ["", "15", "2015-6", "2015-13", "2015-02-30", "2015-06-30-01", "201506", "2015Q1", "x"]
)
def test_what_is_no_period_is_a_bug(name: str) -> None:
    with pytest.raises(ValueError, match=r"day|month"):
        first_day(name)


def test_a_frontier_goes_forward() -> None:
    nothing = Frontier()
    closing = nothing.with_(period("2015-06", PeriodState.CLOSING))
    closed = closing.with_(period("2015-06")).with_(period("2015-05-31"))

    assert (nothing.open_day(JUNE), closing.open_day(JUNE), closed.open_day(JUNE)) == (JUNE, JULY, JULY)
    assert (closing.closings_of(JUNE), closed.closings_of(JUNE)) == (("2015-06",), ())
    assert closed == Frontier(JUNE)


def test_what_happens_after_a_closing_is_booked_on_the_first_open_day(store: Store) -> None:
    def days(unit: Unit) -> tuple[date | None, date, date, date]:
        until = unit.closed_until("resident")
        return until, unit.open_day("resident", JUNE), unit.open_day("resident", JULY), unit.open_day("worker", JUNE)

    assert store.submit(days).result(30) == (None, JUNE, JULY, JUNE)
    store.submit(close(period("2015-06")), CLOSES).result(30)
    assert store.submit(days).result(30) == (JUNE, JULY, JULY, JUNE)
    assert store.closed_until("resident") == JUNE
    assert store.closed_until("worker") is None
    assert [each.period for each in store.closed_periods("resident")] == ["2015-06"]


def test_nothing_is_booked_into_a_closed_period(store: Store) -> None:
    store.submit(post(booked(JUNE))).result(30)
    store.submit(close(period("2015-06")), CLOSES).result(30)
    assert refused(store, booked(JUNE)) == "period-closed"
    assert refused(store, booked(date(2014, 1, 1))) == "period-closed"
    store.submit(post(booked(JULY), replace(booked(JUNE), scheme="worker"))).result(30)
    assert store.verify_ledger().problems == ()
    assert store.verify_ledger().counts["posting"] == 6


def test_a_period_that_closes_takes_the_entries_of_its_closing(store: Store) -> None:
    def begin(unit: Unit) -> str:
        unit.close(period("2015-06", PeriodState.CLOSING))
        case = unit.put_dossier(Dossier("closing", new_id(), "resident|2015-06", "counting", "2015-06", "", 0, b""))
        unit.post(booked(JUNE, case.id))
        return case.id

    closing = store.submit(begin, CLOSES).result(30)
    assert refused(store, booked(JUNE)) == "period-closed"
    store.submit(post(booked(JUNE, closing))).result(30)
    assert refused(store, booked(date(2015, 5, 31), closing)) == "period-closed"
    digest = store.digest("resident", from_on=date(2015, 6, 1), to_on=JUNE)
    store.submit(close(period("2015-06", digest=digest)), CLOSES).result(30)
    assert refused(store, booked(JUNE, closing)) == "period-closed"
    with pytest.raises(AssertionError, match="closed once"):
        store.submit(close(period("2015-06")), CLOSES).result(30)
    assert store.verify_ledger().problems == ()


def test_a_years_closing_books_into_its_december(store: Store) -> None:
    end = date(2015, 12, 31)
    store.submit(post(booked(end))).result(30)
    before = store.digest("resident", from_on=date(2015, 12, 1), to_on=end)
    store.submit(close(period("2015-12-31"), period("2015-12", digest=before)), CLOSES).result(30)

    def year(unit: Unit) -> None:
        unit.close(period("2015", PeriodState.CLOSING))
        case = unit.put_dossier(Dossier("closing", new_id(), "resident|2015", "counting", "2015", "", 0, b""))
        unit.post(booked(end, case.id))

    store.submit(year, CLOSES).result(30)
    whole = store.digest("resident", from_on=date(2015, 1, 1), to_on=end)
    store.submit(close(period("2015", digest=whole)), CLOSES).result(30)
    assert store.verify_ledger().problems == ()
    assert [each.period for each in store.closed_periods("resident")] == ["2015-12-31", "2015-12", "2015"]


@pytest.mark.parametrize("announced", [True, False])
def test_a_closing_rolls_back_with_its_job(store: Store, announced: bool) -> None:
    def fails(unit: Unit) -> None:
        unit.close(period("2015-06"))
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        store.submit(fails, Wants(closes=announced)).result(30)
    assert store.closed_periods("resident") == []
    store.submit(post(booked(JUNE))).result(30)


def test_what_was_slipped_into_a_closed_period_is_found(store: Store, store_url: str) -> None:
    store.submit(post(booked(JUNE), booked(date(2015, 6, 1)))).result(30)
    digest = store.digest("resident", from_on=date(2015, 6, 1), to_on=JUNE)
    store.submit(close(period("2015-06", digest=digest)), CLOSES).result(30)
    store.submit(post(booked(JULY))).result(30)
    assert store.verify_ledger().problems == ()

    slip(store_url, like="2015-07-01", to="2015-06-15", seq=10)
    assert {problem.code for problem in store.verify_ledger().problems} == {"booked-after-closing"}
    slip(store_url, like="2015-06-30", to="2015-06-14", seq=-500)
    assert {problem.code for problem in store.verify_ledger().problems} == {"booked-after-closing", "period-differs"}


def slip(url: str, *, like: str, to: str, seq: int) -> None:
    """Copy the entry of one day to another, its numbers moved."""
    row = f"area, '{to}' || entry_id, line, scheme, fund, account, party, fen, '{to}', cause, reverses, seq + {seq}"
    raw(url, f"INSERT INTO posting SELECT {row} FROM posting WHERE booked_on = '{like}'")


@pytest.mark.parametrize("announced", [True, False])
def test_no_posting_slips_in_while_a_period_closes(store: Store, store_url: str, announced: bool) -> None:
    """Eight threads book on today's open day, half of them in another process on PostgreSQL, while days are closed."""
    first = 10
    other = open_test_store(store_url, ready=True) if store_url.startswith("postgres") else store
    today = [first]
    stop = threading.Event()
    done: list[int] = []

    def book(target: Store) -> None:
        while not stop.is_set():

            def work(unit: Unit) -> date:
                day = unit.open_day("resident", date(2015, 6, today[0]))
                unit.post(booked(day))
                return day

            done.append(target.submit(work).result(60).day)

    threads = [threading.Thread(target=book, args=((store, other)[number % 2],)) for number in range(8)]
    for thread in threads:
        thread.start()
    closed_at: dict[str, int] = {}
    for day in range(first, first + 5):
        name = f"2015-06-{day:02d}"
        counted = f"SELECT count(*) FROM posting WHERE booked_on = '{name}'"
        while not raw(store_url, counted)[0][0]:
            pass
        store.submit(close(period(name)), Wants(closes=announced)).result(60)
        closed_at[name] = raw(store_url, counted)[0][0]
        today[0] = day + (day % 2)  # every other day the counters go on booking for the day that was closed
    stop.set()
    for thread in threads:
        thread.join()
    for name, count in closed_at.items():
        assert raw(store_url, f"SELECT count(*) FROM posting WHERE booked_on = '{name}'") == [(count,)]
    checked = store.verify_ledger()
    assert checked.problems == ()
    assert checked.counts["posting"] == 2 * len(done)
    if other is not store:
        other.close()


def test_two_processes_book_while_a_third_closes(postgres_url: str) -> None:
    """The same from processes of their own, that end by a signal to stop booking."""
    command = [sys.executable, "-m", "tests.unit.store.posting_worker", postgres_url]
    workers = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "booking\n"
    store = open_test_store(postgres_url, ready=True)
    store.submit(close(period("2015-06")), Wants()).result(60)
    counted = "SELECT count(*) FROM posting WHERE booked_on <= '2015-06-30'"
    closed_with = raw(postgres_url, counted)
    for worker in workers:
        said, _ = worker.communicate("stop\n", timeout=60)
        assert said == "booked after the closing\n"
    assert raw(postgres_url, counted) == closed_with
    assert store.verify_ledger().problems == ()
    store.close()
