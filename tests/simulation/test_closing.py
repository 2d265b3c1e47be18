"""A month is closed while processes are killed and claims go on: the books are those of an undisturbed closing.

The full size of the kills runs as `python -m tests.simulation.closing`; a failure here prints the seed to repeat it.
"""

import secrets
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event

import httpx
import pytest

from gateway.exchange.closing.month import close_month
from gateway.exchange.exchange import Exchange
from gateway.exchange.submit import prepare_submit
from gateway.fhir.json import encode
from gateway.security.partners import Partner
from gateway.store.store import Store
from gateway.store.values import PeriodState
from gateway.system import open_store_of
from tests.bench.channels import CHANNELS, Clock, Target, send
from tests.bench.closing import PERIOD, make
from tests.bench.month import SCHEME
from tests.bench.world import AGENCY_TOKEN, bearer, served, settle_people
from tests.conftest import clock_now
from tests.simulation.closing.simulation import simulate
from tests.unit.exchange.town import CITY, TOWNSHIP, claim, open_town

KILLS = 5
FIRST, LAST, NEXT = date(2015, 6, 1), date(2015, 6, 30), date(2015, 7, 1)
LAST_NOON, NEXT_NOON = datetime(2015, 6, 30, 4, tzinfo=UTC), datetime(2015, 7, 1, 4, tzinfo=UTC)
BRINGERS, PAUSE_SECONDS = 4, 0.002


def test_a_closing_that_is_killed_at_random_ends_with_the_books_of_an_undisturbed_one(store_url: str) -> None:
    seed = secrets.randbelow(1_000_000)
    size = {"settlements": 600, "institutions": 110}
    told = " ".join(f"--{name} {value}" for name, value in {**size, "kills": KILLS, "seed": seed}.items())
    print(f"python -m tests.simulation.closing {told}  # {store_url[:8]}")

    outcome = simulate(store_url, **size, kills=KILLS, seed=seed)

    assert outcome.differences == ()
    assert outcome.kills == KILLS
    assert outcome.clearings > size["institutions"]  # one budget besides, of an institution without cases


def test_a_claim_counts_in_the_month_that_closes_or_is_booked_in_the_next(store: Store) -> None:
    """One gateway's clock still stands on the last day of the month that another one closes."""
    town = open_town(store)
    town.now = LAST_NOON
    people = [town.resident(serial) for serial in range(1, BRINGERS + 1)]
    closer = replace(town.exchange, clock=lambda: NEXT_NOON)
    closed = Event()

    with ThreadPoolExecutor(BRINGERS) as pool:
        brought = [
            pool.submit(_bring, town.exchange, person, CITY if number % 2 else TOWNSHIP, closed)
            for number, person in enumerate(people)
        ]
        _until(lambda: len(store.settlements(limit=20)) >= 20, brought)
        period = close_month(closer, SCHEME, PERIOD, by="officer")
        closed.set()
        count = sum(each.result() for each in brought)

    settlements = store.settlements(limit=count + 1)
    days = {each.booked_on for each in settlements}
    cleared = {each.party: each.fen for each in store.dossiers("clearing", period=PERIOD, limit=50)}
    owed = store.payables(SCHEME, from_on=FIRST, to_on=LAST)
    counted = sum(activity.settled for activity in store.activity(SCHEME, from_on=FIRST, to_on=LAST))
    in_june = [each for each in settlements if each.booked_on == LAST]
    assert (len(settlements), days) == (count, {LAST, NEXT})
    assert counted == len(in_june)
    assert sum(each.fund for each in in_june) == sum(sum(funds.values()) for funds in owed.values())
    assert set(cleared) >= set(owed) == {each.institution for each in in_june}
    assert store.digest(SCHEME, from_on=FIRST, to_on=LAST) == period.digest
    town.sound()


def _bring(exchange: Exchange, person: str, clinic: Partner, closed: Event) -> int:
    """Claims of one person one after the other, until some came after the closing; how many were settled."""
    number = after = 0
    while after < 3:
        number += 1
        after += closed.is_set()
        visit = f"{person}-{number}"
        stay = claim(person, "800.00", visit=visit, day="2015-06-09", provider=clinic.institution)
        reply = exchange.conclude(prepare_submit(exchange, clinic, encode(stay), idempotency_key="")).result()
        assert not reply.problems, reply.problems
    return number


def _until(reached: Callable[[], bool], working: list["Future[int]"]) -> None:
    """Wait for something that those who are working bring about."""
    while not reached():
        for each in working:
            assert each.running(), each.exception()
        time.sleep(PAUSE_SECONDS)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_serving_gateway_closes_a_month_and_no_claim_fails(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgres" else ""
    settings = make(tmp_path / "home", url, settlements=2000, institutions=400, resources=True)

    with served(settings.home, url, today=NEXT) as addresses:
        people = settle_people(addresses.http, 40)
        target = Target(addresses, Clock(), people)
        submits = CHANNELS["submit"]
        rounds = 0
        with httpx.Client(base_url=addresses.http, headers=bearer(AGENCY_TOKEN), trust_env=False) as agency:
            begun = agency.post("/ledger/closings", json={"scheme": SCHEME, "period": PERIOD})
            while agency.get(begun.headers["location"]).json()["state"] != PeriodState.CLOSED:
                rounds += 1
                send(submits, target, submits.prepare(target, f"{rounds}", 60))  # fails with the first bad answer

    store = open_store_of(settings, clock=clock_now, read_only=True)
    try:
        [period] = store.closed_periods(SCHEME)
        booked = sum(each.settled for each in store.activity(SCHEME, from_on=NEXT, to_on=date.max))
        wrong = (*store.verify().problems, *store.verify_ledger().problems)
        digest = store.digest(SCHEME, from_on=FIRST, to_on=LAST)
    finally:
        store.close()
    assert (begun.status_code, rounds > 0) == (202, True)
    assert booked == 60 * rounds
    assert (period.state, period.digest) == (PeriodState.CLOSED, digest)
    assert wrong == ()
