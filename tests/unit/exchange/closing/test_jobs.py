"""Closings in a serving process: frozen at once, carried through behind, taken up again by the next process."""

import time
from datetime import UTC, datetime

from gateway.exchange.closing.jobs import ClosingJobs
from gateway.store.values import PeriodState
from tests.unit.exchange.town import TOWNSHIP, TOWNSHIP_CODE, Town, claim

SCHEME, MONTH = "resident", "2015-03"
PATIENCE_SECONDS = 30


def state_of(town: Town) -> PeriodState | None:
    found = {each.period: each.state for each in town.store.closed_periods(SCHEME)}
    return found.get(MONTH)


def wait_closed(town: Town) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while state_of(town) is not PeriodState.CLOSED:
        assert time.monotonic() < until, state_of(town)
        time.sleep(0.01)


def settled_march(town: Town) -> None:
    assert not town.submit(claim(town.resident(1), "8500.00")).codes
    assert not town.submit(claim(town.resident(2), "900.00", provider=TOWNSHIP_CODE), by=TOWNSHIP).codes
    town.now = datetime(2015, 4, 2, 4, tzinfo=UTC)


def test_what_one_process_began_the_next_one_ends(town: Town) -> None:
    settled_march(town)
    first = ClosingJobs(town.exchange)
    begun = first.start(SCHEME, MONTH, by="officer")
    first.close()
    left = state_of(town)

    second = ClosingJobs(town.exchange)
    found = second.resume()
    wait_closed(town)
    second.close()

    assert begun.period.state is PeriodState.CLOSING
    assert found == (1 if left is PeriodState.CLOSING else 0)
    assert len({each.party for each in town.store.dossiers("clearing", period=MONTH, limit=10)}) >= 2
    town.sound()


def test_asked_for_twice_at_once_it_is_closed_once(town: Town) -> None:
    settled_march(town)
    one, other = ClosingJobs(town.exchange), ClosingJobs(town.exchange)

    for jobs in (one, other, one):
        jobs.start(SCHEME, MONTH, by="officer")
    wait_closed(town)
    one.close()
    other.close()

    acts = [line.action for line in town.store.audit_lines(limit=1000) if line.object == f"{SCHEME}/{MONTH}"]
    assert acts == ["close-begin", "close"]
    town.sound()
