"""Loaded code systems and closures: unseen until they are whole, taken up where they stopped, on both databases."""

import pytest

from gateway.store.concepts import LoadState
from gateway.store.store import Store

URL = "https://gateway.example/fhir/CodeSystem/drug"


def load(store: Store, version: str, *chunks: bytes) -> None:
    store.concepts.begin(URL, version, digest="d" + version, header=b"{}")
    for number, content in enumerate(chunks):
        store.concepts.keep(URL, version, number, content)
    store.concepts.switch(URL, version, concepts=2 * len(chunks), chunks=len(chunks))


def states(store: Store) -> dict[str, LoadState]:
    return {each.version: each.state for each in store.concepts.versions()}


def test_a_version_applies_from_one_commit_on_and_the_one_before_stays(store: Store) -> None:
    load(store, "2024", b"a", b"b")
    store.concepts.begin(URL, "2025", digest="x", header=b"{}")
    store.concepts.keep(URL, "2025", 0, b"c")
    assert states(store) == {"2024": LoadState.CURRENT, "2025": LoadState.LOADING}

    store.concepts.switch(URL, "2025", concepts=1, chunks=1)

    assert states(store) == {"2024": LoadState.KEPT, "2025": LoadState.CURRENT}
    assert list(store.concepts.chunks(URL, "2024")) == [b"a", b"b"]
    assert list(store.concepts.chunks(URL, "2025")) == [b"c"]
    assert [(one.concepts, one.chunks) for one in store.concepts.versions()] == [(4, 2), (1, 1)]


def test_an_interrupted_version_goes_on_where_it_stopped(store: Store) -> None:
    assert store.concepts.begin(URL, "1", digest="d", header=b"{}") == frozenset()
    store.concepts.keep(URL, "1", 0, b"a")
    store.concepts.keep(URL, "1", 2, b"c")

    assert store.concepts.begin(URL, "1", digest="d", header=b"{}") == {0, 2}


def test_another_file_begins_anew(store: Store) -> None:
    store.concepts.begin(URL, "1", digest="d", header=b"{}")
    store.concepts.keep(URL, "1", 0, b"a")

    assert store.concepts.begin(URL, "1", digest="other", header=b"{}") == frozenset()
    assert list(store.concepts.chunks(URL, "1")) == []


def test_a_whole_version_is_never_written_again(store: Store) -> None:
    load(store, "1", b"a")

    with pytest.raises(AssertionError):
        store.concepts.begin(URL, "1", digest="d1", header=b"{}")


def test_a_dropped_version_is_gone(store: Store) -> None:
    load(store, "1", b"a")
    store.concepts.drop(URL, "1")

    assert store.concepts.versions() == []
    assert list(store.concepts.chunks(URL, "1")) == []


def test_every_step_of_a_load_is_in_the_audit(store: Store) -> None:
    load(store, "1", b"a")

    assert [line.action for line in store.audit_lines(limit=10)] == ["load-begin", "load-chunk", "load-switch"]


def test_a_closure_is_its_owners_and_takes_only_a_later_version(store: Store) -> None:
    assert store.concepts.closure("clinic", "x") is None
    assert store.concepts.put_closure("clinic", "x", 1, b"one")
    assert store.concepts.put_closure("clinic", "x", 2, b"two")

    assert not store.concepts.put_closure("clinic", "x", 2, b"late")
    assert store.concepts.closure("clinic", "x") == (2, b"two")
    assert store.concepts.closure("bank", "x") is None
    assert (store.concepts.closures("clinic"), store.concepts.closures("bank")) == (1, 0)
