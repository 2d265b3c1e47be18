"""`python -m tests.simulation.killer --claims 2000 --kills 5 --database sqlite`: the kill test at full size."""

import argparse
import secrets
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from tests.bench.postgres import new_database, postgres_server
from tests.simulation.killer.simulation import simulate


def main() -> int:
    """0 when log, store and books agree, 1 when they do not."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.killer", description=__doc__)
    parser.add_argument("--claims", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(1_000_000), help="of an earlier run, to repeat it"
    )
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="killer-")))
        url = "" if asked.database == "sqlite" else new_database(stack.enter_context(postgres_server()))
        outcome = simulate(home, url, claims=asked.claims, kills=asked.kills, seed=asked.seed)
    for name, value in asdict(outcome).items():
        print(f"{name}: {value if name != 'differences' else len(outcome.differences)}")
    for difference in outcome.differences[:50]:
        print(difference)
    return 1 if outcome.differences else 0


if __name__ == "__main__":
    sys.exit(main())
