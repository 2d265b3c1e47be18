"""A gateway killed in the middle of its work: what it acknowledged is stored, once, and the books agree.

The full size runs as `python -m tests.simulation.killer`; a failure here prints the seed to repeat it with.
"""

import secrets
from pathlib import Path

import pytest

from tests.simulation.killer.simulation import simulate

CLAIMS, KILLS = 300, 2


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_nothing_acknowledged_is_lost_and_nothing_is_settled_twice(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgres" else ""
    seed = secrets.randbelow(1_000_000)
    print(f"seed {seed}: python -m tests.simulation.killer --claims {CLAIMS} --kills {KILLS} --database {database}")

    outcome = simulate(tmp_path / "home", url, claims=CLAIMS, kills=KILLS, seed=seed)

    assert outcome.differences == ()
    assert outcome.settlements == CLAIMS
    assert outcome.kills == KILLS
    assert outcome.acknowledged == CLAIMS + outcome.repeats
    assert outcome.repeats == CLAIMS * 5 // 100
