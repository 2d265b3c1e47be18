"""Group commit: many callers share a transaction, and none is hurt by another."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from gateway.kernel.ids import PersonId
from gateway.kernel.problem import Refusal
from gateway.settlement.claim import Counters
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import Wants
from tests.conftest import open_test_store
from tests.unit.store.jobs import FUND, TOTAL, YEAR, settle, visit


def held(store: Store) -> Callable[[], None]:
    """Keep the writer busy, so that what is submitted meanwhile becomes one group; call the result to let it go on."""
    release = threading.Event()
    store.submit(lambda unit: release.wait(30))
    return release.set


def test_sixteen_callers_lose_nothing(store: Store) -> None:
    def caller(number: int) -> list[bytes]:
        visits = [visit(f"p{index % 3}", f"{number}-{index}") for index in range(12)]
        return [store.submit(settle(one), one.wants).result(30) for one in visits]

    with ThreadPoolExecutor(16) as pool:
        answers = [answer for part in pool.map(caller, range(16)) for answer in part]
    assert len(set(answers)) == 16 * 12
    each = Counters(64 * TOTAL, 64 * FUND, 64 * (TOTAL - FUND), 0, 64)
    assert [store.counters(PersonId(f"p{index}"), "resident") for index in range(3)] == [{("basic", YEAR): each}] * 3
    checked = store.verify()
    assert checked.problems == ()
    assert checked.counts["settlement"] == 192


def test_the_number_of_statements_does_not_grow_with_the_group(store: Store) -> None:
    def statements(size: int) -> int:
        go_on = held(store)
        before = store.statements
        visits = [visit(f"p{index}", f"{size}-{index}") for index in range(size)]
        done = [store.submit(settle(one), one.wants) for one in visits]
        go_on()
        for one in done:
            one.result(30)
        return store.statements - before

    assert abs(statements(40) - statements(2)) <= 2  # the job that held the writer: it begins and rolls back


def test_a_repeat_in_the_same_group_is_settled_once(store: Store) -> None:
    one = visit("p1", "b1")
    go_on = held(store)
    answers = [store.submit(settle(one), one.wants) for _ in range(5)]
    go_on()
    assert len({answer.result(30) for answer in answers}) == 1
    assert store.verify().counts["settlement"] == 1


def test_a_job_that_fails_leaves_nothing_and_hurts_no_other(store: Store) -> None:
    def fails(unit: Unit) -> None:
        settle(visit("p1", "bad"))(unit)
        raise KeyError("a bug")

    go_on = held(store)
    before = store.submit(settle(visit("p1", "b1")))
    failed = store.submit(fails)
    after = store.submit(settle(visit("p1", "b2")))
    go_on()
    with pytest.raises(KeyError):
        failed.result(30)
    assert before.result(30) != after.result(30)
    checked = store.verify()
    assert checked.problems == ()
    counted = ("settlement", "message", "posting", "movement", "audit", "resource")
    assert [checked.counts[name] for name in counted] == [2, 2, 4, 2, 2, 4]
    assert store.counters(PersonId("p1"), "resident")["basic", YEAR].admissions == 2


def test_a_job_goes_back_to_its_mark(store: Store) -> None:
    def work(unit: Unit) -> None:
        unit.put(type="Patient", id="p1", body=b"kept")
        mark = unit.mark()
        settle(visit("p1", "b1"))(unit)
        unit.put(type="Patient", id="p1", body=b"dropped")
        unit.rollback(mark)
        assert unit.effective(visit("p1", "b1").treatment) is None
        assert unit.counters(PersonId("p1"), "resident") == {}
        assert unit.last_number(PersonId("p1"), "resident") == 0
        unit.audit(principal="clinic", action="settle", object="", outcome="refused")

    store.submit(work).result(30)
    patient = store.read("Patient", "p1")
    assert patient is not None
    assert (patient.version, patient.body) == (1, b"kept")
    counts = store.verify().counts
    assert (counts["settlement"], counts["message"], counts["audit"], counts["resource"]) == (0, 0, 1, 1)


def test_jobs_of_a_group_see_each_other_in_order(store: Store) -> None:
    def count(unit: Unit) -> int:
        return unit.put(type="Patient", id="p1", body=b"{}").version

    go_on = held(store)
    done = [store.submit(count) for _ in range(100)]
    go_on()
    assert [one.result(30) for one in done] == list(range(1, 101))


def test_a_conflict_inside_the_database_runs_the_group_again(store: Store) -> None:
    """A clash of settlement ids cannot be seen before the flush: the one that clashes is refused alone."""

    def clash(unit: Unit) -> None:
        unit.enqueue(id="same", receiver="bank", kind="pain.001", body=b"")

    store.submit(clash).result(30)
    go_on = held(store)
    fine = store.submit(settle(visit("p1", "b1")))
    clashing = store.submit(clash)
    go_on()
    assert fine.result(30)
    with pytest.raises(Refusal) as refused:
        clashing.result(30)
    assert refused.value.problems[0].code == "store-busy"
    assert store.verify().counts["settlement"] == 1


def test_a_statement_that_fails_inside_a_job_is_not_committed_around(store: Store) -> None:
    """Even if the job swallows it: on PostgreSQL the transaction is gone, and no answer may be given."""

    def swallows(unit: Unit) -> str:
        unit.audit(principal="clinic", action="read", object="", outcome="ok")
        try:
            unit.settings.__self__._place.session.rows("SELECT broken")  # type: ignore[attr-defined]
        except Exception:
            return "as if nothing had happened"
        return "unreachable"

    with pytest.raises(Exception, match="broken"):
        store.submit(swallows).result(30)
    assert store.verify().counts["audit"] == 0


def test_a_cancelled_future_is_not_run(store: Store) -> None:
    go_on = held(store)
    future = store.submit(settle(visit("p1", "b1")))
    assert future.cancel()
    go_on()
    store.submit(lambda unit: None).result(30)
    assert store.verify().counts["settlement"] == 0


def test_sequence_numbers_run_in_the_order_of_commits(store: Store, store_url: str) -> None:
    def note(target: Store, text: str) -> None:
        target.submit(lambda unit: unit.audit(principal="", action=text, object="", outcome="")).result(30)

    for text in "abc":
        note(store, text)
    store.close()
    again = open_test_store(store_url)
    note(again, "d")
    lines = again.audit_lines(limit=10)
    again.close()
    assert [line.action for line in lines] == ["a", "b", "c", "d"]
    assert len({line.seq for line in lines}) == 4


def test_close_finishes_what_was_submitted_and_refuses_the_rest(store_url: str) -> None:
    store = open_test_store(store_url)
    go_on = held(store)
    done: list[Future[bytes]] = [store.submit(settle(visit("p1", f"b{number}"))) for number in range(100)]
    threading.Timer(0.05, go_on).start()
    store.close()
    assert all(one.result(0) for one in done)
    assert not store.ready()
    with pytest.raises(Refusal) as refused:
        store.submit(lambda unit: None, Wants()).result(30)
    assert refused.value.problems[0].code == "store-unavailable"
