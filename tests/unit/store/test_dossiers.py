"""Cases of business: one dossier for a kind and key, changed on the version that was read and no other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from gateway.kernel.problem import Refusal
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import Dossier, Wants
from tests.conftest import open_test_store
from tests.unit.store.jobs import HOSPITAL
from tests.unit.store.raw import raw

KEY = "resident|2015-06|H32118200001"
WANTED = Wants(dossiers=(("clearing", KEY),))


def clearing(id: str, key: str = KEY, state: str = "calculated") -> Dossier:
    return Dossier("clearing", id, key, state, "2015-06", HOSPITAL, 12_345, "测试".encode())


def put(dossier: Dossier) -> Callable[[Unit], Dossier]:
    return lambda unit: unit.put_dossier(dossier)


def test_a_dossier_is_read_by_id_and_by_key(store: Store) -> None:
    stored = store.submit(put(clearing("d1"))).result(30)
    assert stored == replace(clearing("d1"), version=1)
    assert store.dossier("clearing", "d1") == store.dossier_of_key("clearing", KEY) == stored
    assert store.dossier("clearing", "d2") is store.dossier_of_key("clearing", "none") is None
    assert store.dossier("payment", "d1") is None

    def read(unit: Unit) -> tuple[Dossier | None, ...]:
        return unit.dossier("clearing", "d1"), unit.dossier_of_key("clearing", KEY), unit.dossier("clearing", "d2")

    for wants in (WANTED, Wants()):
        assert store.submit(read, wants).result(30) == (stored, stored, None)


def test_a_job_sees_what_it_and_the_group_wrote(store: Store) -> None:
    def work(unit: Unit) -> list[str]:
        seen = []
        first = unit.put_dossier(clearing("d1"))
        mark = unit.mark()
        unit.put_dossier(replace(first, state="applied"))
        seen.append(str(unit.dossier("clearing", "d1")))
        unit.rollback(mark)
        seen.append(str(unit.dossier_of_key("clearing", KEY)))
        unit.put_dossier(replace(first, state="reviewed"))
        return seen

    applied, before = store.submit(work).result(30)
    assert ("applied" in applied, "version=2" in applied) == (True, True)
    assert ("calculated" in before, "version=1" in before) == (True, True)
    kept = store.dossier("clearing", "d1")
    assert kept is not None
    assert (kept.state, kept.version) == ("reviewed", 2)


def test_an_act_on_another_version_is_refused(store: Store) -> None:
    first = store.submit(put(clearing("d1"))).result(30)
    second = store.submit(put(replace(first, state="applied")), WANTED).result(30)
    for late in (clearing("d1"), clearing("d2"), replace(first, state="reviewed"), replace(second, version=9)):
        with pytest.raises(Refusal) as refused:
            store.submit(put(late)).result(30)
        assert refused.value.problems[0].code == "version-conflict"
    assert store.dossier_of_key("clearing", KEY) == second


def test_another_dossier_does_not_take_the_key(store: Store) -> None:
    first = store.submit(put(clearing("d1"))).result(30)
    with pytest.raises(Refusal) as refused:
        store.submit(put(replace(first, id="d2"))).result(30)
    assert refused.value.problems[0].code == "version-conflict"
    assert store.submit(put(replace(clearing("d1"), kind="payment"))).result(30).version == 1


def test_two_officers_act_once(store_url: str, store: Store) -> None:
    """Whoever reads version 1 and acts on it: one succeeds, in one process or two."""
    stores = [store, open_test_store(store_url, ready=True)] if store_url.startswith("postgres") else [store, store]
    first = store.submit(put(clearing("d1"))).result(30)

    def approve(number: int) -> str:
        changed = replace(first, state=f"approved-{number}")
        wants = WANTED if number % 2 else Wants()
        try:
            return stores[number % 2].submit(put(changed), wants).result(30).state
        except Refusal as refusal:
            return refusal.problems[0].code

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(approve, range(20)))
    assert sorted(outcomes)[1:] == ["version-conflict"] * 19
    kept = store.dossier("clearing", "d1")
    assert kept is not None
    assert (kept.version, kept.state) == (2, sorted(outcomes)[0])
    if stores[1] is not store:
        stores[1].close()


def test_one_case_is_opened_once(store_url: str, store: Store) -> None:
    """Two processes that both find no clearing of a month make one."""
    other = open_test_store(store_url, ready=True) if store_url.startswith("postgres") else store

    def opened(number: int) -> str:
        def work(unit: Unit) -> str:
            found = unit.dossier_of_key("clearing", KEY)
            return found.id if found is not None else unit.put_dossier(clearing(unit.make_id())).id

        return (store, other)[number % 2].submit(work).result(30)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(opened, range(16)))) == 1
    if other is not store:
        other.close()


def test_dossiers_are_listed_in_pages(store: Store) -> None:
    def work(unit: Unit) -> None:
        for number in range(10):
            made = clearing(f"d{number}", f"key-{number}", "applied" if number % 2 else "calculated")
            unit.put_dossier(replace(made, period="2015-07" if number > 6 else "2015-06", party=f"H{number % 3}"))
        unit.put_dossier(replace(clearing("d0"), kind="payment"))

    store.submit(work).result(30)

    def ids(**filters: str) -> list[str]:
        return [each.id for each in store.dossiers("clearing", limit=100, **filters)]

    assert ids() == [f"d{number}" for number in range(10)]
    assert ids(state="applied") == ["d1", "d3", "d5", "d7", "d9"]
    assert ids(state="applied", period="2015-07") == ["d7", "d9"]
    assert ids(party="H0", after="d3") == ["d6", "d9"]
    assert [each.id for each in store.dossiers("clearing", limit=2, after="d3")] == ["d4", "d5"]


def test_the_body_is_sealed_in_its_place(store: Store, store_url: str) -> None:
    store.submit(put(clearing("d1"))).result(30)
    store.submit(put(clearing("d2", "other"))).result(30)
    [(body,)] = raw(store_url, "SELECT body FROM dossier WHERE id = 'd1'")
    assert "测试".encode() not in bytes(body)
    assert store.verify().problems == ()
    raw(store_url, "UPDATE dossier SET body = (SELECT body FROM dossier WHERE id = 'd1') WHERE id = 'd2'")
    assert {problem.code for problem in store.verify().problems} == {"seal-unopened"}
