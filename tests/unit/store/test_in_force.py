"""Settlements in force are read through once, person by person in the order of their numbers, at one commit."""

from dataclasses import replace
from datetime import date

import pytest

from gateway.store import store as store_module
from gateway.store.store import Store
from gateway.store.values import Settlement
from tests.unit.store.jobs import DAY, settlement, visit

YEAR = {"from_on": date(2015, 1, 1), "to_on": date(2015, 12, 31)}


def add(store: Store, person: str, number: int, *, day: date = DAY, scheme: str = "resident") -> Settlement:
    """One settlement, named by its person and number."""
    name = f"{person}-{number}" if scheme == "resident" else f"{person}-{number}-{scheme}"
    made = replace(settlement(visit(person, name), f"c{name}", f"r{name}", number), decided_on=day, scheme=scheme)
    store.submit(lambda unit: unit.add_settlement(made)).result(30)
    return made


def ids(store: Store) -> list[str]:
    return [each.id for each in store.settlements_in_force("resident", **YEAR)]


@pytest.mark.parametrize("page", [1, 2, 500])
def test_pages_follow_each_other(store: Store, monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    monkeypatch.setattr(store_module, "_PAGE", page)
    for person, number in (("p2", 1), ("p1", 1), ("p2", 2), ("p1", 2), ("p1", 10)):
        add(store, person, number)

    assert ids(store) == ["rp1-1", "rp1-2", "rp1-10", "rp2-1", "rp2-2"]


def test_cancelled_ones_other_schemes_and_other_days_are_left_out(store: Store) -> None:
    add(store, "p1", 1, day=date(2014, 12, 31))
    add(store, "p1", 2, day=date(2015, 1, 1))
    undone = add(store, "p1", 3)
    add(store, "p1", 4, day=date(2015, 12, 31))
    add(store, "p1", 5, day=date(2016, 1, 1))
    add(store, "p1", 1, scheme="worker")
    store.submit(lambda unit: unit.cancel_settlement(undone.id, by="x", on=date(2015, 6, 1))).result(30)

    assert ids(store) == ["rp1-2", "rp1-4"]


def test_what_is_committed_while_reading_is_not_seen(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_PAGE", 1)
    first, second = add(store, "p1", 1), add(store, "p2", 1)
    reading = store.settlements_in_force("resident", **YEAR)
    assert next(reading).id == first.id

    add(store, "p3", 1)
    store.submit(lambda unit: unit.cancel_settlement(second.id, by="x", on=date(2015, 6, 1))).result(30)

    assert [each.id for each in reading] == [second.id]
    assert ids(store) == [first.id, "rp3-1"]
