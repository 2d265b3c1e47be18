"""A gateway in a home folder of its own, with residents who have settled; and drafts of its policy."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from gateway.policies.load import SHIPPED, AreaPolicy, load_area
from gateway.store.store import Store
from gateway.system import Settings, System, open_system
from tests.bench.world import TODAY, make_home
from tests.unit.exchange.town import CITY, CITY_CODE, TOWNSHIP, TOWNSHIP_CODE, Town, claim, open_town

RESIDENT = "321182-resident"


@pytest.fixture
def town(store: Store) -> Town:
    """On each kind of database."""
    return open_town(store)


def settle(
    town: Town, person: str, yuan: str, *, number: int, day: str, township: bool = False, kind: str = "inpatient"
) -> str:
    """One settlement of one line; gives its id."""
    by, provider = (TOWNSHIP, TOWNSHIP_CODE) if township else (CITY, CITY_CODE)
    asked = claim(person, yuan, visit=f"V{number}", bill=f"B{number}", day=day, provider=provider, kind=kind)
    answer = town.submit(asked, by=by)
    assert not answer.codes, answer.codes
    return answer.id


def settle_a_year(town: Town) -> list[str]:
    """Twelve settlements of three residents at two levels, some reaching the upper tiers; ids in their order."""
    people = [town.resident(serial) for serial in (1, 2, 3)]
    plans = (
        ("8500.00", "2015-01-10", False),
        ("32680.45", "2015-02-10", False),
        ("4321.09", "2015-02-20", True),
        ("95000.00", "2015-01-20", False),  # for a day before the one settled last
    )
    return [
        settle(town, person, yuan, number=10 * n + m, day=day, township=township)
        for m, (yuan, day, township) in enumerate(plans)
        for n, person in enumerate(people)
    ]


@dataclass(frozen=True)
class Home:
    """A gateway that is not served: its folder, the open system, and the town that acts on it."""

    folder: Path
    system: System
    town: Town


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("home")
    make_home(folder)
    system = open_system(Settings(home=folder, database_url="", business_date=TODAY))
    yield Home(folder, system, Town(system.store, system.exchange))
    system.close()


Draft = Callable[[str, str], Path]


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    """Copies the shipped policy and replaces a text in it; gives the folder of the draft."""

    def copy(old: str, new: str) -> Path:
        folder = tmp_path / "drafts" / RESIDENT
        shutil.copytree(SHIPPED / RESIDENT, folder, ignore=shutil.ignore_patterns("cases"), dirs_exist_ok=True)
        file = folder / "policy.yaml"
        said = file.read_text("utf-8")
        assert old in said
        file.write_text(said.replace(old, new), encoding="utf-8")
        return folder

    return copy


def loaded(folder: Path) -> AreaPolicy:
    """A draft, with the shipped catalogue."""
    return load_area(folder, shared=SHIPPED)


SPAN = (date(2015, 1, 1), date(2015, 12, 31))
