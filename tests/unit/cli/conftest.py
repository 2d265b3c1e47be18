"""A home folder whose gateway has settled one claim and stopped, and commands run against it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from typer.testing import CliRunner, Result

from gateway.api.serve import serving
from gateway.cli import app
from gateway.system import Settings, open_system
from tests.bench.claims import fhir_claim
from tests.bench.world import CITY_TOKEN, TODAY, bearer, environment, make_home, settle_people


@dataclass(frozen=True, slots=True)
class Settled:
    """The home, and the ids of the claim that was settled in it."""

    home: Path
    claim: str
    settlement: str


@pytest.fixture(scope="session")
def settled_home(tmp_path_factory: pytest.TempPathFactory) -> Settled:
    home = tmp_path_factory.mktemp("settled")
    make_home(home)
    system = open_system(Settings(home=home, database_url="", business_date=TODAY))
    with serving(system) as addresses:
        person = settle_people(addresses.base_url, 1)[0]
        answer = httpx.post(
            f"{addresses.base_url}/fhir/Claim/$submit",
            content=fhir_claim(person, "cli"),
            headers=bearer(CITY_TOKEN),
            trust_env=False,
        )
    system.close()
    response = msgspec.json.decode(answer.raise_for_status().content)
    return Settled(home, response["request"]["reference"].removeprefix("Claim/"), response["id"])


@pytest.fixture
def settled(settled_home: Settled, tmp_path: Path) -> Settled:
    """A copy that a test may spoil."""
    home = tmp_path / "home"
    shutil.copytree(settled_home.home, home)
    return Settled(home, settled_home.claim, settled_home.settlement)


Command = Callable[..., Result]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Run `gateway …` with settings given by keyword (home=, database_url=, policies=)."""

    def run(*arguments: str, **settings: Any) -> Result:
        named = {f"GATEWAY_{name.upper()}": str(value) for name, value in settings.items()}
        plain = {name: None for name in environment(tmp_path) if name.startswith("GATEWAY_")}
        return CliRunner().invoke(app, list(arguments), env={**plain, "COLUMNS": "200", **named})

    return run
