"""One served gateway for all tests of the edge, with people in it and a client for each partner."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from gateway.api.serve import Addresses, serving
from gateway.system import Settings, System, open_system
from tests.bench.channels import Clock
from tests.bench.world import AGENCY_TOKEN, CITY_TOKEN, TODAY, TOWNSHIP_TOKEN, Person, bearer, make_home, settle_people


@dataclass(frozen=True)
class Served:
    """A gateway on real sockets. `city`, `township`, `agency`: clients with their tokens; `nobody`: without one."""

    addresses: Addresses
    system: System
    people: list[Person]
    clock: Clock
    city: httpx.Client
    township: httpx.Client
    agency: httpx.Client
    nobody: httpx.Client


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home: Path = tmp_path_factory.mktemp("served")
    make_home(home)
    clock = Clock()
    system = open_system(Settings(home=home, database_url="", business_date=TODAY))
    with serving(system) as addresses:
        people = settle_people(addresses.base_url, 12)

        def client(token: str) -> httpx.Client:
            headers = bearer(token) if token else {}
            return httpx.Client(base_url=addresses.base_url, headers=headers, timeout=30, trust_env=False)

        clients = [client(token) for token in (CITY_TOKEN, TOWNSHIP_TOKEN, AGENCY_TOKEN, "")]
        yield Served(addresses, system, people, clock, *clients)
        for each in clients:
            each.close()
    system.close()
