"""An office over a town on each kind of database, in April: March is to be cleared."""

import pytest

from gateway.store.store import Store
from tests.unit.exchange.clearing.office import Office
from tests.unit.exchange.town import open_town


@pytest.fixture
def office(store: Store) -> Office:
    return Office(open_town(store))
