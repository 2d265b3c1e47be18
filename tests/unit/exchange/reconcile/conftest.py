"""A reconciliation desk on each kind of database."""

import pytest

from gateway.store.store import Store
from tests.unit.exchange.reconcile.counter import Counter, open_counter


@pytest.fixture
def counter(store: Store) -> Counter:
    return open_counter(store)
