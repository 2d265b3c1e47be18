"""`python -m tests.simulation.closing --kills 20 --database sqlite`: a closing killed at random, at full size."""

import argparse
import secrets
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict

from tests.bench.postgres import new_database, postgres_server
from tests.simulation.closing.simulation import simulate


def main() -> int:
    """0 when every closing ended with the same books, 1 when one did not."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.closing", description=__doc__)
    parser.add_argument("--settlements", type=int, default=3000)
    parser.add_argument("--institutions", type=int, default=500)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(1_000_000), help="of an earlier run, to repeat it"
    )
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    with ExitStack() as stack:
        if asked.database == "sqlite":
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="closing-"))
            url = f"sqlite:///{folder}/gateway.db"
        else:
            url = new_database(stack.enter_context(postgres_server()))
        outcome = simulate(
            url, settlements=asked.settlements, institutions=asked.institutions, kills=asked.kills, seed=asked.seed
        )
    for name, value in asdict(outcome).items():
        print(f"{name}: {value if name != 'differences' else len(outcome.differences)}")
    for difference in outcome.differences[:50]:
        print(difference)
    return 1 if outcome.differences else 0


if __name__ == "__main__":
    sys.exit(main())
