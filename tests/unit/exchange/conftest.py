"""A town on each kind of database."""

import pytest

from gateway.store.store import Store
from tests.unit.exchange.town import Town, open_town


@pytest.fixture
def town(store: Store) -> Town:
    return open_town(store)
