"""Several processes on one PostgreSQL database: a message has one effect, counters lose nothing, commits are known."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import psycopg
import pytest

from gateway.kernel.ids import PersonId
from gateway.kernel.problem import Refusal
from gateway.settlement.claim import Counters
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import Contribution, Token, Wants
from tests.conftest import open_test_store
from tests.unit.store.jobs import FUND, HOSPITAL, TOTAL, YEAR, Visit, settle, visit

PERSON = PersonId("p1")


@pytest.fixture
def two(postgres_url: str) -> "list[Store]":
    """Two stores on one database, as two processes have them."""
    return [open_test_store(postgres_url) for _ in range(2)]


def together(stores: list[Store], visits: list[Visit], *, announced: bool) -> list[bytes]:
    """Every visit submitted to both stores at once; the answers in the order of visits, both beside each other."""

    def ask(store: Store, one: Visit) -> bytes:
        return store.submit(settle(one), one.wants if announced else Wants()).result(60)

    with ThreadPoolExecutor(16) as pool:
        futures = [pool.submit(ask, store, one) for one in visits for store in stores]
        return [future.result(60) for future in futures]


@pytest.mark.parametrize("announced", [True, False])
def test_the_same_message_has_one_effect(two: list[Store], announced: bool) -> None:
    visits = [visit(f"p{number % 3}", f"b{number}") for number in range(40)]
    answers = together(two, visits, announced=announced)
    assert answers[::2] == answers[1::2]
    checked = two[0].verify()
    assert checked.problems == ()
    assert checked.counts["settlement"] == checked.counts["message"] == 40
    for store in two:
        store.close()


@pytest.mark.parametrize("announced", [True, False])
def test_counters_of_one_person_lose_nothing(two: list[Store], announced: bool) -> None:
    """Each claim reads the counters and its number, then writes: as if one came after the other."""
    seen: list[int] = []

    def counting(number: int) -> None:
        one = visit(PERSON, f"b{number}")

        def work(unit: Unit) -> int:
            before = unit.counters(PERSON, "resident").get(("basic", YEAR), Counters()).admissions
            settle(one)(unit)
            return before

        store = two[number % 2]
        seen.append(store.submit(work, one.wants if announced else Wants()).result(60))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(counting, range(80)))
    assert sorted(seen) == list(range(80))
    all_of_them = Counters(80 * TOTAL, 80 * FUND, 80 * (TOTAL - FUND), 0, 80)
    assert two[0].counters(PERSON, "resident") == {("basic", YEAR): all_of_them}
    assert two[0].verify().problems == ()
    for store in two:
        store.close()


def test_a_treatment_is_settled_once_by_two_channels(two: list[Store]) -> None:
    one = visit(PERSON, "b1")
    other = replace(one, key=one.key._replace(channel="mllp"))

    def attempt(store: Store, which: Visit) -> str:
        def work(unit: Unit) -> str:
            first = unit.effective(which.treatment)
            return f"refused, {first.id} exists" if first else settle(which)(unit).decode()

        return store.submit(work, which.wants).result(60)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(attempt, two, [one, other]))
    assert sorted(answer.split()[0].strip(",") for answer in answers) == ["refused", "settled"]
    for store in two:
        store.close()


def test_a_person_is_registered_once(two: list[Store]) -> None:
    """Two processes that both find nobody under a citizen ID cannot both make a person of it."""
    token = Token("identifier", "https://gateway.example/fhir/sid/citizen-id", "321182198001011234")

    def register(store: Store) -> str:
        def work(unit: Unit) -> str:
            found = unit.find("Patient", token)
            return found[0] if found else unit.put(type="Patient", id=unit.make_id(), body=b"{}", tokens=[token]).id

        return store.submit(work, Wants(tokens=(("Patient", token),))).result(60)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(register, two * 10))) == 1
    for store in two:
        store.close()


def test_versions_and_contributions_of_two_processes_do_not_overwrite_each_other(two: list[Store]) -> None:
    def add(store: Store) -> None:
        def work(unit: Unit) -> None:
            unit.put(type="Organization", id=HOSPITAL, body=b"{}")
            before = unit.contribution(PERSON, "resident", YEAR)
            received = before.received + 1 if before else 1
            unit.put_contribution(Contribution(PERSON, "resident", YEAR, 12_000, received))

        store.submit(work, Wants(resources=(("Organization", HOSPITAL),))).result(60)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, two * 20))
    organization, contribution = two[0].read("Organization", HOSPITAL), two[0].contribution(PERSON, "resident", YEAR)
    assert organization is not None
    assert contribution is not None
    assert (organization.version, contribution.received) == (40, 40)
    assert two[0].verify().problems == ()
    for store in two:
        store.close()


def cut(url: str) -> None:
    """End every other connection to the database."""
    with psycopg.connect(url, autocommit=True) as session:
        session.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_connections_that_are_cut_lose_no_answer(postgres_url: str) -> None:
    """Cut at any moment, in a commit too: an answered message is stored, each is stored once."""
    store = open_test_store(postgres_url)
    answers: dict[str, bytes] = {}

    def client(number: int) -> None:
        for index in range(40):
            one = visit(f"p{index % 3}", f"{number}-{index}")
            while one.bill not in answers:
                with suppress(Refusal):  # cut five times in a row
                    answers[one.bill] = store.submit(settle(one), one.wants).result(60)

    clients = [threading.Thread(target=client, args=(number,)) for number in range(8)]
    for one in clients:
        one.start()
    cuts = 0
    while any(one.is_alive() for one in clients):
        cut(postgres_url)
        cuts += 1
        time.sleep(0.03)
    assert cuts > 1
    assert len(answers) == 320
    kept = {record.key: record.answer for record in store.messages(limit=1_000)}
    assert kept == {f"message-{bill}": answer for bill, answer in answers.items()}
    assert store.verify().problems == ()
    store.close()


def test_a_commit_without_an_answer_is_looked_up(postgres_url: str) -> None:
    """The connection breaks after the server committed: the result is given, and nothing is done twice."""
    store = open_test_store(postgres_url)
    assert store._writer is not None
    session = store._writer.session
    broken: list[bool] = []
    rows = session._rows  # type: ignore[attr-defined]

    def commit_then_break(statement: str, parameters: object) -> object:
        result = rows(statement, parameters)
        if statement == "COMMIT" and not broken:
            broken.append(True)
            cut(postgres_url)
            return rows("SELECT 1", ())
        return result

    session._rows = commit_then_break  # type: ignore[attr-defined]
    ran = []

    def work(unit: Unit) -> int:
        ran.append(True)
        return unit.put(type="Patient", id="p1", body=b"{}").version

    assert store.submit(work).result(60) == 1
    assert broken
    assert len(ran) == 1
    assert store.submit(work).result(60) == 2
    store.close()


def test_a_server_that_is_gone_is_told_and_found_again(postgres_url: str) -> None:
    store = open_test_store(postgres_url)
    name = postgres_url.partition("?")[0].rpartition("/")[2]
    elsewhere = postgres_url.replace(f"/{name}?", "/ready?")
    with psycopg.connect(elsewhere, autocommit=True) as session:
        session.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        session.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        with pytest.raises(Refusal) as refused:
            store.submit(lambda unit: unit.put(type="Patient", id="p1", body=b"{}")).result(60)
        assert refused.value.problems[0].code == "store-unavailable"
        with pytest.raises(Refusal):
            store.read("Patient", "p1")
        assert not store.ready()
        session.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
    assert store.submit(lambda unit: unit.put(type="Patient", id="p1", body=b"{}")).result(60).version == 1
    assert store.ready()
    store.close()
